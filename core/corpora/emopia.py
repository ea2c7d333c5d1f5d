"""EMOPIA: clips of pop songs on the piano, each labelled with the quadrant of its emotion."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.corpora.folder import DataFolder
from core.corpora.midi_folder import midi_scores
from core.corpora.types import Piece, Tier

ARCHIVE = "emopia"
QUADRANTS = {
    "Q1": "high valence, high arousal (happy)",
    "Q2": "low valence, high arousal (tense)",
    "Q3": "low valence, low arousal (sad)",
    "Q4": "high valence, low arousal (calm)",
}
"""The four labels, by valence and arousal."""


class Emopia:
    """The source `emopia`: transcribed performances without beats, at a nominal 120 to the minute."""

    id = "emopia"
    name = "EMOPIA"
    licence = "CC BY 4.0 for the clips; the songs are commercial: research only"
    tier = Tier.RESEARCH
    address = "https://zenodo.org/records/5090631"
    styles: tuple[str, ...] = ()

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every clip as played; the label is its quadrant `Q1` to `Q4`, a text says its clip split.

        Raises:
            DataMissingError: the collection is not at hand.
        """
        root = folder.path(ARCHIVE)
        splits = _splits(root)
        for path, score in midi_scores(root, self.name):
            quadrant = path.stem[:2]
            if quadrant in QUADRANTS:
                texts = (f"split: {splits[path.name]}",) if path.name in splits else ()
                yield Piece(f"{self.id}/{path.stem}", self.id, quadrant, path.stem, replace(score, texts=texts))


def _splits(root: Path) -> dict[str, str]:
    """File name of a clip to train, val or test, from the collection's own tables of clips."""
    splits: dict[str, str] = {}
    for name in ("train", "val", "test"):
        for path in root.rglob(f"{name}_clip.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                splits |= {row["clip_name"]: name for row in csv.DictReader(file)}
    return splits
