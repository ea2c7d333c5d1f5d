"""Reads ABC notation: one tune, or the tunes of a book, as scores.

`unfold=True` gives a tune as heard, `unfold=False` each section once, as printed, with the last of
its variant endings. Bars that are not as long as the metre says stay as they are: the metre is
stated anew after them, so that every bar line of the score is a bar line of the tune.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.errors import FormatError, LimitError
from core.score.abc_cells import Cell, bar_breaks, played_order, printed_order
from core.score.abc_fields import KeySignature, plain_text
from core.score.abc_lexer import FINE_PER_TICK
from core.score.abc_parser import TuneParser, Voice
from core.score.types import MAX_TICK, ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track

MAX_TUNE_CHARACTERS = 400_000
MAX_BOOK_CHARACTERS = 20_000_000
MAX_NOTES = 100_000
"""Notes that one tune may have as heard."""

_FIELD = re.compile(r"([A-Za-z+]):(.*)")
_FIELD_IN_MUSIC = re.compile(r"([A-Za-z+]):(?![|:])(.*)")
_PROSE = re.compile(r"[a-z]{4}|[^|]*$")


@dataclass(frozen=True, slots=True)
class TuneText:
    """One tune of a book, not read yet: its fields before the music (comments taken off) and its lines."""

    fields: dict[str, tuple[str, ...]]
    lines: tuple[str, ...]

    def first(self, letter: str) -> str:
        """The first field of a kind, empty without one."""
        values = self.fields.get(letter)
        return values[0] if values else ""

    @property
    def metre(self) -> str:
        """The last `M:` field before the first note, which may follow `K:`; empty without one."""
        metre = (self.fields.get("M") or ("",))[-1]
        for line in self.lines:
            match = _FIELD_IN_MUSIC.match(line)
            if match is None:
                break
            metre = match[2].strip() if match[1] == "M" else metre
        return metre

    def read(self, *, unfold: bool = True) -> Score:
        """See `read_abc`."""
        return _read_tune(self, unfold)


def decode_abc(data: bytes) -> str:
    """The text of an ABC file in UTF-8 or, in older files, Latin-1."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def split_book(text: str) -> tuple[TuneText, ...]:
    """The tunes of a book in order, each from its `X:` field on; a text without `X:` is one tune.

    Raises:
        LimitError: more than `MAX_BOOK_CHARACTERS`.
    """
    return tuple(map(tune_text, tune_sources(text)))


def tune_sources(book: str) -> tuple[str, ...]:
    """The texts of a book's tunes, each from its `X:` field on, their fields not read yet: for one tune of a
    long book, reading the others would take a hundred times as long.

    Raises:
        LimitError: more than `MAX_BOOK_CHARACTERS`.
    """
    if len(book) > MAX_BOOK_CHARACTERS:
        raise LimitError(f"ABC text may have up to {MAX_BOOK_CHARACTERS:,} characters", f"got {len(book):,}", "Split the book")
    text = book.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in re.finditer(r"^X:", text, re.MULTILINE)] or [0]
    return tuple(text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))


def number_of(source: str) -> str:
    """What stands in the `X:` field that a tune's text begins with, empty without one."""
    line = _uncomment(source.partition("\n")[0])
    return line[2:].strip() if line.startswith("X:") else ""


def read_abc(text: str, *, unfold: bool = True) -> Score:
    """Read the first tune of an ABC text.

    Each voice becomes a track. Grace notes, decorations and second voices within a bar (`&`) are
    left out; of several verses the first is kept.

    Raises:
        FormatError: not ABC, no `K:` field, or no notes.
        LimitError: longer than the stated limits.
    """
    if len(text) > MAX_BOOK_CHARACTERS:
        raise LimitError(f"ABC text may have up to {MAX_BOOK_CHARACTERS:,} characters", f"got {len(text):,}", "Split the book")
    starts = [match.start() for match, _ in zip(re.finditer(r"^X:", text, re.MULTILINE), range(2), strict=False)]
    if starts:
        text = text[starts[0] : starts[1] if len(starts) > 1 else len(text)]
    return tune_text(text.replace("\r\n", "\n").replace("\r", "\n")).read(unfold=unfold)


def read_abc_file(data: bytes, name: str) -> Score:
    """The first tune of an ABC file, as heard; `name` is not used.

    Raises:
        FormatError, LimitError: see `read_abc`.
    """
    if b"\0" in data[:4096]:
        raise FormatError("An ABC file is text", "this file is not", "Choose a file of ABC notation")
    return read_abc(decode_abc(data))


def read_tunes(text: str, *, unfold: bool = True) -> Iterator[Score]:
    """Read the tunes of a book one by one; to step over a broken one use `split_book`.

    Raises:
        FormatError, LimitError: see `read_abc`.
    """
    for tune in split_book(text):
        yield tune.read(unfold=unfold)


def tune_text(text: str) -> TuneText:
    """Take the fields of one tune off its music and leave out comments and what follows the tune.

    Raises:
        LimitError: more than `MAX_TUNE_CHARACTERS`.
    """
    if len(text) > MAX_TUNE_CHARACTERS:
        raise LimitError(
            f"An ABC tune may have up to {MAX_TUNE_CHARACTERS:,} characters", f"got {len(text):,}", "Is this an ABC file?"
        )
    fields: dict[str, list[str]] = {}
    header: list[tuple[str, str]] = []
    lines: list[str] = []
    in_body = after_gap = False
    for raw in text.split("\n"):
        line = _uncomment(raw)
        match = (_FIELD_IN_MUSIC if in_body else _FIELD).match(line)
        if not in_body:
            if match and match[1] != "+":
                fields.setdefault(match[1], []).append(match[2].strip())
                header.append((match[1], match[2]))
                in_body = match[1] == "K"
            continue
        if not line.strip():
            after_gap = after_gap or (not raw.strip() and bool(lines))
        elif not (after_gap and match is None and _PROSE.match(line)):
            lines.append(line)
    return TuneText({letter: tuple(values) for letter, values in fields.items()}, tuple(lines))


def _uncomment(line: str) -> str:
    at = line.find("%")
    if at < 0:
        return line
    return line if at and line[at - 1] == "\\" else line[:at].rstrip()


def _read_tune(tune: TuneText, unfold: bool) -> Score:
    if "K" not in tune.fields:
        raise FormatError(
            "ABC notation begins with fields, the last of them the key, such as K:G",
            "there is no K: field",
            "Put the lines X:1, M:4/4, L:1/8 and K:C before the notes",
        )
    parser = TuneParser()
    for letter in ("M", "L", "Q", "V", "K"):
        for value in tune.fields.get(letter, ()):
            parser.header(letter, value)
    parser.body(list(tune.lines))
    voices = [voice for voice in parser.voices.values() if any(event.pitches for cell in voice.cells for event in cell.events)]
    size = sum(map(len, tune.lines))
    if parser.strange > 8 + size // 5:
        raise FormatError("An ABC tune is made of notes A to G, lengths and bar lines", "most of this text is something else",
                          "Paste the ABC text alone")  # fmt: skip
    if not voices:
        raise FormatError("An ABC tune needs notes", "there are none after the K: field", "Write notes such as CDEF GABc")
    return _assemble(tune, voices, unfold)


def _assemble(tune: TuneText, voices: list[Voice], unfold: bool) -> Score:
    order_of: Callable[[list[Cell]], list[int]] = played_order if unfold else printed_order
    lead_order = order_of(voices[0].cells)
    tracks: list[Track] = []
    chords: tuple[ChordSymbol, ...] = ()
    lead: list[Cell] = []
    for number, voice in enumerate(voices):
        alike = number == 0 or len(voice.cells) == len(voices[0].cells)
        order = lead_order if alike else order_of(voice.cells)
        cells = [voice.cells[index] for index in order]
        notes, lyrics = _notes(cells)
        lead = lead or cells
        chords = chords or _chords(cells)
        tracks.append(Track(notes, name=plain_text(voice.name) or (voice.ident if len(voices) > 1 else ""), lyrics=lyrics))
    if not lead:  # such as a second ending without a first
        raise FormatError("An ABC tune needs notes", "there are none after the K: field", "Write notes such as CDEF GABc")
    metres, keys, tempos, pickup = _changes(lead)
    titles, composers = tune.fields.get("T", ()), tune.fields.get("C", ())
    return Score(
        tracks=tuple(tracks),
        tempos=tempos,
        metres=metres,
        keys=keys,
        chords=chords,
        pickup=pickup,
        title=plain_text(titles[0]) if titles else "",
        composer=plain_text(composers[0]) if composers else "",
    )


def _tick(fine: int) -> int:
    return (fine + FINE_PER_TICK // 2) // FINE_PER_TICK


def _too_long() -> LimitError:
    limits = f"A tune may have up to {MAX_NOTES:,} notes and {MAX_TICK:,} ticks"
    return LimitError(limits, "this one has more", "Give a shorter tune")


def _notes(cells: list[Cell]) -> tuple[tuple[Note, ...], tuple[Lyric, ...]]:
    """The cells in a row as notes, tied ones joined, and their syllables."""
    begun: list[tuple[int, int, int]] = []
    lyrics: list[Lyric] = []
    held: dict[int, int] = {}
    base = 0
    for cell in cells:
        for event in cell.events:
            start, end = _tick(base + event.onset), _tick(base + event.onset + event.length)
            sounding: dict[int, int] = {}
            for pitch in event.pitches:
                at = held.get(pitch)
                if at is None:
                    at = len(begun)
                    begun.append((start, pitch, end))
                else:
                    begun[at] = (begun[at][0], pitch, end)
                sounding[pitch] = at
            held = sounding if event.tied else {}
            if event.syllable is not None and event.syllable[0]:
                lyrics.append(Lyric(start, *event.syllable))
        base += cell.length
        if len(begun) > MAX_NOTES or base > MAX_TICK * FINE_PER_TICK:
            raise _too_long()
    return tuple(Note(start, pitch, end - start) for start, pitch, end in begun if end > start), tuple(lyrics)


def _chords(cells: list[Cell]) -> tuple[ChordSymbol, ...]:
    symbols, base = [], 0
    for cell in cells:
        for onset, symbol in cell.chords:
            symbols.append(ChordSymbol(_tick(base + onset), symbol.root, symbol.quality, symbol.bass))
        base += cell.length
    return tuple(symbols)


def _changes(cells: list[Cell]) -> tuple[tuple[Metre, ...], tuple[Key, ...], tuple[Tempo, ...], int]:
    """Metres (stated anew after odd bars), keys and tempos where they change, and the pick-up in ticks."""
    pickup, breaks = bar_breaks(cells)
    fresh = set(breaks)
    metres: list[Metre] = []
    keys: list[Key] = []
    tempos: list[Tempo] = []
    base = 0
    for index, cell in enumerate(cells):
        numerator, denominator = cell.metre.numerator, cell.metre.denominator
        if not metres or index in fresh or (metres[-1].numerator, metres[-1].denominator) != (numerator, denominator):
            metres.append(Metre(_tick(base), numerator, denominator))
        for onset, key in [(0, cell.key), *cell.keys]:
            _add_key(keys, _tick(base + onset), key)
        for onset, tempo in ([(0, cell.tempo)] if cell.tempo else []) + cell.tempos:
            if not tempos or tempos[-1].bpm != tempo:
                tempos.append(Tempo(_tick(base + onset), tempo))
        base += cell.length
    ticks = _tick(pickup)
    return tuple(metres), tuple(keys), tuple(tempos), ticks if ticks < metres[0].bar_ticks else 0


def _add_key(keys: list[Key], tick: int, signature: KeySignature) -> None:
    if signature.tonic is None:
        return
    if not keys or (keys[-1].tonic, keys[-1].mode) != (signature.tonic, signature.mode):
        keys.append(Key(tick, signature.tonic, signature.mode))
