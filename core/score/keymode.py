"""Major or minor, where a file gives the key signature alone.

The profiles are those of Krumhansl, *Cognitive Foundations of Musical Pitch* (1990), table 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.score.types import Note

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def _fit(weights: list[float], tonic: int, profile: tuple[float, ...]) -> float:
    mean_w, mean_p = sum(weights) / 12, sum(profile) / 12
    top = sum((weights[(tonic + step) % 12] - mean_w) * (profile[step] - mean_p) for step in range(12))
    spread = sum((value - mean_p) ** 2 for value in profile) ** 0.5
    return top / spread


def major_or_minor(fifths: int, notes: Iterable[Note]) -> tuple[int, str]:
    """(tonic 0..11, "major" or "minor") of a passage under a signature of `fifths` sharps (flats < 0).

    The last bass note decides where it is one of the two tonics, else the better fit of the pitch
    classes, weighted by duration, to the two key profiles. No notes at all: major.
    """
    major, minor = fifths * 7 % 12, (fifths * 7 + 9) % 12
    weights = [0.0] * 12
    last: Note | None = None
    for note in notes:
        weights[note.pitch % 12] += note.duration
        if last is None or (note.end, -note.pitch) > (last.end, -last.pitch):
            last = note
    if last is None or last.pitch % 12 == major:
        return major, "major"
    if last.pitch % 12 == minor:
        return minor, "minor"
    return (minor, "minor") if _fit(weights, minor, _MINOR) > _fit(weights, major, _MAJOR) else (major, "major")
