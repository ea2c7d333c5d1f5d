"""Undo and redo, over scores for pages that show an editable roll, and over whatever else is changed step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from core.score.stamp import edited
from core.score.types import Score
from ui.roll.ops import Edit, apply_edits, gestures

T = TypeVar("T")

MAX_STEPS = 200
"""Steps of undo that are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """A value, such as a score, with those before it and those undone, both nearest last."""

    present: T
    past: tuple[T, ...] = ()
    undone: tuple[T, ...] = ()

    def push(self, value: T) -> History[T]:
        """With `value` as the present; an unchanged one is no step. A score that was not there before counts as an edit in
        its stamp.
        """
        if value == self.present:
            return self
        if value not in self.past:
            value = _counted(value, self.present)
        return History(value, (*self.past, self.present)[-MAX_STEPS:])

    def undo(self) -> History[T]:
        """One step back; the same history where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.undone, self.present))

    def redo(self) -> History[T]:
        """One undone step forward again; the same history where there is none."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.past, self.present), self.undone[:-1])

    def edit(self: History[Score], edits: Iterable[Edit]) -> History[Score]:
        """Of a score: after what the roll's `on_edit` brought: each gesture is one step, undo and redo are obeyed.

        Raises:
            RequestError: an edit names a track that the score does not have.
        """
        history = self
        for gesture in gestures(edits):
            if gesture[0].op == "undo":
                history = history.undo()
            elif gesture[0].op == "redo":
                history = history.redo()
            else:
                history = history.push(apply_edits(history.present, gesture))
        return history


def _counted(value: T, before: T) -> T:
    if isinstance(value, Score) and isinstance(before, Score):
        return cast(T, edited(value, before))
    return value
