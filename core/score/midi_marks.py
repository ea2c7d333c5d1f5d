"""What a `Score` holds and MIDI has no event for, as text that any program shows and keeps.

=====================  ==========================================================================
``chord: A:min7/G``     marker: a chord symbol
``key: D dorian``      marker: a key that a key signature cannot name
``pickup``             marker where the first whole bar begins
``songloom:composer``  text event, the name after ``=``
``songloom:track``     text event in a muted or empty track: program, drum, volume, pan, muted
``syl-``               lyric event: a hyphen where the word goes on, a carriage return where the line ends (RP-017)
=====================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.score.encodings import decode_text
from core.score.midi_scan import COPYRIGHT, MARKER, TEXT, Meta
from core.score.types import CHORD_QUALITIES, MODES, ChordSymbol, Key, Lyric, Track, pitch_class_name

_CHORD, _KEY, _PICKUP = "chord: ", "key: ", "pickup"
_COMPOSER, _TRACK = "songloom:composer=", "songloom:track "
_NAMES = {pitch_class_name(pc, fifths): pc for pc in range(12) for fifths in (0, -1)}


@dataclass(slots=True)
class Marks:
    """What the text events of a file carry; ticks in `TICKS_PER_QUARTER`."""

    chords: tuple[ChordSymbol, ...] = ()
    keys: tuple[Key, ...] = ()
    pickup: int = 0
    composer: str = ""
    texts: tuple[str, ...] = field(default=())


def chord_mark(chord: ChordSymbol) -> str:
    """The marker text of a chord symbol."""
    if chord.root is None:
        return _CHORD + "N.C."
    bass = "" if chord.bass is None else f"/{pitch_class_name(chord.bass)}"
    return f"{_CHORD}{pitch_class_name(chord.root)}:{chord.quality}{bass}"


def key_mark(key: Key) -> str | None:
    """The marker text of a key; None where a key signature says it all."""
    return None if key.mode in ("major", "minor") else f"{_KEY}{pitch_class_name(key.tonic)} {key.mode}"


def pickup_mark() -> str:
    return _PICKUP


def composer_mark(composer: str) -> str:
    return _COMPOSER + composer


def track_mark(track: Track) -> str | None:
    """The text of a track whose state its events cannot show; None for an ordinary track."""
    if track.notes and not track.muted:
        return None
    numbers = (track.program, int(track.is_drum), track.volume, track.pan, int(track.muted))
    return _TRACK + " ".join(map(str, numbers))


def lyric_texts(lyrics: Iterable[Lyric]) -> list[tuple[int, str]]:
    """Ticks and texts of lyric events."""
    return [
        (lyric.tick, lyric.text + ("-" if lyric.syllabic in ("begin", "middle") else "") + ("\r" if lyric.ends_line else ""))
        for lyric in lyrics
    ]


def lyrics(events: Iterable[tuple[int, str]]) -> tuple[Lyric, ...]:
    """Lyrics from ticks and texts of lyric events; a carriage return or line feed ends the line, blanks are left out."""
    found: list[Lyric] = []
    inside = False
    for tick, text in sorted(events, key=lambda event: event[0]):
        goes_on = len(text.strip()) > 1 and text.rstrip().endswith("-")
        syllable = (text.rstrip()[:-1] if goes_on else text).strip()
        if found and text.startswith(_LINE_ENDS):
            found[-1] = replace(found[-1], ends_line=True)
        if not syllable:
            continue
        found.append(Lyric(tick, syllable, _SYLLABIC[inside, goes_on], text.endswith(_LINE_ENDS)))
        inside = goes_on
    return tuple(found)


_LINE_ENDS = ("\r", "\n")
_SYLLABIC = {(False, False): "single", (False, True): "begin", (True, True): "middle", (True, False): "end"}


def bpm(micros: int) -> float:
    """Quarter notes a minute from microseconds a quarter, with as few decimals as say the same."""
    exact = 60_000_000 / micros
    for decimals in range(7):
        if micros_per_quarter(round(exact, decimals)) == micros:
            return round(exact, decimals)
    return exact


def micros_per_quarter(tempo: float) -> int:
    """Microseconds a quarter note as MIDI holds them, at most 2**24 - 1 (3.58 a minute)."""
    return min(round(60_000_000 / tempo), 2**24 - 1)


def track_state(metas: Sequence[Meta]) -> Track | None:
    """A note-less track with the state that `track_mark` wrote, or None."""
    for meta in metas:
        text = decode_text(meta.data) if meta.kind == TEXT else ""
        if text.startswith(_TRACK):
            numbers = text.removeprefix(_TRACK).split()
            if len(numbers) == 5 and all(number.isascii() and number.isdigit() and int(number) < 128 for number in numbers):
                program, drum, volume, pan, muted = map(int, numbers)
                return Track((), "", program, bool(drum), volume, pan, bool(muted))
    return None


def read_marks(events: Iterable[tuple[int, Meta]]) -> Marks:
    """Collect the marks from (tick, event) in order of tick; other texts are kept as they are."""
    marks = Marks()
    for tick, meta in events:
        if meta.kind == MARKER:
            _read_marker(tick, decode_text(meta.data), marks)
        elif meta.kind in (TEXT, COPYRIGHT):
            text = decode_text(meta.data)
            if text.startswith(_COMPOSER):
                marks.composer = text.removeprefix(_COMPOSER)
            elif text.strip() and not text.startswith(_TRACK):
                marks.texts += (text,)
    return marks


def _read_marker(tick: int, text: str, marks: Marks) -> None:
    """Take in one marker; those of other programs (rehearsal letters) say nothing here."""
    if text.startswith(_CHORD):
        chord = _chord(tick, text.removeprefix(_CHORD))
        marks.chords += (chord,) if chord else ()
    elif text.startswith(_KEY):
        tonic, _, mode = text.removeprefix(_KEY).partition(" ")
        if tonic in _NAMES and mode in MODES:
            marks.keys += (Key(tick, _NAMES[tonic], mode),)
    elif text == _PICKUP:
        marks.pickup = tick


def _chord(tick: int, text: str) -> ChordSymbol | None:
    if text == "N.C.":
        return ChordSymbol(tick, None)
    symbol, _, bass = text.partition("/")
    root, _, quality = symbol.partition(":")
    if root not in _NAMES or quality not in CHORD_QUALITIES or (bass and bass not in _NAMES):
        return None
    return ChordSymbol(tick, _NAMES[root], quality, _NAMES[bass] if bass else None)
