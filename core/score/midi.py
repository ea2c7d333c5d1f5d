"""Reading Standard MIDI Files into a `Score`.

The bytes are checked by `core.score.midi_scan`, the notes parsed by symusic one track chunk at a
time (so that it stays known which words and names belong to which notes), and everything is brought
to `TICKS_PER_QUARTER`. What MIDI has no event for is carried as text, see `core.score.midi_marks`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
from symusic.core import ScoreTick, TrackTick

from core.errors import FormatError, LimitError
from core.score import midi_marks as marks
from core.score import midi_scan as scan
from core.score.encodings import decode_text
from core.score.midi_scan import Meta, TrackScan, broken, scan_midi, with_exact_ticks
from core.score.midi_write import write_midi
from core.score.types import MAX_TICK, TICKS_PER_QUARTER, Key, Metre, Note, Score, Tempo, Track

__all__ = ["MAX_NOTES", "read_midi", "write_midi"]

MAX_NOTES = 200_000
"""Files with more notes are refused."""

_VOLUME, _PAN = 7, 10


def read_midi(data: bytes, name: str = "") -> Score:
    """Read a MIDI file of format 0 or 1.

    Tracks that hold no notes are left out; a chunk that holds several channels or programs becomes
    several tracks. Notes that never end are ended by the next one of their pitch, else by the end
    of their track. Two overlapping notes of one pitch on one channel end in the order they began.

    Args:
        data: the file's bytes.
        name: its name, the title where the file gives none.

    Raises:
        FormatError: not a whole MIDI file, no notes, or values that no music has.
        LimitError: more than `MAX_NOTES` notes or longer than `MAX_TICK`.
    """
    parsed, chunks = parse_midi(data)
    scans = [with_exact_ticks(chunk) for chunk in parsed.tracks]
    scale = _Scale(parsed.division)
    tracks = tuple(track for chunk, found in zip(scans, chunks, strict=True) for track in _tracks(chunk, found, scale))
    metas = sorted((meta for chunk in scans for meta in chunk.metas), key=lambda meta: meta.tick)
    title = _title(scans, chunks, parsed.format) or PurePath(name).stem
    return _assemble(tracks, metas, scale, title)


def parse_midi(data: bytes) -> tuple[scan.Scan, list[Parsed]]:
    """Check a file and parse its notes into arrays, chunk by chunk; what `read_midi` begins with.

    Raises:
        FormatError, LimitError: see `read_midi`.
    """
    parsed = scan_midi(data)
    chunks = [_parse_notes(chunk, parsed.division) for chunk in parsed.tracks]
    count = sum(_count(chunk.tracks) for chunk in chunks)
    if count > MAX_NOTES:
        raise LimitError(
            f"MIDI files of up to {MAX_NOTES} notes can be read", f"this one has {count}", "Cut it into shorter pieces"
        )
    if count == 0:
        raise FormatError("A MIDI file with notes was expected", "this one has none", "Choose another file")
    return parsed, chunks


class _Scale:
    """Brings ticks of a file's division to `TICKS_PER_QUARTER`, rounding to the nearest."""

    def __init__(self, division: int) -> None:
        self.division = division

    def tick(self, tick: int) -> int:
        """One tick.

        Raises:
            LimitError: it is after `MAX_TICK`.
        """
        scaled = (2 * tick * TICKS_PER_QUARTER + self.division) // (2 * self.division)
        if scaled > MAX_TICK:
            quarters = MAX_TICK // TICKS_PER_QUARTER
            raise LimitError(
                f"Pieces of up to {quarters} quarter notes can be read",
                f"this one has {scaled // TICKS_PER_QUARTER}",
                "Cut the gaps out of it",
            )
        return scaled

    def ticks(self, ticks: np.ndarray) -> np.ndarray:
        """Many ticks, int32 in, int64 out of the same shape."""
        if not len(ticks):
            return ticks.astype(np.int64)
        self.tick(int(ticks.max()))
        if self.division == TICKS_PER_QUARTER:
            return ticks.astype(np.int64)
        return (2 * TICKS_PER_QUARTER * ticks.astype(np.int64) + self.division) // (2 * self.division)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Symusic's tracks of one chunk, those with notes only."""

    tracks: list[TrackTick]
    endless: bool = False
    """Whether some notes had no end and were given that of the chunk."""


def _parse_notes(chunk: TrackScan, division: int) -> Parsed:
    """Parse the notes of one chunk, those that never end included."""
    if not chunk.channels:
        return Parsed([])
    events = _without_metas(chunk)
    tracks = _symusic(events, chunk.wait, b"", division)
    ended = _symusic(events, chunk.wait, b"".join(_ALL_OFF[channel] for channel in chunk.channels), division)
    if _count(ended) == _count(tracks):
        return Parsed(tracks)
    return _with_endless_notes(events, chunk, division, ended)


def _with_endless_notes(
    events: bytes, chunk: TrackScan, division: int, tracks: list[TrackTick]
) -> Parsed:
    """Parse again with more and more note-offs at the end, for the pitches that still wait for some."""
    repeat = dict.fromkeys(range(128), 2)
    while _count(tracks) <= MAX_NOTES:
        offs = b"".join(_offs(channel, repeat) for channel in chunk.channels)
        more = _symusic(events, chunk.wait, offs, division)
        grown = np.flatnonzero(_pitch_counts(more) - _pitch_counts(tracks))
        if not len(grown):
            break
        tracks = more
        repeat |= {int(pitch): 2 * repeat[int(pitch)] for pitch in grown}
    return Parsed(tracks, endless=True)


def _pitch_counts(tracks: list[TrackTick]) -> np.ndarray:
    """Notes of each pitch, int64 of shape (128,)."""
    counts = np.zeros(128, np.int64)
    for track in tracks:
        counts += np.bincount(track.notes.numpy()["pitch"], minlength=128)
    return counts


def _offs(channel: int, repeat: Mapping[int, int]) -> bytes:
    """Note-off events without waits, as many of each pitch as `repeat` says."""
    return b"".join(bytes((0, 0x80 | channel, pitch, 0)) * times for pitch, times in repeat.items())


_ALL_OFF = tuple(_offs(channel, dict.fromkeys(range(128), 1)) for channel in range(16))


def _without_metas(chunk: TrackScan) -> bytes:
    """The events with every meta event renamed to plain text, which the parser does not interpret."""
    if not chunk.metas:
        return chunk.events
    events = bytearray(chunk.events)
    for meta in chunk.metas:
        events[meta.kind_at] = scan.TEXT
    return bytes(events)


def _symusic(events: bytes, wait: int, offs: bytes, division: int) -> list[TrackTick]:
    """Parse one chunk as a file of its own; `offs` come at its end, `wait` ticks after the rest."""
    delay = bytes((0x80 | wait >> 21 & 127, 0x80 | wait >> 14 & 127, 0x80 | wait >> 7 & 127, wait & 127))
    tail = delay + (offs[1:] + b"\x00" if offs else b"") + b"\xff\x2f\x00"
    head = struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, division, b"MTrk", len(events) + len(tail))
    try:
        score = ScoreTick.from_midi(head + events + tail)
    except (RuntimeError, ValueError) as error:
        raise broken(f"a track cannot be read ({error})") from error
    return [track for track in score.tracks if len(track.notes)]


def _count(tracks: list[TrackTick]) -> int:
    return sum(len(track.notes) for track in tracks)


def _tracks(chunk: TrackScan, found: Parsed, scale: _Scale) -> Iterator[Track]:
    """The tracks of one chunk; words go with the first."""
    name = _name(chunk)
    lyrics = marks.lyrics((scale.tick(meta.tick), decode_text(meta.data)) for meta in chunk.metas if meta.kind == scan.LYRIC)
    state = marks.track_state(chunk.metas)
    for source in found.tracks:
        track = Track(
            notes=_notes(source, found.endless, scale),
            name=name,
            program=source.program,
            is_drum=source.is_drum,
            volume=_control(source, _VOLUME, 100),
            pan=_control(source, _PAN, 64),
            lyrics=lyrics,
        )
        yield track if state is None else replace(track, muted=state.muted, volume=state.volume)
        lyrics = ()
    if not found.tracks and state is not None:
        yield replace(state, name=name, lyrics=lyrics)


def _control(track: TrackTick, number: int, default: int) -> int:
    """The first setting of a controller; where a volume begins at 0 (a fade), the first above it."""
    columns = track.controls.numpy()
    values = columns["value"][columns["number"] == number]
    if not len(values):
        return default
    audible = values[values > 0] if number == _VOLUME else values
    return int((audible if len(audible) else values)[0])


def _notes(source: TrackTick, endless: bool, scale: _Scale) -> tuple[Note, ...]:
    columns = source.notes.numpy()
    starts, pitches = columns["time"].astype(np.int64), columns["pitch"].astype(np.int64)
    ends = starts + columns["duration"]
    if endless:
        ends = _ended_by_next(starts, ends, pitches)
    starts, ends = scale.ticks(starts), scale.ticks(ends)
    lengths = np.maximum(ends - starts, 1)
    velocities = np.maximum(columns["velocity"], 1)
    return tuple(map(Note, starts.tolist(), pitches.tolist(), lengths.tolist(), velocities.tolist()))


def _ended_by_next(starts: np.ndarray, ends: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """Ends such that a note which sounds to the very end stops where its pitch begins again."""
    order = np.lexsort((starts, pitches))
    here, there = order[:-1], order[1:]
    cut = (pitches[here] == pitches[there]) & (ends[here] == ends.max()) & (starts[there] > starts[here])
    ended = ends.copy()
    ended[here[cut]] = starts[there[cut]]
    return ended


def _name(chunk: TrackScan) -> str:
    names = (decode_text(meta.data).strip() for meta in chunk.metas if meta.kind == scan.NAME)
    return next(names, "")


def _title(scans: Sequence[TrackScan], chunks: Sequence[Parsed], form: int) -> str:
    """The sequence's name: that of the first chunk, unless it is the name of a part."""
    if not scans or (form == 1 and chunks[0].tracks):
        return ""
    return _name(scans[0])


def _assemble(tracks: tuple[Track, ...], metas: Sequence[Meta], scale: _Scale, title: str) -> Score:
    """The score from its tracks and from all meta events in order of tick."""
    tempos: list[Tempo] = []
    metres: list[Metre] = []
    keys: list[Key] = []
    for meta in metas:
        if meta.kind == scan.TEMPO:
            tempos.append(_tempo(scale.tick(meta.tick), meta.data))
        elif meta.kind == scan.METRE:
            metres.append(_metre(scale.tick(meta.tick), meta.data))
        elif meta.kind == scan.KEY:
            keys.extend(_key(scale.tick(meta.tick), meta.data))
    carried = marks.read_marks((scale.tick(meta.tick), meta) for meta in metas)
    first_bar = next((metre.bar_ticks for metre in reversed(metres) if metre.tick == 0), 4 * TICKS_PER_QUARTER)
    return Score(
        tracks=tracks,
        tempos=tuple(tempos),
        metres=tuple(metres),
        keys=(*keys, *carried.keys),
        chords=carried.chords,
        pickup=carried.pickup if carried.pickup < first_bar else 0,
        title=title,
        composer=carried.composer,
        texts=carried.texts,
    )


def _tempo(tick: int, data: bytes) -> Tempo:
    micros = int.from_bytes(data, "big")
    if len(data) != 3 or micros < 60_000:
        raise FormatError(
            "Tempos of 60,000 to 16,777,215 microseconds a quarter note were expected",
            f"this file has {micros}",
            "Correct its tempo",
        )
    return Tempo(tick, marks.bpm(micros))


def _metre(tick: int, data: bytes) -> Metre:
    numerator, power = (data[0], data[1]) if len(data) >= 2 else (0, 0)
    if not 1 <= numerator <= 64 or power > 6:
        got = f"this file has {numerator}/{2**power if numerator else 0}"
        raise FormatError("Metres from 1/1 to 64/64 were expected", got, "Correct its time signature")
    return Metre(tick, numerator, 2**power)


def _key(tick: int, data: bytes) -> Iterator[Key]:
    """The key of a key signature; none where it says nonsense, which players ignore too."""
    if len(data) < 2 or data[1] > 1:
        return
    fifths = data[0] - 256 if data[0] > 127 else data[0]
    if -7 <= fifths <= 7:
        yield Key(tick, (fifths * 7 + 9 * data[1]) % 12, "minor" if data[1] else "major")
