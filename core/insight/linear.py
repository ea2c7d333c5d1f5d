"""Multinomial logistic regression as arrays: shipped without pickle, and each answer can say what spoke for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from core.weights import Weights

Floats = NDArray[np.float64]

FARTHEST = 4.0
"""Standard deviations beyond which a measure says no more: a piece unlike all others must not be judged by one measure."""


UNNAMED = "heard beside"
"""The `feature` of the reason that stands for all that a network hears and that has no name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A measure that spoke for an answer. `feature` is its name in `core.analysis.features` or `core.insight.played`, `value`
    what it is here, `usual` its mean in the music that was learned from; `weight` is how much it moved the log odds: positive
    for the answer, negative against it."""

    feature: str
    value: float
    usual: float
    weight: float


@dataclass(frozen=True)
class Linear:
    """A fitted model: F features, C classes.

    `mean` and `spread` (F,) standardise, `weights` (C, F) and `bias` (C,) give logits, which are divided by `temperature`.
    """

    features: tuple[str, ...]
    classes: tuple[str, ...]
    mean: Floats
    spread: Floats
    weights: Floats
    bias: Floats
    temperature: float = 1.0

    @classmethod
    def fit(
        cls, rows: Floats, labels: Sequence[str], features: Sequence[str], *, strength: float, balanced: bool = True
    ) -> Linear:
        """Learn from rows (N, F) and a label each; `strength` is the inverse penalty, `balanced` lets all classes count."""
        mean, spread = rows.mean(0), np.maximum(rows.std(0), 1e-6)
        model = LogisticRegression(C=strength, max_iter=500, class_weight="balanced" if balanced else None)
        model.fit(np.clip((rows - mean) / spread, -FARTHEST, FARTHEST), list(labels))
        # Of two classes scikit-learn keeps how far the second is above the first.
        sides = np.array([[-0.5], [0.5]]) if len(model.classes_) == 2 else np.eye(len(model.classes_))
        classes = tuple(str(one) for one in model.classes_)
        return cls(tuple(features), classes, mean, spread, sides @ model.coef_, sides @ model.intercept_)

    @classmethod
    def load(cls, weights: Weights, name: str) -> Linear:
        """The model kept under `name` in a weight set."""
        kept = weights.config[name]
        tensors = {part: weights.tensors[f"{name}.{part}"].double().numpy() for part in ("weights", "bias")}
        return cls(tuple(kept["features"]), tuple(kept["classes"]), np.array(kept["mean"]), np.array(kept["spread"]),
                   tensors["weights"], tensors["bias"], kept["temperature"])

    def kept(self, name: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and configuration for `core.weights.save`; means and deviations need more digits than half precision has."""
        tensors = {f"{name}.{part}": torch.tensor(getattr(self, part)) for part in ("weights", "bias")}
        config = {"features": list(self.features), "classes": list(self.classes), "temperature": round(self.temperature, 4),
                  **{part: [float(f"{value:.5g}") for value in getattr(self, part)] for part in ("mean", "spread")}}
        return tensors, {name: config}

    def cooled(self, temperature: float) -> Linear:
        """The same with another temperature."""
        return replace(self, temperature=temperature)

    def row(self, values: Mapping[str, float]) -> Floats:
        """(1, F) of measures by name; what is not known is as usual."""
        found = np.array([[values[name] for name in self.features]], np.float64)
        return np.where(np.isnan(found), self.mean, found)

    def logits(self, rows: Floats) -> Floats:
        """(N, C) before the temperature."""
        found: Floats = self._standard(rows) @ self.weights.T + self.bias
        return found

    def probabilities(self, rows: Floats) -> Floats:
        """(N, C), each row summing to one."""
        return softmax(self.logits(rows) / self.temperature)

    def reasons(self, row: Floats, towards: Mapping[str, float], most: int = 8) -> tuple[Reason, ...]:
        """The measures of one row (1, F) that moved the answer most, the strongest first.

        Args:
            towards: classes with signs: what the answer stands for against the rest, such as {"Q1": 1, "Q2": -1}.
        """
        direction = np.array([towards.get(name, 0.0) for name in self.classes])
        moved = self._standard(row)[0] * (direction @ self.weights) / self.temperature
        order = np.argsort(-np.abs(moved), kind="stable")[:most]
        return tuple(Reason(self.features[at], float(row[0, at]), float(self.mean[at]), float(moved[at])) for at in order)

    def _standard(self, rows: Floats) -> Floats:
        return np.clip((np.where(np.isnan(rows), self.mean, rows) - self.mean) / self.spread, -FARTHEST, FARTHEST)


def softmax(logits: Floats) -> Floats:
    """Probabilities of logits (N, C)."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    found: Floats = powers / powers.sum(1, keepdims=True)
    return found


def against_rest(classes: Sequence[str], answer: str) -> dict[str, float]:
    """`towards` of one class against the mean of the others."""
    return {name: 1.0 if name == answer else -1.0 / (len(classes) - 1) for name in classes}
