"""Real pieces made worse on purpose: what a figure of quality has to find out.

Each kind harms one thing and leaves the rest: shuffled bars keep every bar, wrong rhythm keeps the order of the pitches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from core.score import ChordSymbol, Note, Score, Track

Rng = np.random.Generator


def shuffle_bars(score: Score, rng: Rng) -> Score:
    """The full bars, with the chords over them, in another order; a pick-up stays in front."""
    first = int(bool(score.pickup) and len(score.bars) > 1)
    bars = [bar for bar in score.bars[first:] if bar[2].bar_ticks == score.bars[first][2].bar_ticks]
    order = rng.permutation(len(bars))
    while len(bars) > 2 and (order == np.arange(len(bars))).all():
        order = rng.permutation(len(bars))
    moved = {bars[old][0]: bars[new][0] for new, old in enumerate(order)}
    notes, chords = [], []
    for note in score.melody.notes:
        start, end = next(bar[:2] for bar in score.bars if bar[0] <= note.start < bar[1])
        shift = moved.get(start, start) - start
        notes.append(replace(note, start=note.start + shift, duration=min(note.duration, end - note.start)))
    for start, end, _ in score.bars:
        over = [chord for chord in score.chords if chord.tick <= start][-1:] + [
            chord for chord in score.chords if start < chord.tick < end]
        shift = moved.get(start, start) - start
        chords += [replace(chord, tick=max(chord.tick, start) + shift) for chord in over]
    return _with(score, notes, tuple(sorted(chords)))


def random_pitches(score: Score, rng: Rng) -> Score:
    """A third of the notes, at least two, on any pitch of the melody's range."""
    notes = list(score.melody.notes)
    low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
    for at in rng.choice(len(notes), max(len(notes) // 3, min(2, len(notes))), replace=False):
        notes[at] = replace(notes[at], pitch=int(rng.integers(low, max(high, low + 5) + 1)))
    return _with(score, notes, score.chords)


def wrong_key(score: Score, rng: Rng) -> Score:
    """A third to two thirds of the piece, in one stretch, moved by one to six semitones; of a piece with chords, as often the
    chords instead of the melody, all of them."""
    shift = int(rng.choice([-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6]))
    if score.chords and rng.random() < 0.5:
        chords = [chord if chord.root is None else replace(chord, root=(chord.root + shift) % 12, bass=None)
                  for chord in score.chords]
        return _with(score, list(score.melody.notes), tuple(chords))
    notes = score.melody.notes
    share = rng.uniform(1 / 3, 2 / 3)
    begin = int(rng.uniform(0, 1 - share) * len(notes))
    end = begin + max(int(share * len(notes)), 1)
    moved = [replace(note, pitch=min(max(note.pitch + shift, 0), 127)) if begin <= at < end else note
             for at, note in enumerate(notes)]
    return _with(score, moved, score.chords)


def wrong_rhythm(score: Score, rng: Rng) -> Score:
    """The times from onset to onset, and the lengths with them, in any order; the pitches stay in theirs."""
    notes = score.melody.notes
    starts = np.array([note.start for note in notes] + [notes[-1].end])
    gaps = np.diff(starts)
    order = rng.permutation(len(notes))
    at = starts[0] + np.concatenate([[0], np.cumsum(gaps[order])[:-1]])
    moved = [replace(note, start=int(start), duration=notes[old].duration)
             for note, start, old in zip(notes, at, order, strict=True)]
    return _with(score, moved, score.chords)


KINDS: Mapping[str, Callable[[Score, Rng], Score]] = {
    "shuffled bars": shuffle_bars,
    "random pitches": random_pitches,
    "wrong key": wrong_key,
    "wrong rhythm": wrong_rhythm,
}
"""Name of a kind of damage to what does it."""


def plain(score: Score) -> Score:
    """The melody and chords of a piece alone: what damage is done to, and what it is compared with."""
    return _with(score, list(score.melody.notes), score.chords)


def _with(score: Score, notes: list[Note], chords: tuple[ChordSymbol, ...]) -> Score:
    return replace(score, tracks=(Track(tuple(notes), program=score.melody.program),), chords=chords, texts=())
