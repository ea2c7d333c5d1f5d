"""Notes, rests, ties, tuplets and beams: a track of a notatable score as written symbols."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from core.score.notation import STRAIGHT, Bar
from core.score.types import TICKS_PER_QUARTER, Note, Track

_NAMES = ("whole", "half", "quarter", "eighth", "16th", "32nd", "64th")
VALUES: dict[int, tuple[str, int]] = {
    ticks * 3 // 2 if dots else ticks: (name, dots)
    for dots in (0, 1)
    for name, ticks in ((name, 1920 >> power) for power, name in enumerate(_NAMES))
    if not dots or ticks > STRAIGHT
}
"""Ticks to note type and dots."""
_LONGEST_FIRST = sorted(VALUES, reverse=True)
_TRIPLET_VALUES = (640, 320, 240, 160, 120, 80, 40)
"""Ticks of the values that fill a triplet, longest first; each sounds two thirds of what it looks like."""
_FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}


@dataclass(slots=True)
class Head:
    """One note head of a symbol."""

    pitch: int
    velocity: int
    tied_from: bool
    tied_to: bool


@dataclass(slots=True)
class Symbol:
    """A note, chord or rest as it is written; no heads for a rest, no `type` for a rest that fills its bar."""

    start: int
    ticks: int
    type: str = ""
    dots: int = 0
    heads: list[Head] = field(default_factory=list)
    is_triplet: bool = False
    tuplet: str = ""
    """"start" or "stop" where a tuplet begins or ends."""
    beams: list[str] = field(default_factory=list)
    """MusicXML's beam words, from the eighth-note beam on."""
    is_space: bool = False
    """A gap in a second voice, left empty on the page."""


@dataclass(slots=True)
class _Group:
    """Notes of one voice that begin and end together."""

    start: int
    end: int
    notes: list[Note]


def voices_of(track: Track) -> list[list[_Group]]:
    """The notes as voices in which nothing overlaps: chords together, the upper voice first."""
    grouped: dict[tuple[int, int, int], list[Note]] = defaultdict(list)
    doubles: dict[tuple[int, int, int], int] = defaultdict(int)
    for note in track.notes:
        # The same pitch twice at once cannot share a stem.
        double = doubles[note.start, note.end, note.pitch]
        doubles[note.start, note.end, note.pitch] += 1
        grouped[note.start, note.end, double].append(note)
    groups = [_Group(start, end, notes) for (start, end, _), notes in grouped.items()]
    groups.sort(key=lambda group: (group.start, -group.notes[-1].pitch, group.end))
    voices: list[list[_Group]] = []
    for group in groups:
        for voice in voices:
            if voice[-1].end <= group.start:
                voice.append(group)
                break
        else:
            voices.append([group])
    return voices or [[]]


def symbols_of(voice: list[_Group], bars: tuple[Bar, ...], is_first: bool) -> list[list[Symbol]]:
    """The symbols of a voice, bar by bar. The first voice is filled with rests, the others with space."""
    ends = [group.end for group in voice]
    written: list[list[Symbol]] = []
    for bar in bars:
        place = bisect_right(ends, bar.start)
        inside: list[_Group] = []
        while place < len(voice) and voice[place].start < bar.end:
            inside.append(voice[place])
            place += 1
        if not inside and not is_first:
            written.append([])
        elif not inside and bar.end - bar.start == bar.metre.bar_ticks:
            written.append([Symbol(bar.start, bar.end - bar.start)])
        else:
            written.append(_bar_symbols(inside, bar, is_first))
    return written


def _bar_symbols(groups: list[_Group], bar: Bar, is_first: bool) -> list[Symbol]:
    spans: list[tuple[int, int, _Group | None]] = []
    tick = bar.start
    for group in groups:
        start, end = max(group.start, bar.start), min(group.end, bar.end)
        if start > tick:
            spans.append((tick, start, None))
        spans.append((start, end, group))
        tick = end
    if tick < bar.end:
        spans.append((tick, bar.end, None))
    edges = {edge for start, end, _ in spans for edge in (start, end)}
    triplets = _triplets(bar, edges)
    symbols: list[Symbol] = []
    for start, end, owner in spans:
        for piece_start, piece_end, cell in _pieces(start, end, triplets):
            if owner is None and cell is None and not is_first:
                symbols.append(Symbol(piece_start, piece_end - piece_start, is_space=True))
            else:
                symbols.extend(_write(piece_start, piece_end, cell, owner, bar))
    _bracket(symbols, triplets)
    _beam(symbols, bar)
    return symbols


def _triplets(bar: Bar, edges: set[int]) -> list[tuple[int, int]]:
    """The quarter notes of the bar that hold triplets; two of them as one where only thirds of a half note are heard."""
    cells = [cell for cell in bar.cells if any(cell[0] < edge < cell[1] and (edge - cell[0]) % STRAIGHT for edge in edges)]
    joined: list[tuple[int, int]] = []
    for start, end in cells:
        half = end - 2 * TICKS_PER_QUARTER
        if joined and joined[-1] == (half, start) and (half - bar.origin) % (2 * TICKS_PER_QUARTER) == 0:
            inside = {edge - half for edge in edges if half < edge < end}
            if inside <= {2 * TICKS_PER_QUARTER // 3, 4 * TICKS_PER_QUARTER // 3}:
                joined[-1] = (half, end)
                continue
        joined.append((start, end))
    return joined


def _pieces(start: int, end: int, triplets: list[tuple[int, int]]) -> list[tuple[int, int, tuple[int, int] | None]]:
    """A span cut at the edges of triplets: (start, end, the triplet it lies in)."""
    pieces: list[tuple[int, int, tuple[int, int] | None]] = []
    for cell in triplets:
        if cell[1] <= start or cell[0] >= end:
            continue
        if cell[0] > start:
            pieces.append((start, cell[0], None))
        pieces.append((max(start, cell[0]), min(end, cell[1]), cell))
        start = min(end, cell[1])
    if start < end:
        pieces.append((start, end, None))
    return pieces


def _write(start: int, end: int, cell: tuple[int, int] | None, owner: _Group | None, bar: Bar) -> list[Symbol]:
    """One span as symbols that add up to it, tied where it is a note."""
    symbols = []
    tick = start
    while tick < end:
        ticks = _triplet_value(end - tick) if cell else _value(tick - bar.origin, end - tick, bar, owner is None)
        kind, dots = VALUES[ticks * 3 // 2 if cell else ticks]
        symbol = Symbol(tick, ticks, kind, dots, is_triplet=cell is not None)
        if owner:
            symbol.heads = [Head(n.pitch, n.velocity, tick > owner.start, tick + ticks < owner.end) for n in owner.notes]
        symbols.append(symbol)
        tick += ticks
    return symbols


def _triplet_value(left: int) -> int:
    return next(value for value in _TRIPLET_VALUES if value <= left)


def _value(place: int, left: int, bar: Bar, is_rest: bool) -> int:
    """Ticks of the next value of a span of `left` ticks that begins `place` ticks into the bar.

    A single value where it can be read there; else up to the next beat; else the longest that fits.
    """
    beat = bar.metre.beat_ticks
    if left in VALUES and _is_clear(place, left, beat, is_rest):
        return left
    to_beat = -place % beat
    limit = to_beat if 0 < to_beat < left else left
    fitting = [value for value in _LONGEST_FIRST if value <= limit]
    return next((value for value in fitting if _is_clear(place, value, beat, is_rest)), fitting[-1])


def _is_clear(place: int, ticks: int, beat: int, is_rest: bool) -> bool:
    """Whether a value shows the beats: rests lie on their own multiples, notes may be moved by half."""
    _, dots = VALUES[ticks]
    compound = beat % (TICKS_PER_QUARTER // 4 * 3) == 0
    if compound and place // beat != (place + ticks - 1) // beat:
        return place % beat == 0 and ticks % beat == 0
    part = ticks // 3 if dots else ticks // 2
    if is_rest:
        return place % beat == 0 and ticks == beat if dots else place % ticks == 0
    return place % part == 0


def _bracket(symbols: list[Symbol], triplets: list[tuple[int, int]]) -> None:
    for start, end in triplets:
        inside = [symbol for symbol in symbols if symbol.is_triplet and start <= symbol.start < end]
        if len(inside) > 1:
            inside[0].tuplet, inside[-1].tuplet = "start", "stop"


def _beam(symbols: list[Symbol], bar: Bar) -> None:
    """Join flagged notes of the same beat."""
    beat = bar.metre.beat_ticks
    run: list[Symbol] = []
    for symbol in [*symbols, Symbol(bar.end, 0)]:
        flagged = bool(symbol.heads) and symbol.type in _FLAGS
        if run and (not flagged or (symbol.start - bar.origin) // beat != (run[0].start - bar.origin) // beat):
            _join(run)
            run = []
        if flagged:
            run.append(symbol)


def _join(run: list[Symbol]) -> None:
    if len(run) < 2:
        return
    flags = [0, *(_FLAGS[symbol.type] for symbol in run), 0]
    for place, symbol in enumerate(run, 1):
        for level in range(1, flags[place] + 1):
            before, after = flags[place - 1] >= level, flags[place + 1] >= level
            words = {(True, True): "continue", (True, False): "end", (False, True): "begin"}
            hook = "backward hook" if place > 1 else "forward hook"
            symbol.beams.append(words.get((before, after), hook))
