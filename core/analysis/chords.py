"""Chord symbols from sounding notes: templates on every beat, smoothed by Viterbi's algorithm.

The usual scheme of template chord recognition (Fujishima 1999) on pitch-class durations instead of
audio chroma: each beat is compared with every chord, and a change of chord has a price that is low
on a bar line, higher inside the bar, so chords last a bar, half a bar or a beat as the music asks.
"""

from __future__ import annotations

import numpy as np

from core.score import CHORD_QUALITIES, ChordSymbol, Score

QUALITIES = ("maj", "min", "7", "min7", "maj7", "dim", "dim7", "min7b5", "aug", "sus4")
"""What is looked for. A sixth chord has the tones of a seventh chord on another root and is named as that."""

_PRIOR = {"maj": 0.0, "min": 0.0, "7": -0.18, "min7": -0.3, "maj7": -0.42, "dim": -0.24, "dim7": -0.3,
          "min7b5": -0.42, "aug": -0.6, "sus4": -0.6}
"""Rarer chords have to explain more. This and the prices below were set on the nineteen chorales that
music21's corpus has analyses of: 84% of the roots, 79% of the chords, by eighth notes."""
_OUTSIDE = 1.2
_MISSING = (0.2, 0.18, 0.05, 0.2)
"""Price of a chord whose root, third, fifth or seventh does not sound."""
_HEARD = 0.12
"""Share of the beat from which a tone counts as fully there."""
_ROOT_IN_BASS = 0.08
_FOREIGN_BASS = -0.1
_OFF_BEAT = 0.5
"""Weight of notes that enter inside the beat: most passing notes do."""
_CHANGE_BAR, _CHANGE_HALF, _CHANGE_BEAT = 0.12, 0.2, 0.32

_STATES = [(root, quality) for root in range(12) for quality in QUALITIES]


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(inside, missing, prior): states × 12 membership, states × 12 price of a missing tone, prior per state."""
    inside, missing = np.zeros((len(_STATES), 12)), np.zeros((len(_STATES), 12))
    prior = np.array([_PRIOR[quality] for _, quality in _STATES])
    for row, (root, quality) in enumerate(_STATES):
        for place, step in enumerate(CHORD_QUALITIES[quality]):
            inside[row, (root + step) % 12] = 1.0
            missing[row, (root + step) % 12] = _MISSING[place]
    return inside, missing, prior


_INSIDE, _MISSING_PRICE, _PRIOR_ROW = _tables()
_ROOTS = np.array([root for root, _ in _STATES])


def chords_from_notes(score: Score) -> tuple[ChordSymbol, ...]:
    """The chords that the pitched notes of all tracks make together, one symbol where the chord changes.

    Symbols stand on beats; a silence keeps the chord before it. Inversions are written as a bass.
    A piece without pitched notes has none.
    """
    starts, ends, places = _beats(score)
    weights, bass = _beat_weights(score, starts, ends)
    if not weights.any():
        return ()
    path = _viterbi(_fit(weights, bass, ends - starts), places)
    chords: list[ChordSymbol] = []
    silent = weights.sum(axis=1) == 0
    for beat, state in enumerate(path):
        if silent[beat] and (not chords or (beat and path[beat - 1] == state)):
            continue
        root, quality = _STATES[state]
        if chords and (chords[-1].root, chords[-1].quality) == (root, quality):
            continue
        low = int(bass[beat])
        slash = low if low >= 0 and low != root and _INSIDE[state, low] else None
        chords.append(ChordSymbol(int(starts[beat]), root, quality, slash))
    return tuple(chords)


def _beats(score: Score) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start and end tick of every beat, and the price of changing the chord there."""
    starts, ends, prices = [], [], []
    for start, end, metre in score.bars:
        # A pick-up ends on the bar line, so its beats are counted back from there.
        beat, offset = metre.beat_ticks, (start - end) % metre.beat_ticks if start == 0 and score.pickup else 0
        tick = start
        while tick < end:
            stop = min(end, tick + beat - (offset if tick == start else 0))
            half = metre.bar_ticks % (2 * beat) == 0 and (tick - start) * 2 == metre.bar_ticks
            starts.append(tick)
            ends.append(stop)
            prices.append(_CHANGE_BAR if tick == start else _CHANGE_HALF if half else _CHANGE_BEAT)
            tick = stop
    return np.array(starts), np.array(ends), np.array(prices)


def _beat_weights(score: Score, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(beats × 12 sounding ticks of every pitch class, pitch class of the bass as every beat begins, or -1)."""
    weights = np.zeros((len(starts), 12))
    lowest = np.full(len(starts), 256)
    for track in score.tracks:
        if track.is_drum or not track.notes:
            continue
        first = np.searchsorted(starts, [note.start for note in track.notes], "right") - 1
        for note, beat in zip(track.notes, first.tolist(), strict=True):
            while beat < len(starts) and starts[beat] < note.end:
                sounding = min(note.end, ends[beat]) - max(note.start, starts[beat])
                weights[beat, note.pitch % 12] += sounding * (_OFF_BEAT if note.start > starts[beat] else 1.0)
                # Notes that are there when the beat begins come before those that enter later.
                rank = note.pitch if note.start <= starts[beat] else note.pitch + 128
                lowest[beat] = min(lowest[beat], rank)
                beat += 1
    return weights, np.where(lowest < 256, lowest % 128 % 12, -1)


def _fit(weights: np.ndarray, bass: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """beats × states: how well every chord explains every beat; 0 for silence."""
    total = weights.sum(axis=1, keepdims=True)
    share = weights / np.maximum(total, 1)
    inside = share @ _INSIDE.T
    fit = inside - _OUTSIDE * (1 - inside) - np.maximum(0, 1 - share / _HEARD) @ _MISSING_PRICE.T + _PRIOR_ROW
    fit += _ROOT_IN_BASS * (bass[:, None] == _ROOTS[None, :])
    foreign = _INSIDE[:, np.maximum(bass, 0)].T == 0
    fit += _FOREIGN_BASS * foreign
    return fit * np.minimum(1.0, total / np.maximum(lengths[:, None], 1))


def _viterbi(fit: np.ndarray, prices: np.ndarray) -> list[int]:
    """The state of every beat on the best path; every change of state costs the price of its beat."""
    best = fit[0].copy()
    back = np.zeros(fit.shape, dtype=np.int32)
    stay = np.arange(fit.shape[1])
    for beat in range(1, len(fit)):
        top = int(best.argmax())
        change = best[top] - prices[beat]
        back[beat] = np.where(best >= change, stay, top)
        best = np.maximum(best, change) + fit[beat]
    path = [int(best.argmax())]
    for beat in range(len(fit) - 1, 0, -1):
        path.append(int(back[beat, path[-1]]))
    return path[::-1]
