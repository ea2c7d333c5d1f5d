"""ABC notation, the words: `w:` lines cut into syllables and laid under the notes of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.score.abc_cells import Event
from core.score.abc_fields import plain_text

_PIECE = re.compile(r"(?P<bar>\|)|(?P<skip>\*)|(?P<hold>_)|(?P<hyphen>-)|(?P<text>(?:\\-|[^\s\-_*|])+)|\s+")


def lay_lyrics(words: str, notes: Sequence[tuple[Event, int]]) -> None:
    """Put the syllables of one `w:` line on notes given with the number of their bar.

    `-` parts syllables, `_` holds one over another note, `*` leaves a note out, `|` goes on to the
    next bar, `~` joins words under one note. What is left over of the words is dropped.
    """
    at, last, joined = 0, None, False
    for match in _PIECE.finditer(plain_text(words)):
        kind = match.lastgroup
        if kind == "text":
            if at >= len(notes):
                return
            text = match.group().replace("~", " ").replace("\\-", "-").strip()
            last = notes[at][0]
            last.syllable = (text, "end" if joined else "single")
            at, joined = at + 1, False
        elif kind == "hyphen":
            if joined or last is None:
                at += 1
            elif last.syllable is not None:
                last.syllable = (last.syllable[0], "middle" if last.syllable[1] == "end" else "begin")
                joined = True
        elif kind in ("skip", "hold"):
            at += 1
        elif kind == "bar" and at > 0:
            bar = notes[min(at, len(notes)) - 1][1]
            while at < len(notes) and notes[at][1] == bar:
                at += 1
