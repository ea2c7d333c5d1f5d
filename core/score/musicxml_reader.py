"""MusicXML to `Score`.

Parts become tracks, or a track per staff where a part has several (a piano's hands). Ties are
joined, grace and cue notes left out, positions rounded to ticks. Repeats stay as printed unless
they are to be unfolded; D.C. and D.S. are never followed. Where a bar is shorter or longer than its
metre says, the bar lines after it move with the music.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from xml.etree.ElementTree import Element

from core.errors import FormatError, LimitError
from core.score.barlines import lay_bars
from core.score.keymode import major_or_minor
from core.score.musicxml_file import musicxml_tree
from core.score.musicxml_part import PartReader, RawMeasure, real, whole
from core.score.types import MAX_TICK, MODES, ChordSymbol, Key, Lyric, Note, Score, Tempo, Track

_WHAT = "A MusicXML score with at least one part is needed"
_MAX_MEASURES = 20_000
_RELATIVE = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9, "locrian": 11}


@dataclass(slots=True)
class _Part:
    name: str
    program: int
    volume: int
    pan: int
    is_drum: bool
    drums: dict[str, int]
    measures: list[RawMeasure] = field(default_factory=list)


def read_musicxml(data: bytes, name: str = "", *, unfold: bool = False) -> Score:
    """Read a MusicXML file, partwise or timewise, plain or as `.mxl`.

    Args:
        data: the bytes of the file.
        name: its name, the title where the file has none.
        unfold: write repeats and endings out.

    Raises:
        FormatError: not MusicXML, damaged, or with values that make no sense.
        LimitError: larger than the limits in `core.score.musicxml_file`.
    """
    root = musicxml_tree(data)
    # Some programs put a name space on every element; ours have none.
    if root.tag.startswith("{"):
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("score-partwise", "score-timewise"):
        raise FormatError(_WHAT, f"the root element is <{root.tag[:40]}>", "Choose a MusicXML file")
    parts = _parts(root)
    if not parts or not any(part.measures for part in parts):
        raise FormatError(_WHAT, "this file has none", "Export the piece again from your notation program")
    return _Assembly(parts, unfold).score(_title(root, name), _composer(root), _texts(root))


def _title(root: Element, name: str) -> str:
    for path in ("movement-title", "work/work-title"):
        text = (root.findtext(path) or "").strip()
        if text:
            return text
    return PurePath(name).stem


def _composer(root: Element) -> str:
    for creator in root.iterfind("identification/creator"):
        if creator.get("type") == "composer":
            return (creator.text or "").strip()
    return ""


def _texts(root: Element) -> tuple[str, ...]:
    fields = root.iterfind("identification/miscellaneous/miscellaneous-field")
    return tuple(f.text.strip() for f in fields if f.text and f.text.strip())


def _parts(root: Element) -> list[_Part]:
    heads = {element.get("id", ""): element for element in root.iterfind("part-list/score-part")}
    measures: dict[str, list[Element]] = {}
    if root.tag == "score-timewise":
        for measure in root.iterfind("measure"):
            for part in measure.iterfind("part"):
                part.attrib.update(implicit=measure.get("implicit", "no"))
                measures.setdefault(part.get("id", ""), []).append(part)
    else:
        for index, part in enumerate(root.iterfind("part")):
            measures.setdefault(part.get("id", f"#{index}"), []).extend(part.iterfind("measure"))
    parts = []
    for identity, elements in measures.items():
        if len(elements) > _MAX_MEASURES:
            raise LimitError(f"At most {_MAX_MEASURES} measures can be read", f"this file has {len(elements)}", "Split the piece")
        new = _head(heads.get(identity))
        reader = PartReader(new.drums, new.is_drum)
        new.measures = [reader.read(element) for element in elements]
        parts.append(new)
    return parts


def _head(element: Element | None) -> _Part:
    """Name, program (1 to 128 in the file), volume (0 to 100), pan and drums of a `<score-part>`."""
    part = _Part("", 0, 100, 64, False, {})
    if element is None:
        return part
    part.name = " ".join((element.findtext("part-name") or "").split())
    for number, instrument in enumerate(element.iterfind("midi-instrument")):
        if number == 0:
            part.program = min(127, max(0, whole(instrument.findtext("midi-program"), 1) - 1))
            part.volume = min(127, max(0, round(real(instrument.findtext("volume") or "78.74") * 1.27)))
            part.pan = min(127, max(0, 64 + round(real(instrument.findtext("pan") or "0") * 64 / 90)))
        part.is_drum |= whole(instrument.findtext("midi-channel"), 1) == 10
        drum = instrument.findtext("midi-unpitched")
        if drum:
            part.drums[instrument.get("id", "")] = min(127, max(0, whole(drum, 1) - 1))
    return part


def _unfolded(measures: Sequence[RawMeasure]) -> list[int]:
    """Indices of the measures in the order played."""
    order: list[int] = []
    index, opened, turn, in_ending = 0, 0, 1, False
    while index < len(measures):
        measure = measures[index]
        if measure.repeat_forward and index != opened:
            opened, turn = index, 1
        if measure.ending and turn not in measure.ending:
            index += 1
            continue
        if in_ending and not measure.ending and turn > 1:
            opened, turn = index, 1
        in_ending = bool(measure.ending)
        order.append(index)
        if len(order) > _MAX_MEASURES:
            raise LimitError(f"At most {_MAX_MEASURES} measures can be unfolded", "the repeats make more", "Keep them")
        if measure.repeat_times:
            following = measures[index + 1].ending if index + 1 < len(measures) else frozenset()
            again = turn + 1 in measure.ending | following if measure.ending else turn < measure.repeat_times
            if again:
                index, turn, in_ending = opened, turn + 1, False
                continue
            if not measure.ending:
                opened, turn = index + 1, 1
        index += 1
    return order


class _Assembly:
    """Puts the measures of all parts on one time line."""

    def __init__(self, parts: list[_Part], unfold: bool) -> None:
        self._parts = parts
        count = max(len(part.measures) for part in parts)
        for part in parts:
            part.measures.extend(RawMeasure(key=part.measures[-1].key if part.measures else None)
                                 for _ in range(count - len(part.measures)))
        lead = max(parts, key=lambda part: any(measure.length for measure in part.measures))
        self._lead = lead.measures
        self._order = _unfolded(self._lead) if unfold else list(range(count))
        lengths = [max(part.measures[i].length for part in parts) for i in range(count)]
        self._bars = lay_bars([(lengths[i], *self._lead[i].metre) for i in self._order])

    def score(self, title: str, composer: str, texts: tuple[str, ...]) -> Score:
        tracks: list[Track] = []
        for part in self._parts:
            tracks.extend(self._tracks(part))
        chords: dict[int, ChordSymbol] = {}
        tempos: dict[int, Tempo] = {}
        for part in self._parts:
            for start, index in zip(self._bars.starts, self._order, strict=True):
                for chord in part.measures[index].chords:
                    chords.setdefault(start + chord.tick, replace(chord, tick=start + chord.tick))
                for offset, bpm in part.measures[index].tempos:
                    tempos.setdefault(start + offset, Tempo(start + offset, bpm))
        return Score(tuple(tracks), tuple(tempos.values()), self._bars.metres, self._keys(tracks), tuple(chords.values()),
                     self._bars.pickup, title, composer, texts)

    def _tracks(self, part: _Part) -> list[Track]:
        notes: dict[str, list[Note]] = {}
        lyrics: dict[str, dict[int, Lyric]] = {}
        held: dict[tuple[str, str, int, int], int] = {}
        for base, index in zip(self._bars.starts, self._order, strict=True):
            for raw in part.measures[index].notes:
                staff = notes.setdefault(raw.staff, [])
                start, end = base + raw.start, base + raw.end
                place = held.pop((raw.staff, raw.voice, raw.pitch, start), None) if raw.tie_stop else None
                if place is None:
                    place = len(staff)
                    staff.append(Note(start, raw.pitch, end - start, raw.velocity))
                else:
                    first = staff[place]
                    staff[place] = Note(first.start, first.pitch, end - first.start, first.velocity)
                if raw.tie_start:
                    held[raw.staff, raw.voice, raw.pitch, end] = place
                if raw.lyric:
                    lyrics.setdefault(raw.staff, {}).setdefault(start, Lyric(start, *raw.lyric))
        staves = sorted(notes) or ["1"]
        return [
            Track(tuple(notes.get(staff, ())), part.name if len(staves) == 1 else f"{part.name} {staff}".strip(), part.program,
                  part.is_drum, part.volume, part.pan, lyrics=tuple(lyrics.get(staff, {}).values()))
            for staff in staves
        ]

    def _keys(self, tracks: list[Track]) -> tuple[Key, ...]:
        """Signatures of the first pitched part that has any; a mode that is not said is guessed."""
        measures = next((part.measures for part in self._parts if not part.is_drum and any(m.key for m in part.measures)), None)
        if measures is None:
            return ()
        marks: list[tuple[int, int, str | None]] = []
        for start, index in zip(self._bars.starts, self._order, strict=True):
            key = measures[index].key
            if key and (not marks or marks[-1][1:] != key):
                marks.append((start, *key))
        keys = []
        pitched = [note for track in tracks if not track.is_drum for note in track.notes]
        for place, (start, fifths, mode) in enumerate(marks):
            stop = marks[place + 1][0] if place + 1 < len(marks) else MAX_TICK
            mode = {"ionian": "major", "aeolian": "minor"}.get(mode or "", mode)
            if mode in MODES:
                keys.append(Key(start, (fifths * 7 + _RELATIVE[mode]) % 12, mode))
            else:
                keys.append(Key(start, *major_or_minor(fifths, (n for n in pitched if start <= n.start < stop))))
        return tuple(keys)
