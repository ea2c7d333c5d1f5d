"""The cards beside the shipped table of features and the mapping from sound."""

from __future__ import annotations

import platform
from collections import Counter
from importlib import metadata

import numpy as np

from core.report import commit
from core.taste.describe import NUMBERS
from core.taste.features import FeatureTable
from core.taste.recordings_fit import EXCERPT_S, PROGRAMS, FitReport

_SHOWN = ("log_tempo", "log_notes_per_second", "register", "energy", "valence")


def card(table: FeatureTable, failures: dict[str, str], size: int, seconds: float) -> str:
    """The card as Markdown."""
    modes = ", ".join(f"{mode} {count}" for mode, count in Counter(table.word("mode").tolist()).most_common())
    rows = [f"| {name} | " + " | ".join(f"{value:.2f}" for value in np.percentile(table.number(name), [10, 50, 90])) + " |"
            for name in _SHOWN]
    return "\n".join([
        "# Features of the catalogue", "",
        f"What {len(table):,} tunes of the catalogue are like (`core/taste/describe.py`): {len(NUMBERS)} numbers in half",
        "precision and the words for style, source, metre, mode and tempo.", "",
        "- Command: `songloom catalogue features`",
        f"- Commit: {commit()}",
        f"- Made with: {table.origin}, numpy {metadata.version('numpy')}, Python {platform.python_version()}",
        f"- Size: {size / 2**20:.2f} MiB; made in {seconds:.0f} s",
        f"- Not described: {len(failures)}" + "".join(f"\n  - {ident}: {why}" for ident, why in failures.items()),
        f"- Modes as settled by what sounds: {modes}", "",
        "| number | 10% | median | 90% |", "|---|---|---|---|", *rows, "",
    ])


def audio_card(report: FitReport, command: str) -> str:
    """The card of the mapping as Markdown."""
    rows = [f"| correlation of {name} | {value:.2f} |" for name, value in report.correlation.items()]
    return "\n".join([
        "# From sound to pieces", "",
        "A ridge regression from features of a recording to the numbers of `core/taste/describe.py`.", "",
        f"- Command: `{command}`",
        f"- Commit: {commit()}",
        f"- Made with: librosa {metadata.version('librosa')}, scikit-learn {metadata.version('scikit-learn')}",
        f"- Learned from {report.train} tunes of the catalogue, as many of every style, measured on {report.test} others;",
        f"  the first {EXCERPT_S:g} seconds, rendered with {len(PROGRAMS)} instruments drawn by lot",
        f"- Ridge strength by cross-validation: {report.alpha:g}", "",
        "| figure on held-out tunes | value |", "|---|---|", *rows,
        f"| median rank of the tune itself among all of the catalogue | {report.median_rank:g} |",
        f"| the tune itself among the first hundred | {report.in_first_hundred:.0%} |",
        f"| of the ten nearest, of its style (by chance {report.same_style_by_chance:.0%}) | {report.same_style:.0%} |", "",
    ])
