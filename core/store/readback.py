"""Reading an export: every field is checked before anything is stored."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import FormatError, InputError
from core.store import checks
from core.store.export import FORMAT, VERSION

MAX_MIDI = 4_000_000
"""Bytes of one version of a take."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row: the types that it may have, and a check that gives back what is stored."""

    types: tuple[type, ...]
    check: Callable[[Any], Any] = lambda value: value
    optional: bool = False


def _text(most: int, least: int = 0) -> Field:
    return Field((str,), lambda value: checks.text(value, "A text", most, least))


def _moment(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    checks.moment(at)
    return at


def _midi(value: str) -> bytes:
    if len(value) > MAX_MIDI * 4 // 3:
        raise ValueError(f"longer than {MAX_MIDI} bytes")
    return base64.b64decode(value, validate=True)


def _item(value: str) -> str:
    checks.item_kind(value)
    return value


_AT, _ITEM = Field((str,), _moment), Field((str,), _item)
_TAGS = Field((str, type(None)), lambda value: checks.tags_text(checks.tags_of(value)), optional=True)
_BYTES = Field((str,), _midi)
_FLAG, _COUNT = Field((bool,)), Field((int,), lambda value: _within(value, 0, 2**31 - 1))
_BATCH = Field((int, type(None)), optional=True)
_SECONDS = Field((int, float), lambda value: checks.seconds(value, "A time"))


def _within(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"not between {low} and {high}")
    return value


_STARS = Field((int, float), lambda value: checks.half_stars(value) / 2)
ROWS: dict[str, dict[str, Field]] = {
    "items": {"id": _ITEM, "title": _text(300), "artist": _text(300), "address": _text(500), "tags": _TAGS},
    "ratings": {"item": _ITEM, "at": _AT, "stars": _STARS, "import": _BATCH},
    "plays": {"item": _ITEM, "at": _AT, "heard": _SECONDS, "length": _SECONDS, "skipped": _FLAG, "import": _BATCH},
    "likes": {"item": _ITEM, "at": _AT},
    "comments": {"item": _ITEM, "at": _AT, "text": _text(checks.MAX_COMMENT, 1)},
    "exclusions": {"kind": _text(16, 1), "value": _text(checks.MAX_VALUE, 1), "at": _AT},
    "playlists": {"name": _text(200, 1), "items": Field((list,), lambda value: [_item(str(item)) for item in value])},
    "imports": {"id": _COUNT, "source": _text(40, 1), "name": _text(200), "at": _AT},
    "takes": {
        "id": _text(32, 32),
        "title": _text(200),
        "style": _text(40),
        "engine": _text(40),
        "request": Field((dict,)),
        "weights": _text(80),
        "random_seed": _COUNT,
        "index": _COUNT,
        "new_from": _COUNT,
        "seconds": _SECONDS,
        "kept": _FLAG,
        "published": _FLAG,
        "created": _AT,
        "versions": Field((list,)),
    },
    "recordings": {"title": _text(200, 1), "seconds": _SECONDS, "chromaprint": _BYTES, "created": _AT},
}
LATER = ("recordings",)
"""Kinds of rows that exports of an older Songloom do not have."""

VERSIONS = {"number": _COUNT, "what": _text(200), "midi": Field((str,), _midi), "at": _AT}


def read(data: Any) -> dict[str, Any]:
    """An export with every field checked: moments as `datetime`, music as bytes.

    Raises:
        FormatError: it is no export, of a newer version, or a field is missing or wrong.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise FormatError("An export of a listener is needed", "this is none", "Choose the JSON file that Songloom wrote")
    if data.get("version") != VERSION:
        got = f"this is version {data.get('version')!r}"
        raise FormatError(f"Exports of version {VERSION} can be read", got, "Use a newer Songloom")
    head = data.get("listener")
    if not isinstance(head, Mapping):
        raise FormatError("An export names its listener", "this one does not")
    found: dict[str, Any] = {
        name: _rows(name, data.get(name, [] if name in LATER else None), fields) for name, fields in ROWS.items()
    }
    for take in found["takes"]:
        take["versions"] = _rows("versions", take["versions"], VERSIONS)
        if not take["versions"]:
            raise FormatError("A take has at least the version that was composed", "one has none")
    found["listener"] = {
        "name": _value("listener", 1, "name", head.get("name", ""), _text(checks.MAX_NAME)),
        "language": _value("listener", 1, "language", head.get("language", ""), _text(8)),
        "preferences": _value("listener", 1, "preferences", head.get("preferences", {}), Field((dict,))),
    }
    return found


def _rows(name: str, rows: Any, fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        raise FormatError(f"An export has a list of {name}", f"got {type(rows).__name__}")
    read = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise FormatError(f"Each of the {name} has fields", f"number {number} is {type(row).__name__}")
        read.append({field: _value(name, number, field, row.get(field), how) for field, how in fields.items()})
    return read


def _value(name: str, number: int, field: str, value: Any, how: Field) -> Any:
    # A flag is a number to Python, and not here.
    if value is None and how.optional:
        return None
    if not isinstance(value, how.types) or (isinstance(value, bool) and bool not in how.types):
        raise FormatError(f"The field {field} of {name} has another type", f"number {number} has {value!r:.60}")
    try:
        return how.check(value)
    except (InputError, ValueError, binascii.Error) as error:
        raise FormatError(f"The field {field} of {name} can be read", f"number {number} cannot: {error}") from error
