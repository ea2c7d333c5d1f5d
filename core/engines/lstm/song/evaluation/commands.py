"""`songloom evaluate lyrics`."""

from __future__ import annotations

import argparse

from core import options
from core.corpora.folder import DataFolder

PARTS = ("songs", "words", "tones", "moods", "speed", "lines")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate lyrics`."""
    options.add_data(parser)
    options.add_report(parser, PARTS)
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from dataclasses import replace

    from core.engines.lstm.lines.evaluate import evaluate as evaluate_lines
    from core.engines.lstm.song.evaluation.evaluate import evaluate

    parts = options.chosen(args, PARTS)
    folder, out = DataFolder.find(args.data), options.weights_folder(args)
    sung = tuple(part for part in parts if part != "lines")
    reports = [evaluate(folder, sung, out)] if sung else []
    if "lines" in parts:
        reports.append(evaluate_lines(folder, ("en", "zh"), out))
    report = replace(reports[-1], figures=tuple(figure for one in reports for figure in one.figures),
                     weights={name: digest for one in reports for name, digest in one.weights.items()})
    return options.show(report, args)
