"""Where bars begin when measures are not always as long as their metre says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import LimitError
from core.score.types import MAX_TICK, TICKS_PER_QUARTER, Metre

Measure = tuple[int, int, int]
"""(length in ticks, 0 for empty; numerator; denominator)."""


@dataclass(frozen=True, slots=True)
class BarLines:
    """Start tick of every measure, the metres that put bar lines there, and the pick-up in ticks."""

    starts: tuple[int, ...]
    metres: tuple[Metre, ...]
    pickup: int


def lay_bars(measures: Sequence[Measure]) -> BarLines:
    """Put measures one after the other.

    A first measure that is too short is a pick-up. Two short ones that make a whole bar together are
    that bar, cut by a repeat sign or double bar. Any other measure of another length than its metre
    says is irregular: the metre is stated again after it, so that a bar begins there.

    Raises:
        LimitError: the measures are longer than `MAX_TICK` together.
    """
    tick, anew, second_half, pickup = 0, True, False, 0
    starts: list[int] = []
    metres: list[Metre] = []
    for place, (given, numerator, denominator) in enumerate(measures):
        metre = Metre(tick, numerator, denominator)
        length = given or metre.bar_ticks
        starts.append(tick)
        if tick + length > MAX_TICK:
            raise LimitError(f"Pieces of at most {MAX_TICK} ticks can be read", "this one is longer", "Split the piece")
        changed = not metres or (metres[-1].numerator, metres[-1].denominator) != (numerator, denominator)
        if second_half:
            anew = second_half = False
        else:
            if length > metre.bar_ticks and length % metre.bar_ticks:
                metres.append(_stretched(metre, length))
                changed, anew = False, True
            else:
                if changed or anew:
                    metres.append(metre)
                anew = False
            if length < metre.bar_ticks:
                if place == 0:
                    pickup = length
                else:
                    second_half = _completes(metre, length, measures[place + 1 : place + 2])
                    anew = not second_half
        tick += length
    return BarLines(tuple(starts), tuple(metres), pickup)


def _completes(metre: Metre, length: int, following: Sequence[Measure]) -> bool:
    """Whether the next measure is the rest of a bar of which `length` ticks are there."""
    return any(
        (numerator, denominator) == (metre.numerator, metre.denominator) and length + more == metre.bar_ticks
        for more, numerator, denominator in following
    )


def _stretched(metre: Metre, length: int) -> Metre:
    """A metre for one measure that is too long; the old one where none fits."""
    for denominator in (metre.denominator, 8, 16, 32, 64):
        unit = TICKS_PER_QUARTER * 4 // denominator
        if denominator >= metre.denominator and length % unit == 0 and length // unit <= 64:
            return Metre(metre.tick, length // unit, denominator)
    return metre
