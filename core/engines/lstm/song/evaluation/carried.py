"""How a melody carries its words: stress on strong beats, long ends of lines, breaths, words that are not torn, tones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.engines.lstm.leadsheet import TICKS_PER_UNIT
from core.engines.lstm.song.rules import strength
from core.lyrics import Lyrics
from core.lyrics.types import Breath, Place
from core.score import Note, Score
from core.score.words import sung_notes

GROUPS = {1: 2, 4: 2, 2: 1, 3: 0}
"""Mandarin tones as high, middle and low by their extreme pitch: the grouping of Zhang and Cross (2021) for songs, on Chao's
letters 55, 35, 214, 51. The neutral tone has no pitch of its own and is left out."""


@dataclass(frozen=True)
class Carried:
    """A syllable with its notes."""

    place: Place
    notes: tuple[Note, ...]

    @property
    def end(self) -> int:
        return self.notes[-1].end


def carried(score: Score, lyrics: Lyrics) -> list[Carried]:
    """Every syllable of the lyrics with its notes, empty where it has none."""
    found, places = sung_notes(score.melody), lyrics.places
    if len(found) != len(places):
        return [Carried(place, ()) for place in places]
    return [Carried(place, notes) for place, (_, notes) in zip(places, found, strict=True)]


def is_whole(found: Sequence[Carried]) -> bool:
    """Whether every syllable has a note and no rest parts a word."""
    if not all(one.notes for one in found):
        return False
    return all(then.notes[0].start <= one.end for one, then in itertools.pairwise(found)
               if one.place.syllabic in ("begin", "middle"))


def stress_on_beats(score: Score, found: Sequence[Carried]) -> tuple[int, int]:
    """Stressed syllables that begin on a strong beat (the bar line or its other half, any beat of a bar of two or three), and
    how many there are."""
    metre = score.metres[0]
    weights = strength(str(metre))
    strong = 2.0 if (weights == 2).any() else 1.0
    shift = metre.bar_ticks - score.pickup if score.pickup else 0
    stressed = [one for one in found if one.notes and (one.place.syllable.stress or 0) == 1 and not one.place.is_function]
    on = sum(weights[(one.notes[0].start + shift) % metre.bar_ticks // TICKS_PER_UNIT] >= strong for one in stressed)
    return int(on), len(stressed)


def final_lengths(found: Sequence[Carried]) -> list[float]:
    """The length of each line's last note against the mean of the song."""
    notes = [note for one in found for note in one.notes]
    mean = float(np.mean([note.duration for note in notes]))
    return [one.notes[-1].duration / mean for one in found if one.place.is_line_end and one.notes]


def breaths(found: Sequence[Carried]) -> tuple[int, int]:
    """Full stops and line ends after which there is a rest, and how many there are; the end of the song is none."""
    pairs = [(one, then) for one, then in itertools.pairwise(found)
             if one.place.syllable.breath >= Breath.STOP and one.notes and then.notes]
    return sum(then.notes[0].start > one.end for one, then in pairs), len(pairs)


def tones_agree(found: Sequence[Carried]) -> tuple[int, int]:
    """Pairs of neighbouring Chinese syllables whose melody goes the way their tones go, and how many pairs say a way.

    From the first note of one to the first note of the next (Zhang and Cross, 2021), where no breath parts them; pairs of one
    group say nothing, and a held pitch does not agree (Schellenberg's "non-opposing", 2009, counts as a miss here).
    """
    right = total = 0
    for one, then in itertools.pairwise(found):
        first, second = (GROUPS.get(part.place.syllable.tone or 0) for part in (one, then))
        if first is None or second is None or first == second or one.place.syllable.breath > Breath.NONE:
            continue
        if not (one.notes and then.notes):
            continue
        total += 1
        right += np.sign(then.notes[0].pitch - one.notes[0].pitch) == np.sign(second - first)
    return right, total
