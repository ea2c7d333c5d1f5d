"""Held-out melodies as sound: played by the synthesizer or sung by `core.audio.evaluation.sung`, with noise."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.audio import synth
from core.audio.evaluation.sung import sing
from core.audio.recording import RATE, resampled
from core.corpora.folder import DataFolder
from core.corpora.split import load_pieces
from core.errors import DataMissingError
from core.score import Metre, Note, Score, Tempo, Track
from core.score.clock import Clock

SOUNDS: dict[str, int] = {"piano": 0, "flute": 73, "violin": 40, "oohs": 53}
"""The sound's name and its General MIDI program."""
UNHEARD: dict[str, int] = {"accordion": 21, "guitar": 24, "cello": 42, "trumpet": 56, "oboe": 68, "pan flute": 75}
"""Sounds that the onset network never learns from."""
SUNG = "sung"

SECONDS = 15.0
NOISE_DB = 20.0
SHORTEST_S = 0.1
"""Melodies with shorter notes (graces, fast runs) are left out."""
FEWEST = 16
LEAVE_OUT = ("groove", "emopia", "freedoom", "openmsx")
"""Sources without melodies of one voice."""
MIDDLE = {"piano": 67, "flute": 76, "violin": 71, "oohs": 65, SUNG: 62,
          "accordion": 69, "guitar": 60, "cello": 52, "trumpet": 69, "oboe": 72, "pan flute": 74}
"""The middle of each sound's range: melodies are moved by octaves to lie about it."""
SUNG_NOTE_S = 0.3
"""Melodies are sung so slowly that half of the notes last at least this long."""


@dataclass(frozen=True, eq=False)
class Example:
    """A melody as mono samples (N,) at `core.audio.recording.RATE`, with its true notes:
    starts and ends in seconds (notes, 2) and MIDI pitches (notes,)."""

    ident: str
    sound: str
    samples: NDArray[np.float32]
    spans: NDArray[np.float64]
    pitches: NDArray[np.int64]
    score: Score


def melodies(folder: DataFolder, split: str, count: int, seed: int = 0, *,
             free_only: bool = False) -> tuple[tuple[str, Score], ...]:
    """The beginnings of `count` melodies of a split, drawn by lot, as many of every style as there are; with `free_only`
    of free collections alone.

    Raises:
        DataMissingError: no collection with melodies is at hand.
    """
    by_style: dict[str, list[tuple[str, Score]]] = {}
    for one in load_pieces(folder, free_only=free_only):
        if one.split == split and one.piece.source not in LEAVE_OUT:
            by_style.setdefault(one.piece.style, []).append((one.piece.id, one.piece.score))
    draw = random.Random(seed)
    for pieces in by_style.values():
        draw.shuffle(pieces)
    found: list[tuple[str, Score]] = []
    styles = sorted(by_style)
    while len(found) < count and any(by_style.values()):
        for style in styles:
            while by_style[style]:
                ident, score = by_style[style].pop()
                start = beginning(score)
                if start is not None:
                    found.append((ident, start))
                    break
    if not found:
        raise DataMissingError("To measure transcription melodies are needed", f"none of the split {split} is at hand",
                               "Set SONGLOOM_DATA, or install music21")
    return tuple(found[:count])


def beginning(score: Score) -> Score | None:
    """The first `SECONDS` of a melody as one voice without words; None where it is no fit example."""
    tracks = [track for track in score.tracks if track.notes and not track.is_drum]
    if not tracks:
        return None
    clock = Clock.of(score)
    notes = [note for note in tracks[0].notes if clock.seconds(note.end) <= SECONDS]
    alone = all(a.end <= b.start for a, b in pairwise(notes))
    if len(notes) < FEWEST or not alone or min(clock.seconds(n.end) - clock.seconds(n.start) for n in notes) < SHORTEST_S:
        return None
    tempos = tuple(tempo for tempo in score.tempos if tempo.tick < notes[-1].end)
    metres = tuple(metre for metre in score.metres if metre.tick < notes[-1].end) or (Metre(0, 4, 4),)
    return Score((Track(tuple(notes)),), tempos, metres, score.keys[:1], pickup=score.pickup)


def examples(chosen: Sequence[tuple[str, Score]], sound: str, seed: int = 0) -> Iterator[Example]:
    """Each melody as a sound of `SOUNDS` or `UNHEARD` plays it, or as it is `SUNG`, with white noise at `NOISE_DB`.

    Raises:
        SoundMissingError: there is no synthesizer or soundfont.
    """
    for number, (ident, score) in enumerate(chosen):
        draw = np.random.default_rng([seed, number])
        yield example(ident, score, sound, draw)


def example(ident: str, score: Score, sound: str, draw: np.random.Generator) -> Example:
    """One melody as sound; `draw` decides the noise and how it is sung."""
    if sound == SUNG:
        score = slower(score, SUNG_NOTE_S)
    pitches = np.array([note.pitch for note in score.melody.notes])
    shift = 12 * round((MIDDLE[sound] - float(np.median(pitches))) / 12)
    clock = Clock.of(score)
    lead_in = 0.25  # what is recorded does not begin with its first note
    spans = np.array([[clock.seconds(note.start), clock.seconds(note.end)] for note in score.melody.notes])
    if sound == SUNG:
        voice = sing(spans, pitches + shift, draw)
    else:
        moved = tuple(Note(note.start, note.pitch + shift, note.duration, note.velocity) for note in score.melody.notes)
        track = Track(moved, program=(SOUNDS | UNHEARD)[sound])
        voice = resampled(synth.render(replace(score, tracks=(track,))).mean(axis=1), synth.RATE)
    samples = np.concatenate([np.zeros(int(lead_in * RATE), np.float32), voice])
    return Example(ident, sound, with_noise(samples, NOISE_DB, draw), spans + lead_in, pitches + shift, score)


def slower(score: Score, seconds: float) -> Score:
    """The melody slowed down so that the median note lasts at least `seconds`."""
    clock = Clock.of(score)
    median = float(np.median([clock.seconds(note.end) - clock.seconds(note.start) for note in score.melody.notes]))
    if median >= seconds:
        return score
    return replace(score, tempos=tuple(Tempo(tempo.tick, tempo.bpm * median / seconds) for tempo in score.tempos))


def with_noise(samples: NDArray[np.float32], decibels: float, draw: np.random.Generator) -> NDArray[np.float32]:
    """Samples (N,) with white noise `decibels` below their mean power."""
    power = float(np.mean(np.square(samples)))
    noise = draw.normal(0, np.sqrt(power * 10 ** (-decibels / 10)), len(samples))
    return (samples + noise).astype(np.float32)
