"""OpenScore Lieder: songs for voice and piano, the voice first, chords derived from all that sounds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.analysis.chords import chords_from_notes
from core.corpora.folder import DataFolder
from core.corpora.types import Piece, Tier
from core.errors import InputError
from core.score import Score
from core.score.musicxml_reader import read_musicxml

ARCHIVE = "openscore-lieder"
_LEAST_NOTES = 16


class Lieder:
    """The source `lieder`."""

    id = "lieder"
    name = "OpenScore Lieder"
    licence = "CC0"
    tier = Tier.FREE
    address = "https://github.com/OpenScore/Lieder"
    styles: tuple[str, ...] = ("art-song",)

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every song with a voice of at least sixteen notes, with words and pauses as printed.

        Raises:
            DataMissingError: the collection is not at hand.
        """
        root = folder.path(ARCHIVE)
        titles = _titles(root)
        for path in sorted(root.rglob("*.mxl")):
            try:
                score = read_musicxml(path.read_bytes(), path.name)
            except InputError:
                # One damaged file must not hide the other songs.
                continue
            song = voice_first(score)
            if song is None:
                continue
            title = titles.get(path.stem.removeprefix("lc"), song.title)
            song = replace(song, title=title, chords=chords_from_notes(song))
            yield Piece(f"lieder/{path.stem}", self.id, "art-song", title, song)


def _titles(root: Path) -> dict[str, str]:
    """Number of a song to its name, from the collection's own table; empty where the table is missing."""
    table = next(root.rglob("scores.tsv"), None)
    if table is None:
        return {}
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row["name"] for row in csv.DictReader(rows, delimiter="\t") if row.get("id") and row.get("name")}


def voice_first(score: Score) -> Score | None:
    """The score with its main singing part in front, the others in their order; None without a singing part.

    The main voice is the track with most syllables; without words, one named as a voice.
    """
    names = ("voice", "singstimme", "gesang", "chant", "canto", "soprano", "tenor", "alto", "baritone", "mezzo")
    sung = [t for t in score.tracks if t.lyrics] or [t for t in score.tracks if any(n in t.name.casefold() for n in names)]
    voice = max(sung, key=lambda track: (len(track.lyrics), len(track.notes)), default=None)
    if voice is None or len(voice.notes) < _LEAST_NOTES:
        return None
    rest = tuple(track for track in score.tracks if track is not voice and track.notes)
    return replace(score, tracks=(voice, *rest))
