"""Are morphs smooth, up to their exact ends, and do they stay in key and metre?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from core.analysis.edit_distance import note_distance
from core.engines.lstm.leadsheet import skyline
from core.engines.vae.loaded import Loaded
from core.engines.vae.morph import Morph
from core.report import Figure
from core.score import Score

PAIRS = 200
STEPS = 10
SMOOTH = 1.5


def measure(loaded: Loaded, pieces: Sequence[Score], split: str = "test") -> list[Figure]:
    """Over `PAIRS` pairs that share key and metre: the distance of neighbours over an even share of the whole distance.

    Args:
        loaded: the networks.
        pieces: held-out pieces.
        split: that they come from.
    """
    rows: list[tuple[float, ...]] = []
    kept = exact = 0
    chosen = pairs(pieces, PAIRS)
    for number, (first, second) in enumerate(chosen):
        steps = [step.score for step in Morph(loaded, first, second).steps(STEPS)]
        mixed = [plainly_mixed(first, second, at / (STEPS - 1), number) for at in range(STEPS)]
        rows.append((unevenness(steps), unevenness(steps[1:-1]), unevenness(mixed), unevenness(steps, in_time=False),
                     unevenness(mixed, in_time=False)))
        exact += steps[0] == first and steps[-1] == second
        kept += all(step.keys == first.keys and step.metres == first.metres for step in steps[1:-1])
    ours, inner, plain, loose, plain_loose = (float(np.mean(column)) for column in zip(*rows, strict=True))
    count = len(chosen)
    peers = {"plain mixing of the notes": plain}
    anywhere = {"plain mixing of the notes": plain_loose}
    return [
        Figure("morph: distance of neighbours / even share, ends included", ours, SMOOTH, "lower", count, split, peers),
        Figure("morph: distance of neighbours / even share, decoded steps", inner, SMOOTH, "lower", count, split, peers),
        Figure("morph: the same, ends included, where notes stand left out", loose, None, "lower", count, split, anywhere),
        Figure("morph: ends exactly the user's", exact / count, 1.0, "higher", count, split),
        Figure("morph: key and metre of the ends in all steps", kept / count, 1.0, "higher", count, split),
    ]


def pairs(pieces: Sequence[Score], count: int) -> list[tuple[Score, Score]]:
    """Pairs in one key and metre, drawn at random without a piece beside itself."""
    rng = np.random.default_rng(11)
    found: list[tuple[Score, Score]] = []
    while len(found) < count:
        first = pieces[int(rng.integers(len(pieces)))]
        fitting = [other for other in pieces if other is not first and other.keys == first.keys and other.metres == first.metres]
        if fitting:
            found.append((first, fitting[int(rng.integers(len(fitting)))]))
    return found


def unevenness(steps: Sequence[Score], *, in_time: bool = True) -> float:
    """Mean distance of neighbours over an even share of the distance from end to end; 1 where the ends are the same."""
    whole = note_distance(steps[0], steps[-1], in_time=in_time)
    if not whole:
        return 1.0
    return float(np.mean([note_distance(a, b, in_time=in_time) for a, b in pairwise(steps)])) / (whole / (len(steps) - 1))


def plainly_mixed(first: Score, second: Score, share: float, seed: int) -> Score:
    """Every note of the one is there until its lot is below `share`, every one of the other from then on."""
    rng = np.random.default_rng(seed)
    gone = [note for note in first.melody.notes if rng.random() >= share]
    come = [note for note in second.melody.notes if rng.random() < share]
    notes = tuple(skyline(sorted(gone + come))) or first.melody.notes[:1]
    return replace(first, tracks=(replace(first.melody, notes=notes),))
