"""Timing and velocity as drummers have them, for the drums of a band and, with less spread, for everybody else."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist, median

import numpy as np

from core.engines.feel.tables import Feel, drawn, drum_class, load, place_of
from core.score import TICKS_PER_QUARTER, Note, Score, Track

PITCHED_TIMING = 0.5
"""Share of a drummer's deviation from where he usually is that other players have."""
PITCHED_VELOCITY = 0.35
_LEADER = {"bass": "kick", "chords": "hat", "pad": "ride", "melody": "snare"}
"""Whose timing and accents a pitched part goes with."""
_NORMAL = NormalDist()


def humanise(score: Score, band: str, seed: int, feel: Feel | None = None) -> Score:
    """The score as people would play it; equal arguments give equal scores.

    Tracks are taken by their names (`core.corpora.band_styles.PARTS`), others as chords. Drums get timing and velocity drawn
    from the tables for the band, the drum and the place in the bar; what was written softer or louder than is usual for its
    drum stays so. Other parts stray half as far from where a drum usually is, all notes of a chord together, with accents a
    third as strong.

    Never changed: pitches, the number of notes, which of two onsets of a part comes first, the bar a note begins in. No
    note begins before the piece or ends behind its last bar, and notes that did not overlap do not.

    Args:
        score: music on a grid.
        band: id in `core.corpora.band_styles`; an unknown one is played as the average of all.
        seed: which of many takes.
        feel: tables to play from; None for those that Songloom ships.

    Raises:
        WeightsMissingError: `feel` is None and the tables are not there.
    """
    tables = feel or load()
    tracks = tuple(_played(track, score, band, tables, np.random.default_rng([seed, index]))
                   for index, track in enumerate(score.tracks))
    return replace(score, tracks=tracks)


def _played(track: Track, score: Score, band: str, feel: Feel, rng: np.random.Generator) -> Track:
    if not track.notes:
        return track
    bars = _Bars(score)
    drummer = _Drummer(feel, rng)
    usual = _usual(track)
    onsets = sorted({note.start for note in track.notes})
    place = {tick: index for index, tick in enumerate(onsets)}
    per_ms = {tick: _ticks_a_millisecond(score, tick) for tick in onsets}
    moved: dict[int, int] = {}
    velocities: list[int] = []
    shifts: list[int] = []
    for note in track.notes:
        low, high = bars.of(note.start)
        where = place_of(note.start - bars.line(note.start))
        if track.is_drum:
            name, drum = band, drum_class(note.pitch)
            timing, velocity = drummer.hit(note.start, drum)
            cell = feel.cell(name, drum, where)
            late = drawn(cell.timing, timing)
            loud = drawn(cell.velocity, velocity) + note.velocity - usual[drum]
        else:
            cell = feel.cell(band, _LEADER.get(track.name, "hat"), where)
            whole = feel.cell(band, _LEADER.get(track.name, "hat"), -1)
            timing, velocity = drummer.hit(note.start, "")
            pocket = float(np.median(whole.timing))
            late = pocket + PITCHED_TIMING * (drawn(cell.timing, timing) - pocket)
            accent = drawn(cell.velocity, velocity) - float(np.mean(whole.velocity))
            loud = note.velocity + PITCHED_VELOCITY * accent
        tick = note.start + round(late * per_ms[note.start])
        if not track.is_drum:
            tick = moved.setdefault(note.start, tick)
        here = place[note.start]
        # Half the way to the neighbours is as far as an onset may go, so none passes another.
        if here:
            low = max(low, note.start - (note.start - onsets[here - 1] - 1) // 2)
        if here + 1 < len(onsets):
            high = min(high, note.start + (onsets[here + 1] - note.start - 1) // 2)
        shifts.append(min(max(tick, low), high) - note.start)
        velocities.append(min(max(round(loud), 1), 127))
    if track.is_drum:
        notes = [
            replace(note, start=note.start + shift, velocity=velocity,
                    duration=max(1, bars.keep(note.end, note.end + shift) - note.start - shift))
            for note, shift, velocity in zip(track.notes, shifts, velocities, strict=True)
        ]
        return replace(track, notes=_apart(notes))
    by_onset = {note.start: shift for note, shift in zip(track.notes, shifts, strict=True)}
    new = [replace(note, start=note.start + by_onset[note.start], velocity=velocity, duration=1)
           for note, velocity in zip(track.notes, velocities, strict=True)]
    return replace(track, notes=tuple(
        replace(after, duration=max(1, bars.keep(note.end, _bent(note.end, onsets, by_onset)) - after.start))
        for note, after in zip(track.notes, new, strict=True)
    ))


class _Drummer:
    """Quantiles for the hits of one part, correlated as in the data: one player in one take, hits at one time together."""

    def __init__(self, feel: Feel, rng: np.random.Generator) -> None:
        self._feel, self._rng = feel, rng
        self._take = rng.standard_normal(2)
        self._now = -1
        self._moment = np.zeros(2)

    def hit(self, tick: int, drum: str) -> tuple[float, float]:
        """Quantiles, 0 to 1, of timing and velocity."""
        if tick != self._now:
            self._now, self._moment = tick, self._rng.standard_normal(2)
        own = self._rng.standard_normal(2)
        values = []
        for index in range(2):
            kept, shared = self._feel.kept[index], self._feel.shared[index]
            together = max(shared - kept, 0.0)
            value = (math.sqrt(kept) * self._take[index] + math.sqrt(together) * self._moment[index]
                     + math.sqrt(max(1 - kept - together, 0.0)) * own[index])
            values.append(_NORMAL.cdf(float(value)))
        return values[0], values[1]


class _Bars:
    def __init__(self, score: Score) -> None:
        self._bars = score.bars
        self._starts = [start for start, _, _ in score.bars]
        self.end = score.length

    def of(self, tick: int) -> tuple[int, int]:
        """First and last tick of the bar that a tick lies in."""
        start, end, _ = self._bars[bisect_right(self._starts, tick) - 1]
        return start, end - 1

    def keep(self, end: int, moved: int) -> int:
        """A note's end after it was moved, not out of the bar that it lies in, so that no bar comes or goes."""
        low, high = self.of(end - 1)
        return min(max(moved, low + 1), high + 1)

    def line(self, tick: int) -> int:
        """Where the bar would begin; for a pick-up that is before the piece."""
        start, end, metre = self._bars[bisect_right(self._starts, tick) - 1]
        return end - metre.bar_ticks if start == 0 and end - start < metre.bar_ticks else start


def _usual(track: Track) -> Mapping[str, float]:
    """The velocity that each drum is written with, its median."""
    if not track.is_drum:
        return {}
    by_drum: dict[str, list[int]] = {}
    for note in track.notes:
        by_drum.setdefault(drum_class(note.pitch), []).append(note.velocity)
    return {drum: median(values) for drum, values in by_drum.items()}


def _ticks_a_millisecond(score: Score, tick: int) -> float:
    tempo = score.tempos[max(bisect_right([tempo.tick for tempo in score.tempos], tick) - 1, 0)]
    return tempo.bpm * TICKS_PER_QUARTER / 60_000


def _apart(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Hits of one drum let go before it is hit again."""
    last: dict[int, int] = {}
    found = sorted(notes)
    for index, note in enumerate(found):
        before = last.get(note.pitch)
        if before is not None and found[before].end > note.start > found[before].start:
            found[before] = replace(found[before], duration=note.start - found[before].start)
        last[note.pitch] = index
    return tuple(found)


def _bent(tick: int, onsets: Sequence[int], shifts: Mapping[int, int]) -> int:
    """A tick moved as the onsets around it are: straight lines between those, so that order stays."""
    index = bisect_right(onsets, tick) - 1
    left = onsets[max(index, 0)]
    if left == tick or index < 0 or index + 1 == len(onsets):
        return tick + shifts[left]
    right = onsets[index + 1]
    share = (tick - left) / (right - left)
    return tick + round(shifts[left] + share * (shifts[right] - shifts[left]))
