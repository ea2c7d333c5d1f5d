"""`Score` to MusicXML 4.0, plain or zipped.

What is quantised or left out is said in `core.score.notation`; reading the file back gives
`notatable(score)`. The same score gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_right
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.score.musicxml_harmony import QUALITY_TO_KIND
from core.score.notation import Bar, bars_of, notatable
from core.score.notation_symbols import Head, Symbol, symbols_of, voices_of
from core.score.spelling import signature, spell, spell_class
from core.score.types import TICKS_PER_QUARTER, ChordSymbol, Key, Lyric, Score, Tempo, Track

_PROLOGUE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_DRUM_PLACES = {35: "F4", 36: "F4", 37: "C5", 38: "C5", 40: "C5", 41: "G4", 43: "A4", 45: "A4", 47: "D5", 48: "D5", 50: "E5",
                42: "G5", 44: "D4", 46: "G5", 49: "A5", 51: "F5", 53: "F5", 57: "B5"}
_DEEPEST_TREBLE, _DEEPEST_TENOR = 60, 54
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles><rootfile full-path="score.musicxml" '
    'media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>\n'
)


def write_musicxml(score: Score) -> bytes:
    """The score as MusicXML text in UTF-8."""
    written = notatable(score)
    bars = bars_of(written)
    root = Element("score-partwise", version="4.0")
    if written.title:
        _put(root, "movement-title", written.title)
    _identification(root, written)
    heads = SubElement(root, "part-list")
    lead = next((i for i, track in enumerate(written.tracks) if not track.is_drum), 0)
    for index, track in enumerate(written.tracks):
        _head(heads, index, track)
        _PartWriter(written, index, bars, index == lead).write(SubElement(root, "part", id=f"P{index + 1}"))
    indent(root, " ")
    return _PROLOGUE.encode() + tostring(root, encoding="utf-8") + b"\n"


def write_mxl(score: Score) -> bytes:
    """The score as a zipped `.mxl` file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (("META-INF/container.xml", _CONTAINER.encode()), ("score.musicxml", write_musicxml(score))):
            # A fixed date keeps the bytes the same.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _put(parent: Element, tag: str, content: object = "", **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    if content != "":
        element.text = str(content)
    return element


def _identification(root: Element, score: Score) -> None:
    identification = SubElement(root, "identification")
    if score.composer:
        _put(identification, "creator", score.composer, type="composer")
    _put(SubElement(identification, "encoding"), "software", "Songloom")
    if score.texts:
        miscellaneous = SubElement(identification, "miscellaneous")
        for number, text in enumerate(score.texts, 1):
            _put(miscellaneous, "miscellaneous-field", text, name=f"songloom-{number}")


def _drums(track: Track) -> list[int]:
    return sorted({note.pitch for note in track.notes}) if track.is_drum else []


def _head(parent: Element, index: int, track: Track) -> None:
    """Name and sound of a part; a drum part has an instrument for each of its drums."""
    identity = f"P{index + 1}"
    head = SubElement(parent, "score-part", id=identity)
    _put(head, "part-name", track.name)
    instruments: list[tuple[str, int | None]] = [(f"{identity}-D{drum}", drum) for drum in _drums(track)]
    instruments = instruments or [(f"{identity}-I1", None)]
    for name, drum in instruments:
        label = track.name or "Part" if drum is None else f"Drum {drum}"
        _put(SubElement(head, "score-instrument", id=name), "instrument-name", label)
    channel = 10 if track.is_drum else (index % 15 + 1) + (index % 15 >= 9)
    for name, drum in instruments:
        sound = SubElement(head, "midi-instrument", id=name)
        _put(sound, "midi-channel", channel)
        _put(sound, "midi-program", track.program + 1)
        if drum is not None:
            _put(sound, "midi-unpitched", drum + 1)
        _put(sound, "volume", _decimal(track.volume / 1.27))
        _put(sound, "pan", _decimal((track.pan - 64) * 90 / 64))


def _decimal(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


class _PartWriter:
    """Writes the measures of one part."""

    def __init__(self, score: Score, index: int, bars: tuple[Bar, ...], is_lead: bool) -> None:
        track = score.tracks[index]
        self._score, self._track, self._bars, self._identity = score, track, bars, f"P{index + 1}"
        self._voices = [symbols_of(voice, bars, number == 0) for number, voice in enumerate(voices_of(track))]
        self._lyrics = {lyric.tick: lyric for lyric in track.lyrics}
        self._marks: list[Tempo | ChordSymbol] = []
        if is_lead:
            self._marks = sorted([*score.tempos, *score.chords], key=lambda mark: (mark.tick, isinstance(mark, ChordSymbol)))
        self._key_ticks = [key.tick for key in score.keys]
        self._alterations: dict[tuple[str, int], int] = {}

    def write(self, part: Element) -> None:
        """Add the measures of the part to its element."""
        for number, bar in enumerate(self._bars):
            pickup = number == 0 and self._score.pickup > 0
            measure = SubElement(part, "measure", number=str(number if self._score.pickup else number + 1))
            if pickup:
                measure.set("implicit", "yes")
            self._attributes(measure, number, bar)
            self._music(measure, number, bar)
            if number == len(self._bars) - 1:
                _put(SubElement(measure, "barline", location="right"), "bar-style", "light-heavy")

    def _key(self, tick: int) -> Key | None:
        place = bisect_right(self._key_ticks, tick) - 1
        return self._score.keys[place] if place >= 0 else None

    def _attributes(self, measure: Element, number: int, bar: Bar) -> None:
        attributes = Element("attributes")
        if number == 0:
            _put(attributes, "divisions", TICKS_PER_QUARTER)
        key = self._key(bar.start)
        if key and key.tick == bar.start and not self._track.is_drum:
            signs = SubElement(attributes, "key")
            _put(signs, "fifths", key.fifths)
            _put(signs, "mode", key.mode)
        if number == 0 or str(bar.metre) != str(self._bars[number - 1].metre):
            time = SubElement(attributes, "time")
            _put(time, "beats", bar.metre.numerator)
            _put(time, "beat-type", bar.metre.denominator)
        if number == 0:
            clef = SubElement(attributes, "clef")
            sign, line, octave = self._clef()
            _put(clef, "sign", sign)
            if line:
                _put(clef, "line", line)
            if octave:
                _put(clef, "clef-octave-change", octave)
        if len(attributes):
            measure.append(attributes)

    def _clef(self) -> tuple[str, int, int]:
        """(sign, line, octave change): treble, tenor's treble or bass by the middle pitch, or the clef of drums."""
        if self._track.is_drum:
            return "percussion", 0, 0
        pitches = sorted(note.pitch for note in self._track.notes) or [_DEEPEST_TREBLE]
        middle = pitches[len(pitches) // 2]
        if middle >= _DEEPEST_TREBLE:
            return "G", 2, 0
        return ("G", 2, -1) if middle >= _DEEPEST_TENOR else ("F", 4, 0)

    def _music(self, measure: Element, number: int, bar: Bar) -> None:
        key = self._key(bar.start)
        self._alterations = {}
        accidentals = self._accidentals(number, key)
        sung: set[int] = set()
        for voice, symbols in enumerate(bars[number] for bars in self._voices):
            if not symbols:
                continue
            if voice:
                _put(SubElement(measure, "backup"), "duration", bar.end - bar.start)
            for symbol in symbols:
                if voice == 0:
                    self._write_marks(measure, symbol, key)
                if symbol.is_space:
                    _put(SubElement(measure, "forward"), "duration", symbol.ticks)
                    continue
                lyric = None
                if symbol.heads and not symbol.heads[0].tied_from and symbol.start not in sung:
                    lyric = self._lyrics.get(symbol.start)
                    sung.add(symbol.start)
                self._write_symbol(measure, symbol, voice, key, accidentals, lyric)

    def _accidentals(self, number: int, key: Key | None) -> dict[int, str]:
        """Heads of the bar that need a sign, by identity: a sign holds to the end of the bar on its line."""
        signs = signature(key.fifths if key else 0)
        heads = [(symbol.start, head) for bars in self._voices for symbol in bars[number] for head in symbol.heads]
        needed: dict[int, str] = {}
        for _, head in sorted(heads, key=lambda item: item[0]):
            letter, alter, octave = spell(head.pitch, key)
            if self._alterations.get((letter, octave), signs.get(letter, 0)) == alter:
                continue
            if not head.tied_from:
                self._alterations[letter, octave] = alter
                needed[id(head)] = _ACCIDENTALS[alter]
        return needed

    def _write_marks(self, measure: Element, symbol: Symbol, key: Key | None) -> None:
        """Tempos and chord symbols that fall on or inside a symbol of the first voice."""
        while self._marks and self._marks[0].tick < symbol.start + symbol.ticks:
            mark = self._marks.pop(0)
            offset = mark.tick - symbol.start
            if isinstance(mark, Tempo):
                _tempo(measure, mark, offset)
            else:
                _harmony(measure, mark, offset, key)

    def _write_symbol(self, measure: Element, symbol: Symbol, voice: int, key: Key | None, accidentals: dict[int, str],
                      lyric: Lyric | None) -> None:
        for place, head in enumerate(symbol.heads or [None]):
            note = SubElement(measure, "note")
            if place:
                SubElement(note, "chord")
            if head is None:
                _put(note, "rest", **({} if symbol.type else {"measure": "yes"}))
            else:
                note.set("dynamics", _decimal(head.velocity / 0.9))
                self._write_pitch(note, head, key)
            _put(note, "duration", symbol.ticks)
            if head:
                _ties(note, "tie", head)
                if self._track.is_drum:
                    SubElement(note, "instrument", id=f"{self._identity}-D{head.pitch}")
            _put(note, "voice", voice + 1)
            if symbol.type:
                _put(note, "type", symbol.type)
            for _ in range(symbol.dots):
                SubElement(note, "dot")
            if head and id(head) in accidentals and not self._track.is_drum:
                _put(note, "accidental", accidentals[id(head)])
            if symbol.is_triplet:
                ratio = SubElement(note, "time-modification")
                _put(ratio, "actual-notes", 3)
                _put(ratio, "normal-notes", 2)
            if not place:
                for level, word in enumerate(symbol.beams, 1):
                    _put(note, "beam", word, number=str(level))
            _notations(note, symbol, head, place)
            if lyric and not place:
                words = SubElement(note, "lyric", number="1")
                _put(words, "syllabic", lyric.syllabic)
                _put(words, "text", lyric.text)
                if lyric.ends_line:
                    SubElement(words, "end-line")

    def _write_pitch(self, note: Element, head: Head, key: Key | None) -> None:
        if self._track.is_drum:
            where = SubElement(note, "unpitched")
            place = _DRUM_PLACES.get(head.pitch, "B4")
            _put(where, "display-step", place[0])
            _put(where, "display-octave", place[1])
            return
        letter, alter, octave = spell(head.pitch, key)
        pitch = SubElement(note, "pitch")
        _put(pitch, "step", letter)
        if alter:
            _put(pitch, "alter", alter)
        _put(pitch, "octave", octave)


def _ties(parent: Element, tag: str, head: Head) -> None:
    if head.tied_from:
        SubElement(parent, tag, type="stop")
    if head.tied_to:
        SubElement(parent, tag, type="start")


def _notations(note: Element, symbol: Symbol, head: Head | None, place: int) -> None:
    notations = Element("notations")
    if head:
        _ties(notations, "tied", head)
    if symbol.tuplet and not place:
        SubElement(notations, "tuplet", type=symbol.tuplet, bracket="no" if symbol.beams else "yes")
    if len(notations):
        note.append(notations)


def _tempo(measure: Element, tempo: Tempo, offset: int) -> None:
    direction = SubElement(measure, "direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    _put(metronome, "beat-unit", "quarter")
    _put(metronome, "per-minute", _decimal(round(tempo.bpm, 1)))
    if offset:
        _put(direction, "offset", offset, sound="yes")
    SubElement(direction, "sound", tempo=repr(tempo.bpm))


def _harmony(measure: Element, chord: ChordSymbol, offset: int, key: Key | None) -> None:
    harmony = SubElement(measure, "harmony")

    def name(what: str, pitch_class: int) -> None:
        letter, alter = spell_class(pitch_class, key)
        element = SubElement(harmony, what)
        _put(element, f"{what}-step", letter)
        if alter:
            _put(element, f"{what}-alter", alter)

    # Readers want a root even where there is no chord.
    name("root", chord.root or 0)
    text = chord.text(key.fifths if key else 0)
    if chord.root is None:
        _put(harmony, "kind", "none", text=text)
    else:
        root = _root_length(text)
        _put(harmony, "kind", QUALITY_TO_KIND[chord.quality], text=text[root:].partition("/")[0])
        if chord.bass is not None:
            name("bass", chord.bass)
    if offset:
        _put(harmony, "offset", offset)


def _root_length(text: str) -> int:
    """How many characters of a chord symbol name its root."""
    return 2 if text[1:2] in ("#", "b") else 1

