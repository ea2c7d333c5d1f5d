"""The autoencoder: bars to one latent vector, and back through a conductor over bars.

Hierarchical as in MusicVAE (Roberts et al., 2018): a bidirectional LSTM reads each bar, a second one
the row of bars; a conductor unrolls the latent into one code a bar, and a decoder that starts anew in
every bar writes its steps. Unlike there, style, metre, mode and grid are told to both sides, so the
latent need not hold them, and chords are written with the melody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.engines.lstm.leadsheet import CHORDS, MODES
from core.engines.vae.grid import GRIDS, METRES, PAD, TOKENS

PLACES = 80
"""Twelfths of a quarter note in the longest bar, rounded up."""

SIZES: dict[str, int] = {"embed": 96, "condition": 64, "bar": 160, "window": 192, "latent": 128, "conductor": 256, "code": 192,
                         "decoder": 288}


@dataclass(frozen=True)
class Batch:
    """Windows of one metre and grid. All integer tensors; `style` is float.

    `tokens` (B, N, S), `chords` (B, N, beats), `lengths` (B,) bars of each window; bars behind its
    length hold `PAD`. `style` (B, styles + 1) weights, the last being "no style told"; `facts` (B, 3)
    metre, mode and grid. `place` and `beat_of` (S,) as in `Shape`.
    """

    tokens: Tensor
    chords: Tensor
    lengths: Tensor
    style: Tensor
    facts: Tensor
    place: Tensor
    beat_of: Tensor

    def tensors(self) -> tuple[Tensor, ...]:
        return (self.tokens, self.chords, self.lengths, self.style, self.facts, self.place, self.beat_of)

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self.tensors()))


class MelodyVae(nn.Module):
    """See the head of this file.

    Args:
        styles: styles known; index `styles` is "no style told".
        bars: most bars of a window.
        sizes: as `SIZES`.
        dropout: on the inputs of both readers and of the decoder's output.
    """

    def __init__(self, styles: int, bars: int, sizes: dict[str, int] | None = None, dropout: float = 0.1) -> None:
        super().__init__()
        s = {**SIZES, **(sizes or {})}
        self.bars, self.latent = bars, s["latent"]
        self.token = nn.Embedding(TOKENS, s["embed"])
        self.chord = nn.Embedding(CHORDS, s["embed"])
        self.place = nn.Embedding(PLACES, s["embed"])
        self.style = nn.Embedding(styles + 1, s["condition"])
        self.metre = nn.Embedding(len(METRES), s["condition"])
        self.mode = nn.Embedding(len(MODES), s["condition"])
        self.grid = nn.Embedding(len(GRIDS), s["condition"])
        self.read_bar = nn.LSTM(s["embed"], s["bar"], batch_first=True, bidirectional=True)
        self.read_window = nn.LSTM(2 * s["bar"] + s["condition"], s["window"], batch_first=True, bidirectional=True)
        self.to_latent = nn.Linear(2 * s["window"] + s["condition"], 2 * s["latent"])
        self.from_latent = nn.Linear(s["latent"] + s["condition"], s["conductor"])
        self.bar_place = nn.Embedding(bars, s["conductor"])
        self.conductor = nn.LSTM(s["conductor"], s["conductor"], batch_first=True)
        self.to_code = nn.Linear(2 * s["conductor"], s["code"])
        self.start = nn.Linear(s["code"], 2 * s["decoder"])
        self.decoder = nn.LSTM(s["embed"] + s["code"], s["decoder"], batch_first=True)
        self.write_chord = nn.Linear(s["decoder"] + s["code"], CHORDS)
        self.mix = nn.Linear(s["decoder"] + s["code"] + s["embed"], s["decoder"])
        self.write_token = nn.Linear(s["decoder"], PAD)
        self.dropout = nn.Dropout(dropout)

    def condition(self, style: Tensor, facts: Tensor) -> Tensor:
        """(B, condition) from style weights (B, styles + 1) and metre, mode and grid (B, 3)."""
        return (style @ self.style.weight + self.metre(facts[:, 0]) + self.mode(facts[:, 1]) + self.grid(facts[:, 2]))

    def encode(self, batch: Batch, condition: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the latent, (B, latent) each; `condition` (B, condition) stands in for the batch's own."""
        count, bars, steps = batch.tokens.shape
        if condition is None:
            condition = self.condition(batch.style, batch.facts)
        x = self.token(batch.tokens) + self.chord(batch.chords)[:, :, batch.beat_of] + self.place(batch.place)
        _, (ends, _) = self.read_bar(self.dropout(x).view(count * bars, steps, -1))
        read = ends.transpose(0, 1).reshape(count, bars, -1)
        row = torch.cat([read, condition[:, None].expand(-1, bars, -1)], -1)
        packed = nn.utils.rnn.pack_padded_sequence(row, batch.lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, (ends, _) = self.read_window(packed)
        mean, log_variance = self.to_latent(torch.cat([ends[0], ends[1], condition], -1)).float().chunk(2, -1)
        return mean, log_variance.clamp(-12, 4)

    def codes(self, latent: Tensor, condition: Tensor, bars: int) -> Tensor:
        """(B, bars, code): what the decoder is told of each bar."""
        seed = torch.tanh(self.from_latent(torch.cat([latent, condition], -1)))
        x = seed[:, None] + self.bar_place.weight[None, :bars]
        out, _ = self.conductor(x)
        return self.to_code(torch.cat([out, x], -1))

    def begin(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """The decoder's state at the start of bars with these codes (M, code): two of (1, M, decoder)."""
        hidden, cell = torch.tanh(self.start(codes)).chunk(2, -1)
        return hidden[None].contiguous(), cell[None].contiguous()

    def forward(self, batch: Batch, latent: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of every step's token (B, N, S, PAD) and of the chord there (B, N, S, CHORDS), the true past given.

        `before` (B, N, S) is the token before each step as the decoder shall see it.
        """
        count, bars, steps = batch.tokens.shape
        codes = self.codes(latent, self.condition(batch.style, batch.facts), bars).flatten(0, 1)
        chords = batch.chords[:, :, batch.beat_of].flatten(0, 1)
        earlier = torch.cat([chords[:, :1], chords[:, :-1]], 1)
        earlier = torch.where(torch.arange(steps, device=chords.device) == 0, CHORDS - 1, earlier)
        x = self.token(before.flatten(0, 1)) + self.chord(earlier) + self.place(batch.place)
        code = codes[:, None].expand(-1, steps, -1)
        hidden, _ = self.decoder(torch.cat([self.dropout(x), code], -1), self.begin(codes))
        chord, token = self.write(hidden, code, self.chord(chords))
        return token.view(count, bars, steps, -1), chord.view(count, bars, steps, -1)

    def write(self, hidden: Tensor, code: Tensor, chord: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the chord, and of the token given the embedding of the chord that sounds."""
        told = torch.cat([hidden, code], -1)
        mixed = nn.functional.gelu(self.mix(torch.cat([told, chord], -1)))
        return self.write_chord(told), self.write_token(self.dropout(mixed))


def shifted(tokens: Tensor) -> Tensor:
    """The token before each step of (B, N, S), across bar lines; `PAD` before the first."""
    flat = tokens.flatten(1)
    return torch.cat([torch.full_like(flat[:, :1], PAD), flat[:, :-1]], 1).view_as(tokens)


def style_row(count: int, weights: Sequence[tuple[int, float]]) -> Tensor:
    """(count,) style weights from (index, weight) pairs."""
    row = torch.zeros(count)
    for index, weight in weights:
        row[index] += weight
    return row
