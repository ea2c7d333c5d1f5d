"""ListenBrainz: the export of one listener (JSON, or JSON lines from its zip) and the lines of its dumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.taste.history.objects import objects
from core.taste.history.protocol import Listen, Readable
from core.taste.history.values import moment, number, words


class ListenBrainz:
    """Entries with `listened_at` in seconds and `track_metadata`."""

    id = "listenbrainz"
    name = "ListenBrainz"

    def claims(self, name: str, head: str) -> bool:
        """See `HistoryFormat.claims`."""
        return '"track_metadata"' in head and head.lstrip()[:1] in ("[", "{")

    def listens(self, file: Readable) -> Iterator[Listen | None]:
        """See `HistoryFormat.listens`."""
        for entry in objects(file):
            yield None if entry is None else _listen(entry)


def _listen(entry: dict[str, Any]) -> Listen | None:
    track = entry.get("track_metadata")
    at = moment(entry.get("listened_at", entry.get("timestamp")))
    if not isinstance(track, dict) or at is None:
        return None
    artist, title = words(track.get("artist_name")), words(track.get("track_name"))
    more = track.get("additional_info")
    facts = more if isinstance(more, dict) else {}
    length = number(facts.get("duration_ms")) / 1000 or number(facts.get("duration"))
    heard = number(facts.get("duration_played"))
    if not artist:
        return None
    return Listen(artist, title, at, heard or length, length, listener=words(entry.get("user_name") or entry.get("user_id")))
