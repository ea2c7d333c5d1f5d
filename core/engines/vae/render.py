"""Latents to pieces without drawing lots: the likeliest notes, many pieces side by side.

What compose does bar by bar under hard rules takes too long for a slider. Here every bar of every piece is
written at once; that the notes stay in key and range is a matter of which are left to choose from, and that
the result stays near a piece it comes from is a bonus for that piece's own notes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.engines.lstm.leadsheet import CHORDS, HIGH, LOW, UNKNOWN_CHORD
from core.engines.vae.grid import START, Window, shape_of, tied
from core.engines.vae.loaded import Loaded
from core.score import Key

NEVER = -1e9
REACH = 4
"""Semitones that a new melody may go beyond the pieces it comes from."""


@dataclass(frozen=True)
class Pull:
    """A bonus of `nats`, one for all bars or one for each, for the notes and chords of a window in the same metre and grid."""

    window: Window
    nats: float | Tensor

    def bonus(self, bars: int) -> tuple[Tensor, Tensor]:
        """(bars, steps, START) for tokens and (bars, beats, CHORDS) for chords; a shorter window begins again."""
        rows = np.arange(bars) % len(self.window.tokens)
        parts = []
        for symbols, kinds in ((self.window.tokens, START), (self.window.chords, CHORDS)):
            own = torch.from_numpy(symbols[rows])[..., None]
            bonus = torch.as_tensor(self.nats).view(-1, 1, 1).expand(*own.shape)
            parts.append(torch.zeros(*own.shape[:2], kinds).scatter_(2, own, bonus))
        return parts[0], parts[1]


@dataclass(frozen=True)
class Job:
    """One piece to be written: `latents` (bars, latent), `condition` (condition,), `pitches` that it may use (from the
    tonic), and `token_bias` (steps, START) added to the logits of every bar."""

    latents: Tensor
    condition: Tensor
    metre: str
    mode: str
    grid: str
    pulls: tuple[Pull, ...] = ()
    pitches: frozenset[int] | None = None
    token_bias: Tensor | None = None


def allowed(mode: str, windows: Sequence[Window]) -> frozenset[int]:
    """The scale of the mode and whatever else the windows use, within `REACH` of their range."""
    used = {int(token) - 2 + LOW for window in windows for token in np.unique(window.tokens) if token >= 2}
    if not used:
        return frozenset(range(LOW, HIGH + 1))
    classes = Key(0, 0, mode).scale | {pitch % 12 for pitch in used}
    reach = range(max(LOW, min(used) - REACH), min(HIGH, max(used) + REACH) + 1)
    return frozenset(pitch for pitch in reach if pitch % 12 in classes)


@torch.no_grad()
def render(loaded: Loaded, jobs: Sequence[Job]) -> list[Window]:
    """The likeliest window of every job, in order."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, job in enumerate(jobs):
        alike[job.metre, job.grid].append(at)
    made: dict[int, Window] = {}
    for (metre, grid), members in alike.items():
        shape = shape_of(metre, grid)
        codes = _codes(loaded, [jobs[at] for at in members])
        token_bias, chord_bias = (torch.cat(parts) for parts in zip(*(_bias(jobs[at]) for at in members), strict=True))
        tokens, chords = loaded.sampler.bars(codes, shape, token_bias=token_bias, chord_bias=chord_bias)
        ends = np.cumsum([len(jobs[at].latents) for at in members])[:-1]
        for at, own, harmony in zip(members, np.split(tokens, ends), np.split(chords, ends), strict=True):
            made[at] = Window(tied(own), harmony, metre, jobs[at].mode, grid)
    return [made[at] for at in range(len(jobs))]


def _codes(loaded: Loaded, jobs: Sequence[Job]) -> Tensor:
    """Codes of all bars of all jobs in a row; jobs of one length go through the conductor together."""
    alike: dict[int, list[int]] = defaultdict(list)
    for at, job in enumerate(jobs):
        alike[len(job.latents)].append(at)
    rows: dict[int, Tensor] = {}
    for members in alike.values():
        latents, told = torch.stack([jobs[at].latents for at in members]), torch.stack([jobs[at].condition for at in members])
        rows.update(zip(members, loaded.codes(latents, told), strict=True))
    return torch.cat([rows[at] for at in range(len(jobs))])


def _bias(job: Job) -> tuple[Tensor, Tensor]:
    """(bars, steps, START) for tokens and (bars, beats, CHORDS) for chords."""
    bars, shape = len(job.latents), shape_of(job.metre, job.grid)
    tokens, chords = torch.zeros(bars, shape.steps, START), torch.zeros(bars, shape.beats, CHORDS)
    if job.pitches is not None:
        tokens[:, :, [pitch - LOW + 2 for pitch in range(LOW, HIGH + 1) if pitch not in job.pitches]] = NEVER
    if job.token_bias is not None:
        tokens += job.token_bias
    for pull in job.pulls:
        for bias, bonus in zip((tokens, chords), pull.bonus(bars), strict=True):
            bias += bonus
    chords[:, :, UNKNOWN_CHORD] = NEVER
    return tokens, chords
