"""`songloom evaluate lstm`: every figure that the engine promises, with the command that gives it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from core import card, weights
from core.corpora.folder import DataFolder
from core.engines.lstm import data
from core.engines.lstm.engine import ALL, CHORALE, FREE, LstmEngine
from core.engines.lstm.evaluation import chorales, control, generated, material, melodies
from core.engines.lstm.training import pick_device
from core.report import Figure, Report


def evaluate(folder: DataFolder, parts: Sequence[str], device_name: str = "auto") -> Report:
    """Measure the parts asked for; what is on stderr says how far it is.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    device = pick_device(device_name)
    engine = LstmEngine(device_name)
    figures: list[Figure] = []
    if "chorales" in parts:
        figures += _timed("chorales", lambda: chorales.measure(folder, device))
    if "control" in parts:
        figures += _timed("control", lambda: control.measure(engine))
    made = [part for part in ("style", "distribution", "originality") if part in parts]
    if made or "melodies" in parts:
        corpus = data.load(folder, free_only=False)
        if "melodies" in parts:
            figures += _timed("melodies", lambda: melodies.measure(ALL, corpus, device))
            free = data.load(folder, free_only=True)
            figures += _timed("melodies, free", lambda: melodies.measure(FREE, free, device))
        if made:
            pieces = material.gather(engine, corpus, free_only=False)
            for part in made:
                measure = {"style": generated.style, "distribution": generated.distribution,
                           "originality": generated.originality}[part]
                figures += _timed(part, partial(measure, pieces))
    hashes = {name: weights.read_config(name)["hash"] for name in (FREE, ALL, CHORALE) if name in weights.names()}
    return Report(tuple(figures), card.commit(), hashes, str(device))


def _timed(name: str, measure: Callable[[], list[Figure]]) -> list[Figure]:
    started = time.monotonic()
    figures = measure()
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return figures
