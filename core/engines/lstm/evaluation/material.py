"""Real and generated pieces in the same form, so that nothing but the music differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.engines.lstm.data import Corpus
from core.engines.lstm.leadsheet import LeadSheet, decode, parse_metre
from core.engines.protocol import Engine, Request
from core.score import Score

GENERATED = 100
_BATCH = 4


@dataclass(frozen=True)
class Material:
    """Pieces by style: real ones for each split, and generated ones like the held-out ones in metre, mode, key and length."""

    real: dict[str, dict[str, list[Score]]]
    """Split to style to pieces; `held-out` joins validation and test."""
    generated: dict[str, list[Score]]
    styles: tuple[str, ...]


def gather(engine: Engine, corpus: Corpus, *, free_only: bool, count: int = GENERATED,
           only: Sequence[str] | None = None) -> Material:
    """Decode every real piece and compose `count` pieces a style at temperature 1 and the default top-p; `only` names styles."""
    offered = {style.id: style for style in engine.styles(free_only) if only is None or style.id in only}
    styles = tuple(style for style in corpus.styles if style in offered)
    real: dict[str, dict[str, list[Score]]] = {split: {style: [] for style in styles} for split in ("train", "held-out")}
    sheets: dict[str, list[LeadSheet]] = {style: [] for style in styles}
    for split, samples in corpus.samples.items():
        for sample in samples:
            style = corpus.styles[sample.style]
            if style not in styles:
                continue
            sheet = corpus.sheets[sample.id]
            real["train" if split == "train" else "held-out"][style].append(as_score(sheet))
            if split != "train" and sheet.metre in offered[style].metres and sheet.mode in offered[style].modes:
                sheets[style].append(sheet)
    generated = {style: _compose(engine, style, sheets[style], count, free_only) for style in styles}
    return Material(real, generated, styles)


def as_score(sheet: LeadSheet) -> Score:
    return decode(sheet, tempo=120, program=0)


def _compose(engine: Engine, style: str, like: Sequence[LeadSheet], count: int, free_only: bool) -> list[Score]:
    rng = np.random.default_rng(17)
    pieces: list[Score] = []
    while len(pieces) < count:
        sheet = like[int(rng.integers(len(like)))]
        bars = min(max(len(sheet.bars) - bool(sheet.pickup), 4), 48)
        takes = min(_BATCH, count - len(pieces))
        request = Request(style, tonic=sheet.reference % 12, mode=sheet.mode, metre=parse_metre(sheet.metre), bars=bars,
                          takes=takes, random_seed=len(pieces), free_only=free_only, pickup=bool(sheet.pickup))
        pieces += [take.score for take in engine.compose(request)]
    return pieces
