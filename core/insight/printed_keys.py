"""Pieces whose keys are printed or annotated by their own collection, and the same pieces with the keys taken out.

Nottingham's key is its own `K:` field, not the one that the corpus settles on; POP909's are the collection's annotations,
several in a song that modulates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.corpora.folder import DataFolder
from core.corpora.intake import sources_of
from core.corpora.split import SplitPiece, load_pieces
from core.score import Key, Score
from core.score.abc_fields import parse_key
from core.score.abc_reader import tune_text

NOTTINGHAM, POP909 = "nottingham", "pop909"
OTHERS = ("bach", "hymnal", "openewld")
"""Collections that are only learned from: their keys are those that the corpus settled on."""
INPUTS = ("melody", "lead sheet", "performance")
"""What a piece is given as: a melody alone, with its chord symbols, or as melody and piano without symbols."""


@dataclass(frozen=True)
class Keyed:
    """A score without keys (`given_as` one of `INPUTS`), and the keys that its collection gives it."""

    id: str
    source: str
    given_as: str
    score: Score
    keys: tuple[Key, ...]
    annotated: Score
    """The piece as the corpus has it, with chords."""


def keyed_pieces(folder: DataFolder, splits: Iterable[str], others: bool = False) -> Iterator[Keyed]:
    """Nottingham's tunes twice, with and without chord symbols, and POP909's songs, of the splits named.

    Args:
        others: those of `OTHERS` too.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    wanted = set(splits)
    sources = (NOTTINGHAM, POP909, *(OTHERS if others else ()))
    pieces = [piece for piece in load_pieces(folder) if piece.piece.source in sources]
    printed = {f"{NOTTINGHAM}/{ident}": tune_text(source).first("K") for ident, source in sources_of(folder.path(NOTTINGHAM))}
    for piece in pieces:
        if piece.split in wanted:
            yield from _given(piece, printed)


def _given(piece: SplitPiece, printed: dict[str, str]) -> Iterator[Keyed]:
    id, source, score = piece.piece.id, piece.piece.source, piece.piece.score
    bare = replace(score, keys=())
    if source == POP909:
        yield Keyed(id, source, "performance", replace(bare, chords=()), score.keys, score)
        return
    if source in OTHERS:
        given_as = "lead sheet" if score.chords else "melody" if len(score.tracks) == 1 else "performance"
        if score.keys:
            yield Keyed(id, source, given_as, bare, score.keys, score)
        return
    signature = parse_key(printed[id])
    if signature.tonic is not None:
        keys = (Key(0, signature.tonic, signature.mode), *score.keys[1:])
        yield Keyed(id, source, "melody", replace(bare, chords=()), keys, score)
        if score.chords:
            yield Keyed(id, source, "lead sheet", bare, keys, score)
