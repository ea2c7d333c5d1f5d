"""All pieces for bands, each in one of three splits that never leak, made by `mma` under songs or played by real bands."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from core.corpora.band_made import SONGS, MmaStore, arrangement, plans
from core.corpora.band_piece import BandPiece
from core.corpora.band_real import band_scores, drum_takes, pop_songs
from core.corpora.bands import FREEDOOM, OPENMSX
from core.corpora.codeversion import code_version
from core.corpora.folder import DataFolder
from core.corpora.groove import Groove
from core.corpora.split import Progress, SplitPiece, load_pieces, read_source
from core.corpora.types import Tier
from core.errors import RequestError

CACHE = Path(".cache/bands")
PIANO = "pop909-piano"
"""POP909's songs with their own piano, beside `pop909`: the same songs with parts by `mma`."""
REAL = (FREEDOOM.id, OPENMSX.id, "groove", PIANO)
"""Collections that were played or written by people."""


def load_band_pieces(
    folder: DataFolder,
    *,
    free_only: bool = False,
    sources: Iterable[str] | None = None,
    cache: Path | None = CACHE,
    pieces: Sequence[SplitPiece] | None = None,
    progress: Progress | None = None,
) -> tuple[BandPiece, ...]:
    """The band pieces of the collections named, or of all at hand.

    What was read and made is kept in `cache` until code or data change; what `mma` wrote is kept for good, so that with the
    cache of somebody else no `mma` is needed. `pieces` are the melodies with their splits where the caller has them
    already (`core.corpora.split.load_pieces` of everything). `progress` is called with songs that `mma`
    has played and songs in all, for each collection anew.

    Raises:
        RequestError: an unknown collection.
        DataMissingError: a collection is not at hand, or `mma` is needed and not installed.
    """
    known = (*SONGS, *REAL)
    wanted = known if sources is None else tuple(sources)
    if set(wanted) - set(known):
        got = ", ".join(sorted(set(wanted) - set(known)))
        raise RequestError(f"Sources of band pieces are {', '.join(known)}", f"got {got}", "Correct the name")
    path = cache / f"pieces-{_state(folder, wanted)}.pickle" if cache else None
    collecting = gc.isenabled()
    gc.disable()  # Hundreds of thousands of new objects, none of them garbage.
    try:
        if path and path.is_file():
            found: list[BandPiece] = pickle.loads(path.read_bytes())
        else:
            found = _made([name for name in wanted if name in SONGS], folder, cache, pieces, progress)
            found += _real([name for name in wanted if name in REAL], folder, pieces)
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                part = path.with_suffix(".part")
                part.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
                part.replace(path)
    finally:
        if collecting:
            gc.enable()
    return tuple(piece for piece in found if not free_only or piece.tier == Tier.FREE)


def _made(
    names: Sequence[str], folder: DataFolder, cache: Path | None, pieces: Sequence[SplitPiece] | None, progress: Progress | None
) -> list[BandPiece]:
    if not names:
        return []
    songs = [piece for piece in (pieces or load_pieces(folder)) if piece.piece.source in names]
    found: list[BandPiece] = []
    for name in names:
        store = MmaStore(cache / f"mma-{name}.pickle" if cache else None)
        wanted = [plan for song in songs if song.piece.source == name for plan in plans(song)]
        store.prepare((plan.job for plan in wanted), progress)
        found += [arrangement(plan, store.tracks(plan.job)) for plan in wanted]
    return found


def _real(names: Sequence[str], folder: DataFolder, pieces: Sequence[SplitPiece] | None) -> list[BandPiece]:
    found: list[BandPiece] = []
    for source in (FREEDOOM, OPENMSX):
        if source.id in names:
            found += band_scores(read_source(source, folder), source.tier)
    if "groove" in names:
        found += drum_takes(read_source(Groove(), folder))
    if PIANO in names:
        songs = [(p.piece, p.split) for p in (pieces or load_pieces(folder)) if p.piece.source == "pop909"]
        found += pop_songs(songs)
    return found


def _state(folder: DataFolder, wanted: Sequence[str]) -> str:
    """Changes when the code that makes the pieces or the data does."""
    places = sorted(folder.root.iterdir()) if folder.root and folder.root.is_dir() else []
    data = [(place.name, place.stat().st_mtime_ns) for place in places]
    return sha256(repr((code_version(__name__), wanted, data)).encode()).hexdigest()[:16]
