"""Codes of bars to the bars themselves, step by step; many bars at once.

The decoder starts anew in every bar, so all bars of all pieces can be written side by side; only where
rules must be kept across bars is one bar written after another. The decoder's input gates are read from
tables made once (token and chord embeddings and plans through the input weights), so a step costs one
product with the recurrent weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engines.lstm.leadsheet import UNKNOWN_CHORD
from core.engines.vae.grid import START, Ints, Shape
from core.engines.vae.network import MelodyVae
from core.engines.vae.rules import GridRules

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Style:
    """How symbols are drawn: at `temperature` 0 the likeliest, else from the likeliest `top_p` of the probability."""

    temperature: float = 1.0
    top_p: float = 1.0


LIKELIEST = Style(temperature=0.0)


class Sampler:
    """The decoder of one network, ready for `bars`."""

    def __init__(self, net: MelodyVae) -> None:
        self.net = net
        decoder = {name: value.detach() for name, value in net.decoder.named_parameters()}
        self._into = decoder["weight_ih_l0"].T.contiguous()
        self._tokens = net.token.weight.detach() @ self._into
        self._chords = net.chord.weight.detach() @ self._into
        self._bias = decoder["bias_ih_l0"] + decoder["bias_hh_l0"]
        self._recurrent = decoder["weight_hh_l0"].T.contiguous()

    @torch.no_grad()
    def bars(self, codes: Tensor, shape: Shape, points: Floats | None = None, how: Style = LIKELIEST, *,
             rules: Sequence[GridRules] | None = None, given: Ints | None = None, token_bias: Tensor | None = None,
             chord_bias: Tensor | None = None) -> tuple[Ints, Ints]:
        """One bar from each code: tokens (M, steps) and chords (M, beats).

        Args:
            codes: (M, code), see `MelodyVae.codes`.
            shape: of every bar.
            points: (M, 2, steps) random numbers in [0, 1), for tokens and chords; not needed at temperature 0.
            how: how symbols are drawn.
            rules: one for each row, told what is written; without them nothing is forbidden.
            given: tokens (M, steps) that are taken as they are; only chords are then drawn.
            token_bias: ([M,] steps, START) added to the logits.
            chord_bias: ([M,] beats, CHORDS), likewise.
        """
        count = len(codes)
        hidden, cell = (state[0] for state in self.net.begin(codes))
        plans = self.net.plans(codes, torch.from_numpy(shape.place))
        told = plans @ self._into + self._bias
        tokens = np.zeros((count, shape.steps), np.int64)
        chords = np.zeros((count, shape.beats), np.int64)
        last, chord = torch.full((count,), START), torch.full((count,), UNKNOWN_CHORD)
        for step in range(shape.steps):
            past = self._tokens[last] + self._chords[chord]
            enter, forget, new, out = (told[:, step] + past + hidden @ self._recurrent).chunk(4, -1)
            cell = forget.sigmoid() * cell + enter.sigmoid() * new.tanh()
            hidden = out.sigmoid() * cell.tanh()
            beat = int(shape.beat_of[step])
            if step == shape.beat_starts[beat]:
                logits = self.net.chord_logits(hidden, plans[:, step])
                logits = logits if chord_bias is None else logits + chord_bias[..., beat, :]
                masks = np.stack([rule.chord_mask() for rule in rules]) if rules else None
                chords[:, beat] = draw(logits, how, None if points is None else points[:, 1, step], masks)
                chord = torch.from_numpy(chords[:, beat])
            if given is not None:
                tokens[:, step] = given[:, step]
            else:
                logits = self.net.token_logits(hidden, plans[:, step], chord)
                logits = logits if token_bias is None else logits + token_bias[..., step, :]
                masks = np.stack([rule.token_mask() for rule in rules]) if rules else None
                tokens[:, step] = draw(logits, how, None if points is None else points[:, 0, step], masks)
            for row, rule in enumerate(rules or ()):
                rule.count(int(tokens[row, step]))
            last = torch.from_numpy(tokens[:, step])
        return tokens, chords


def draw(logits: Tensor, how: Style, points: Floats | None, masks: NDArray[np.bool_] | None = None) -> Ints:
    """One symbol a row, (M,), from logits (M, K); `points` (M,) are random numbers in [0, 1)."""
    scores = logits.double().numpy()
    if masks is not None:
        scores = np.where(masks, scores, -np.inf)
    if how.temperature <= 0:
        likeliest: Ints = scores.argmax(-1)
        return likeliest
    assert points is not None
    scores = (scores - scores.max(-1, keepdims=True)) / how.temperature
    order = np.argsort(-scores, axis=-1, kind="stable")
    chances = np.exp(np.take_along_axis(scores, order, -1))
    chances /= chances.sum(-1, keepdims=True)
    total = np.cumsum(chances, -1)
    kept = np.where(total - chances < how.top_p, chances, 0.0)
    total = np.cumsum(kept, -1)
    place = np.minimum((total <= points[:, None] * total[:, -1:]).sum(-1), (kept > 0).sum(-1) - 1)
    drawn: Ints = np.take_along_axis(order, place[:, None], -1)[:, 0]
    return drawn
