"""Every format of histories. A new one is one file and one line here; the first that claims a file reads it."""

from __future__ import annotations

from core.errors import FormatError
from core.taste.history.lastfm import LastfmCsv
from core.taste.history.listenbrainz import ListenBrainz
from core.taste.history.protocol import HistoryFormat
from core.taste.history.spotify import SpotifyBasic, SpotifyExtended

FORMATS: tuple[HistoryFormat, ...] = (SpotifyExtended(), SpotifyBasic(), ListenBrainz(), LastfmCsv())


def format_of(name: str, head: str) -> HistoryFormat | None:
    """The format of a file by its name and its first characters, None where it is of none."""
    return next((form for form in FORMATS if form.claims(name, head)), None)


def unknown(name: str) -> FormatError:
    """The error for a file that no format claims."""
    return FormatError(
        "A history is a CSV export of Last.fm, a JSON export of ListenBrainz, or the streaming history of Spotify (JSON or zip)",
        f"{name} is none of these",
        "Choose the file as it was downloaded",
    )
