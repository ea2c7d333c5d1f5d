"""`Score` to LRC: the lines of its words with the time at which each is sung, as players show them.

How it was made stands in the tag `re`, which names the program that wrote a file and which players do not show: less than
the stamp says, for some players take no line over 255 bytes, and none of them brackets within a tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.errors import FormatError
from core.score.clock import Clock, seconds_long
from core.score.stamp import facts_of, stamp_of
from core.score.types import Score
from core.score.words import lyric_lines, spaced

MOST_BYTES = 255
"""Of a line that every player reads whole (Rockbox has the shortest)."""
_PROGRAM = "Songloom"
_NOTE = re.compile(rf"^\s*\[re:\s*{_PROGRAM};([^\]\r\n]*)\]", re.MULTILINE | re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w.+/-]+")
_WEIGHTS = 16
"""Digits of a hash that are kept; it is shown with as many everywhere."""


def write_lrc(score: Score) -> bytes:
    """The words of the first part that has any, one line each with its time `[mm:ss.xx]`, in UTF-8.

    Raises:
        FormatError: the score has no words.
    """
    track = next((track for track in score.tracks if track.lyrics), None)
    if track is None:
        raise FormatError("A piece with words is needed for an LRC file", "this one has no words", "Compose it from lyrics")
    clock = Clock.of(score)
    heads = [f"[ti:{_plain(score.title)}]"] if score.title else []
    heads += [f"[ar:{_plain(score.composer)}]"] if score.composer else []
    rows = [f"[{_time(clock.seconds(line[0].tick))}]{_plain(''.join(spaced(line)))}" for line in lyric_lines(track)]
    return "\n".join([*heads, f"[length:{_time(seconds_long(score))[:5]}]", _note(facts_of(stamp_of(score))), *rows, ""]).encode()


def read_lrc_note(data: bytes) -> dict[str, Any] | None:
    """What the tag of an LRC file says of how it was made, as facts of a stamp; None where it says nothing.

    The facts are `engine`, `weights`, `random_seed`, `take`, `edits`, `request` with the style alone, and `sources`, the ids of
    the collections.

    Raises:
        FormatError: a number is none.
    """
    found = _NOTE.search(data.decode("utf-8-sig", errors="replace"))
    if found is None:
        return None
    values = dict(part.strip().split("=", 1) for part in found[1].split(";") if "=" in part)
    facts: dict[str, Any] = {name: values.get(name, "") for name in ("engine", "weights")}
    try:
        facts |= {name: int(values.get(name) or 0) for name in ("take", "edits")}
        facts["random_seed"] = int(values["seed"]) if values.get("seed") else None
    except ValueError as error:
        raise FormatError("The note of how this was made should be as Songloom writes it", f"it says {found[1].strip()!r:.60}",
                          "It was changed by another program; export the piece again") from error
    facts["request"] = {"style": values["style"]} if values.get("style") else {}
    facts["sources"] = [source for source in values.get("data", "").split(",") if source]
    return facts


def _note(facts: Mapping[str, Any] | None) -> str:
    """The tag, `[re:Songloom; engine=…; …]`, within `MOST_BYTES`; collections that have no room are left out at the end."""
    if facts is None:
        return f"[re:{_PROGRAM}]"
    request = facts.get("request")
    style = request.get("style") if isinstance(request, dict) else None
    values = {"engine": facts.get("engine"), "weights": str(facts.get("weights") or "")[:_WEIGHTS], "style": style,
              "seed": facts.get("random_seed"), "take": facts.get("take"), "edits": facts.get("edits")}
    note = "; ".join([_PROGRAM, *(f"{name}={_safe(value)}" for name, value in values.items() if value not in (None, "", 0))])
    note = note if ";" in note else f"{note}; edits=0"
    data = [_safe(row[0]) for row in facts.get("data") or [] if isinstance(row, list) and row]
    while data and len(f"[re:{note}; data={','.join(data)}]".encode()) > MOST_BYTES:
        data.pop()
    return f"[re:{note}; data={','.join(data)}]" if data else f"[re:{note}]"


def _safe(value: object) -> str:
    return _UNSAFE.sub("-", str(value))[:40]


def _time(seconds: float) -> str:
    """Minutes, seconds and hundredths: `01:02.50`."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths % 6000 / 100:05.2f}"


def _plain(text: str) -> str:
    """On one line, and without brackets, which would be read as a time."""
    return " ".join(text.translate({ord("["): "(", ord("]"): ")"}).split())
