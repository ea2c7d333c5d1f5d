"""`songloom evaluate gan`: held-out songs played anew, beside what was played to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core import weights
from core.analysis.band_figures import Bar, bars_of, deviations, figures
from core.analysis.band_harmony import bass_on_changes, fitting, phrase_distance, structure
from core.corpora.band_piece import BandPiece
from core.corpora.band_pieces import load_band_pieces
from core.corpora.band_styles import BACKING
from core.corpora.folder import DataFolder
from core.engines.arranging import ArrangeRequest
from core.engines.gan.arrange import GanArranger
from core.engines.lstm import card
from core.errors import RequestError
from core.report import Figure, Report
from core.score import Score

PHRASE, PAIRS = 4, 2000
"""Bars of a phrase, and pairs of phrases whose distance is taken."""


@dataclass
class _Tally:
    """What is counted over pieces: the data's or ours."""

    bars: list[list[Bar]] = field(default_factory=list)
    fit: list[int] = field(default_factory=lambda: [0, 0])
    bass: list[int] = field(default_factory=lambda: [0, 0])
    same: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)

    def add(self, score: Score, letters: Sequence[str]) -> None:
        bars = bars_of(score)
        self.bars.append(bars)
        self.fit = [a + b for a, b in zip(self.fit, fitting(score), strict=True)]
        right, _, changes = bass_on_changes(score)
        self.bass = [self.bass[0] + right, self.bass[1] + changes]
        same, other = structure(bars, letters, BACKING)
        self.same += same
        self.other += other

    def distance(self) -> float:
        phrases = [bars[at : at + PHRASE] for bars in self.bars for at in range(0, len(bars) - PHRASE + 1, PHRASE)]
        return phrase_distance(phrases, BACKING, PAIRS)

    def more_alike(self) -> float:
        return float(np.mean(self.same) - np.mean(self.other)) if self.same and self.other else 0.0


def evaluate(folder: DataFolder, split: str = "test", pieces: int = 100, free_only: bool = False,
             models: Path = weights.FOLDER) -> Report:
    """Play held-out songs whose parts are all known, each with an intensity drawn at random, and compare.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    arranger = GanArranger(models)
    data, ours = _Tally(), _Tally()
    rng = np.random.default_rng(0)
    weights_hash, refused = "", 0
    for number, piece in enumerate(_held_out(folder, split, rng)):
        if len(ours.bars) >= pieces:
            break
        asked = ArrangeRequest(piece.score, piece.band, humanise=False, random_seed=number, free_only=free_only,
                               intensity=float(rng.random()))
        try:
            made = arranger.arrange(asked)
        except RequestError:  # another metre on the way
            refused += 1
            continue
        weights_hash = made.weights
        data.add(piece.score, piece.letters)
        ours.add(made.score, piece.letters)
    count = len(ours.bars)
    real, mine = figures(data.bars), figures(ours.bars)
    apart = deviations(mine, real)
    rows = [Figure("mean relative deviation", float(np.mean(list(apart.values()))), 0.1, "lower", count, split)]
    rows += [Figure(name, mine[name].mean if name in mine else 0.0, None, "higher", count, split, {"data": figure.mean})
             for name, figure in real.items()]
    fit, bass, distance = (data.fit[0] / data.fit[1], data.bass[0] / data.bass[1], data.distance())
    rows += [
        Figure("notes that fit the chord", ours.fit[0] / ours.fit[1], fit - 0.03, "higher", count, split, {"data": fit}),
        Figure("bass on changes", ours.bass[0] / ours.bass[1], min(0.8, bass), "higher", count, split, {"data": bass}),
        Figure("phrases apart, over the data's", ours.distance() / distance, None, "higher", count, split, {"data": distance}),
        Figure("repeats more alike", ours.more_alike(), data.more_alike() / 2, "higher", count, split,
               {"data": data.more_alike()}),
        Figure("refused for a change of metre", refused, None, "lower", count + refused, split),
    ]
    return Report(tuple(rows), card.commit(), {"gan-band": weights_hash}, "cpu")


def _held_out(folder: DataFolder, split: str, rng: np.random.Generator) -> list[BandPiece]:
    found = [piece for piece in load_band_pieces(folder) if piece.split == split and piece.score.chords
             and all(piece.part(part) is not None for part in BACKING)]
    return [found[at] for at in rng.permutation(len(found))]
