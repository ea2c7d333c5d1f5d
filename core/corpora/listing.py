"""What `songloom corpora` prints: every source with its licence and whether it is at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from core.corpora.folder import DataFolder
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
