"""The Nottingham Music Database: some 1,000 dance tunes with chord symbols, in 14 ABC books."""

from __future__ import annotations

from collections.abc import Iterator

from core.corpora.folder import DataFolder
from core.corpora.intake import Unusable, melody_piece, tunes_of
from core.corpora.tunebooks import dance_style
from core.corpora.types import Piece, Tier
from core.score import Score
from core.score.abc_reader import TuneText

_RHYTHMS = {"jigs": "jig", "hpps": "hornpipe", "slip": "slip jig", "waltzes": "waltz", "reels": "reel"}
_ARCHIVE = "nottingham"


def _style(ident: str, tune: TuneText) -> str:
    """By book; Ashover, Morris, Playford and the carols are country dances of several kinds."""
    book = ident.partition("/")[0]
    rhythm = next((rhythm for start, rhythm in _RHYTHMS.items() if book.startswith(start)), "")
    metre = tune.metre
    if rhythm == "waltz" or (metre == "3/4" and book in ("ashover", "reelsr-t")):
        return "waltz"
    if metre == "2/4" and book == "ashover":
        return "polka"
    return dance_style(rhythm, metre) or ("slip-jig" if metre == "9/8" else "country-dance")


class Nottingham:
    """The cleaned ABC files as a source."""

    id = "nottingham"
    name = "Nottingham Music Database"
    licence = "tunes traditional, collection GPL-3.0"
    tier = Tier.COPYLEFT
    address = "https://github.com/jukedeck/nottingham-dataset"
    styles: tuple[str, ...] = ("irish-jig", "irish-reel", "hornpipe", "slip-jig", "waltz", "country-dance", "polka")

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(_ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        for ident, style, title, score in self.candidates(folder):
            if not isinstance(score, str):
                yield Piece(ident, self.id, style, title, score)

    def candidates(self, folder: DataFolder) -> Iterator[tuple[str, str, str, Score | str]]:
        """Every tune as (id, style, title, score), or the reason for leaving it out in place of the score."""
        for ident, tune in tunes_of(folder.path(_ARCHIVE)):
            style = _style(ident, tune)
            try:
                yield f"{self.id}/{ident}", style, tune.first("T"), melody_piece(tune, style)
            except Unusable as error:
                yield f"{self.id}/{ident}", style, tune.first("T"), error.reason


NOTTINGHAM = Nottingham()
