"""Parts as rolls counted from the chord, and back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpora.band_styles import BACKING
from core.engines.gan.conditions import harmony_of
from core.engines.gan.data import feel_of
from core.engines.gan.grid import BAR, METRES, Grid, grid_for, grid_of
from core.engines.gan.rolls import AXES, DRUMS, HEIGHT, ROWS, decode, encode, encode_parts
from core.score import Metre, Note, Score, Track
from core.score.keyshift import transpose
from tests.engines.gan.conftest import band_score


def _grid(metre: str, bars: int, feel: str = "straight") -> Grid:
    length = METRES[metre] * 120
    return grid_for([(bar * length, metre) for bar in range(bars)], feel)  # type: ignore[arg-type]


@st.composite
def on_grid(draw: st.DrawFn) -> tuple[Grid, np.ndarray, list[Note]]:
    """A grid, chord roots that change, and notes on it of which none sounds into another of its pitch."""
    grid = _grid(draw(st.sampled_from(sorted(METRES))), draw(st.integers(1, 3)), draw(st.sampled_from(["straight", "swing"])))
    steps = len(grid.places)
    roots = np.repeat(draw(st.lists(st.integers(0, 11), min_size=steps // 4, max_size=steps // 4)), 4)
    notes, free = [], dict.fromkeys(range(55, 67), 0)
    for start in sorted(draw(st.sets(st.integers(0, steps - 1), max_size=10))):
        pitch = draw(st.sampled_from(sorted(free)))
        end = min(steps, start + draw(st.integers(1, 9)))
        if free[pitch] <= start:
            free[pitch] = end
            notes.append(Note(int(grid.ticks[start]), pitch, int(grid.ticks[end] - grid.ticks[start])))
    return grid, roots, notes


@given(on_grid())
def test_notes_come_back_over_every_change_of_chord(case: tuple[Grid, np.ndarray, list[Note]]) -> None:
    grid, roots, notes = case
    back = decode(encode(notes, "chords", grid, roots), "chords", grid, roots)
    assert [(n.start, n.pitch, n.duration) for n in back] == sorted((n.start, n.pitch, n.duration) for n in notes)


@given(on_grid(), st.integers(-24, 24))
def test_far_notes_come_nearer_by_octaves_and_then_stay(case: tuple[Grid, np.ndarray, list[Note]], shift: int) -> None:
    grid, roots, notes = case
    far = [Note(n.start, n.pitch + shift, n.duration) for n in notes]
    once = encode(far, "bass", grid, roots)
    played = decode(once, "bass", grid, roots)
    assert {(n.start, n.pitch % 12) for n in played} == {(n.start, n.pitch % 12) for n in far}
    assert (encode(played, "bass", grid, roots) == once).all()


@given(on_grid())
def test_what_is_played_stays_in_range(case: tuple[Grid, np.ndarray, list[Note]]) -> None:
    grid, roots, notes = case
    played = decode(encode(notes, "chords", grid, roots), "chords", grid, roots, (60, 72))
    assert all(60 <= n.pitch <= 72 for n in played)
    for a, b in pairwise(played):
        assert a.pitch != b.pitch or a.start < b.start
    by_pitch = {n.pitch: [m for m in played if m.pitch == n.pitch] for n in played}
    assert all(a.end <= b.start for same in by_pitch.values() for a, b in pairwise(same))


def test_all_keys_are_the_same_cells() -> None:
    score = band_score()
    found = []
    for shift in (0, 1, 2, -3):
        moved = transpose(score, shift)
        grid = grid_of(moved, "straight")
        assert grid is not None
        found.append(encode_parts(moved, grid, harmony_of(moved, grid).roots)[0][ROWS["bass"]])
    # Beyond the octave of the part's middle a root lies lower: the cells are those of another octave.
    assert (found[0] == found[1]).all()
    assert all(rows.sum() == found[0].sum() for rows in found)


def test_parts_lie_apart() -> None:
    assert ROWS["drums"].stop == HEIGHT
    assert ROWS["melody"].stop - ROWS["melody"].start == 2 * AXES["melody"].size
    grid = grid_of(band_score(), "straight")
    assert grid is not None
    roll, present = encode_parts(band_score(), grid, harmony_of(band_score(), grid).roots)
    assert present == (True, True, False, True, True)
    assert not roll[ROWS["pad"]].any()
    assert roll[ROWS["drums"]].sum() == 8 * 12


def test_drums_come_back_by_class() -> None:
    grid = _grid("4/4", 1)
    notes = [Note(0, 35, 60), Note(480, 40, 60), Note(960, 42, 60), Note(960, 99, 60)]
    rows = encode(notes, "drums", grid, np.zeros(16, int))
    assert [n.pitch for n in decode(rows, "drums", grid, np.zeros(16, int))] == [36, 38, 42]
    assert [n.pitch for n in decode(rows, "drums", grid, np.zeros(16, int), kit={"kick": 35})] == [35, 38, 42]
    assert len({pitch for pitches in DRUMS.values() for pitch in pitches}) == sum(map(len, DRUMS.values()))


def test_swing_lies_in_three_and_reads_as_straight() -> None:
    grid = _grid("4/4", 1, "swing")
    assert grid.ticks[:5].tolist() == [0, 160, 320, 400, 480]
    assert grid.nearest(np.array([240, 320, 0, 1920])).tolist() == [2, 2, 0, 16]
    assert _grid("6/8", 1, "swing").ticks[1] == 120


def test_the_feel_of_a_piece_is_heard() -> None:
    swung = Track(tuple(Note(480 * beat + 320, 60, 100) for beat in range(8)), "chords")
    assert feel_of(Score((swung,))) == "swing"
    assert feel_of(band_score()) == "straight"


@pytest.mark.parametrize(("metre", "fits"), [((4, 4), True), ((2, 2), True), ((3, 4), True), ((6, 8), True), ((2, 4), True),
                                             ((5, 4), False), ((7, 8), False)])
def test_metres_with_a_place(metre: tuple[int, int], fits: bool) -> None:
    score = Score((Track((Note(0, 60, 4000),)),), metres=(Metre(0, *metre),))
    assert (grid_of(score, "straight") is not None) is fits


def test_a_pick_up_is_left_out() -> None:
    score = Score((Track((Note(0, 60, 480), Note(480, 62, 3840)),),), metres=(Metre(0, 4, 4),), pickup=480)
    grid = grid_of(score, "straight")
    assert grid is not None
    assert (grid.bars, grid.row, int(grid.ticks[0]), int(grid.ticks[-1])) == (2, 2 * BAR, 480, 4320)
    assert not encode(score.tracks[0].notes[:1], "melody", grid, np.zeros(32, int)).any()


def test_every_part_of_the_backing_has_rows() -> None:
    assert set(BACKING) < set(ROWS)
