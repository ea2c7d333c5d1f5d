"""Which piece to ask a new listener about: the one whose stars would say most about the rest.

A listener is a vector u over the factors q of the pieces, before any answer u ~ N(0, 1); stars are
mean + q·u with noise. After some answers u ~ N(μ, Σ) (Bayesian linear regression, Bishop, Pattern
Recognition and Machine Learning, 3.3). Hearing the stars of piece i takes (q_jᵀΣq_i)² / (σ² + q_iᵀΣq_i)
off the variance of piece j. The next question takes most off the pieces that the listener is likely
to love, by exp(q_jᵀμ): so every answer changes what is asked next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.taste.protocol import Content

FACTORS = 12
NOISE = 0.6
"""Standard deviation of stars around what a listener's taste says."""
MIDDLE = 3.0
SHARPNESS = 0.8
"""How much more the pieces count that the listener is likely to love."""
EACH = 12
"""Questions in store for each style."""


@dataclass(frozen=True, eq=False)
class Questions:
    """Pieces to ask about (`items`, their styles) with their factors (N, D), and factors of a sample of
    everything that can be recommended (M, D)."""

    items: tuple[str, ...]
    styles: tuple[str, ...]
    factors: NDArray[np.float32]
    sample: NDArray[np.float32]

    def next(self, stars: Mapping[str, float], passed: Sequence[str] = ()) -> str | None:
        """The item to ask about next, None where all were asked.

        Args:
            stars: answers so far, by item.
            passed: items that the listener left without an answer.
        """
        place = {item: row for row, item in enumerate(self.items)}
        answered = [item for item in stars if item in place]
        rows = np.array([place[item] for item in answered], int)
        mean, cover = self._belief(rows, np.array([stars[item] for item in answered], float))
        weights = np.exp(SHARPNESS * np.clip(self.sample @ mean, -3, 3))
        shared = self.sample @ cover @ self.factors.T
        own = np.einsum("nd,de,ne->n", self.factors, cover, self.factors)
        gain = (weights @ shared**2) / (NOISE**2 + own)
        asked = {*answered, *passed}
        seen = {self.styles[place[item]] for item in asked if item in place}
        for row, item in enumerate(self.items):
            if item in asked:
                gain[row] = -np.inf
            elif self.styles[row] in seen:
                gain[row] *= 0.5  # another style first: a listener wants to see that there is more than one
        best = int(np.argmax(gain)) if len(gain) else 0
        return self.items[best] if len(gain) and np.isfinite(gain[best]) else None

    def _belief(self, rows: NDArray[np.int64], stars: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean (D) and covariance (D, D) of the listener after stars for the questions in `rows`."""
        q = self.factors[rows].astype(float)
        cover = np.linalg.inv(np.eye(self.factors.shape[1]) + q.T @ q / NOISE**2)
        return cover @ q.T @ (stars - MIDDLE) / NOISE**2, cover


def make_questions(content: Content, styles: Mapping[str, str], fitting: Sequence[str], seed: int = 0) -> Questions:
    """Questions out of the pieces `fitting` (item ids: short enough for an example), `EACH` for each style.

    Within a style the pieces nearest to its middle stand for it. Factors are the leading directions of the content.

    Args:
        content: of everything that can be recommended.
        styles: style id of each item.
    """
    rows = content.matrix.toarray()
    rows -= rows.mean(0)
    _, directions = np.linalg.eigh(rows.T @ rows)  # in the order of what they carry, the most last
    factors = np.asarray(rows @ directions[:, -FACTORS:], np.float32)
    factors /= max(1e-9, float(np.sqrt((factors**2).sum(1).mean())))
    place = {item: row for row, item in enumerate(content.items)}
    by_style: dict[str, list[int]] = {}
    for item in fitting:
        if item in place:
            by_style.setdefault(styles.get(item, ""), []).append(place[item])
    chosen: list[int] = []
    for members in by_style.values():
        own = factors[members]
        chosen += [members[at] for at in np.argsort(((own - own.mean(0)) ** 2).sum(1), kind="stable")[:EACH]]
    dice = np.random.default_rng(seed)
    sample = dice.choice(len(factors), min(2000, len(factors)), replace=False)
    names = tuple(content.items[row] for row in chosen)
    return Questions(names, tuple(styles.get(item, "") for item in names), factors[chosen], factors[np.sort(sample)])
