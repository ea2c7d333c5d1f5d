"""Runs jobs in threads of this process: a bounded line, served one owner after the other."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import BusyError, Cancelled, MissingError, SongloomError
from core.jobs.protocol import JobStatus, State, Work

_log = logging.getLogger(__name__)

KEEP_SECONDS = 1800.0
"""How long a job that has ended, with its result, is remembered."""


def one_torch_thread() -> None:
    """Keep this thread's tensor work on one core.

    Small networks, run a note at a time, lose to the hand-over between cores: 3,000 steps of a
    2×512 LSTM took 6.3 s on one thread and 33.9 s on two. The setting belongs to the thread that
    makes it, so each worker makes its own.
    """
    import torch

    torch.set_num_threads(1)


def default_workers() -> int:
    """One core is left to the pages; more than four workers would only share the memory's speed."""
    return max(1, min(4, (os.cpu_count() or 2) - 1))


@dataclass(slots=True)
class _Job:
    id: str
    owner: str
    function: Work
    arguments: tuple[Any, ...]
    state: State = State.QUEUED
    done: int = 0
    total: int = 1
    stop: bool = False
    result: Any = None
    error: Exception | None = None
    ended_at: float = 0.0


class LocalRunner:
    """The `Runner` for one machine; safe to use from many threads.

    Args:
        workers: how many jobs run at once, at least 1.
        limit: how many jobs may wait in the line, over all owners.
        per_owner: how many of them may be one owner's, so that no owner fills the line alone.
        keep_seconds: how long a job that ended is remembered.
        prepare: called once in each worker, when it starts; `one_torch_thread` unless given.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        workers: int | None = None,
        limit: int = 32,
        per_owner: int = 8,
        keep_seconds: float = KEEP_SECONDS,
        prepare: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit, self._per_owner, self._keep = limit, per_owner, keep_seconds
        self._prepare, self._clock = prepare or one_torch_thread, clock
        self._change = threading.Condition()
        self._jobs: dict[str, _Job] = {}
        self._lines: OrderedDict[str, deque[_Job]] = OrderedDict()
        """Owner to waiting jobs; the owner to be served next comes first."""
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"songloom-job-{number}", daemon=True)
            for number in range(workers or default_workers())
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, owner: str, function: Work, *arguments: Any) -> str:
        """See `Runner.submit`."""
        with self._change:
            self._forget()
            if sum(map(len, self._lines.values())) >= self._limit:
                raise BusyError(
                    "Songloom is working for many people", f"{self._limit} pieces of work are waiting", "Try again in a minute"
                )
            if len(self._lines.get(owner, ())) >= self._per_owner:
                raise BusyError(
                    f"Up to {self._per_owner} pieces of your work can wait at once",
                    "that many do now",
                    "Wait for one to end, or cancel one",
                )
            job = _Job(uuid.uuid4().hex, owner, function, arguments)
            self._jobs[job.id] = job
            self._lines.setdefault(owner, deque()).append(job)
            self._change.notify()
            return job.id

    def status(self, job: str) -> JobStatus:
        """See `Runner.status`."""
        with self._change:
            found = self._find(job)
            position = self._position(found) if found.state is State.QUEUED else 0
            return JobStatus(found.id, found.owner, found.state, found.done, found.total, position, found.error)

    def cancel(self, job: str) -> None:
        """See `Runner.cancel`."""
        with self._change:
            found = self._jobs.get(job)
            if found is None:
                return
            found.stop = True
            if found.state is State.QUEUED:
                line = self._lines[found.owner]
                line.remove(found)
                if not line:
                    del self._lines[found.owner]
                self._end(found, State.CANCELLED)

    def result(self, job: str) -> Any:
        """See `Runner.result`."""
        with self._change:
            found = self._find(job)
        if found.state is State.DONE:
            return found.result
        if found.state is State.CANCELLED:
            raise Cancelled
        if found.error is not None:
            raise found.error
        raise MissingError("The result of this work is not there yet", f"it is {found.state}", "Wait until it is done")

    def wait(self, job: str, timeout: float | None = None) -> JobStatus:
        """See `Runner.wait`."""
        with self._change:
            found = self._find(job)
            self._change.wait_for(lambda: found.ended_at > 0, timeout)
        return self.status(job)

    def close(self) -> None:
        """Stop every job and every worker, and wait for the workers to leave."""
        with self._change:
            self._closed = True
            for job in self._jobs.values():
                job.stop = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _find(self, job: str) -> _Job:
        self._forget()
        if job not in self._jobs:
            raise MissingError(
                "This piece of work is not known any more", "the server was restarted or it ended long ago", "Start it again"
            )
        return self._jobs[job]

    def _forget(self) -> None:
        oldest = self._clock() - self._keep
        for job in [job for job in self._jobs.values() if job.ended_at and job.ended_at < oldest]:
            del self._jobs[job.id]

    def _position(self, job: _Job) -> int:
        """Place in the line as it will be served: owners in turn, each owner's jobs in order."""
        owners = list(self._lines)
        turn, place = self._lines[job.owner].index(job), owners.index(job.owner)
        before = sum(min(len(self._lines[owner]), turn + (at < place)) for at, owner in enumerate(owners) if owner != job.owner)
        return before + turn + 1

    def _next(self) -> _Job | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or self._lines)
            if self._closed:
                return None
            owner, line = self._lines.popitem(last=False)
            job = line.popleft()
            if line:
                self._lines[owner] = line
            job.state = State.RUNNING
            return job

    def _work(self) -> None:
        # At once, and not before the first job: importing torch takes seconds, and nobody waits yet.
        self._prepare()
        while (job := self._next()) is not None:
            try:
                result = job.function(*job.arguments, progress=self._progress_of(job))
            except Cancelled:
                self._finish(job, State.CANCELLED)
            except Exception as error:  # whatever it is, it belongs to the job and not to the worker
                if not isinstance(error, SongloomError):
                    _log.exception("job %s of %s failed", job.id, job.owner)
                self._finish(job, State.FAILED, error=error)
            else:
                self._finish(job, State.DONE, result)

    def _progress_of(self, job: _Job) -> Callable[[int, int], None]:
        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total
            if job.stop:
                raise Cancelled

        return progress

    def _finish(self, job: _Job, state: State, result: Any = None, error: Exception | None = None) -> None:
        with self._change:
            job.result, job.error = result, error
            if state is State.DONE:
                job.done = job.total
            self._end(job, state)

    def _end(self, job: _Job, state: State) -> None:
        """Called with the lock held."""
        job.state = state
        job.ended_at = max(self._clock(), 1e-9)
        job.function, job.arguments = _nothing, ()
        self._change.notify_all()


def _nothing() -> None:
    """Stands where a job's function was, so that what it held can be freed."""
