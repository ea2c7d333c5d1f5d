"""Single values of histories, read with the least trust: what cannot be is None, 0 or empty."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from core.store.checks import LATEST, MAX_SECONDS

_MOST_CHARACTERS = 1000
_FORMATS = (
    "%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M",
    "%d %b %Y %H:%M:%S", "%d %B %Y %H:%M",
)  # fmt: skip
_DIGITS = re.compile(r"\d{1,16}")
_MILLISECONDS_FROM = 10_000_000_000
"""A count of seconds above this is one of milliseconds."""


def words(value: object) -> str:
    """A name as text, cut to a thousand characters, empty where it is none."""
    return value[:_MOST_CHARACTERS].strip() if isinstance(value, str) else str(value) if type(value) is int else ""


def number(value: object) -> float:
    """A number from 0 to a week of milliseconds, else 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        found = float(value)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) and 0 <= found <= MAX_SECONDS * 1000 else 0.0


def moment(value: object) -> int | None:
    """Seconds since 1970 from a number of seconds or milliseconds, None outside of 1970 to 2100."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    seconds = int(value / 1000 if value >= _MILLISECONDS_FROM else value)
    return seconds if 0 <= seconds < LATEST else None


def moment_of_text(value: object) -> int | None:
    """Seconds since 1970 from a time in words or digits; without a zone it is UTC."""
    if not isinstance(value, str):
        return moment(value)
    text = value.strip()
    if _DIGITS.fullmatch(text):
        return moment(int(text))
    found = _iso(text) or next((time for form in _FORMATS if (time := _formed(text, form))), None)
    if found is None:
        return None
    try:
        return moment((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (OverflowError, ValueError):  # the first and the last year, off their zone
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _formed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None
