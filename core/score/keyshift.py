"""Moving music to another pitch, key or mode."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from core.errors import RequestError
from core.score.types import CHORD_QUALITIES, MODES, ChordSymbol, Key, Note, Score, Track

_DOMINANTS = frozenset({"maj", "7", "9"})


def transpose(score: Score, semitones: int) -> Score:
    """Move all pitched parts, chords and keys by `semitones`; drums stay.

    Raises:
        RequestError: a note would leave the MIDI pitches 0..127.
    """
    tracks = tuple(
        track if track.is_drum else replace(track, notes=tuple(_moved(note, note.pitch + semitones) for note in track.notes))
        for track in score.tracks
    )
    chords = tuple(
        replace(
            chord,
            root=None if chord.root is None else (chord.root + semitones) % 12,
            bass=None if chord.bass is None else (chord.bass + semitones) % 12,
        )
        for chord in score.chords
    )
    keys = tuple(replace(key, tonic=(key.tonic + semitones) % 12) for key in score.keys)
    return replace(score, tracks=tracks, chords=chords, keys=keys)


def _moved(note: Note, pitch: int) -> Note:
    if not 0 <= pitch <= 127:
        raise RequestError("Pitches between 0 and 127 were expected", f"{note.pitch} would become {pitch}", "Move it less far")
    return replace(note, pitch=pitch)


def change_key(score: Score, tonic: int, mode: str | None = None, present: Key | None = None) -> Score:
    """Move a piece to another key the shorter way (down a fourth to up an augmented fourth).

    With another mode, each scale degree becomes the same degree of the new scale and notes between
    degrees stay between them. Into minor, the leading note is kept where it rises to the tonic or
    is part of the dominant. Later keys of the piece move along; those in the mode of the first
    change mode with it.

    Args:
        score: the piece.
        tonic: the new tonic, 0..11.
        mode: a name in `MODES`; None keeps the mode.
        present: the key that the piece is in where it does not say so itself.

    Raises:
        RequestError: key or mode are unknown, or a note would leave the MIDI pitches.
    """
    keys = score.keys or ((replace(present, tick=0),) if present else ())
    if not keys:
        raise RequestError("The present key is needed to change it", "this piece does not state one", "Choose its key first")
    if mode is not None and mode not in MODES:
        raise RequestError(f"A mode of {', '.join(MODES)} was expected", f"got {mode!r}")
    if not 0 <= tonic <= 11:
        raise RequestError("A tonic between 0 and 11 was expected", f"got {tonic}")
    old_mode, new_mode = keys[0].mode, mode or keys[0].mode
    shift = (tonic - keys[0].tonic + 5) % 12 - 5
    moded = _change_mode(replace(score, keys=keys), old_mode, new_mode) if new_mode != old_mode else replace(score, keys=keys)
    return transpose(moded, shift)


def _change_mode(score: Score, old: str, new: str) -> Score:
    shifts = [pitch - index for index, pitch in enumerate(degree_map(old, new))]
    key_ticks = [key.tick for key in score.keys]
    chord_ticks = [chord.tick for chord in score.chords]

    def tonic_at(tick: int) -> int | None:
        """The tonic in force, None in a stretch of another mode."""
        key = score.keys[max(bisect_right(key_ticks, tick) - 1, 0)]
        return key.tonic if key.mode == old else None

    def on_dominant(tick: int, tonic: int) -> bool:
        index = bisect_right(chord_ticks, tick) - 1
        return index >= 0 and _is_dominant(score.chords[index], tonic)

    def note_changed(note: Note, rises: bool) -> Note:
        home = tonic_at(note.start)
        if home is None:
            return note
        degree = (note.pitch - home) % 12
        if new == "minor" and degree == 11 and (rises or on_dominant(note.start, home)):
            return note
        return _moved(note, note.pitch + shifts[degree])

    def track_changed(track: Track) -> Track:
        if track.is_drum:
            return track
        rising = _rising(track.notes)
        return replace(track, notes=tuple(note_changed(note, rises) for note, rises in zip(track.notes, rising, strict=True)))

    def chord_changed(chord: ChordSymbol) -> ChordSymbol:
        home = tonic_at(chord.tick)
        return chord if home is None or chord.root is None else _chord_changed(chord, home, shifts, new)

    keys = tuple(replace(key, mode=new) if key.mode == old else key for key in score.keys)
    tracks, chords = tuple(map(track_changed, score.tracks)), tuple(map(chord_changed, score.chords))
    return replace(score, tracks=tracks, chords=chords, keys=keys)


def degree_map(old: str, new: str) -> tuple[int, ...]:
    """For each semitone 0..11 above the tonic in mode `old`, the semitone 0..11 in mode `new`.

    Degrees go to degrees. A note that lies between two degrees goes a semitone above the new place
    of the lower one, or onto the upper one where there is no room. The raised sixth and seventh of
    minor count as degrees.
    """
    before, after = MODES[old], MODES[new]
    mapped = dict(zip(before, after, strict=True))
    if old == "minor":
        mapped |= {9: after[5], 11: after[6]}
    for semitone in range(12):
        if semitone not in mapped:
            lower = max(step for step in before if step < semitone)
            index = before.index(lower)
            upper = after[index + 1] if index + 1 < len(after) else 12
            mapped[semitone] = min(after[index] + 1, upper, 11)
    return tuple(mapped[semitone] for semitone in range(12))


def _rising(notes: Sequence[Note]) -> list[bool]:
    """For each note, whether some note that begins next after it is a semitone above."""
    rising = [False] * len(notes)
    following: list[Note] = []
    index = len(notes)
    while index > 0:
        first = index - 1
        while first > 0 and notes[first - 1].start == notes[index - 1].start:
            first -= 1
        together = notes[first:index]
        for place, note in enumerate(together, start=first):
            rising[place] = any(other.pitch == note.pitch + 1 for other in following)
        following, index = list(together), first
    return rising


def _is_dominant(chord: ChordSymbol, tonic: int) -> bool:
    return chord.root is not None and (chord.root - tonic) % 12 == 7 and chord.quality in _DOMINANTS


def _chord_changed(chord: ChordSymbol, tonic: int, shifts: Sequence[int], new: str) -> ChordSymbol:
    """A chord with its notes on the new degrees; the dominant of minor stays as it is."""
    if new == "minor" and _is_dominant(chord, tonic):
        return chord

    def moved(pitch_class: int) -> int:
        return (pitch_class + shifts[(pitch_class - tonic) % 12]) % 12

    root = moved(chord.root or 0)
    steps = [(moved((chord.root or 0) + step) - root) % 12 for step in CHORD_QUALITIES[chord.quality]]
    bass = None if chord.bass is None else moved(chord.bass)
    return replace(chord, root=root, quality=_quality(steps, chord.quality), bass=bass)


def _quality(steps: Sequence[int], present: str) -> str:
    """The quality with just these steps above the root, else the nearest of as many notes."""
    same = [name for name, quality in CHORD_QUALITIES.items() if len(quality) == len(steps)]

    def distance(name: str) -> tuple[int, bool]:
        apart = sum(abs(a - b) for a, b in zip(sorted(steps), CHORD_QUALITIES[name], strict=True))
        return apart, name != present

    return min(same, key=distance)
