"""`songloom evaluate vae`: every figure that the engine promises, with the command that gives it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from core import card, weights
from core.analysis import style_classifier
from core.corpora.folder import DataFolder
from core.engines.lstm import data
from core.engines.lstm.data import Corpus
from core.engines.lstm.evaluation import control, generated, material
from core.engines.vae.engine import LONG, SHORT, VaeEngine
from core.engines.vae.evaluation import morphs, reconstruction, sliders
from core.engines.vae.grid import MAX_BARS, METRES
from core.engines.vae.loaded import Loaded
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
MOST_WORKERS = 2
"""Each holds all corpora, 1.5 GB."""


def evaluate(folder: DataFolder, parts: Sequence[str], models: Path = weights.FOLDER,
             split: str = "test", workers: int | None = None) -> Report:
    """Measure the parts asked for; what is on stderr says how far it is.

    Args:
        folder: the collections.
        parts: of `core.engines.vae.commands.PARTS`.
        models: where the weights are.
        split: `test` for the figures that are published, `valid` for what is decided by them.
        workers: processes that measure side by side (None: as many as there are cores, at most `MOST_WORKERS`). The figures
            do not depend on them.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    chosen = [part for part in MEASURES if part in parts]
    ways = (folder, models, split)
    count = min(workers or min(os.cpu_count() or 1, MOST_WORKERS), len(chosen))
    if count < 2:
        found = {part: _measure(part, *ways) for part in chosen}
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, context, initializer=_begin, initargs=(context.Lock(), count)) as pool:
            waiting = {part: pool.submit(_measure, part, *ways) for part in chosen}
            found = {part: waiting[part].result() for part in chosen}
    figures = [figure for part in parts for figure in found[part]]
    names = [name for name in weights.names(models) if name.rpartition("-")[0] in MODELS]
    hashes = {name: weights.read_config(name, models)["hash"] for name in names}
    return Report(tuple(figures), card.commit(), hashes, "cpu")


_one_reads: AbstractContextManager[Any] = nullcontext()
"""Held while corpora are read: what one process had to read anew, the others find in the cache."""


def _begin(one_reads: AbstractContextManager[Any], count: int) -> None:
    """In each of `count` processes that work side by side."""
    global _one_reads
    _one_reads = one_reads
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // count))


def _measure(part: str, folder: DataFolder, models: Path, split: str) -> list[Figure]:
    return MEASURES[part](Place(folder, models, split))


@dataclass(frozen=True)
class Place:
    """Where the data and the weights are, and which split is measured; what is read is read once in a process."""

    folder: DataFolder
    models: Path
    split: str

    @property
    def engine(self) -> VaeEngine:
        return _engine(self.models)

    @property
    def loaded(self) -> Loaded:
        """The networks that pieces are morphed and moved by sliders with."""
        return self.engine.load(MAX_BARS, False)

    def corpus(self, free_only: bool = False) -> Corpus:
        return _corpus(self.folder, free_only)

    def held_out(self) -> list[tuple[Score, str]]:
        return held_out(self.corpus(), self.split)


@lru_cache(maxsize=1)
def _engine(models: Path) -> VaeEngine:
    return VaeEngine("cpu", models)


@lru_cache(maxsize=2)
def _corpus(folder: DataFolder, free_only: bool) -> Corpus:
    with _one_reads:
        return _timed("reading", lambda: data.load(folder, free_only=free_only))


def _prior(place: Place) -> list[Figure]:
    figures = _timed("control", lambda: control.measure(place.engine))
    corpus = place.corpus()
    beside = replace(corpus, samples={name: corpus.samples[name] for name in ("train", place.split)})
    drawn = _timed("pieces from the prior", lambda: material.gather(place.engine, beside, free_only=False, count=GENERATED))
    return figures + [replace(figure, split=place.split) for figure in _timed("prior", lambda: generated.distribution(drawn))]


def _morphs(place: Place) -> list[Figure]:
    pieces = [score for score, _ in place.held_out()]
    return _timed("morphs", lambda: morphs.measure(place.loaded, pieces, place.split))


def _styles(place: Place) -> list[Figure]:
    metres = {style.id: style.metres for style in place.engine.styles()}
    pieces, judged = place.held_out(), _judged(place.corpus())
    judge = _timed("judge of styles", lambda: style_classifier.train(judged))
    return _timed("styles", lambda: sliders.measure_styles(place.loaded, judge, pieces, metres, place.split))


def _attributes(place: Place) -> list[Figure]:
    pieces = [score for score, _ in place.held_out()]
    return _timed("attributes", lambda: sliders.measure_attributes(place.loaded, pieces, place.split))


def _reconstruction(place: Place) -> list[Figure]:
    figures: list[Figure] = []
    for free_only in (False, True):
        corpus = place.corpus(free_only)
        for base in (SHORT, LONG):
            bars = MODELS[base].bars
            items = cut(corpus, place.split, bars, bars)
            picked = np.random.default_rng(5).permutation(len(items))[:WINDOWS]
            name = f"{base}-{'free' if free_only else 'all'}"
            loaded = place.engine.load(bars, free_only)
            chosen = [items[i] for i in picked]
            figures += _timed(f"reconstruction, {name}", partial(reconstruction.measure, name, loaded, chosen))
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


# The longest first, so that no worker is left with one alone in the end.
MEASURES: dict[str, Callable[[Place], list[Figure]]] = {
    "prior": _prior, "styles": _styles, "attributes": _attributes, "reconstruction": _reconstruction, "morphs": _morphs,
}
