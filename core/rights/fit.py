"""Makes `assets/rights/originality.safetensors`: how melodies go on, how like unrelated real pieces are, and hashes."""

from __future__ import annotations

import platform
from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib import metadata

import numpy as np

from core.corpora.folder import DataFolder
from core.corpora.split import TRAIN, VALID, SplitPiece, load_pieces
from core.errors import DataMissingError
from core.report import commit
from core.rights.alignment import Aligner
from core.rights.library import Progress, name_of, other_sources, training_lines
from core.rights.likeness import COSTS, Likeness
from core.rights.lines import Line, Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.rights.shingles import GUARANTEED, NOTES, Shingles
from core.rights.surprise import Floats, Surprise, learn

QUANTILES = 1001
SHORTEST = 17
"""Notes of a piece that is held against others: the longest planted passage and one more."""
_OTHERS = 30


class Pieces:
    """Real pieces of all collections with their splits and clusters, and their melodies."""

    def __init__(self, pieces: Sequence[SplitPiece]) -> None:
        found = [(piece, line_of(piece.piece.score)) for piece in pieces]
        self.rows = [(piece, line) for piece, line in found if line.size >= SHORTEST]
        self.clusters: dict[str, set[str]] = defaultdict(set)
        for piece, _ in self.rows:
            self.clusters[piece.cluster].add(piece.piece.id)

    def of(self, split: str) -> list[tuple[SplitPiece, Line]]:
        """The pieces of a split."""
        return [row for row in self.rows if row[0].split == split]

    def relatives(self, piece: SplitPiece) -> frozenset[str]:
        """Ids of the piece and its variants."""
        return frozenset(self.clusters[piece.cluster])

    def index(self) -> MelodyIndex:
        """All of them."""
        return MelodyIndex(Lines.of((place_of(piece), line) for piece, line in self.rows))


def place_of(piece: SplitPiece) -> Place:
    return Place(piece.piece.id, piece.piece.title, piece.piece.source)


def pair_bits(
    queries: Sequence[tuple[SplitPiece, Line]], others: Sequence[tuple[SplitPiece, Line]], surprise: Surprise, number: int,
    rng: np.random.Generator, same_source: bool = False,
) -> Floats:
    """Bits less log2 of the product of the notes, for random pairs of two clusters.

    Args:
        number: queries, each held against 30 others.
        same_source: only others of the query's collection.
    """
    by_source: dict[str, list[tuple[SplitPiece, Line]]] = defaultdict(list)
    for row in others:
        by_source[row[0].piece.source if same_source else ""].append(row)
    found = [np.zeros(0)]
    for _ in range(number):
        piece, line = queries[int(rng.integers(len(queries)))]
        shelf = by_source[piece.piece.source if same_source else ""]
        drawn = [shelf[k] for k in rng.integers(len(shelf), size=_OTHERS)] if shelf else []
        lines = Lines.of((place_of(other), notes) for other, notes in drawn if other.cluster != piece.cluster)
        if len(lines):
            bits = Aligner(line, surprise, COSTS).bits(lines)
            found.append(bits - np.log2(line.size * np.diff(lines.starts)))
    return np.concatenate(found)


def nearest_bits(
    queries: Sequence[tuple[SplitPiece, Line]], pieces: Pieces, index: MelodyIndex, surprise: Surprise, progress: Progress
) -> Floats:
    """Bits less log2 of the notes, of the best passage that each query shares with a piece of another cluster."""
    found = []
    for done, (piece, line) in enumerate(queries):
        progress(done, len(queries))
        best = index.search(line, surprise, COSTS, 1, pieces.relatives(piece))
        found.append((best[0][1].bits if best else 0.0) - np.log2(line.size))
    return np.array(found)


def fit(folder: DataFolder, progress: Progress, number: int = 500, seed: int = 0) -> tuple[Likeness, str]:
    """The likeness and its card. Distributions are of validation pieces against pieces of other clusters.

    Raises:
        DataMissingError: collections that are hashed are not at hand.
    """
    missing = [source.name for source in other_sources() if not source.is_at_hand(folder)]
    if missing:
        raise DataMissingError("All collections are needed here", f"missing: {', '.join(missing)}", "Pass --data DIR")
    pieces = Pieces(load_pieces(folder))
    surprise = learn(line for _, line in pieces.of(TRAIN))
    rng = np.random.default_rng(seed)
    pairs = pair_bits(pieces.of(VALID), pieces.of(TRAIN), surprise, number, rng)
    index, valid = pieces.index(), pieces.of(VALID)
    chosen = [valid[k] for k in rng.permutation(len(valid))[:number]]
    nearest = nearest_bits(chosen, pieces, index, surprise, progress)
    hashed = training_lines(folder)
    shingles = Shingles.of(hashed)
    levels = np.linspace(0, 1, QUANTILES)
    found = Likeness(surprise, np.quantile(pairs, levels), np.quantile(nearest, levels), len(index), shingles)
    return found, card(found, hashed, len(pairs), len(nearest))


def card(found: Likeness, hashed: Lines, pairs: int, nearest: int) -> str:
    """The card as Markdown."""
    counts = Counter(place.source for place in hashed.places)
    sources = {source.id: source for source in other_sources()}
    rows = [f"| {name_of(ident)} | {sources[ident].licence} | {count} |" for ident, count in counts.items()]
    return "\n".join([
        "# Likeness of real pieces", "",
        "What `songloom originality` rests on (`core/rights`): bits of surprise of intervals and rhythms, learned from",
        "the training split; how like unrelated real pieces are, from the validation split; and hashes of the",
        "collections that an installation need not hold.", "",
        "- Command: `songloom train originality --data DIR`",
        f"- Commit: {commit()}",
        f"- Made with: numpy {metadata.version('numpy')}, Python {platform.python_version()}",
        f"- `pairs`: {pairs:,} pairs of a validation and a training piece of different clusters; 1 in 100 has more than",
        f"  {found.pair_threshold(0.01):.1f} bits less log2 of the product of their notes",
        f"- `nearest`: {nearest:,} validation pieces against {found.pieces:,} pieces, their own clusters left out; bits less",
        f"  log2 of the notes: half have {np.median(found.nearest):.1f}, 1 in 10 {np.quantile(found.nearest, 0.9):.1f},"
        f" 1 in 100 {np.quantile(found.nearest, 0.99):.1f}",
        f"- Hashes: {len(found.shingles.hashes):,} of 24 bits, of runs of {NOTES} notes, of which one in two or three is kept;",
        f"  {GUARANTEED} notes in a row that are the same share one. Neither rhythm nor order nor place is kept.", "",
        "| hashed collection | licence | pieces |", "|---|---|---|", *rows, "",
    ])
