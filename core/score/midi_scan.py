"""A structural check of MIDI bytes, made before any library in C sees them.

It walks every byte once. Stretches of channel events are matched by one regular expression, so
that the walk costs microseconds a kilobyte; the few other events are taken apart one by one. The
walk proves that every length in the file is honest and collects the meta events (names, words,
tempo, metre), of which a C library would only pass on the text it can decode.

Format: Standard MIDI Files 1.0 (MMA RP-001).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.errors import FormatError, LimitError

MAX_TRACKS = 1000
"""Files with more track chunks are refused."""

MAX_ODD_EVENTS = 100_000
"""Tracks with more events that are taken apart one by one (meta events, long waits) are refused."""

MAX_FILE_TICK = 2**31 - 1
"""Longer tracks would overflow the parser's clock."""

TEXT, COPYRIGHT, NAME, INSTRUMENT, LYRIC, MARKER = 1, 2, 3, 4, 5, 6
END_OF_TRACK, TEMPO, METRE, KEY = 0x2F, 0x51, 0x58, 0x59
_TIMED = {LYRIC, MARKER, TEMPO, METRE, KEY}

_DELTA = rb"[\x80-\xff]?[\x00-\x7f]"
_DATA = rb"[\x00-\x7f]"
_GROUP = (
    _DELTA + rb"(?:"
    rb"[\x80-\xbf\xe0-\xef]" + _DATA + _DATA + rb"(?:" + _DELTA + _DATA + _DATA + rb")*+"
    rb"|[\xc0-\xdf]" + _DATA + rb"(?:" + _DELTA + _DATA + rb")*+"
    rb")"
)
_ONE_STATUS = re.compile(_GROUP, re.DOTALL)
_RUN = re.compile(rb"(?:" + _GROUP + rb")*+", re.DOTALL)
_WAIT_BEFORE_TWO = re.compile(rb"(" + _DELTA + rb")" + _DATA + _DATA, re.DOTALL)
_WAIT_BEFORE_ONE = re.compile(rb"(" + _DELTA + rb")" + _DATA, re.DOTALL)
"""As many channel events as follow each other, with running status; waits below 16384 ticks."""

_NOTE_ON = bytes(range(0x90, 0xA0))


@dataclass(frozen=True, slots=True)
class Meta:
    """One meta event: `tick` in the file's own division (0 for names and texts), its type byte and what it holds."""

    tick: int
    kind: int
    data: bytes
    kind_at: int
    """Where in the track's events the type byte is."""


@dataclass(frozen=True, slots=True)
class TrackScan:
    """One track: its events without the end-of-track event, that event's wait, its meta events."""

    number: int
    events: bytes
    wait: int
    metas: tuple[Meta, ...]
    channels: tuple[int, ...]
    """Channels 0..15 that may start notes (a superset)."""
    estimated: bool
    """Whether ticks of meta events are only upper bounds: see `with_exact_ticks`."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A MIDI file taken apart: `format` 0 or 1, `division` in ticks a quarter note."""

    format: int
    division: int
    tracks: tuple[TrackScan, ...]


def broken(got: str) -> FormatError:
    """The error for bytes that are not a whole MIDI file."""
    return FormatError("A MIDI file (format 0 or 1) was expected", got, "Export the file again from the program it comes from")


def scan_midi(data: bytes) -> Scan:
    """Take a MIDI file apart.

    Raises:
        FormatError: the bytes are no MIDI file, are cut short, or use format 2 or SMPTE time.
        LimitError: more than `MAX_TRACKS` tracks, or `MAX_ODD_EVENTS` in one of them.
    """
    if not data:
        raise broken("the file is empty")
    if data[:4] != b"MThd":
        raise broken("this file does not begin like one")
    if len(data) < 14:
        raise broken("the file is cut short in its header")
    length = int.from_bytes(data[4:8], "big")
    form, count, division = (int.from_bytes(data[i : i + 2], "big") for i in (8, 10, 12))
    if not 6 <= length <= len(data) - 8:
        raise broken(f"its header announces {length} bytes")
    if form not in (0, 1):
        raise broken(f"this is format {form}")
    if division & 0x8000:
        raise broken("its time is in SMPTE frames, not in beats")
    if division == 0:
        raise broken("its division is 0 ticks to the quarter note")
    if count > MAX_TRACKS:
        raise LimitError(f"MIDI files of up to {MAX_TRACKS} tracks can be read", f"this one has {count}", "Remove tracks")
    return Scan(form, division, _tracks(data, 8 + length, count))


def _tracks(data: bytes, position: int, count: int) -> tuple[TrackScan, ...]:
    """The track chunks from `position` on; chunks of other kinds are stepped over."""
    tracks: list[TrackScan] = []
    while len(tracks) < count:
        if position + 8 > len(data):
            raise broken(f"it announces {count} tracks and ends after {len(tracks)}")
        size = int.from_bytes(data[position + 4 : position + 8], "big")
        start, position = position + 8, position + 8 + size
        if position > len(data):
            raise broken(f"track {len(tracks) + 1} announces {size} bytes where {len(data) - start} are left")
        if data[start - 8 : start - 4] == b"MTrk":
            tracks.append(_scan_track(data[start:position], len(tracks) + 1))
    return tuple(tracks)


def _scan_track(body: bytes, number: int) -> TrackScan:
    walk = _Walk(body, number, exact=False)
    walk.run()
    events = body[: walk.end]
    channels = tuple(status & 15 for status in _NOTE_ON if status in events)
    estimated = walk.inexact or walk.tick + walk.wait > MAX_FILE_TICK
    return TrackScan(number, events, walk.wait, tuple(walk.metas), channels, estimated)


def with_exact_ticks(track: TrackScan) -> TrackScan:
    """The same track with the ticks of its meta events counted exactly, where they were estimated.

    Raises:
        LimitError: the track is longer than `MAX_FILE_TICK`.
    """
    if not track.estimated:
        return track
    walk = _Walk(track.events, track.number, exact=True)
    walk.run()
    if walk.tick + track.wait > MAX_FILE_TICK:
        raise LimitError(
            f"Pieces of up to {MAX_FILE_TICK} ticks can be read", f"track {track.number} is longer", "Cut the gaps out of it"
        )
    return replace(track, metas=tuple(walk.metas), estimated=False)


class _Walk:
    """One pass over the events of a track."""

    def __init__(self, body: bytes, number: int, exact: bool) -> None:
        self.body, self.number, self.exact = body, number, exact
        self.position, self.tick, self.status = 0, 0, 0
        self.last_run = (0, 0)
        self.end, self.wait = len(body), 0
        self.metas: list[Meta] = []
        self.estimated = False
        self.inexact = False
        """Whether a tick that matters was estimated, from above."""

    def run(self) -> None:
        """Walk to the end-of-track event, or to the end of the chunk where it has none."""
        for _ in range(MAX_ODD_EVENTS):
            self._skip_run()
            if self.position >= len(self.body) or self._event():
                return
        raise LimitError(
            f"MIDI tracks of up to {MAX_ODD_EVENTS} texts, tempo changes and long pauses can be read",
            f"track {self.number} has more",
            "Remove them",
        )

    def _skip_run(self) -> None:
        match = _RUN.match(self.body, self.position)
        if match is None or match.end() == self.position:
            return
        self.status, self.last_run = 0, match.span()
        self.tick += self._run_ticks() if self.exact else ((match.end() - self.position) // 3 + 1) * 0x3FFF
        self.position, self.estimated = match.end(), not self.exact

    def _run_ticks(self) -> int:
        """The waits in the last stretch, added up."""
        total = 0
        for group in _ONE_STATUS.finditer(self.body, *self.last_run):
            start, end = group.span()
            lead = self.body[start]
            if lead >= 0x80:
                start += 1
                lead = (lead & 0x7F) << 7 | self.body[start]
            total += lead
            short = 0xC0 <= self.body[start + 1] < 0xE0
            start += 3 if short else 4
            if start < end:
                waits = (_WAIT_BEFORE_ONE if short else _WAIT_BEFORE_TWO).findall(self.body, start, end)
                total += sum(wait[0] if len(wait) == 1 else (wait[0] & 0x7F) << 7 | wait[1] for wait in waits)
        return total

    def _recall_status(self) -> None:
        """Find the running status at the end of the last stretch that was skipped."""
        if self.status:
            return
        for group in _ONE_STATUS.finditer(self.body, *self.last_run):
            at = group.start() + (2 if self.body[group.start()] >= 0x80 else 1)
            self.status = self.body[at]

    def _number(self) -> int:
        """A variable-length number of up to four bytes."""
        value = 0
        for index in range(self.position, min(self.position + 4, len(self.body))):
            byte = self.body[index]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                self.position = index + 1
                return value
        raise broken(f"track {self.number} holds a broken number at byte {self.position}")

    def _event(self) -> bool:
        """Step over one event; whether it was the end of the track."""
        start = self.position
        wait = self._number()
        status = self.body[self.position] if self.position < len(self.body) else 0
        if status == 0xFF:
            return self._meta(start, wait)
        self.tick += wait
        if status in (0xF0, 0xF7):
            self.position += 1
            self.position += self._number()
        elif status >= 0xF0:
            raise broken(f"track {self.number} holds byte {status:02X} where an event should be")
        else:
            if status >= 0x80:
                self.status = status
                self.position += 1
            else:
                self._recall_status()
            if not self.status:
                raise broken(f"track {self.number} does not begin with an event")
            size = 1 if 0xC0 <= self.status < 0xE0 else 2
            if any(byte >= 0x80 for byte in self.body[self.position : self.position + size]):
                raise broken(f"track {self.number} holds a value above 127 at byte {self.position}")
            self.position += size
        if self.position > len(self.body):
            raise broken(f"the last event of track {self.number} is cut short")
        return False

    def _meta(self, start: int, wait: int) -> bool:
        kind_at = self.position + 1
        self.position += 2
        size = self._number()
        data = self.body[self.position : self.position + size]
        self.position += size
        if len(data) < size:
            raise broken(f"an event of track {self.number} announces {size} bytes where {len(data)} are left")
        kind = self.body[kind_at]
        if kind == END_OF_TRACK:
            self.end, self.wait = start, wait
            return True
        self.tick += wait
        self.inexact = self.inexact or (self.estimated and kind in _TIMED)
        self.metas.append(Meta(self.tick if kind in _TIMED else 0, kind, data, kind_at))
        return False
