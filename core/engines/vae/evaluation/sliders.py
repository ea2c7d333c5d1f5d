"""Do sliders move what they say, and little else?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import spearmanr

from core.analysis import style_classifier
from core.engines.vae.attributes import steer
from core.engines.vae.counting import ATTRIBUTES, Floats, measured
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import place, read
from core.engines.vae.restyle import restyle
from core.report import Figure
from core.score import Score

PIECES = 100
STEERED = 40
STYLE_STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
STOPS = (-1.0, -0.5, 0.0, 0.5, 1.0)
RISING, OWN, OTHERS = 0.9, 0.8, 0.3


def measure_attributes(loaded: Loaded, pieces: Sequence[Score], split: str = "test") -> list[Figure]:
    """Spearman's rank correlation of each slider with every attribute over all pieces and stops, each piece's mean taken off."""
    figures = []
    placed = [place(loaded, read(piece)) for piece in pieces[:STEERED]]
    for own, name in enumerate(ATTRIBUTES):
        moved = np.array([[measured(steer(loaded, one, {name: stop})) for stop in STOPS] for one in placed])
        moved -= moved.mean(1, keepdims=True)
        stops = np.tile(STOPS, len(placed))
        found = [_correlation(stops, moved[:, :, at].ravel()) for at in range(len(ATTRIBUTES))]
        others = {other: found[at] for at, other in enumerate(ATTRIBUTES) if at != own}
        figures.append(Figure(f"slider {name}: rank correlation with its own attribute", found[own], OWN, "higher",
                              len(placed), split))
        figures.append(Figure(f"slider {name}: largest rank correlation with another", max(map(abs, others.values())), OTHERS,
                              "lower", len(placed), split, others))
    return figures


def _correlation(stops: Floats, moved: Floats) -> float:
    """Spearman's; 0 for what does not move."""
    return float(spearmanr(stops, moved).statistic) if np.ptp(moved) > 0 else 0.0


def measure_styles(loaded: Loaded, judge: style_classifier.StyleClassifier, pieces: Sequence[tuple[Score, str]],
                   metres: Mapping[str, Sequence[str]], split: str = "test") -> list[Figure]:
    """Share of pieces in which the probability of the target style rises with its slider.

    Args:
        loaded: the networks.
        judge: trained on real pieces only.
        pieces: held-out pieces with their styles.
        metres: of every style; a target is drawn among those in the piece's metre.
        split: that the pieces come from.
    """
    rng = np.random.default_rng(23)
    rising = 0
    gains: list[float] = []
    for piece, own in pieces:
        targets = [style for style in loaded.styles if style != own and str(piece.metres[0]) in metres[style]]
        if not targets or len(gains) == PIECES:
            continue
        target = targets[int(rng.integers(len(targets)))]
        placed = place(loaded, read(piece), own)
        made = [restyle(loaded, placed, {target: stop}) for stop in STYLE_STOPS]
        chance = judge.probabilities(made)[:, judge.styles.index(target)]
        gains.append(float(chance[-1] - chance[0]))
        rising += bool(chance[-1] > chance[0] and _correlation(np.array(STYLE_STOPS), chance) > 0)
    count = len(gains)
    return [Figure("style slider: pieces in which the target's probability rises", rising / count, RISING, "higher", count, split,
                   {"mean gain": float(np.mean(gains))})]
