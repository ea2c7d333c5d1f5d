"""The Open Hymnal: hymns in four voices with English words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from core.corpora.folder import DataFolder
from core.corpora.intake import Unusable, finish, printed, top_line, tunes_of
from core.corpora.types import Piece, Tier
from core.score import Lyric, Score, Track
from core.score.abc_reader import TuneText

_ARCHIVE = "open-hymnal"
_VOICES = ("Soprano", "Alto", "Tenor", "Bass")
_VERSE = re.compile(r"^\(?\d+[.)]?\s*")


def _hymn(tune: TuneText) -> Score:
    """Soprano, alto, tenor and bass as tracks, the first verse under the soprano.

    Raises:
        Unusable: with the reason.
    """
    score = printed(tune)
    if len(score.tracks) < len(_VOICES):
        raise Unusable("fewer than four voices")
    tracks = [replace(top_line(track), name=name, lyrics=()) for track, name in zip(score.tracks, _VOICES, strict=False)]
    tracks[0] = replace(tracks[0], lyrics=_words(score.tracks[0]))
    return finish(replace(score, tracks=tuple(tracks), texts=()), "hymn")


def _words(track: Track) -> tuple[Lyric, ...]:
    """The syllables without the numbers of verses."""
    cleaned = (replace(lyric, text=_VERSE.sub("", lyric.text)) for lyric in track.lyrics)
    return tuple(lyric for lyric in cleaned if lyric.text)


class OpenHymnal:
    """The hymnal's ABC files as a source."""

    id = "hymnal"
    name = "Open Hymnal"
    licence = "public domain"
    tier = Tier.FREE
    address = "https://github.com/mzealey/openhymnal"
    styles: tuple[str, ...] = ("hymn",)

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(_ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        for ident, style, title, score in self.candidates(folder):
            if not isinstance(score, str):
                yield Piece(ident, self.id, style, title, score)

    def candidates(self, folder: DataFolder) -> Iterator[tuple[str, str, str, Score | str]]:
        """Every hymn as (id, style, title, score), or the reason for leaving it out in place of the score."""
        for ident, tune in tunes_of(folder.path(_ARCHIVE) / "Complete"):
            try:
                yield f"{self.id}/{ident}", "hymn", tune.first("T"), _hymn(tune)
            except Unusable as error:
                yield f"{self.id}/{ident}", "hymn", tune.first("T"), error.reason


HYMNAL = OpenHymnal()
