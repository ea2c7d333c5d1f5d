"""From a pitch track to notes: the likeliest path through silence, attacks and held notes.

A hidden Markov model over note states in the manner of Tony (Mauch et al., *Computer-aided melody note
transcription using the Tony software*, TENOR 2015): every semitone has an attack, in which the pitch may
glide, and a held state about the note's pitch, wide enough for a vibrato; between notes there may be
silence. Unlike there a rise of the spectrum (`core.audio.hearing`) makes a new note cheaper where it
happens, so that a note that is struck again is heard. The path is found by Viterbi's algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from core.audio.hearing import FRAME_S, RATE_HEARD, Heard
from core.audio.recording import Samples

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What the path weighs, in natural logarithms of odds unless said otherwise; chosen on validation melodies.

    `held` and `gliding` are spreads in semitones about the pitch of a held note and of an attack; `attack` how many
    frames an attack lasts; `begin`, `change` and `again` what it costs to begin after silence, to go to another pitch
    and to sound the same one again; `flux` and `rise` what a rise of the spectrum of 1 and one of the level by
    `_RISE_DB` take off; `stop` what it costs to fall silent; `leap` a semitone of an interval; `quiet` how little
    an unvoiced frame speaks against a note, `stray` how often the pitch is anywhere.
    """

    held: float = 0.45
    gliding: float = 1.2
    attack: int = 6
    begin: float = 2.0
    change: float = 14.0
    again: float = 9.0
    flux: float = 7.0
    rise: float = 10.0
    stop: float = 6.0
    leap: float = 0.1
    quiet: float = 0.35
    stray: float = 0.02


WEIGHTS = Weights()

SHORTEST_S = 0.06
"""Notes are heard at least this far apart."""
_LOOK, _LOOK_HOP = 1024, 64
_BEFORE_S, _AFTER_S = 0.12, 0.2
_EARLIER_S, _GLIDE_S = 0.12, 0.035
"""A start is moved by at most the first, where the pitch glides to it by the second: what sounds at a note's harmonics
rises before the pitch is there."""
_BETWEEN, _GLIDING = 0.3, 3
"""A pitch this far in semitones from both notes is between them, and so many such moments in a row are a glide."""
_HARMONICS, _HIGHEST_HZ, _WIDTH = 8, 7_000.0, 0.4
_RISEN = 0.1
_JOINED_S, _ATTACK_S, _OVERTONE_S = 0.03, 0.09, 0.25
_FAR_LEAP, _OVERTONES = 10, (12, 19, 24, 28)
"""How long in seconds a scoop or transient and an overtone at the beginning of a note may last, and their leaps."""
_ABOUT, _BELOW_DB = 60, 24.0
_LATER, _EARLIER, _RISE_DB = 3, 10, 12.0


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note in seconds, its MIDI pitch, and how loud it is: dB below the loudest."""

    start: float
    end: float
    pitch: int
    level: float


def _emissions(heard: Heard, pitches: NDArray[np.int64], tuning: float, w: Weights) -> tuple[Floats, Floats, Floats]:
    """Log densities of each frame for held notes (T, P), attacks (T, P) and silence (T,)."""
    voiced = np.clip(heard.voiced * _loud(heard.level), 0.02, 0.98)[:, None]
    off = heard.pitch[:, None] - tuning - pitches
    held = np.exp(-0.5 * (off / w.held) ** 2) / (w.held * 2.507)
    glide = np.exp(-0.5 * (off / w.gliding) ** 2) / (w.gliding * 2.507)
    spread = 1 / 48
    held_log = np.log(voiced * ((1 - w.stray) * held + w.stray * spread) + (1 - voiced) * w.quiet * spread)
    glide_log = np.log(voiced * ((1 - w.stray) * glide + w.stray * spread) + (1 - voiced) * spread)
    silent = np.log(voiced[:, 0] * 0.1 * spread + (1 - voiced[:, 0]) * spread * 2)
    return held_log, glide_log, silent


def _loud(level: Floats) -> Floats:
    """Whether each frame is loud enough beside those about it to be part of a note, 0 to 1."""
    about = maximum_filter1d(level, 2 * _ABOUT + 1)
    return np.asarray(1 / (1 + np.exp((about - _BELOW_DB - level) / 2)))


def _rise(level: Floats) -> Floats:
    """How much louder it is a little later than a little earlier, in `_RISE_DB`, 0 to 1."""
    later = np.append(level[_LATER:], np.full(_LATER, level[-1]))
    least = minimum_filter1d(level, _EARLIER, origin=(_EARLIER - 1) // 2)
    return np.asarray(np.clip((later - np.maximum(least, level.max() - 60)) / _RISE_DB, 0, 1))


def note_path(heard: Heard, tuning: float, w: Weights) -> list[tuple[int, int, int]]:
    """The notes as (first frame, frame after the last, MIDI pitch)."""
    sounding = heard.pitch[heard.voiced > 0.3]
    if not len(sounding):
        return []
    low, high = np.rint(np.percentile(sounding, [0.5, 99.5]) - tuning).astype(int)
    pitches = np.arange(low - 1, high + 2)
    held_log, glide_log, silent = _emissions(heard, pitches, tuning, w)
    onset = w.flux * heard.flux + w.rise * _rise(heard.level)
    return [(start, end, int(pitches[p])) for start, end, p in _viterbi(held_log, glide_log, silent, onset, w)]


def _viterbi(held: Floats, glide: Floats, silent: Floats, onset: Floats, w: Weights) -> list[tuple[int, int, int]]:
    frames, count = held.shape
    leaps = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) * w.leap + w.change  # to, from
    np.fill_diagonal(leaps, w.again)
    source = np.full((frames, count), -1, np.int16)  # where an attack beginning at this frame came from
    begun = np.zeros((frames, count), np.bool_)  # the held state was entered from its attack
    fell = np.full(frames, -1, np.int16)  # silence: from which pitch, -1 from silence
    note = np.full(count, -np.inf)
    rest = 0.0
    attacks = np.full((w.attack, count), -np.inf)
    for t in range(frames):
        ended = attacks[-1] + 0.0
        come = note - leaps
        best = come.argmax(axis=1)
        entry = come[np.arange(count), best]
        from_rest = rest - w.begin
        rested = from_rest >= entry
        source[t] = np.where(rested, -1, best)
        entry = np.where(rested, from_rest, entry) + onset[t]
        attacks[1:] = attacks[:-1] + glide[t]
        attacks[0] = entry + glide[t]
        loudest = int(note.argmax())
        falling = note[loudest] - w.stop
        if falling > rest:
            fell[t], rest = loudest, falling + silent[t]
        else:
            rest = rest + silent[t]
        begun[t] = ended > note
        note = np.maximum(ended, note) + held[t]
    return _back(source, begun, fell, note, rest, w)


def _back(source: NDArray[np.int16], begun: NDArray[np.bool_], fell: NDArray[np.int16], note: Floats, rest: float,
          w: Weights) -> list[tuple[int, int, int]]:
    t = len(fell) - 1
    at = -1 if rest >= note.max() else int(note.argmax())
    found: list[tuple[int, int, int]] = []
    end = t + 1
    while t >= 0:
        if at < 0:
            at, end, t = int(fell[t]), t, t - 1
        elif begun[t, at]:
            start = t - w.attack
            found.append((start, end, at))
            at, end, t = int(source[start, at]), start, start - 1
        else:
            t -= 1
    return found[::-1]


def heard_notes(heard: Heard, w: Weights = WEIGHTS) -> tuple[HeardNote, ...]:
    """The notes of one voice, in order of time, none beginning before another has ended."""
    tuning = tuning_of(heard)
    path = note_path(heard, tuning, w)
    found: list[HeardNote] = []
    for start, end, pitch in path:
        earliest = found[-1].start + SHORTEST_S if found else 0.0
        most = _GLIDE_S if found and _glides(heard, start, found[-1].pitch + tuning, pitch + tuning) else _EARLIER_S
        begins = max(_begins(heard.sound, start * FRAME_S, end * FRAME_S, pitch, earliest, most), earliest)
        if found and (found[-1].end > begins or found[-1].end == start * FRAME_S):
            found[-1] = replace(found[-1], end=begins)
        level = float(np.max(heard.level[start:end]))
        found.append(HeardNote(begins, max(end * FRAME_S, begins + SHORTEST_S), pitch, level))
    return tuple(_without_attacks(found))


def _without_attacks(notes: list[HeardNote]) -> list[HeardNote]:
    """Notes without those that are only how the next one begins: a scoop of up to two semitones, or a transient in
    which a far pitch, often an overtone's, is heard. The next one begins where they did."""
    kept: list[HeardNote] = []
    for note in notes:
        while kept and note.start - kept[-1].end < _JOINED_S:
            leap, lasted = abs(note.pitch - kept[-1].pitch), note.start - kept[-1].start
            scoop, far, overtone = 0 < leap <= 2, leap >= _FAR_LEAP, leap in _OVERTONES
            if not (((scoop or far) and lasted <= _ATTACK_S) or (overtone and lasted <= _OVERTONE_S)):
                break
            note = replace(note, start=kept.pop().start)
        kept.append(note)
    return kept


def _glides(heard: Heard, frame: int, before: float, after: float) -> bool:
    """Whether the pitch goes through what lies between two notes about the frame at which the second is heard."""
    about = slice(max(frame - 10, 0), frame + 6)
    pitch = heard.pitch[about]
    between = (pitch > min(before, after) + _BETWEEN) & (pitch < max(before, after) - _BETWEEN) & (heard.voiced[about] > 0.5)
    return int(between.sum()) >= _GLIDING


def _begins(sound: Samples, start: float, end: float, pitch: int, earliest: float, most: float) -> float:
    """When a note that the path hears at `start` really begins: where what sounds at its harmonics
    has risen by `_RISEN` of the way from its least just before to its most just after, at most `most` seconds earlier."""
    first = int((start - _BEFORE_S) * RATE_HEARD) - _LOOK // 2
    last = int((start + _AFTER_S) * RATE_HEARD) + _LOOK // 2
    piece = np.pad(sound[max(first, 0) : last], (max(-first, 0), max(0, last - len(sound))))
    frames = np.lib.stride_tricks.sliding_window_view(piece, _LOOK)[::_LOOK_HOP] * np.hanning(_LOOK)
    spectrum = np.abs(np.fft.rfft(frames, 2 * _LOOK))
    times = start - _BEFORE_S + np.arange(len(frames)) * _LOOK_HOP / RATE_HEARD
    strength = np.zeros(len(frames))
    for harmonic in range(1, _HARMONICS + 1):
        hertz = harmonic * 440 * 2 ** ((pitch - 69) / 12)
        if hertz > _HIGHEST_HZ:
            break
        low, high = (int(hertz * 2 ** (off / 12) / RATE_HEARD * 2 * _LOOK) for off in (-_WIDTH, _WIDTH))
        strength += spectrum[:, low : high + 2].max(axis=1)
    before = np.flatnonzero((times <= start + 0.03) & (times >= earliest))
    after = (times >= start) & (times <= min(start + 0.15, max(end, start + 0.05)))
    if not len(before) or not after.any():
        return start
    least = int(before[np.argmin(strength[before])])
    wanted = strength[least] + _RISEN * (strength[after].max() - strength[least])
    above = np.flatnonzero(strength[least:] >= wanted)
    return max(float(times[least + above[0]]), start - most, 0.0) if len(above) else start


def tuning_of(heard: Heard) -> float:
    """How far from 440 Hz the whole is tuned, -0.5 to 0.5 semitones: the circular mean of what sounds."""
    sure = heard.voiced > 0.8
    if not sure.any():
        return 0.0
    return float(np.angle(np.mean(np.exp(2j * np.pi * heard.pitch[sure]))) / (2 * np.pi))
