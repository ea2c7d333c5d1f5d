"""The form of a piece: sections with letters, and the matrix of how alike its bars are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.sections import Section, bar_similarity, full_bars, sections
from core.errors import LimitError
from core.score import Score

MAX_BARS = 600
"""Bars up to which the matrix is made: the work grows with its square."""


@dataclass(frozen=True)
class Form:
    """`letters` as musicians write them (`A A B A`), the sections, and `likeness` (bars, bars), 0 to 1.

    Bars are the full ones, counted from 0; `first` is the number of the first of them.
    """

    letters: str
    sections: tuple[Section, ...]
    likeness: NDArray[np.float32]
    first: int = 1


def form(score: Score) -> Form:
    """The form by the melody.

    Raises:
        FormatError: no pitched notes.
        LimitError: more than `MAX_BARS` bars.
    """
    if len(full_bars(score)) > MAX_BARS:
        got = f"this piece has {len(full_bars(score))}"
        raise LimitError(f"The form is found in up to {MAX_BARS} bars", got, "Take a part of it")
    found = sections(score)
    return Form(" ".join(section.letter for section in found), found, bar_similarity(score))
