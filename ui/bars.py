"""Bars as musicians count them: from 1, a pick-up is none."""

from __future__ import annotations

from core.score import Score
from core.score.edits import trim


def bar_count(score: Score) -> int:
    """How many bars a piece has, at least 1."""
    return max(1, len(score.bars) - bool(score.pickup))


def trim_bars(score: Score, first: int, last: int) -> Score:
    """Keep the bars `first` to `last`, counted from 1; a pick-up belongs to bar 1.

    Raises:
        RequestError: the piece has no such bars.
    """
    shift = 0 if score.pickup else 1
    return trim(score, 0 if first == 1 else first - shift, last - shift)
