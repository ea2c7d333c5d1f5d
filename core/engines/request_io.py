"""Requests as text: what people type for a key, a metre or a range, and requests as JSON."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, NoReturn

from core.engines.protocol import Engine, Request, Take
from core.errors import FormatError, RequestError
from core.rights.provenance import Provenance, learned
from core.score import MODES, Key, Metre, Score
from core.score.files import read_score, write_score
from core.score.stamp import with_stamp
from core.score.types import pitch_class_name

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_NAME = r"([A-Ga-g])([#♯b♭]?)"
_PITCH = re.compile(_NAME + r"(-?\d)")
_RANGE = re.compile(rf"({_PITCH.pattern})\s*(?:-|–|to|:|\.\.)\s*({_PITCH.pattern})")
_KEY = re.compile(_NAME + r"\s*(m|[A-Za-z]*)")
_SHORT_MODES = {"": None, "m": "minor", "min": "minor", "maj": "major", "dor": "dorian", "mix": "mixolydian"}


def parse_key(text: str) -> tuple[int, str | None]:
    """A key as people write it: `D`, `Bb`, `F# minor`, `Em`, `A dorian`.

    Returns:
        The tonic as a pitch class 0..11, and the mode where the text names one.

    Raises:
        RequestError: it is no key.
    """
    match = _KEY.fullmatch(text.strip())
    if match:
        step, accidental, word = match.groups()
        mode = word.lower() if word.lower() in MODES else _SHORT_MODES.get(word, "?")
        if mode != "?":
            return (_STEPS[step.upper()] + _ACCIDENTALS[accidental]) % 12, mode
    raise RequestError(
        "A key is a letter from A to G with # or b where needed, such as D, Bb or F# minor", f"got {text!r}", "Correct it"
    )


def key_text(tonic: int, mode: str) -> str:
    """As musicians write it: `Bb major`, `F# minor`."""
    return Key(0, tonic, mode).name


def parse_metre(text: str) -> Metre:
    """A metre such as `6/8`, or `C` and `C|` for 4/4 and 2/2.

    Raises:
        RequestError: it is no metre.
    """
    clean = {"C": "4/4", "C|": "2/2"}.get(text.strip(), text.strip())
    match = re.fullmatch(r"(\d{1,2})\s*/\s*(\d{1,2})", clean, re.ASCII)
    if not match:
        _refuse_metre(text)
    try:
        return Metre(0, int(match[1]), int(match[2]))
    except FormatError as error:
        _refuse_metre(text, error)


def _refuse_metre(text: str, cause: Exception | None = None) -> NoReturn:
    raise RequestError(
        "A metre is written as beats over a note value, such as 4/4 or 6/8", f"got {text!r}", "Correct it"
    ) from cause


def parse_pitch(text: str) -> int:
    """A note in scientific pitch notation, C4 being middle C: `C4` is 60, `F#5` is 78.

    Raises:
        RequestError: it is no note between C-1 (0) and G9 (127).
    """
    match = _PITCH.fullmatch(text.strip())
    pitch = _pitch(*match.groups()) if match else -1
    if not 0 <= pitch <= 127:
        raise RequestError("A note is a letter and an octave from C-1 to G9, such as C4 or F#5", f"got {text!r}", "Correct it")
    return pitch


def _pitch(step: str, accidental: str, octave: str) -> int:
    return _STEPS[step.upper()] + _ACCIDENTALS[accidental] + 12 * (int(octave) + 1)


def pitch_text(pitch: int) -> str:
    """A MIDI pitch 0..127 in scientific pitch notation: 60 is `C4`."""
    return f"{pitch_class_name(pitch)}{pitch // 12 - 1}"


def parse_range(text: str) -> tuple[int, int]:
    """A range such as `C4-A5`, as (lowest, highest) MIDI pitch.

    Raises:
        RequestError: it is no range, or its lowest note is above its highest.
    """
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise RequestError("A range is its lowest and its highest note, such as C4-A5", f"got {text!r}", "Correct it")
    low, high = parse_pitch(match[1]), parse_pitch(match[5])
    if low > high:
        raise RequestError("A range begins with its lowest note, such as C4-A5", f"got {text!r}", "Exchange the two notes")
    return low, high


def range_text(pitch_range: tuple[int, int]) -> str:
    """The reverse of `parse_range`."""
    return f"{pitch_text(pitch_range[0])}-{pitch_text(pitch_range[1])}"


def to_json(request: Request) -> dict[str, Any]:
    """A request as a dict of what JSON can hold; `from_json` gives it back.

    The metre is text, the range two numbers, the seed a MIDI file in base64.
    """
    values = {field.name: getattr(request, field.name) for field in fields(Request)}
    values["metre"] = str(request.metre) if request.metre else None
    values["pitch_range"] = list(request.pitch_range) if request.pitch_range else None
    values["seed"] = base64.b64encode(write_score(request.seed, ".mid")).decode("ascii") if request.seed else None
    return values


def from_json(values: Mapping[str, Any]) -> Request:
    """A request from such a dict; what is left out takes its default.

    Raises:
        RequestError: a name is unknown or a value is of the wrong kind. Ranges and styles are
            checked where an engine resolves the request.
        FormatError: the seed cannot be read.
    """
    known = {field.name: field for field in fields(Request)}
    unknown = sorted(set(values) - set(known))
    if unknown or "style" not in values:
        what = f"got {', '.join(map(repr, unknown))}" if unknown else "the style is missing"
        raise RequestError(f"A request has the parts {', '.join(known)}", what, "Correct the request")
    given = {name: _checked(name, str(known[name].type), value) for name, value in values.items()}
    return Request(**given)


def _checked(name: str, kind: str, value: Any) -> Any:
    """The value as `Request` has it; `kind` is the type that `Request` states for it."""
    if value is None and "None" in kind:
        return None
    if name == "metre":
        return parse_metre(str(value))
    if name == "seed":
        return _seed(value)
    if name == "pitch_range":
        if isinstance(value, list | tuple) and len(value) == 2 and all(type(pitch) is int for pitch in value):
            return (value[0], value[1])
    elif kind.startswith("bool"):
        if isinstance(value, bool):
            return value
    elif kind.startswith("int"):
        if type(value) is int:
            return value
    elif kind.startswith("float"):
        if type(value) in (int, float):
            return float(value)
    elif isinstance(value, str):
        return value
    wanted = kind.removesuffix(" | None")
    raise RequestError(f"The part {name} of a request is a {wanted}", f"got {value!r}", "Correct the request")


def _seed(value: Any) -> Score:
    try:
        data = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError("The seed of a request is a MIDI file in base64", f"it cannot be decoded ({error})") from error
    return read_score(data, "seed.mid")


def learned_from(engine: Engine, request: Request) -> tuple[str, ...]:
    """Ids of the collections behind the style or styles of a request.

    Raises:
        RequestError: the engine has no such style.
    """
    styles = filter(None, (request.style, request.style2))
    return tuple(dict.fromkeys(source for style in styles for source in engine.sources(style, request.free_only)))


def stamped(take: Take, sources: Iterable[str] = ()) -> Score:
    """The take's score with a stamp that tells how to make it again (`core.rights.provenance`).

    It holds the resolved request (of the seed only its hash), the number of the take, the hash of the weights
    and the licences of what they learned from. Time and place are left out, so that equal takes stay equal files.

    Args:
        sources: what `learned_from` gives.
    """
    request = to_json(replace(take.request, seed=None))
    del request["seed"]
    if take.request.seed is not None:
        request["seed_sha256"] = hashlib.sha256(write_score(take.request.seed, ".mid")).hexdigest()
    told = Provenance(take.request.engine, take.weights, take.request.style, take.request.random_seed, take.index + 1, 0,
                      learned(sources), request)
    return with_stamp(take.score, told.facts())
