"""ABC notation, the grammar: the lines of one tune become voices of cells."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.errors import FormatError, LimitError
from core.score.abc_cells import MAX_CELLS, Cell, Event
from core.score.abc_fields import (
    FREE,
    KeySignature,
    MetreField,
    default_unit,
    parse_chord,
    parse_key,
    parse_metre,
    parse_tempo,
    parse_unit,
)
from core.score.abc_lexer import TOKEN, chord_notes, decode_bar, decode_ending, decode_length, decode_note
from core.score.abc_lyrics import lay_lyrics

MAX_EVENTS = 100_000
"""Notes and rests that one tune may have."""

MAX_VOICES = 32

_FIELD = re.compile(r"([A-Za-z+]):(?![|:])(.*)")
_TUPLET_TIME = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}


class Voice:
    """One voice while it is read."""

    def __init__(self, ident: str, metre: MetreField, key: KeySignature, unit: int, tempo: float | None) -> None:
        self.ident, self.name = ident, ""
        self.unit, self.shift = unit, 0
        self.cells: list[Cell] = []
        self.cell = Cell(metre, key, tempo)
        self.signature = dict(key.accidentals)
        self.altered: dict[str, int] = {}
        self.recent: dict[int, int] = {}
        self.tie: dict[int, int] = {}
        self.last: Event | None = None
        self.factor: tuple[int, int] | None = None
        self.tuplet = (0, 1, 1)
        self.overlay = False
        self.line: list[tuple[Event, int]] = []
        self.sung = False

    def pitch(self, text: str) -> tuple[int, int, int, int]:
        """A written note as (natural pitch, sounding pitch, numerator, denominator)."""
        accidental, letter, natural, top, below = decode_note(text)
        if accidental is not None:
            self.altered[letter] = accidental
        elif natural in self.tie:
            return natural, self.tie[natural], top, below
        else:
            accidental = self.altered.get(letter)
            if accidental is None:
                accidental = self.signature.get(letter, 0)
        sounding = natural + accidental + self.shift
        if not 0 <= sounding <= 127:
            raise FormatError("Notes lie between C,,,,, and g'''''", f"got {text}", "Take out octave marks")
        return natural, sounding, top, below

    def note(self, text: str) -> None:
        natural, sounding, top, below = self.pitch(text)
        self.add((sounding,), top, below)
        self.recent, self.tie = {natural: sounding}, {}

    def chord(self, text: str) -> None:
        notes = [self.pitch(note) for note in chord_notes(text)]
        if not notes:
            return
        top, below = decode_length(text)
        self.add(tuple(sorted({note[1] for note in notes})), top * notes[0][2], below * notes[0][3])
        self.recent, self.tie = {note[0]: note[1] for note in notes}, {}
        if "-" in text:
            self.tied("-")

    def rest(self, text: str) -> None:
        top, below = decode_length(text)
        if text[0] in "ZX":
            self.put(Event(self.cell.length, self.cell.metre.full * top // below, ()))
        else:
            self.add((), top, below)
        self.recent, self.tie = {}, {}

    def add(self, pitches: tuple[int, ...], top: int, below: int) -> None:
        """Append a note, chord or rest, in the tuplet and broken rhythm that hold."""
        length = self.unit * top // below
        left, over, under = self.tuplet
        if left:
            length = length * over // under
            self.tuplet = (left - 1, over, under)
        if self.factor:
            length = length * self.factor[0] // self.factor[1]
            self.factor = None
        self.put(Event(self.cell.length, length, pitches))

    def put(self, event: Event) -> None:
        if self.overlay or not event.length:
            return
        cell = self.cell
        cell.events.append(event)
        cell.length += event.length
        self.last = event
        if event.pitches:
            if self.sung:
                self.line, self.sung = [], False
            self.line.append((event, len(self.cells)))

    def tied(self, _text: str) -> None:
        if self.last is not None and self.recent:
            self.last.tied, self.tie = True, self.recent

    def broken(self, text: str) -> None:
        last, count = self.last, len(text)
        if last is None or self.overlay:
            return
        long, short, half = 2 ** (count + 1) - 1, 1, 2**count
        mine, next_one = (long, short) if text[0] == ">" else (short, long)
        length = last.length * mine // half
        self.cell.length += length - last.length
        last.length = length
        self.factor = (next_one, half)

    def open_tuplet(self, text: str) -> None:
        parts = [int(part) if part else 0 for part in text[1:].split(":")]
        count = parts[0]
        odd = 3 if self.cell.metre.compound else 2
        time = (parts[1] if len(parts) > 1 else 0) or _TUPLET_TIME.get(count, odd)
        notes = (parts[2] if len(parts) > 2 else 0) or count
        if not 2 <= count <= 64 or time > 64:
            raise FormatError("Tuplets are written like (3abc", f"got {text}", "Correct that tuplet")
        self.tuplet = (notes, time, count)

    def bar(self, text: str) -> None:
        plays, opens, section, ending = decode_bar(text)
        self.close(plays, section)
        cell = self.cell
        cell.opens = cell.opens or opens
        if ending is not None:
            cell.ending = ending

    def ending(self, text: str) -> None:
        self.close(0, False)
        self.cell.ending = decode_ending(text)

    def close(self, plays: int, section: bool) -> None:
        """End the bar; a bar line after an empty bar adds to the bar line before."""
        self.altered = {}
        self.overlay, self.last = False, None
        self.tuplet = (0, 1, 1)
        cell = self.cell
        if not cell.length:
            if self.cells:
                before = self.cells[-1]
                before.plays = max(before.plays, plays)
                before.ends_section = before.ends_section or section
            return
        cell.plays, cell.ends_section = plays, section
        self.cells.append(cell)
        if len(self.cells) > MAX_CELLS:
            raise LimitError(f"A tune may have up to {MAX_CELLS} bars", "this one has more", "Give a shorter tune")
        key = cell.keys[-1][1] if cell.keys else cell.key
        self.cell = Cell(cell.metre, key, cell.tempos[-1][1] if cell.tempos else cell.tempo)

    def end_line(self, goes_on: bool) -> None:
        """A line that ends on a full bar ends that bar, with or without a bar line."""
        cell = self.cell
        if cell.length and cell.length == cell.metre.full and not self.tuplet[0]:
            self.close(0, False)
        if not goes_on:
            self.sung = True

    def set_metre(self, metre: MetreField) -> None:
        if metre != self.cell.metre:
            self.close(0, False)
            self.cell.metre = metre

    def set_key(self, key: KeySignature) -> None:
        self.signature = dict(key.accidentals)
        if self.cell.length:
            self.cell.keys.append((self.cell.length, key))
        else:
            self.cell.key = key

    def set_tempo(self, tempo: float | None) -> None:
        if tempo is None:
            return
        if self.cell.length:
            self.cell.tempos.append((self.cell.length, tempo))
        else:
            self.cell.tempo = tempo

    def quoted(self, text: str) -> None:
        """Text in quotes: a chord symbol, or words that mean nothing for the music."""
        words = text[1:-1].strip()
        if words and words[0] not in "^_<>@":
            symbol = parse_chord(words.split(";")[0])
            if symbol is not None:
                self.cell.chords.append((self.cell.length, symbol))


class TuneParser:
    """Reads one tune line by line; `voices` holds the result."""

    def __init__(self) -> None:
        self.metre: MetreField | None = None
        self.unit: int | None = None
        self.tempo: str = ""
        self.key: KeySignature | None = None
        self.declared: list[tuple[str, str]] = []
        self.voices: dict[str, Voice] = {}
        self.voice: Voice | None = None
        self.strange = self.events = 0

    def header(self, letter: str, value: str) -> None:
        """One field before the music."""
        if letter == "M":
            self.metre = parse_metre(value)
        elif letter == "L":
            self.unit = parse_unit(value)
        elif letter == "Q":
            self.tempo = value
        elif letter == "V" and len(self.declared) < MAX_VOICES:
            ident, _, rest = value.strip().partition(" ")
            self.declared.append((ident, rest))
        elif letter == "K":
            self.key = parse_key(value.partition(" clef")[0])

    def body(self, lines: list[str]) -> None:
        """All lines after the `K:` field.

        Raises:
            FormatError: the text is not ABC.
            LimitError: more notes, bars or voices than stated.
        """
        for ident, rest in self.declared:
            self.select(ident, rest)
        self.voice = None
        for line in lines:
            match = _FIELD.match(line)
            if match:
                self.field(match[1], match[2])
            elif line.strip():
                self.music(line)
        for voice in self.voices.values():
            voice.close(0, False)

    def select(self, ident: str, rest: str = "") -> Voice:
        """Go on in the voice `ident`, which is made where it is new."""
        voice = self.voices.get(ident)
        if voice is None:
            if len(self.voices) >= MAX_VOICES:
                raise LimitError(f"A tune may have up to {MAX_VOICES} voices", "this one has more", "Take out voices")
            metre, key = self.metre or FREE, self.key
            assert key is not None
            unit = self.unit or default_unit(metre)
            tempo = parse_tempo(self.tempo, unit) if self.tempo else None
            voice = self.voices[ident] = Voice(ident, metre, key, unit, tempo)
        if rest:
            name = re.search(r'\b(?:name|nm)="?([^"=]*?)"?(?:\s+\w+=|\s*$)', rest)
            octave, steps = re.search(r"octave=(-?\d)", rest), re.search(r"transpose=(-?\d{1,2})", rest)
            voice.name = name[1].strip() if name else voice.name
            eighth = re.search(r"clef=\"?\w+([+-])8", rest)
            voice.shift = 12 * int(octave[1]) if octave else 12 * int(f"{eighth[1]}1") if eighth else voice.shift
            voice.shift += int(steps[1]) if steps else 0
        self.voice = voice
        return voice

    def current(self) -> Voice:
        return self.voice or self.select(next(iter(self.voices), "1"))

    def field(self, letter: str, value: str) -> None:
        """A field within the music, on its own line or in brackets."""
        if letter == "V":
            ident, _, rest = value.strip().partition(" ")
            self.select(ident, rest)
            return
        if letter not in "KMLQw":
            return
        voice = self.current()
        if letter == "K":
            voice.set_key(parse_key(value.partition(" clef")[0]))
        elif letter == "M":
            voice.set_metre(parse_metre(value))
        elif letter == "L":
            voice.unit = parse_unit(value)
        elif letter == "Q":
            voice.set_tempo(parse_tempo(value, voice.unit))
        elif voice.line and (not voice.sung or all(event.syllable is None for event, _ in voice.line)):
            lay_lyrics(value, voice.line)
            voice.sung = True

    def music(self, line: str) -> None:
        voice = self.current()
        handlers = _handlers(voice)
        for match in TOKEN.finditer(line):
            kind = match.lastgroup
            if kind == "note":
                voice.note(match.group())
            elif kind == "skip" or kind == "mark":
                continue
            elif kind == "field":
                text = match.group()
                self.field(text[1], text[3:-1])
                if self.voice is not voice:
                    voice = self.current()
                    handlers = _handlers(voice)
            elif kind == "other":
                self.strange += 1
            else:
                handlers[kind or ""](match.group())
        self.events += len(line)
        if self.events > 8 * MAX_EVENTS:
            raise LimitError(f"A tune may have up to {MAX_EVENTS} notes", "this one has more", "Give a shorter tune")
        voice.end_line(line.rstrip().endswith("\\"))


def _handlers(voice: Voice) -> dict[str, Callable[[str], None]]:
    return {
        "bar": voice.bar,
        "ending": voice.ending,
        "chord": voice.chord,
        "oldchord": voice.chord,
        "rest": voice.rest,
        "broken": voice.broken,
        "tuplet": voice.open_tuplet,
        "tie": voice.tied,
        "text": voice.quoted,
        "overlay": lambda _text: setattr(voice, "overlay", True),
    }
