"""Whatever the text, the ABC reader gives a score or an error that people can read, and soon."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.score import Score
from core.score.abc_reader import read_abc, split_book

SEED = """X:1
T:Seed
C:Trad
M:6/8
L:1/8
Q:3/8=100
K:Ador clef=treble
V:1 name="One"
|: E | "Am"A2A (3ABc d-|[1 d>e^f [M:4/4] "G/B"a4- a4 :|[2 !trill!{cd}c4 z2 x2 |]
w: la la-la * oh_ | my~own
[V:2] [CE]2 +GB+ & c4 | [K:Bb] _B//=c/4 ^^d3/2 Z2 |] % comment
%%MIDI program 1
"""
SIGNS = "ABCGabcgzxZ0123456789/,'_^=|:[](){}<>-+~!\"&%\\KMLQVwX \n№é\0"


def outcome(text: str) -> Score | InputError:
    try:
        found: Score | InputError = read_abc(text, unfold=len(text) % 2 == 0)
    except InputError as error:
        found = error
    assert isinstance(found, Score) or (found.expected and found.got)
    return found


def test_the_seed_is_a_tune() -> None:
    score = read_abc(SEED)
    assert [len(track.notes) > 3 for track in score.tracks] == [True, True]


@pytest.mark.parametrize("seed", range(8))
def test_mutations_give_a_score_or_an_input_error(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        text = list(SEED)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(text))
            kind = chance.random()
            if kind < 0.4:
                text[at] = chance.choice(SIGNS)
            elif kind < 0.6:
                del text[at : at + chance.randint(1, 20)]
                text = text or ["X"]
            elif kind < 0.8:
                text[at:at] = [chance.choice(SIGNS)] * chance.choice((1, 2, 50))
            else:
                other = chance.randrange(len(text))
                text[at:at] = text[other : other + chance.randint(1, 60)]
        assert isinstance(outcome("".join(text)), Score | InputError)


@given(st.text(alphabet=SIGNS, max_size=200))
def test_any_signs_after_a_header(text: str) -> None:
    assert isinstance(outcome("X:1\nM:3/4\nL:1/8\nK:G\n" + text), Score | InputError)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert isinstance(outcome(text), Score | InputError)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 300_000, "{" * 300_000, '"' * 300_001, "(" * 300_000, "+" * 300_000, "!" * 300_000, "|" * 300_000, ":" * 300_000,
        "|:" * 150_000, "[1" * 150_000, "C-" * 90_000, "(3" * 150_000, "A>" * 90_000, "^" * 300_000, "[V:1]" * 60_000,
        "[K:C]" * 60_000, "C/" + "/" * 300_000, "9" * 300_000, "&" * 300_000, "C,,,,,,,,," * 30_000, "|1C" * 9_000 + ":|" * 9_000,
    ],
)  # fmt: skip
def test_hostile_lines_take_bounded_time(body: str) -> None:
    begun = time.process_time()
    outcome("X:1\nK:C\n" + body)
    outcome("X:1\nK:C\nC\n" + "\n".join(["w:" + body[:1000], body]))
    assert time.process_time() - begun < 4


def test_megabytes_of_nonsense_are_refused_soon() -> None:
    chance = random.Random(1)
    begun = time.process_time()
    for text in (chance.randbytes(10_000_000).decode("latin-1"), "X:1\nK:C\n" * 1_000_000):
        assert isinstance(outcome(text), InputError)
    assert time.process_time() - begun < 4


def test_books_of_nothing_but_beginnings() -> None:
    assert len(split_book("X:1\n" * 50_000)) == 50_000


def test_a_tune_of_which_no_bar_is_played_is_refused() -> None:
    assert isinstance(outcome("X:1\nM:3/4\nL:1/8\nK:G\n00000|0A"), InputError)
