"""Sound files that were made lately, so that the same music is not rendered twice."""

from __future__ import annotations

import threading
from collections import OrderedDict

MAX_BYTES = 256 * 2**20
"""About half an hour of what a page plays."""


class KeptSounds:
    """Encoded sounds by key, those used longest ago let go; safe to use from many threads.

    Args:
        max_bytes: how much is kept; a single sound above it is not.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max = max_bytes
        self._size = 0
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The sound under a key, None where it is not kept (any more)."""
        with self._lock:
            found = self._sounds.get(key)
            if found is not None:
                self._sounds.move_to_end(key)
            return found

    def put(self, key: str, sound: bytes) -> None:
        """Keep a sound, in the place of an earlier one under the same key."""
        with self._lock:
            self._size += len(sound) - len(self._sounds.pop(key, b""))
            self._sounds[key] = sound
            while self._size > self._max:
                _, dropped = self._sounds.popitem(last=False)
                self._size -= len(dropped)
