"""What musicians ask of the notes: key, metre, chords, form, range, difficulty, each with the reason where it cannot be said."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from core.analysis.ambitus import Ambitus, ranges
from core.analysis.chords import chords_from_notes
from core.analysis.difficulty import Difficulty, difficulty
from core.analysis.form import Form, form
from core.analysis.key_finder import KeyReading, find_key, modal_name
from core.analysis.metre import MetreGuess, guess_metre
from core.analysis.phrases import Phrase, phrases
from core.analysis.roman import RomanChord, roman_chords
from core.errors import FormatError
from core.insight.said import Said
from core.score import MODES, ChordSymbol, Key, Score
from core.score.clock import seconds_long

SURE = 0.9
"""Confidence from which a guessed metre is held against the one in the file."""


@dataclass(frozen=True)
class KeyAnswer:
    """The key as it is named, with its mode; `given` is what the file says, None where it says nothing.

    `keys` are the segments' keys in order, named as the home key is where they are the same.
    """

    key: Key
    reading: KeyReading
    given: Key | None
    keys: tuple[Key, ...]

    @property
    def modulates(self) -> bool:
        return len({(key.tonic, key.mode) for key in self.keys}) > 1


@dataclass(frozen=True)
class MetreAnswer:
    """The metre as the file has it, `changes` of it, and what the notes speak for where the file may say nothing."""

    metre: str
    changes: int
    guess: MetreGuess | None
    doubted: bool
    """The file has 4/4 throughout, as files have that say nothing, and its notes clearly sound like `guess`."""


@dataclass(frozen=True)
class TempoAnswer:
    """Quarter notes a minute at the beginning, lowest and highest, and how many changes."""

    bpm: float
    low: float
    high: float
    changes: int


@dataclass(frozen=True)
class ChordsAnswer:
    """Chords with numerals. `heard`: found in the notes, not given as symbols. `functions` are shares of the time."""

    chords: tuple[RomanChord, ...]
    heard: bool
    functions: dict[str, float]
    applied: int


@dataclass(frozen=True)
class Music:
    """The whole musical analysis of a score."""

    seconds: float
    bars: int
    notes: int
    parts: int
    tempo: TempoAnswer
    metre: MetreAnswer
    key: Said[KeyAnswer]
    chords: Said[ChordsAnswer]
    phrases: Said[tuple[Phrase, ...]]
    form: Said[Form]
    ranges: Said[tuple[tuple[str, Ambitus], ...]]
    difficulty: Said[tuple[Difficulty, ...]]


def read_music(score: Score, step: Callable[[], None] = lambda: None) -> Music:
    """Analyse the notes of a score; nothing that was found is taken from its key signatures but the names of modes.

    Args:
        step: called between the parts of the work; may raise `Cancelled`.
    """
    heard: tuple[ChordSymbol, ...] = ()
    if not score.chords and is_polyphonic(score):
        heard = chords_from_notes(score)
    step()
    key: Said[KeyAnswer] = Said.of(partial(_key, score, heard))
    step()
    chords: Said[ChordsAnswer] = Said.of(partial(_chords, score, heard, key))
    step()
    named = score if key.value is None or score.keys else replace(score, keys=(key.value.key,))
    cut = Said.of(lambda: phrases(score))
    step()
    shape = Said.of(lambda: form(score))
    step()
    return Music(
        seconds=seconds_long(score) if score.note_count else 0.0,
        bars=len(score.bars) - (1 if score.pickup and len(score.bars) > 1 else 0) if score.note_count else 0,
        notes=score.note_count,
        parts=sum(bool(track.notes) for track in score.tracks),
        tempo=_tempo(score),
        metre=_metre(score),
        key=key,
        chords=chords,
        phrases=cut,
        form=shape,
        ranges=Said.of(lambda: _ranges(score)),
        difficulty=Said.of(lambda: difficulty(named)),
    )


def is_polyphonic(score: Score) -> bool:
    """Whether pitched notes sound together often enough to make chords: in a fifth of the onsets."""
    pitched = [track for track in score.tracks if track.notes and not track.is_drum]
    if len(pitched) > 1:
        return True
    if not pitched:
        return False
    notes = pitched[0].notes
    overlaps = sum(b.start < a.end for a, b in itertools.pairwise(notes))
    return overlaps > 0.2 * len(notes)


def _key(score: Score, heard: tuple[ChordSymbol, ...]) -> KeyAnswer:
    reading = find_key(score, heard)
    given = score.key
    same = given is not None and given.tonic == reading.key.tonic and (4 in MODES[given.mode]) == (reading.key.mode == "major")
    name = given if given is not None and same else modal_name(score, reading.key)
    keys = tuple(
        Key(key.tick, name.tonic, name.mode) if (key.tonic, key.mode) == (reading.key.tonic, reading.key.mode) else key
        for key in reading.keys
    )
    return KeyAnswer(Key(0, name.tonic, name.mode), reading, given, keys)


def _chords(score: Score, heard: tuple[ChordSymbol, ...], key: Said[KeyAnswer]) -> ChordsAnswer:
    chords = score.chords or heard
    if not any(chord.root is not None for chord in chords):
        raise FormatError("Chords need chord symbols or notes that sound together", "this piece is a single line",
                          "Add chord symbols, or harmonise it in Compose")
    if key.value is None:
        raise FormatError("Chords are read in a key", "the key of this piece cannot be told")
    found = roman_chords(score, chords, key.value.keys)
    time: Counter[str] = Counter()
    for chord in found:
        time[chord.function] += chord.end - chord.start
    total = max(sum(time.values()), 1)
    functions = {name: time[name] / total for name in ("T", "S", "D", "-")}
    return ChordsAnswer(found, not score.chords, functions, sum(bool(chord.applied_to) for chord in found))


def _tempo(score: Score) -> TempoAnswer:
    speeds = [tempo.bpm for tempo in score.tempos]
    return TempoAnswer(speeds[0], min(speeds), max(speeds), len(speeds) - 1)


def _metre(score: Score) -> MetreAnswer:
    plain = len(score.metres) == 1 and str(score.metres[0]) == "4/4"
    guess = guess_metre(score) if plain and any(t.notes and not t.is_drum for t in score.tracks) else None
    doubted = guess is not None and str(guess.metre) != "4/4" and guess.confidence >= SURE
    return MetreAnswer(str(score.metres[0]), len(score.metres) - 1, guess, doubted)


def _ranges(score: Score) -> tuple[tuple[str, Ambitus], ...]:
    found = ranges(score)
    if not found:
        raise FormatError("A range needs pitched notes", "this piece has none")
    return found
