"""What the component is told: shelves of cards, as plain values ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.score import Score

WIDTH, HEIGHT = 1000, 100
"""Units of a strip; the browser stretches them to the room there is."""
MIN_SPAN = 14
"""Semitones that a strip shows at least, so that a narrow tune does not look like a wide one."""
MAX_NOTES = 600
"""Notes of a strip at most; more could not be told apart."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why a piece is shown: a line, its parts (text, share of the score 0 to 1), and notes below them. With `ask`
    the reasons are not known yet: `why` (item) comes through the log when somebody wants them."""

    lead: str
    parts: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A line of a card's menu: `op` comes back through the log; `apart` draws a line above it."""

    label: str
    op: Mapping[str, Any]
    apart: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One piece. `path` draws its notes ("" for one that is heard elsewhere); `sound` is an address or
    None until it was asked for; `stars` are the listener's own, `guess` what is written where there are
    none; `liked` None hides the heart."""

    id: str
    title: str
    line: str
    path: str = ""
    sound: str | None = None
    problem: str | None = None
    stars: float | None = None
    liked: bool | None = False
    guess: str = ""
    because: Because | None = None
    menu: tuple[Action, ...] = ()

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "id": self.id, "title": self.title, "line": self.line, "path": self.path, "box": f"0 0 {WIDTH} {HEIGHT}",
            "sound": self.sound, "problem": self.problem, "stars": self.stars, "guess": self.guess,
            "menu": [
                {"label": action.label, "op": dict(action.op), "apart": action.apart, "said": action.said} for action in self.menu
            ],
        }  # fmt: skip
        if self.liked is not None:
            values["liked"] = self.liked
        if self.because is not None:
            parts = [{"text": text, "share": share} for text, share in self.because.parts]
            values["because"] = {"lead": self.because.lead, "parts": parts, "notes": list(self.because.notes),
                                 "ask": self.because.ask}
        return values


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cards under a title. `layout` is `row` (one line to scroll), `grid` or `one` (a single large card)."""

    id: str
    title: str
    cards: tuple[Card, ...]
    lead: str = ""
    layout: str = "row"

    def to_json(self) -> dict[str, Any]:
        cards = [card.to_json() for card in self.cards]
        return {"id": self.id, "title": self.title, "lead": self.lead, "layout": self.layout, "cards": cards}


@dataclass(frozen=True, slots=True)
class Op:
    """Something that the listener did: `do` with its values, such as `rate` with `item` and `stars`."""

    do: str
    values: Mapping[str, Any] = field(default_factory=dict)


def strip(score: Score) -> str:
    """The notes of a score as one SVG path in `WIDTH` × `HEIGHT`: a level line a note, high pitches above."""
    notes = [note for track in score.tracks if not track.is_drum for note in track.notes][:MAX_NOTES]
    if not notes:
        return ""
    length = max(note.end for note in notes) or 1
    low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
    span = max(high - low, MIN_SPAN)
    top = high + (span - (high - low)) / 2
    parts = []
    for note in notes:
        x = WIDTH * note.start / length
        width = max(1.0, WIDTH * (note.end - note.start) / length - 5)
        y = 4 + (HEIGHT - 8) * (top - note.pitch) / span
        parts.append(f"M{x:.0f} {y:.0f}h{width:.0f}")
    return "".join(parts)
