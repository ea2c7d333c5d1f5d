"""Suggesting lines as a job: a plain function that can be sent to any runner, without torch before it runs."""

from __future__ import annotations

from pathlib import Path

from core.engines.protocol import Progress, no_progress
from core.lyrics.suggest import LANGUAGES, SUGGESTIONS, NextLine, Wish

MODELS = Path(__file__).resolve().parents[4] / "assets" / "models"
"""Where `core.weights` has them; that imports torch."""


def languages() -> tuple[str, ...]:
    """The languages whose weights are at hand."""
    return tuple(language for language in LANGUAGES if (MODELS / f"lines-{language}.json").is_file())


def suggest(asked: Wish, count: int = SUGGESTIONS, seed: int = 0, *, progress: Progress = no_progress) -> tuple[NextLine, ...]:
    """See `core.engines.lstm.lines.writer.suggest`."""
    from core.engines.lstm.lines import writer

    return writer.suggest(asked, count, seed, progress=progress)
