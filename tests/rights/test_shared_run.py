"""The longest shared run: known answers, and against trying everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rights.shared_run import Index, SharedRun, run_events
from core.score import Score
from tests.analysis.make import melody, transposed


def test_finds_the_run_and_where_it_is() -> None:
    index = Index([("first", "abcabcx"), ("second", "zzzhello worldzzz"), ("third", "hello there")])
    assert index.longest("say hello world!") == SharedRun(11, "second", 4, 3)
    assert index.longest("cabc") == SharedRun(4, "first", 0, 2)
    assert index.longest("there") == SharedRun(5, "third", 0, 6)


def test_a_run_does_not_go_on_into_the_next_piece() -> None:
    index = Index([("a", "abc"), ("b", "def")])
    assert index.longest("abcdef").length == 3


def test_a_piece_is_found_whole() -> None:
    rng = np.random.default_rng(0)
    pieces = [(str(i), rng.integers(0, 4, 200 + i).tolist()) for i in range(20)]
    index = Index(pieces)
    for name, events in pieces:
        assert index.longest(events) == SharedRun(len(events), name, 0, 0)
    assert index.longest([9, *pieces[7][1], 9]).length == 207


def test_nothing_shared() -> None:
    assert Index([("a", "abc")]).longest("xyz") == SharedRun(0, None, 0, 0)
    assert Index([("a", "abc")]).longest("") == SharedRun(0, None, 0, 0)
    assert Index([]).longest("abc") == SharedRun(0, None, 0, 0)
    assert Index([("a", ""), ("b", "")]).longest("abc") == SharedRun(0, None, 0, 0)


words = st.lists(st.sampled_from("abc"), max_size=50).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(words, max_size=6), words)
def test_equals_trying_every_run(texts: list[str], query: str) -> None:
    found = Index([(str(i), text) for i, text in enumerate(texts)]).longest(query)
    spans = [query[i:j] for i in range(len(query)) for j in range(i + 1, len(query) + 1)]
    assert found.length == max((len(span) for span in spans if any(span in text for text in texts)), default=0)
    if found.length:
        run = query[found.here : found.here + found.length]
        assert texts[int(str(found.piece))][found.there : found.there + found.length] == run


def test_events_are_the_same_in_every_key() -> None:
    score = melody([(60, 1), (64, 0.5), (62, 0.5), (67, 2)])
    assert run_events(score) == [(4, 240), (-2, 240), (5, 960)]
    assert run_events(transposed(score, 3)) == run_events(score)
    assert run_events(melody([(60, 1)])) == []


@pytest.fixture(scope="module")
def tunes() -> list[tuple[str, list[tuple[int, int]]]]:
    rng = np.random.default_rng(1)
    return [
        (str(i), list(zip(rng.integers(-5, 6, 100).tolist(), rng.choice([240, 480], 100).tolist(), strict=True)))
        for i in range(3000)
    ]


def test_repeated_pieces_are_no_trouble() -> None:
    index = Index([(str(i), [1, 2, 3] * 30) for i in range(50)])
    assert index.longest([1, 2, 3] * 40).length == 90


def test_takes_melodies() -> None:
    piece: Score = melody([(60, 1), (64, 0.5), (62, 0.5), (67, 2), (65, 1)])
    index = Index([("tune", run_events(piece))])
    other = melody([(70, 4), (62, 1), (66, 0.5), (64, 0.5), (69, 3)])
    assert index.longest(run_events(other)) == SharedRun(2, "tune", 1, 0)
