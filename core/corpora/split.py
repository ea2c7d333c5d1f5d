"""All pieces to learn from, without duplicates, each in one of three splits that never leak.

Variants of one tune form a cluster (`core.corpora.fingerprint`); a cluster lies in one split, chosen
by the hash of its first member in the order of the registry, freest sources first. So a piece keeps
its split when sources that come later are missing, unless one of them joined two clusters.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from core.corpora.codeversion import code_version
from core.corpora.fingerprint import clusters, fingerprint, intervals, melody_line
from core.corpora.folder import DataFolder
from core.corpora.registry import SOURCES
from core.corpora.tunebooks import package_folder
from core.corpora.types import Piece, Source, Tier
from core.errors import RequestError

TRAIN, VALID, TEST = "train", "valid", "test"
_TIERS = (Tier.FREE, Tier.COPYLEFT, Tier.RESEARCH)
CACHE = Path(".cache/pieces")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SplitPiece:
    """A piece with its split (`train`, `valid` or `test`), its cluster (16 hex digits) and its fingerprint."""

    piece: Piece
    split: str
    cluster: str
    fingerprint: str


def load_pieces(
    folder: DataFolder,
    *,
    free_only: bool = False,
    sources: Iterable[str] | None = None,
    progress: Progress | None = None,
    cache: Path | None = CACHE,
) -> tuple[SplitPiece, ...]:
    """The pieces of the sources named, or of every source at hand, duplicates left out.

    What was read is kept in `cache` (None keeps nothing) until the code that reads it or the data
    changes. `progress` is called with sources done and sources in all.

    Raises:
        RequestError: an unknown source.
        DataMissingError: a source that was named is not at hand.
    """
    chosen = choose_sources(folder, free_only, sources)
    pieces: list[Piece] = []
    for done, source in enumerate(chosen):
        if progress:
            progress(done, len(chosen))
        pieces += read_source(source, folder, cache)
    if progress:
        progress(len(chosen), len(chosen))
    return split_pieces(pieces)


def choose_sources(folder: DataFolder, free_only: bool = False, names: Iterable[str] | None = None) -> tuple[Source, ...]:
    """The sources in the order that decides which of two duplicates stays: freest first.

    Raises:
        RequestError: an unknown source.
    """
    ordered = sorted(SOURCES, key=lambda source: _TIERS.index(source.tier))
    known = {source.id for source in ordered}
    wanted = None if names is None else set(names)
    if wanted is not None and wanted - known:
        got = ", ".join(sorted(wanted - known))
        raise RequestError(f"Sources are {', '.join(sorted(known))}", f"got {got}", "Correct the name")
    return tuple(
        source
        for source in ordered
        if (source.is_at_hand(folder) if wanted is None else source.id in wanted) and (not free_only or source.tier == Tier.FREE)
    )


def split_pieces(pieces: Sequence[Piece]) -> tuple[SplitPiece, ...]:
    """Leave out pieces whose melody came before and give every other one its split."""
    kept: dict[str, Piece] = {}
    for piece in pieces:
        if piece.score.note_count:
            kept.setdefault(fingerprint(piece.score), piece)
    prints = list(kept)
    firsts = clusters([intervals(melody_line(piece.score)) for piece in kept.values()])
    return tuple(
        SplitPiece(piece, split_of(prints[first]), prints[first], own)
        for (own, piece), first in zip(kept.items(), firsts, strict=True)
    )


def split_of(cluster: str) -> str:
    """The split of a cluster: eight tenths train, one tenth each valid and test."""
    tenth = int(sha256(f"split {cluster}".encode()).hexdigest()[:8], 16) % 10
    return TEST if tenth == 0 else VALID if tenth == 1 else TRAIN


def read_source(source: Source, folder: DataFolder, cache: Path | None = CACHE) -> list[Piece]:
    """Every piece of a source, from the cache when neither code nor data changed.

    Raises:
        DataMissingError: the source is not at hand.
    """
    if cache is None:
        return list(source.pieces(folder))
    path = cache / f"{source.id}-{_state(source, folder)}.pickle"
    collecting = gc.isenabled()
    gc.disable()  # Hundreds of thousands of new objects, none of them garbage.
    try:
        if path.is_file():
            pieces: list[Piece] = pickle.loads(path.read_bytes())
            return pieces
        pieces = list(source.pieces(folder))
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.glob(f"{source.id}-*.pickle"):
            old.unlink()
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(pieces, protocol=pickle.HIGHEST_PROTOCOL))
        part.replace(path)
        return pieces
    finally:
        if collecting:
            gc.enable()


def _state(source: Source, folder: DataFolder) -> str:
    """Changes when the code of the source or any data set does."""
    places = sorted(folder.root.iterdir()) if folder.root and folder.root.is_dir() else []
    corpus = package_folder()
    data = [(place.name, place.stat().st_mtime_ns) for place in [*places, *([corpus] if corpus and corpus.is_dir() else [])]]
    return sha256(repr((source.id, code_version(type(source).__module__), str(folder.root), data)).encode()).hexdigest()[:16]
