"""What is written as ABC is read back as the same music."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FormatError
from core.score import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track
from core.score.abc_reader import read_abc
from core.score.abc_writer import write_abc
from core.score.files import read_score, write_score
from tests.score.strategies import chords, keys, metres, titles, words


def test_a_lead_sheet_as_it_is_written() -> None:
    notes = (Note(0, 71, 240), Note(240, 74, 720), Note(960, 73, 160), Note(1120, 71, 160), Note(1280, 70, 160),
             Note(1440, 66, 1200))  # fmt: skip
    score = Score(
        (Track(notes, lyrics=(Lyric(0, "Oh"), Lyric(240, "mer", "begin"), Lyric(960, "ry", "end"))),),
        (Tempo(0, 90),), (Metre(0, 3, 4),), (Key(0, 11, "minor"),), (ChordSymbol(240, 11, "min"), ChordSymbol(1680, 6, "7")),
        pickup=240, title="Song",
    )  # fmt: skip
    assert write_abc(score) == (
        "X:1\nT:Song\nM:3/4\nL:1/8\nQ:1/4=90\nK:Bm\n"
        'B | "Bm"d3 (3cB^AF- | "F#7"F4 z2 |]\n'
        "w: Oh mer- ry\n"
    )


@pytest.mark.parametrize(
    ("key", "pitches", "written"),
    [
        (Key(0, 0), (60, 61, 63, 66, 68, 70, 72, 84), "C ^C _E ^F | ^G _B c c' |]"),
        (Key(0, 10), (58, 59, 63, 64), "B, =B, E =E |]"),
        (Key(0, 9, "minor"), (68, 69, 66, 65), "^G A ^F =F |]"),
        (None, (60, 48, 36, 96), "C C, C,, c'' |]"),
    ],
)
def test_spelling(key: Key | None, pitches: tuple[int, ...], written: str) -> None:
    notes = tuple(Note(480 * index, pitch, 480) for index, pitch in enumerate(pitches))
    text = write_abc(Score((Track(notes),), keys=(key,) if key else ()))
    assert text.splitlines()[-1].replace("2", "") == written
    assert read_abc(text).tracks[0].notes == notes


@st.composite
def lines(draw: st.DrawFn) -> Track:
    """Notes and chords one after another, with words under some of them."""
    notes: list[Note] = []
    lyrics: list[Lyric] = []
    tick = 0
    for _ in range(draw(st.integers(1, 25))):
        tick += draw(st.sampled_from([0, 0, 0, 120, 240, 160, 7, 2000]))
        length = draw(st.sampled_from([60, 120, 160, 160, 160, 240, 240, 320, 480, 720, 960, 1000, 1920, 5000, 7, 30_000]))
        for pitch in draw(st.sets(st.integers(0, 127), min_size=1, max_size=2)):
            notes.append(Note(tick, pitch, length))
        if draw(st.booleans()):
            lyrics.append(Lyric(tick, draw(words).replace("_", "a").replace("|", "a").replace("~", "a").replace("*", "a")))
        tick += length
    return Track(tuple(notes), lyrics=tuple(lyrics))


def changes(events: tuple[Key, ...]) -> list[Key]:
    kept: list[Key] = []
    for event in events:
        if not kept or (kept[-1].tonic, kept[-1].mode) != (event.tonic, event.mode):
            kept.append(event)
    return kept


@given(lines(), metres, st.lists(keys, max_size=3), st.lists(chords, max_size=6), titles, st.data())
def test_write_then_read_is_the_same_music(
    line: Track, metre: Metre, key_list: list[Key], chord_list: list[ChordSymbol], title: str, data: st.DataObject
) -> None:
    pickup = data.draw(st.integers(0, metre.bar_ticks // 60 - 1)) * 60
    bars = data.draw(st.integers(1, 5))
    later = Metre(pickup + bars * metre.bar_ticks, 5, 8)
    score = Score(
        (line,), (Tempo(0, 90), Tempo(480, 100.5)), (metre, later), tuple(key_list), tuple(chord_list), pickup=pickup, title=title
    )
    read = read_abc(write_abc(score))
    end = score.length if len(score.bars) > 1 or not pickup else pickup + metre.bar_ticks
    assert read.tracks[0].notes == line.notes
    assert read.pickup == pickup
    assert read.title == (title or "Untitled")
    assert read.chords == tuple(replace(chord, bass=_bass(chord)) for chord in score.chords if chord.tick < end)
    assert list(read.keys) == [key for key in changes(score.keys) if key.tick < end]
    assert read.tempos == tuple(tempo for tempo in score.tempos if tempo.tick < end)
    if later.tick < score.length and str(later) != str(metre):
        assert read.metres == (metre, later)
    assert [lyric.tick for lyric in read.tracks[0].lyrics] == [lyric.tick for lyric in line.lyrics if _sayable(lyric.text)]


def _bass(chord: ChordSymbol) -> int | None:
    return None if chord.root is None or chord.bass == chord.root else chord.bass


def _sayable(text: str) -> bool:
    return bool(text.translate({ord(sign): None for sign in "_*|~\\\""}).strip())


def test_a_note_and_its_sharp_in_a_tied_chord() -> None:
    notes = (Note(0, 60, 2400), Note(0, 61, 2400))
    assert read_abc(write_abc(Score((Track(notes),)))).tracks[0].notes == notes


def test_overlapping_notes_are_cut_and_the_melody_is_chosen() -> None:
    drums = Track((Note(0, 36, 480),), is_drum=True)
    line = Track((Note(0, 60, 960), Note(480, 64, 480)))
    assert read_abc(write_abc(Score((drums, line)))).tracks[0].notes == (Note(0, 60, 480), Note(480, 64, 480))


def test_a_tune_of_one_short_bar_keeps_its_pickup() -> None:
    score = Score((Track((Note(0, 60, 240),)),), pickup=480)
    assert read_abc(write_abc(score)).pickup == 480


def test_without_notes_there_is_nothing_to_write() -> None:
    with pytest.raises(FormatError):
        write_abc(Score((Track(),)))


def test_words_that_abc_would_take_for_signs() -> None:
    line = Track((Note(0, 60, 960), Note(960, 62, 960)), lyrics=(Lyric(0, "vice-versa 100%"), Lyric(960, "a b")))
    score = Score((line,), title="50% off\nand more")
    read = read_abc(write_abc(score))
    assert [lyric.text for lyric in read.tracks[0].lyrics] == ["vice-versa 100%", "a b"]
    assert read.title == "50% off and more"


def test_files_by_suffix() -> None:
    score = Score((Track((Note(0, 60, 960),)),), title="Ä")
    assert read_score(write_score(score, ".abc"), "x.abc").title == "Ä"
