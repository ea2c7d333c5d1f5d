"""What a piece is like, in numbers and words: the same for tunes of the catalogue, takes and uploads.

Numbers are the measures of `core.analysis.features` on pitch, rhythm and repetition, then tempo,
speed, register and length, and two axes from 0 to 1. Harmony is left out: takes carry chord symbols
and the old tune books do not, so that it would tell where a piece comes from and not what it is like.

The axes are logistic functions of standardised measures z, fixed and the same for every piece::

    energy  = σ(1.0 z(log notes a second) + 0.5 z(log tempo) + 0.3 z(syncopation) + 0.2 z(mean interval))
    valence = σ(1.0 mode + 3.0 colour − 0.5 + 0.2 z(log notes a second) + 0.2 z(register))

with mode +1 for major and lydian, +.5 for mixolydian, −.3 for dorian, −1 for the darker ones, and
colour the share of time on the major third and sixth less that on the minor ones. What
counts and in which direction is the finding of listening tests: tempo and density first for arousal,
mode first and then tempo and register for valence (Gabrielsson and Lindström 2010; Eerola, Friberg
and Bresin 2013). How far they agree with people is measured in docs/taste-content.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from core.analysis.features import GROUPS, HISTOGRAMS, feature_vector
from core.analysis.key import estimate_key
from core.corpora.keys import settle_key
from core.corpora.styles import BY_ID
from core.score import Key, Score, Track

MEASURED = ("pitch", "rhythm", "repetition")
"""Groups of `core.analysis.features` that describe a piece."""

EXTRA = ("log_tempo", "log_notes_per_second", "register", "log_bars", "energy", "valence")
"""Log2 of quarter notes a minute and of onsets a second, mean pitch by duration (MIDI), log2 of bars, the axes."""

NUMBERS: tuple[str, ...] = (
    *(
        name if name not in HISTOGRAMS else f"{name}.{label}"
        for group in MEASURED
        for name in GROUPS[group]
        for label in (HISTOGRAMS[name][0] if name in HISTOGRAMS else ("",))
    ),
    *EXTRA,
)
"""Names of the numbers, in the order of `Description.numbers`."""

KINDS = ("style", "source", "metre", "mode", "tempo")
"""Kinds of words; a word may be empty where it is not known."""

_SCALE = {
    "log_notes_per_second": (1.4, 0.8),
    "log_tempo": (6.8, 0.4),
    "syncopation": (0.02, 0.08),
    "mean_interval": (2.4, 0.6),
    "register": (70.0, 3.5),
}
"""Middle and spread of what the axes are made from, rounded from the catalogue."""

_ENERGY = {"log_notes_per_second": 1.0, "log_tempo": 0.5, "syncopation": 0.3, "mean_interval": 0.2}
_VALENCE = {"log_notes_per_second": 0.2, "register": 0.2}
_MODE_WEIGHT, _COLOUR_WEIGHT, _OFFSET = 1.0, 3.0, -0.5
_BRIGHT = {"major": 1.0, "lydian": 1.0, "mixolydian": 0.5, "dorian": -0.3, "minor": -1.0, "phrygian": -1.0, "locrian": -1.0}
_FAR = 4.0
"""Spreads at which a measure stops to count more, so that one odd measure does not decide alone."""

SLOW, FAST = 90, 150
"""Quarter notes a minute: `slow` below the first, `fast` from the second on, `moderate` between."""


@dataclass(frozen=True)
class Description:
    """One piece: `numbers` (len(NUMBERS),) finite float32 and `words`, one for each of `KINDS`."""

    numbers: NDArray[np.float32]
    words: tuple[str, ...]

    def number(self, name: str) -> float:
        """The number with a name of `NUMBERS`."""
        return float(self.numbers[NUMBERS.index(name)])

    def word(self, kind: str) -> str:
        """The word of a kind of `KINDS`."""
        return self.words[KINDS.index(kind)]


def describe(score: Score, style: str = "", source: str = "", tempo: float | None = None) -> Description:
    """Describe a piece by its melody. The key is settled by what sounds, starting from what is written.

    Args:
        score: the piece as printed: a repeat played out would count as repetition.
        style: an id of a style, `folk`, or empty where it is not known.
        source: an id of a collection, `take` or `upload`.
        tempo: quarter notes a minute; None takes the score's own.

    Raises:
        FormatError: the score has no melody.
    """
    melody = score.melody
    key = _key(score, melody)
    values = feature_vector(replace(score, keys=(key, *(change for change in score.keys[1:] if change.tick > 0))), MEASURED)
    bpm = tempo if tempo is not None else score.tempos[0].bpm
    quarters = (melody.end - melody.notes[0].start) / 480
    lengths = [note.duration for note in melody.notes]
    values["log_tempo"] = log(bpm, 2)
    values["log_notes_per_second"] = log(len(melody.notes) / (quarters * 60 / bpm), 2)
    values["register"] = float(np.average([note.pitch for note in melody.notes], weights=lengths))
    values["log_bars"] = log(len(score.bars), 2)
    values["energy"] = energy(values)
    values["valence"] = valence(values, key.mode)
    numbers = np.array([values[name] for name in NUMBERS], np.float32)
    return Description(numbers, (style, source, str(score.metres[0]), key.mode, tempo_word(bpm)))


def _key(score: Score, melody: Track) -> Key:
    """The key by the melody, or by all that sounds where nothing is written and more than a melody sounds."""
    alone = melody.is_monophonic and not any(track.notes and not track.is_drum for track in score.tracks if track is not melody)
    return settle_key(melody, score.key) if alone or score.key is not None else estimate_key(score)


def energy(values: dict[str, float]) -> float:
    """Calm 0 to energetic 1, from measures by name; see the formula above."""
    return _logistic(_weighted(values, _ENERGY))


def valence(values: dict[str, float], mode: str) -> float:
    """Sad 0 to happy 1, from measures by name and the mode; see the formula above."""
    colour = values["degree.4"] + values["degree.9"] - values["degree.3"] - values["degree.8"]
    return _logistic(_weighted(values, _VALENCE) + _MODE_WEIGHT * _BRIGHT[mode] + _COLOUR_WEIGHT * colour + _OFFSET)


def tempo_word(bpm: float) -> str:
    """`slow`, `moderate` or `fast`."""
    return "slow" if bpm < SLOW else "fast" if bpm >= FAST else "moderate"


def usual_tempo(style: str) -> float | None:
    """Quarter notes a minute that a style is usually played at, None where the style has none."""
    return float(BY_ID[style].tempo) if style in BY_ID else None


def _weighted(values: dict[str, float], weights: dict[str, float]) -> float:
    total = 0.0
    for name, weight in weights.items():
        middle, spread = _SCALE[name]
        total += weight * min(max((values[name] - middle) / spread, -_FAR), _FAR)
    return total


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
