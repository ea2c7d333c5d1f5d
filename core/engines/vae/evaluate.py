"""`songloom evaluate vae`: every figure that the engine promises, with the command that gives it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from core.analysis import style_classifier
from core.corpora.folder import DataFolder
from core.engines.lstm import card, data, weights
from core.engines.lstm.data import Corpus
from core.engines.lstm.evaluation import control, generated, material
from core.engines.vae.engine import LONG, SHORT, VaeEngine
from core.engines.vae.evaluation import morphs, reconstruction, sliders
from core.engines.vae.grid import MAX_BARS, METRES
from core.engines.vae.train import MODELS, cut
from core.report import Figure, Report
from core.score import Score

WINDOWS = 1000
"""Held-out windows of each model that are brought back."""
GENERATED = 100
"""Pieces a style that are drawn from the prior."""
JUDGED = 200
"""Real pieces a style that the judge of styles learns from."""
SHORTEST = 8
"""Bars of a held-out piece that is morphed or moved by sliders."""


def evaluate(folder: DataFolder, parts: Sequence[str], models: Path = weights.FOLDER,
             split: str = "test") -> Report:
    """Measure the parts asked for; what is on stderr says how far it is.

    Args:
        folder: the collections.
        parts: of `core.engines.vae.commands.PARTS`.
        models: where the weights are.
        split: `test` for the figures that are published, `valid` for what is decided by them.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    engine = VaeEngine("cpu", models)
    corpus = data.load(folder, free_only=False)
    figures: list[Figure] = []
    if "reconstruction" in parts:
        figures += _timed("reconstruction", lambda: _reconstruction(engine, corpus, folder, split))
    if "prior" in parts:
        figures += _timed("control", lambda: control.measure(engine))
        beside = replace(corpus, samples={name: corpus.samples[name] for name in ("train", split)})
        drawn = _timed("pieces from the prior", lambda: material.gather(engine, beside, free_only=False, count=GENERATED))
        figures += [replace(figure, split=split) for figure in _timed("prior", lambda: generated.distribution(drawn))]
    pieces = held_out(corpus, split)
    loaded = engine.load(MAX_BARS, False)
    if "morphs" in parts:
        figures += _timed("morphs", lambda: morphs.measure(loaded, [score for score, _ in pieces], split))
    if "styles" in parts:
        metres = {style.id: style.metres for style in engine.styles()}
        judge = _timed("judge of styles", lambda: style_classifier.train(_judged(corpus)))
        figures += _timed("styles", partial(sliders.measure_styles, loaded, judge, pieces, metres, split))
    if "attributes" in parts:
        figures += _timed("attributes", lambda: sliders.measure_attributes(loaded, [score for score, _ in pieces], split))
    names = [name for name in weights.names(models) if name.rpartition("-")[0] in MODELS]
    hashes = {name: weights.read_config(name, models)["hash"] for name in names}
    return Report(tuple(figures), card.commit(), hashes, "cpu")


def _reconstruction(engine: VaeEngine, corpus: Corpus, folder: DataFolder, split: str) -> list[Figure]:
    figures: list[Figure] = []
    for free_only in (False, True):
        found = data.load(folder, free_only=True) if free_only else corpus
        for base in (SHORT, LONG):
            bars = MODELS[base].bars
            items = cut(found, split, bars, bars)
            picked = np.random.default_rng(5).permutation(len(items))[:WINDOWS]
            name = f"{base}-{'free' if free_only else 'all'}"
            figures += reconstruction.measure(name, engine.load(bars, free_only), [items[i] for i in picked])
    return figures


def held_out(corpus: Corpus, split: str) -> list[tuple[Score, str]]:
    """Pieces of a split in the reach of one window, on the tonic C, in a random order, with their styles."""
    found = []
    for sample in corpus.samples[split]:
        sheet = corpus.sheets[sample.id]
        whole = sheet.bars[1:] if sheet.pickup else sheet.bars
        if sheet.metre in METRES and len(whole) >= SHORTEST:
            cut_sheet = replace(sheet, bars=whole[:MAX_BARS], pickup=0, reference=60)
            score = material.as_score(cut_sheet)
            if score.note_count:
                found.append((score, corpus.styles[sample.style]))
    return [found[i] for i in np.random.default_rng(3).permutation(len(found))]


def _judged(corpus: Corpus) -> list[tuple[Score, str]]:
    """Training pieces for the judge of styles, at most `JUDGED` of each."""
    taken: list[tuple[Score, str]] = []
    left = dict.fromkeys(corpus.styles, JUDGED)
    for i in np.random.default_rng(4).permutation(len(corpus.samples["train"])):
        sample = corpus.samples["train"][i]
        style = corpus.styles[sample.style]
        if left[style]:
            left[style] -= 1
            taken.append((material.as_score(corpus.sheets[sample.id]), style))
    return taken


T = TypeVar("T")


def _timed(name: str, measure: Callable[[], T]) -> T:
    started = time.monotonic()
    found = measure()
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return found
