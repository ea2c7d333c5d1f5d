"""Note names for MIDI pitches, as the key asks for them."""

from __future__ import annotations

from core.score.types import Key

_LETTERS = "FCGDAEB"
_STEP = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def spell_class(pitch_class: int, key: Key | None) -> tuple[str, int]:
    """(letter, alteration) of a pitch class 0..11.

    On the line of fifths the names that a key uses lie side by side: a major key reaches from its
    minor third down the line to its raised fourth and fifth up the line, a minor key one step further
    to the sharp side for its leading note. No key is C major.
    """
    fifths = key.fifths if key else 0
    minor = key is not None and key.mode in ("minor", "dorian", "phrygian", "locrian")
    low = fifths - (2 if minor else 3)
    place = low + (pitch_class * 7 - low) % 12
    return _LETTERS[(place + 1) % 7], (place + 1) // 7


def spell(pitch: int, key: Key | None) -> tuple[str, int, int]:
    """(letter, alteration, octave) of a MIDI pitch; middle C is octave 4."""
    letter, alter = spell_class(pitch % 12, key)
    return letter, alter, (pitch - alter - _STEP[letter]) // 12 - 1


def signature(fifths: int) -> dict[str, int]:
    """Letter to alteration for a key signature of `fifths` sharps (flats negative)."""
    if fifths >= 0:
        return dict.fromkeys(_LETTERS[:fifths], 1)
    return dict.fromkeys(_LETTERS[fifths:], -1)
