"""The piano: two hands, their speed, leaps and span.

A hand spans an octave with ease, a ninth or tenth with a stretch (Parncutt et al., *Music Perception* 1997, take a
tenth as the usual limit); what lies further apart has to be broken.
"""

from __future__ import annotations

import itertools

import numpy as np

from core.analysis.difficulty.types import Bars, Difficulty, busy, graded, leap, obstacles, overall, together
from core.score import Note, Score

LOW, HIGH = 21, 108
SPAN, FINGERS, FASTEST = 16, 5, 16.0
"""Semitones that a hand can hold, its fingers, onsets a second that a hand can play."""
_PARTS = 3

_SPEED = (1.5, 2.5, 3.5, 4.5, 6.0, 8.0, 10.0)
_SPAN = (4, 7, 9, 11, 12, 13, 14)
_LEAP = (4, 7, 9, 12, 14, 17, 21)
_VOICES = (1.1, 1.5, 2.0, 2.5, 3.0, 3.6, 4.2)
_SHARPS = (0, 1, 2, 3, 4, 5, 5.5)


def piano(score: Score) -> Difficulty:
    """All pitched parts on one piano where there are up to three, else the melody alone.

    Raises:
        FormatError: no pitched notes.
    """
    tracks = [track for track in score.tracks if track.notes and not track.is_drum]
    alone = len(tracks) > _PARTS
    if not tracks or alone:
        tracks = [score.melody]
    right, left = hands([list(track.notes) for track in tracks])
    bars = Bars(score)
    load = np.zeros(len(score.bars))
    wrong: dict[int, tuple[str, int]] = {}
    spans, steps, speeds, voices = [0], [0], [0.0], []
    for hand in (right, left):
        groups = together(hand)
        speed = bars.speed(tick for tick, _ in groups)
        load += speed
        speeds.append(busy(speed))
        before: tuple[int, ...] = ()
        for tick, pitches in groups:
            span = pitches[-1] - pitches[0]
            at = bars.index(tick)
            spans.append(span)
            voices.append(len(pitches))
            if before:
                step = abs(sum(pitches) / len(pitches) - sum(before) / len(before))
                steps.append(round(step))
                load[at] += max(0.0, step - 7) / 12
            before = pitches
            load[at] += max(0, span - 9) / 8
            if span > SPAN:
                wrong[bars.number(tick)] = ("span", span)
            elif len(pitches) > FINGERS:
                wrong[bars.number(tick)] = ("notes", len(pitches))
        for fast in np.flatnonzero(speed > FASTEST):
            wrong.setdefault(int(fast) + bars.first, ("speed", round(speed[fast])))
    for track in tracks:
        for sound in track.notes:
            if not LOW <= sound.pitch <= HIGH:
                wrong[bars.number(sound.start)] = ("low" if sound.pitch < LOW else "high", 0)
    measures = (
        graded("speed", max(speeds), "notes a second in a hand", _SPEED),
        graded("hand span", float(np.percentile(spans, 98)), "semitones", _SPAN),
        graded("leaps", leap(steps), "semitones", _LEAP),
        graded("notes at once", float(np.mean(voices)) * (2 if left and right else 1), "in both hands", _VOICES),
        graded("sharps or flats", abs(score.key.fifths) if score.key else 0, "in the signature", _SHARPS),
    )
    return Difficulty("piano", not wrong, overall(measures), measures, bars.hardest(load), obstacles(wrong), alone)


def hands(parts: list[list[Note]]) -> tuple[list[Note], list[Note]]:
    """(right, left): two parts as they are where each fits a hand, else all notes together, parted where what begins
    together has its widest gap."""
    if len(parts) == 2 and all(span <= SPAN for part in parts for span in _spans(part)):
        right, left = sorted(parts, key=lambda notes: -sum(note.pitch for note in notes) / len(notes))
        return right, left
    everything = [note for part in parts for note in part]
    right, left = [], []
    groups: dict[int, list[Note]] = {}
    for note in everything:
        groups.setdefault(note.start, []).append(note)
    wide = max(note.pitch for note in everything) - min(note.pitch for note in everything) > 24
    for start in sorted(groups):
        chord = sorted(groups[start], key=lambda note: note.pitch)
        if chord[-1].pitch - chord[0].pitch > 12:
            gaps = [b.pitch - a.pitch for a, b in itertools.pairwise(chord)]
            cut = gaps.index(max(gaps)) + 1
            left += chord[:cut]
            right += chord[cut:]
        elif wide and chord[-1].pitch < 60:
            left += chord
        else:
            right += chord
    return right, left


def _spans(notes: list[Note]) -> list[int]:
    return [pitches[-1] - pitches[0] for _, pitches in together(notes)]
