"""The autoencoder: a row of numbers for every bar, and back through a conductor over the bars.

Hierarchical as MusicVAE (Roberts et al., 2018): bars are read one by one and then as a row, and a conductor
over the bars tells a decoder that starts anew in every bar what to write. Unlike there the latent is not one
vector but a short one for each bar, so a window of any length has a place; style, metre, mode and grid are
told to both sides, so the latent need not hold them; and chords are written with the melody. Bars are read
by dense layers, and the decoder is told a plan for every step: on a CPU that is several times faster
than recurrence, and nothing has to be remembered from step to step but what was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.engines.lstm.leadsheet import CHORDS, MODES, UNKNOWN_CHORD
from core.engines.vae.grid import GRIDS, MAX_STEPS, METRES, START, TOKENS

PLACES = 80
"""Twelfths of a quarter note in the longest bar, rounded up."""

SIZES: dict[str, int] = {"embed": 64, "condition": 64, "bar": 256, "window": 128, "latent": 32, "conductor": 128, "code": 256,
                         "decoder": 160}


SURE = -4.0
"""Where the log variance of the latent begins: a signal that drowns in noise at first is learned slowly."""


@dataclass(frozen=True)
class Batch:
    """Windows of one metre, grid and length. All integer tensors; `style` is float.

    `tokens` (B, N, S), `chords` (B, N, beats), `style` (B, styles + 1) weights, the last being "no style
    told"; `facts` (B, 3) metre, mode and grid. `place` and `beat_of` (S,) as in `Shape`.
    """

    tokens: Tensor
    chords: Tensor
    style: Tensor
    facts: Tensor
    place: Tensor
    beat_of: Tensor

    def tensors(self) -> tuple[Tensor, ...]:
        return (self.tokens, self.chords, self.style, self.facts, self.place, self.beat_of)

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self.tensors()))

    @property
    def beat_starts(self) -> Tensor:
        """The first step of each beat, (beats,)."""
        first = torch.ones(1, dtype=torch.bool, device=self.beat_of.device)
        return torch.cat([first, self.beat_of[1:] != self.beat_of[:-1]]).nonzero()[:, 0]


@dataclass(frozen=True)
class Held:
    """What a bottleneck lets through of bars: `latent` and `log_variance` (B, N, latent), and (B, N) each the
    `price` that training weighs and the `nats` that it takes to tell it."""

    latent: Tensor
    log_variance: Tensor
    price: Tensor
    nats: Tensor


class MelodyVae(nn.Module):
    """See the head of this file.

    Args:
        styles: styles known; index `styles` is "no style told".
        sizes: as `SIZES`; `latent` is that of one bar.
    """

    def __init__(self, styles: int, sizes: dict[str, int] | None = None) -> None:
        super().__init__()
        s = {**SIZES, **(sizes or {})}
        self.latent = s["latent"]
        self.token = nn.Embedding(TOKENS, s["embed"])
        self.chord = nn.Embedding(CHORDS, s["embed"])
        self.place = nn.Embedding(PLACES, s["embed"])
        self.style = nn.Embedding(styles + 1, s["condition"])
        self.metre = nn.Embedding(len(METRES), s["condition"])
        self.mode = nn.Embedding(len(MODES), s["condition"])
        self.grid = nn.Embedding(len(GRIDS), s["condition"])
        self.read_bar = nn.Sequential(nn.Linear(MAX_STEPS * s["embed"] + s["condition"], s["bar"]), nn.GELU(),
                                      nn.Linear(s["bar"], s["bar"]), nn.GELU())
        self.read_window = nn.LSTM(s["bar"], s["window"], batch_first=True, bidirectional=True)
        self.to_latent = nn.Linear(MAX_STEPS * s["embed"] + s["condition"] + s["bar"] + 2 * s["window"], 2 * s["latent"])
        self.conductor = nn.LSTM(s["latent"] + s["condition"], s["conductor"], batch_first=True, bidirectional=True)
        self.to_code = nn.Sequential(nn.Linear(2 * s["conductor"] + s["latent"] + s["condition"], s["code"]), nn.GELU(),
                                     nn.Linear(s["code"], s["code"]), nn.GELU())
        self.plan = nn.Linear(s["latent"] + s["code"], MAX_STEPS * s["embed"])
        self.start = nn.Linear(s["latent"] + s["code"], 2 * s["decoder"])
        self.decoder = nn.LSTM(s["embed"], s["decoder"], batch_first=True)
        self.write_chord = nn.Linear(s["decoder"] + s["embed"], CHORDS)
        self.mix = nn.Linear(s["decoder"] + s["embed"], s["decoder"])
        self.sounding = nn.Embedding(CHORDS, s["decoder"])
        self.write_token = nn.Linear(s["decoder"], START)

    def condition(self, style: Tensor, facts: Tensor) -> Tensor:
        """(B, condition) from style weights (B, styles + 1) and metre, mode and grid (B, 3)."""
        return (style @ self.style.weight + self.metre(facts[:, 0]) + self.mode(facts[:, 1]) + self.grid(facts[:, 2]))

    def encode(self, batch: Batch, condition: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log variance, (B, N, latent) each; `condition` (B, condition) stands in for the batch's own."""
        count, bars, steps = batch.tokens.shape
        if condition is None:
            condition = self.condition(batch.style, batch.facts)
        x = self.token(batch.tokens) + self.chord(batch.chords)[:, :, batch.beat_of]
        x = nn.functional.pad(x, (0, 0, 0, MAX_STEPS - steps)).view(count, bars, -1)
        x = torch.cat([x, condition[:, None].expand(-1, bars, -1)], -1)
        read = self.read_bar(x)
        row, _ = self.read_window(read)
        mean, log_variance = self.to_latent(torch.cat([x, read, row], -1)).float().chunk(2, -1)
        return mean, (log_variance + SURE).clamp(-12, 4)

    def hold(self, mean: Tensor, log_variance: Tensor, drawn: bool = True) -> Held:
        """The bottleneck: what `encode` gave with noise, or without it where it is not `drawn`, for its divergence."""
        latent = mean + torch.randn_like(mean) * (0.5 * log_variance).exp() if drawn else mean
        spent = divergence(mean, log_variance)
        return Held(latent, log_variance, spent, spent)

    def codes(self, latent: Tensor, condition: Tensor) -> Tensor:
        """(B, N, latent + code), what the decoder is told of each bar, from latents and condition (B, condition)."""
        x = torch.cat([latent, condition[:, None].expand(-1, latent.shape[1], -1)], -1)
        out, _ = self.conductor(x)
        return torch.cat([latent, self.to_code(torch.cat([out, x], -1))], -1)

    def plans(self, codes: Tensor, place: Tensor) -> Tensor:
        """(M, S, embed): what the decoder is told at each step of bars with these codes (M, code)."""
        plan: Tensor = self.plan(codes).view(len(codes), MAX_STEPS, -1)[:, : len(place)] + self.place(place)
        return plan

    def begin(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """The decoder's state at the start of bars with these codes (M, code): two of (1, M, decoder)."""
        hidden, cell = torch.tanh(self.start(codes)).chunk(2, -1)
        return hidden[None].contiguous(), cell[None].contiguous()

    def forward(self, batch: Batch, latent: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of every step's token (B, N, S, START) and of each beat's chord (B, N, beats, CHORDS), the true past given.

        `before` (B, N, S) is the token before each step as the decoder shall see it.
        """
        count, bars, steps = batch.tokens.shape
        codes = self.codes(latent, self.condition(batch.style, batch.facts)).flatten(0, 1)
        chords = batch.chords[:, :, batch.beat_of].flatten(0, 1)
        unknown = torch.full_like(chords[:, :1], UNKNOWN_CHORD)
        past = self.token(before.flatten(0, 1)) + self.chord(torch.cat([unknown, chords[:, :-1]], 1))
        plan = self.plans(codes, batch.place)
        hidden, _ = self.decoder(past + plan, self.begin(codes))
        starts = batch.beat_starts
        chord = self.chord_logits(hidden[:, starts], plan[:, starts])
        token = self.token_logits(hidden, plan, chords)
        return token.view(count, bars, steps, -1), chord.view(count, bars, len(starts), -1)

    def chord_logits(self, hidden: Tensor, plan: Tensor) -> Tensor:
        logits: Tensor = self.write_chord(torch.cat([hidden, plan], -1))
        return logits

    def token_logits(self, hidden: Tensor, plan: Tensor, chord: Tensor) -> Tensor:
        """Given the chord that sounds."""
        mixed = nn.functional.gelu(self.mix(torch.cat([hidden, plan], -1)) + self.sounding(chord))
        logits: Tensor = self.write_token(mixed)
        return logits


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of each bar's posterior from the unit Gaussian, (B, N), in nats."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1)


def shifted(tokens: Tensor) -> Tensor:
    """The token before each step of (B, N, S); `START` before the first of each bar."""
    return torch.cat([torch.full_like(tokens[..., :1], START), tokens[..., :-1]], -1)


def style_row(count: int, weights: Sequence[tuple[int, float]]) -> Tensor:
    """(count,) style weights from (index, weight) pairs."""
    row = torch.zeros(count)
    for index, weight in weights:
        row[index] += weight
    return row
