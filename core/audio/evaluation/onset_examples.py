"""What the onset network learns from: melodies for training, played by many instruments and sung, with noise.

Every example differs in what a recording differs in: soundfont, instrument, octave, tempo, tuning, touch (legato with
overlaps, as written, staccato), loudness of the notes, repeated notes, and noise 8 to 50 dB below the sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from tqdm import tqdm

from core.audio import synth
from core.audio.evaluation.hummed import hum
from core.audio.evaluation.melodies import MIDDLE, SOUNDS, SUNG_NOTE_S, UNHEARD, slower
from core.audio.evaluation.sung import sing
from core.audio.onset_features import features
from core.audio.pitch import FRAME_S
from core.audio.pitch import Track as Tracked
from core.audio.pitch import track as follow
from core.audio.recording import RATE
from core.audio.soundfonts import available
from core.score import Note, Score, Tempo, Track
from core.score.clock import Clock

LEARNED = tuple(program for program in (*range(47), *range(48, 55), *range(56, 88), *range(104, 112))
                if program not in UNHEARD.values())
"""Programs with notes that begin when they are played, except those of `UNHEARD`: no drums, pads or effects."""
BASSES = range(32, 40)

_OFTEN = 0.3
"""Share of the examples in the sounds that are measured later."""
_SUNG, _SUNG_S = 0.15, 10.0
"""Share of the examples that are sung, and how long in seconds: singing takes a quarter of its length to compute."""
_NOISE_DB = (8.0, 50.0)
_FONTS = (0.6, 0.2, 0.2)
"""How often the first, second and third soundfont of this machine play."""
_LEAD_S = 0.25
"""Silence before the first note."""
_FILE = 50
"""Examples in a file of the cache."""


Make = Callable[[Score, np.random.Generator], tuple[NDArray[np.float32], NDArray[np.float64]]]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Features (T, `core.audio.onset_features.SIZE`), and for each moment (T, 2) how much a note begins there and whether
    one sounds, 0 to 1."""

    seen: NDArray[np.float16]
    truth: NDArray[np.float16]


def labelled(heard: Tracked, spans: NDArray[np.float64]) -> Labelled:
    """What is heard of notes (notes, 2) in seconds."""
    seen = features(heard)
    time = np.arange(len(seen)) * FRAME_S
    begins = np.zeros(len(seen))
    sounds = np.zeros(len(seen))
    for start, end in spans:
        begins = np.maximum(begins, np.clip(1.25 - np.abs(time - start) / (2 * FRAME_S), 0, 1))
        sounds[(time >= start) & (time < end)] = 1
    return Labelled(seen.astype(np.float16), np.stack([begins, sounds], axis=1).astype(np.float16))


def played(score: Score, draw: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A melody as mono samples (N,) at `core.audio.recording.RATE` with its notes (notes, 2) in seconds: an instrument
    or a voice, and a way to play that are drawn by lot."""
    sung = draw.random() < _SUNG
    speed = draw.uniform(0.8, 1.25)
    score = replace(score, tempos=tuple(Tempo(tempo.tick, tempo.bpm * speed) for tempo in score.tempos or (Tempo(0, 120.0),)))
    if sung:
        score = slower(score, SUNG_NOTE_S)
    notes, spans = _timed(score, draw)
    pitches = np.array([note.pitch for note in notes])
    if sung:
        count = _sung(spans)
        spans, pitches = spans[:count], pitches[:count]
        shift = 12 * round((MIDDLE["sung"] - float(np.median(pitches))) / 12) + int(draw.integers(-8, 13))
        voice = sing(spans, pitches + shift, draw)
        return _recorded(voice, draw), spans + _LEAD_S
    often = draw.random() < _OFTEN
    program = int(draw.choice(list(SOUNDS.values()) if often else LEARNED))
    middle = 48 if program in BASSES else 69
    shift = 12 * round((middle - float(np.median(pitches))) / 12) + int(draw.integers(-9, 10))
    sound = rendered(score, _touched(notes, shift, draw), program, draw)
    stretch = 2 ** (draw.uniform(-0.5, 0.5) / 12)
    voice = soxr.resample(sound, synth.RATE, RATE * stretch).astype(np.float32)
    return _recorded(voice, draw), spans * stretch + _LEAD_S


def hummed(score: Score, draw: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A melody as `played` gives it, hummed or whistled."""
    score = slower(score, draw.uniform(0.15, 2 * SUNG_NOTE_S))
    notes, spans = _timed(score, draw)
    count = _sung(spans)
    spans, pitches = spans[:count], np.array([note.pitch for note in notes[:count]])
    shift = 12 * round((MIDDLE["sung"] - float(np.median(pitches))) / 12) + int(draw.integers(-10, 20))
    return _recorded(hum(spans, pitches + shift, draw), draw), spans + _LEAD_S


def rendered(score: Score, notes: Sequence[Note], program: int, draw: np.random.Generator) -> NDArray[np.float32]:
    """Mono samples (N,) at `core.audio.synth.RATE`; which soundfont is drawn by lot."""
    fonts = available()
    share = np.array(_FONTS[: len(fonts)])
    font = fonts[int(draw.choice(len(share), p=share / share.sum()))]
    track = Track(tuple(notes), program=program)
    return np.asarray(synth.render(replace(score, tracks=(track,)), font).mean(axis=1))


def _timed(score: Score, draw: np.random.Generator) -> tuple[list[Note], NDArray[np.float64]]:
    """The notes of the melody, some `_again`, and when they sound, (notes, 2) in seconds."""
    clock = Clock.of(score)
    notes = _again(list(score.melody.notes), draw)
    return notes, np.array([[clock.seconds(note.start), clock.seconds(note.end)] for note in notes])


def _sung(spans: NDArray[np.float64]) -> int:
    """How many notes are sung."""
    return max(2, int(np.searchsorted(spans[:, 1], _SUNG_S)))


def _again(notes: list[Note], draw: np.random.Generator) -> list[Note]:
    """The notes, in half of the melodies some of them made the same as the one before."""
    if draw.random() < 0.5:
        return notes
    for index in range(1, len(notes)):
        if draw.random() < 0.25:
            notes[index] = replace(notes[index], pitch=notes[index - 1].pitch)
    return notes


def _touched(notes: Sequence[Note], shift: int, draw: np.random.Generator) -> list[Note]:
    """As they are played: loud and soft, long and short."""
    touch = draw.choice(["written", "legato", "detached", "staccato"], p=[0.45, 0.15, 0.25, 0.15])
    mean, spread = draw.uniform(50, 110), draw.uniform(0, 18)
    found = []
    for note, following in zip(notes, [*notes[1:], None], strict=True):
        length = note.duration
        if touch == "legato" and following is not None and following.pitch != note.pitch and following.start - note.end < 30:
            length += int(draw.integers(5, 60))
        elif touch == "detached":
            length = round(length * draw.uniform(0.8, 1.0))
        elif touch == "staccato":
            length = round(length * draw.uniform(0.4, 0.7))
        velocity = int(np.clip(draw.normal(mean, spread), 25, 127))
        found.append(Note(note.start, min(max(note.pitch + shift, 24), 108), max(length, 30), velocity))
    return found


def _recorded(voice: NDArray[np.float32], draw: np.random.Generator) -> NDArray[np.float32]:
    """With silence before it, and white or pink noise all the time."""
    samples = np.concatenate([np.zeros(int(_LEAD_S * RATE), np.float32), voice])
    noise = draw.normal(0, 1, len(samples))
    if draw.random() < 0.3:
        spectrum = np.fft.rfft(noise)
        noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20)), len(noise))
        noise /= noise.std()
    power = float(np.mean(np.square(samples)))
    return np.asarray(samples + noise * np.sqrt(power * 10 ** (-draw.uniform(*_NOISE_DB) / 10)), np.float32)


def prepared(melodies: Sequence[tuple[str, Score]], name: str, seed: int, cache: Path, make: Make = played) -> list[Labelled]:
    """An example of every melody as `make` makes it, kept in `cache` in files of `_FILE`; a run that was stopped goes on
    where it was.

    Raises:
        SoundMissingError: there is no synthesizer or soundfont.
    """
    cache.mkdir(parents=True, exist_ok=True)
    found: list[Labelled] = []
    with tqdm(total=len(melodies), desc=f"listening to {name}", mininterval=5) as bar:
        for first in range(0, len(melodies), _FILE):
            part = melodies[first : first + _FILE]
            path = cache / f"{name}-{seed}-{first}-{len(part)}.npz"
            if not path.exists():
                _write(path, [_one(make, score, np.random.default_rng([seed, first + at])) for at, (_, score) in enumerate(part)])
            found += _read(path)
            bar.update(len(part))
    return found


def _one(make: Make, score: Score, draw: np.random.Generator) -> Labelled:
    samples, spans = make(score, draw)
    return labelled(follow(samples), spans)


def _write(path: Path, examples: Sequence[Labelled]) -> None:
    part = path.with_suffix(".part.npz")
    np.savez(part, lengths=[len(one.seen) for one in examples], seen=np.concatenate([one.seen for one in examples]),
             truth=np.concatenate([one.truth for one in examples]))
    part.replace(path)


def _read(path: Path) -> list[Labelled]:
    with np.load(path) as kept:
        ends = np.cumsum(kept["lengths"])[:-1]
        return [Labelled(*one) for one in zip(np.split(kept["seen"], ends), np.split(kept["truth"], ends), strict=True)]
