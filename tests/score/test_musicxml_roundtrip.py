"""Write then read gives the same music; what is written is notated correctly."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import music21
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.score import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track
from core.score.files import read_score, write_score
from core.score.musicxml_reader import read_musicxml
from core.score.musicxml_writer import write_musicxml, write_mxl
from core.score.notation import notatable
from core.score.spelling import signature, spell
from tests.score.strategies import scores

Q = 480


def melody(*notes: tuple[int, int], metre: tuple[int, int] = (4, 4), pickup: int = 0, key: Key | None = None) -> Score:
    """A line of (pitch, ticks); pitch 0 is a rest."""
    tick, made = 0, []
    for pitch, ticks in notes:
        if pitch:
            made.append(Note(tick, pitch, ticks))
        tick += ticks
    return Score((Track(tuple(made), "Tune"),), metres=(Metre(0, *metre),), pickup=pickup, keys=(key,) if key else ())


def written(score: Score, number: int = 0) -> list[str]:
    """The notes and rests of one measure of the first part as text: type, dots, ties, triplets."""
    measure = ElementTree.fromstring(write_musicxml(score)).findall("part")[0].findall("measure")[number]
    found = []
    for note in measure.findall("note"):
        text = "r" if note.find("rest") is not None else note.findtext("pitch/step", "x") + note.findtext("accidental", "")[:1]
        text += ":" + note.findtext("type", "bar") + "." * len(note.findall("dot"))
        text += "3" if note.find("time-modification") is not None else ""
        text += "".join({"start": "~", "stop": "-"}[tie.get("type", "")] for tie in note.findall("tie"))
        found.append(text)
    return found


@given(scores())
@settings(max_examples=60, deadline=None)
def test_reading_back_gives_the_notatable_score(score: Score) -> None:
    assert read_musicxml(write_musicxml(score)) == notatable(score)


@given(scores())
@settings(max_examples=60, deadline=None)
def test_what_is_notatable_stays_as_it_is(score: Score) -> None:
    once = notatable(score)
    assert notatable(once) == once
    assert once.note_count == score.note_count
    if score.pickup % 30 == 0:
        assert once.bars[0][:2] == score.bars[0][:2] or len(score.bars) == 1


@st.composite
def lines(draw: st.DrawFn) -> Score:
    """A melody on 64ths or triplets, quarter by quarter."""
    notes: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(1, 12))):
        unit = draw(st.sampled_from([30, 40, 60, 80, 120, 160, 240, 480]))
        notes += [(draw(st.integers(0, 1)) * draw(st.integers(30, 100)), unit) for _ in range(Q // unit)]
    notes.append((60, Q))
    metre = draw(st.sampled_from([(4, 4), (3, 4), (6, 8), (2, 2), (5, 8)]))
    return melody(*notes, metre=metre, key=Key(0, draw(st.integers(0, 11))))


@given(lines())
@settings(max_examples=60, deadline=None)
def test_melodies_on_the_grid_lose_nothing(score: Score) -> None:
    if score.metres[0].bar_ticks % Q == 0:
        assert read_musicxml(write_musicxml(score)).tracks[0].notes == score.tracks[0].notes
    for measure in ElementTree.fromstring(write_musicxml(score)).iter("measure"):
        steps = {"note": 1, "forward": 1, "backup": -1}
        total = sum(steps[part.tag] * int(part.findtext("duration", "")) for part in measure if part.tag in steps)
        assert total == score.metres[0].bar_ticks


def test_values_dots_and_ties_over_the_bar() -> None:
    score = melody((60, 720), (62, 240), (64, 1920), (65, Q))
    assert written(score) == ["C:quarter.", "D:eighth", "E:half~"]
    assert written(score, 1) == ["E:half-", "F:quarter", "r:quarter"]


def test_long_notes_show_the_beat() -> None:
    assert written(melody((0, 240), (60, 1200), (0, Q))) == ["r:eighth", "C:eighth~", "C:half-", "r:quarter"]
    assert written(melody((60, 1200), (62, 240), metre=(6, 8))) == ["C:quarter.~", "C:quarter-", "D:eighth"]


def test_triplets_of_eighths_and_of_quarters() -> None:
    eighths = melody((60, 160), (62, 160), (64, 160), (60, 320), (62, 160), (64, 960))
    assert written(eighths) == ["C:eighth3", "D:eighth3", "E:eighth3", "C:quarter3", "D:eighth3", "E:half"]
    quarters = melody((60, 320), (62, 320), (64, 320), (60, 960))
    assert written(quarters) == ["C:quarter3", "D:quarter3", "E:quarter3", "C:half"]


def test_empty_bars_and_pickup() -> None:
    score = melody((67, Q), (72, 1920), (0, 1920), (72, 1920), pickup=Q)
    assert written(score) == ["G:quarter"]
    assert written(score, 2) == ["r:bar"]
    measures = list(ElementTree.fromstring(write_musicxml(score)).iter("measure"))
    assert [(measure.get("number"), measure.get("implicit")) for measure in measures[:2]] == [("0", "yes"), ("1", None)]


def test_accidentals_hold_for_the_bar_and_follow_the_key() -> None:
    score = melody((66, Q), (66, Q), (65, Q), (65, Q), (66, Q), (70, Q), (73, Q), (74, Q), key=Key(0, 7))
    assert written(score) == ["F:quarter", "F:quarter", "Fn:quarter", "F:quarter"]
    assert written(score, 1) == ["F:quarter", "Bf:quarter", "Cs:quarter", "D:quarter"]


@pytest.mark.parametrize(
    ("pitch", "key", "name"),
    [(60, None, ("C", 0, 4)), (61, Key(0, 2), ("C", 1, 4)), (61, Key(0, 8), ("D", -1, 4)), (68, Key(0, 9, "minor"), ("G", 1, 4)),
     (59, Key(0, 6), ("B", 0, 3)), (65, Key(0, 6), ("E", 1, 4)), (71, Key(0, 6, "minor"), ("B", 0, 4)), (0, None, ("C", 0, -1))],
)
def test_spelling(pitch: int, key: Key | None, name: tuple[str, int, int]) -> None:
    assert spell(pitch, key) == name


@given(st.integers(0, 127), st.integers(0, 11), st.sampled_from(["major", "minor", "dorian", "lydian", "locrian"]))
def test_spelled_names_sound_right_and_scale_notes_need_no_sign(pitch: int, tonic: int, mode: str) -> None:
    key = Key(0, tonic, mode)
    letter, alter, octave = spell(pitch, key)
    assert 12 * (octave + 1) + {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter] + alter == pitch
    if mode != "minor" and pitch % 12 in key.scale:
        assert signature(key.fifths).get(letter, 0) == alter


def everything() -> Score:
    """One of each thing that is written."""
    tune = Track((Note(0, 67, Q, 90), Note(Q, 72, Q), Note(2 * Q, 71, Q), Note(3 * Q, 72, 3 * Q)), "Voice", 52, volume=99, pan=20,
                 lyrics=(Lyric(0, "A", "single"), Lyric(Q, "ma", "begin"), Lyric(2 * Q, "zing", "end")))
    piano = Track((Note(Q, 48, 4 * Q), Note(Q, 52, 4 * Q), Note(Q, 60, Q), Note(2 * Q, 60, Q)), "Piano")
    drums = Track((Note(Q, 36, Q), Note(Q, 42, Q), Note(2 * Q, 38, Q)), "Drums", 0, is_drum=True)
    return Score((tune, piano, drums), (Tempo(0, 96.5), Tempo(3 * Q, 80)), (Metre(0, 4, 4), Metre(5 * Q, 3, 4)),
                 (Key(0, 0, "major"), Key(5 * Q, 9, "minor")), (ChordSymbol(Q, 0, "maj7", 4), ChordSymbol(3 * Q + 240, 7, "7"),
                 ChordSymbol(5 * Q, None)), Q, "A <Song> & more", "Anon", ("Songloom: seed 7",))


def test_everything_comes_back() -> None:
    assert read_musicxml(write_musicxml(everything())) == everything()


def test_bytes_are_the_same_every_time_also_zipped() -> None:
    assert write_musicxml(everything()) == write_musicxml(everything())
    assert write_mxl(everything()) == write_mxl(everything())
    assert read_musicxml(write_mxl(everything())) == everything()
    with zipfile.ZipFile(io.BytesIO(write_mxl(everything()))) as archive:
        assert archive.namelist() == ["META-INF/container.xml", "score.musicxml"]


def test_formats_are_in_the_table() -> None:
    for suffix in (".musicxml", ".xml", ".mxl"):
        assert read_score(write_score(everything(), suffix), f"a{suffix}") == everything()


def heard_by_music21(part: music21.stream.Part) -> list[tuple[int, int, int]]:
    """(start, pitch, ticks) of every note of a part that music21 has read, ties joined."""
    ends: dict[tuple[int, int], int] = {}
    found: list[list[int]] = []
    for element in part.flatten().notes:
        if isinstance(element, music21.harmony.ChordSymbol):
            continue
        start, ticks = round(float(element.offset) * Q), round(float(element.duration.quarterLength) * Q)
        for single in element.notes if element.isChord else [element]:
            pitch = single.pitch.midi
            if single.tie is not None and single.tie.type in ("stop", "continue"):
                place = ends.pop((pitch, start))
                found[place][2] += ticks
            else:
                place = len(found)
                found.append([start, pitch, ticks])
            ends[pitch, start + ticks] = place
    return sorted((start, pitch, ticks) for start, pitch, ticks in found)


def test_music21_hears_the_same_notes() -> None:
    read = music21.converter.parseData(write_musicxml(everything()).decode(), format="musicxml")
    for part, track in zip(read.parts, everything().tracks[:2], strict=False):
        assert heard_by_music21(part) == sorted((note.start, note.pitch, note.duration) for note in track.notes)
    symbols = list(read.parts[0].recurse().getElementsByClass(music21.harmony.ChordSymbol))
    assert [symbol.chordKind for symbol in symbols] == ["major-seventh", "dominant-seventh", "none"]
    assert [lyric.text for lyric in (n.lyrics[0] for n in read.parts[0].flatten().notes if n.lyrics)] == ["A", "ma", "zing"]


def test_what_xml_cannot_hold_is_left_out() -> None:
    score = replace(melody((60, Q)), title="a\x00b\ud800c\x1b", texts=("\x01", " x\n y "))
    assert (notatable(score).title, notatable(score).texts) == ("abc", ("x y",))
    assert read_musicxml(write_musicxml(score)) == notatable(score)


def test_words_without_a_note_and_mute_are_left_out() -> None:
    track = Track((Note(0, 60, Q),), muted=True, lyrics=(Lyric(0, "la"), Lyric(Q, "lost")))
    (kept,) = notatable(Score((track,))).tracks
    assert kept == replace(track, muted=False, lyrics=(Lyric(0, "la"),))


def test_performed_times_go_to_the_nearest_grid() -> None:
    track = Track((Note(3, 60, 150), Note(163, 62, 150), Note(322, 64, 150), Note(485, 65, 230)))
    heard = [(n.start, n.duration) for n in notatable(Score((track,))).tracks[0].notes]
    assert heard == [(0, 160), (160, 160), (320, 160), (480, 240)]
