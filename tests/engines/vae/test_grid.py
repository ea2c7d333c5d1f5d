"""Bars to steps and back."""

from __future__ import annotations

import numpy as np
import pytest

from core.engines.lstm.leadsheet import HOLD, REST, encode
from core.engines.vae import grid
from core.errors import FormatError
from core.score.abc_reader import read_abc


def sheet(metre: str, key: str, body: str):
    return encode(read_abc(f"X:1\nM:{metre}\nL:1/8\nK:{key}\n{body}\n"), keep_empty_bars=True)


@pytest.mark.parametrize(
    ("metre", "body", "expected"),
    [
        ("4/4", '"D"D2 FA "G"B2 A>F | "A"E4 z2 "D"D2 |', "straight"),
        ("6/8", '"D"DFA d2 A | "A"c/B/A G F2 z |', "straight"),
        ("2/2", '"D"(3DFA (3dAF D2 z2 | "G"G4- G2 A2 |', "triplet"),
    ],
)
def test_what_the_grid_holds_comes_back(metre: str, body: str, expected: str) -> None:
    original = sheet(metre, "D", body)
    window = grid.encode(original.bars, metre, "major")
    assert window.grid == expected
    back = grid.decode(window, original.reference)
    sounded = [[(e.duration, e.pitch, e.chord) for e in bar] for bar in original.bars]
    assert [[(e.duration, e.pitch, e.chord) for e in bar] for bar in back.bars] == sounded


def test_a_note_tied_over_the_bar_is_held() -> None:
    window = grid.encode(sheet("4/4", "C", "C4 E4- | E4 C4 |").bars, "4/4", "major")
    assert window.tokens[1, 0] == HOLD


def test_a_window_that_begins_in_a_tied_note_holds_it() -> None:
    tied = sheet("4/4", "C", "C4 E4- | E4 C4 |")
    assert grid.windows(tied, bars=1, hop=1)[1].tokens[0, 0] == HOLD


def test_holds_after_a_rest_are_rests() -> None:
    tokens = grid.tied(np.array([[REST, HOLD, 30, HOLD], [HOLD, REST, HOLD, HOLD]]))
    assert tokens.tolist() == [[REST, REST, 30, HOLD], [HOLD, REST, REST, REST]]


def test_windows_of_a_piece() -> None:
    piece = sheet("3/4", "G", "G2 B2 d2 |" * 10)
    found = grid.windows(piece, bars=4, hop=4)
    assert [len(window.tokens) for window in found] == [4, 4, 4]
    assert [window.tokens.shape for window in grid.windows(piece, bars=16, hop=4)] == [(10, 12)]


@pytest.mark.parametrize(("metre", "name"), [("6/8", "triplet"), ("7/8", "straight"), ("4/4", "quintuplet")])
def test_a_grid_that_is_not_there_is_refused(metre: str, name: str) -> None:
    with pytest.raises(FormatError):
        grid.shape_of(metre, name)


def test_every_bar_fits() -> None:
    for metre in grid.METRES:
        for name in grid.grids_of(metre):
            shape = grid.shape_of(metre, name)
            assert shape.steps <= grid.MAX_STEPS
            assert shape.beats <= grid.MAX_BEATS
            assert len(shape.beat_starts) == shape.beats
