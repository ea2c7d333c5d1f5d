"""Edits: pure functions from a `Score` to a new one.

Track arguments are indices into `score.tracks`. Chords, keys and words follow the notes they belong
to. Each edit raises `RequestError` where it would leave what a score can hold, and changes nothing.
Edits of key are in `core.score.keyshift`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from core.errors import FormatError, RequestError
from core.score.keyshift import change_key, transpose
from core.score.types import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track

__all__ = [
    "add_note",
    "change_key",
    "delete_note",
    "move_note",
    "quantise",
    "rename_track",
    "resize_note",
    "set_instrument",
    "set_muted",
    "set_pan",
    "set_tempo",
    "set_velocity",
    "set_volume",
    "transpose",
    "trim",
]

_Event = TypeVar("_Event", Tempo, Metre, Key, ChordSymbol)


def set_tempo(score: Score, bpm: float) -> Score:
    """Begin at `bpm` quarter notes a minute (1 to 1000); later changes keep their proportion to it."""
    if not 1 <= bpm <= 1000:
        raise RequestError("A tempo between 1 and 1000 quarter notes a minute was expected", f"got {bpm}")
    ratio = bpm / score.tempos[0].bpm
    later = (replace(tempo, bpm=min(max(round(tempo.bpm * ratio, 4), 1.0), 1000.0)) for tempo in score.tempos[1:])
    return replace(score, tempos=(Tempo(0, float(bpm)), *later))


def quantise(score: Score, grid: int, track: int | None = None) -> Score:
    """Move starts and ends to the nearest multiple of `grid` ticks, words with their notes.

    Every note lasts at least one `grid`. Where notes of one pitch, or any notes of a part that had
    one note at a time, land on the same start, the longest stays.

    Args:
        score: the piece.
        grid: ticks, 1 to 1920 (120 is a sixteenth, 160 a triplet eighth).
        track: the part, None for all.
    """
    if not 1 <= grid <= 1920:
        raise RequestError("A grid between 1 and 1920 ticks was expected", f"got {grid}")
    if track is None:
        tracks = tuple(_quantised(part, grid) for part in score.tracks)
        chords = tuple(replace(chord, tick=_nearest(chord.tick, grid)) for chord in score.chords)
        return replace(score, tracks=tracks, chords=chords)
    return score.with_track(track, _quantised(_track(score, track), grid))


def _nearest(tick: int, grid: int) -> int:
    return (2 * tick + grid) // (2 * grid) * grid


def _quantised(track: Track, grid: int) -> Track:
    alone = track.is_monophonic
    kept: dict[tuple[int, int], Note] = {}
    for note in track.notes:
        start = _nearest(note.start, grid)
        moved = replace(note, start=start, duration=max(_nearest(note.end, grid) - start, grid))
        place = (start, 0 if alone else note.pitch)
        if place not in kept or moved.duration > kept[place].duration:
            kept[place] = moved
    notes = sorted(kept.values())
    if alone:
        notes = [_cut(note, after.start) for note, after in pairwise(notes)] + notes[-1:]
    lyrics = tuple(replace(lyric, tick=_nearest(lyric.tick, grid)) for lyric in track.lyrics)
    return replace(track, notes=tuple(notes), lyrics=lyrics)


def _cut(note: Note, end: int) -> Note:
    return note if note.end <= end else replace(note, duration=end - note.start)


def trim(score: Score, first: int, last: int) -> Score:
    """Keep the bars `first` to `last`, both indices into `score.bars`, `last` included.

    Notes that sound across an edge keep the part inside; the tempo, metre, key and chord in force
    at the first edge hold from the new start.
    """
    if not 0 <= first <= last < len(score.bars):
        raise RequestError(f"Bars between 0 and {len(score.bars) - 1} were expected, the first before the last",
                           f"got {first} to {last}")
    start, end = score.bars[first][0], score.bars[last][1]
    tracks = tuple(
        replace(
            track,
            notes=tuple(_inside(track.notes, start, end)),
            lyrics=tuple(replace(lyric, tick=lyric.tick - start) for lyric in track.lyrics if start <= lyric.tick < end),
        )
        for track in score.tracks
    )
    return replace(
        score,
        tracks=tracks,
        tempos=_events(score.tempos, start, end),
        metres=_events(score.metres, start, end),
        keys=_events(score.keys, start, end),
        chords=_events(score.chords, start, end),
        pickup=score.pickup if first == 0 else 0,
    )


def _inside(notes: Iterable[Note], start: int, end: int) -> Iterable[Note]:
    for note in notes:
        if note.start < end and note.end > start:
            begin = max(note.start, start)
            yield replace(note, start=begin - start, duration=min(note.end, end) - begin)


def _events(events: tuple[_Event, ...], start: int, end: int) -> tuple[_Event, ...]:
    """Events of a stretch, with the one in force at its beginning moved there."""
    kept: list[_Event] = [event for event in events if event.tick <= start][-1:]
    kept += [event for event in events if start < event.tick < end]
    return tuple(replace(event, tick=max(event.tick - start, 0)) for event in kept)


def set_instrument(score: Score, track: int, program: int, is_drum: bool | None = None) -> Score:
    """Give a part the General MIDI `program` 0..127; `is_drum` None leaves it drums or not."""
    part = _track(score, track)
    return _changed(score, track, lambda: replace(part, program=program, is_drum=part.is_drum if is_drum is None else is_drum))


def set_volume(score: Score, track: int, volume: int) -> Score:
    """Set a part's volume, 0..127."""
    part = _track(score, track)
    return _changed(score, track, lambda: replace(part, volume=volume))


def set_pan(score: Score, track: int, pan: int) -> Score:
    """Set where a part stands, 0 (left) to 127 (right); 64 is the middle."""
    part = _track(score, track)
    return _changed(score, track, lambda: replace(part, pan=pan))


def set_muted(score: Score, track: int, muted: bool) -> Score:
    """Silence a part or let it sound again; its volume is kept."""
    return score.with_track(track, replace(_track(score, track), muted=muted))


def rename_track(score: Score, track: int, name: str) -> Score:
    """Set a part's name."""
    return score.with_track(track, replace(_track(score, track), name=name))


def add_note(score: Score, track: int, note: Note) -> Score:
    """Put one more note into a part."""
    part = _track(score, track)
    return score.with_track(track, replace(part, notes=(*part.notes, note)))


def delete_note(score: Score, track: int, note: Note) -> Score:
    """Take a note out of a part, and its syllable where no other note begins with it."""
    part = _track(score, track)
    rest = _without(part, note)
    lyrics = part.lyrics
    if all(other.start != note.start for other in rest):
        lyrics = tuple(lyric for lyric in lyrics if lyric.tick != note.start)
    return score.with_track(track, replace(part, notes=rest, lyrics=lyrics))


def move_note(score: Score, track: int, note: Note, start: int, pitch: int) -> Score:
    """Move a note to `start` (ticks) and `pitch`, its syllable with it where it is the only note there."""
    part = _track(score, track)
    rest = _without(part, note)
    lyrics: tuple[Lyric, ...] = part.lyrics
    if start >= 0 and all(other.start != note.start for other in rest):
        lyrics = tuple(replace(lyric, tick=start) if lyric.tick == note.start else lyric for lyric in lyrics)
    return _changed(
        score, track, lambda: replace(part, notes=(*rest, replace(note, start=start, pitch=pitch)), lyrics=lyrics)
    )


def resize_note(score: Score, track: int, note: Note, duration: int) -> Score:
    """Give a note another length, in ticks above 0."""
    part = _track(score, track)
    return _changed(score, track, lambda: replace(part, notes=(*_without(part, note), replace(note, duration=duration))))


def set_velocity(score: Score, track: int, note: Note, velocity: int) -> Score:
    """Give a note another velocity, 1..127."""
    part = _track(score, track)
    return _changed(score, track, lambda: replace(part, notes=(*_without(part, note), replace(note, velocity=velocity))))


def _track(score: Score, index: int) -> Track:
    if not 0 <= index < len(score.tracks):
        raise RequestError(f"A part between 0 and {len(score.tracks) - 1} was expected", f"got {index}")
    return score.tracks[index]


def _without(track: Track, note: Note) -> tuple[Note, ...]:
    """The notes of a part less one.

    Raises:
        RequestError: the note is not there.
    """
    if note not in track.notes:
        raise RequestError("A note of this part was expected", f"there is none like {note}", "Reload the piece")
    index = track.notes.index(note)
    return (*track.notes[:index], *track.notes[index + 1 :])


def _changed(score: Score, index: int, make: Callable[[], Track]) -> Score:
    """The score with a new track; what the types refuse becomes a `RequestError`."""
    try:
        return score.with_track(index, make())
    except FormatError as error:
        raise RequestError(error.expected, error.got, error.todo) from error
