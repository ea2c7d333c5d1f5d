"""What the measures of an analysis are called in the listener's language, and their values as people write them."""

from __future__ import annotations

import re
from fractions import Fraction

from ui.analyse.words import number
from ui.plots import pitch_name
from ui.shell import t
from ui.texts import has_text

DEGREES = ("1", "♭2", "2", "♭3", "3", "4", "♯4", "5", "♭6", "6", "♭7", "7")
"""Semitones above the tonic to the degree."""
_GAPS = ("< 0.1", "0.1–0.15", "0.15–0.2", "0.2–0.3", "0.3–0.4", "0.4–0.6", "0.6–1", "> 1")
_MOVES = ("0", "1", "2–3", "4", "5–6", "7–11", "≥ 12")
"""Classes of `core.insight.played`, of seconds and of semitones."""
_FAMILIES: dict[str, str] = {
    "interval.": "interval", "degree.": "melody_degree", "length.": "length", "place.": "place",
    "repeated_after_": "repeated_after", "gap class ": "gap_class", "degree ": "home_degree", "step ": "step",
    "bass degree ": "bass_degree", "top moves ": "top_moves", "bottom moves ": "bottom_moves",
    "interval class ": "interval_class", "root moves ": "root_moves",
    **{f"heard {mode} {what} on {place} ": f"heard_{mode}_{what}_{place}"
       for mode in ("major", "minor") for what, place in (("chord", "degree"), ("key", "degree"), ("chord", "step"))},
    **{f"heard {one} to {two} ": f"heard_{one}_to_{two}" for one in ("major", "minor") for two in ("major", "minor")},
}  # fmt: skip
"""How the name of a measure begins that is one of many, to the key of the text they share."""
_NOT_SHARES = ("interval_class",)
_SHARES = frozenset((
    "struck alone", "struck three or more", "silence", "outside scale", "octaves", "chord changes", "minor chords", "wide leaps",
    "strong_chord_tones", "leap_recovery", "last_on_tonic", "compound", "longest_repeat", "least in scale", "top rises",
    "bottom rises", "repeated_bars", "repeated_shapes", "repeated_rhythms", "repeated_pairs", "rhythm alike after 4",
    *(f"chord {kind}" for kind in ("major", "minor", "diminished", "augmented", "suspended", "dominant", "major seventh",
                                   "minor seventh")),
    "heard major chords", "heard minor chords", "no chord heard", "heard major keys",
))  # fmt: skip
"""Shares of one that do not say so in their names."""
_HEIGHT = re.compile(r"(pitch|top|bottom) (mean|\d+%|lowest|highest)")
_SECONDS = re.compile(r"log (gap|length) (mean|\d+%)")


def name(measure: str) -> str:
    """A measure in the listener's language; one that has no name by its own, which a test does not let happen."""
    key, which = parsed(measure)
    return t(key, which=which) if has_text(key) else measure.replace("_", " ")


def parsed(measure: str) -> tuple[str, str]:
    """The key of a measure's text, and which one of its family it is ("" for one that has none)."""
    for begins, family in _FAMILIES.items():
        if measure.startswith(begins):
            return f"measure.{family}", _which(family, measure.removeprefix(begins))
    return "measure." + re.sub(r"[^a-z0-9]+", "_", measure.replace("%", " percent")).strip("_"), ""


def _which(family: str, label: str) -> str:
    if family.endswith(("degree", "step")):
        return DEGREES[int(label)]
    if "_to_" in family:
        return label.removesuffix(" up")
    if family == "gap_class":
        return _GAPS[int(label)]
    if family in ("top_moves", "bottom_moves"):
        return _MOVES[int(label)]
    if family == "place":
        return str(Fraction(label))
    return "0" if label == "+0" else label.replace("-", "−")


def value(measure: str, found: float) -> str:
    """A measure's value: shares in per cent, heights as notes, times in seconds, the rest as numbers."""
    if _HEIGHT.fullmatch(measure):
        return pitch_name(round(found)) if found > 0 else t("analyse.no_notes")
    if _SECONDS.fullmatch(measure):
        return f"{number(2**found)} s"
    family = parsed(measure)[0].removeprefix("measure.")
    is_share = measure in _SHARES or measure.endswith(("_share", " share"))
    if is_share or (family in _FAMILIES.values() and family not in _NOT_SHARES):
        return f"{100 * found:.0f}%"
    return number(found)
