"""`songloom evaluate emotion`: is the mood of EMOPIA's test clips recognised?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import options

if TYPE_CHECKING:
    from core.corpora.folder import DataFolder
    from core.report import Report


SEEDS = 5
TARGETS = {"quadrants": 0.684, "valence": 0.833, "arousal": 0.890}
"""The best symbolic models of Hung et al., "EMOPIA" (ISMIR 2021), table 3."""
LOGISTIC = {"quadrants": 0.581, "valence": 0.651, "arousal": 0.849}
"""Logistic regression there."""


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate emotion`."""
    options.add_data(parser)
    options.add_report(parser)


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print."""
    from core.corpora.folder import DataFolder

    return options.show(measure(DataFolder.find(args.data)), args)


def measure(folder: DataFolder) -> Report:
    """On the test clips: the shipped models, and the mean of five learned anew from draws of the songs with its interval.

    Raises:
        DataMissingError: EMOPIA is not at hand.
    """
    import numpy as np

    from core import weights
    from core.insight import calibration
    from core.insight.emotion import KINDS, NAME, PLAYED, mood_rows
    from core.insight.files import FOLDER
    from core.insight.fit_emotion import Clips, figures, fit_kind
    from core.report import Figure, Report, commit

    clips = Clips.load(folder)
    test, learned = np.flatnonzero(clips.split == "test"), np.flatnonzero(clips.split != "test")
    truth = clips.quadrant[test]
    rows = []
    for kind in KINDS:
        found = clips.tables[kind]
        probabilities = mood_rows(found.rows[test], found.names, kind)
        shipped = dict(zip(TARGETS, figures(probabilities, truth), strict=True))
        seeds = {name: [] for name in TARGETS}  # type: dict[str, list[float]]
        for seed in range(SEEDS if kind == PLAYED else 0):
            model = fit_kind(clips, kind, learned, seed=seed)
            for name, share in zip(TARGETS, figures(model.probabilities(found.rows[test]), truth), strict=True):
                seeds[name].append(share)
        for name, target in TARGETS.items():
            if kind == PLAYED:
                mean, error = float(np.mean(seeds[name])), float(np.std(seeds[name], ddof=1) / SEEDS**0.5)
                rows.append(Figure(f"{name}, mean of {SEEDS} seeds", mean, target, "higher", len(test), "test",
                                   {"± 95%": 2.776 * error, "the paper's logistic regression": LOGISTIC[name]}))
            rows.append(Figure(f"{name}, {kind}", shipped[name], None, "higher", len(test), "test"))
        rows.append(Figure(f"calibration error, {kind}", calibration.expected_calibration_error(probabilities, truth), None,
                           "lower", len(test), "test"))
    return Report(tuple(rows), commit(), {NAME: weights.read_config(NAME, FOLDER)["hash"]}, "cpu")
