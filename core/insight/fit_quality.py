"""Learning what real pieces are like beside damaged copies of them."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from core import card as cards
from core import weights
from core.analysis.features import Melody
from core.corpora.folder import DataFolder
from core.corpora.split import TEST, TRAIN, VALID, SplitPiece, load_pieces
from core.insight.damage import KINDS, plain
from core.insight.expectation import Expectation
from core.insight.linear import Floats
from core.insight.quality import ANY, LEVELS, NAME, described
from core.insight.quality_measures import in_key, measured
from core.insight.rows import table
from core.score import Score

REAL = "real"
SEED = 7
PIECES = {TRAIN: 40, VALID: 10, TEST: 30}
"""Pieces of each style at most."""
PAIRS = 500
_FEWEST_NOTES, _FEWEST_BARS = 16, 8
STRENGTH = 0.03


@dataclass(frozen=True)
class Pairs:
    """Real pieces with one copy for each kind of damage: `rows` (P, 1 + kinds, F), the real one first; `style`, `split` (P,)."""

    rows: Floats
    names: tuple[str, ...]
    style: NDArray[np.str_]
    split: NDArray[np.str_]


def train(folder: DataFolder, out: Path) -> Path:
    """Learn, choose nothing on the test split, and write weights and card.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    started = time.monotonic()
    pieces = load_pieces(folder)
    expectation, halves = expectations(pieces)
    pairs = load_pairs(pieces, expectation, halves)
    styles, levels, centre, spread = distributions(pairs)
    at = np.flatnonzero(pairs.split == TRAIN)
    found = fit(pairs, at, styles, centre, spread)
    valid = np.flatnonzero(pairs.split == VALID)
    logits = figure(pairs, valid, styles, centre, spread, found)
    level, softness = scale(logits)
    shares = preferred(logits)
    print("validation:", shares, file=sys.stderr)
    tensors, config = expectation.kept()
    tensors = {name: tensor.to(torch.int32) for name, tensor in tensors.items()}
    tensors |= {f"judge.{part}": torch.tensor(value) for part, value in
                (("levels", levels), ("centre", centre), ("spread", spread), ("weights", found))}
    config |= {"styles": list(styles), "features": list(pairs.names), "level": level, "softness": softness}
    learned = [piece for piece in pieces if piece.split == TRAIN]
    card = cards.write(
        title=NAME, what="Distributions of measures in real pieces by style, n-grams of intervals and rhythm, and a pairwise "
        "logistic regression between real pieces and damaged copies (`core/insight/quality.py`).",
        parameters=sum(tensor.numel() for tensor in tensors.values()),
        sources=dict(Counter(piece.piece.source for piece in learned)),
        split=f"by melody cluster; n-grams of {len(learned)} training pieces, {len(at)} / {len(valid)} of them with "
        f"{len(KINDS)} damaged copies each",
        notes=[f"Damage: {', '.join(KINDS)} (`core/insight/damage.py`)"],
        figures={f"prefers the real piece, validation, {kind}": f"{share:.4f}" for kind, share in shares.items()},
        command="songloom train insight --only quality", seconds=time.monotonic() - started, device="cpu",
    )  # fmt: skip
    weights.save(NAME, tensors, config, card, out)
    return out / f"{NAME}.safetensors"


def expectations(pieces: Sequence[SplitPiece]) -> tuple[Expectation, tuple[Expectation, Expectation]]:
    """The models of all training pieces, and those that did not hear one half of them, by `half`: a piece must not be judged by
    what counted it."""
    learned = [piece for piece in pieces if piece.split == TRAIN]
    melodies = [Melody.of(in_key(piece.piece.score)) for piece in learned]
    parts = [Expectation.fit([melody for melody, piece in zip(melodies, learned, strict=True) if half(piece) != side])
             for side in (0, 1)]
    return Expectation.fit(melodies), (parts[0], parts[1])


def half(piece: SplitPiece) -> int:
    """0 or 1; variants of a tune in the same."""
    return int(piece.cluster[-1], 16) % 2


def load_pairs(
    pieces: Sequence[SplitPiece], expectation: Expectation, halves: tuple[Expectation, Expectation]
) -> Pairs:
    """Some pieces of each style in each split, real and damaged, measured."""
    rng = np.random.default_rng(SEED)
    by: dict[tuple[str, str], list[SplitPiece]] = defaultdict(list)
    for piece in pieces:
        if judged_well(piece):
            by[piece.split, piece.piece.style].append(piece)
    chosen = [several[at] for (split, _), several in sorted(by.items())
              for at in rng.permutation(len(several))[: PIECES[split]]]
    ids = [f"{piece.piece.id} {kind}" for piece in chosen for kind in (REAL, *KINDS)]
    things = [(piece, kind) for piece in chosen for kind in (REAL, *KINDS)]

    def of(thing: tuple[SplitPiece, str]) -> dict[str, float]:
        piece, kind = thing
        score = plain(piece.piece.score) if kind == REAL else damaged(piece.piece.score, kind, piece.fingerprint)
        return measured(score, halves[half(piece)] if piece.split == TRAIN else expectation)

    found = table("quality", ("core.insight.quality_measures", "core.insight.damage"), ids, things, of)
    shape = (len(chosen), 1 + len(KINDS), len(found.names))
    return Pairs(found.rows.reshape(shape), found.names, np.array([piece.piece.style for piece in chosen]),
                 np.array([piece.split for piece in chosen]))


def judged_well(piece: SplitPiece) -> bool:
    """Whether a piece is long enough for damage to be heard."""
    return len(piece.piece.score.melody.notes) >= _FEWEST_NOTES and len(piece.piece.score.bars) >= _FEWEST_BARS


def damaged(score: Score, kind: str, seed: str) -> Score:
    """A copy with one kind of damage; the same seed (hex digits) gives the same copy."""
    rng = np.random.default_rng([int(seed, 16) % 2**63, list(KINDS).index(kind)])
    return KINDS[kind](plain(score), rng)


def distributions(pairs: Pairs) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Styles with `ANY` at the end; for each the values at `LEVELS`, the median and the spread of the real training pieces."""
    learned = pairs.split == TRAIN
    styles = (*sorted(set(pairs.style[learned])), ANY)
    groups = [pairs.rows[learned & (pairs.style == style), 0] for style in styles[:-1]]
    groups.append(pairs.rows[learned, 0])
    everything = groups[-1]
    levels = np.stack([_levels(group, everything) for group in groups])
    spread = (levels[..., 13] - levels[..., 3]) / 3.29  # from 5% to 95% of a normal distribution
    usual = np.maximum(np.nanstd(everything, 0), 1e-4)
    return styles, levels, levels[..., len(LEVELS) // 2], np.maximum(spread, 0.3 * usual)


def _levels(group: Floats, everything: Floats) -> Floats:
    """(F, L); a measure that no piece of a group tells is taken from all."""
    known = np.isfinite(group).sum(0) >= 5
    source = np.where(known, 0, 1)
    both = [np.nanquantile(np.where(np.isfinite(rows).any(0), rows, 0.0), LEVELS, axis=0).T for rows in (group, everything)]
    return np.where(source[:, None] == 0, both[0], both[1])


def fit(pairs: Pairs, at: NDArray[np.int64], styles: Sequence[str], centre: Floats, spread: Floats) -> Floats:
    """Weights (2 F,) of a logistic regression on real minus damaged: what is the same in both cannot count."""
    parts = describe(pairs, at, styles, centre, spread)
    apart = (parts[:, :1] - parts[:, 1:]).reshape(-1, parts.shape[2])
    rows, labels = np.concatenate([apart, -apart]), np.repeat([1, 0], len(apart))
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=500).fit(rows, labels)
    weights_: Floats = model.coef_[0]
    return weights_


def describe(pairs: Pairs, at: NDArray[np.int64], styles: Sequence[str], centre: Floats, spread: Floats) -> Floats:
    """(len(at), 1 + kinds, 2 F)."""
    where = np.array([styles.index(style) for style in pairs.style[at]])
    return np.stack([described(pairs.rows[at, kind], centre[where], spread[where]) for kind in range(pairs.rows.shape[1])], 1)


def figure(pairs: Pairs, at: NDArray[np.int64], styles: Sequence[str], centre: Floats, spread: Floats, found: Floats) -> Floats:
    """Logits (len(at), 1 + kinds)."""
    return describe(pairs, at, styles, centre, spread) @ found


def scale(logits: Floats) -> tuple[float, float]:
    """Level and softness that make (logit - level) / softness the log odds of being real if both were equally many."""
    labels = np.zeros(logits.shape)
    labels[:, 0] = 1
    model = LogisticRegression(class_weight="balanced").fit(logits.reshape(-1, 1), labels.reshape(-1))
    slope = float(model.coef_[0, 0])
    return round(float(-model.intercept_[0] / slope), 4), round(1 / slope, 4)


def preferred(logits: Floats) -> dict[str, float]:
    """For each kind of damage the share of pieces whose real one stands higher; ties count half."""
    apart = logits[:, :1] - logits[:, 1:]
    shares = ((apart > 0) + 0.5 * (apart == 0)).mean(0)
    return {**dict(zip(KINDS, (float(share) for share in shares), strict=True)), "all": float(shares.mean())}
