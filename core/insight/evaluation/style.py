"""`songloom evaluate style`: are styles recognised on held-out pieces, and what is none of them?"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from core import options

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.corpora.folder import DataFolder
    from core.report import Report


UNSEEN = (("emopia",), ("freedoom-music", "openmsx"))
"""Kinds of `none` that a further model each is not told of, to see how it takes what it never heard."""


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate style`."""
    options.add_data(parser)
    options.add_report(parser)


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print."""
    from core.corpora.folder import DataFolder

    return options.show(measure(DataFolder.find(args.data)), args)


def measure(folder: DataFolder) -> Report:
    """On the test split: balanced accuracy, recall of each style, calibration, `none`; the confusion matrix goes to stderr.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    import numpy as np

    from core import weights
    from core.corpora.groove import Groove
    from core.corpora.split import TEST, read_source
    from core.insight import calibration
    from core.insight.files import FOLDER
    from core.insight.fit_style import Examples, fit
    from core.insight.style import ALL, NONE, recognise_rows, recognise_style
    from core.insight.tune import NAME as TUNE
    from core.report import Figure, Report, commit

    found = Examples.load(folder)
    test = found.where(TEST)
    rows, truth, source = found.table.rows[test], found.style[test], found.source[test]
    classes, probabilities = recognise_rows(rows, found.table.names, found.tunes(test))
    logistic = fit(found)
    told = {"ours": np.array(classes)[probabilities.argmax(1)],
            "logistic": np.array(logistic.classes)[logistic.probabilities(rows).argmax(1)]}
    print(confusion(truth, told["ours"]), file=sys.stderr)
    figures = [Figure("balanced accuracy", _balanced(truth, told["ours"]), None, "higher", len(test), "test",
                      {"logistic regression": _balanced(truth, told["logistic"]), "chance": 1 / len(classes)}),
               Figure("accuracy", float((truth == told["ours"]).mean()), None, "higher", len(test), "test",
                      {"logistic regression": float((truth == told["logistic"]).mean())})]
    indices = np.array([classes.index(style) for style in truth])
    for name, weight in (("as they come", None), ("all styles alike", calibration.balanced_weight(indices))):
        error = calibration.expected_calibration_error(probabilities, indices, weight)
        figures.append(Figure(f"calibration error, {name}", error, None, "lower", len(test), "test"))
    for style in sorted(set(truth)):
        here = truth == style
        figures.append(Figure(f"recall of {style}", float((told["ours"][here] == style).mean()), None, "higher", int(here.sum()),
                              "test", {"logistic regression": float((told["logistic"][here] == style).mean())}))
    styled = truth != NONE
    figures.append(Figure("pieces of a style called none", float((told["ours"][styled] == NONE).mean()), None, "lower",
                          int(styled.sum()), "test"))
    unaware: dict[str, float] = {}
    for kinds in UNSEEN:
        blind_model = fit(found, without=kinds)
        guessed = np.array(blind_model.classes)[blind_model.probabilities(rows).argmax(1)]
        unaware |= {name: float((guessed[source == name] == NONE).mean()) for name in kinds}
    for name in sorted(set(source[~styled])):
        here = source == name
        beside = {"by a model that never heard the like": unaware[name]} if name in unaware else {}
        share = float((told["ours"][here] == NONE).mean())
        figures.append(Figure(f"none: {name}", share, None, "higher", int(here.sum()), "test", beside))
    drums = [piece.score for piece in read_source(Groove(), folder) if "split: test" in piece.score.texts]
    figures.append(Figure("none: groove", float(np.mean([recognise_style(score).style == NONE for score in drums])), None,
                          "higher", len(drums), "test"))
    return Report(tuple(figures), commit(), {name: weights.read_config(name, FOLDER)["hash"] for name in (ALL, TUNE)}, "cpu")


def confusion(truth: NDArray[np.str_], told: NDArray[np.str_]) -> str:
    """As Markdown: a row for each true style, a column for what was heard."""
    styles = sorted(set(truth) | set(told))
    lines = ["| heard → | " + " | ".join(styles) + " |", "|---|" + "---|" * len(styles)]
    for style in styles:
        counts = [int(((truth == style) & (told == other)).sum()) for other in styles]
        lines.append(f"| {style} | " + " | ".join(str(count) if count else "" for count in counts) + " |")
    return "\n".join(lines)


def _balanced(truth: NDArray[np.str_], told: NDArray[np.str_]) -> float:
    styles = sorted(set(truth))
    return float(sum((told[truth == style] == style).mean() for style in styles) / len(styles))
