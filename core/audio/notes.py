"""From what is heard at each moment to notes: the likeliest way to divide the time.

A segmental model (semi-Markov, after Ostendorf et al., *From HMM's to segment models*, 1996): a note may begin wherever the
onset network (`core.audio.onset_net`) sees a peak, however low; it lasts to where the next one begins, or to a rest. It has
one pitch, about which the pitch that is heard may lie as far as a vibrato goes, and at first, while it glides or is not
yet heard, anywhere near. What a beginning is worth are the network's log odds, so that a note that is struck again is one.
The best division is found by dynamic programming.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from core.audio.hearing import Heard
from core.audio.pitch import FRAME_S

Floats = NDArray[np.float64]
Frames = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a division is weighed by; chosen on validation melodies.

    `held` and `gliding` are spreads in semitones about the pitch of a note and about it in its first `attack` moments;
    `frame` is what a moment's log likelihood counts beside the network's log odds, which stop at `surest`; `faintest` are
    the least log odds of a beginning that is considered; `rest` is what it costs to fall silent; `quiet` how little an
    unvoiced moment speaks against a note, `stray` how often the pitch is anywhere.
    """

    held: float = 0.45
    gliding: float = 3.0
    attack: int = 9
    frame: float = 0.03
    surest: float = 6.0
    faintest: float = -4.5
    rest: float = 2.0
    quiet: float = 0.35
    stray: float = 0.02


WEIGHTS = Weights()

SHORTEST_S = 0.06
"""Notes are heard at least this far apart."""
_SHORTEST = int(SHORTEST_S / FRAME_S)
_LONGEST = 1_250
"""Moments (10 seconds) in which the next beginning is looked for, more where there is none."""
_ABOUT, _BELOW_DB = 60, 24.0
_PEAK, _CENTRE = 2, 3
_JOINED_S = 0.012
"""A note that ends this little before the next one lasts to it."""


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note in seconds, its MIDI pitch, and how loud it is: dB below the loudest."""

    start: float
    end: float
    pitch: int
    level: float


def heard_notes(heard: Heard, w: Weights = WEIGHTS) -> tuple[HeardNote, ...]:
    """The notes of one voice, in order of time, none beginning before another has ended."""
    found: list[HeardNote] = []
    for start, end, pitch in divided(heard, tuning_of(heard), w):
        begins = _exactly(heard.begins, start)
        if found and begins - found[-1].start < SHORTEST_S:
            found.pop()  # Two peaks of one beginning; the moments that the division keeps apart are not yet exact.
        if found and found[-1].end > begins - _JOINED_S:
            found[-1] = replace(found[-1], end=begins)
        level = float(np.max(heard.level[start:end]))
        found.append(HeardNote(begins, max(end * FRAME_S, begins + SHORTEST_S), pitch, level))
    return tuple(found)


def divided(heard: Heard, tuning: float, w: Weights) -> list[tuple[int, int, int]]:
    """The notes as (first moment, moment after the last, MIDI pitch)."""
    sounding = heard.pitch[heard.voiced > 0.3]
    starts = _candidates(heard, w)
    if not len(sounding) or not len(starts):
        return []
    low, high = np.rint(np.percentile(sounding, [0.5, 99.5]) - tuning).astype(int)
    pitches = np.arange(low - 1, high + 2)
    held, gliding = (w.frame * rows for rows in _likelihoods(heard, pitches, tuning, w))
    worth = np.clip(heard.near[starts], -w.surest, w.surest)
    return [(start, end, int(pitches[p])) for start, end, p in _best(_summed(held), _summed(gliding), starts, worth, w)]


def _candidates(heard: Heard, w: Weights) -> Frames:
    """Moments at which a note may begin: peaks of what the network says."""
    highest = heard.begins >= maximum_filter1d(heard.begins, 2 * _PEAK + 1)
    rising = np.diff(heard.begins, prepend=-np.inf) > 0
    return np.flatnonzero(highest & rising & (heard.near > w.faintest))


def _likelihoods(heard: Heard, pitches: Frames, tuning: float, w: Weights) -> tuple[Floats, Floats]:
    """Log densities of each moment in a held note and at the beginning of one, (T, P), above those of silence."""
    voiced = np.clip(heard.voiced * _loud(heard.level), 0.02, 0.98)[:, None]
    off = heard.pitch[:, None] - tuning - pitches
    spread = 1 / 48
    silent = np.log(voiced * 0.1 * spread + (1 - voiced) * spread * 2)
    densities = [np.exp(-0.5 * (off / width) ** 2) / (width * 2.507) for width in (w.held, w.gliding)]
    held, gliding = (np.log(voiced * ((1 - w.stray) * density + w.stray * spread) + (1 - voiced) * quiet * spread) - silent
                     for density, quiet in zip(densities, (w.quiet, 1.0), strict=True))
    return held, gliding


def _loud(level: Floats) -> Floats:
    """Whether each moment is loud enough beside those about it to be part of a note, 0 to 1."""
    about = maximum_filter1d(level, 2 * _ABOUT + 1)
    return np.asarray(1 / (1 + np.exp((about - _BELOW_DB - level) / 2)))


def _summed(rows: Floats) -> Floats:
    return np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])


def _so_far(held: Floats, gliding: Floats, start: int, stop: int, attack: int) -> Floats:
    """What a note of each pitch that begins at `start` is worth when it ends after each moment, (stop - start, P); both
    arguments are sums up to each moment."""
    turns = min(start + attack, stop)
    first = gliding[start + 1 : turns + 1] - gliding[start]
    return np.concatenate([first, held[turns + 1 : stop + 1] - held[turns] + first[-1]])


def _best(held: Floats, gliding: Floats, starts: Frames, worth: Floats, w: Weights) -> list[tuple[int, int, int]]:
    """The best division as (first moment, moment after the last, index of the pitch).

    Of every place where a note may begin, and of the end, `value` says what is best before it: in row `_OVER` of notes that
    end before, in row `_WHOLE` of those of which the last one lasts to it; `back` keeps that last note as number,
    pitch and the place by which it ends.
    """
    places = np.append(starts, len(held) - 1)
    value = np.full((2, len(places)), -np.inf)
    back = np.full((2, len(places), 3), -1)
    value[_OVER, 0] = 0.0
    for number, start in enumerate(starts):
        _rest_on(value, back, number)
        seen = max(int(np.searchsorted(places, start + _LONGEST)), number + 2)
        ends = np.arange(number + 1, min(seen, len(places)))
        ends = ends[places[ends] - start >= _SHORTEST]
        if not len(ends):
            continue
        sums = _so_far(held, gliding, int(start), int(places[ends[-1]]), w.attack)
        last = places[ends] - start - 1
        for row, scores in ((_WHOLE, sums[last]), (_OVER, np.maximum.accumulate(sums, axis=0)[last] - w.rest)):
            pitch = scores.argmax(axis=1)
            values = value[:, number].max() + worth[number] + scores.max(axis=1)
            better = values > value[row, ends]
            at = ends[better]
            value[row, at] = values[better]
            back[row, at] = np.stack([np.full(len(at), number), pitch[better], at], axis=1)
    _rest_on(value, back, len(starts))
    return _traced(held, gliding, places, value, back, w)


_OVER, _WHOLE = 0, 1


def _rest_on(value: Floats, back: Frames, place: int) -> None:
    """What ended before the place before this one has ended before this one too."""
    if place and value[_OVER, place - 1] > value[_OVER, place]:
        value[_OVER, place], back[_OVER, place] = value[_OVER, place - 1], back[_OVER, place - 1]


def _traced(held: Floats, gliding: Floats, places: Frames, value: Floats, back: Frames, w: Weights) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    place = len(places) - 1
    while True:
        row = int(value[:, place].argmax())
        number, pitch, by = (int(one) for one in back[row, place])
        if number < 0:
            return found[::-1]
        start, end = int(places[number]), int(places[by])
        if row == _OVER:
            end = start + 1 + int(_so_far(held, gliding, start, end, w.attack)[:, pitch].argmax())
        found.append((start, end, pitch))
        place = number


def _exactly(begins: Floats, moment: int) -> float:
    """Seconds at which the network says that a note begins about a moment: the middle of the peak."""
    about = slice(max(moment - _CENTRE, 0), moment + _CENTRE + 1)
    share = np.square(1 / (1 + np.exp(-begins[about])))
    return float(np.sum(share * np.arange(len(begins))[about]) / share.sum() * FRAME_S)


def tuning_of(heard: Heard) -> float:
    """How far from 440 Hz the whole is tuned, -0.5 to 0.5 semitones: the circular mean of what sounds."""
    sure = heard.voiced > 0.8
    if not sure.any():
        return 0.0
    return float(np.angle(np.mean(np.exp(2j * np.pi * heard.pitch[sure]))) / (2 * np.pi))
