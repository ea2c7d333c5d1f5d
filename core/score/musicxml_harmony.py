"""MusicXML's `<harmony>`: its kinds against our chord qualities, both ways."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from core.score.types import ChordSymbol

KIND_TO_QUALITY: dict[str, str] = {
    "major": "maj", "minor": "min", "augmented": "aug", "diminished": "dim",
    "dominant": "7", "major-seventh": "maj7", "minor-seventh": "min7", "diminished-seventh": "dim7",
    "augmented-seventh": "aug", "half-diminished": "min7b5", "major-minor": "min",
    "major-sixth": "6", "minor-sixth": "min6",
    "dominant-ninth": "9", "major-ninth": "maj7", "minor-ninth": "min7",
    "dominant-11th": "9", "major-11th": "maj7", "minor-11th": "min7",
    "dominant-13th": "9", "major-13th": "maj7", "minor-13th": "min7",
    "suspended-second": "sus2", "suspended-fourth": "sus4",
    "Neapolitan": "maj", "Italian": "7", "French": "7", "German": "7", "Tristan": "min7b5",
    "power": "maj", "pedal": "maj", "other": "maj",
}
"""Richer chords lose what our qualities cannot say: an eleventh becomes a ninth."""

QUALITY_TO_KIND: dict[str, str] = {
    "maj": "major", "min": "minor", "7": "dominant", "maj7": "major-seventh", "min7": "minor-seventh",
    "dim": "diminished", "dim7": "diminished-seventh", "min7b5": "half-diminished", "aug": "augmented",
    "sus4": "suspended-fourth", "sus2": "suspended-second", "6": "major-sixth", "min6": "minor-sixth",
    "9": "dominant-ninth",
}

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""Pitch class of each note name."""

_ADDED = {("maj", 7, 0): "maj7", ("maj", 7, -1): "7", ("min", 7, 0): "min7", ("min", 7, -1): "min7",
          ("7", 9, 0): "9", ("maj", 6, 0): "6", ("min", 6, 0): "min6", ("dim", 7, 0): "dim7"}
"""What `<degree>` of type add makes of a quality."""


def read_harmony(element: Element, tick: int, chromatic: int, number: Callable[[str | None, int], int]) -> ChordSymbol | None:
    """The chord symbol of one `<harmony>`, None where it has no root (a Roman numeral).

    Args:
        element: the `<harmony>`.
        tick: where it stands.
        chromatic: semitones from written to sounding pitch.
        number: reads an integer text, with a default for a missing one.
    """
    kind = (element.findtext("kind") or "").strip()
    if kind == "none":
        return ChordSymbol(tick, None)
    root = _pitch_class(element, "root", chromatic, number)
    if root is None:
        return None
    quality = KIND_TO_QUALITY.get(kind, "maj")
    for degree in element.iter("degree"):
        if (degree.findtext("degree-type") or "").strip() == "add":
            added = (quality, number(degree.findtext("degree-value"), 0), number(degree.findtext("degree-alter"), 0))
            quality = _ADDED.get(added, quality)
    bass = _pitch_class(element, "bass", chromatic, number)
    return ChordSymbol(tick, root, quality, None if bass == root else bass)


def _pitch_class(element: Element, what: str, chromatic: int, number: Callable[[str | None, int], int]) -> int | None:
    step = STEPS.get((element.findtext(f"{what}/{what}-step") or "").strip().upper())
    if step is None:
        return None
    return (step + number(element.findtext(f"{what}/{what}-alter"), 0) + chromatic) % 12
