"""What a listener does on the roll, as values that change a `Score`.

The browser numbers every gesture (a drawn note, a drag of five selected notes, Ctrl+Z) and sends
all those that Python has not acknowledged; one gesture is one or more `Edit`s with its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from core.errors import FormatError
from core.score.edits import add_note, delete_note, move_note, resize_note
from core.score.types import MAX_TICK, Note, Score, Track
from ui.components import Entry

OPS = ("add", "move", "resize", "delete", "undo", "redo")
"""What an `Edit` may do; `undo` and `redo` carry no note and are the page's to obey."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one note.

    The note meant is the first on `track` with this `start`, `pitch` and `duration` (ticks, MIDI
    pitch 0..127). `move` takes it to `to_start` and `to_pitch`, `resize` to `to_duration`, `add`
    gives it `velocity`. Edits of one gesture share their `gesture` number and are undone together.
    """

    op: str
    track: int = 0
    start: int = 0
    pitch: int = 60
    duration: int = 1
    velocity: int = 80
    to_start: int = 0
    to_pitch: int = 60
    to_duration: int = 1
    gesture: int = 0

    def __post_init__(self) -> None:
        if self.op not in OPS:
            raise FormatError(f"An edit is one of {', '.join(OPS)}", f"got {self.op!r}")
        _in_range("a track", self.track, 0, 10_000)
        for tick in (self.start, self.to_start):
            _in_range("a start in ticks", tick, 0, MAX_TICK)
        for ticks in (self.duration, self.to_duration):
            _in_range("a duration in ticks", ticks, 1, MAX_TICK)
        for pitch in (self.pitch, self.to_pitch):
            _in_range("a pitch", pitch, 0, 127)
        _in_range("a velocity", self.velocity, 1, 127)


def _in_range(what: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise FormatError(f"An edit needs {what} between {low} and {high}", f"got {value!r}")


_WIRE = {
    "op": "op", "track": "track", "start": "start", "pitch": "pitch", "duration": "duration",
    "velocity": "velocity", "toStart": "to_start", "toPitch": "to_pitch", "toDuration": "to_duration",
}  # fmt: skip


def read_edits(entries: Iterable[Entry]) -> tuple[Edit, ...]:
    """The edits of the browser's gestures.

    Args:
        entries: `{"seq": number, "edits": [{"op": …, "track": …, …}]}` each, see `ui.components.read_log`.

    Raises:
        FormatError: a gesture is not of that form, or an edit is out of range.
    """
    return tuple(_read_edit(edit, entry["seq"]) for entry in entries for edit in _edits(entry))


def _edits(entry: Entry) -> list[object]:
    edits = entry.get("edits")
    if not isinstance(edits, list):
        raise FormatError("A gesture of the roll has a list of edits", f"got {entry!r:.80}")
    return edits


def _read_edit(edit: object, gesture: int) -> Edit:
    if not isinstance(edit, Mapping) or not set(edit) <= set(_WIRE) or "op" not in edit:
        raise FormatError("An edit of the roll is an object with an op", f"got {edit!r:.80}")
    values: dict[str, Any] = {_WIRE[name]: value for name, value in edit.items()}
    return Edit(**values, gesture=gesture)


def gestures(edits: Iterable[Edit]) -> tuple[tuple[Edit, ...], ...]:
    """The edits grouped by gesture, in order: each group is one step of undo."""
    return tuple(tuple(group) for _, group in groupby(edits, key=lambda edit: edit.gesture))


def apply_edits(score: Score, edits: Iterable[Edit]) -> Score:
    """The score after the edits, in order.

    An edit of a note that is no longer there (another edit came first) changes nothing, as the
    browser shows it too. `add` on an empty score makes the first track. `undo` and `redo` change
    nothing here: see `ui.roll.history`.

    Raises:
        RequestError: an edit names a track that the score does not have, or asks for what no score holds.
    """
    for edit in edits:
        if edit.op == "add":
            if not score.tracks:
                score = replace(score, tracks=(Track(),))
            score = add_note(score, edit.track, Note(edit.start, edit.pitch, edit.duration, edit.velocity))
        elif edit.op not in ("undo", "redo"):
            note = _find(score, edit)
            score = score if note is None else _CHANGES[edit.op](score, note, edit)
    return score


def _find(score: Score, edit: Edit) -> Note | None:
    notes = score.tracks[edit.track].notes if edit.track < len(score.tracks) else ()
    wanted = (edit.start, edit.pitch, edit.duration)
    return next((note for note in notes if (note.start, note.pitch, note.duration) == wanted), None)


_CHANGES: dict[str, Callable[[Score, Note, Edit], Score]] = {
    "move": lambda score, note, edit: move_note(score, edit.track, note, edit.to_start, edit.to_pitch),
    "resize": lambda score, note, edit: resize_note(score, edit.track, note, edit.to_duration),
    "delete": lambda score, note, edit: delete_note(score, edit.track, note),
}
