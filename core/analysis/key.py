"""The key of a piece that does not name one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from core.errors import FormatError
from core.score import Key, Note, Score

PROFILES = {
    "major": (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
    "minor": (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
}
"""How often each degree sounds in a bar of major and minor: Temperley's Kostka-Payne profiles
(*Music and Probability*, 2007)."""

_LAST_NOTE = 0.35
"""What it is worth, in log odds a degree, that melodies end on the tonic."""


def estimate_key(score: Score) -> Key:
    """The likeliest major or minor key, by what sounds how long and by the last note.

    Raises:
        FormatError: no pitched notes.
    """
    tracks = [track for track in score.tracks if not track.is_drum and track.notes]
    if not tracks:
        raise FormatError("A key needs pitched notes", "this piece has none")
    weights = duration_weights(note for track in tracks for note in track.notes)
    last = tracks[0].notes[-1].pitch % 12
    best, key = -np.inf, Key(0, 0)
    for mode, profile in PROFILES.items():
        expected = np.array(profile) - np.mean(profile)
        for tonic in range(12):
            fit = float(np.corrcoef(np.roll(expected, tonic), weights)[0, 1]) if weights.std() else 0.0
            fit += _LAST_NOTE * (last == tonic) + 0.1 * ((last - tonic) % 12 in (7, 4 if mode == "major" else 3))
            if fit > best:
                best, key = fit, Key(0, tonic, mode)
    return key


def duration_weights(notes: Iterable[Note]) -> np.ndarray:
    """Share of sounding time of each pitch class, (12,)."""
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += note.duration
    return weights / max(weights.sum(), 1)
