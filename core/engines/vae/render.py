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
    """A bonus (in nats) for the notes and chords of a window in the same metre and on the same grid."""

    window: Window
    nats: float


@dataclass(frozen=True)
class Job:
    """One piece to be written: `latents` (bars, latent), `condition` (condition,), `pitches` that it may use (from the tonic)."""

    latents: Tensor
    condition: Tensor
    metre: str
    mode: str
    grid: str
    pulls: tuple[Pull, ...] = ()
    pitches: frozenset[int] | None = None


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
        token_bias = torch.cat([_token_bias(jobs[at]) for at in members])
        chord_bias = torch.cat([_chord_bias(jobs[at]) for at in members])
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


def _token_bias(job: Job) -> Tensor:
    """(bars, steps, START)"""
    bars, steps = len(job.latents), shape_of(job.metre, job.grid).steps
    bias = torch.zeros(bars, steps, START)
    if job.pitches is not None:
        shut = [pitch - LOW + 2 for pitch in range(LOW, HIGH + 1) if pitch not in job.pitches]
        bias[:, :, shut] = NEVER
    for pull in job.pulls:
        own = torch.from_numpy(_stretched(pull.window.tokens, bars))
        bias.scatter_add_(2, own[..., None], torch.full((bars, steps, 1), pull.nats))
    return bias


def _chord_bias(job: Job) -> Tensor:
    """(bars, beats, CHORDS); no chord is written as unknown."""
    bars, beats = len(job.latents), shape_of(job.metre, job.grid).beats
    bias = torch.zeros(bars, beats, CHORDS)
    for pull in job.pulls:
        own = torch.from_numpy(_stretched(pull.window.chords, bars))
        bias.scatter_add_(2, own[..., None], torch.full((bars, beats, 1), pull.nats))
    bias[:, :, UNKNOWN_CHORD] = NEVER
    return bias


def _stretched(rows: np.ndarray, bars: int) -> np.ndarray:
    """So many bars, from the front again where there are too few."""
    return rows[np.arange(bars) % len(rows)]
