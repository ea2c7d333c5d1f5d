"""Settles the key of a printed tune.

Transcribers often give the signature alone: a tune in A dorian stands under `K:G`, and the Essen
collection writes minor songs as major with accidentals. The key is the one whose scale holds the
melody, whose tonic and fifth sound long, and on whose tonic the tune ends.
"""

from __future__ import annotations

from functools import cache

from core.score import MODES, Key, Track

_MODES = ("major", "minor", "dorian", "mixolydian")
_IN_SCALE, _FINAL, _FINAL_TRIAD, _TONIC, _FIFTH, _THIRD = 4.0, 0.6, 0.2, 1.0, 0.5, 0.25
_SAME_TONIC, _SAME_MODE, _USUAL_MODE = 0.35, 0.15, 0.05


@cache
def _weights(mode: str) -> tuple[float, ...]:
    """How much a second of each degree speaks for the mode, leading notes of minor counted half."""
    weights = [1.0 if step in MODES[mode] else 0.0 for step in range(12)]
    if mode == "minor":
        weights[11] = weights[9] = 0.5
    third = 4 if 4 in MODES[mode] else 3
    extra = {0: _TONIC, 7: _FIFTH, third: _THIRD}
    return tuple(_IN_SCALE * weight + extra.get(step, 0.0) for step, weight in enumerate(weights))


def settle_key(melody: Track, declared: Key | None) -> Key:
    """The most likely key of a melody, the declared one where nothing speaks against it.

    The melody has notes. Modes are major, minor, dorian or mixolydian; another declared mode is
    kept when its tonic is the most likely one.
    """
    shares = [0.0] * 12
    for note in melody.notes:
        shares[note.pitch % 12] += note.duration
    total = sum(shares)
    final = melody.notes[-1].pitch % 12
    best, best_value = None, float("-inf")
    for tonic in range(12):
        turned = [share / total for share in shares[tonic:] + shares[:tonic]]
        end = (final - tonic) % 12
        for mode in _MODES:
            value = sum(share * weight for share, weight in zip(turned, _weights(mode), strict=True))
            value += _FINAL if end == 0 else _FINAL_TRIAD if end in (3 if 3 in MODES[mode] else 4, 7) else 0.0
            value += _USUAL_MODE if mode in ("major", "minor") else 0.0
            if declared is not None:
                value += _SAME_TONIC * (tonic == declared.tonic) + _SAME_MODE * (mode == declared.mode)
            if value > best_value:
                best, best_value = Key(0, tonic, mode), value
    assert best is not None
    if declared is not None and declared.mode not in _MODES and declared.tonic == best.tonic:
        return Key(0, declared.tonic, declared.mode)
    return best
