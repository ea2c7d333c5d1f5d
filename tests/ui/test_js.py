"""Runs the components' browser logic under node, where node is installed; the browser's tests cover it in any case."""

import shutil
import subprocess
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
NODE = shutil.which("node")
TESTS = [["--test", str(path)] for path in sorted(Path(__file__).parent.glob("*.test.mjs"))]
CHECKS = [["--check", str(path)] for path in sorted(UI.glob("*/web/*.mjs"))]


@pytest.mark.parametrize("arguments", [*TESTS, *CHECKS] if NODE else [], ids=lambda found: Path(found[-1]).name)
def test_node_agrees(arguments: list[str]) -> None:
    assert NODE
    run = subprocess.run([NODE, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
