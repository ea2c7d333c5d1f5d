"""Styles recognised by the shipped weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.insight.fit_style import scrambled
from core.insight.style import NONE, recognise_style
from core.score import Note, Score, Track
from core.score.keyshift import transpose
from tests.insight.tunes import HELD_OUT, drums, held_out, jig


@pytest.mark.parametrize("free_only", [False, True])
def test_a_jig_is_recognised(free_only: bool) -> None:
    found = recognise_style(jig(), free_only)
    assert found.style == "irish-jig"
    assert found.ranked[0] == ("irish-jig", found.confidence)
    assert list(found.probabilities) == sorted(found.probabilities)
    assert sum(found.probabilities.values()) == pytest.approx(1)


def test_most_held_out_tunes_are_recognised() -> None:
    right = [recognise_style(held_out(name)).style == style for name, style in HELD_OUT.items()]
    assert np.mean(right) >= 0.6


def test_reasons_name_measures_of_this_piece_the_strongest_first() -> None:
    found = recognise_style(jig())
    assert found.because[0].weight > 0
    strengths = [abs(reason.weight) for reason in found.because]
    assert strengths == sorted(strengths, reverse=True)
    assert all(np.isfinite((reason.value, reason.usual)).all() for reason in found.because)


def test_the_same_piece_is_the_same_answer_in_another_key_and_with_another_part() -> None:
    piece = jig()
    plain = recognise_style(piece).probabilities
    assert recognise_style(piece).probabilities == plain
    assert recognise_style(transpose(piece, 3)).probabilities == pytest.approx(plain)
    assert recognise_style(replace(piece, tracks=(*piece.tracks, *drums().tracks))).probabilities == pytest.approx(plain)


def test_drums_alone_are_none_and_not_judged() -> None:
    found = recognise_style(drums())
    assert (found.style, found.confidence, found.judged, found.because) == (NONE, 1.0, False, ())


def test_notes_at_random_are_none() -> None:
    assert recognise_style(scrambled(held_out("FishersHornpipe"), "a")).style == NONE


def test_a_piece_without_a_key_and_of_one_note_gets_an_answer() -> None:
    assert recognise_style(replace(jig(), keys=())).style == "irish-jig"
    found = recognise_style(Score((Track((Note(0, 60, 480),)),)))
    assert sum(found.probabilities.values()) == pytest.approx(1)
