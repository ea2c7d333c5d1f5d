"""Numerals and functions against progressions whose reading every harmony book gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.roman import function_of, roman_chords
from core.score import CHORD_QUALITIES, MODES, ChordSymbol, Key, Note, Score, Track

BAR = 1920


def read(names: list[tuple[int, str] | tuple[int, str, int]], key: Key) -> list[tuple[str, str]]:
    chords = [ChordSymbol(at * BAR, *chord[:2], *(chord[2:] or (None,))) for at, chord in enumerate(names)]
    score = Score((Track((Note(0, 60, len(names) * BAR),)),))
    return [(chord.numeral, chord.function) for chord in roman_chords(score, chords, (key,))]


@pytest.mark.parametrize(
    ("chords", "key", "expected"),
    [
        ([(0, "maj"), (5, "maj"), (7, "7"), (0, "maj")], Key(0, 0), [("I", "T"), ("IV", "S"), ("V7", "D"), ("I", "T")]),
        ([(2, "min"), (7, "maj", 11), (0, "maj", 7), (9, "min")], Key(0, 0),
         [("ii", "S"), ("V6", "D"), ("I64", "T"), ("vi", "T")]),
        ([(9, "7"), (2, "min"), (7, "7", 5), (0, "maj")], Key(0, 0), [("V7/ii", "D"), ("ii", "S"), ("V42", "D"), ("I", "T")]),
        ([(0, "7"), (5, "maj")], Key(0, 0), [("V7/IV", "D"), ("IV", "S")]),
        ([(6, "dim7"), (7, "maj")], Key(0, 0), [("vii°7/V", "D"), ("V", "D")]),
        ([(2, "7"), (9, "min")], Key(0, 0), [("II7", "S"), ("vi", "T")]),
        ([(9, "min"), (5, "maj"), (4, "7"), (8, "dim"), (9, "min")], Key(0, 9, "minor"),
         [("i", "T"), ("VI", "T"), ("V7", "D"), ("vii°", "D"), ("i", "T")]),
        ([(10, "maj"), (0, "maj")], Key(0, 9, "minor"), [("bII", "S"), ("III", "T")]),
        ([(0, "maj"), (2, "maj")], Key(0, 2, "mixolydian"), [("VII", "D"), ("I", "T")]),
        ([(11, "min7b5"), (0, "maj7")], Key(0, 0), [("viiø7", "D"), ("Imaj7", "T")]),
    ],
)  # fmt: skip
def test_progressions(chords: list[tuple[int, str]], key: Key, expected: list[tuple[str, str]]) -> None:
    assert read(chords, key) == expected


def test_the_key_in_force_counts_and_silence_is_left_out() -> None:
    chords = (ChordSymbol(0, 7), ChordSymbol(BAR, None), ChordSymbol(2 * BAR, 7))
    score = Score((Track((Note(0, 60, 3 * BAR),)),))
    found = roman_chords(score, chords, (Key(0, 0), Key(2 * BAR, 7)))
    assert [(chord.start, chord.end, chord.numeral) for chord in found] == [(0, BAR, "V"), (2 * BAR, 3 * BAR, "I")]
    assert roman_chords(score, (), (Key(0, 0),)) == ()
    assert roman_chords(score, chords, ()) == ()


PITCH_CLASS = st.integers(0, 11)


@given(PITCH_CLASS, st.sampled_from(sorted(CHORD_QUALITIES)), PITCH_CLASS, st.sampled_from(sorted(MODES)), st.integers(1, 11))
def test_a_transposed_chord_in_a_transposed_key_has_the_same_numeral(
    root: int, quality: str, tonic: int, mode: str, up: int
) -> None:
    here = read([(root, quality)], Key(0, tonic, mode))
    there = read([((root + up) % 12, quality)], Key(0, (tonic + up) % 12, mode))
    assert here == there
    assert here[0][1] == function_of(ChordSymbol(0, root, quality), Key(0, tonic, mode))
