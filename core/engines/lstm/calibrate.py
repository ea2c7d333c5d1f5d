"""How strongly each style is nudged to repeat itself, set so that it does so as its real pieces do.

A network that draws every note from its probabilities repeats less than people do: one stray note
breaks a bar's repetition. Where the melody has begun to repeat an earlier bar, the logit of going on
doing so gets a bonus; this finds the bonus, style by style, on training pieces.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from core.analysis.features.melody import Melody
from core.analysis.features.repetition import repeated_bars
from core.engines.lstm.data import Corpus
from core.engines.lstm.engine import LstmEngine
from core.engines.lstm.leadsheet import LeadSheet, decode, parse_metre
from core.engines.protocol import Request

BONUSES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
PIECES = 32


def calibrate(name: str, folder: Path, corpus: Corpus, styles: Sequence[str] = (), say: Callable[[str], None] = print) -> None:
    """Write `repeat_bonus` into the statistics of every style (or those named) of the weight set `name`."""
    path = folder / f"{name}.json"
    free_only = name.endswith("free")
    for style in styles or corpus.styles:
        sheets = [corpus.sheets[s.id] for s in corpus.samples["train"] if corpus.styles[s.style] == style]
        config = json.loads(path.read_text())
        facts = config["statistics"][style]
        chosen = _typical([s for s in sheets if s.metre in facts["metres"] and s.mode in facts["modes"]])
        wanted = float(np.median([_share(sheet) for sheet in chosen]))
        best, nearest = 0.0, np.inf
        for bonus in BONUSES:
            facts["repeat_bonus"] = bonus
            path.write_text(json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
            found = _median(LstmEngine("cpu", folder), style, chosen, free_only)
            if abs(found - wanted) < nearest:
                best, nearest = bonus, abs(found - wanted)
            say(f"{style}: bonus {bonus}: {found:.3f} of bars repeated, training {wanted:.3f}")
            if found >= wanted:
                break
        facts["repeat_bonus"] = best
        path.write_text(json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _typical(sheets: Sequence[LeadSheet]) -> list[LeadSheet]:
    return [sheets[int(i)] for i in np.linspace(0, len(sheets) - 1, min(PIECES, len(sheets)))]


def _share(sheet: LeadSheet) -> float:
    return repeated_bars(Melody.of(decode(sheet, tempo=120, program=0)))


def _median(engine: LstmEngine, style: str, like: Sequence[LeadSheet], free_only: bool) -> float:
    shares = []
    for number, sheet in enumerate(like):
        bars = min(max(len(sheet.bars) - bool(sheet.pickup), 4), 48)
        request = Request(style, tonic=sheet.reference % 12, mode=sheet.mode, metre=parse_metre(sheet.metre), bars=bars,
                          takes=2, random_seed=10_000 + number, free_only=free_only, pickup=bool(sheet.pickup))
        shares += [repeated_bars(Melody.of(take.score)) for take in engine.compose(request)]
    return float(np.median(shares))
