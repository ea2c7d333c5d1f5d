"""ABC notation, the fields: keys, metres, unit lengths, tempos and chord symbols in words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.errors import FormatError
from core.score.abc_lexer import WHOLE
from core.score.types import MODES, ChordSymbol

_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_PITCH = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MODE_FIFTHS = {"lydian": 1, "major": 0, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4, "locrian": -5}
_MODE_NAMES = {"maj": "major", "ion": "major", "min": "minor", "aeo": "minor"} | {mode[:3]: mode for mode in MODES}
_NOT_A_KEY = ("treble", "bass", "alto", "tenor", "perc", "none", "clef")
_AFTER_KEY = ("exp", "clef", "treble", "bass", "alto", "tenor", "octave", "transpose", "staff")
_KEY = re.compile(r"([A-H])([#b♯♭]?)\s*([A-Za-z]*)")
_GERMAN = {"Es": ("E", "b"), "As": ("A", "b"), "H": ("B", "")}


@dataclass(frozen=True, slots=True)
class KeySignature:
    """What a `K:` field says: the key where it names one, and each letter's accidental."""

    tonic: int | None
    mode: str
    accidentals: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class MetreField:
    """What an `M:` field says; `free` where bars have no fixed length. `full` is in fine units."""

    numerator: int
    denominator: int
    free: bool = False

    @property
    def full(self) -> int:
        return WHOLE * self.numerator // self.denominator

    @property
    def compound(self) -> bool:
        return self.denominator >= 8 and self.numerator % 3 == 0


FREE = MetreField(4, 4, free=True)


@lru_cache(maxsize=512)
def parse_key(text: str) -> KeySignature:
    """Read a `K:` field: `G`, `Edor`, `A Mixolydian`, `F#m`, `HP`, `D =c`, `none`.

    Raises:
        FormatError: the tonic or the mode is not one that music knows.
    """
    words = text.strip()
    if words[:2].lower() == "hp":
        return KeySignature(9, "mixolydian", (("C", 1), ("F", 1), ("G", 0)))
    marks = re.findall(r"([_^=]+)([A-Ga-g])\b", words)
    explicit = {letter.upper(): {"^": 1, "_": -1, "=": 0}[sign[-1]] for sign, letter in marks}
    match = _KEY.match(words[:1].upper() + words[1:])
    if not words or words.lower().startswith(_NOT_A_KEY) or words[0] in "^_=" or re.match(r"\w+=", words):
        return KeySignature(None, "major", tuple(sorted(explicit.items())))
    if match is None:
        raise FormatError("K: names a key such as G, Edor or F#m", f"got K:{text[:40]}", "Correct the K: field")
    letter, sign, rest = match.groups()
    if letter == "H" or (letter + rest) in _GERMAN:
        (letter, sign), rest = _GERMAN[letter + rest if letter != "H" else "H"], "" if letter != "H" else rest
    accidental = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[sign]
    mode = _mode(rest, text)
    fifths = _FIFTHS[letter] + 7 * accidental + _MODE_FIFTHS[mode]
    signature = {} if rest.lower() == "exp" else _signature(fifths)
    return KeySignature((_PITCH[letter] + accidental) % 12, mode, tuple(sorted((signature | explicit).items())))


def _mode(word: str, text: str) -> str:
    if word in ("", "M", "n") or word.lower() in _AFTER_KEY:
        return "major"
    if word == "m":
        return "minor"
    mode = _MODE_NAMES.get(word[:3].lower())
    if mode is None:
        raise FormatError(f"K: takes a mode of {', '.join(MODES)}", f"got K:{text[:40]}", "Correct the K: field")
    return mode


def _signature(fifths: int) -> dict[str, int]:
    order = "FCGDAEB" if fifths > 0 else "BEADGCF"
    signature: dict[str, int] = {}
    for index in range(abs(fifths)):
        letter = order[index % 7]
        signature[letter] = signature.get(letter, 0) + (1 if fifths > 0 else -1)
    return signature


@lru_cache(maxsize=256)
def parse_metre(text: str) -> MetreField:
    """Read an `M:` field: `6/8`, `C`, `C|`, `2+3/8`, `none`.

    Raises:
        FormatError: not a metre, or one with more than 64 beats or an odd denominator.
    """
    words = text.strip()
    if not words or words.lower().startswith(("none", "frei")):
        return FREE
    if words.startswith("C|"):
        return MetreField(2, 2)
    if words.startswith("C"):
        return MetreField(4, 4)
    match = re.match(r"\(?\s*(\d{1,3}(?:\s*\+\s*\d{1,3})*)\s*\)?\s*/\s*(\d{1,4})", words)
    numerator = sum(int(part) for part in match[1].split("+")) if match else 0
    denominator = int(match[2]) if match else 0
    if not 1 <= numerator <= 64 or denominator not in (1, 2, 4, 8, 16, 32, 64):
        raise FormatError("M: is a metre such as 6/8, 4/4, C or C|", f"got M:{words[:40]}", "Correct the M: field")
    return MetreField(numerator, denominator)


def parse_unit(text: str) -> int:
    """Read an `L:` field: the length of a note without a number, in fine units.

    Raises:
        FormatError: not a length between 1/128 and 4.
    """
    match = re.match(r"\s*(\d{1,3})\s*(?:/\s*(\d{1,4}))?", text)
    top, below = (int(match[1]), int(match[2] or 1)) if match else (0, 1)
    if below == 0 or not below <= top * 128 <= 512 * below:
        raise FormatError("L: is a note length such as 1/8", f"got L:{text.strip()[:40]}", "Correct the L: field")
    return WHOLE * top // below


def default_unit(metre: MetreField) -> int:
    """The unit length that holds where no `L:` is given: 1/16 below three quarters a bar, else 1/8."""
    small = not metre.free and 4 * metre.numerator < 3 * metre.denominator
    return WHOLE // (16 if small else 8)


def parse_tempo(text: str, unit: int) -> float | None:
    """Read a `Q:` field as quarter notes a minute; None where it has words only.

    Raises:
        FormatError: slower than 1 or faster than 1000 quarter notes a minute.
    """
    words = re.sub(r'"[^"]*"', "", text).strip()
    if not re.search(r"\d", words):
        return None
    beat, _, count = words.rpartition("=")
    parts = re.findall(r"(\d{1,3})/(\d{1,3})", beat)
    number = re.match(r"\s*(\d{1,5}(?:\.\d{1,3})?)", count)
    length = sum(int(top) / int(below) for top, below in parts if int(below)) or unit / WHOLE
    bpm = float(number[1]) * length * 4 if number else 0.0
    if not 1 <= bpm <= 1000:
        raise FormatError("Q: is a tempo such as 1/4=120", f"got Q:{text.strip()[:40]}", "Give 1 to 1000 quarter notes a minute")
    return bpm


_CHORD = re.compile(r"\(?([A-G])([#b♯♭]?)\s*([^/()]*?)\s*(?:/\s*([A-Ga-g])([#b♯♭+]?))?\)?$")
_QUALITIES = {
    "": "maj", "maj": "maj", "M": "maj", "5": "maj", "add9": "maj", "2": "sus2",
    "m": "min", "min": "min", "mi": "min", "-": "min", "7": "7", "dom7": "7", "7b9": "7", "11": "7", "7#5": "aug",
    "maj7": "maj7", "M7": "maj7", "ma7": "maj7", "Maj7": "maj7", "maj9": "maj7", "j7": "maj7",
    "m7": "min7", "min7": "min7", "mi7": "min7", "-7": "min7", "m9": "min7",
    "dim": "dim", "o": "dim", "°": "dim", "dim7": "dim7", "o7": "dim7", "°7": "dim7",
    "m7b5": "min7b5", "min7b5": "min7b5", "ø": "min7b5", "aug": "aug", "+": "aug", "aug7": "aug", "+7": "aug",
    "sus": "sus4", "sus4": "sus4", "7sus4": "sus4", "7sus": "sus4", "sus2": "sus2",
    "6": "6", "maj6": "6", "m6": "min6", "min6": "min6", "9": "9", "13": "9",
}  # fmt: skip


@lru_cache(maxsize=2048)
def parse_chord(text: str) -> ChordSymbol | None:
    """Read a chord symbol such as `Am7`, `D/F#`, `(G)` or `N.C.`; None where the text is none.

    The result stands at tick 0. Qualities that `Score` does not know become the nearest it does.
    """
    words = text.strip()
    if words.upper() in ("N.C.", "NC", "N.C"):
        return ChordSymbol(0, None)
    match = _CHORD.match(words)
    if match is None or match[3] not in _QUALITIES:
        return None
    signs = {"": 0, "#": 1, "♯": 1, "+": 1, "b": -1, "♭": -1}
    root = (_PITCH[match[1]] + signs[match[2]]) % 12
    bass = (_PITCH[match[4].upper()] + signs[match[5]]) % 12 if match[4] else None
    return ChordSymbol(0, root, _QUALITIES[match[3]], None if bass == root else bass)


_MARKS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", ",": "\u0327", "v": "\u030c", "c": "\u0327"}


def plain_text(text: str) -> str:
    r"""Words of a field with ABC's accents (`\'e`, `\"o`) as letters."""
    if "\\" not in text:
        return text.strip()
    accented = re.sub(r"\\(['`\"^~,vc])([A-Za-z])", lambda m: unicodedata.normalize("NFC", m[2] + _MARKS[m[1]]), text)
    return accented.replace("\\&", "&").replace("\\%", "%").strip()
