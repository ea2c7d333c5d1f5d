"""What a job is, and the protocol that every runner of jobs stands behind.

A job is a call `function(*arguments, progress=…)`. Function and arguments are things that can be
pickled, so that a runner on other machines can stand in for the local one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Work = Callable[..., Any]
"""Takes its arguments and the keyword `progress`, a function of (done, total) that raises
`core.errors.Cancelled` once the owner asked to stop."""


class State(StrEnum):
    """Where a job stands. A job moves downwards only."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What can be seen of a job from outside, at one moment.

    `done` of `total` steps are behind it. `position` is its place in the line, 1 for the next one
    to be started and 0 for a job that has left the line. `error` says why a failed job failed.
    """

    id: str
    owner: str
    state: State
    done: int = 0
    total: int = 1
    position: int = 0
    error: Exception | None = None

    @property
    def ended(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


class Runner(Protocol):
    """Runs jobs for several owners, each of whom gets a fair share."""

    def submit(self, owner: str, function: Work, *arguments: Any) -> str:
        """Put a job in the line and return its id.

        Raises:
            BusyError: the line, or the owner's part of it, is full.
        """
        ...

    def status(self, job: str) -> JobStatus:
        """Where the job stands.

        Raises:
            MissingError: there is no such job, or it was forgotten.
        """
        ...

    def wait(self, job: str, timeout: float | None = None) -> JobStatus:
        """Block until the job has ended or `timeout` seconds have passed.

        Raises:
            MissingError: there is no such job, or it was forgotten.
        """
        ...

    def cancel(self, job: str) -> None:
        """Ask a job to stop: at once when it is in the line, at its next step when it runs.

        A job that has ended or was forgotten is left as it is.
        """
        ...

    def result(self, job: str) -> Any:
        """What the function returned.

        Raises:
            MissingError: there is no such job, it was forgotten, or it has not ended.
            Cancelled: it was stopped.
            Exception: whatever made it fail.
        """
        ...
