"""What may be written: durations of the style, no rest inside a word, a breath where one is due, pitches of the key and range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.analysis.features.melody import metrical_level
from core.engines.lstm.leadsheet import DURATIONS, HIGH, LOW, TICKS_PER_UNIT, bar_units, parse_metre
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS
from core.engines.lstm.song.words import COLUMNS, Ints
from core.lyrics.types import NO_STRESS, PRIMARY, Breath
from core.score import Key

Floats = NDArray[np.float64]
NEVER = -1e9
BREATH = 12
"""Units of rest that a singer breathes in."""
TAKEN = 24
"""Units: a note as long as this can give its end to a breath."""
MOST_NOTES = 4
"""Notes of a syllable."""
USUAL = (6, 12, 18, 24, 36, 48, 72, 96)
"""Durations where a style has no statistics of its own."""
ON_BEAT, LONG_END = 3.0, 1.3
"""Nats for the strongest beat under a stressed syllable, and for each doubling of a line's last note."""
_NAMES = list(COLUMNS)
BREATH_BEFORE, SYLLABIC, TO_END, STRESS, FUNCTION = (
    _NAMES.index(name) for name in ("breath_before", "syllabic", "to_end", "stress", "function"))
_STRONGEST, _STRONG, _BEAT, _OFF = 3.0, 2.0, 1.0, 0.0


def strength(metre: str) -> Floats:
    """Metrical weight of every unit of a bar: 3 on the bar line, 2 on its other half, 1 on beats, 0 elsewhere."""
    found = parse_metre(metre)
    halves = _STRONG if found.bar_ticks > 2 * found.beat_ticks else _BEAT  # of two beats the second is no more than a beat
    weights = {0: _STRONGEST, 1: halves, 2: _BEAT}
    levels = [metrical_level(unit * TICKS_PER_UNIT, found) for unit in range(bar_units(metre))]
    return np.array([weights.get(level, _OFF) for level in levels])


@dataclass(frozen=True)
class RhythmRules:
    """Masks for rhythm, to be added to logits.

    Args:
        metre: of the song.
        durations: units that the style uses in it.
        words: (syllables, columns), as in `words.COLUMNS`.
    """

    metre: str
    durations: tuple[int, ...]
    words: Ints

    def gaps(self, syllable: Ints, nth: Ints, previous: Ints, is_first: bool) -> Floats:
        """(rows, gaps).

        Args:
            syllable: (rows,) that is sung next.
            nth: (rows,) notes that it has already.
            previous: (rows,) units of the note before.
            is_first: whether the song begins; the gap counts from a bar line then.
        """
        bar = bar_units(self.metre)
        known = np.isin(GAP_UNITS, (0, *self.durations))
        row = self.words[syllable]
        inside = (nth > 0) | (row[:, SYLLABIC] > 2)  # middle and end of a word
        if is_first:
            open_ = known & (bar > GAP_UNITS) & (GAP_UNITS % 12 == 0)
            return np.where(np.tile(open_, (len(syllable), 1)), 0.0, NEVER)
        breath = row[:, BREATH_BEFORE] - 1
        due = (breath >= Breath.STOP) & ~inside
        may = (breath > Breath.NONE) & ~inside
        allowed = np.tile(known & (bar >= GAP_UNITS), (len(syllable), 1))
        allowed &= (GAP_UNITS == 0) | may[:, None]
        short = due & (previous < TAKEN)  # cannot give its end away
        allowed &= ~(short[:, None] & (GAP_UNITS < BREATH))
        return np.where(allowed, 0.0, NEVER)

    def lengths(self, syllable: Ints, time: Ints, least: Ints) -> Floats:
        """(rows, durations) for notes that begin at `time`, none shorter than `least`, (rows,) units: a song keeps the note
        values that it began with.

        Leans on what leads a stressed syllable to a strong beat and others off it, and on long ends of lines.
        """
        known = np.isin(DURATION_UNITS, self.durations)
        allowed = np.tile(known, (len(syllable), 1))
        allowed &= np.minimum(least, BREATH)[:, None] <= DURATION_UNITS
        last = self.words[syllable][:, TO_END] == 1
        allowed &= ~last[:, None] | (DURATION_UNITS >= BREATH)
        following = self.words[np.minimum(syllable + 1, len(self.words) - 1)]
        heavy = (following[:, STRESS] == PRIMARY + 1) & (following[:, FUNCTION] != 2)
        light = ((following[:, STRESS] == NO_STRESS + 1) | (following[:, FUNCTION] == 2)) & ~heavy
        weights = self._weights
        there = weights[(time[:, None] + DURATION_UNITS) % len(weights)] / weights.max()
        lean = ON_BEAT * (heavy.astype(float) - 0.5 * light)[:, None] * there
        lean[last] = LONG_END * np.log2(DURATION_UNITS / 24)
        return np.where(allowed, lean, NEVER)

    @cached_property
    def _weights(self) -> Floats:
        return strength(self.metre)

    @staticmethod
    def goes_on(nth: Ints) -> Floats:
        """(rows, 2): whether the syllable may have another note."""
        found = np.zeros((len(nth), 2))
        found[nth >= MOST_NOTES - 1, 1] = NEVER
        return found


def pitches(key: Key, reference: int, pitch_range: tuple[int, int]) -> Floats:
    """(pitches from `LOW`,): a mask of those on the scale and in the range."""
    sounding = np.arange(LOW, HIGH + 1) + reference
    scale = set(key.scale) | ({(key.tonic + 11) % 12} if key.mode == "minor" else set())
    allowed = np.isin(sounding % 12, list(scale)) & (sounding >= pitch_range[0]) & (sounding <= pitch_range[1])
    return np.where(allowed, 0.0, NEVER)


def closing(key: Key, reference: int) -> Floats:
    """(pitches from `LOW`,): a mask of the tonic triad, the tonic before the others."""
    sounding = (np.arange(LOW, HIGH + 1) + reference) % 12
    return np.where(sounding == key.tonic, 0.0, np.where(np.isin(sounding, list(key.tonic_triad)), -3.0, NEVER))


def usual(statistics: dict[str, object], metre: str) -> tuple[int, ...]:
    """The durations of a style in a metre, none so short that no syllable can be sung."""
    known = statistics.get("durations", {}).get(metre) or USUAL  # type: ignore[attr-defined]
    longest = bar_units(metre)
    return tuple(units for units in known if units in DURATIONS and 6 <= units <= max(longest, 48)) or USUAL
