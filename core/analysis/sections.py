"""Which bars of a melody are alike, and the sections that follow from it.

Bars are compared as in self-similarity matrices (Foote, ACM Multimedia 1999), here on symbols: what sounds and what
begins at each place of the bar. Sections are a cut of the bars that is worth most: each is worth what it has in common with
its best repeat elsewhere (a stripe along a diagonal of the matrix, as in Paulus, Müller and Klapuri, ISMIR 2010), less a
price that is low for 4, 8 and 16 bars. The best cut is found by dynamic programming, once for each usual length favoured;
of these cuts the one stays whose sections do have their repeats among each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.score import Note, Score
from core.score.bar_chords import counted_bars

SectionKind = Literal["intro", "verse", "chorus", "ending"]


@dataclass(frozen=True, slots=True)
class Section:
    """Bars `first` up to but not `last` of a piece, counted from 0 with a pick-up left out.

    Sections with the same `letter` have the same melody, nearly enough.
    """

    first: int
    last: int
    letter: str
    kind: SectionKind = "verse"

    @property
    def bars(self) -> int:
        return self.last - self.first


STEP = 40
"""Ticks between the places of a bar that are compared: a twelfth of a quarter note."""

ALIKE = 0.62
"""Mean likeness of their bars from which two sections have one letter."""

_WORTH_FROM = 0.35
"""Likeness that bars of one piece have by chance; less is worth nothing."""

_PRICE = {1: 3.5, 2: 2.2, 4: 0.8, 8: 1.0, 12: 1.7, 16: 2.4}
"""What a section of so many bars costs, in bars of full likeness."""
_OTHER, _PER_BAR, _ODD = 1.4, 0.15, 1.0
"""What any other length costs, for each bar more, and for an odd number of them more."""

_FAVOUR = 0.6
"""Part of its price at which a length is tried in a cut that favours it."""

LONGEST = 16
"""Bars of a section."""

_SILENCE = 4
"""Bars without melody that are a section of their own; at the beginning and at the end two are enough."""


def full_bars(score: Score) -> tuple[tuple[int, int], ...]:
    """(start, end) in ticks of each bar, a pick-up left out unless it is all there is: what `Section` counts."""
    return tuple((start, end) for start, end, _ in counted_bars(score))


def bar_similarity(score: Score, track: int | None = None) -> NDArray[np.float32]:
    """How alike every two bars of a melody are, (bars, bars), 0 to 1, with 1 on the diagonal.

    Half of it is the share of time in which the same pitch class (or silence) sounds; half the share of onsets in the one
    bar that the other has at the same place with the same pitch class (Dice's coefficient). Of notes that sound together
    the highest counts. Bars of different length are compared over the longer one.

    Args:
        score: the piece.
        track: index of the melody's track; None for the first pitched one with notes.

    Raises:
        FormatError: `track` is None and no pitched track has notes.
    """
    notes = (score.melody if track is None else score.tracks[track]).notes
    sounding, onset = _grid(notes, full_bars(score))
    count = len(sounding)
    exists = sounding > _OUTSIDE
    same_time = np.zeros((count, count), np.float32)
    same_onset = np.zeros((count, count), np.float32)
    for symbol in range(_SILENT, 12):
        here = (sounding == symbol).astype(np.float32)
        same_time += here @ here.T
        begins = (onset == symbol).astype(np.float32)
        same_onset += begins @ begins.T
    lengths = exists.sum(1)
    begun = (onset >= 0).sum(1)
    time = same_time / np.maximum(np.maximum(lengths[:, None], lengths[None]), 1)
    # Of `onset` the symbol for silence says "nothing begins here" and is no onset.
    idle = (onset == _SILENT).astype(np.float32)
    both = begun[:, None] + begun[None]
    onsets = np.where(both > 0, 2 * (same_onset - idle @ idle.T) / np.maximum(both, 1), 1.0)
    return np.asarray(0.5 * time + 0.5 * onsets, np.float32)


_OUTSIDE, _SILENT = -2, -1


def _grid(notes: Sequence[Note], bars: Sequence[tuple[int, int]]) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """(sounding, onset), both (bars, places): pitch class, `_SILENT`, or `_OUTSIDE` behind the end of a short bar."""
    places = max(-(-(end - start) // STEP) for start, end in bars)
    sounding = np.full((len(bars), places), _OUTSIDE, np.int8)
    onset = sounding.copy()
    for row, (start, end) in enumerate(bars):
        length = -(-(end - start) // STEP)
        sounding[row, :length] = onset[row, :length] = _SILENT
    starts = np.array([start for start, _ in bars])
    for note in sorted(notes, key=lambda note: (note.pitch, note.start)):  # the highest is written last
        first = int(np.searchsorted(starts, note.start, "right")) - 1
        for row in range(max(first, 0), len(bars)):
            start, end = bars[row]
            if start >= note.end:
                break
            begin = max(note.start - start, 0) // STEP
            stop = max(-(-(min(note.end, end) - start) // STEP), begin + 1)
            length = -(-(end - start) // STEP)
            sounding[row, begin : min(stop, length)] = note.pitch % 12
            if row == first and begin < length:
                onset[row, begin] = note.pitch % 12
    return sounding, onset


def sections(score: Score, track: int | None = None) -> tuple[Section, ...]:
    """The sections of a piece, one after the other over all its bars.

    Repeats, also with small changes, share a letter; the letters come in the order of the alphabet. Where nothing comes
    back the piece is cut into eight bars, with fours for what is left. `kind` is a guess: an intro is silent or a short
    opening that does not return, an ending the same at the end, a chorus the highest of the later sections that return.

    Raises:
        FormatError: `track` is None and no pitched track has notes.
    """
    notes = (score.melody if track is None else score.tracks[track]).notes
    bars = full_bars(score)
    alike = bar_similarity(score, track)
    silent = np.array([not any(note.start < end and note.end > start for note in notes) for start, end in bars])
    alike[np.ix_(silent, silent)] = 0.0  # that nothing is heard twice says nothing
    worth = {length: _worth(alike, length) for length in range(1, min(LONGEST, len(bars)) + 1)}
    best = -np.inf
    for favoured in (None, 4, 8, 12, 16):
        tried = [cut for first, last in _apart(silent) for cut in _cut(worth, first, last, favoured)]
        named = _letters(alike, tried)
        value = _value(alike, tried, named)
        if value > best + 1e-6:
            best, cuts, letters = value, tried, named
    found = [Section(first, last, letter) for (first, last), letter in zip(cuts, letters, strict=True)]
    heights = [_height(notes, bars[first][0], bars[last - 1][1]) for first, last in cuts]
    return _with_kinds(found, heights)


def _apart(silent: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of bars that no section crosses: long silences of the melody and what lies between them."""
    cuts = {0, len(silent)}
    for first, last in pairwise([0, *(np.flatnonzero(np.diff(silent)) + 1).tolist(), len(silent)]):
        at_edge = first == 0 or last == len(silent)
        if silent[first] and last - first >= (2 if at_edge else _SILENCE):
            cuts |= {first, last}
    return list(pairwise(sorted(cuts)))


def _cut(worth: Mapping[int, NDArray[np.float64]], first: int, last: int, favoured: int | None) -> list[tuple[int, int]]:
    """The bars `first` to `last` cut where it is worth most (`_worth` for each length), with sections of `favoured` bars at
    `_FAVOUR` of their price."""
    count = last - first
    best = np.full(count + 1, -np.inf)
    best[0] = 0.0
    came_from = np.zeros(count + 1, int)
    for end in range(1, count + 1):
        for length in range(1, min(LONGEST, end) + 1):
            price = _price(length) * (_FAVOUR if length == favoured else 1)
            value = best[end - length] + worth[length][first + end - length] - price
            if value > best[end] + 1e-9:
                best[end], came_from[end] = value, end - length
    found: list[tuple[int, int]] = []
    end = count
    while end:
        found.append((first + int(came_from[end]), first + end))
        end = int(came_from[end])
    return found[::-1]


def _value(alike: NDArray[np.float32], cuts: Sequence[tuple[int, int]], letters: Sequence[str]) -> float:
    """What sections are worth by their repeats among each other, less their prices."""
    value = 0.0
    for at, (first, last) in enumerate(cuts):
        value -= _price(last - first)
        twins = [_likeness(alike, cuts[at], other) for place, other in enumerate(cuts)
                 if place != at and letters[place] == letters[at]]
        value += (last - first) * max(max(twins, default=0.0) - _WORTH_FROM, 0.0)
    return value


def _likeness(alike: NDArray[np.float32], one: tuple[int, int], other: tuple[int, int]) -> float:
    """Mean likeness of the bars of two sections, in order, over the shorter one."""
    length = min(one[1] - one[0], other[1] - other[0])
    return float(np.diagonal(alike[one[0] : one[0] + length, other[0] : other[0] + length]).mean())


def _price(length: int) -> float:
    return _PRICE.get(length, _OTHER + _PER_BAR * length + _ODD * (length % 2))


def _worth(alike: NDArray[np.float32], length: int) -> NDArray[np.float64]:
    """For each first bar what a section of `length` bars shares with its best repeat that it does not overlap."""
    count = len(alike)
    starts = count - length + 1
    worth = np.zeros(starts)
    for lag in range(length, count - length + 1):
        stripe = np.concatenate(([0.0], np.cumsum(np.diagonal(alike, lag), dtype=np.float64)))
        shared = (stripe[length:] - stripe[:-length]) / length
        np.maximum(worth[: len(shared)], shared, out=worth[: len(shared)])
        np.maximum(worth[lag : lag + len(shared)], shared, out=worth[lag : lag + len(shared)])
    gain: NDArray[np.float64] = length * np.maximum(worth - _WORTH_FROM, 0.0)
    return gain


def _letters(alike: NDArray[np.float32], cuts: Sequence[tuple[int, int]]) -> list[str]:
    """One letter for each cut: that of the most similar earlier section of about its length, or the next one."""
    letters: list[str] = []
    for number, (first, last) in enumerate(cuts):
        found, best = "", ALIKE
        for (begin, stop), letter in zip(cuts[:number], letters, strict=False):
            shorter, longer = sorted((last - first, stop - begin))
            if shorter < 0.75 * longer:
                continue
            likeness = _likeness(alike, (first, last), (begin, stop))
            if likeness >= best:
                found, best = letter, likeness
        letters.append(found or _letter(len(set(letters))))
    return letters


def _letter(number: int) -> str:
    """0 is A, 25 is Z, 26 is A2."""
    turn, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(turn + 1) if turn else "")


def _height(notes: Sequence[Note], start: int, end: int) -> float | None:
    """Mean pitch of what begins in a section, weighted by length; None in silence."""
    inside = [note for note in notes if start <= note.start < end]
    if not inside:
        return None
    return sum(note.pitch * note.duration for note in inside) / sum(note.duration for note in inside)


def _with_kinds(found: Sequence[Section], heights: Sequence[float | None]) -> tuple[Section, ...]:
    times = Counter(section.letter for section in found)
    kinds: list[SectionKind] = ["verse"] * len(found)

    def is_apart(at: int, beside: int) -> bool:
        """Whether a section at an edge is silent, or short and heard once beside one that returns."""
        alone = times[found[at].letter] == 1
        return heights[at] is None or (alone and times[found[beside].letter] > 1 and found[at].bars < found[beside].bars)

    if len(found) > 1 and is_apart(0, 1):
        kinds[0] = "intro"
    if len(found) > 2 and is_apart(len(found) - 1, len(found) - 2):
        kinds[-1] = "ending"
    sounds = [at for at, height in enumerate(heights) if height is not None]
    for at in range(len(found)):
        if at < sounds[0]:
            kinds[at] = "intro"
        elif at > sounds[-1]:
            kinds[at] = "ending"
    body = [at for at, kind in enumerate(kinds) if kind == "verse" and heights[at] is not None]
    first = found[body[0]].letter if body else ""
    mean = {letter: float(np.mean([heights[at] for at in body if found[at].letter == letter]))
            for letter in {found[at].letter for at in body}}
    later = [letter for letter in mean if times[letter] > 1 and letter != first and mean[letter] > mean[first]]
    if later:
        chorus = max(later, key=lambda letter: (mean[letter], letter))
        kinds = ["chorus" if found[at].letter == chorus and at in body else kind for at, kind in enumerate(kinds)]
    return tuple(replace(section, kind=kind) for section, kind in zip(found, kinds, strict=True))
