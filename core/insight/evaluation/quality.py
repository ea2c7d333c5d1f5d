"""`songloom evaluate quality`: does the overall figure prefer real held-out pieces to damaged copies of them?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import options

if TYPE_CHECKING:
    from core.corpora.folder import DataFolder
    from core.report import Report


TARGET = 0.9


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate quality`."""
    options.add_data(parser)
    options.add_report(parser)


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print."""
    from core.corpora.folder import DataFolder

    return options.show(measure(DataFolder.find(args.data)), args)


def measure(folder: DataFolder) -> Report:
    """Over pairs of the test split, as many of each kind of damage.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    import numpy as np

    from core import weights
    from core.corpora.split import TEST, load_pieces
    from core.insight.damage import KINDS
    from core.insight.files import FOLDER
    from core.insight.fit_quality import PAIRS, SEED, damaged, judged_well
    from core.insight.quality import NAME, quality
    from core.report import Figure, Report, commit

    test = [piece for piece in load_pieces(folder) if piece.split == TEST and judged_well(piece)]
    rng = np.random.default_rng(SEED)
    chosen = [test[at] for at in rng.permutation(len(test))[:PAIRS]]
    won: dict[str, list[float]] = {kind: [] for kind in KINDS}
    margin: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number, piece in enumerate(chosen):
        kind = list(KINDS)[number % len(KINDS)]
        real = quality(piece.piece.score, piece.piece.style)
        copy = quality(damaged(piece.piece.score, kind, piece.fingerprint), piece.piece.style)
        won[kind].append(float(real.logit > copy.logit))
        margin[kind].append(real.overall - copy.overall)
    everything = [one for each in won.values() for one in each]
    figures = [Figure("prefers the real piece", float(np.mean(everything)), TARGET, "higher", len(everything), "test")]
    for kind, each in won.items():
        figures.append(Figure(f"prefers the real piece: {kind}", float(np.mean(each)), TARGET, "higher", len(each), "test",
                              {"points of 100 between them, median": float(np.median(margin[kind]))}))
    return Report(tuple(figures), commit(), {NAME: weights.read_config(NAME, FOLDER)["hash"]}, "cpu")
