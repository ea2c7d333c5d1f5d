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

SHARED_WITH_JSB = frozenset(
    f"hymnal/{name}/1"
    for name in (
        "A_Mighty_Fortress_Is_Our_God-Ein_Feste_Burg_Isorhythmic",
        "All_Praise_to_Jesus_Hallowed_Name-Gelobet_Seist_Du",
        "From_Heaven_Above-Vom_Himmel_Hoch",
        "Look_Down_O_Lord_From_Heaven_Behold-Ach_Gott_vom_Himmel",
        "Look_Down_O_Lord_From_Heaven_Behold-Es_ist_das_Heil_uns_kommen_her",
        "Now_Rest_Beneath_Nights_Shadow-Innsbruck-Nun_ruhen_alle_Walder-O_Welt_Ich_Muss_Dich_Lassen",
        "O_Sacred_Head_Now_Wounded-Passion_Chorale-Herzlich_Tut_Mich_Verlangen",
        "To_Shepherds_as_They_Watched_By_Night-Vom_Himmel_Hoch",
    )
)
"""Hymns whose melody a validation or test piece of the JSB chorales has (`core.corpora.jsb.overlap` of
`frame_grams` above `core.corpora.bach.MATCH`): a network measured on that benchmark leaves them out.
None of them is the same setting (`setting_grams` share at most 0.23)."""


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
