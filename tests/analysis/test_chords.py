"""Chord symbols found from notes, against progressions with known names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.chords import QUALITIES, chords_from_notes
from core.score import CHORD_QUALITIES, ChordSymbol, Metre, Note, Score, Track

Q = 480


def block(start: int, length: int, root: int, quality: str = "maj", bass: int | None = None) -> list[Note]:
    notes = [Note(start, 60 + root + step, length) for step in CHORD_QUALITIES[quality]]
    return [*notes, Note(start, 36 + (root if bass is None else bass), length)]


def names(score: Score) -> list[tuple[int, str]]:
    return [(chord.tick // Q, chord.text()) for chord in chords_from_notes(score)]


def test_a_cadence_over_bars_and_half_bars() -> None:
    notes = [*block(0, 4 * Q, 0), *block(4 * Q, 2 * Q, 5), *block(6 * Q, 2 * Q, 7, "7"), *block(8 * Q, 4 * Q, 9, "min")]
    assert names(Score((Track(tuple(notes)),))) == [(0, "C"), (4, "F"), (6, "G7"), (8, "Am")]


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("quality", [q for q in QUALITIES if q not in ("aug", "dim7")])
def test_every_quality_on_every_root(root: int, quality: str) -> None:
    (chord,) = chords_from_notes(Score((Track(tuple(block(0, 4 * Q, root, quality))),)))
    assert chord == ChordSymbol(0, root, quality)


def test_inversions_keep_their_bass() -> None:
    assert names(Score((Track(tuple(block(0, 4 * Q, 0, "maj", bass=4))),))) == [(0, "C/E")]


def test_arpeggio_and_passing_note_make_one_chord() -> None:
    line = [Note(i * 240, pitch, 240) for i, pitch in enumerate((48, 55, 60, 62, 64, 60, 55, 52))]
    assert names(Score((Track(tuple(line)),))) == [(0, "C")]


def test_silence_and_drums_add_nothing() -> None:
    assert chords_from_notes(Score((Track((Note(0, 36, Q),), is_drum=True),))) == ()
    notes = [*block(4 * Q, 4 * Q, 0), *block(12 * Q, 4 * Q, 0)]
    assert names(Score((Track(tuple(notes)),))) == [(4, "C")]


def test_pickup_and_compound_metre_put_chords_on_beats() -> None:
    bar = 3 * Q
    notes = [Note(0, 67, 240), *block(240, 720, 0), *block(240 + 720, 720, 7, "7"), *block(240 + bar // 2 * 2, bar, 0)]
    found = chords_from_notes(Score((Track(tuple(notes)),), metres=(Metre(0, 6, 8),), pickup=240))
    assert [(chord.tick, chord.text()) for chord in found][-2:] == [(960, "G7"), (240 + bar, "C")]


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(30, 90), st.integers(1, 8)), max_size=30))
def test_symbols_are_in_order_and_the_same_an_octave_higher(raw: list[tuple[int, int, int]]) -> None:
    def chords(shift: int) -> tuple[ChordSymbol, ...]:
        return chords_from_notes(Score((Track(tuple(Note(s * 240, p + shift, d * 240) for s, p, d in raw)),)))

    here = chords(0)
    assert [chord.tick for chord in here] == sorted({chord.tick for chord in here})
    assert bool(here) == bool(raw)
    assert chords(12) == here
