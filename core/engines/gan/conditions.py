"""What the networks are told of a piece: its chords step by step, its form bar by bar, the band, tempo and intensity.

Everything is kept as small integers, pitches counted from the chord's root; `network.Features` turns them into channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.corpora.band_styles import BANDS, PARTS
from core.corpora.song_form import Form
from core.engines.gan.grid import BAR, Grid
from core.score import CHORD_QUALITIES, ChordSymbol, Key, Score

KINDS = ("intro", "verse", "chorus", "ending")
BAND_IDS = tuple(band.id for band in BANDS)
QUALITIES = (*CHORD_QUALITIES, "none")
"""Of chords; the last stands for no chord."""
FAR = 16
"""Steps ahead that a change of chord is seen."""

STEP_FIELDS: dict[str, int] = {"used": 2, "quality": len(QUALITIES), "bass": 12, "begins": 2, "motion": 12, "until": FAR + 1,
                               "degree": 12, "root": 12}
"""What is told of each step, and how many values it has: whether the place is used; the chord's quality, bass above its root
and whether it begins; how far the next root is above, and in how many steps it comes; the root above the tonic, and as pitch
class."""
BAR_FIELDS: dict[str, int] = {"metre": 4, "kind": len(KINDS), "begins": 2, "leads": 2, "place": 8, "first": 2, "last": 2}
"""What is told of each bar: metre, kind of section, whether it begins one and leads into another, its place in the section
modulo 8, and whether it is the piece's first or last."""


@dataclass(frozen=True)
class Conditions:
    """Of a piece with B bars. `steps` (B * 16, 8) as `STEP_FIELDS`, `bars` (B, 7) as `BAR_FIELDS`, `intensity` (B,) 0..1.

    `band` is an index in `BAND_IDS`, `tempo` in octaves above 120 a minute, `minor` whether the key has a minor third, `swing`
    whether eighths are in three, `present` which of `PARTS` play, `letters` (B,) the number of each bar's section letter (for
    the noise; networks do not see it).
    """

    steps: NDArray[np.int8]
    bars: NDArray[np.int8]
    intensity: NDArray[np.float32]
    band: int
    tempo: float
    minor: bool
    swing: bool
    present: tuple[bool, ...]
    letters: NDArray[np.int16]

    def cut(self, first: int, last: int) -> Conditions:
        """Bars `first` up to but not `last`."""
        return replace(self, steps=self.steps[first * BAR : last * BAR], bars=self.bars[first:last],
                       intensity=self.intensity[first:last], letters=self.letters[first:last])


@dataclass(frozen=True)
class Harmony:
    """The chord at each used step (N,): `roots` as pitch classes, where there is none that of the chord before, and `chords`."""

    roots: NDArray[np.int64]
    chords: tuple[ChordSymbol, ...]
    index: NDArray[np.int64]
    """Of each step's chord in `chords`."""


def harmony_of(score: Score, grid: Grid) -> Harmony:
    """Which chord sounds when; the first one also before it begins. Without any chord: the tonic's, or C."""
    key = score.key or Key(0, 0)
    chords = score.chords or (ChordSymbol(0, key.tonic, "maj" if 4 in _above(key) else "min"),)
    begins = np.array([chord.tick for chord in chords])
    # A chord belongs to a step when it begins before the step's second half.
    middle = grid.ticks[:-1] + np.diff(grid.ticks) // 2
    index = np.maximum(np.searchsorted(begins, middle, side="left") - 1, 0)
    known = next((chord.root for chord in chords if chord.root is not None), key.tonic)
    roots = []
    for chord in chords:
        known = known if chord.root is None else chord.root
        roots.append(known)
    return Harmony(np.array(roots)[index], tuple(chords), index)


def conditions(score: Score, grid: Grid, harmony: Harmony, form: Form, band: str, present: Sequence[bool],
               intensity: NDArray[np.float32]) -> Conditions:
    """What is told of a score; `form` is of its bars without the pick-up, `intensity` is (B,)."""
    key = score.key or Key(0, 0)
    steps = np.zeros((grid.row, len(STEP_FIELDS)), np.int8)
    chords, index, roots = harmony.chords, harmony.index, harmony.roots
    quality = np.array([QUALITIES.index("none" if chord.root is None else chord.quality) for chord in chords])
    bass = np.array([0 if chord.root is None or chord.bass is None else (chord.bass - chord.root) % 12 for chord in chords])
    change = np.append(index[1:] != index[:-1], True)
    ends = np.nonzero(change)[0]
    ends = ends[np.searchsorted(ends, np.arange(len(index)))] + 1
    following = roots[np.minimum(ends, len(roots) - 1)]
    places = grid.places
    for column, values in enumerate((
        np.ones(len(index)), quality[index], bass[index], np.insert(index[1:] != index[:-1], 0, True),
        (following - roots) % 12, np.minimum(ends - np.arange(len(index)), FAR), (roots - key.tonic) % 12, roots,
    )):
        steps[places, column] = values
    bars = np.zeros((grid.bars, len(BAR_FIELDS)), np.int8)
    letters = np.zeros(grid.bars, np.int16)
    numbers: dict[str, int] = {}
    begins = 0
    for bar, (letter, kind, leads) in enumerate(zip(form.letters, form.kinds, form.fills, strict=True)):
        before = bar - 1
        if bar and (form.fills[before] or (letter, kind) != (form.letters[before], form.kinds[before])):
            begins = bar
        bars[bar, 1:5] = KINDS.index(kind), bar == begins, leads, (bar - begins) % 8
        letters[bar] = numbers.setdefault(letter, len(numbers))
    bars[:, 0] = grid.metres
    bars[0, 5] = bars[-1, 6] = 1
    tempo = float(np.clip(np.log2(score.tempos[0].bpm / 120), -1.5, 1.5))
    return Conditions(steps, bars, intensity.astype(np.float32), BAND_IDS.index(band), tempo, 4 not in _above(key),
                      grid.feel == "swing", tuple(present), letters)


def _above(key: Key) -> set[int]:
    return {(pitch - key.tonic) % 12 for pitch in key.tonic_triad}


def density(roll: NDArray[np.bool_], present: Sequence[bool], rows: dict[str, slice], bars: int) -> NDArray[np.float32]:
    """(B,): how much the backing does around each bar: beginnings a bar, those of a chord counted once, over 8 bars."""
    total = np.zeros(bars, np.float32)
    for part, plays in zip(PARTS, present, strict=True):
        if part == "melody" or not plays:
            continue
        own = roll[rows[part]]
        begun = own.sum(0) if part == "drums" else own[: len(own) // 2].any(0)
        total += begun.reshape(bars, BAR).sum(1)
    kernel = np.ones(min(8, bars))
    return (np.convolve(total, kernel, "same") / np.convolve(np.ones(bars), kernel, "same")).astype(np.float32)
