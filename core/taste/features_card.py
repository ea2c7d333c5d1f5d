"""The card beside the shipped table of features."""

from __future__ import annotations

import platform
import subprocess
from collections import Counter
from importlib import metadata
from pathlib import Path

import numpy as np

from core.taste.describe import NUMBERS
from core.taste.features import FeatureTable

_SHOWN = ("log_tempo", "log_notes_per_second", "register", "energy", "valence")


def card(table: FeatureTable, failures: dict[str, str], size: int, seconds: float) -> str:
    """The card as Markdown."""
    root = Path(__file__).resolve().parents[2]
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False)
    modes = ", ".join(f"{mode} {count}" for mode, count in Counter(table.word("mode").tolist()).most_common())
    rows = [f"| {name} | " + " | ".join(f"{value:.2f}" for value in np.percentile(table.number(name), [10, 50, 90])) + " |"
            for name in _SHOWN]
    return "\n".join([
        "# Features of the catalogue", "",
        f"What {len(table):,} tunes of the catalogue are like (`core/taste/describe.py`): {len(NUMBERS)} numbers in half",
        "precision and the words for style, source, metre, mode and tempo.", "",
        "- Command: `songloom catalogue features`",
        f"- Commit: {commit.stdout.strip() or 'unknown'}",
        f"- Made with: {table.origin}, numpy {metadata.version('numpy')}, Python {platform.python_version()}",
        f"- Size: {size / 2**20:.2f} MiB; made in {seconds:.0f} s",
        f"- Not described: {len(failures)}" + "".join(f"\n  - {ident}: {why}" for ident, why in failures.items()),
        f"- Modes as settled by what sounds: {modes}", "",
        "| number | 10% | median | 90% |", "|---|---|---|---|", *rows, "",
    ])
