"""Hand-made pieces with known answers."""

from __future__ import annotations

import random
from collections.abc import Sequence

from core.score import CHORD_QUALITIES, TICKS_PER_QUARTER, ChordSymbol, Key, Metre, Note, Score, Track


def melody(
    notes: Sequence[tuple[int, float]],
    metre: tuple[int, int] = (4, 4),
    key: tuple[int, str] | None = (0, "major"),
    chords: Sequence[tuple[float, int | None, str]] = (),
    pickup: float = 0,
) -> Score:
    """A melody of (MIDI pitch or 0 for a rest, quarters); chords are (quarter, root, quality)."""
    tick, made = 0, []
    for pitch, quarters in notes:
        length = round(quarters * TICKS_PER_QUARTER)
        if pitch:
            made.append(Note(tick, pitch, length))
        tick += length
    return Score(
        tracks=(Track(tuple(made)),),
        metres=(Metre(0, *metre),),
        keys=(Key(0, *key),) if key else (),
        chords=tuple(ChordSymbol(round(at * TICKS_PER_QUARTER), root, quality) for at, root, quality in chords),
        pickup=round(pickup * TICKS_PER_QUARTER),
    )


def transposed(score: Score, semitones: int) -> Score:
    """The same piece `semitones` higher, with its key and chords."""
    tracks = tuple(
        Track(tuple(Note(n.start, n.pitch + semitones, n.duration, n.velocity) for n in track.notes)) for track in score.tracks
    )
    keys = tuple(Key(key.tick, (key.tonic + semitones) % 12, key.mode) for key in score.keys)
    chords = tuple(
        ChordSymbol(c.tick, None if c.root is None else (c.root + semitones) % 12, c.quality, None) for c in score.chords
    )
    return Score(tracks, score.tempos, score.metres, keys, chords, score.pickup)


def arpeggios(
    progression: Sequence[tuple[int, str]],
    tonic: int = 0,
    mode: str = "major",
    metre: tuple[int, int] = (3, 4),
    halves: int = 1,
    seed: int = 0,
) -> Score:
    """Chord tones in random order over (root above the tonic, quality), `halves` chords to a bar;
    the last chord is sung on its root."""
    rng = random.Random(seed)
    span = metre[0] * 4 / metre[1] / halves
    notes: list[tuple[int, float]] = []
    chords: list[tuple[float, int | None, str]] = []
    for i, (root, quality) in enumerate(progression):
        root = (root + tonic) % 12
        chords.append((i * span, root, quality))
        tones = [60 + root + step for step in CHORD_QUALITIES[quality]]
        rng.shuffle(tones)
        last = i == len(progression) - 1
        notes += [(60 + root, span)] if last else [(pitch, span / 3) for pitch in tones[:3]]
    return melody(notes, metre, (tonic, mode), chords)
