"""The n-gram baseline: proper, strong where it should be, and against a count by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.ngram import Factored, Joint, KneserNey, Mixture, fit
from core.errors import DataMissingError, RequestError

SIZES = (6, 3)


def tunes(count: int, seed: int, length: int = 60, flip: float = 0.1) -> list[list[tuple[int, int]]]:
    """A cycle of twelve, every other one the same note, left now and then for a random place in it."""
    rng = np.random.default_rng(seed)
    cycle = [(i // 2, 1) if i % 2 else (0, 0) for i in range(12)]
    found = []
    for _ in range(count):
        at, tune = int(rng.integers(12)), []
        for _ in range(length):
            tune.append(cycle[at % 12])
            at = int(rng.integers(12)) if rng.random() < flip else at + 1
        found.append(tune)
    return found


@pytest.mark.parametrize("kind", [Joint, Factored])
def test_probabilities_sum_to_one(kind: type) -> None:
    model = kind(tunes(5, 0), SIZES)
    model.tune(tunes(3, 1))
    for before in ([], [(5, 2)], tunes(1, 2)[0][:7], [(99, 99)] * 5):
        total = sum(math.exp(-model.nll([*before, (pitch, length)])[-1]) for pitch in range(6) for length in range(3))
        # Symbols that training never had are as many as the sizes say; each has the uniform share.
        assert total == pytest.approx(1.0, abs=1e-9)


def test_unseen_events_share_the_floor() -> None:
    train = [[(0, 0), (1, 0)] * 10]
    model = Joint(train, (50, 2))
    seen = math.exp(-model.nll([(0, 0)])[0]) + math.exp(-model.nll([(1, 0)])[0])
    unseen = math.exp(-model.nll([(33, 1)])[0])
    assert seen + 98 * unseen == pytest.approx(1.0)
    assert 0 < unseen < 1 / 100


def test_kneser_ney_against_a_count_by_hand() -> None:
    # "a b a b a c" as bigrams: a after the start, b twice and c once after a, a twice after b.
    symbols = np.array([0, 1, 0, 1, 0, 2])
    contexts = np.array([[3], [0], [1], [0], [1], [0]])
    model = KneserNey(contexts, symbols, 4)
    d1, d2, _ = model._discounts[1]
    e1, e2, _ = model._discounts[0]
    # Continuation counts: a follows the start and b (2), b follows a (1), c follows a (1).
    left = (2 * e1 + e2) / 4
    unigram_b = (1 - e1) / 4 + left / 4
    expected = (2 - d2) / 3 + (d1 + d2) / 3 * unigram_b
    assert math.exp(-model.nll(np.array([[0]]), np.array([1]))[0]) == pytest.approx(expected)


def test_learns_what_four_notes_tell() -> None:
    rate = 0.1
    model = fit(tunes(200, 0, flip=rate), tunes(30, 1, flip=rate), SIZES)
    value = np.concatenate([model.nll(tune) for tune in tunes(50, 2, flip=rate)]).mean()
    right = (1 - rate) + rate / 12
    entropy = -right * math.log(right) - 11 * rate / 12 * math.log(rate / 12)
    # Jumps between the same notes cannot be heard, so the entropy of the places bounds that of the notes.
    assert 0.5 * entropy < value < 1.1 * entropy


def test_higher_order_is_better_where_context_matters() -> None:
    values = []
    for order in (1, 2, 5):
        model = Joint(tunes(100, 0), SIZES, order)
        model.tune(tunes(20, 1))
        values.append(np.concatenate([model.nll(tune) for tune in tunes(20, 2)]).mean())
    assert values[0] > values[1] > values[2]


def test_fitting_takes_the_better_variant() -> None:
    train, valid = tunes(30, 0), tunes(10, 1)
    model = fit(train, valid, SIZES)
    values = [kind(train, SIZES).tune(valid) for kind in (Joint, Factored)]
    assert np.concatenate([model.nll(tune) for tune in valid]).mean() == pytest.approx(min(values))


def test_tuning_does_not_hurt_validation() -> None:
    model, valid = Joint(tunes(10, 0), SIZES), tunes(5, 1)
    before = np.concatenate([model.nll(tune) for tune in valid]).mean()
    assert model.tune(valid) <= before


def test_a_mixture_is_no_worse_than_its_parts() -> None:
    valid = tunes(10, 1)
    good, bad = Joint(tunes(50, 0), SIZES), Joint([tune[::-1] for tune in tunes(50, 0)], SIZES)
    mixture = Mixture.fit([good, bad], valid)
    assert mixture.weights[0] > 0.8
    assert sum(mixture.weights) == pytest.approx(1)
    value = np.concatenate([mixture.nll(tune) for tune in valid]).mean()
    assert value <= np.concatenate([good.nll(tune) for tune in valid]).mean() + 1e-6


def test_refuses_what_it_cannot_learn_from() -> None:
    with pytest.raises(DataMissingError, match="sequences"):
        fit([], tunes(1, 0), SIZES)
    with pytest.raises(RequestError, match="vocabulary"):
        fit(tunes(5, 0), tunes(1, 0), (2, 2))
