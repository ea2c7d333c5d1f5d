"""Latents to windows, step by step; many rows at once.

The decoder's input gates are read from tables made once (token, chord and place embeddings through the
input weights), so a step costs one product with the recurrent weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engines.lstm.leadsheet import UNKNOWN_CHORD
from core.engines.protocol import Progress, no_progress
from core.engines.vae.grid import PAD, Shape, Window
from core.engines.vae.network import MelodyVae
from core.engines.vae.rules import GridRules


@dataclass
class Row:
    """One take in the making. `last` is the token before the next step; without `rules` nothing is forbidden.

    `given` are tokens (bars, steps) that are taken as they are; only chords are then drawn.
    """

    rng: np.random.Generator
    rules: GridRules | None = None
    last: int = PAD
    given: NDArray[np.int64] | None = None
    tokens: list[list[int]] = field(default_factory=list)
    chords: list[list[int]] = field(default_factory=list)

    def window(self, shape: Shape, mode: str) -> Window:
        return Window(np.array(self.tokens), np.array(self.chords), shape.metre, mode, shape.grid)


class Sampler:
    """The decoder of one network, ready for `write`."""

    def __init__(self, net: MelodyVae) -> None:
        self.net = net
        decoder = {name: value.detach() for name, value in net.decoder.named_parameters()}
        weight, embed = decoder["weight_ih_l0"], net.token.embedding_dim
        into, self._code_weight = weight[:, :embed].T.contiguous(), weight[:, embed:].T.contiguous()
        self._tokens = net.token.weight.detach() @ into
        self._chords = net.chord.weight.detach() @ into
        self._places = net.place.weight.detach() @ into
        self._bias = decoder["bias_ih_l0"] + decoder["bias_hh_l0"]
        self._recurrent = decoder["weight_hh_l0"].T.contiguous()

    @torch.no_grad()
    def write(self, rows: Sequence[Row], latent: Tensor, condition: Tensor, shape: Shape, bars: int, *, temperature: float = 1.0,
              top_p: float = 1.0, progress: Progress = no_progress) -> None:
        """Append `bars` bars to every row.

        Args:
            rows: M rows.
            latent: (M, latent).
            condition: (M, condition), see `MelodyVae.condition`.
            shape: of every bar.
            bars: at most the network's.
            temperature: 0 takes the likeliest.
            top_p: share of the probability that is drawn from.
        """
        codes = self.net.codes(latent, condition, bars)
        for bar in range(bars):
            progress(bar, bars)
            self._bar(rows, codes[:, bar], shape, temperature, top_p)

    def _bar(self, rows: Sequence[Row], code: Tensor, shape: Shape, temperature: float, top_p: float) -> None:
        hidden, cell = (state[0] for state in self.net.begin(code))
        told = code @ self._code_weight + self._bias
        chords = torch.full((len(rows),), UNKNOWN_CHORD)
        starts = set(shape.beat_starts.tolist())
        for row in rows:
            row.tokens.append([])
            row.chords.append([])
        for step in range(shape.steps):
            last = torch.tensor([row.last for row in rows])
            past = self._tokens[last] + self._chords[chords] + self._places[int(shape.place[step])]
            gates = told + past + hidden @ self._recurrent
            enter, forget, new, out = gates.chunk(4, -1)
            cell = forget.sigmoid() * cell + enter.sigmoid() * new.tanh()
            hidden = out.sigmoid() * cell.tanh()
            if step in starts:
                logits = self.net.write_chord(torch.cat([hidden, code], -1))
                drawn = _draw(logits, [r.rules.chord_mask() if r.rules else None for r in rows], rows, temperature, top_p)
                chords = torch.from_numpy(drawn)
                for row, chord in zip(rows, drawn.tolist(), strict=True):
                    row.chords[-1].append(chord)
            _, logits = self.net.write(hidden, code, self.net.chord(chords))
            drawn = _draw(logits, [r.rules.token_mask() if r.rules else None for r in rows], rows, temperature, top_p)
            for row, token in zip(rows, drawn.tolist(), strict=True):
                if row.given is not None:
                    token = int(row.given[len(row.tokens) - 1, step])
                row.tokens[-1].append(token)
                row.last = token
                if row.rules:
                    row.rules.count(token)


def _draw(logits: Tensor, masks: Sequence[NDArray[np.bool_] | None], rows: Sequence[Row], temperature: float,
          top_p: float) -> NDArray[np.int64]:
    """One symbol a row, (M,): the row's own random numbers, so takes do not depend on each other."""
    scores = logits.double().numpy()
    if masks[0] is not None:
        scores = np.where(np.stack([mask for mask in masks if mask is not None]), scores, -np.inf)
    if temperature <= 0:
        return scores.argmax(-1)
    scores = (scores - scores.max(-1, keepdims=True)) / temperature
    order = np.argsort(-scores, axis=-1, kind="stable")
    chances = np.exp(np.take_along_axis(scores, order, -1))
    chances /= chances.sum(-1, keepdims=True)
    total = np.cumsum(chances, -1)
    kept = np.where(total - chances < top_p, chances, 0.0)
    total = np.cumsum(kept, -1)
    points = np.array([row.rng.random() for row in rows])[:, None] * total[:, -1:]
    place = np.minimum((total <= points).sum(-1), (kept > 0).sum(-1) - 1)
    return np.take_along_axis(order, place[:, None], -1)[:, 0]
