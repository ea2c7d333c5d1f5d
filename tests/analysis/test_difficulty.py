"""Difficulty: easy is easy, what is impossible is called so and where."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.difficulty import INSTRUMENTS, OBSTACLES, difficulty
from core.analysis.difficulty.guitar import guitar, held
from core.analysis.difficulty.piano import hands, piano
from core.analysis.difficulty.violin import violin
from core.analysis.difficulty.voice import voice
from core.errors import FormatError
from core.score import Key, Note, Score, Tempo, Track

Q = 480
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def line(pitches: tuple[int, ...], length: int = Q, bpm: float = 100, key: Key | None = None) -> Score:
    notes = tuple(Note(at * length, pitch, length) for at, pitch in enumerate(pitches))
    return Score((Track(notes),), tempos=(Tempo(0, bpm),), keys=(key,) if key else ())


def test_a_slow_scale_is_easy_everywhere() -> None:
    found = difficulty(line(SCALE, bpm=80, key=Key(0, 0)))
    assert [one.instrument for one in found] == list(INSTRUMENTS)
    assert all(one.playable and one.grade <= 3 for one in found), found


def test_faster_and_wider_is_harder() -> None:
    easy = {one.instrument: one.grade for one in difficulty(line(SCALE * 4, bpm=60))}
    hard = {one.instrument: one.grade for one in difficulty(line((60, 84, 62, 86, 64, 88, 65, 83) * 4, Q // 4, bpm=150))}
    assert all(hard[name] > easy[name] for name in easy), (easy, hard)


@pytest.mark.parametrize(
    ("rules", "pitches", "kind"),
    [(violin, (60, 50, 62), "low"), (violin, (60, 110), "high"), (guitar, (60, 30), "low"), (guitar, (60, 100), "high"),
     (voice, (60, 100), "high"), (voice, (30, 60), "low"), (piano, (60, 10), "low"), (piano, (60, 120), "high")],
)  # fmt: skip
def test_notes_outside_the_instrument(rules: object, pitches: tuple[int, ...], kind: str) -> None:
    found = rules(line(pitches))  # type: ignore[operator]
    assert not found.playable
    assert [(one.bar, one.kind) for one in found.obstacles] == [(1, kind)]


def test_a_hand_spans_a_tenth_and_no_more() -> None:
    def chord(top: int) -> Score:
        return Score((Track((Note(0, 60, Q), Note(0, top, Q))), Track((Note(0, 36, Q),))))

    assert piano(chord(76)).playable
    found = piano(chord(77))
    assert [(one.kind, one.value) for one in found.obstacles] == [("span", 17)]


def test_one_part_is_dealt_to_two_hands() -> None:
    right, left = hands([[Note(0, 36, Q), Note(0, 43, Q), Note(0, 64, Q), Note(0, 67, Q)]])
    assert [note.pitch for note in right] == [64, 67]
    assert [note.pitch for note in left] == [36, 43]


def test_guitar_chords_that_a_hand_can_hold() -> None:
    assert min(held((40, 47, 52, 56, 59, 64))) < 40  # E major, open
    assert min(held((41, 48, 53, 57, 60, 65))) < 40  # F major, barré
    assert min(held((40, 41, 42))) >= 40  # three neighbours in the lowest octave


def test_the_first_position_of_the_violin_needs_no_shift() -> None:
    low = violin(line((55, 57, 59, 60, 62, 64, 66, 67, 69, 71, 72, 74, 76, 78, 79, 81)))
    high = violin(line((84, 88, 91, 95, 98, 64, 98)))
    position = {one.name: one.value for one in low.measures}
    assert position["highest position"] == 1
    assert position["position shifts"] == 0
    assert {one.name: one.value for one in high.measures}["highest position"] >= 7


@pytest.mark.parametrize(
    ("pitches", "kind"), [((72, 76, 79, 81), "soprano"), ((41, 43, 45, 48), "bass"), ((52, 57, 60, 64), "tenor")]
)
def test_the_kind_of_voice(pitches: tuple[int, ...], kind: str) -> None:
    found = voice(line(pitches))
    assert found.voice == kind
    assert found.inside == 1


def test_the_hardest_bar_is_the_busy_one() -> None:
    notes = [*(Note(bar * 1920 + at * Q, 60 + at, Q) for bar in (0, 1, 3) for at in range(4)),
             *(Note(3840 + at * 120, 60 + at % 5, 120) for at in range(16))]
    assert all(one.hardest[0] == 3 for one in difficulty(Score((Track(tuple(notes)),))))


def test_drums_alone_have_no_difficulty() -> None:
    with pytest.raises(FormatError):
        difficulty(Score((Track((Note(0, 36, Q),), is_drum=True),)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 127), st.integers(1, 8)), min_size=1, max_size=24))
def test_any_music_gets_a_grade(rows: list[tuple[int, int, int]]) -> None:
    score = Score((Track(tuple({(s, p): Note(s * 240, p, d * 240) for s, p, d in rows}.values())),))
    for found in difficulty(score):
        assert 1 <= found.grade <= 8
        assert found.playable == (not found.obstacles)
        assert all(one.kind in OBSTACLES and 0 <= one.bar <= len(score.bars) for one in found.obstacles)
        assert all(1 <= measure.grade <= 8 for measure in found.measures)
