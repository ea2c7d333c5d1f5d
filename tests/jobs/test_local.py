"""The local runner: states, results, fairness, bounds, cancelling, forgetting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from core.errors import BusyError, Cancelled, MissingError, RequestError
from core.jobs import LocalRunner, State

WAIT = 10.0


class Gate:
    """Work that starts, says so, and goes on only when it is let through."""

    def __init__(self) -> None:
        self.started, self.open = threading.Event(), threading.Event()

    def __call__(self, name: str, order: list[str], progress) -> str:
        self.started.set()
        assert self.open.wait(WAIT)
        progress(1, 2)
        order.append(name)
        return name


def note(name: str, order: list[str], progress) -> str:
    progress(1, 1)
    order.append(name)
    return name


@pytest.fixture
def runner() -> Iterator[LocalRunner]:
    runner = LocalRunner(workers=1, limit=6, per_owner=4, prepare=lambda: None)
    yield runner
    runner.close()


def test_result_and_states(runner: LocalRunner) -> None:
    gate, order = Gate(), []
    job = runner.submit("ann", gate, "a", order)
    assert gate.started.wait(WAIT)
    assert runner.status(job).state is State.RUNNING
    with pytest.raises(MissingError, match="not there yet"):
        runner.result(job)
    gate.open.set()
    status = runner.wait(job, WAIT)
    assert (status.state, status.share, status.position) == (State.DONE, 1.0, 0)
    assert runner.result(job) == "a"


def test_owners_take_turns_and_positions_say_so(runner: LocalRunner) -> None:
    gate, order = Gate(), []
    first = runner.submit("ann", gate, "gate", order)
    assert gate.started.wait(WAIT)
    jobs = [runner.submit(name[0], note, name, order) for name in ("a1", "a2", "a3", "b1", "c1")]
    positions = [runner.status(job).position for job in jobs]
    assert positions == [1, 4, 5, 2, 3]
    gate.open.set()
    for job in (first, *jobs):
        runner.wait(job, WAIT)
    assert order == ["gate", "a1", "b1", "c1", "a2", "a3"]


def test_the_line_is_bounded_for_all_and_for_each(runner: LocalRunner) -> None:
    gate, order = Gate(), []
    runner.submit("ann", gate, "gate", order)
    assert gate.started.wait(WAIT)
    for number in range(4):
        runner.submit("ann", note, str(number), order)
    with pytest.raises(BusyError, match="4 pieces of your work"):
        runner.submit("ann", note, "x", order)
    runner.submit("bob", note, "b1", order)
    runner.submit("bob", note, "b2", order)
    with pytest.raises(BusyError, match="Try again"):
        runner.submit("cid", note, "x", order)
    gate.open.set()


def test_cancel_in_the_line_and_while_running(runner: LocalRunner) -> None:
    gate, order = Gate(), []
    running = runner.submit("ann", gate, "gate", order)
    assert gate.started.wait(WAIT)
    waiting = runner.submit("ann", note, "never", order)
    runner.cancel(waiting)
    assert runner.status(waiting).state is State.CANCELLED
    runner.cancel(running)
    gate.open.set()
    assert runner.wait(running, WAIT).state is State.CANCELLED
    assert order == []
    with pytest.raises(Cancelled):
        runner.result(running)
    after = runner.submit("ann", note, "after", order)
    assert runner.wait(after, WAIT).state is State.DONE


def test_a_failure_is_the_jobs_own(runner: LocalRunner) -> None:
    def refuse(progress) -> None:
        raise RequestError("A tempo between 20 and 300 is needed", "got 0")

    def crash(progress) -> None:
        raise ZeroDivisionError("a bug")

    for work, kind in ((refuse, RequestError), (crash, ZeroDivisionError)):
        job = runner.submit("ann", work)
        status = runner.wait(job, WAIT)
        assert status.state is State.FAILED
        assert isinstance(status.error, kind)
        with pytest.raises(kind):
            runner.result(job)
    good = runner.submit("ann", note, "good", [])
    assert runner.wait(good, WAIT).state is State.DONE


def test_ended_jobs_are_forgotten_after_a_while() -> None:
    now = [100.0]
    runner = LocalRunner(workers=1, keep_seconds=60, prepare=lambda: None, clock=lambda: now[0])
    job = runner.submit("ann", note, "a", [])
    runner.wait(job, WAIT)
    now[0] += 59
    assert runner.result(job) == "a"
    now[0] += 2
    with pytest.raises(MissingError, match="Start it again"):
        runner.status(job)
    runner.cancel(job)
    runner.close()


def test_workers_are_prepared_once_each() -> None:
    calls: list[str] = []
    runner = LocalRunner(workers=1, prepare=lambda: calls.append(threading.current_thread().name))
    for _ in range(3):
        runner.wait(runner.submit("ann", note, "a", []), WAIT)
    runner.close()
    assert calls == ["songloom-job-0"]


def test_many_owners_at_once_lose_nothing() -> None:
    runner, done = LocalRunner(workers=4, limit=200, per_owner=50, prepare=lambda: None), []
    jobs: list[str] = []

    def owner(name: str) -> None:
        jobs.extend([runner.submit(name, note, f"{name}{number}", done) for number in range(40)])

    threads = [threading.Thread(target=owner, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(runner.wait(job, WAIT).state is State.DONE for job in jobs)
    runner.close()
    assert len(done) == 160
    assert len(set(done)) == 160
