"""What every `evaluate` prints: figures beside their targets and peers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def commit() -> str:
    """The commit of this working tree, or `unknown` outside a repository."""
    root = Path(__file__).resolve().parents[1]
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `better` is "higher" or "lower"; `target` None where there is none."""

    name: str
    value: float
    target: float | None
    better: str
    n: int
    split: str
    peers: dict[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "higher" else self.value <= self.target


@dataclass(frozen=True)
class Report:
    """Figures with what they were measured with."""

    figures: tuple[Figure, ...]
    commit: str
    weights: dict[str, str]
    device: str

    def as_dict(self) -> dict[str, Any]:
        rows = [{"name": f.name, "value": f.value, "target": f.target, "better": f.better, "met": f.met, "n": f.n,
                 "split": f.split, "peers": f.peers} for f in self.figures]
        return {"figures": rows, "commit": self.commit, "weights": self.weights, "device": self.device}

    def table(self) -> str:
        """As Markdown."""
        lines = [f"commit {self.commit}, {self.device}, weights " + ", ".join(f"{k} {v}" for k, v in self.weights.items()), "",
                 "| figure | value | target | met | n | split | beside |", "|---|---|---|---|---|---|---|"]
        for f in self.figures:
            target = "" if f.target is None else f"{'≥' if f.better == 'higher' else '≤'} {f.target:g}"
            met = {True: "yes", False: "no", None: ""}[f.met]
            peers = ", ".join(f"{name} {value:.4g}" for name, value in f.peers.items())
            lines.append(f"| {f.name} | {f.value:.4g} | {target} | {met} | {f.n} | {f.split} | {peers} |")
        return "\n".join(lines)
