"""The chord symbols of one bar as a line of text, and back: `G`, `G D7`, `G . . D7`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.errors import RequestError
from core.score.abc_fields import parse_chord
from core.score.types import ChordSymbol, Metre, Score

HOLD = "."
"""In a line: the chord before goes on for this beat."""


def counted_bars(score: Score) -> tuple[tuple[int, int, Metre], ...]:
    """The bars of a piece, a pick-up left out unless it is all there is."""
    return score.bars[1:] if score.pickup and len(score.bars) > 1 else score.bars


def bar_chords(score: Score, bar: int) -> str:
    """The chords that begin in a bar, counted from 0 without a pick-up; "" where the one before goes on.

    Chords that share the bar evenly stand side by side. Others stand one a beat, with `HOLD` for beats on which none
    begins; one that begins within a beat stands on it.
    """
    start, end, metre = counted_bars(score)[bar]
    fifths = score.key.fifths if score.key else 0
    inside = [chord for chord in score.chords if start <= chord.tick < end]
    if not inside:
        return ""
    names = [chord.text(fifths) for chord in inside]
    if [chord.tick for chord in inside] == _places(start, end, metre, len(inside)):
        return " ".join(names)
    beats = [HOLD] * _beats(start, end, metre)
    for chord, name in zip(inside, names, strict=True):
        beats[(chord.tick - start) // metre.beat_ticks] = name
    return " ".join(beats)


def with_bar_chords(score: Score, bar: int, text: str) -> Score:
    """A copy in which a bar has the chords of a line, see `bar_chords`; no other bar changes.

    One name fills the bar, two share it, as many names as beats stand one a beat; "" has the chord before go on.

    Raises:
        RequestError: a name is no chord, or there are more than beats, or their number does not fit the beats.
    """
    bars = counted_bars(score)
    start, end, metre = bars[bar]
    names = text.split()
    beats = _beats(start, end, metre)
    places = _places(start, end, metre, len(names))
    if names and not places:
        raise RequestError(f"A bar of {metre} has room for chords on its {beats} beats", f"got {len(names)} of them",
                           f"Write one for each beat, with {HOLD} where none begins")
    new = [replace(_chord(name), tick=tick) for name, tick in zip(names, places, strict=True) if name != HOLD]
    chords = [*(chord for chord in score.chords if not start <= chord.tick < end), *new]
    before, after = _in_force(score.chords, end), _in_force(chords, end)
    if bar + 1 < len(bars) and before is not None and (after is None or replace(after, tick=0) != replace(before, tick=0)):
        chords.append(replace(before, tick=end))  # what sounded in the next bar goes on sounding there
    return replace(score, chords=tuple(chords))


def _in_force(chords: Sequence[ChordSymbol], tick: int) -> ChordSymbol | None:
    return max((chord for chord in chords if chord.tick <= tick), key=lambda chord: chord.tick, default=None)


def _chord(name: str) -> ChordSymbol:
    found = parse_chord(name)
    if found is None:
        raise RequestError("A chord is written like C, Am7, D/F# or N.C.", f"got {name!r}", "Correct it")
    return found


def _beats(start: int, end: int, metre: Metre) -> int:
    return max(1, -(-(end - start) // metre.beat_ticks))


def _places(start: int, end: int, metre: Metre, count: int) -> list[int]:
    """Where so many chords of a bar begin: shared evenly between the beats; [] where that does not work out."""
    beats = _beats(start, end, metre)
    if not count or beats % count:
        return []
    return [start + number * (beats // count) * metre.beat_ticks for number in range(count)]
