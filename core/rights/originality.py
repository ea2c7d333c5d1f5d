"""Whether a piece repeats another: the nearest passages in what it is held against, and how unusual that is.

A passage counts in any key, at any tempo and on any scale of note values, with notes changed, put in or
left out (`core.rights.alignment`). Unrelated real pieces share passages all the time; so what a passage means is
said by how many real pieces have one at least as like in some unrelated piece (`core.rights.likeness`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from core.errors import RequestError
from core.rights import library as libraries
from core.rights.alignment import Aligner, Match
from core.rights.library import Covered, Library
from core.rights.likeness import COSTS, Likeness, shipped
from core.rights.lines import Line, Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.score import Score
from core.score.edits import trim

FEWEST_NOTES = 8
"""Shorter melodies are in thousands of pieces by chance."""

NEARLY_ALL, ENOUGH = 0.8, 16
"""Share of the notes, and notes, from which one passage is nearly all of a melody."""

MOST_NOTES = 4000
"""Notes of the melody that are searched; `Originality.searched` says how many were."""


class Verdict(StrEnum):
    """What the nearest passage outside one's own pieces means, from the least like to the most."""

    TOO_SHORT = "too_short"
    """Fewer than eight notes: nothing can be said."""
    FRESH = "fresh"
    """Most real pieces have a passage that is more like one of another piece."""
    USUAL = "usual"
    """As like as real pieces are."""
    CLOSE = "close"
    """Nine in ten real pieces have no passage so like; or nearly all of the melody is one passage, however usual that is."""
    COPY = "copy"
    """Ninety-nine in a hundred real pieces have no passage so like: a quotation, or the same tune."""


CLOSE = 0.10
"""The share of real pieces up to which a likeness is unusual in itself."""
_LIMITS = ((0.01, Verdict.COPY), (CLOSE, Verdict.CLOSE), (0.50, Verdict.USUAL))


class Collection(StrEnum):
    """Where a passage was found."""

    CATALOGUE = "catalogue"
    TRAINING = "training"
    """A collection to learn from whose folder is at hand."""
    HASHES = "hashes"
    """A collection to learn from that is not at hand: it is known that a passage is there, not where, and it cannot be shown."""
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a score: ticks, and the first and last bar as places in `Score.bars`."""

    start: int
    end: int
    first_bar: int
    last_bar: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that two pieces share.

    `notes` are the same in both of `length` in the query; the others were changed, put in or left out. The piece
    sounds `transposition` semitones above the query and takes `stretch` times its ticks. `pairs` are the ticks of
    notes that are the same, in the query and in the piece. `among_pieces` is the share of real pieces that are at
    least as like some unrelated piece, `among_pairs` the share of pairs of unrelated pieces. What lies in `HASHES` has
    neither `there`, `pairs` nor transposition, and the shares count its intervals alone.
    """

    piece: Place
    collection: Collection
    here: Span
    there: Span | None
    notes: int
    length: int
    transposition: int | None
    stretch: float | None
    pairs: tuple[tuple[int, int], ...]
    bits: float
    among_pieces: float
    among_pairs: float

    @property
    def can_be_shown(self) -> bool:
        return self.there is not None


@dataclass(frozen=True, slots=True)
class Originality:
    """The answer. `passages` are the nearest, best first, one a piece; `own` the nearest in one's own pieces.

    `unusual` is the share of real pieces that are at least as like some unrelated piece as this one: small is like.
    `covered` says what was searched, and `searched` of how many `notes` of the melody.
    """

    verdict: Verdict
    unusual: float
    passages: tuple[Passage, ...]
    own: tuple[Passage, ...]
    covered: tuple[Covered, ...]
    notes: int
    searched: int

    @property
    def is_nearly_one(self) -> bool:
        """Whether hardly more than one passage of another piece is heard: a short tune can be that without being unusual."""
        return _is_nearly_one(self.passages, self.searched)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        found = asdict(self)
        for name in ("passages", "own"):
            for row, passage in zip(found[name], getattr(self, name), strict=True):
                row["piece"] = passage.piece._asdict()
        return found


def originality(
    score: Score,
    library: Library | None = None,
    own: MelodyIndex | None = None,
    most: int = 5,
    leave_out: frozenset[str] = frozenset(),
) -> Originality:
    """Hold the melody of a score against a library; under a second once that is loaded.

    Args:
        library: None takes the one of this process (`core.rights.library.shared`), which is loaded at first use.
        own: somebody's own pieces (`core.rights.library.own_index`).
        most: how many passages at most, of each kind.
        leave_out: ids of pieces that do not count: the seed, or the piece itself.

    Raises:
        FormatError: the score has no pitched note.
        DataMissingError: see `core.rights.library.load`.
    """
    _ = score.melody  # a score of drums alone is refused
    library = library or libraries.shared()
    line = line_of(score)
    whole, line = line.size, Line(line.pitches[:MOST_NOTES], line.onsets[:MOST_NOTES], line.bars)
    if line.size < FEWEST_NOTES:
        return Originality(Verdict.TOO_SHORT, 1.0, (), (), library.covered, whole, line.size)
    seeker = _Seeker(line, library.likeness, most, leave_out)
    passages = [
        *seeker.found(library.tunes, Collection.CATALOGUE),
        *seeker.found(library.training, Collection.TRAINING),
        *seeker.hashed(library),
    ]
    passages.sort(key=lambda passage: (-passage.bits, passage.piece.id))
    mine = tuple(seeker.found(own, Collection.OWN)) if own is not None else ()
    unusual = passages[0].among_pieces if passages else 1.0
    verdict = verdict_of(unusual)
    if verdict is not Verdict.COPY and _is_nearly_one(passages, line.size):
        verdict = Verdict.CLOSE
    return Originality(verdict, unusual, tuple(passages[:most]), mine, library.covered, whole, line.size)


def compare(score: Score, other: Score, title: str = "", likeness: Likeness | None = None) -> Passage | None:
    """The best passage that two pieces share, as `originality` gives it; None where they share none.

    Raises:
        FormatError: one has no pitched note.
    """
    _ = score.melody, other.melody
    line = line_of(score)
    index = MelodyIndex(Lines.of([(Place("", title or other.title, "own"), line_of(other))]))
    likeness = likeness or shipped()
    if line.size < 2 or not len(index):
        return None
    match = Aligner(line, likeness.surprise, COSTS).matches(index.lines)[0]
    return _passage(line, index, 0, match, Collection.OWN, likeness) if match.here else None


def excerpts(score: Score, passage: Passage, library: Library, own: Mapping[str, Score] | None = None) -> tuple[Score, Score]:
    """The bars of a passage in the query and in the piece, both as they are written, for two staves and for playing in turn.

    Args:
        own: one's own pieces by id, where the passage lies in one of them.

    Raises:
        RequestError: the piece is not at hand; see `Passage.can_be_shown`.
    """
    if passage.there is None or (passage.collection is Collection.OWN and passage.piece.id not in (own or {})):
        raise RequestError("Passages are shown of pieces that are at hand", f"{passage.piece.id} is not", "Choose another one")
    other = (own or {})[passage.piece.id] if passage.collection is Collection.OWN else library.score(passage.piece)
    return (trim(score, passage.here.first_bar, passage.here.last_bar),
            trim(other, passage.there.first_bar, passage.there.last_bar))


def _is_nearly_one(passages: Sequence[Passage], searched: int) -> bool:
    return bool(passages) and passages[0].notes >= max(NEARLY_ALL * searched, ENOUGH)


def verdict_of(unusual: float) -> Verdict:
    """What a share of real pieces means."""
    return next((verdict for limit, verdict in _LIMITS if unusual <= limit), Verdict.FRESH)


class _Seeker:
    """One query on its way through several indexes."""

    def __init__(self, line: Line, likeness: Likeness, most: int, leave_out: frozenset[str]) -> None:
        self._line, self._likeness = line, likeness
        self._most, self._leave_out = most, leave_out

    def found(self, index: MelodyIndex, collection: Collection) -> list[Passage]:
        """The nearest passages in an index."""
        matches = index.search(self._line, self._likeness.surprise, COSTS, self._most, self._leave_out)
        return [_passage(self._line, index, piece, match, collection, self._likeness)
                for piece, match in matches if len(match.here) > 1]

    def hashed(self, library: Library) -> list[Passage]:
        """The nearest pieces that are known by their hashes."""
        gains = self._likeness.surprise.gains(self._line)[1]
        found = []
        for shared in library.shingles.search(self._line, 4 * self._most, self._leave_out):
            bits, first, last = max((float(gains[a + 1 : b + 1].sum()), a, b) for a, b in shared.spans)
            share = self._likeness.among_pieces(bits, self._line.size)
            pair = self._likeness.among_pairs(bits, self._line.size, self._line.size)
            found.append(Passage(library.shingles.places[shared.piece], Collection.HASHES, _span(self._line, first, last),
                                 None, last - first + 1, last - first + 1, None, None, (), bits, share, pair))
        return sorted(found, key=lambda passage: -passage.bits)[: self._most]


def _passage(line: Line, index: MelodyIndex, piece: int, match: Match, collection: Collection, likeness: Likeness) -> Passage:
    other = index.lines.line(piece)
    here, there = np.array(match.here), np.array(match.there)
    ticks_here, ticks_there = line.onsets[here], other.onsets[there]
    took = int(ticks_here[-1] - ticks_here[0])
    return Passage(
        index.lines.places[piece],
        collection,
        _span(line, match.here[0], match.here[-1]),
        _span(other, match.there[0], match.there[-1]),
        len(here),
        match.here[-1] - match.here[0] + 1,
        int(other.pitches[there[0]] - line.pitches[here[0]]),
        round(int(ticks_there[-1] - ticks_there[0]) / took, 3) if took else 1.0,
        tuple(zip(ticks_here.tolist(), ticks_there.tolist(), strict=True)),
        match.bits,
        likeness.among_pieces(match.bits, line.size),
        likeness.among_pairs(match.bits, line.size, other.size),
    )


def _span(line: Line, first: int, last: int) -> Span:
    """From the beginning of a note to the beginning of the one after the last, or the end of its bar."""
    first_bar, last_bar = (bisect_right(line.bars, int(line.onsets[note])) - 1 for note in (first, last))
    end = int(line.onsets[last + 1]) if last + 1 < line.size else int(line.bars[-1])
    return Span(int(line.onsets[first]), end, first_bar, last_bar)
