"""How far beyond each style to go, and how strongly to nudge it to repeat itself; set on training pieces alone.

A network that draws every note from its probabilities is a little less of its style than people are,
and repeats less than they do: one stray note breaks a bar's repetition. Two numbers a style mend that.
`guidance` goes beyond the style's embedding, away from "no style told". `repeat_bonus` is added to the
logit of going on where the melody has begun to repeat an earlier bar.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.analysis import style_classifier
from core.analysis.features.melody import Melody
from core.analysis.features.repetition import repeated_bars
from core.analysis.style_classifier import StyleClassifier
from core.engines.lstm.data import Corpus
from core.engines.lstm.engine import LstmEngine
from core.engines.lstm.leadsheet import LeadSheet, decode, parse_metre
from core.engines.protocol import Request
from core.score import Score

GUIDANCES = (0.25, 0.5, 0.75, 1.0, 1.5)
BONUSES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
PIECES = 32
LEARNED = 200
"""Most pieces a style that the judge of style learns from."""

Say = Callable[[str], None]


def calibrate(name: str, folder: Path, corpus: Corpus, styles: Sequence[str] = (), say: Say = print) -> None:
    """Write `guidance` and `repeat_bonus` into the statistics of every style (or those named) of the weight set `name`."""
    judge, wanted = _judge(corpus)
    for style in styles or corpus.styles:
        bench = _Bench(name, folder, corpus, style)
        real = _repeated([decode(sheet, tempo=120, program=0) for sheet in bench.sheets])
        # Each changes a little what the other does: repeating more or less is also a matter of style.
        bench.choose("repeat_bonus", BONUSES, _repeated, real)
        tried = bench.choose("guidance", GUIDANCES, partial(_recognised, judge, style), wanted[style], more_is_fine=True)
        say(f"{style}: guidance {_listed(tried)} recognised, real {wanted[style]:.2f}")
        tried = bench.choose("repeat_bonus", BONUSES, _repeated, real)
        say(f"{style}: bonus {_listed(tried)} of bars repeated, training {real:.2f}")


class _Bench:
    """One style of a weight set, composed in again and again, like real training pieces in metre, mode, key and length."""

    def __init__(self, name: str, folder: Path, corpus: Corpus, style: str) -> None:
        self.path, self.folder, self.style = folder / f"{name}.json", folder, style
        self.free_only = name.endswith("free")
        facts = json.loads(self.path.read_text())["statistics"][style]
        sheets = [corpus.sheets[s.id] for s in corpus.samples["train"] if corpus.styles[s.style] == style]
        sheets = [s for s in sheets if s.metre in facts["metres"] and s.mode in facts["modes"]]
        self.sheets: list[LeadSheet] = _typical(sheets, PIECES)

    def choose(self, fact: str, values: Sequence[float], measure: Callable[[list[Score]], float], wanted: float, *,
               more_is_fine: bool = False) -> list[tuple[float, float]]:
        """Try the values from the lowest to the first that reaches `wanted`, write the one that comes nearest.

        With `more_is_fine` one that reaches it is never too far. Returns (value, measured) of all tried.
        """
        tried: list[tuple[float, float]] = []
        for value in values:
            self._write(fact, value)
            tried.append((value, measure(self._compose())))
            if tried[-1][1] >= wanted:
                break
        missed = [abs((min(measured, wanted) if more_is_fine else measured) - wanted) for _, measured in tried]
        self._write(fact, tried[int(np.argmin(missed))][0])
        return tried

    def _write(self, fact: str, value: float) -> None:
        config: dict[str, Any] = json.loads(self.path.read_text())
        config["statistics"][self.style][fact] = value
        self.path.write_text(json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def _compose(self) -> list[Score]:
        engine = LstmEngine("cpu", self.folder)
        made: list[Score] = []
        for number, sheet in enumerate(self.sheets):
            bars = min(max(len(sheet.bars) - bool(sheet.pickup), 4), 48)
            request = Request(self.style, tonic=sheet.reference % 12, mode=sheet.mode, metre=parse_metre(sheet.metre), bars=bars,
                              takes=2, random_seed=10_000 + number, free_only=self.free_only, pickup=bool(sheet.pickup))
            made += [take.score for take in engine.compose(request)]
        return made


def _judge(corpus: Corpus) -> tuple[StyleClassifier, dict[str, float]]:
    """A judge that learned from every other training piece, and how often it recognises the rest, by style."""
    halves: tuple[list[tuple[Score, str]], list[tuple[Score, str]]] = ([], [])
    for index, style in enumerate(corpus.styles):
        sheets = _typical([corpus.sheets[s.id] for s in corpus.samples["train"] if s.style == index], 2 * LEARNED)
        for number, sheet in enumerate(sheets):
            halves[number % 2].append((decode(sheet, tempo=120, program=0), style))
    judge = style_classifier.train(halves[0])
    return judge, style_classifier.accuracy(judge, halves[1])


def _recognised(judge: StyleClassifier, style: str, made: Sequence[Score]) -> float:
    return style_classifier.accuracy(judge, [(score, style) for score in made])[style]


def _repeated(scores: Sequence[Score]) -> float:
    # The mean: medians of such shares move in steps of a bar.
    return float(np.mean([repeated_bars(Melody.of(score)) for score in scores]))


def _listed(tried: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"{value}: {measured:.2f}" for value, measured in tried)


def _typical(sheets: Sequence[LeadSheet], count: int) -> list[LeadSheet]:
    return [sheets[int(i)] for i in np.linspace(0, len(sheets) - 1, min(count, len(sheets)))]
