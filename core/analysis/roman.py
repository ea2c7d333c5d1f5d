"""Roman numerals and functions: what a chord does in its key.

Degrees are counted on the scale of the mode, so the sixth degree of C minor is `VI` on A flat. Functions follow
Riemann as harmony is taught today: tonic (I, vi, iii), subdominant (ii, IV, ♭II, ♭VII), dominant (V, vii°).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.score import CHORD_QUALITIES, MODES, ChordSymbol, Key, Score

TONIC, SUBDOMINANT, DOMINANT, OTHER = "T", "S", "D", "-"

_DEGREES = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR = {0: TONIC, 2: SUBDOMINANT, 4: TONIC, 5: SUBDOMINANT, 7: DOMINANT, 9: TONIC, 11: DOMINANT,
          1: SUBDOMINANT, 10: SUBDOMINANT, 8: SUBDOMINANT, 3: TONIC}
_MINOR = {0: TONIC, 2: SUBDOMINANT, 3: TONIC, 5: SUBDOMINANT, 7: DOMINANT, 8: TONIC, 10: DOMINANT, 11: DOMINANT,
          1: SUBDOMINANT}
_SUFFIX = {"maj": "", "min": "", "7": "7", "min7": "7", "maj7": "maj7", "dim": "°", "dim7": "°7", "min7b5": "ø7", "aug": "+",
           "sus4": "sus4", "sus2": "sus2", "6": "add6", "min6": "add6", "9": "9"}
_TRIAD, _SEVENTH = ("", "6", "64"), ("7", "65", "43", "42")
_LEADS = ("dim", "dim7", "min7b5")


@dataclass(frozen=True, slots=True)
class RomanChord:
    """A chord from tick `start` to `end`, read in `key`: `numeral` such as `V65/ii`, `function` T, S, D or - (none).

    `applied_to` is the degree that an applied chord leads to, "" for chords of the key.
    """

    start: int
    end: int
    chord: ChordSymbol
    key: Key
    numeral: str
    function: str
    applied_to: str = ""


def roman_chords(score: Score, chords: Sequence[ChordSymbol], keys: Sequence[Key]) -> tuple[RomanChord, ...]:
    """Every sounding chord with its numeral; `keys` are in order of tick and the first counts from the beginning.

    A major chord or a dominant seventh outside the key, and a diminished one, is an applied chord where the next chord
    is the one that it leads to and that is a degree of the key.
    """
    found: list[RomanChord] = []
    stops = [*(chord.tick for chord in chords[1:]), max(score.length, chords[-1].tick + 1)] if chords else []
    place = 0
    for index, (chord, stop) in enumerate(zip(chords, stops, strict=True)):
        if chord.root is None or stop <= chord.tick or not keys:
            continue
        while place + 1 < len(keys) and keys[place + 1].tick <= chord.tick:
            place += 1
        key = keys[place]
        following = next((other for other in chords[index + 1 :] if other.root != chord.root or other.root is None), None)
        goal = _goal(chord, following, key)
        if goal is None:
            numeral, function = _numeral(chord, key), function_of(chord, key)
        else:
            own = Key(0, goal.root or 0, "major")
            numeral, function = f"{_numeral(chord, own)}/{_plain(goal, key)}", DOMINANT
        found.append(RomanChord(chord.tick, stop, chord, key, numeral, function, "" if goal is None else _plain(goal, key)))
    return tuple(found)


def function_of(chord: ChordSymbol, key: Key) -> str:
    """T, S or D of a chord in a key, - where it has none."""
    if chord.root is None:
        return OTHER
    step = (chord.root - key.tonic) % 12
    if chord.quality in _LEADS and step in (2, 11):
        return SUBDOMINANT if step == 2 else DOMINANT
    table = _MAJOR if 4 in MODES[key.mode] else _MINOR
    if key.mode in ("mixolydian", "dorian") and step == 10:
        return DOMINANT  # the whole step below leads where there is no leading note
    return table.get(step, OTHER)


def _goal(chord: ChordSymbol, following: ChordSymbol | None, key: Key) -> ChordSymbol | None:
    """The chord that an applied chord leads to; None for a chord of the key, or where it leads elsewhere."""
    if following is None or following.root is None or chord.root is None:
        return None
    steps = CHORD_QUALITIES[chord.quality]
    if chord.quality in _LEADS:
        down = 11
    elif 4 in steps and 8 not in steps and chord.quality not in ("maj7", "6"):
        down = 7
    else:
        return None
    if (chord.root - following.root) % 12 != down or following.root == key.tonic:
        return None
    degrees = {(key.tonic + step) % 12 for step in MODES[key.mode]}
    diatonic = chord.pitch_classes <= {(key.tonic + step) % 12 for step in MODES[key.mode]}
    if diatonic or following.root not in degrees or following.quality in ("dim", "dim7", "min7b5"):
        return None
    return following


def _plain(chord: ChordSymbol, key: Key) -> str:
    """The bare degree of a chord: `ii`, `V`."""
    step = ((chord.root or 0) - key.tonic) % 12
    return _degree(step, key.mode, 3 in CHORD_QUALITIES[chord.quality])


def _numeral(chord: ChordSymbol, key: Key) -> str:
    steps = CHORD_QUALITIES[chord.quality]
    small = 3 in steps and chord.quality not in ("sus4", "sus2")
    step = ((chord.root or 0) - key.tonic) % 12
    # The leading note's chord of minor is written vii, as everybody does, not #vii.
    degree = "vii" if step == 11 and chord.quality in _LEADS else _degree(step, key.mode, small)
    suffix = _SUFFIX[chord.quality]
    if chord.bass in (None, chord.root) or chord.root is None:
        return degree + suffix
    above = ((chord.bass or 0) - chord.root) % 12
    if above not in steps or chord.quality in ("sus4", "sus2", "6", "min6", "9"):
        return degree + suffix
    figures = _SEVENTH if len(steps) == 4 else _TRIAD
    return degree + suffix.removesuffix("7") + figures[steps.index(above)]


def _degree(step: int, mode: str, small: bool) -> str:
    scale = MODES[mode]
    if step in scale:
        text, sign = _DEGREES[scale.index(step)], ""
    elif step + 1 in scale:
        text, sign = _DEGREES[scale.index(step + 1)], "b"
    else:
        text, sign = _DEGREES[scale.index(step - 1)], "#"
    return sign + (text.lower() if small else text)
