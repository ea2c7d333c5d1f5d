"""MuseGAN's figures of multi-track music: Dong, Hsiao, Yang and Yang, "MuseGAN", AAAI 2018, section "Objective metrics".

Tracks are found by their names, as `core.corpora.band_styles.PARTS` has them. Notes count in the bar that they begin in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.score import TICKS_PER_QUARTER, Note, Score

PITCHED = ("melody", "chords", "pad", "bass")
DRUMS = "drums"
_SIXTEENTH = TICKS_PER_QUARTER // 4
_TWENTY_FOURTH = TICKS_PER_QUARTER // 24
"""MuseGAN's time step."""
_NEAR = 0.1
"""What an onset one of MuseGAN's time steps beside a sixteenth counts in its code."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place in ticks, and of every part that the piece has the notes that begin in it."""

    start: int
    end: int
    notes: Mapping[str, tuple[Note, ...]]


def bars_of(score: Score) -> list[Bar]:
    """The bars of a piece, its pick-up left out. A part without a track is not in `notes`, a silent one is, and empty."""
    bars = score.bars[1 if score.pickup and len(score.bars) > 1 else 0 :]
    starts = [start for start, _, _ in bars]
    found: list[dict[str, list[Note]]] = [{track.name: [] for track in score.tracks} for _ in bars]
    for track in score.tracks:
        for note in track.notes:
            index = bisect_right(starts, note.start) - 1
            if index >= 0:
                found[index][track.name].append(note)
    return [
        Bar(start, end, {name: tuple(notes) for name, notes in parts.items()})
        for (start, end, _), parts in zip(bars, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """Mean and standard deviation over bars (over notes where it is a share of notes), and of how many."""

    mean: float
    deviation: float
    count: int


def figures(pieces: Iterable[Sequence[Bar]]) -> dict[str, Figure]:
    """All figures over the bars of all pieces; what no bar has an answer to is left out.

    - `empty bars PART`: share of bars in which the part begins no note.
    - `pitch classes PART`: pitch classes used in a bar, of the bars that are not empty. Not for drums.
    - `qualified notes PART`: share of notes longer than a sixteenth. MuseGAN asks for three of its time steps, a 32nd, so
      that fragments do not count; on a grid of sixteenths a fragment is a note of one step. Not for drums. The deviation
      is over bars.
    - `drum pattern`: share of drum notes on sixteenths, those one 24th of a quarter beside them counted as a tenth,
      as in MuseGAN's code. The deviation is over bars.
    - `tonal distance PART PART`: see `tonal_distance`; of bars in which both play.
    """
    values: dict[str, list[float]] = {}
    weights: dict[str, list[int]] = {}

    def add(name: str, value: float, weight: int = 1) -> None:
        values.setdefault(name, []).append(value)
        weights.setdefault(name, []).append(weight)

    for bars in pieces:
        for bar in bars:
            for part, notes in bar.notes.items():
                add(f"empty bars {part}", float(not notes))
                if not notes:
                    continue
                if part == DRUMS:
                    add("drum pattern", sum(_on_sixteenth(note.start - bar.start) for note in notes) / len(notes), len(notes))
                elif part in PITCHED:
                    add(f"pitch classes {part}", len({note.pitch % 12 for note in notes}))
                    add(f"qualified notes {part}", sum(n.duration > _SIXTEENTH for n in notes) / len(notes), len(notes))
            playing = {part: chroma(bar.notes[part]) for part in PITCHED if bar.notes.get(part)}
            for a, b in combinations(playing, 2):
                add(f"tonal distance {a} {b}", tonal_distance(playing[a], playing[b]))
    return {name: _figure(np.array(values[name]), np.array(weights[name])) for name in sorted(values)}


def _figure(values: NDArray[np.float64], weights: NDArray[np.int64]) -> Figure:
    return Figure(float(np.average(values, weights=weights)), float(values.std()), len(values))


def _on_sixteenth(place: int) -> float:
    away = min(place % _SIXTEENTH, -place % _SIXTEENTH)
    return 1.0 if away == 0 else _NEAR if away <= _TWENTY_FOURTH else 0.0


def chroma(notes: Iterable[Note]) -> NDArray[np.float64]:
    """(12,) sounding ticks of every pitch class, summing to 1; all zeros where there are no notes."""
    found = np.zeros(12)
    for note in notes:
        found[note.pitch % 12] += note.duration
    total = found.sum()
    return found / total if total else found


def _basis() -> NDArray[np.float64]:
    """(6, 12): circles of fifths, minor thirds and major thirds with the radii 1, 1 and 1/2 of Harte et al."""
    pitch = np.arange(12)
    rows = []
    for radius, turn in ((1.0, 7 / 6), (1.0, 3 / 2), (0.5, 2 / 3)):
        rows += [radius * np.sin(pitch * turn * np.pi), radius * np.cos(pitch * turn * np.pi)]
    return np.array(rows)


_BASIS = _basis()


def tonal_distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Distance of two chromas (12,) that sum to 1, between their tonal centroids.

    Harte, Sandler and Gasser, "Detecting harmonic change in musical audio", 2006. 0 for equal chromas,
    1.74 for tones a fifth apart, 2.83 for a tritone.
    """
    return float(np.linalg.norm(_BASIS @ (a - b)))


def deviations(ours: Mapping[str, Figure], data: Mapping[str, Figure]) -> dict[str, float]:
    """Of every figure that the data has |ours − data| / data; where the data's is 0, the difference itself.

    A figure that ours lacks altogether (a track without a note) deviates by 1.
    """
    return {
        name: 1.0 if name not in ours
        else abs(ours[name].mean - figure.mean) / (figure.mean or 1.0)
        for name, figure in data.items()
    }  # fmt: skip
