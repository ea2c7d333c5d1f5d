"""Planted passages found again, and false alarms between unrelated real pieces.

Two questions are kept apart. Of two pieces: do they share a passage? The threshold is chosen on validation
pieces (`Likeness.pairs`), a false alarm is a pair of a held-out and a training piece of different clusters that
exceeds it. Of one piece and all others: is its nearest passage unusual? There a false alarm is a real piece.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from core.corpora.folder import DataFolder
from core.corpora.split import TRAIN, SplitPiece, load_pieces
from core.report import Figure, Report, commit
from core.rights.alignment import Aligner
from core.rights.evaluation.planting import ALL, KINDS, LONGEST, SHORTEST, Kind, Planted, plant
from core.rights.fit import Pieces, nearest_bits, pair_bits, place_of
from core.rights.library import Progress
from core.rights.likeness import COSTS, Likeness, shipped
from core.rights.lines import Line, Lines
from core.rights.melody_index import MelodyIndex
from core.rights.shingles import GUARANTEED, Shingles

ALARMS = 0.01
RECALL = 0.95
Row = tuple[SplitPiece, Line]


def evaluate(folder: DataFolder, progress: Progress, split: str = "test", number: int = 400, seed: int = 1) -> Report:
    """Every figure of originality.

    Raises:
        DataMissingError: music21 or the shipped file is not at hand.
    """
    likeness = shipped()
    pieces = Pieces(load_pieces(folder))
    hosts, sources = pieces.of(split), pieces.of(TRAIN)
    rng = np.random.default_rng(seed)
    index = pieces.index()
    figures = [
        *_pairs(hosts, sources, likeness, number, split, rng),
        *_alarms(hosts, sources, likeness, number, split, rng),
        *_among_all(hosts, sources, pieces, index, likeness, number // 2, split, rng, progress),
        *_hashed(hosts, sources, likeness, number // 2, split, rng),
    ]
    return Report(tuple(figures), commit(), {}, "cpu")


def _drawn(hosts: Sequence[Row], sources: Sequence[Row], rng: np.random.Generator) -> tuple[Row, Row]:
    """A host and a source of another cluster."""
    while True:
        host, source = hosts[int(rng.integers(len(hosts)))], sources[int(rng.integers(len(sources)))]
        if host[0].cluster != source[0].cluster:
            return host, source


def _lies_over(planted: Planted, places: Sequence[int]) -> bool:
    """Whether at least half of the planted notes are among `places`."""
    inside = sum(planted.first <= place < planted.first + planted.size for place in places)
    return 2 * inside >= planted.size


def _pairs(
    hosts: Sequence[Row], sources: Sequence[Row], likeness: Likeness, number: int, split: str, rng: np.random.Generator
) -> list[Figure]:
    """Recall of passages when the two pieces are compared, by kind of change, and by length for all changes at once."""
    threshold = likeness.pair_threshold(ALARMS)
    found: dict[str, list[bool]] = {}
    for kind in KINDS:
        for _ in range(number):
            (_, host), (piece, source) = _drawn(hosts, sources, rng)
            planted = plant(host, source, kind, rng)
            match = Aligner(planted.line, likeness.surprise, COSTS).matches(Lines.of([(place_of(piece), source)]))[0]
            bits = match.bits - np.log2(planted.line.size * source.size)
            hit = bool(bits > threshold) and _lies_over(planted, match.here)
            found.setdefault(kind.name, []).append(hit)
            if kind is ALL:
                for low, high in ((SHORTEST, 9), (10, 12), (13, LONGEST)):
                    if low <= planted.size <= high:
                        found.setdefault(f"{kind.name}, {low} to {high} notes", []).append(hit)
                if planted.swung:
                    found.setdefault(f"{kind.name}, swung", []).append(hit)
    return [Figure(f"two pieces: recall, {name}", float(np.mean(hits)), RECALL if name in {kind.name for kind in KINDS} else None,
                   "higher", len(hits), split) for name, hits in found.items()]


def _alarms(
    hosts: Sequence[Row], sources: Sequence[Row], likeness: Likeness, number: int, split: str, rng: np.random.Generator
) -> list[Figure]:
    figures = []
    for name, same in (("any two collections", False), ("the same collection", True)):
        bits = pair_bits(hosts, sources, likeness.surprise, number, rng, same)
        share = float((bits > likeness.pair_threshold(ALARMS)).mean())
        figures.append(Figure(f"two pieces: false alarms, {name}", share, None if same else ALARMS, "lower", len(bits), split))
    return figures


def _among_all(
    hosts: Sequence[Row], sources: Sequence[Row], pieces: Pieces, index: MelodyIndex, likeness: Likeness, number: int, split: str,
    rng: np.random.Generator, progress: Progress,
) -> list[Figure]:
    """The same when a piece is held against all others: real pieces whose nearest passage is called unusual, and recall."""
    chosen = [hosts[k] for k in rng.permutation(len(hosts))[:number]]
    nearest = nearest_bits(chosen, pieces, index, likeness.surprise, progress)
    figures = []
    for limit in (0.01, 0.10):
        threshold = float(np.quantile(likeness.nearest, 1 - limit))
        figures.append(Figure(f"among {len(index):,} pieces: real pieces called at least {1 - limit:.0%} unusual",
                              float((nearest > threshold).mean()), None, "lower", len(nearest), split))
    seconds: list[float] = []
    kinds = ((Kind("as it is"), 16), (ALL, 16), (Kind("as it is"), 32), (ALL, 32))
    for kind, size in kinds:
        hits: dict[float, list[bool]] = {0.01: [], 0.10: []}
        for done in range(number // 2):
            progress(done, number // 2)
            (piece, host), (_, source) = _drawn(hosts, [row for row in sources if row[1].size > size], rng)
            planted = plant(host, source, kind, rng, size)
            started = time.perf_counter()
            best = index.search(planted.line, likeness.surprise, COSTS, 1, pieces.relatives(piece))
            seconds.append(time.perf_counter() - started)
            for limit, found in hits.items():
                bits = best[0][1].bits - np.log2(planted.line.size) if best else -np.inf
                threshold = float(np.quantile(likeness.nearest, 1 - limit))
                found.append(bool(bits > threshold) and _lies_over(planted, best[0][1].here))
        figures += [Figure(f"among all: recall at {limit:.0%}, {size} notes, {kind.name}", float(np.mean(found)), None, "higher",
                           len(found), split) for limit, found in hits.items()]
    figures.append(Figure("among all: seconds a search, median", float(np.median(seconds)), 1.0, "lower", len(seconds), split,
                          {"90%": float(np.quantile(seconds, 0.9)), "longest": max(seconds)}))
    return figures


def _hashed(
    hosts: Sequence[Row], sources: Sequence[Row], likeness: Likeness, number: int, split: str, rng: np.random.Generator
) -> list[Figure]:
    """Collections known by hashes alone: how many planted passages of `GUARANTEED` notes and more share one."""
    held = {place.id for place in likeness.shingles.places}
    known = [row for row in sources if row[0].piece.id in held and row[1].size > 3 * GUARANTEED]
    figures = []
    kinds = (
        (Kind("transposed, other grid", transposed=True, grid=True), GUARANTEED),
        (Kind("transposed", transposed=True), 16),
        (ALL, 16),
    )
    for kind, size in kinds:
        if not known:
            break
        hits = []
        for _ in range(number):
            (_, host), (piece, source) = _drawn(hosts, known, rng)
            planted = plant(host, source, kind, rng, size)
            one = Shingles.of(Lines.of([(place_of(piece), source)]))
            shared = one.search(planted.line, 1)
            hits.append(any(a < planted.first + planted.size and b >= planted.first for s in shared for a, b in s.spans))
        name = f"hashes: share a hash, {size} notes, {kind.name}"
        figures.append(Figure(name, float(np.mean(hits)), None, "higher", number, split))
    return figures
