"""Undo and redo over scores, for pages that show an editable roll."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.score.types import Score
from ui.roll.ops import Edit, apply_edits, gestures

MAX_STEPS = 200
"""Steps of undo that are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class History:
    """A score with the scores before it and those undone, both nearest last."""

    present: Score
    past: tuple[Score, ...] = ()
    undone: tuple[Score, ...] = ()

    def push(self, score: Score) -> History:
        """With `score` as the present; an unchanged score is no step."""
        if score == self.present:
            return self
        return History(score, (*self.past, self.present)[-MAX_STEPS:])

    def undo(self) -> History:
        """One step back; the same history where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.undone, self.present))

    def redo(self) -> History:
        """One undone step forward again; the same history where there is none."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.past, self.present), self.undone[:-1])

    def edit(self, edits: Iterable[Edit]) -> History:
        """After what the roll's `on_edit` brought: each gesture is one step, undo and redo are obeyed.

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
