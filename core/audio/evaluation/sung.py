"""A voice of our own to test with: harmonics under vowel formants, with what makes singing hard to transcribe.

Pitch glides from note to note in 60 to 120 ms and scoops up to notes after a gap, notes that last
have a vibrato of 5 to 6 Hz and 50 to 80 cents, the whole is out of tune by up to 30 cents and each
note by some more, breath sounds all the time, and about half of the notes begin with a consonant (a
gap of noise of 40 to 80 ms). What is true of a note is where its glide is half done, or where its vowel begins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.audio.recording import RATE

GLIDE_S = (0.060, 0.120)
VIBRATO_HZ = (5.0, 6.0)
VIBRATO_CENTS = (50.0, 80.0)
CONSONANT_S = (0.040, 0.080)
CONSONANTS = 0.5
OUT_OF_TUNE_CENTS = 30.0
NOTE_CENTS = 10.0
BREATH_DB = -32.0

VOWELS = ((800, 1150, 2900), (400, 1700, 2600), (350, 2000, 2800), (450, 800, 2830), (325, 700, 2700))
"""First three formants in hertz of sung a, e, i, o, u (alto; Peterson and Barney's order of magnitude)."""
_WIDTHS = (80.0, 90.0, 120.0)
_HARMONICS = 30


def sing(spans: NDArray[np.float64], pitches: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.float32]:
    """Mono samples (N,) at `RATE` of notes (notes, 2) in seconds with MIDI pitches (notes,), sung one by one."""
    length = int((spans[-1, 1] + 0.5) * RATE)
    time = np.arange(length) / RATE
    consonant = draw.random(len(spans)) < CONSONANTS
    consonant[0] = True
    pitch = _pitch_curve(time, spans, pitches, consonant, draw)
    loudness, hiss = _loudness(time, spans, pitches, consonant, draw)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / RATE
    tone = _vowels(time, phase, pitch, spans, draw) * loudness
    tone /= max(float(np.abs(tone).max()), 1e-9)
    noise = draw.normal(0, 1, length)
    breath = noise * 10 ** (BREATH_DB / 20) * (0.3 + 0.7 * loudness)
    voice = 0.6 * (tone + breath + 0.12 * np.diff(noise, prepend=0.0) * hiss)
    return voice.astype(np.float32)


def _pitch_curve(time: NDArray[np.float64], spans: NDArray[np.float64], pitches: NDArray[np.int64],
                 consonant: NDArray[np.bool_], draw: np.random.Generator) -> NDArray[np.float64]:
    sung = pitches + draw.uniform(-OUT_OF_TUNE_CENTS, OUT_OF_TUNE_CENTS) / 100 + draw.normal(0, NOTE_CENTS / 100, len(pitches))
    curve = np.full(len(time), sung[0])
    for index, (start, end) in enumerate(spans):
        glide = draw.uniform(*GLIDE_S)
        joined = index > 0 and not consonant[index] and start - spans[index - 1, 1] < 0.02
        before = sung[index - 1] if joined else sung[index] - draw.uniform(0, 2)
        begins = start - glide / 2 if joined else start
        done = np.clip((time - begins) / glide, 0, 1)
        step = (1 - np.cos(np.pi * done)) / 2
        here = time >= begins
        curve[here] = (before + (sung[index] - before) * step)[here]
        if end - start > 0.35:
            rate, depth = draw.uniform(*VIBRATO_HZ), draw.uniform(*VIBRATO_CENTS) / 100
            ramp = np.clip((time - start - 0.2) / 0.2, 0, 1) * (time < end)
            curve += depth * ramp * np.sin(2 * np.pi * rate * (time - start)) * here
    wander = np.interp(time, np.arange(0, time[-1] + 0.2, 0.1), draw.normal(0, 0.05, int((time[-1] + 0.2) / 0.1) + 1))
    return curve + wander


def _loudness(time: NDArray[np.float64], spans: NDArray[np.float64], pitches: NDArray[np.int64],
              consonant: NDArray[np.bool_], draw: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    level, hiss = np.zeros(len(time)), np.zeros(len(time))
    for index, (start, end) in enumerate(spans):
        level[(time >= start) & (time < end)] = draw.uniform(0.6, 1.0)
        gap = draw.uniform(*CONSONANT_S)
        if consonant[index]:
            inside = (time >= start - gap) & (time < start)
            level[inside], hiss[inside] = 0.05, 1.0
        elif index and pitches[index] == pitches[index - 1]:  # said again without a consonant: a dip
            level[(time >= start - 0.5 * gap) & (time < start + 0.2 * gap)] *= 0.35
    window = np.hanning(int(0.03 * RATE))
    return np.convolve(level, window / window.sum(), "same"), np.convolve(hiss, window / window.sum(), "same")


def _vowels(time: NDArray[np.float64], phase: NDArray[np.float64], pitch: NDArray[np.float64],
            spans: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.float64]:
    chosen = np.array([VOWELS[draw.integers(len(VOWELS))] for _ in spans], float)
    which = np.clip(np.searchsorted(spans[:, 0], time, side="right") - 1, 0, None)
    formants = chosen[which]
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    sound = np.zeros(len(time))
    for harmonic in range(1, _HARMONICS + 1):
        here = harmonic * hertz
        shape = sum(1 / (1 + ((here - formants[:, f]) / _WIDTHS[f]) ** 2) for f in range(3)) + 0.02
        amplitude = np.where(here < RATE / 2.1, shape / harmonic, 0.0)
        sound += amplitude * np.sin(harmonic * phase)
    return sound
