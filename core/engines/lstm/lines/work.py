"""Suggesting lines as a job: a plain function that can be sent to any runner, without torch before it runs."""

from __future__ import annotations

from core.engines.protocol import Progress, no_progress
from core.lyrics.suggest import SUGGESTIONS, NextLine, Wish


def suggest(asked: Wish, count: int = SUGGESTIONS, seed: int = 0, *, progress: Progress = no_progress) -> tuple[NextLine, ...]:
    """See `core.engines.lstm.lines.writer.suggest`."""
    from core.engines.lstm.lines import writer

    return writer.suggest(asked, count, seed, progress=progress)
