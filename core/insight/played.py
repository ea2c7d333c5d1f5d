"""A piece as it is played: every pitched note in seconds, and measures of it that hold for any texture.

Unlike `core.analysis.features` these know no bars, beats or given key, so they serve transcribed performances as well as
scores. All stay the same when a piece is transposed, but for those of register. They follow the families of jSymbolic
(McKay and Fujinaga, "jSymbolic 2.2", 2018): pitch, melody, rhythm, dynamics, texture and chords.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import FormatError
from core.score import Score
from core.score.clock import Clock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOGETHER = 0.05
"""Seconds within which notes count as struck together."""
EVEN = 80
"""The velocity of notes whose dynamics are not known."""
WINDOW = 0.5
"""Seconds of one reading of the harmony."""
_SPAN = 90.0
"""Seconds of a piece that are measured: windows beyond it tell little more and cost time."""

MAJOR = np.array((6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88))
MINOR = np.array((6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17))
"""Krumhansl and Kessler's probe-tone profiles (1982): how well each degree fits a key that was heard."""

CHORDS = {"major": (0, 4, 7), "minor": (0, 3, 7), "diminished": (0, 3, 6), "augmented": (0, 4, 8), "suspended": (0, 5, 7),
          "dominant": (0, 4, 7, 10), "major seventh": (0, 4, 7, 11), "minor seventh": (0, 3, 7, 10)}
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Played:
    """N notes in order of onset and pitch: `onset` and `length` (N,) seconds, `pitch` (N,) MIDI, `velocity` (N,) 1..127."""

    onset: Floats
    length: Floats
    pitch: Ints
    velocity: Ints

    @classmethod
    def of(cls, score: Score) -> Played:
        """All pitched tracks of a score together, from the first onset on.

        Raises:
            FormatError: no pitched track has notes.
        """
        notes = sorted(note for track in score.tracks if not track.is_drum for note in track.notes)
        if not notes:
            raise FormatError("A mood needs pitched notes", "this piece has none", "Choose another file or draw notes")
        clock = Clock.of(score)
        onset = clock.seconds(np.array([note.start for note in notes]))
        end = clock.seconds(np.array([note.end for note in notes]))
        return cls(onset - onset[0], np.maximum(end - onset, 0.01), np.array([note.pitch for note in notes]),
                   np.array([note.velocity for note in notes]))

    @property
    def moments(self) -> Ints:
        """(N,) numbers from 0: notes struck within `TOGETHER` of the one before share one."""
        found: Ints = np.concatenate([[0], np.cumsum(np.diff(self.onset) > TOGETHER)])
        return found

    def until(self, seconds: float) -> Played:
        """The notes that begin before `seconds`."""
        return self._only(self.onset < seconds)

    def without_dynamics(self) -> Played:
        """Every note equally loud, as scores have them."""
        return replace(self, velocity=np.full(len(self.velocity), EVEN))

    def top_line(self) -> Played:
        """The highest note of each moment, equally loud and until the next one at most: what a melody alone would be."""
        order = np.lexsort((self.pitch, self.moments))
        last = np.append(np.diff(self.moments[order]) > 0, True)
        line = self._only(np.sort(order[last])).without_dynamics()
        return replace(line, length=np.minimum(line.length, np.append(np.diff(line.onset), np.inf)).clip(min=0.01))

    def _only(self, kept: NDArray) -> Played:
        return Played(self.onset[kept], self.length[kept], self.pitch[kept], self.velocity[kept])


def measures(played: Played) -> dict[str, float]:
    """Every measure by name, always the same names; finite."""
    played = played.until(_SPAN)
    struck = played.moments
    values = {**_dynamics(played), **_register(played), **_time(played, struck), **_key(played), **_lines(played, struck),
              **_harmony(played), **_pulse(played)}
    return {name: float(np.nan_to_num(value, nan=0.0, posinf=0.0, neginf=0.0)) for name, value in values.items()}


def _spread(name: str, values: NDArray) -> dict[str, float]:
    """Mean, deviation and quantiles of values, under `name`."""
    values = np.asarray(values, np.float64) if len(values) else np.zeros(1)
    cuts = np.quantile(values, QUANTILES)
    return {f"{name} mean": float(values.mean()), f"{name} deviation": float(values.std()),
            **{f"{name} {round(100 * q)}%": float(cut) for q, cut in zip(QUANTILES, cuts, strict=True)}}


def _dynamics(played: Played) -> dict[str, float]:
    velocity, pitch = played.velocity, played.pitch
    low, high = velocity[pitch < 60], velocity[pitch >= 60]
    both = len(low) > 0 and len(high) > 0
    changes = np.abs(np.diff(velocity))
    return {**_spread("velocity", velocity), "velocity highest": float(velocity.max()),
            "velocity change": float(changes.mean()) if len(changes) else 0.0,
            "velocity of treble over bass": float(high.mean() - low.mean()) if both else 0.0,
            "velocity grows": _slope(played.onset, velocity)}


def _register(played: Played) -> dict[str, float]:
    pitch = played.pitch
    return {**_spread("pitch", pitch), "pitch lowest": float(pitch.min()), "pitch highest": float(pitch.max()),
            "range": float(np.ptp(pitch)), "bass share": float((pitch < 48).mean()), "treble share": float((pitch >= 72).mean()),
            "pitch rises": _slope(played.onset, pitch)}


def _time(played: Played, struck: Ints) -> dict[str, float]:
    span = max(float(played.onset[-1]), 1.0)
    at = played.onset[np.searchsorted(struck, np.arange(struck[-1] + 1))]
    gaps = np.diff(at)
    gaps = gaps if len(gaps) else np.array([1.0])
    sizes = np.bincount(struck)
    grid = np.arange(0, span, 0.1)
    ends = np.sort(played.onset + played.length)
    sounding = np.searchsorted(played.onset, grid, "right") - np.searchsorted(ends, grid, "right")
    second = np.bincount(played.onset.astype(int), minlength=1)
    logs = np.log2(gaps)
    hist = np.histogram(gaps, (0, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0, np.inf))[0] / len(gaps)
    contrast = 200 * np.abs(np.diff(gaps)) / (gaps[1:] + gaps[:-1]) if len(gaps) > 1 else np.zeros(1)
    return {"notes a second": len(played.onset) / span, "onsets a second": len(at) / span,
            **_spread("log gap", logs), **_spread("log length", np.log2(played.length)),
            **{f"gap class {i}": float(share) for i, share in enumerate(hist)},
            "gap contrast": float(contrast.mean()),
            "struck together": float(sizes.mean()), "struck alone": float((sizes == 1).mean()),
            "struck three or more": float((sizes >= 3).mean()),
            "sounding mean": float(sounding.mean()) if len(sounding) else 1.0,
            "sounding deviation": float(sounding.std()) if len(sounding) else 0.0,
            "silence": float((sounding <= 0).mean()) if len(sounding) else 0.0,
            "busiest second": float(second.max()), "density deviation": float(second.std()),
            "density grows": _slope(np.arange(len(second)), second)}


def _key(played: Played) -> dict[str, float]:
    """What sounds relative to the likeliest tonic, and how much more major than minor it is."""
    weights = np.bincount(played.pitch % 12, played.length.clip(max=2.0), 12)
    weights = weights / weights.sum()
    fits = {mode: np.array([_fit(np.roll(profile, tonic), weights) for tonic in range(12)])
            for mode, profile in (("major", MAJOR), ("minor", MINOR))}
    major, minor = float(fits["major"].max()), float(fits["minor"].max())
    tonic = int(fits["major"].argmax()) if major >= minor else int(fits["minor"].argmax())
    # Counted from the tonic of the relative major, a mode is one question and what lies on its degrees another.
    home = tonic if major >= minor else (tonic + 3) % 12
    degrees = np.roll(weights, -home)
    steps = np.roll(weights, -tonic)
    counts = np.bincount(played.pitch % 12, minlength=12) / len(played.pitch)
    bass = played.pitch < np.median(played.pitch)
    bass_weights = np.bincount(played.pitch[bass] % 12, played.length[bass], 12)
    bass_degrees = np.roll(bass_weights / max(bass_weights.sum(), 1e-9), -home)
    return {"major fit": major, "minor fit": minor, "major over minor": major - minor,
            "relative: major over minor": float(fits["major"][home] - fits["minor"][(home + 9) % 12]),
            "parallel: major over minor": float(fits["major"][tonic] - fits["minor"][tonic]),
            "outside scale": float(degrees[[1, 3, 6, 8, 10]].sum()), "pitch class entropy": _entropy(weights),
            "pitch classes": float((counts > 0.01).sum()),
            **{f"degree {i}": float(share) for i, share in enumerate(degrees)},
            **{f"step {i}": float(share) for i, share in enumerate(steps)},
            **{f"bass degree {i}": float(share) for i, share in enumerate(bass_degrees)}}


def _lines(played: Played, struck: Ints) -> dict[str, float]:
    """The highest and the lowest note of each moment as two lines."""
    count = int(struck[-1]) + 1
    top, low = np.zeros(count, np.int64), np.full(count, 127)
    np.maximum.at(top, struck, played.pitch)
    np.minimum.at(low, struck, played.pitch)
    upper, lower = top[top >= 60], low[low < 60]
    values: dict[str, float] = {**_spread("top", upper), **_spread("bottom", lower)}
    for name, line in (("top", upper), ("bottom", lower)):
        moves = np.abs(np.diff(line)) if len(line) > 1 else np.zeros(1, np.int64)
        values |= {f"{name} moves {i}": float(share) for i, share in enumerate(_shares(moves, (0, 1, 2, 4, 5, 7, 12)))}
        values[f"{name} move mean"] = float(moves.mean())
        rises = np.diff(line) if len(line) > 1 else np.zeros(1)
        values[f"{name} rises"] = float((rises > 0).mean())
    values["hands apart"] = float(np.mean(upper)) - float(np.mean(lower)) if len(upper) and len(lower) else 0.0
    values["octaves"] = _octaves(played, struck)
    return values


def _harmony(played: Played) -> dict[str, float]:
    """Windows of half a second read as chords: which kind fits, how dissonant the intervals are, how often it changes."""
    windows = max(int(played.onset[-1] / WINDOW) + 1, 1)
    chroma = np.zeros((windows, 12))
    first = (played.onset / WINDOW).astype(int)
    last = np.minimum(((played.onset + played.length) / WINDOW).astype(int), windows - 1)
    for step in range(4):
        at = first + step
        inside = at <= last
        share = np.minimum(played.onset + played.length, (at + 1) * WINDOW) - np.maximum(played.onset, at * WINDOW)
        np.add.at(chroma, (at[inside], played.pitch[inside] % 12), share[inside])
    chroma = chroma[chroma.sum(1) > 0]
    unit = chroma / np.linalg.norm(chroma, axis=1, keepdims=True)
    patterns = np.array([[float((pitch - root) % 12 in steps) / np.sqrt(len(steps)) for pitch in range(12)]
                         for steps in CHORDS.values() for root in range(12)])
    kinds = (unit @ patterns.T).reshape(len(unit), len(CHORDS), 12)
    best = kinds.reshape(len(unit), -1).argmax(1)
    kind, root = best // 12, best % 12
    shares = chroma / chroma.sum(1, keepdims=True)
    classes = np.array([(shares * np.roll(shares, -step, 1)).sum(1).mean() for step in range(1, 7)])
    moves = np.diff(root) % 12
    changed = moves[moves != 0]
    motion = np.bincount(changed, minlength=12)[1:] / max(len(changed), 1)
    alike = (unit[1:] * unit[:-1]).sum(1) if len(unit) > 1 else np.ones(1)
    far = (unit[8:] * unit[:-8]).sum(1) if len(unit) > 8 else np.ones(1)
    return {**{f"chord {name}": float((kind == i).mean()) for i, name in enumerate(CHORDS)},
            **{f"interval class {i}": float(value) for i, value in enumerate(classes, 1)},
            **{f"root moves {i}": float(value) for i, value in enumerate(motion, 1)},
            "chord fit": float(kinds.max((1, 2)).mean()), "chord changes": float((moves != 0).mean()) if len(moves) else 0.0,
            "harmony stays": float(alike.mean()), "harmony returns": float(far.mean()),
            "minor chords": float(np.isin(kind, (1, 2, 7)).mean())}


def _pulse(played: Played) -> dict[str, float]:
    """Autocorrelation of the onsets, 20 ms a step: the strongest period between 0.25 and 1.5 s and how clear it is."""
    steps = int(played.onset[-1] / 0.02) + 2
    onsets = np.bincount((played.onset / 0.02).astype(int), played.velocity, steps).astype(float)
    onsets = np.convolve(onsets, (0.25, 0.5, 1.0, 0.5, 0.25), "same")
    onsets -= onsets.mean()
    size = 1 << int(np.ceil(np.log2(2 * steps)))
    power = np.abs(np.fft.rfft(onsets, size)) ** 2
    lags = np.fft.irfft(power)[:100]
    lags = np.pad(lags / max(lags[0], 1e-9), (0, max(0, 100 - len(lags))))
    window = lags[12:76]
    best = int(window.argmax())
    return {"pulse a minute": 60 / ((best + 12) * 0.02), "pulse clarity": float(window[best]),
            "pulse at quarter second": float(lags[10:16].max()), "pulse at half second": float(lags[20:31].max())}


def _octaves(played: Played, struck: Ints) -> float:
    """Share of moments in which some pitch class is struck in two octaves."""
    pairs = np.unique(np.stack([struck, played.pitch % 12, played.pitch], 1), axis=0)
    doubled = (np.diff(pairs[:, 0]) == 0) & (np.diff(pairs[:, 1]) == 0)
    return len(np.unique(pairs[1:][doubled, 0])) / (int(struck[-1]) + 1)


def _shares(values: Ints, edges: tuple[int, ...]) -> Floats:
    found: Floats = np.histogram(values, (*edges, 128))[0] / max(len(values), 1)
    return found


def _fit(profile: Floats, weights: Floats) -> float:
    return float(np.corrcoef(profile, weights)[0, 1]) if weights.std() > 0 else 0.0


def _entropy(shares: Floats) -> float:
    found = shares[shares > 0]
    return float(-(found * np.log2(found)).sum())


def _slope(at: NDArray, values: NDArray) -> float:
    """Correlation of values with time, -1..1."""
    if len(values) < 3 or np.std(values) == 0 or np.std(at) == 0:
        return 0.0
    return float(np.corrcoef(at, values)[0, 1])
