"""The form of a song as far as a band needs it: phrases, which of them return, verses and choruses, where fills belong.

For the data of bands alone, where songs are cut the same way whatever collection they come from. Bars are counted from 0,
a pick-up left out, as in `core.engines.arranging.Section`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.score import Score

Kind = Literal["intro", "verse", "chorus", "ending"]

_ALIKE = 0.6
"""Share of equal notes (place in the bar and pitch) from which two phrases have one letter."""


@dataclass(frozen=True, slots=True)
class Form:
    """One entry a bar. `letters` are equal where the melody nearly is; `fills` marks bars that lead into a new section."""

    letters: tuple[str, ...]
    kinds: tuple[Kind, ...]
    fills: tuple[bool, ...]


def whole_bars(score: Score) -> list[tuple[int, int]]:
    """Start and end of every bar, the pick-up left out."""
    return [(start, end) for start, end, _ in score.bars[1 if score.pickup and len(score.bars) > 1 else 0 :]]


def song_form(score: Score) -> Form:
    """Phrases of eight bars (four in pieces below sixteen) counted from the first bar with melody.

    Bars before it are the intro, those behind the melody's last and the last bar of all the ending. Of the phrases that
    return, those with the highest melody are choruses, where there is another phrase.
    """
    bars = whole_bars(score)
    cells = _cells(score, bars)
    sung = [bar for bar, cell in enumerate(cells) if cell] or [0]
    first, last = sung[0], min(sung[-1] + 1, len(bars))
    size = 8 if last - first >= 16 else 4
    phrases = [(start, min(start + size, last)) for start in range(first, last, size)]
    letters: list[str] = []
    known: list[tuple[str, list[frozenset[tuple[int, int]]]]] = []
    for start, end in phrases:
        mine = cells[start:end]
        name = next((letter for letter, other in known if _likeness(mine, other) >= _ALIKE), None)
        if name is None:
            name = _letter(len({letter for letter, _ in known}))
        known.append((name, mine))
        letters.append(name)
    chorus = _chorus(letters, [_mean_pitch(cells[start:end]) for start, end in phrases])
    by_bar, kinds, fills = [""] * len(bars), ["intro"] * len(bars), [False] * len(bars)
    for (start, end), letter in zip(phrases, letters, strict=True):
        by_bar[start:end] = [letter] * (end - start)
        kinds[start:end] = ["chorus" if letter == chorus else "verse"] * (end - start)
        fills[start - 1 if start else 0] = start > 0
    kinds[last:] = ["ending"] * (len(bars) - last)
    kinds[-1] = "ending"
    fills[-1] = False
    return Form(tuple(by_bar), tuple(kinds), tuple(fills))  # type: ignore[arg-type]


def _cells(score: Score, bars: list[tuple[int, int]]) -> list[frozenset[tuple[int, int]]]:
    """Of every bar the melody's notes as (ticks from the bar line, pitch)."""
    cells: list[set[tuple[int, int]]] = [set() for _ in bars]
    bar = 0
    for note in score.melody.notes:
        while bar + 1 < len(bars) and note.start >= bars[bar][1]:
            bar += 1
        if note.start >= bars[bar][0]:
            cells[bar].add((note.start - bars[bar][0], note.pitch))
    return [frozenset(cell) for cell in cells]


def _likeness(a: list[frozenset[tuple[int, int]]], b: list[frozenset[tuple[int, int]]]) -> float:
    """Shared notes over all notes, bar against bar; 0 for phrases of different lengths."""
    if len(a) != len(b):
        return 0.0
    both = sum(len(x & y) for x, y in zip(a, b, strict=True))
    every = sum(len(x | y) for x, y in zip(a, b, strict=True))
    return both / every if every else 1.0


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"A{index}"


def _mean_pitch(cells: list[frozenset[tuple[int, int]]]) -> float:
    pitches = [pitch for cell in cells for _, pitch in cell]
    return sum(pitches) / len(pitches) if pitches else 0.0


def _chorus(letters: list[str], heights: list[float]) -> str | None:
    """The letter that returns and lies highest; None where a piece has only one letter."""
    if len(set(letters)) < 2:
        return None
    returning = [letter for letter in dict.fromkeys(letters) if letters.count(letter) > 1] or list(dict.fromkeys(letters))
    mean = {letter: [h for other, h in zip(letters, heights, strict=True) if other == letter] for letter in returning}
    return max(returning, key=lambda letter: sum(mean[letter]) / len(mean[letter]))
