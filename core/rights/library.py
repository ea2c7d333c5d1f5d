"""What a piece is held against: the catalogue, collections whose folder is at hand, and hashes of the others."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.corpora import catalogue
from core.corpora.codeversion import code_version
from core.corpora.folder import DataFolder
from core.corpora.groove import Groove
from core.corpora.registry import PART_SOURCES, SOURCES
from core.corpora.split import read_source
from core.corpora.tunebooks import BOOKS, package_folder
from core.corpora.types import Source
from core.errors import RequestError
from core.rights.likeness import Likeness, shipped
from core.rights.lines import Line, Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.rights.shingles import Shingles
from core.score import Score

CACHE = Path(".cache/originality")
_ARRAYS = ("starts", "pitches", "onsets", "bar_starts", "bars")
_STEP = 200

Progress = Callable[[int, int], None]


def _unwatched(done: int, total: int) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What was compared of one source: `how` is `notes` (passages can be shown) or `hashes` (only that there is one)."""

    source: str
    name: str
    pieces: int
    how: str


@dataclass(frozen=True, eq=False)
class Library:
    """Indexes that stay loaded. `tunes` is the catalogue, `training` what a data folder holds, `shingles` the rest."""

    likeness: Likeness
    tunes: MelodyIndex
    training: MelodyIndex
    shingles: Shingles
    folder: DataFolder

    @property
    def covered(self) -> tuple[Covered, ...]:
        """Every source with the number of its pieces."""
        found = []
        for index in (self.tunes, self.training):
            counts = Counter(place.source for place in index.lines.places)
            found += [Covered(source, name_of(source), count, "notes") for source, count in counts.items()]
        # Pieces that are at hand were taken out of the hashes.
        left = np.unique(self.shingles.pieces).tolist()
        counts = Counter(self.shingles.places[piece].source for piece in left)
        return (*found, *(Covered(source, name_of(source), count, "hashes") for source, count in counts.items()))

    def score(self, place: Place) -> Score:
        """A piece as it is printed.

        Raises:
            RequestError, DataMissingError: it is not at hand.
        """
        if place.source in catalogue.SOURCE_NAMES:
            return catalogue.load(place.id, unfold=False)
        for source in other_sources():
            if source.id == place.source:
                for piece in read_source(source, self.folder):
                    if piece.id == place.id:
                        return piece.score
        raise RequestError("Passages are shown of pieces that are at hand", f"{place.id} is not", "Choose another one")


def other_sources() -> tuple[Source, ...]:
    """Collections to learn from that are not in the catalogue and have melodies."""
    books = {book.id for book in BOOKS}
    return tuple(source for source in (*SOURCES, *PART_SOURCES) if source.id not in books and not isinstance(source, Groove))


def name_of(source: str) -> str:
    """The name of a source for people."""
    names = {**{other.id: other.name for other in other_sources()}, **catalogue.SOURCE_NAMES}
    return names.get(source, source)


def tune_lines(progress: Progress = _unwatched, cache: Path | None = CACHE) -> Lines:
    """The melodies of the catalogue as printed: read in six seconds, then kept in `cache`.

    Raises:
        DataMissingError: the music21 package is not at hand.
    """
    corpus = package_folder()
    if corpus is None or not corpus.is_dir():
        return Lines.of(_read_tunes(progress))  # says what is missing
    path = cache / f"{code_version(__name__)}-{corpus.stat().st_mtime_ns}.npz" if cache else None
    if path and path.is_file():
        with np.load(path, allow_pickle=False) as kept:
            places = tuple(Place(*row) for row in json.loads(str(kept["places"])))
            return Lines(places, *(kept[name].astype(np.int64) for name in _ARRAYS))
    lines = Lines.of(_read_tunes(progress))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("*.npz"):
            old.unlink(missing_ok=True)
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        with part.open("wb") as file:
            arrays = {name: getattr(lines, name).astype(np.int32) for name in _ARRAYS}
            np.savez_compressed(file, places=json.dumps([list(place) for place in lines.places]), **arrays)
        part.replace(path)
    return lines


def _read_tunes(progress: Progress) -> list[tuple[Place, Line]]:
    found, total = [], len(catalogue.catalogue())
    for done, (entry, tune) in enumerate(catalogue.tunes()):
        if done % _STEP == 0:
            progress(done, total)
        found.append((Place(entry.id, entry.title, entry.source), line_of(tune.read(unfold=False))))
    return found


def training_lines(folder: DataFolder, progress: Progress = _unwatched) -> Lines:
    """The melodies of all other collections that are at hand."""
    found: list[tuple[Place, Line]] = []
    at_hand = [source for source in other_sources() if source.is_at_hand(folder)]
    for done, source in enumerate(at_hand):
        progress(done, len(at_hand))
        found += [(Place(piece.id, piece.title, source.id), line_of(piece.score)) for piece in read_source(source, folder)]
    return Lines.of(found)


def load(folder: DataFolder | None = None, progress: Progress = _unwatched) -> Library:
    """Everything that is at hand; a second, and six more the first time.

    Raises:
        DataMissingError, FormatError: the music21 package or the shipped file is not at hand.
        Cancelled: `progress` raised it.
    """
    folder = folder or DataFolder.find()
    likeness = shipped()
    training = training_lines(folder, progress)
    tunes = tune_lines(progress)
    held = frozenset(place.id for place in training.places)
    return Library(likeness, MelodyIndex(tunes), MelodyIndex(training), likeness.shingles.without(held), folder)


_kept: list[Library] = []
_lock = threading.Lock()


def shared(progress: Progress = _unwatched) -> Library:
    """The library of this process, loaded once and shared by all threads; see `load`."""
    with _lock:
        if not _kept:
            _kept.append(load(progress=progress))
        return _kept[0]


def own_index(pieces: Sequence[tuple[str, str, Score]]) -> MelodyIndex:
    """An index of somebody's own pieces, each as (id, title, score); those without a melody are left out."""
    return MelodyIndex(Lines.of((Place(ident, title, "own"), line_of(score)) for ident, title, score in pieces))
