"""Chords for a piece that names none: read from what sounds beside the melody, else written under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.analysis.chords import chords_from_notes
from core.analysis.sections import Section, full_bars
from core.engines.protocol import Request
from core.errors import GenerationError, RequestError
from core.score import ChordSymbol, Metre, Note, Score, Track

Harmonise = Callable[[Score], tuple[ChordSymbol, ...]]
"""The chords of a melody of up to `MOST_BARS` bars, one metre and one key, that begins at a bar line."""

MOST_BARS = 48
"""Of a stretch that is harmonised at once."""

_SOUNDING = 0.5
"""Share of the melody's onsets at which other pitches must sound for a piece to be read as having its own harmony."""

BAND_LEADSHEETS = {
    "folk": ("country-dance", "irish-air", "irish-jig", "polka"),
    "rock": ("pop", "country-dance"),
    "jazz": ("early-jazz",),
    "ballad": ("pop", "hymn"),
    "orchestra": ("art-song", "hymn"),
    "latin": ("pop", "early-jazz"),
}
"""Styles of lead sheets whose chords go with a band, the best first; any other that has the metre comes after them."""


def sounding_chords(score: Score, melody: Sequence[Note]) -> tuple[ChordSymbol, ...]:
    """The chords that the pitched tracks play together; () where there is hardly more than the melody."""
    pitched = tuple(track for track in score.tracks if not track.is_drum and track.notes)
    everything = sorted(note for track in pitched for note in track.notes)
    with_others, at = 0, 0
    open_notes: list[Note] = []
    for note in melody:
        while at < len(everything) and everything[at].start <= note.start:
            open_notes.append(everything[at])
            at += 1
        open_notes = [held for held in open_notes if held.end > note.start]
        with_others += len({held.pitch % 12 for held in open_notes}) >= 3
    if with_others < _SOUNDING * len(melody):
        return ()
    return chords_from_notes(replace(score, tracks=pitched))


def written_chords(score: Score, sections: Sequence[Section], harmonise: Harmonise) -> tuple[ChordSymbol, ...]:
    """Chords for every bar of a melody; sections that come back with as many bars have the same ones.

    Args:
        score: the melody in its only track, one metre.
        sections: of the piece, over all its bars.
        harmonise: see `Harmonise`.
    """
    bars = full_bars(score)
    models: dict[tuple[str, int], Section] = {}
    chords: dict[int, ChordSymbol] = {}
    for first, last in _stretches(sections):
        start, end = bars[first][0], bars[last - 1][1]
        for chord in harmonise(_part(score, start, end)):
            if chord.root is not None and chord.tick + start < end:  # a band goes on where a lead sheet is silent
                chords[chord.tick + start] = replace(chord, tick=chord.tick + start)
    for section in sections:
        model = models.setdefault((section.letter, section.bars), section)
        if model is not section:
            start, end, there = bars[model.first][0], bars[model.last - 1][1], bars[section.first][0]
            in_force = [chords[tick] for tick in sorted(chords) if tick <= start][-1:]
            taken = {tick - start: chord for tick, chord in chords.items() if start < tick < end}
            if in_force:
                taken[0] = in_force[0]
            chords |= {there + tick: replace(chord, tick=there + tick) for tick, chord in taken.items()}
    return changes([chords[tick] for tick in sorted(chords)])


def _stretches(sections: Sequence[Section]) -> list[tuple[int, int]]:
    """Runs of sections that are heard for the first time, as (first bar, behind the last), each at most `MOST_BARS`."""
    seen: set[tuple[str, int]] = set()
    runs: list[tuple[int, int]] = []
    for section in sections:
        known = (section.letter, section.bars) in seen
        seen.add((section.letter, section.bars))
        if known:
            continue
        if runs and runs[-1][1] == section.first and section.last - runs[-1][0] <= MOST_BARS:
            runs[-1] = (runs[-1][0], section.last)
        else:
            for first in range(section.first, section.last, MOST_BARS):
                runs.append((first, min(first + MOST_BARS, section.last)))
    return runs


def _part(score: Score, start: int, end: int) -> Score:
    """The melody between two ticks, from tick 0; nothing but notes, metre, key and tempo."""
    melody = score.melody
    notes = tuple(replace(note, start=note.start - start, duration=min(note.duration, end - note.start))
                  for note in melody.notes if start <= note.start < end)
    key = next((key for key in reversed(score.keys) if key.tick <= start), score.keys[0])
    metre = score.metres[0]
    return Score((Track(notes, program=melody.program),), tempos=score.tempos[:1],
                 metres=(Metre(0, metre.numerator, metre.denominator),), keys=(replace(key, tick=0),))


def changes(chords: Sequence[ChordSymbol]) -> tuple[ChordSymbol, ...]:
    """Chords in order without those that repeat the one before; no silence ahead of the first."""
    found: list[ChordSymbol] = []
    for chord in chords:
        if found and (chord.root, chord.quality, chord.bass) == (found[-1].root, found[-1].quality, found[-1].bass):
            continue
        if found or chord.root is not None:
            found.append(chord)
    return tuple(found)


def leadsheet_styles(band: str, metre: str, free_only: bool = False) -> list[str]:
    """Styles of lead sheets that have a metre, those that go with a band first."""
    from core.engines.registry import shared  # torch is loaded for it

    styles = [style.id for style in shared("lstm").styles(free_only) if metre in style.metres and style.id != "chorale"]
    wished = [style for style in BAND_LEADSHEETS.get(band, ()) if style in styles]
    return [*wished, *(style for style in styles if style not in wished)]


def leadsheet_style(band: str, metre: str) -> str:
    """The style in which to go on from what a band played: its best that has the metre."""
    return next(iter(leadsheet_styles(band, metre)), BAND_LEADSHEETS[band][0])


def lstm_harmonise(band: str, free_only: bool = False, random_seed: int = 0) -> Harmonise:
    """Chords by the lead-sheet LSTM, in a style that goes with a band (`BAND_LEADSHEETS`).

    The function raises `WeightsMissingError` when the network is not at hand, and `RequestError` when no style of it
    has the metre. A stretch of silence has no chord.
    """
    def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
        if not any(track.notes for track in part.tracks):
            return ()
        from core.engines.registry import shared  # torch is loaded for it

        metre = str(part.metres[0])
        error: Exception | None = None
        for style in leadsheet_styles(band, metre, free_only):
            asked = Request(style, takes=1, how="harmonise", seed=part, random_seed=random_seed, free_only=free_only)
            try:
                return shared("lstm").compose(asked)[0].score.chords
            except GenerationError as refused:
                error = refused
        raise RequestError("A band plays over chords", f"none could be written under this melody in {metre}",
                           "Write chords above the bars") from error

    return harmonise
