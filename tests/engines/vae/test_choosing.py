"""What is counted in windows is what is counted in scores; bars are chosen by it; styles are told apart by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.engines.lstm.leadsheet import HOLD, LOW, REST
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae.choosing import choose_bars
from core.engines.vae.counting import ATTRIBUTES, Floats, count_windows, measured
from core.engines.vae.grid import MAX_BARS, Ints, Window, decode, grids_of, shape_of, tied
from core.engines.vae.style_reader import StyleReader, describe, find_reader
from core.engines.vae.task import Labelled

C = 2 - LOW
KINDS = [(metre, grid) for metre in ("4/4", "3/4", "2/2", "6/8", "9/8", "12/8", "3/8", "6/4") for grid in grids_of(metre)]


def windows(metre: str, grid: str, count: int = 12, bars: int = 5, seed: int = 0) -> list[Window]:
    """Random ones with long and short notes, rests, and bars that come back."""
    rng, shape = np.random.default_rng(seed), shape_of(metre, grid)
    tokens = rng.choice([REST, HOLD, HOLD, HOLD, C, C + 2, C + 7], (count, bars, shape.steps))
    tokens[:, 3] = tokens[:, 1]
    tokens[::3, 2, :-1] = HOLD
    chords = np.zeros((count, bars, shape.beats), np.int64)
    return [Window(row, harmony, metre, "major", grid) for row, harmony in zip(tied(tokens), chords, strict=True)]


@pytest.mark.parametrize(("metre", "grid"), KINDS)
def test_windows_are_counted_as_scores_are(metre: str, grid: str) -> None:
    made = windows(metre, grid)
    counted = count_windows(np.stack([window.tokens for window in made]), made[0].shape)
    scores = [to_score(decode(window, 60), tempo=120, program=0) for window in made]
    assert counted == pytest.approx(np.stack([measured(score) for score in scores]))
    assert counted[:, ATTRIBUTES.index("repetition")].max() > 0
    assert counted[:, ATTRIBUTES.index("syncopation")].max() > 0


def test_silence_counts_nothing() -> None:
    assert not count_windows(np.full((1, 2, 16), REST), shape_of("4/4", "straight")).any()


def test_a_hold_after_a_rest_is_a_rest() -> None:
    bars = np.array([[[HOLD, C, HOLD, REST], [HOLD, HOLD, C, HOLD], [HOLD, REST, HOLD, C]]])
    assert tied(bars).tolist() == [[[HOLD, C, HOLD, REST], [REST, REST, C, HOLD], [HOLD, REST, REST, C]]]
    assert np.array_equal(tied(bars[0]), tied(bars)[0])


def test_bars_are_chosen_where_no_candidate_will_do() -> None:
    """Each candidate has two notes in one of its bars; two in every bar are wanted."""
    one, two = [C] + [HOLD] * 7, [C] + [HOLD] * 3 + [C + 2] + [HOLD] * 3
    bars = MAX_BARS + 4
    pool = [Window(np.array([two if at == own else one for at in range(bars)]), np.full((bars, 2), own), "2/4", "major",
                   "straight") for own in range(bars)]

    def losses(here: Ints) -> object:
        assert 2 <= len(here) <= MAX_BARS
        return lambda tokens: np.abs((tokens > HOLD).sum((1, 2)) - 2.0 * len(here))

    made = choose_bars(pool, losses)  # type: ignore[arg-type]
    assert made.tokens.tolist() == [two] * bars
    assert len(made.chords) == bars


def test_no_bar_falls_silent() -> None:
    pool = windows("4/4", "straight", 30)[1::3]
    pool[1] = replace(pool[1], tokens=np.zeros_like(pool[1].tokens))

    def losses(here: Ints) -> object:
        return lambda tokens: (tokens > HOLD).sum((1, 2)) + 1000.0 * (tokens[:, 0] <= HOLD).all(1)

    pool = [window for window in pool if (window.tokens > HOLD).any(1).all() or not window.tokens.any()]
    made = choose_bars(pool, losses)  # type: ignore[arg-type]
    had = (pool[0].tokens > HOLD).any(1)
    assert (made.tokens > HOLD).any(1)[had].all()


def test_styles_that_differ_are_told_apart() -> None:
    """One style of long notes, one of short ones, in two metres; a third has no windows."""
    items = []
    for metre in ("4/4", "6/8"):
        for style, share in enumerate((0.9, 0.2)):
            shape, rng = shape_of(metre, "straight"), np.random.default_rng(style)
            tokens = np.where(rng.random((40, 4, shape.steps)) < share, HOLD, rng.integers(C, C + 12, (40, 4, shape.steps)))
            chords = np.zeros((4, shape.beats), np.int64)
            items += [Labelled(Window(row, chords, metre, "major", "straight"), style) for row in tokens]
    kept, held_out = items[::2], items[1::2]
    reader = StyleReader.of({"reader": find_reader(kept, 3)})
    for item in held_out:
        found: Floats = np.exp(reader(item.window.tokens[None], item.window.shape)[0])
        assert found.sum() == pytest.approx(1)
        assert found.argmax() == item.style
        assert found[2] < 1e-6


def test_what_is_described_is_finite_for_any_window() -> None:
    for metre, grid in KINDS:
        shape = shape_of(metre, grid)
        odd = np.full((3, 2, shape.steps), REST)
        odd[1, 0, 0], odd[2] = C, HOLD
        assert np.isfinite(describe(tied(odd), shape)).all()
