"""What may go into the store: forms of items and listeners, ranges, lengths of texts.

An item is a string that says where it comes from::

    tune:oneill/0701-0720/701       a tune of the built-in catalogue
    take:<32 hexadecimal digits>    a take kept here
    artist:<slug>                   from an imported history, to listen elsewhere
    track:<slug>/<slug>             the same, by artist and title
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from core.errors import LimitError, RequestError
from core.store.tables import now

MAX_LISTENER, MAX_NAME, MAX_COMMENT, MAX_TITLE, MAX_VALUE, MAX_ADDRESS, MAX_SLUG = 64, 80, 2000, 300, 300, 500, 120
MAX_TAGS, MAX_TAG = 30, 60
MAX_SECONDS = 7 * 24 * 3600.0
"""No play is longer than a week."""

LATEST = 4_102_444_800
"""Seconds from 1970 to 2100: moments lie between."""

EXCLUDABLE = ("item", "artist", "style", "period", "source")
"""What kinds of things a listener can leave out."""

_BAD = r"\x00-\x1f\x7f\ud800-\udfff"
"""Control characters and halves of characters, which no data base takes."""

_SLUG = rf"[^\s/{_BAD}]{{1,{MAX_SLUG}}}"
_FORMS = {
    "tune": re.compile(rf"tune:[^\s{_BAD}]{{1,200}}"),
    "take": re.compile(r"take:[0-9a-f]{32}"),
    "artist": re.compile(f"artist:{_SLUG}"),
    "track": re.compile(f"track:{_SLUG}/{_SLUG}"),
}
KINDS = tuple(_FORMS)
_NOT_WORD = re.compile(r"[^\w]+|_+")
_CONTROL = re.compile(f"[{_BAD}]")
_CONTROL_IN_TEXT = re.compile(rf"(?![\t\n])[{_BAD}]")


def slug(words: str) -> str:
    """A name as it stands in an item: `Sigur Rós` gives `sigur-rós`; long or signless names end in a hash.

    The same words in another case, form of Unicode or punctuation give the same slug.
    """
    plain = _NOT_WORD.sub("-", unicodedata.normalize("NFKC", words).casefold()).strip("-")
    if plain and len(plain) <= MAX_SLUG:
        return plain
    return f"{plain[: MAX_SLUG - 17]}-{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}".lstrip("-")


def item_kind(item: str) -> str:
    """`tune`, `take`, `artist` or `track`.

    Raises:
        RequestError: the string has none of the forms.
    """
    kind = str(item).partition(":")[0]
    form = _FORMS.get(kind)
    if form is None or not form.fullmatch(item):
        raise RequestError(
            "An item is named like tune:oneill/0701-0720/701, take:<32 digits>, artist:<name> or track:<artist>/<title>",
            f"got {str(item)[:80]!r}",
            "Choose it from the catalogue, the library or an imported history",
        )
    return kind


def listener_id(id: str) -> str:
    """The id again.

    Raises:
        RequestError: it is empty, too long or holds control characters.
    """
    if not 1 <= len(id) <= MAX_LISTENER or _CONTROL.search(id):
        raise RequestError(f"A listener's id has 1 to {MAX_LISTENER} visible characters", f"got {id[:80]!r}")
    return id


def half_stars(stars: float) -> int:
    """Stars counted in halves, 1..10.

    Raises:
        RequestError: not a half or whole number from 0.5 to 5.
    """
    halves = stars * 2 if isinstance(stars, int | float) and math.isfinite(stars) else 0
    if halves != int(halves) or not 1 <= halves <= 10:
        raise RequestError("Stars go from 0.5 to 5 in halves", f"got {stars!r}", "Choose one of them, or none to take them away")
    return int(halves)


def seconds(value: float, what: str) -> float:
    """The value again.

    Raises:
        RequestError: below 0, above `MAX_SECONDS` or no number.
    """
    if not 0 <= value <= MAX_SECONDS:
        raise RequestError(f"{what} is between 0 and {MAX_SECONDS:.0f} seconds", f"got {value!r}")
    return float(value)


def text(value: str, what: str, most: int, least: int = 1) -> str:
    """The text without blanks around it.

    Raises:
        RequestError: shorter than `least`, or it holds control characters.
        LimitError: longer than `most` characters.
    """
    value = value.strip()
    if len(value) > most:
        raise LimitError(f"{what} has at most {most} characters", f"got {len(value)}", "Shorten it")
    if len(value) < least:
        raise RequestError(f"{what} has at least {least} character", "got none", "Type some")
    if _CONTROL_IN_TEXT.search(value):
        raise RequestError(f"{what} is text", "it holds control characters", "Type it again")
    return value


def tidy(words: str, most: int) -> str:
    """Words from a file as they can be kept: without control characters, cut to `most`."""
    return _CONTROL_IN_TEXT.sub("", words)[:most]


def tags_text(tags: Iterable[tuple[str, int]]) -> str:
    """Tags and how often each was given, as JSON: the `MAX_TAGS` most frequent; "" for none."""
    total: dict[str, int] = {}
    for name, count in tags:
        words = " ".join(tidy(name, MAX_TAG).split()).casefold()
        if words and count > 0:
            total[words] = total.get(words, 0) + count
    most = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_TAGS]
    return json.dumps(dict(most), ensure_ascii=False, separators=(",", ":")) if most else ""


def tags_of(text: str) -> tuple[tuple[str, int], ...]:
    """What `tags_text` made into text.

    Raises:
        ValueError: it is other text.
    """
    found = json.loads(text) if text else {}
    if not isinstance(found, dict) or not all(type(count) is int for count in found.values()):
        raise ValueError("tags are a dictionary of counts")
    return tuple(found.items())


def excluded(kind: str, value: str) -> str:
    """The value of an exclusion.

    Raises:
        RequestError: no such kind, or the value is empty or no item.
        LimitError: it is too long.
    """
    if kind not in EXCLUDABLE:
        raise RequestError(f"What can be left out is one of {', '.join(EXCLUDABLE)}", f"got {kind!r}")
    if kind == "item":
        item_kind(value)
    return text(value, "What is left out", MAX_VALUE)


def moment(at: datetime | None) -> int:
    """Whole seconds since 1970; None is now, a time without a zone is UTC.

    Raises:
        RequestError: before 1970 or after 2100.
    """
    if at is None:
        at = now()
    whole = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    if not 0 <= whole < LATEST:
        raise RequestError("A moment lies between 1970 and 2100", f"got {at}")
    return whole


def when(at: int) -> datetime:
    """The moment `at` seconds after 1970, in UTC."""
    return datetime.fromtimestamp(at, UTC)
