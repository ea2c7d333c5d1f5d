"""The card beside a weight file: what it learned from, how, and how good it is."""

from __future__ import annotations

import platform
from collections.abc import Sequence

from core.corpora.registry import PART_SOURCES, SOURCES
from core.report import commit


def source_lines(counts: dict[str, int]) -> list[str]:
    """One line a source: name, licence, tier, number of pieces for training."""
    return [f"| {s.name} | {s.licence} | {s.tier} | {counts[s.id]} |" for s in (*SOURCES, *PART_SOURCES) if counts.get(s.id)]


def write(*, title: str, what: str, parameters: int, sources: dict[str, int], split: str, notes: Sequence[str],
          figures: dict[str, str], command: str, seconds: float, device: str, precision: str = "half") -> str:
    """The card as Markdown."""
    return "\n".join([
        f"# {title}", "", what, "",
        f"- Size: {parameters:,} parameters, stored in {precision} precision",
        f"- Command: `{command}`",
        f"- Commit: {commit()}",
        f"- Trained for {seconds / 60:.0f} minutes on {device} ({platform.machine()}, {platform.system()})",
        f"- Split: {split}",
        *(f"- {note}" for note in notes), "",
        "## Learned from", "", "| collection | licence | tier | pieces |", "|---|---|---|---|", *source_lines(sources), "",
        "## Figures", "", "| figure | value |", "|---|---|", *(f"| {k} | {v} |" for k, v in figures.items()), "",
    ])
