"""Generated pieces beside real ones: recognised as their style, alike in distribution, nobody's copy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.analysis import overlap, style_classifier
from core.analysis.features.melody import Melody
from core.analysis.features.mgeval import mgeval_features
from core.analysis.features.repetition import repeated_bars
from core.engines.lstm.evaluation.material import Material
from core.report import Figure
from core.rights.shared_run import Index, run_events
from core.score import Score

RECOGNISED = 100
"""Generated pieces a style that the classifier is asked about: with 20, chance alone moves a style by 11 points."""
SHARE_OF_REAL = 0.85
OVERLAP = 0.85
COMPARED = 100
ORIGINALITY = 200
ORIGINALITY_EVENTS = 96
"""Generated and real pieces are cut to this many notes: the longer a piece, the longer its longest run."""


def style(material: Material) -> list[Figure]:
    """Accuracy of a classifier that knows real pieces only, on generated ones against held-out real ones."""
    train = [(score, name) for name in material.styles for score in _spread(material.real["train"][name], 300)]
    judge = style_classifier.train(train)
    real = [(s, name) for name in material.styles for s in _spread(material.real["held-out"][name], COMPARED)]
    made = [(s, name) for name in material.styles for s in material.generated[name][:RECOGNISED]]
    on_real, on_made = style_classifier.accuracy(judge, real), style_classifier.accuracy(judge, made)
    mean_real = float(np.mean([on_real[name] for name in material.styles]))
    mean_made = float(np.mean([on_made[name] for name in material.styles]))
    figures = [Figure("style: accuracy on generated / on held-out pieces, mean of styles", mean_made / mean_real, SHARE_OF_REAL,
                      "higher", len(made), "generated", {"held-out accuracy": mean_real, "generated accuracy": mean_made})]
    figures += [Figure(f"style: {name}", on_made[name], SHARE_OF_REAL * on_real[name], "higher", RECOGNISED, "generated",
                       {"held-out accuracy": on_real[name]}) for name in material.styles]
    return figures


def distribution(material: Material) -> list[Figure]:
    """Overlap area of the MGEval features, and repeated bars, each beside what real pieces give."""
    figures, ceilings = [], []
    for name in material.styles:
        held_out = _spread(material.real["held-out"][name], COMPARED)
        real = [mgeval_features(score) for score in held_out]
        made = [mgeval_features(score) for score in material.generated[name][:COMPARED]]
        train = [mgeval_features(score) for score in _spread(material.real["train"][name], COMPARED)]
        area = overlap.mean_area(overlap.compare(real, made))
        ceilings.append(overlap.mean_area(overlap.compare(real, train)))
        figures.append(Figure(f"distribution: overlap area, {name}", area, OVERLAP, "higher", len(made), "held-out",
                              {"training against held-out": ceilings[-1]}))
    mean = float(np.mean([figure.value for figure in figures]))
    figures.insert(0, Figure("distribution: overlap area, mean of styles", mean, OVERLAP, "higher", len(material.styles),
                             "held-out", {"training against held-out": float(np.mean(ceilings))}))
    return figures + [_repetition(name, material) for name in material.styles]


def _repetition(name: str, material: Material) -> Figure:
    """Median share of bars that repeat an earlier one; 1 when it lies within the real pieces' quartiles."""
    real = [repeated_bars(Melody.of(score)) for score in material.real["held-out"][name]]
    made = float(np.median([repeated_bars(Melody.of(score)) for score in material.generated[name][:COMPARED]]))
    low, high = (float(x) for x in np.percentile(real, (25, 75)))
    return Figure(f"distribution: repeated bars within quartiles, {name}", float(low <= made <= high), 1.0, "higher",
                  len(real), "held-out", {"generated median": made, "real lower": low, "real upper": high})


def originality(material: Material) -> list[Figure]:
    """95th percentile of the longest run of intervals and durations shared with any training piece."""
    training = [(f"{name}/{i}", run_events(score)) for name in material.styles
                for i, score in enumerate(material.real["train"][name])]
    index = Index(training)
    each = -(-ORIGINALITY // len(material.styles))
    made = [score for name in material.styles for score in material.generated[name][:each]][:ORIGINALITY]
    real = [score for name in material.styles for score in _spread(material.real["held-out"][name], each)]
    ours, theirs = (float(np.percentile([_longest(index, score) for score in group], 95)) for group in (made, real))
    return [Figure("originality: longest shared run, 95th percentile (notes)", ours, theirs, "lower", len(made), "training set",
                   {"held-out pieces": theirs})]


def _longest(index: Index, score: Score) -> int:
    return index.longest(run_events(score)[:ORIGINALITY_EVENTS]).length


def _spread(pieces: Sequence[Score], count: int) -> list[Score]:
    """At most `count` of the pieces, evenly from first to last."""
    if len(pieces) <= count:
        return list(pieces)
    return [pieces[int(i)] for i in np.linspace(0, len(pieces) - 1, count)]
