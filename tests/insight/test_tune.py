"""Styles told note by note, and how the network that tells them is taught."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import WeightsMissingError
from core.insight.fit_tune import beside, teach
from core.insight.linear import UNNAMED, softmax
from core.insight.style import recognise_style
from core.insight.tune import FIELDS, MOST, Listener, TuneReader, read, shipped, together, tune_notes
from core.score import Note, Score, Track
from core.score.keyshift import transpose
from tests.insight.tunes import HELD_OUT, held_out, jig

SIZES = np.array([size for size, _ in FIELDS.values()])


def test_classes_of_notes_are_inside_and_the_same_in_every_key() -> None:
    plain = tune_notes(jig())
    assert (plain >= 0).all()
    assert (plain < SIZES).all()
    for up in (1, 5, -4):
        assert np.array_equal(tune_notes(transpose(jig(), up)), plain)


def test_odd_melodies_have_classes_too() -> None:
    wide = Score((Track((Note(0, 0, 1), Note(10, 127, 99999), Note(200000, 60, 480))),))
    for score in (wide, replace(jig(), keys=()), Score((Track((Note(0, 60, 480),)),))):
        found = tune_notes(score)
        assert (found >= 0).all()
        assert (found < SIZES).all()


def test_what_is_not_there_does_not_count() -> None:
    torch.manual_seed(0)
    net = TuneReader(3, cells=4).eval()
    short, long = tune_notes(jig())[:7], tune_notes(jig())
    notes, there = together([short, long])
    assert notes.shape == (2, MOST, len(FIELDS))
    assert there.sum(1).tolist() == [7, min(len(long), MOST)]
    found = read(net, [short, long])
    assert found.sum(1) == pytest.approx(np.ones(2))
    assert read(net, [long])[0] == pytest.approx(found[1], abs=1e-6)


def test_two_kinds_are_learned_and_the_same_seed_teaches_the_same() -> None:
    rng = np.random.default_rng(0)
    tunes = []
    for step in (1, 4) * 12:
        tune = rng.integers(0, SIZES, (12, len(FIELDS)))
        tune[:, 0] = 13 + step
        tunes.append(tune)
    labels = np.array([0, 1] * 12)
    one, two = (teach(tunes, labels, 2, steps=12, cells=4) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))
    told = read(one, tunes)
    assert (told.argmax(1) == labels).mean() > 0.9
    even = np.full((24, 2), 0.5)
    listener = beside(one, ("a", "b"), even, tunes, labels)
    both, alone = listener.blended(even, tunes)
    assert np.array_equal(alone, told)
    assert both == pytest.approx(softmax(listener.share * np.log(told + 1e-9) / listener.temperature), abs=1e-6)
    assert replace(listener, share=0.0, temperature=1.0).blended(even, tunes)[0] == pytest.approx(even)


def test_most_held_out_tunes_are_told_and_the_network_is_among_the_reasons() -> None:
    listener = shipped()
    told = read(listener.net, [tune_notes(held_out(name)) for name in HELD_OUT])
    right = [listener.classes[at] == style for at, style in zip(told.argmax(1), HELD_OUT.values(), strict=True)]
    assert np.mean(right) >= 0.5
    assert [reason.feature for reason in recognise_style(jig()).because].count(UNNAMED) == 1
    assert UNNAMED not in [reason.feature for reason in recognise_style(jig(), free_only=True).because]


def test_weights_that_are_missing_are_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError):
        Listener.load(tmp_path)
