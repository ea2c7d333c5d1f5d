"""Lead sheets as events: the representation between a `Score` and the lead-sheet network.

A bar is a run of events (chord, duration, pitch). Events never cross a bar line or a chord
change: a note that does is continued by a *hold*. Pitches are counted from a tonic in the
melody's middle, chords from the tonic, so one network knows one key and writes all of them.
Time here is in units of 1/24 quarter note, which holds 32nds and triplets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.errors import FormatError
from core.score import TICKS_PER_QUARTER, ChordSymbol, Key, Metre, Note, Score, Tempo, Track

UNITS_PER_QUARTER = 24
TICKS_PER_UNIT = TICKS_PER_QUARTER // UNITS_PER_QUARTER

DURATIONS = (1, 2, 3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, 24, 27, 28, 30, 32, 33, 36, 40, 42, 45, 48, 54, 60, 66,
             72, 78, 84, 90, 96, 108, 120, 132, 144, 168, 192)
"""Durations in units that an event can have; others are made of several with holds."""
DURATION_INDEX = {units: index for index, units in enumerate(DURATIONS)}

METRES = ("4/4", "2/4", "3/4", "2/2", "6/8", "9/8", "12/8", "3/8", "6/4", "3/2", "4/2", "5/4")
MODES = ("major", "minor", "dorian", "mixolydian")
QUALITIES = ("maj", "min", "7", "dim", "maj7", "min7")
_SIMPLER = {"maj": "maj", "min": "min", "7": "7", "maj7": "maj7", "min7": "min7", "dim": "dim", "dim7": "dim",
            "min7b5": "dim", "aug": "maj", "sus4": "maj", "sus2": "maj", "6": "maj", "min6": "min", "9": "7"}

NO_CHORD = 12 * len(QUALITIES)
UNKNOWN_CHORD = NO_CHORD + 1
CHORDS = NO_CHORD + 2

REST, HOLD = 0, 1
LOW, HIGH = -29, 41
"""Pitches relative to the tonic reference; symbol = pitch - LOW + 2."""
PITCHES = HIGH - LOW + 1 + 2

MAX_BARS = 160


@dataclass(frozen=True, slots=True)
class Event:
    """`chord` in 0..CHORDS-1, `duration` in units, `pitch` symbol: REST, HOLD or pitch - LOW + 2."""

    chord: int
    duration: int
    pitch: int


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """Bars of events in one key and metre. `reference` is the MIDI pitch of the tonic counted from;
    `pickup` units of the bar before the first come first in `bars[0]` when it is not 0."""

    bars: tuple[tuple[Event, ...], ...]
    metre: str
    mode: str
    reference: int
    pickup: int = 0

    @property
    def bar_units(self) -> int:
        return bar_units(self.metre)

    @property
    def events(self) -> list[Event]:
        return [event for bar in self.bars for event in bar]


def bar_units(metre: str) -> int:
    numerator, denominator = metre.split("/")
    return int(numerator) * UNITS_PER_QUARTER * 4 // int(denominator)


def parse_metre(metre: str) -> Metre:
    numerator, denominator = metre.split("/")
    return Metre(0, int(numerator), int(denominator))


def chord_symbol_index(chord: ChordSymbol, tonic: int) -> int:
    """Chord relative to the tonic as an index in 0..NO_CHORD."""
    if chord.root is None:
        return NO_CHORD
    return (chord.root - tonic) % 12 * len(QUALITIES) + QUALITIES.index(_SIMPLER[chord.quality])


def chord_from_index(index: int, tonic: int, tick: int) -> ChordSymbol:
    if index >= NO_CHORD:
        return ChordSymbol(tick, None)
    root, quality = divmod(index, len(QUALITIES))
    return ChordSymbol(tick, (root + tonic) % 12, QUALITIES[quality])


def skyline(notes: Sequence[Note]) -> list[Note]:
    """One voice: at each start the highest note, cut where the next one starts."""
    highest: dict[int, Note] = {}
    for note in notes:
        held = highest.get(note.start)
        if held is None or note.pitch > held.pitch:
            highest[note.start] = note
    line = [highest[start] for start in sorted(highest)]
    cut = [replace(a, duration=min(a.duration, b.start - a.start)) for a, b in pairwise(line)]
    return cut + line[-1:]


def reference_for(pitches: Sequence[int], tonic: int) -> int:
    """The tonic's MIDI pitch nearest to 4 semitones below the mean of the melody; of two as near the upper one, in every key."""
    count = len(pitches)
    return (sum(pitches) + (2 - tonic) * count) // (12 * count) * 12 + tonic


def single_metre_span(score: Score) -> tuple[int, int, Metre]:
    """(start tick, end tick, metre) of the longest stretch in one metre; the whole piece usually."""
    marks = [metre for i, metre in enumerate(score.metres) if i == 0 or str(metre) != str(score.metres[i - 1])]
    ends = [metre.tick for metre in marks[1:]] + [score.length]
    spans = [(metre.tick, min(end, score.length), metre) for metre, end in zip(marks, ends, strict=True)]
    return max(spans, key=lambda span: span[1] - span[0])


def encode(score: Score, *, keep_empty_bars: bool = False, track: Track | None = None) -> LeadSheet:
    """A score's melody and chords as a lead sheet; the key must be known.

    Takes the longest stretch in one metre, the first key, and drops bars of nothing but rest
    unless `keep_empty_bars`.

    Raises:
        FormatError: no melody, no key, or a metre or mode that this representation has no place for.
    """
    key = score.key
    if key is None:
        raise FormatError("A lead sheet needs a key", "this piece names none", "Give the key")
    start, end, metre = single_metre_span(score)
    name = str(metre)
    if name not in METRES:
        raise FormatError(f"A metre of {', '.join(METRES)} is needed", f"the piece is in {name}")
    mode = {"phrygian": "minor", "locrian": "minor", "lydian": "major"}.get(key.mode, key.mode)
    notes = [note for note in skyline((track or score.melody).notes) if start <= note.start < end]
    if not notes:
        raise FormatError("A melody needs at least one note", "this stretch has none")
    reference = reference_for([note.pitch for note in notes], key.tonic)
    pickup = score.pickup if start == 0 else 0
    units = bar_units(name)
    line = _quantise(notes, start)
    chords = _chord_marks(score, start, key.tonic)
    pick_units = round(pickup / TICKS_PER_UNIT)
    bars: list[tuple[Event, ...]] = []
    bar_start, last = (0, pick_units) if pick_units else (0, units)
    total = max(n[1] for n in line)
    while bar_start < total and len(bars) < MAX_BARS:
        bars.append(_bar_events(line, chords, bar_start, last, reference))
        bar_start, last = last, last + units
    first_kept = [bars[0]] if pick_units else []
    rest = bars[1:] if pick_units else bars
    if not keep_empty_bars:
        rest = [bar for bar in rest if any(event.pitch != REST for event in bar)]
    return LeadSheet(tuple(first_kept + rest), name, mode, reference, pick_units)


def _quantise(notes: Sequence[Note], origin: int) -> list[tuple[int, int, int]]:
    """(start, end, pitch) in units, in order, without overlaps or empty notes."""
    line: list[tuple[int, int, int]] = []
    for note in notes:
        begin, finish = round((note.start - origin) / TICKS_PER_UNIT), round((note.end - origin) / TICKS_PER_UNIT)
        if line and line[-1][1] > begin:
            line[-1] = (line[-1][0], begin, line[-1][2])
            if line[-1][0] >= begin:
                line.pop()
        line.append((begin, max(finish, begin + 1), note.pitch))
    return line


def _chord_marks(score: Score, origin: int, tonic: int) -> list[tuple[int, int]]:
    """(unit, chord index) in order; starts with an unknown chord where the piece has none yet."""
    if not score.chords:
        return [(0, UNKNOWN_CHORD)]
    marks = {max(0, round((chord.tick - origin) / TICKS_PER_UNIT)): chord_symbol_index(chord, tonic) for chord in score.chords}
    if 0 not in marks:
        marks[0] = NO_CHORD
    return sorted(marks.items())


def _bar_events(line: list[tuple[int, int, int]], chords: list[tuple[int, int]], start: int, end: int,
                reference: int) -> tuple[Event, ...]:
    inside = [note for note in line if note[0] < end and note[1] > start]
    cuts = {start, end}
    for begin, finish, _ in inside:
        cuts |= {max(begin, start), min(finish, end)}
    cuts |= {unit for unit, _ in chords if start < unit < end}
    edges = sorted(cuts)
    events: list[Event] = []
    for left, right in pairwise(edges):
        chord = [index for unit, index in chords if unit <= left][-1]
        sounding = next((note for note in inside if note[0] <= left < note[1]), None)
        if sounding is None:
            symbol = REST
        elif sounding[0] < left:
            symbol = HOLD
        else:
            symbol = min(max(sounding[2] - reference, LOW), HIGH) - LOW + 2
        for part in split_duration(right - left):
            events.append(Event(chord, part, symbol))
            symbol = HOLD if symbol != REST else REST
    return tuple(events)


def split_duration(units: int) -> list[int]:
    """Units as a sum of `DURATIONS`, largest first."""
    parts: list[int] = []
    while units > 0:
        part = max(d for d in DURATIONS if d <= units)
        parts.append(part)
        units -= part
    return parts


def decode(sheet: LeadSheet, *, tempo: float, program: int, name: str = "Melody", title: str = "") -> Score:
    """The lead sheet as a score with one track, chord symbols, key and metre; starts at tick 0."""
    tonic = sheet.reference % 12
    notes: list[Note] = []
    chords: list[ChordSymbol] = []
    tick, previous = 0, None
    for event in sheet.events:
        length = event.duration * TICKS_PER_UNIT
        if event.chord != previous and event.chord != UNKNOWN_CHORD:
            chords.append(chord_from_index(event.chord, tonic, tick))
        previous = event.chord
        if event.pitch == HOLD and notes and notes[-1].end == tick:
            notes[-1] = replace(notes[-1], duration=notes[-1].duration + length)
        elif event.pitch > HOLD:
            notes.append(Note(tick, event.pitch - 2 + LOW + sheet.reference, length, 80))
        tick += length
    return Score(
        tracks=(Track(tuple(_accent(notes, sheet)), name=name, program=program),),
        tempos=(Tempo(0, tempo),),
        metres=(parse_metre(sheet.metre),),
        keys=(Key(0, tonic, sheet.mode),),
        chords=tuple(chords),
        pickup=sheet.pickup * TICKS_PER_UNIT,
        title=title,
    )


def _accent(notes: list[Note], sheet: LeadSheet) -> list[Note]:
    """Velocities by metrical weight: the bar's first beat, other beats, between beats."""
    metre = parse_metre(sheet.metre)
    shift = metre.bar_ticks - sheet.pickup * TICKS_PER_UNIT if sheet.pickup else 0
    levels = []
    for note in notes:
        position = (note.start + shift) % metre.bar_ticks
        levels.append(96 if position == 0 else 86 if position % metre.beat_ticks == 0 else 76)
    return [replace(note, velocity=level) for note, level in zip(notes, levels, strict=True)]
