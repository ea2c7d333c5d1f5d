"""Long work away from the page: one protocol to submit, watch, cancel and collect it."""

from core.jobs.local import LocalRunner
from core.jobs.protocol import JobStatus, Runner, State, Work

__all__ = ["JobStatus", "LocalRunner", "Runner", "State", "Work"]
