"""What `songloom corpora` prints: every source with its licence and whether it is at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from core.corpora.band_piece import BandPiece
from core.corpora.band_pieces import load_band_pieces
from core.corpora.bands import FREEDOOM, OPENMSX
from core.corpora.folder import DataFolder
from core.corpora.groove import Groove
from core.corpora.registry import SOURCES
from core.corpora.split import CACHE, Progress, read_source


def listing(
    folder: DataFolder, *, count: bool = True, cache: Path | None = CACHE, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """One dict a source: id, name, licence, tier, address, at_hand, pieces and styles.

    `pieces` is the number of usable pieces, duplicates not yet left out, and `styles` maps style ids
    to their share of it; where a source is not at hand, or with `count=False`, `pieces` is None and
    every style has None.
    """
    rows: list[dict[str, Any]] = []
    for done, source in enumerate(SOURCES):
        if progress:
            progress(done, len(SOURCES))
        at_hand = source.is_at_hand(folder)
        styles: dict[str, int | None] = dict.fromkeys(source.styles)
        pieces = None
        if at_hand and count:
            found = Counter(piece.style for piece in read_source(source, folder, cache))
            styles = {style: found[style] for style in source.styles}
            pieces = found.total()
        rows.append(
            {
                "id": source.id,
                "name": source.name,
                "licence": source.licence,
                "tier": source.tier.value,
                "address": source.address,
                "at_hand": at_hand,
                "pieces": pieces,
                "styles": styles,
            }
        )
    return rows


def band_listing(folder: DataFolder, progress: Progress | None = None) -> list[dict[str, Any]]:
    """One dict for every collection that there are band pieces of, those made by `mma` apart.

    `id`, `tier`, `licence`, `made_by` (`mma` or `people`), `pieces`, `bars`, `share` (of all bars), `splits` (to pieces) and
    `bands` (to bars).

    Raises:
        DataMissingError: see `core.corpora.band_pieces.load_band_pieces`.
    """
    licences = {source.id: source.licence for source in (*SOURCES, FREEDOOM, OPENMSX, Groove())}
    groups: dict[tuple[str, bool], list[BandPiece]] = {}
    for piece in load_band_pieces(folder, progress=progress):
        groups.setdefault((piece.source, piece.machine_made), []).append(piece)
    every = sum(len(piece.kinds) for group in groups.values() for piece in group)
    rows: list[dict[str, Any]] = []
    for (source, made), group in groups.items():
        bands: Counter[str] = Counter()
        for piece in group:
            bands[piece.band] += len(piece.kinds)
        rows.append(
            {
                "id": source,
                "tier": group[0].tier.value,
                "licence": licences[source] + ("; parts by mma, its grooves GPL-2.0-or-later" if made else ""),
                "made_by": "mma" if made else "people",
                "pieces": len(group),
                "bars": bands.total(),
                "share": bands.total() / every,
                "splits": dict(Counter(piece.split for piece in group)),
                "bands": dict(bands),
            }
        )
    return rows
