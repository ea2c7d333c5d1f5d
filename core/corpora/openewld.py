"""OpenEWLD up to 1930: lead sheets of early jazz and popular songs with chord symbols and words."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from core.corpora.folder import DataFolder
from core.corpora.types import Piece, Tier
from core.errors import InputError
from core.score import CHORD_QUALITIES, Key, Score
from core.score.musicxml_reader import read_musicxml

ARCHIVE = "openewld-pre1931"
_LAST_YEAR = 1930


@dataclass(frozen=True, slots=True)
class _Work:
    title: str
    composer: str
    year: int | None


class OpenEwld:
    """The source `openewld`."""

    id = "openewld"
    name = "OpenEWLD lead sheets to 1930"
    licence = "Public domain songs in the United States; metadata partly CC BY-NC, not shipped"
    tier = Tier.FREE
    address = "https://github.com/00sapo/OpenEWLD"
    styles: tuple[str, ...] = ("early-jazz",)

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every lead sheet first performed by 1930, or without a known date.

        Raises:
            DataMissingError: the collection is not at hand.
        """
        root = folder.path(ARCHIVE)
        works = _works(root)
        for path in sorted(root.rglob("*.mxl")):
            work = works.get(_plain(path.name))
            if work and work.year and work.year > _LAST_YEAR:
                continue
            try:
                score = read_musicxml(path.read_bytes(), path.name)
            except InputError:
                # One damaged file must not hide the other songs.
                continue
            if not score.note_count:
                continue
            title = work.title if work else score.title
            score = replace(score, title=title, composer=work.composer if work else score.composer)
            score = with_mode_of_chords(score)
            yield Piece(f"openewld/{_plain(path.stem)}", self.id, "early-jazz", title, score)


def _plain(name: str) -> str:
    """File names come composed or decomposed, depending on what unpacked them."""
    return unicodedata.normalize("NFC", name)


def _works(root: Path) -> dict[str, _Work]:
    """File name of every lead sheet in the data base to its title, authors and year."""
    base = next(root.rglob("OpenEWLD.db"), None)
    if base is None:
        return {}
    works: dict[str, _Work] = {}
    with closing(sqlite3.connect(f"{base.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        authors: dict[int, list[str]] = {}
        for identity, author in connection.execute("SELECT id, author FROM work_author ORDER BY id, author"):
            authors.setdefault(identity, []).append(str(author))
        rows = connection.execute(
            "SELECT id, title, path_leadsheet, first_performance_date FROM works"
        )
        for identity, title, path, date in rows:
            year = str(date or "")[:4]
            works[_plain(str(path).rpartition("/")[2])] = _Work(
                str(title), ", ".join(authors.get(identity, ())), int(year) if year.isdigit() else None)
    return works


def with_mode_of_chords(score: Score) -> Score:
    """The score with its first key major or minor as the chord symbols say.

    The files and the data base call every key major. The last chord decides where it stands on one
    of the two tonics of the signature, else the one that lasts longer in the whole song.
    A file without a signature has no sharps or flats.
    """
    if not score.chords:
        return score
    major = score.keys[0].fifths * 7 % 12 if score.keys else 0
    tonics = {(major, True): 0, ((major + 9) % 12, False): 0}
    ends = [chord.tick for chord in score.chords[1:]] + [score.end]
    last = None
    for chord, end in zip(score.chords, ends, strict=True):
        kind = (chord.root, 4 in CHORD_QUALITIES[chord.quality]) if chord.root is not None else None
        last = kind
        if kind in tonics:
            tonics[kind] += max(0, end - chord.tick)
    if last not in tonics:
        last = max(tonics, key=lambda kind: tonics[kind])
    key = Key(0, last[0], "major" if last[1] else "minor")
    return replace(score, keys=(key, *score.keys[1:]))
