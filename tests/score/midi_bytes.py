"""Building MIDI bytes by hand, right and wrong."""

from __future__ import annotations

import struct

END = b"\x00\xff\x2f\x00"
C4 = b"\x00\x90\x3c\x50\x81\x70\x80\x3c\x00"
"""One note of 240 ticks."""


def chunk(events: bytes, size: int | None = None) -> bytes:
    return b"MTrk" + struct.pack(">I", len(events) if size is None else size) + events


def midi(*tracks: bytes, form: int = 1, division: int = 480, count: int | None = None) -> bytes:
    """A file of track bodies (without end-of-track events, which are added)."""
    head = b"MThd" + struct.pack(">IHHH", 6, form, len(tracks) if count is None else count, division)
    return head + b"".join(chunk(track + END) for track in tracks)


def wait(ticks: int) -> bytes:
    """A wait as a variable-length number."""
    groups = [ticks & 0x7F]
    while ticks := ticks >> 7:
        groups.append(ticks & 0x7F | 0x80)
    return bytes(reversed(groups))


def meta(kind: int, data: bytes, ticks: int = 0) -> bytes:
    return wait(ticks) + b"\xff" + bytes([kind]) + wait(len(data)) + data
