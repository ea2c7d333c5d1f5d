"""`songloom evaluate gan`: the arranger beside the data, `mma` and copied phrases."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core import weights
from core.analysis.band_figures import deviations
from core.analysis.sections import full_bars
from core.corpora import mma
from core.corpora.band_piece import BandPiece
from core.corpora.band_pieces import load_band_pieces
from core.corpora.folder import DataFolder
from core.engines.arranging import Arranger
from core.engines.gan.evaluation import control
from core.engines.gan.evaluation.material import Copier, arranged_by, by_mma, chosen
from core.engines.gan.evaluation.measures import Measured, measure
from core.errors import DataMissingError
from core.report import Figure, Report, commit
from core.score import Score

PARTS = ("figures", "real", "control", "speed")
BARS = 2000
ASKED = 100
"""Random arrangements that are checked."""
PAPER = 0.175
"""Mean relative deviation of MuseGAN's best model from its own data."""
OURS = "ours"


def evaluate(folder: DataFolder, arranger: Arranger, parts: Sequence[str] = PARTS, *, split: str = "test",
             free_only: bool = False, bars: int = BARS, asked: int = ASKED, models: Path = weights.FOLDER) -> Report:
    """Measure the parts asked for; what is on stderr says how far it is.

    Args:
        folder: the collections.
        arranger: whatever arranges.
        parts: of `PARTS`: `figures` against held-out songs with parts by `mma`, `real` against held-out real bands,
            `control` and `speed`.
        split: `test` for figures that are published, `valid` for what is decided by them.
        free_only: weights and songs that learned from, and are, free music alone.
        bars: how many at least are played for `figures`.
        asked: how many arrangements are checked.
        models: where the weights are, for their hashes.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    _say("reading band pieces")
    pieces = load_band_pieces(folder, free_only=free_only)
    found: list[Figure] = []
    if "figures" in parts:
        found += _against(pieces, chosen(pieces, split, True, bars), arranger, split, free_only, "")
    if "real" in parts:
        real = chosen(pieces, split, False, bars)
        if not real:
            raise DataMissingError("Real bands are needed", f"no whole piece in the split {split}", "Is freedoom-music at hand?")
        found += _against(pieces, real, arranger, split, free_only, "real bands: ")
    held_out = [piece for piece in chosen(pieces, split, True, 10**6) if len(piece.kinds) >= 8]
    if "control" in parts:
        found += _control(arranger, held_out, asked, split, free_only)
    if "speed" in parts:
        found += _speed(arranger, held_out, split, free_only)
    hashes = {name: weights.read_config(name, models)["hash"] for name in weights.names(models) if name.startswith("gan")}
    return Report(tuple(found), commit(), hashes, "cpu")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _against(pieces: Sequence[BandPiece], songs: Sequence[BandPiece], arranger: Arranger, split: str, free_only: bool,
             name: str) -> list[Figure]:
    """All figures of what is played to some songs, beside what the data plays to them and beside the baselines."""
    _say(f"{name or 'mma: '}{len(songs)} songs, {sum(len(song.kinds) for song in songs)} bars")
    played: dict[str, list[Score]] = {
        "data": [song.score for song in songs],
        OURS: arranged_by(arranger, free_only=free_only, say=_say)(songs),
        "copied phrases": Copier(pieces)(songs),
    }
    if mma.is_installed():
        played["mma"] = by_mma(songs)
    _say("measuring")
    letters = [song.letters for song in songs]
    # Real bands play on when the melody is over; what is compared are the bars that everybody has.
    counts = [min(len(full_bars(score)) for score in versions) for versions in zip(*played.values(), strict=True)]
    by = {who: measure(scores, letters, counts) for who, scores in played.items()}
    return [Figure(name + row.name, row.value, row.target, row.better, row.n, split, row.peers) for row in rows(by)]


def rows(by: dict[str, Measured]) -> list[Figure]:
    """Figures of `by["ours"]` beside everybody else's; `by["data"]` is what is deviated from."""
    data, ours = by["data"], by[OURS]
    others = [who for who in by if who != OURS]
    found: list[Figure] = []

    def add(name: str, values: dict[str, float], target: float | None, better: str = "higher") -> None:
        beside = {who: round(values[who], 4) for who in others if who in values}
        found.append(Figure(name, values[OURS], target, better, ours.bars, "", beside))

    away = {who: deviations(by[who].figures, data.figures) for who in by if who != "data"}
    add("mean relative deviation", {who: float(np.mean(list(v.values()))) for who, v in away.items()}, 0.10, "lower")
    played = {who: [x for name, x in v.items() if not own_of_melody(name)] for who, v in away.items()}
    add("mean relative deviation without the melody's own", {who: float(np.mean(v)) for who, v in played.items()}, 0.10, "lower")
    found[-1].peers["MuseGAN on its own data"] = PAPER
    for title in data.figures:
        add(title, {who: by[who].figures[title].mean for who in by if title in by[who].figures} | _zero(ours, title), None)
        add(f"{title}, standard deviation",
            {who: by[who].figures[title].deviation for who in by if title in by[who].figures} | _zero(ours, title), None)
    near = {who: m.hamming / data.hamming if data.hamming else 0.0 for who, m in by.items()}
    add("Hamming distance of phrases over the data's (0.8 to 1.2)", near, None)
    add("deviation of the Hamming distance", {who: abs(value - 1) for who, value in near.items()}, 0.2, "lower")
    add("notes that fit the chord", {who: m.fitting for who, m in by.items()}, round(data.fitting - 0.03, 4))
    add("bass on chord changes", {who: m.bass for who, m in by.items()}, round(min(0.8, data.bass), 4))
    add("chord changes with a note of the bass", {who: m.answered for who, m in by.items()}, None)
    add("likeness where the melody repeats less likeness elsewhere", {who: m.structure for who, m in by.items()},
        round(data.structure / 2, 4))
    add("likeness where the melody repeats", {who: m.same for who, m in by.items()}, None)
    return found


def own_of_melody(name: str) -> bool:
    """Whether a figure is of the melody alone, which is given and cannot deviate."""
    return name.endswith(" melody") and not name.startswith("tonal distance")


def _zero(ours: Measured, title: str) -> dict[str, float]:
    return {} if title in ours.figures else {OURS: 0.0}


def _control(arranger: Arranger, songs: Sequence[BandPiece], asked: int, split: str, free_only: bool) -> list[Figure]:
    _say(f"checking {asked} arrangements")
    result = control.check(arranger, songs, asked, free_only, _say)
    return [Figure(f"arrangements without a fault: {what}", result.share(what), 1.0, "higher", asked, split)
            for what in control.CHECKS]


def _speed(arranger: Arranger, songs: Sequence[BandPiece], split: str, free_only: bool) -> list[Figure]:
    _say("timing")
    timed = control.time_it(arranger, songs, free_only)
    beside = {} if timed.mma is None else {"mma": timed.mma}
    faster = {} if timed.mma is None else {"mma": timed.music / timed.mma}
    count = control.REPEATS
    return [
        Figure(f"seconds for {control.TIMED} bars", timed.seconds, 2.0, "lower", count, split, beside),
        Figure("times faster than it sounds", timed.music / timed.seconds, None, "higher", count, split, faster),
    ]
