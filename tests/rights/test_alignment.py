"""Passages found note by note, whatever was done to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rights.alignment import Aligner, Costs
from core.rights.evaluation.planting import ALL, KINDS, Kind, plant
from core.rights.lines import Line, Lines, Place
from core.rights.surprise import learn
from tests.rights.make import random_line

SURPRISE = learn(random_line(seed) for seed in range(100, 140))



def lines(*found: Line) -> Lines:
    return Lines.of((Place(str(k), "", "own"), line) for k, line in enumerate(found))


def test_a_piece_is_its_own_passage_in_any_key_and_tempo() -> None:
    line = random_line(1)
    moved = Line(line.pitches + 5, line.onsets * 3)
    match = Aligner(line, SURPRISE, Costs()).matches(lines(moved))[0]
    assert match.here == match.there == tuple(range(line.size))
    same = Aligner(line, SURPRISE, Costs()).bits(lines(line, moved))
    assert same[0] == pytest.approx(same[1])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_planted_passage_is_found_where_it_is(kind: Kind) -> None:
    rng = np.random.default_rng(3)
    for seed in range(4):
        host, source = random_line(seed), random_line(seed + 50)
        planted = plant(host, source, kind, rng, 16)
        match = Aligner(planted.line, SURPRISE, Costs()).matches(lines(source))[0]
        right = [(i, j) for i, j in zip(match.here, match.there, strict=True)
                 if planted.first <= i < planted.first + planted.size and i - planted.first == j - planted.origin]
        assert len(right) >= 12


def test_notes_put_in_and_left_out_are_bridged() -> None:
    line = random_line(7, 30)
    keep = [k for k in range(30) if k != 15]
    match = Aligner(line, SURPRISE, Costs()).matches(lines(Line(line.pitches[keep], line.onsets[keep])))[0]
    assert match.here[0] == 0
    assert match.here[-1] == 29
    assert 15 not in match.here


def test_a_passage_does_not_go_on_into_the_next_piece() -> None:
    line = random_line(8, 20)
    halves = lines(Line(line.pitches[:10], line.onsets[:10]), Line(line.pitches[10:], line.onsets[10:]))
    for match in Aligner(line, SURPRISE, Costs()).matches(halves):
        assert len(match.here) == 10


def test_the_matched_notes_are_the_same_but_for_one_transposition() -> None:
    for seed in range(6):
        a, b = random_line(seed), random_line(seed + 30)
        match = Aligner(a, SURPRISE, Costs()).matches(lines(b))[0]
        assert len({int(b.pitches[j] - a.pitches[i]) for i, j in zip(match.here, match.there, strict=True)}) <= 1


def test_repeated_notes_say_less_than_a_melody() -> None:
    times = np.arange(12) * 240
    dull, lively = Line(np.full(12, 60), times), random_line(9, 12)
    bits = [float(Aligner(line, SURPRISE, Costs()).bits(lines(line))[0]) for line in (dull, lively)]
    assert bits[0] < bits[1]


def test_nothing_shared() -> None:
    up, down = (Line(np.arange(60, 66, 1)[::way], np.arange(6) * 240) for way in (1, -1))
    assert Aligner(up, SURPRISE, Costs()).matches(lines(down))[0].here == ()
    assert len(Aligner(up, SURPRISE, Costs()).bits(lines())) == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(-11, 11), st.sampled_from([0.5, 1.5, 2, 3]))
def test_neither_key_nor_tempo_changes_the_bits(seed: int, up: int, scale: float) -> None:
    a, b = random_line(seed, 20), random_line(seed + 1, 20)
    moved = Line(b.pitches + up, (b.onsets * scale).astype(np.int64))
    found = Aligner(a, SURPRISE, Costs()).bits(lines(b, moved))
    assert found[0] == pytest.approx(found[1])


def test_planting_puts_in_what_it_says() -> None:
    rng = np.random.default_rng(0)
    host, source = random_line(1), random_line(2)
    planted = plant(host, source, ALL, rng, 10)
    inside = planted.line.pitches[planted.first : planted.first + 10]
    shift = inside - source.pitches[planted.origin : planted.origin + 10]
    values, counts = np.unique(shift, return_counts=True)
    assert counts.max() == 9
    assert values[counts.argmax()] % 12
    assert planted.line.size == host.size + 10
    assert (np.diff(planted.line.onsets) > 0).all()
