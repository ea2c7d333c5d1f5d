"""Every figure that singing promises, with the command that gives it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from core import card, weights
from core.corpora.folder import DataFolder
from core.engines.lstm.engine import SONG, LstmEngine
from core.engines.lstm.song.data import load
from core.engines.lstm.song.evaluation import held_out, texts
from core.report import Figure, Report

T = TypeVar("T")


def evaluate(folder: DataFolder, parts: Sequence[str], models: Path) -> Report:
    """Measure the parts asked for; what is on stderr says how far it is.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: a weight set is not at hand.
    """
    engine = LstmEngine("cpu", models)
    figures: list[Figure] = []
    if "speed" in parts:
        figures += _timed("speed", lambda: texts.measure_speed(engine))
    if "moods" in parts:
        figures += _timed("moods", lambda: texts.measure_moods(engine))
    if {"songs", "words", "tones"} & set(parts):
        songs = _timed("data", lambda: load(folder, free_only=False))
        if "songs" in parts:
            figures += _timed("songs", lambda: held_out.measure(songs, engine.song()))
        if "words" in parts:
            verse = [(texts.ENGLISH, words) for words in texts.english(songs)]
            figures += _timed("English texts", lambda: texts.measure_words(engine, verse))[0]
        if "words" in parts or "tones" in parts:
            poems = [(texts.CHINESE, words) for words in texts.chinese(folder)]
            sung, made = _timed("Chinese texts", lambda: texts.measure_words(engine, poems))
            figures += sung if "words" in parts else []
            figures += _timed("tones", lambda: texts.measure_tones(engine, made, songs)) if "tones" in parts else []
    return Report(tuple(figures), card.commit(), {SONG: weights.read_config(SONG, models)["hash"]}, "cpu")


def _timed(name: str, measure: Callable[[], T]) -> T:
    started = time.monotonic()
    found = measure()
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return found
