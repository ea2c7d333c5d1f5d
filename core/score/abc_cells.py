"""ABC notation, the bars: what stands between two bar lines, and the order in which it is played."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import LimitError
from core.score.abc_fields import KeySignature, MetreField
from core.score.types import ChordSymbol

MAX_CELLS = 20_000
MAX_PASSES = 8


@dataclass(slots=True)
class Event:
    """A note, chord or rest (no pitches); onset in the cell and length in fine units."""

    onset: int
    length: int
    pitches: tuple[int, ...]
    tied: bool = False
    syllable: tuple[str, str] | None = None


@dataclass(slots=True)
class Cell:
    """The music between two bar lines, with the repeat signs around it; lengths in fine units."""

    metre: MetreField
    key: KeySignature
    tempo: float | None
    events: list[Event] = field(default_factory=list)
    length: int = 0
    chords: list[tuple[int, ChordSymbol]] = field(default_factory=list)
    keys: list[tuple[int, KeySignature]] = field(default_factory=list)
    tempos: list[tuple[int, float]] = field(default_factory=list)
    opens: bool = False
    """A repeat begins here."""
    plays: int = 0
    """How often a repeat that closes here is played, 0 where none closes."""
    ends_section: bool = False
    ending: frozenset[int] | None = None
    """The passes on which the variant ending that begins here is played."""


def _ending_end(cells: list[Cell], start: int) -> int:
    """The first cell after the variant ending that begins at `start`."""
    index = start + 1
    while index < len(cells):
        before, cell = cells[index - 1], cells[index]
        if before.plays or before.ends_section or cell.ending is not None or cell.opens:
            break
        index += 1
    return index


def printed_order(cells: list[Cell]) -> list[int]:
    """Every section once, with the last of its variant endings."""
    order, index = [], 0
    while index < len(cells):
        ending = cells[index].ending
        if ending is not None:
            after = _ending_end(cells, index)
            following = cells[after].ending if after < len(cells) else None
            if following is not None and not cells[after].opens and min(following) > min(ending):
                index = after
                continue
        order.append(index)
        index += 1
    return order


def played_order(cells: list[Cell]) -> list[int]:
    """The cells as heard: repeats taken, variant endings chosen by pass.

    A repeat without an opening sign goes back to the last double bar, the last repeat or the
    beginning, whichever came last.

    Raises:
        LimitError: more than `MAX_CELLS` bars are heard.
    """
    order: list[int] = []
    index, start, turn = 0, 0, 1
    signed = in_ending = False
    while index < len(cells):
        cell = cells[index]
        if cell.opens and index != start:
            start, turn = index, 1
        signed, in_ending = signed or cell.opens, in_ending and not cell.opens
        if cell.ending is not None and turn not in cell.ending:
            after = _ending_end(cells, index)
            follows = _ending_follows(cells, after)
            if turn > min(cell.ending) or follows:
                index = after
                if not follows:
                    start, turn, signed, in_ending = index, 1, False, False
                continue
            turn = min(cell.ending)
        in_ending = in_ending or cell.ending is not None
        order.append(index)
        if len(order) > MAX_CELLS:
            raise LimitError(f"A tune may have up to {MAX_CELLS} bars as heard", "this one has more", "Take out repeats")
        if cell.plays and _again(cells, start, index, turn):
            index, turn, in_ending = start, turn + 1, False
            continue
        index += 1
        while cell.plays and in_ending and index < len(cells) and turn >= min(cells[index].ending or {MAX_PASSES + 1}):
            index = _ending_end(cells, index)
        if cell.plays or (cell.ends_section and (in_ending or not signed) and not _ending_follows(cells, index)):
            start, turn, signed, in_ending = index, 1, False, False
    return order


def _ending_follows(cells: list[Cell], index: int) -> bool:
    return index < len(cells) and cells[index].ending is not None


def _again(cells: list[Cell], start: int, index: int, turn: int) -> bool:
    """Whether the repeat that closes at `index` is taken once more after pass `turn`."""
    if turn >= MAX_PASSES:
        return False
    inside = next((cells[i].ending for i in range(index, start - 1, -1) if cells[i].ending is not None), None)
    if inside is None:
        return turn < cells[index].plays
    if turn == 1:
        return True
    numbers = set().union(*(cell.ending for cell in cells[start : index + 1] if cell.ending is not None))
    later = index + 1
    while _ending_follows(cells, later):
        numbers |= cells[later].ending or frozenset()
        later = _ending_end(cells, later)
    return turn + 1 in numbers


def bar_breaks(cells: list[Cell]) -> tuple[int, list[int]]:
    """Where bars in playing order leave the even grid of their metre.

    Returns the length of the pick-up in fine units (0 without one) and the indices of the cells
    at whose beginning the grid starts afresh, because an odd bar stands before them. Two or three
    short cells that fill a bar between them (a bar split at a repeat sign or a line's end) are one bar.
    """
    pickup, breaks, index = 0, [], 0
    while index < len(cells):
        cell = cells[index]
        full = cell.metre.full
        width = 1
        if not cell.metre.free and cell.length % full:
            width = _split_bar(cells, index)
            if width == 0:
                if index == 0 and cell.length < full and len(cells) > 1:
                    pickup = cell.length
                elif index + 1 < len(cells):
                    breaks.append(index + 1)
                width = 1
        index += width
    return pickup, breaks


def _split_bar(cells: list[Cell], index: int) -> int:
    """How many cells from `index` on fill one bar between them, 0 where they do not."""
    full, total = cells[index].metre.full, 0
    for width in range(1, 4):
        if index + width > len(cells) or cells[index + width - 1].metre.full != full:
            return 0
        total += cells[index + width - 1].length
        if total >= full:
            return width if total == full else 0
    return 0
