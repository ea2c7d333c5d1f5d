"""Which bars are alike, and the sections that follow."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.sections import LONGEST, bar_similarity, full_bars, sections
from core.errors import FormatError
from core.score import Metre, Note, Score, Track
from core.score.abc_reader import read_abc

KESH = """X:1
T:The Kesh
M:6/8
L:1/8
K:G
|:G3 GAB|A3 ABd|edd gdd|edB dBA|GAG GAB|ABA ABd|edd gdB|AGF G3:|
|:B2B d2d|ege dBA|B2B dBG|ABA AGA|BAB d^cd|ege dBd|gfg aga|bgg g3:|
"""


def tune(*phrases: str, metre: Metre | None = None) -> Score:
    """A melody of phrases, each named by a letter and a number of bars; equal names are equal notes."""
    metre = metre or Metre(0, 4, 4)
    notes, tick = [], 0
    for phrase in phrases:
        bars = int(phrase[1:])
        dice = random.Random(phrase[0])
        for _ in range(bars):
            place = 0
            while phrase[0] != "-" and place < metre.bar_ticks:
                length = min(dice.choice((240, 240, 480, 720)), metre.bar_ticks - place)
                notes.append(Note(tick + place, dice.choice((60, 62, 64, 65, 67, 69, 71, 72)), length))
                place += length
            tick += metre.bar_ticks
    return Score((Track(tuple(notes)),), metres=(metre,))


def form(score: Score) -> str:
    return " ".join(f"{section.letter}{section.bars}" for section in sections(score))


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (("a8", "a8", "b8", "b8"), "A8 A8 B8 B8"),
        (("a4", "a4", "b4", "b4"), "A4 A4 B4 B4"),
        (("a8", "b8", "a8", "b8", "c8", "b8"), "A8 B8 A8 B8 C8 B8"),
        (("a8", "a8", "b8", "a8"), "A8 A8 B8 A8"),
        (("i4", "a8", "b8", "a8", "b8", "e2"), "A4 B8 C8 B8 C8 D2"),
        (("a12", "a12", "a12"), "A12 A12 A12"),
        (("a16", "b16", "a16"), "A8 B8 C8 D8 A8 B8"),
        (("a8",), "A8"),
        (("a32",), "A8 B8 C8 D8"),
        (("a12",), "A12"),
        (("a1",), "A1"),
    ],
)
def test_repeats_make_the_form(phrases: tuple[str, ...], expected: str) -> None:
    assert form(tune(*phrases)) == expected


def test_a_real_tune_is_a_a_b_b() -> None:
    found = sections(read_abc(KESH))
    assert [(section.first, section.last, section.letter) for section in found] == [
        (0, 8, "A"), (8, 16, "A"), (16, 24, "B"), (24, 32, "B")]
    assert [section.kind for section in found] == ["verse", "verse", "chorus", "chorus"]


def test_repeats_with_small_changes_keep_their_letter() -> None:
    score = tune("a8", "b8", "a8", "b8")
    notes = list(score.tracks[0].notes)
    for index in range(0, len(notes), 6):  # every sixth note is another one
        notes[index] = replace(notes[index], pitch=notes[index].pitch + 1)
    assert form(replace(score, tracks=(Track(tuple(notes)),))) == "A8 B8 A8 B8"


def test_intro_and_ending_are_guessed() -> None:
    kinds = [section.kind for section in sections(tune("i4", "a8", "b8", "a8", "b8", "e2"))]
    assert (kinds[0], kinds[-1]) == ("intro", "ending")
    silent = sections(tune("-4", "a8", "a8"))
    assert [(section.bars, section.kind) for section in silent] == [(4, "intro"), (8, "verse"), (8, "verse")]


def test_a_pickup_is_not_counted() -> None:
    score = tune("a8", "a8")
    moved = tuple(replace(note, start=note.start + 480) for note in score.tracks[0].notes)
    score = replace(score, tracks=(Track((Note(0, 55, 480), *moved)),), pickup=480)
    assert len(full_bars(score)) == 16
    assert form(score) == "A8 A8"


def test_the_matrix_knows_pitch_rhythm_and_silence() -> None:
    quarters = [Note(480 * i, pitch, 480) for i, pitch in enumerate((60, 62, 64, 65))]
    octave = [replace(note, start=note.start + 1920, pitch=note.pitch + 12) for note in quarters]
    other = [replace(note, start=note.start + 3840, pitch=pitch) for note, pitch in zip(quarters, (61, 63, 66, 68), strict=True)]
    half = [Note(5760, 60, 480), Note(6240, 62, 480)]
    alike = bar_similarity(Score((Track((*quarters, *octave, *other, *half)),)))
    assert alike.shape == (4, 4)
    assert np.allclose(np.diag(alike), 1)
    assert np.allclose(alike, alike.T)
    assert alike[0, 1] == 1
    assert alike[0, 2] == 0
    assert alike[0, 3] == pytest.approx(0.5 * 0.5 + 0.5 * 4 / 6)


def test_another_track_can_be_asked_for() -> None:
    score = tune("a8")
    both = replace(score, tracks=(*score.tracks, *tune("b4", "b4").tracks))
    assert [section.letter for section in sections(both, 1)] == ["A", "A"]


def test_no_melody() -> None:
    with pytest.raises(FormatError, match="at least one pitched note"):
        sections(Score((Track((Note(0, 36, 240),), is_drum=True),)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30000), st.integers(40, 90), st.integers(1, 3000)), min_size=1, max_size=40),
       st.sampled_from(((4, 4), (6, 8), (5, 4), (7, 16))))
def test_sections_cover_every_bar_of_anything(notes: list[tuple[int, int, int]], metre: tuple[int, int]) -> None:
    score = Score((Track(tuple(Note(*note) for note in notes)),), metres=(Metre(0, *metre),))
    found = sections(score)
    assert [section.last for section in found[:-1]] == [section.first for section in found[1:]]
    assert (found[0].first, found[-1].last) == (0, len(full_bars(score)))
    assert all(1 <= section.bars <= LONGEST for section in found if section.kind not in ("intro", "ending"))
    alike = bar_similarity(score)
    assert (alike >= 0).all()
    assert (alike <= 1.0001).all()
