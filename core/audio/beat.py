"""From note starts in seconds to places in bars: tempo, beat and bar of a melody that was sung or played.

A hidden Markov model over metrical places and tempos in the manner of Raphael (*A hybrid graphical model
for rhythmic parsing*, 2002): each note stands at a place of the bar, the next one comes some units
later, the time between them is that many units at a tempo that may drift a little. Notes are likelier
on strong places and at usual distances. The likeliest path gives the tempo, the places and the bar
lines at once; with a metronome the tempo is given and hardly drifts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.score import Metre

Floats = NDArray[np.float64]

SLOWEST, FASTEST = 45.0, 220.0
"""Felt beats a minute that are thought of."""
_USUAL, _SPREAD = 105.0, 0.45
"""The likeliest tempo and its spread in natural logarithms."""
_TEMPOS = 48
_DRIFT = 30.0
"""What a step of tempo (3.4%) from note to note costs, in logarithms of odds; a fifth of that is a drift over a phrase."""
_JITTER_S, _JITTER_SHARE = 0.030, 0.06
"""Spread of a start about its place: seconds, and a share of the distance."""
_KNOWN_SPREAD = 0.02
_LEVELS = ("bar", "half", "beat", "eighth", "sixteenth")
_STRONG = {"simple": (0.0, -0.54, 0.23, -0.86, -2.42), "compound": (0.0, -1.58, 0.56, -0.34, -3.21)}
"""How much likelier the next note is at a place of each of `_LEVELS`, in logarithms of odds."""
_DISTANCE = {
    "simple": {120: 1.51, 160: 1.4, 240: 1.14, 320: 0.7, 360: 0.53, 480: 0.0, 600: -3.41, 720: -1.24, 840: -3.66, 960: -0.98,
               1080: -3.98, 1200: -2.98, 1440: -2.28, 1680: -3.95, 1920: -3.48, 2400: -4.33, 2880: -4.68},
    "compound": {120: 2.17, 240: 1.22, 360: 0.89, 480: 0.0, 600: -3.34, 720: -1.67, 840: -4.0, 960: -2.23, 1080: -3.32,
                 1200: -1.29, 1440: -2.48, 1680: -4.04, 1920: -3.51, 2400: -4.64, 2880: -4.71},
}
"""The same for how many ticks later it is."""
_ELSE = -5.0
_HELD = {
    "simple": ((-0.45, -0.01, 0.30, 0.15), (-0.08, 0.33, 0.31, -0.57), (-0.74, 0.60, 1.12, -0.99), (0.83, 0.94, -0.66, -1.13),
               (1.09, -0.55, -0.09, -0.46)),
    "compound": ((-0.56, 0.15, 0.75, -0.35), (0.0, 0.0, 0.0, 0.0), (-0.85, 0.35, 1.29, -0.80), (0.93, 1.81, -1.37, -1.36),
                 (1.08, -0.64, -0.04, -0.41)),
}
"""The same for distances below `_STEPS` from a place of each level: notes on strong places last longer.

These three were fitted together, as one log-linear model, to 948,000 distances between notes in the melodies
for training; distances that are not named are at `_ELSE`, triplets are by judgement."""
_STEPS = (240, 480, 960)
_FIRST = (4.0, 1.5, -3.0)
"""How much likelier the first note is on a bar line, within the last beat before one, and elsewhere."""
_PRIOR_A_NOTE = 0.8
"""The prior of the tempo counts 1 and this for every note: what notes weigh grows with their number too."""
_FAR = 4
"""Longest distance of two notes in bars; what is longer is a rest that the beat does not bridge."""


@dataclass(frozen=True, eq=False)
class Beat:
    """Places of notes: `units` (notes,) from the first bar line on, `tempo` in quarter notes a minute, and
    `exact` (notes,), where they fell between the places at a tempo that follows the playing."""

    units: NDArray[np.int64]
    exact: Floats
    tempo: float
    seconds_a_unit: Floats


def find_beat(starts: Floats, metre: Metre, unit: int, tempo: float | None = None) -> Beat:
    """The likeliest places of notes that begin at `starts` (notes,), seconds in rising order, at least one.

    Args:
        metre: the metre to write in.
        unit: ticks of a unit: 240 eighths, 160 triplets, 120 sixteenths; divides the bar.
        tempo: quarter notes a minute where a metronome gave it, else None.
    """
    bar = metre.bar_ticks // unit
    speeds = _speeds(metre, unit, tempo)
    prior = _tempo_prior(speeds, metre, unit, tempo)
    far = np.arange(1, _FAR * bar + 1)
    places = np.arange(bar)
    kind, level = _kind(metre), _levels(metre, unit, bar)
    strong = np.array(_STRONG[kind])[level]
    held = np.array(_HELD[kind])[level][:, np.searchsorted(_STEPS, far * unit, side="right")]
    before = (places[:, None] - far) % bar  # (places, distances): where the note before stood
    likely = _log_share(strong[(places[:, None] + far) % bar] + _distance_prior(kind, far, unit) + held)[before, far - 1]
    upbeat = (bar - places) * unit <= metre.beat_ticks
    first = _log_share(np.where(places == 0, _FIRST[0], np.where(upbeat, _FIRST[1], _FIRST[2]))[None])
    score = prior[:, None] * (1 + _PRIOR_A_NOTE * len(starts)) + first  # (tempos, places)
    drift = _DRIFT * np.abs(np.subtract.outer(np.arange(len(speeds)), np.arange(len(speeds)))) * (1.0 if tempo is None else 3.0)
    came_tempo, came_distance = [], []
    for gap in np.diff(starts):
        moved = score[None, :, :] - drift[:, :, None]  # to, from, place
        from_tempo = moved.argmax(axis=1)
        best = moved.max(axis=1)  # (tempos, places)
        expected = speeds[:, None] * far
        spread = np.hypot(_JITTER_S * 1.4, _JITTER_SHARE * expected)
        fits = -0.5 * np.clip(np.abs(gap - expected) / spread, 0, 6) ** 2 - np.log(spread)  # (tempos, distances)
        through = best[:, before] + fits[:, None, :] + likely  # (tempos, places, distances)
        distance = through.argmax(axis=2)
        score = through.max(axis=2)
        came_distance.append(far[distance])
        came_tempo.append(np.take_along_axis(from_tempo, before[places, distance], axis=1))
    return _followed(starts, score, came_tempo, came_distance, speeds, bar, unit)


def _speeds(metre: Metre, unit: int, tempo: float | None) -> Floats:
    """Seconds of a unit for each tempo thought of."""
    if tempo is not None:
        return 60 / tempo * unit / 480 * np.exp(np.linspace(-2, 2, 5) * _KNOWN_SPREAD)
    beats = np.exp(np.linspace(np.log(SLOWEST), np.log(FASTEST), _TEMPOS))
    return np.asarray(60 / beats * unit / metre.beat_ticks)


def _tempo_prior(speeds: Floats, metre: Metre, unit: int, tempo: float | None) -> Floats:
    if tempo is not None:
        return np.zeros(len(speeds))
    beats = 60 / (speeds * metre.beat_ticks / unit)
    return np.asarray(-0.5 * (np.log(beats / _USUAL) / _SPREAD) ** 2)


def _kind(metre: Metre) -> str:
    return "compound" if metre.beat_ticks % 720 == 0 else "simple"


def _levels(metre: Metre, unit: int, bar: int) -> NDArray[np.int64]:
    """Index into `_LEVELS` of each place of the bar."""
    level = np.full(bar, 4)
    every = [240 if unit != 160 else 160, metre.beat_ticks, metre.bar_ticks // 2, metre.bar_ticks]
    for index, ticks in zip((3, 2, 1, 0), every, strict=True):
        if index != 1 or metre.bar_ticks // metre.beat_ticks % 2 == 0:
            level[np.arange(bar) * unit % ticks == 0] = index
    return level


def _distance_prior(kind: str, far: NDArray[np.int64], unit: int) -> Floats:
    return np.array([_DISTANCE[kind].get(int(ticks), _ELSE) for ticks in far * unit])


def _log_share(logits: Floats) -> Floats:
    """Log probabilities along the last axis."""
    top = logits.max(axis=-1, keepdims=True)
    return np.asarray(logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True)))


def _followed(starts: Floats, score: Floats, came_tempo: list[NDArray[np.int64]], came_distance: list[NDArray[np.int64]],
              speeds: Floats, bar: int, unit: int) -> Beat:
    tempo, place = (int(index) for index in np.unravel_index(int(score.argmax()), score.shape))
    distances, tempos = [], [tempo]
    for back in range(len(came_distance) - 1, -1, -1):
        distance = int(came_distance[back][tempo, place])
        tempo_before = int(came_tempo[back][tempo, place])
        distances.append(distance)
        place, tempo = (place - distance) % bar, tempo_before
        tempos.append(tempo)
    units = place + np.concatenate([[0], np.cumsum(distances[::-1], dtype=np.int64)]).astype(np.int64)
    each = speeds[tempos[::-1]]
    if len(starts) > 1:
        whole = float(np.polyfit(units, starts, 1)[0]) if len(set(units)) > 1 else float(each.mean())
    else:
        whole = float(each[0])
    exact = _smooth(starts, units, each)
    return Beat(units, exact, 60 / (whole * 480 / unit), each)


def _smooth(starts: Floats, units: NDArray[np.int64], each: Floats, reach: int = 4) -> Floats:
    """Where starts fall between places, by a line through the notes about each."""
    exact = units.astype(np.float64)
    for index in range(len(starts)):
        near = slice(max(0, index - reach), index + reach + 1)
        middle = float(np.mean(starts[near] - units[near] * each[index]))
        exact[index] = (starts[index] - middle) / each[index]
    return exact
