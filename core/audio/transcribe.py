"""From a recording of one voice to a score: hummed, sung or played melodies.

Two steps, so that the second can be done again with other wishes while the recording is listened to
once: `hear_melody` finds the notes in seconds, `written` puts them into bars. One voice at a time:
chords are heard as one of their notes. Seconds appear here and nowhere further in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.key import estimate_key
from core.audio.beat import find_beat
from core.audio.hearing import hear
from core.audio.notes import HeardNote, heard_notes, tuning_of
from core.audio.recording import MIN_S, checked
from core.engines.protocol import Progress, no_progress
from core.errors import FormatError, RequestError
from core.score import Key, Metre, Note, Score, Tempo, Track

GRIDS = {"eighth": 240, "triplet": 160, "sixteenth": 120}
"""Finest notes that are written, to their ticks."""

LOWEST_TEMPO, HIGHEST_TEMPO = 30.0, 300.0
"""Metronomes, in quarter notes a minute."""

COMMON = Metre(0, 4, 4)
MAX_NOTES = 5_000
_QUIET_DB, _SOFTEST, _LOUDEST = 30.0, 40, 110
_JOIN = 0.35
"""A rest shorter than this share of a unit, or than `_JOIN_S`, is no rest: people breathe and consonants take time."""
_JOIN_S = 0.12


@dataclass(frozen=True)
class Melody:
    """Notes of one voice as heard: in seconds, with how far from 440 Hz it is tuned, in semitones."""

    notes: tuple[HeardNote, ...]
    tuning: float
    seconds: float


def transcribe(samples: NDArray[np.floating], rate: int, *, tempo: float | None = None, metre: Metre = COMMON,
               grid: str = "sixteenth", strength: float = 1.0, key: Key | None = None,
               progress: Progress = no_progress) -> Score:
    """The melody in mono samples (N,) at `rate` as a score of one track; see `hear_melody` and `written`.

    Raises:
        FormatError: no sound, no notes, too short, or NaN or infinity in it.
        LimitError: it is too long.
        RequestError: tempo, grid or strength is out of range.
        Cancelled: `progress` raised it.
    """
    check(tempo, metre, grid, strength)
    return written(hear_melody(samples, rate, progress=progress), tempo=tempo, metre=metre, grid=grid, strength=strength, key=key)


def hear_melody(samples: NDArray[np.floating], rate: int, *, name: str = "the recording",
                progress: Progress = no_progress) -> Melody:
    """The notes in mono samples (N,) at `rate`.

    Raises:
        FormatError: no sound, no notes, too short, or NaN or infinity in it.
        LimitError: it is longer than `core.audio.recording.MAX_S`.
        Cancelled: `progress` raised it.
    """
    sound = checked(samples, rate, name, MIN_S)
    heard = hear(sound, progress)
    notes = heard_notes(heard)
    if not notes:
        raise FormatError("A melody that is hummed, sung or played was expected", f"no notes were heard in {name}",
                          "Record closer to the microphone, one note at a time")
    return Melody(notes, tuning_of(heard), len(samples) / rate)


def written(melody: Melody, *, tempo: float | None = None, metre: Metre = COMMON, grid: str = "sixteenth",
            strength: float = 1.0, key: Key | None = None, program: int = 0) -> Score:
    """The notes of a melody in bars.

    Args:
        tempo: quarter notes a minute where a metronome gave it; None to find the beat.
        metre: the metre to write in.
        grid: finest notes, a name in `GRIDS`.
        strength: how far notes are pulled to the grid, 0 (as they were sung) to 1 (to the grid).
        key: the key to write in; None to estimate it.
        program: General MIDI program of the track.

    Raises:
        RequestError: tempo, grid or strength is out of range.
    """
    check(tempo, metre, grid, strength)
    unit = GRIDS[grid]
    heard = melody.notes[:MAX_NOTES]
    beat = find_beat(np.array([note.start for note in heard]), metre, unit, tempo)
    places = beat.exact + strength * (beat.units - beat.exact)
    starts = np.maximum.accumulate(np.maximum(np.rint(places * unit), 0)).astype(int)
    notes = []
    loudest = max(note.level for note in heard)
    for index, note in enumerate(heard):
        start = int(starts[index])
        following = int(starts[index + 1]) if index + 1 < len(heard) else None
        duration = _duration(note, heard[index + 1] if following is not None else None, start, following,
                             float(beat.seconds_a_unit[index]), unit, strength)
        if duration > 0:
            notes.append(Note(start, note.pitch, duration, _velocity(note.level - loudest)))
    bpm = float(tempo) if tempo is not None else round(beat.tempo, 1)
    score = Score((Track(tuple(notes), program=program),), tempos=(Tempo(0, min(max(bpm, 1.0), 1000.0)),),
                  metres=(Metre(0, metre.numerator, metre.denominator),))
    found = key or estimate_key(score)
    return Score(score.tracks, score.tempos, score.metres, (Key(0, found.tonic, found.mode),))


def check(tempo: float | None, metre: Metre, grid: str, strength: float) -> None:
    """Refuse what cannot be written.

    Raises:
        RequestError: tempo, grid or strength is out of range, or the grid does not divide the bar.
    """
    if tempo is not None and not LOWEST_TEMPO <= tempo <= HIGHEST_TEMPO:
        raise RequestError(f"A metronome between {LOWEST_TEMPO:g} and {HIGHEST_TEMPO:g} was expected", f"got {tempo:g}")
    if grid not in GRIDS:
        raise RequestError(f"Finest notes are {', '.join(GRIDS)}", f"got {grid}")
    if not 0 <= strength <= 1:
        raise RequestError("A strength between 0 and 1 was expected", f"got {strength:g}")
    if metre.bar_ticks % GRIDS[grid]:
        raise RequestError(f"Bars of {metre} cannot be written in {grid} notes", todo="Choose sixteenth")


def _duration(note: HeardNote, following: HeardNote | None, start: int, begins: int | None, seconds_a_unit: float, unit: int,
              strength: float) -> int:
    """Ticks of a note: as it sounded, pulled to the grid, and to the next note where only a breath parts them."""
    exact = (note.end - note.start) / seconds_a_unit * unit
    placed = max(round(exact / unit), 1) * unit
    ticks = max(round(exact + strength * (placed - exact)), 1)
    if begins is None or following is None:
        return ticks
    gap = following.start - note.end
    joined = gap < max(_JOIN * seconds_a_unit, _JOIN_S)
    return min(begins - start, begins - start if joined else ticks)


def _velocity(below: float) -> int:
    """MIDI velocity of a note so many dB below the loudest (0 or less)."""
    share = 1 + max(below, -_QUIET_DB) / _QUIET_DB
    return round(_SOFTEST + (_LOUDEST - _SOFTEST) * share)
