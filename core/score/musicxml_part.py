"""One part of a MusicXML file, measure by measure, with positions relative to the measure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from core.errors import FormatError
from core.score.musicxml_harmony import STEPS, read_harmony
from core.score.types import MAX_TICK, TICKS_PER_QUARTER, ChordSymbol

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNITS = {"breve": 8.0, "whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25, "32nd": 0.125}
_DYNAMICS = {"pppp": 20, "ppp": 28, "pp": 40, "p": 54, "mp": 67, "mf": 80, "f": 96, "ff": 110, "fff": 120, "ffff": 127}
_DRUM_STAFF = {"F4": 36, "E4": 36, "A4": 45, "C5": 38, "D5": 48, "E5": 50, "F5": 51, "G5": 42, "A5": 49, "B5": 57, "D4": 44}
"""Usual drum at each place of the staff, where the file names no drum."""


@dataclass(slots=True)
class RawNote:
    """A printed note: `start` and `end` in ticks from the bar line."""

    start: int
    end: int
    pitch: int
    velocity: int
    voice: str
    staff: str
    tie_start: bool
    tie_stop: bool
    lyric: tuple[str, str, bool] | None


@dataclass(slots=True)
class RawMeasure:
    """A printed measure. `metre` and `key` are those in force at its start."""

    length: int = 0
    metre: tuple[int, int] = (4, 4)
    key: tuple[int, str | None] | None = None
    implicit: bool = False
    repeat_forward: bool = False
    repeat_times: int = 0
    ending: frozenset[int] = frozenset()
    notes: list[RawNote] = field(default_factory=list)
    chords: list[ChordSymbol] = field(default_factory=list)
    tempos: list[tuple[int, float]] = field(default_factory=list)


def whole(text: str | None, default: int) -> int:
    """An integer written in a file; decimals are rounded.

    Raises:
        FormatError: the text is no number.
    """
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        return round(real(text))


def real(text: str) -> float:
    """A finite number written in a file."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e9:
        raise FormatError("A number is needed in the MusicXML", f"got {text[:40]!r}", "Export the piece again")
    return value


class PartReader:
    """Walks the measures of one part; the attributes in force live here."""

    def __init__(self, drums: dict[str, int], is_drum: bool) -> None:
        self._drums, self._is_drum = drums, is_drum
        self._divisions: int | Fraction = 1
        self._metre = (4, 4)
        self._key: tuple[int, str | None] | None = None
        self._chromatic = 0
        self._velocity = 80
        self._ending: frozenset[int] = frozenset()
        self._cursor: int | Fraction = 0
        self._last: int | Fraction = 0
        self._measure = RawMeasure()

    def read(self, element: Element) -> RawMeasure:
        """The next measure of the part."""
        measure = self._measure = RawMeasure(metre=self._metre, key=self._key, ending=self._ending)
        measure.implicit = element.get("implicit") == "yes"
        self._cursor = self._last = 0
        longest: int | Fraction = 0
        for child in element:
            tag = child.tag
            if tag == "note":
                self._note(child)
            elif tag == "backup":
                self._cursor = max(0, self._cursor - self._duration(child))
            elif tag == "forward":
                self._cursor += self._duration(child)
            elif tag == "attributes":
                before = self._divisions
                self._attributes(child)
                if self._divisions != before:
                    scale = Fraction(self._divisions) / Fraction(before)
                    self._cursor, self._last, longest = self._cursor * scale, self._last * scale, longest * scale
            elif tag == "direction":
                self._direction(child)
            elif tag == "sound":
                self._sound(child, self._ticks(self._cursor))
            elif tag == "harmony":
                chord = read_harmony(child, self._offset(child), self._chromatic, whole)
                if chord:
                    measure.chords.append(chord)
            elif tag == "barline":
                self._barline(child)
            longest = max(longest, self._cursor)
        measure.length = self._ticks(longest)
        return measure

    def _ticks(self, position: int | Fraction) -> int:
        divisions = self._divisions
        if type(position) is int and type(divisions) is int:
            ticks = (2 * position * TICKS_PER_QUARTER + divisions) // (2 * divisions)
        else:
            ticks = math.floor(Fraction(position * TICKS_PER_QUARTER) / divisions + Fraction(1, 2))
        if ticks > MAX_TICK:
            raise FormatError(f"Measures shorter than {MAX_TICK} ticks are needed", f"one has {ticks}", "Check the file")
        return ticks

    def _duration(self, element: Element) -> int | Fraction:
        text = element.findtext("duration")
        if text is None:
            return 0
        try:
            value: int | Fraction = int(text)
        except ValueError:
            value = Fraction(real(text)).limit_denominator(10080)
        if not 0 <= value <= 10**9:
            raise FormatError("Durations of at least 0 are needed in MusicXML", f"got {text[:40]}", "Check the file")
        return value

    def _offset(self, element: Element) -> int:
        offset = element.findtext("offset")
        return self._ticks(max(0, self._cursor + whole(offset, 0))) if offset else self._ticks(self._cursor)

    def _note(self, element: Element) -> None:
        fields: dict[str, Element] = {}
        ties: set[str | None] = set()
        lyric: tuple[str, str, bool] | None = None
        for child in element:
            tag = child.tag
            if tag == "tie":
                ties.add(child.get("type"))
            elif tag == "lyric":
                lyric = lyric or _syllable(child)
            else:
                fields[tag] = child
        if "grace" in fields or "cue" in fields:
            return
        duration = self._duration(element)
        if "chord" in fields:
            begin = self._last
        else:
            begin = self._last = self._cursor
            self._cursor += duration
        if "rest" in fields or not duration:
            return
        pitch = self._pitch(fields)
        if pitch is None:
            return
        start, end = self._ticks(begin), self._ticks(begin + duration)
        if end <= start:
            return
        if not ties and "notations" in fields:
            ties = {tied.get("type") for tied in fields["notations"].iter("tied")}
        loud = element.get("dynamics")
        velocity = round(real(loud) * 0.9) if loud else self._velocity
        self._measure.notes.append(RawNote(
            start, end, pitch, min(127, max(1, velocity)),
            _text(fields.get("voice")), _text(fields.get("staff")) or "1", "start" in ties, "stop" in ties, lyric))

    def _pitch(self, fields: dict[str, Element]) -> int | None:
        """Sounding MIDI pitch; drums by the instrument of the note, else by the place on the staff."""
        if "pitch" in fields:
            pitch = fields["pitch"]
            step = STEPS.get((pitch.findtext("step") or "").strip().upper())
            if step is None:
                raise FormatError("Every pitch needs a step from A to G", f"got {pitch.findtext('step')!r}", "Check the file")
            alter = pitch.findtext("alter")
            written = 12 * (whole(pitch.findtext("octave"), 4) + 1) + step + (round(real(alter)) if alter else 0)
            return written + self._chromatic
        if "unpitched" not in fields:
            return None
        instrument = fields.get("instrument")
        drum = self._drums.get(instrument.get("id", "") if instrument is not None else "")
        if drum is None and len(self._drums) == 1:
            drum = next(iter(self._drums.values()))
        if drum is not None:
            return drum
        place = fields["unpitched"]
        name = (place.findtext("display-step") or "").strip() + (place.findtext("display-octave") or "").strip()
        return _DRUM_STAFF.get(name, 38)

    def _attributes(self, element: Element) -> None:
        measure = self._measure
        divisions = element.findtext("divisions")
        if divisions is not None:
            try:
                value: int | Fraction = int(divisions)
            except ValueError:
                value = Fraction(real(divisions)).limit_denominator(10080)
            if not 0 < value <= 10**6:
                raise FormatError("Divisions above 0 are needed in MusicXML", f"got {divisions[:40]}", "Export the piece again")
            self._divisions = value
        transpose = element.find("transpose")
        if transpose is not None and not self._is_drum:
            self._chromatic = whole(transpose.findtext("chromatic"), 0) + 12 * whole(transpose.findtext("octave-change"), 0)
        key = element.find("key")
        if key is not None and not self._is_drum:
            fifths = whole(key.findtext("fifths"), 0) + 7 * self._chromatic
            self._key = ((fifths + 6) % 12 - 6, (key.findtext("mode") or "").strip().lower() or None)
            if self._key != measure.key:
                measure.key = self._key
        time = element.find("time")
        if time is not None and time.find("senza-misura") is None:
            self._metre = measure.metre = _metre(time)

    def _direction(self, element: Element) -> None:
        tick = self._offset(element)
        sound = element.find("sound")
        if sound is not None:
            self._sound(sound, tick)
        for mark in element.iter("dynamics"):
            for child in mark:
                self._velocity = _DYNAMICS.get(child.tag, self._velocity)
        if sound is None or sound.get("tempo") is None:
            for metronome in element.iter("metronome"):
                bpm = _metronome(metronome)
                if bpm:
                    self._measure.tempos.append((tick, bpm))

    def _sound(self, element: Element, tick: int) -> None:
        tempo, loud = element.get("tempo"), element.get("dynamics")
        if tempo:
            self._measure.tempos.append((tick, real(tempo)))
        if loud:
            self._velocity = min(127, max(1, round(real(loud) * 0.9)))

    def _barline(self, element: Element) -> None:
        measure = self._measure
        ending = element.find("ending")
        if ending is not None:
            if ending.get("type") == "start":
                self._ending = measure.ending = frozenset(int(n) for n in re.findall(r"\d{1,2}", ending.get("number", "")))
            else:
                self._ending = frozenset()
        repeat = element.find("repeat")
        if repeat is not None:
            if repeat.get("direction") == "forward":
                measure.repeat_forward = True
            else:
                measure.repeat_times = max(2, min(16, whole(repeat.get("times"), 2)))


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _metre(time: Element) -> tuple[int, int]:
    """Beats and beat type; `3+2` and several pairs are added up over the finest beat."""
    beats = [sum(whole(part, 0) for part in (e.text or "").split("+")) for e in time.findall("beats")]
    types = [whole(e.text, 4) for e in time.findall("beat-type")]
    if not beats or len(beats) != len(types) or min(types) < 1 or max(types) > 64:
        raise FormatError("A time signature needs beats over 1 to 64", f"got {beats} over {types}", "Check the file")
    finest = max(types)
    return sum(beat * finest // kind for beat, kind in zip(beats, types, strict=True)), finest


def _metronome(element: Element) -> float | None:
    """Quarter notes a minute, None for a metric modulation or words."""
    number = _NUMBER.search(element.findtext("per-minute") or "")
    unit = _UNITS.get((element.findtext("beat-unit") or "").strip())
    if not number or unit is None:
        return None
    dots = min(4, len(element.findall("beat-unit-dot")))
    bpm = real(number.group()) * unit * (2 - 0.5**dots)
    return bpm if 1 <= bpm <= 1000 else None


def _syllable(element: Element) -> tuple[str, str, bool] | None:
    """(text, syllabic, ends its line) of a first-verse lyric; syllables sung on one note are joined by a tie."""
    number = element.get("number")
    if number not in (None, "", "1") and not number.endswith("verse1"):
        return None
    texts = [(e.text or "").strip() for e in element.findall("text")]
    text = "‿".join(part for part in texts if part)
    if not text:
        return None
    marks = [(e.text or "single").strip() for e in element.findall("syllabic")] or ["single"]
    opens, closes = marks[0] in ("single", "begin"), marks[-1] in ("single", "end")
    syllabic = {(True, True): "single", (True, False): "begin", (False, True): "end"}.get((opens, closes), "middle")
    return text, syllabic, any(element.find(tag) is not None for tag in ("end-line", "end-paragraph"))
