"""The Groove MIDI Dataset: drummers on an electronic kit, to a click, with style and split."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.corpora.folder import DataFolder
from core.corpora.midi_folder import midi_scores
from core.corpora.types import Piece, Tier
from core.score import Score

ARCHIVE = "groove"


class Groove:
    """The source `groove`. Its pieces are drums alone, so they have no melody."""

    id = "groove"
    name = "Groove MIDI Dataset"
    licence = "CC BY 4.0"
    tier = Tier.FREE
    address = "https://magenta.tensorflow.org/datasets/groove"
    styles: tuple[str, ...] = ()

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every take as played; the label is the style as the collection names it before its first slash (`funk`, `jazz`).

        Texts say `beat` or `fill`, and which split of the collection the take belongs to.

        Raises:
            DataMissingError: the collection is not at hand.
        """
        root = folder.path(ARCHIVE)
        table = _table(root)
        for path, score in midi_scores(root, self.name):
            row = table.get("/".join(path.parts[-3:]))
            if row is not None:
                label = row["style"].split("/")[0]
                yield Piece(f"{self.id}/{row['id']}", self.id, label, _title(row), _described(score, row))


def _table(root: Path) -> dict[str, dict[str, str]]:
    """Rows of the collection's own table by the path of their MIDI file."""
    rows: dict[str, dict[str, str]] = {}
    for path in root.rglob("info.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows |= {row["midi_filename"]: row for row in csv.DictReader(file)}
    return rows


def _title(row: dict[str, str]) -> str:
    return f"{row['style']} {row['beat_type']}, {row['bpm']} bpm"


def _described(score: Score, row: dict[str, str]) -> Score:
    drums = tuple(replace(track, is_drum=True) for track in score.tracks)
    return replace(score, tracks=drums, title=_title(row), keys=(), texts=(row["beat_type"], f"split: {row['split']}"))
