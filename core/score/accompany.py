"""Chord symbols made audible: a plain accompaniment under a lead sheet."""

from __future__ import annotations

from dataclasses import replace

from core.score.types import CHORD_QUALITIES, ChordSymbol, Note, Score, Track

NAME = "Chords"
_CENTRE = 57
"""Voicings lie about the A below middle C, under the melody."""
_BASS_LOW = 40


def with_chords(score: Score, program: int = 0, volume: int = 72) -> Score:
    """The score with a track that plays its chord symbols: bass on the bar and at changes, chord on every beat after.

    A score without chord symbols, or with such a track already (also a band's `chords`), comes back as it is.
    """
    if not score.chords or any(track.name.casefold() == NAME.casefold() for track in score.tracks):
        return score
    notes: list[Note] = []
    voicing: tuple[int, ...] = ()
    for start, end, metre in score.bars:
        for left, right, chord in _spans(score, start, end):
            if chord.root is None:
                continue
            voicing = _nearest_voicing(chord, voicing)
            tick = left
            while tick < right:
                stop = min(tick + metre.beat_ticks - (tick - start) % metre.beat_ticks, right)
                if tick == left:
                    notes.append(Note(tick, _bass(chord), right - left if right - left <= metre.beat_ticks else stop - tick, 64))
                if tick > left or right - left <= metre.beat_ticks:
                    notes += [Note(tick, pitch, stop - tick, 50) for pitch in voicing]
                tick = stop
    return replace(score, tracks=(*score.tracks, Track(tuple(notes), NAME, program, volume=volume)))


def led_by(score: Score, program: int | None, name: str = "Voice") -> Score:
    """The score with its melody played by an instrument of General MIDI, 0 to 127; None leaves it as it is. A melody without a
    name gets one, so that whoever opens the file sees which track sings."""
    melody = score.melody
    led = replace(melody, program=melody.program if program is None else program, name=melody.name or name)
    return replace(score, tracks=tuple(led if track is melody else track for track in score.tracks))


def without_chords(score: Score) -> Score:
    """The score without the track that `with_chords` adds."""
    return replace(score, tracks=tuple(track for track in score.tracks if track.name != NAME))


def _spans(score: Score, start: int, end: int) -> list[tuple[int, int, ChordSymbol]]:
    """(start, end, chord) of each stretch of one chord between two ticks."""
    before = [chord for chord in score.chords if chord.tick <= start]
    inside = [chord for chord in score.chords if start < chord.tick < end]
    marks = [replace(before[-1], tick=start), *inside] if before else inside
    ends = [*(chord.tick for chord in marks[1:]), end]
    return [(chord.tick, stop, chord) for chord, stop in zip(marks, ends, strict=False)]


def _bass(chord: ChordSymbol) -> int:
    root = chord.root if chord.bass is None else chord.bass
    return _BASS_LOW + ((root or 0) - _BASS_LOW) % 12


def _nearest_voicing(chord: ChordSymbol, previous: tuple[int, ...]) -> tuple[int, ...]:
    """The inversion in close position that moves least from the one before, or lies nearest the centre."""
    assert chord.root is not None
    steps = CHORD_QUALITIES[chord.quality]
    ways = []
    for turn in range(len(steps)):
        classes = [(chord.root + step) % 12 for step in steps[turn:] + steps[:turn]]
        low = _CENTRE - 6 + (classes[0] - _CENTRE + 6) % 12
        pitches = [low]
        for pitch_class in classes[1:]:
            pitches.append(pitches[-1] + (pitch_class - pitches[-1]) % 12)
        ways.append(tuple(pitches))
    centre = sum(previous) / len(previous) if previous else _CENTRE + 3
    return min(ways, key=lambda way: abs(sum(way) / len(way) - centre))
