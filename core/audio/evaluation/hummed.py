"""Hums and whistles of our own to learn from: few harmonics, strong vibrato, notes joined by glides, dips or gaps.

Unlike `core.audio.evaluation.sung`, with which transcription is measured, they are only learned from: that a
vibrato of pitch and loudness, however wide and early, begins no note, and that a short dip does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.audio.recording import RATE

Floats = NDArray[np.float64]

_VIBRATO = 0.7
"""Share of the melodies with one, 4.5 to 7 Hz, 10 to 100 cents to each side, and up to 40% of the loudness."""
_JOINED = 0.5
"""Share of new pitches that are reached by a glide, without a dip."""


def hum(spans: Floats, pitches: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.float32]:
    """Mono samples (N,) at `RATE` of notes (notes, 2) in seconds with MIDI pitches (notes,)."""
    time = np.arange(int((spans[-1, 1] + 0.3) * RATE)) / RATE
    same = np.append(False, np.diff(pitches) == 0)
    close = np.append(False, spans[1:, 0] - spans[:-1, 1] < 0.03)
    joined = close & ~same & (draw.random(len(spans)) < _JOINED)
    rate, late, between = draw.uniform(4.5, 7), draw.uniform(0, 0.3), draw.uniform(0, 2 * np.pi)
    deep, loud = (draw.uniform(0.1, 1.0), draw.uniform(0, 0.4)) if draw.random() < _VIBRATO else (0.0, 0.0)
    ramp = _ramp(time, spans, late)
    sway = 2 * np.pi * rate * time
    pitch = _pitch(time, spans, pitches, joined, draw) + deep * ramp * np.sin(sway)
    level = _level(time, spans, joined, draw) * (1 + loud * ramp * np.sin(sway + between))
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / RATE
    fall, highest = draw.uniform(0.7, 2.5), 440 * 2 ** ((pitch.max() - 69) / 12)
    count = min(int(draw.integers(2, 13)), max(1, int(0.45 * RATE / highest)))
    tone = sum(np.sin(harmonic * phase + draw.uniform(0, 6)) / harmonic**fall for harmonic in range(1, count + 1)) * level
    breath = draw.normal(0, 10 ** (draw.uniform(-60, -30) / 20), len(time)) * level
    return np.asarray(0.5 * (tone / np.abs(tone).max() + breath), np.float32)


def _ramp(time: Floats, spans: Floats, late: float) -> Floats:
    """How much of the vibrato there is, 0 to 1: none until a note has lasted for `late` seconds."""
    ramp = np.zeros(len(time))
    for start, end in spans:
        here = slice(int(start * RATE), int(end * RATE))
        ramp[here] = np.clip((time[here] - start - late) / 0.15, 0, 1)
    return ramp


def _pitch(time: Floats, spans: Floats, pitches: NDArray[np.int64], joined: NDArray[np.bool_],
           draw: np.random.Generator) -> Floats:
    hummed = pitches + draw.uniform(-0.5, 0.5) + draw.normal(0, 0.1, len(pitches))
    curve = np.full(len(time), hummed[0])
    for index, (start, _) in enumerate(spans):
        glide = draw.uniform(0.03, 0.15)
        first = int(max(start - glide / 2 if joined[index] else start - 0.01, 0) * RATE)
        done = np.clip((time[first:] - time[first]) / glide, 0, 1) if joined[index] else np.ones(len(time) - first)
        curve[first:] = curve[first] + (hummed[index] - curve[first]) * (1 - np.cos(np.pi * done)) / 2
    knots = np.arange(0, time[-1] + 0.3, 0.15)
    return np.asarray(curve + np.interp(time, knots, draw.normal(0, 0.05, len(knots))))


def _level(time: Floats, spans: Floats, joined: NDArray[np.bool_], draw: np.random.Generator) -> Floats:
    level = np.zeros(len(time))
    loud = np.interp(time, spans[:, 0], draw.uniform(0.5, 1, len(spans)))
    floor = draw.choice([0.0, draw.uniform(0.05, 0.5)])
    for index, (start, end) in enumerate(spans):
        following = index + 1 < len(spans) and spans[index + 1, 0] - end < 0.03
        attack, release, gap = draw.uniform(0.005, 0.06), draw.uniform(0.01, 0.05), draw.uniform(0.0, 0.06)
        stop = spans[index + 1, 0] if following else end
        here = slice(int(start * RATE), int(stop * RATE))
        rise = np.ones(len(time[here])) if joined[index] else np.clip((time[here] - start) / attack, 0, 1)
        lasts = following and joined[index + 1]
        fall = np.ones(len(time[here])) if lasts else np.clip((stop - gap - time[here]) / release, 0, 1)
        least = floor if following and not lasts else 0.0
        begins = floor if index and not joined[index] and start - spans[index - 1, 1] < 0.03 else 0.0
        level[here] = np.minimum(begins + (1 - begins) * rise, least + (1 - least) * fall)
    return np.asarray(level * loud)
