"""A judge of style: learns from real pieces only, then says of any piece which style it sounds like.

The measures of `core.analysis.features` go into two kinds of classifier, boosted trees and logistic
regression; the one that does better in cross-validation on the training pieces is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.analysis.features import feature_vector
from core.errors import DataMissingError
from core.score import Score

GROUPS = ("pitch", "rhythm", "repetition")
"""What is judged by: not harmony, since the chords of many tunes were written by the harmoniser."""

_FOLDS = 4


@dataclass(frozen=True)
class StyleClassifier:
    """A fitted classifier. `validation` is its accuracy, balanced over the styles, in cross-validation;
    `kind` says which classifier was the better one."""

    model: Any
    names: tuple[str, ...]
    kind: str
    validation: float

    @property
    def styles(self) -> tuple[str, ...]:
        """The styles that it tells apart, in the order of `probabilities`."""
        return tuple(str(style) for style in self.model.classes_)

    def probabilities(self, scores: Sequence[Score]) -> NDArray[np.float64]:
        """How likely each score is of each style, (N, styles).

        Raises:
            FormatError: a score has no melody.
            RequestError: the key of a score is not known.
        """
        return self.model.predict_proba(_table(scores, self.names))

    def predict(self, scores: Sequence[Score]) -> list[str]:
        """The likeliest style of each score; raises as `probabilities`."""
        return [self.styles[index] for index in self.probabilities(scores).argmax(1)]


def train(
    pieces: Sequence[tuple[Score, str]], groups: Sequence[object] | None = None, kinds: Sequence[str] = ("trees", "logistic")
) -> StyleClassifier:
    """Learn from (score, style) pairs; every style counts the same, however many pieces it has.

    Args:
        groups: one value a piece; pieces of a group (variants of a tune) stay on one side of each
            fold of the cross-validation.
        kinds: classifiers to choose from.

    Raises:
        DataMissingError: there are not two styles with four pieces each.
        FormatError: a score has no melody.
        RequestError: the key of a score is not known.
    """
    counts = Counter(style for _, style in pieces)
    if len(counts) < 2 or min(counts.values()) < _FOLDS:
        raise DataMissingError(
            f"A judge of style learns from at least two styles with {_FOLDS} pieces each",
            f"got {dict(counts)}",
            "Give it more pieces, or fewer styles",
        )
    names = tuple(feature_vector(pieces[0][0], GROUPS))
    table = _table([score for score, _ in pieces], names)
    styles = np.array([style for _, style in pieces])
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    members = (
        np.unique([str(group) for group in groups], return_inverse=True)[1] if groups is not None else np.arange(len(pieces))
    )
    validation = {
        kind: float(cross_val_score(_model(kind), table, styles, groups=members, cv=folds, scoring="balanced_accuracy").mean())
        for kind in kinds
    }
    best = max(validation, key=lambda kind: validation[kind])
    return StyleClassifier(_model(best).fit(table, styles), names, best, validation[best])


def accuracy(classifier: StyleClassifier, pieces: Sequence[tuple[Score, str]]) -> dict[str, float]:
    """Share of the pieces of each style that are recognised, by style."""
    predicted = classifier.predict([score for score, _ in pieces])
    totals = Counter(style for _, style in pieces)
    right = Counter(style for (_, style), guess in zip(pieces, predicted, strict=True) if style == guess)
    return {style: right[style] / total for style, total in totals.items()}


def confusion(classifier: StyleClassifier, pieces: Sequence[tuple[Score, str]]) -> dict[str, dict[str, int]]:
    """For each true style how often each style was heard in its pieces."""
    table: dict[str, dict[str, int]] = {style: {} for _, style in pieces}
    for (_, style), guess in zip(pieces, classifier.predict([score for score, _ in pieces]), strict=True):
        table[style][guess] = table[style].get(guess, 0) + 1
    return table


def _model(kind: str) -> Any:
    if kind == "trees":
        return HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.08, max_leaf_nodes=15, l2_regularization=1.0, class_weight="balanced", random_state=0
        )
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500, class_weight="balanced"))


def _table(scores: Sequence[Score], names: tuple[str, ...]) -> NDArray[np.float64]:
    vectors = [feature_vector(score, GROUPS) for score in scores]
    return np.array([[vector[name] for name in names] for vector in vectors]).reshape(len(scores), len(names))
