"""Spotify: the extended streaming history (`Streaming_History_Audio_….json`, `endsong_….json`) and the
short one of the account data (`StreamingHistory….json`)."""

from __future__ import annotations

from collections.abc import Iterator

from core.taste.history.objects import objects
from core.taste.history.protocol import Listen, Readable
from core.taste.history.values import moment_of_text, number, words

LEAST_HEARD_S = 30.0
"""What was heard for less is a skip, as Spotify itself counts streams."""


class SpotifyExtended:
    """Entries with `ts`, the end of the play, `ms_played` and `master_metadata_…`; podcasts and films are left out."""

    id = "spotify"
    name = "Spotify"

    def claims(self, name: str, head: str) -> bool:
        """See `HistoryFormat.claims`."""
        return '"ms_played"' in head and '"ts"' in head

    def listens(self, file: Readable) -> Iterator[Listen | None]:
        """See `HistoryFormat.listens`."""
        for entry in objects(file):
            if entry is None:
                yield None
                continue
            artist, title = (words(entry.get(f"master_metadata_{key}")) for key in ("album_artist_name", "track_name"))
            yield _listen(artist, title, entry.get("ts"), number(entry.get("ms_played")), entry.get("skipped") is True)


class SpotifyBasic:
    """Entries with `endTime`, `artistName`, `trackName` and `msPlayed`; times are to the minute."""

    id = "spotify"
    name = "Spotify (account data)"

    def claims(self, name: str, head: str) -> bool:
        """See `HistoryFormat.claims`."""
        return '"msPlayed"' in head and '"endTime"' in head

    def listens(self, file: Readable) -> Iterator[Listen | None]:
        """See `HistoryFormat.listens`."""
        for entry in objects(file):
            if entry is None:
                yield None
                continue
            artist, title = words(entry.get("artistName")), words(entry.get("trackName"))
            yield _listen(artist, title, entry.get("endTime"), number(entry.get("msPlayed")), False)


def _listen(artist: str, title: str, ended: object, played_ms: float, skipped: bool) -> Listen | None:
    end = moment_of_text(ended)
    if not artist or not title or end is None:
        return None
    heard = played_ms / 1000
    return Listen(artist, title, max(0, end - round(heard)), heard, 0.0, skipped or heard < LEAST_HEARD_S)
