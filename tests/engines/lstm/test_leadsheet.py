from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.lstm.leadsheet import (
    DURATIONS,
    HOLD,
    METRES,
    NO_CHORD,
    UNITS_PER_QUARTER,
    bar_units,
    decode,
    encode,
    reference_for,
    skyline,
    split_duration,
)
from core.errors import FormatError
from core.score import TICKS_PER_QUARTER, ChordSymbol, Key, Metre, Note, Score, Track
from core.score.abc_reader import read_abc

UNIT = TICKS_PER_QUARTER // UNITS_PER_QUARTER


@st.composite
def melodies(draw: st.DrawFn) -> Score:
    metre = draw(st.sampled_from(METRES))
    numerator, denominator = (int(x) for x in metre.split("/"))
    tick, notes = 0, []
    for _ in range(draw(st.integers(4, 40))):
        tick += UNIT * draw(st.sampled_from((0, 0, 0, 6, 12, 24)))
        length = UNIT * draw(st.sampled_from((3, 4, 6, 8, 12, 16, 18, 24, 36, 48, 72, 100)))
        notes.append(Note(tick, draw(st.integers(55, 86)), length))
        tick += length
    roots, qualities = st.integers(0, 11), st.sampled_from(("maj", "min", "7"))
    chords = tuple(ChordSymbol(t * 480, draw(roots), draw(qualities)) for t in range(0, 8, 2))
    return Score((Track(tuple(notes)),), metres=(Metre(0, numerator, denominator),), keys=(Key(0, draw(st.integers(0, 11))),),
                 chords=chords)


@settings(max_examples=60, deadline=None)
@given(melodies())
def test_what_is_encoded_is_decoded(score: Score) -> None:
    sheet = encode(score, keep_empty_bars=True)
    back = decode(sheet, tempo=120, program=0)
    assert _notes(back) == _notes(score)
    inside = [c for c in score.chords if c.tick < back.length]
    assert [(c.root, c.quality) for c in back.chords if c.root is not None] == _changes(inside)
    assert back.keys == score.keys
    assert str(back.metres[0]) == str(score.metres[0])


def _notes(score: Score) -> list[tuple[int, int, int]]:
    return [(n.start, n.pitch, n.duration) for n in score.melody.notes]


def _changes(chords: list[ChordSymbol]) -> list[tuple[int | None, str]]:
    named = [(c.root, c.quality) for c in chords]
    return [c for i, c in enumerate(named) if i == 0 or c != named[i - 1]]


@settings(max_examples=60, deadline=None)
@given(melodies())
def test_bars_are_full_and_events_stay_in_them(score: Score) -> None:
    sheet = encode(score, keep_empty_bars=True)
    assert all(sum(event.duration for event in bar) == bar_units(sheet.metre) for bar in sheet.bars)
    assert all(event.duration in DURATIONS for event in sheet.events)


@settings(max_examples=30, deadline=None)
@given(melodies(), st.integers(-5, 6))
def test_transposition_leaves_the_events_alone(score: Score, up: int) -> None:
    from core.score.edits import transpose

    assert encode(transpose(score, up)).bars == encode(score).bars


def test_a_melody_between_two_tonics_is_counted_from_the_upper_one_in_every_key() -> None:
    for tonic in range(12):
        assert reference_for([tonic + 70], tonic) == tonic + 72
        assert reference_for([tonic + 69, tonic + 70], tonic) == tonic + 60


@given(st.integers(1, 400))
def test_durations_split_without_loss(units: int) -> None:
    assert sum(split_duration(units)) == units


def test_a_pick_up_comes_first() -> None:
    score = read_abc("X:1\nM:3/4\nL:1/4\nK:F\nC|F2 A|G2 B|A3|\n", unfold=False)
    sheet = encode(score)
    assert sheet.pickup == UNITS_PER_QUARTER
    assert sum(e.duration for e in sheet.bars[0]) == UNITS_PER_QUARTER
    assert decode(sheet, tempo=90, program=0).pickup == TICKS_PER_QUARTER


def test_a_note_over_the_bar_line_is_held() -> None:
    score = Score((Track((Note(0, 60, 480 * 6), Note(480 * 6, 62, 480 * 2))),), keys=(Key(0, 0),))
    assert [e.pitch == HOLD for e in encode(score).events] == [False, True, False]


def test_no_chord_is_a_chord() -> None:
    score = Score((Track((Note(0, 60, 1920),)),), keys=(Key(0, 0),), chords=(ChordSymbol(0, None),))
    assert encode(score).events[0].chord == NO_CHORD


def test_skyline_keeps_the_top() -> None:
    line = skyline([Note(0, 60, 480), Note(0, 64, 480), Note(240, 62, 240)])
    assert [(n.start, n.pitch, n.duration) for n in line] == [(0, 64, 240), (240, 62, 240)]


def test_without_a_key_it_says_so() -> None:
    with pytest.raises(FormatError, match="needs a key"):
        encode(Score((Track((Note(0, 60, 480),)),)))
