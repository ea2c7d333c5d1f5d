"""The judge of style on two made-up styles."""

from __future__ import annotations

import random

import pytest

from core.analysis.style_classifier import StyleClassifier, accuracy, confusion, train
from core.errors import DataMissingError
from core.score import Score
from tests.analysis.make import melody


def walking(seed: int) -> Score:
    """Steps in even quarters."""
    rng, pitch, notes = random.Random(seed), 67, []
    for _ in range(32):
        pitch += rng.choice([-2, -1, 1, 2])
        notes.append((pitch, 1.0))
    return melody(notes)


def leaping(seed: int) -> Score:
    """Leaps in dotted rhythm."""
    rng = random.Random(seed)
    return melody([(60 + rng.choice([0, 7, 12, 16]), length) for _ in range(16) for length in (1.5, 0.5)])


def pieces(first: int, count: int) -> list[tuple[Score, str]]:
    return [(make(i), name) for i in range(first, first + count) for make, name in ((walking, "walk"), (leaping, "leap"))]


@pytest.fixture(scope="module")
def judge() -> StyleClassifier:
    return train(pieces(0, 12), kinds=("logistic",))


def test_tells_styles_apart(judge: StyleClassifier) -> None:
    assert judge.validation == 1
    assert judge.styles == ("leap", "walk")
    assert accuracy(judge, pieces(100, 10)) == {"walk": 1.0, "leap": 1.0}
    assert confusion(judge, pieces(100, 10)) == {"walk": {"walk": 10}, "leap": {"leap": 10}}


def test_a_piece_of_the_other_style_counts_as_a_miss(judge: StyleClassifier) -> None:
    mislabelled = [(walking(200 + i), "leap") for i in range(4)]
    assert accuracy(judge, [*pieces(100, 4), *mislabelled]) == {"walk": 1.0, "leap": 0.5}


def test_probabilities(judge: StyleClassifier) -> None:
    table = judge.probabilities([walking(300), leaping(300)])
    assert table.sum(1) == pytest.approx(1)
    assert table[0, 1] > 0.9 < table[1, 0]


def test_chooses_what_validates_better() -> None:
    given = pieces(0, 12)
    both = train(given)
    assert both.validation == max(train(given, kinds=(kind,)).validation for kind in ("trees", "logistic"))


def test_variants_of_a_tune_do_not_leak() -> None:
    # Labels by chance, each piece four times: only leaking variants could be "recognised".
    rng = random.Random(4)
    given = [(walking(i), rng.choice(["a", "b"])) for i in range(24)] * 4
    tune = list(range(24)) * 4
    assert train(given, tune, ("trees",)).validation < 0.75 < train(given, None, ("trees",)).validation


def test_needs_two_styles() -> None:
    with pytest.raises(DataMissingError, match="two styles"):
        train([(walking(i), "walk") for i in range(9)])
