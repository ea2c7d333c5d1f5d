"""From what was asked to what will be done: defaults filled in, contradictions refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.corpora.styles import Style
from core.engines.lstm.leadsheet import parse_metre
from core.engines.lstm.seed import fit
from core.engines.protocol import LIMITS, Request
from core.errors import RequestError
from core.score import Key, Metre
from core.score.instruments import sounding_range


def resolve(request: Request, style: Style, statistics: dict[str, Any]) -> Request:
    """A request in which nothing is left open.

    Raises:
        RequestError: out of range, unknown, or against the style, the seed or itself.
    """
    _check_numbers(request)
    if request.seed is not None:
        request = fit(request, style.modes)
    if request.seed is None and request.how == "harmonise":
        raise RequestError("Harmonising needs a melody", "there is no seed", "Bring a melody or draw one")
    metre = _metre(request, style)
    mode = request.mode or style.modes[0]
    if mode not in style.modes:
        raise RequestError(f"{style.name} has the modes {', '.join(style.modes)}", f"got {mode!r}", "Choose one of these")
    tonics = statistics.get("tonics", {}).get(mode) or [0 if mode == "major" else 9]
    tonic = tonics[0] if request.tonic is None else request.tonic
    if not 0 <= tonic <= 11:
        raise RequestError("A key between C and B is needed", f"got {tonic}")
    program = style.program if request.program is None else request.program
    return replace(
        request, metre=metre, mode=mode, tonic=tonic, tempo=float(request.tempo or _tempo(request, style)), program=program,
        pitch_range=_range(request, style, statistics, Key(0, tonic, mode)),
        mix=request.mix if request.style2 else 0.0,
    )


def _check_numbers(request: Request) -> None:
    for name, (low, high) in LIMITS.items():
        value = getattr(request, name)
        if value is not None and not low <= value <= high:
            raise RequestError(f"{name.replace('_', ' ')} must be between {low} and {high}", f"got {value}")
    if not 0 <= request.mix <= 1:
        raise RequestError("The mix must be between 0 and 1", f"got {request.mix}")
    if request.style2 == "chorale" or (request.style == "chorale" and request.style2):
        raise RequestError("Chorales do not mix with other styles", f"got {request.style} and {request.style2}",
                           "Choose one of them alone")
    if request.how not in ("continue", "answer", "vary", "harmonise"):
        raise RequestError("How must be continue, answer, vary or harmonise", f"got {request.how!r}")
    if request.program is not None and not 0 <= request.program <= 127:
        raise RequestError("An instrument between 0 and 127 is needed", f"got {request.program}")
    if not 0 <= request.random_seed < 2**63:
        raise RequestError("A random seed between 0 and 2^63 - 1 is needed", f"got {request.random_seed}")


def _metre(request: Request, style: Style) -> Metre:
    metre = request.metre or parse_metre(style.metres[0])
    if str(metre) not in style.metres:
        raise RequestError(f"{style.name} has the metres {', '.join(style.metres)}", f"got {metre}", "Choose one of these")
    return Metre(0, metre.numerator, metre.denominator)


def _tempo(request: Request, style: Style) -> float:
    return request.seed.tempos[0].bpm if request.seed is not None else style.tempo


def _range(request: Request, style: Style, statistics: dict[str, Any], key: Key) -> tuple[int, int]:
    """The melody's lowest and highest pitch: asked for, else the instrument's within the style's."""
    if request.pitch_range is not None:
        low, high = request.pitch_range
        if not 0 <= low <= high <= 127:
            raise RequestError("A range within C-1 and G9, lowest first, is needed", f"got {low} to {high}")
        if high - low < 7:
            raise RequestError("A range of at least a fifth is needed", f"got {high - low} semitones", "Widen the range")
    else:
        low, high = style.pitch_range
        if request.program is not None:
            instrument = sounding_range(request.program)
            if min(high, instrument[1]) - max(low, instrument[0]) >= 12:
                low, high = max(low, instrument[0]), min(high, instrument[1])
            else:
                low, high = _around_middle(instrument)
        if style.id == "chorale":
            low, high = 59, 81
        if request.seed is not None and request.how != "harmonise":
            pitches = [note.pitch for note in request.seed.melody.notes]
            low, high = min(low, *pitches), max(high, *pitches)
    if not any(pitch % 12 in key.tonic_triad for pitch in range(low, high + 1)):
        raise RequestError(f"The range must hold a note of the chord on {key.name.split()[0]}", f"got {low} to {high}",
                           "Widen the range")
    return low, high


def reference_of(tonic: int, pitch_range: tuple[int, int], statistics: Mapping[str, Any]) -> int:
    """The MIDI pitch of the tonic, in the octave in which the style's usual range lies best in the allowed one."""
    low, high = statistics.get("relative_range", (-5, 14))
    middle = (pitch_range[0] + pitch_range[1]) / 2 - (low + high) / 2
    return round((middle - tonic) / 12) * 12 + tonic


def _around_middle(pitch_range: tuple[int, int]) -> tuple[int, int]:
    """At most two octaves and a half about the middle of an instrument's range."""
    low, high = pitch_range
    middle = (low + high) // 2
    return max(low, middle - 15), min(high, middle + 15)
