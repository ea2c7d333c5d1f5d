"""Runs the roll's browser logic under node, where node is installed; the browser's tests cover it in any case."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ui.roll import WEB

NODE = shutil.which("node")
TESTS = Path(__file__).with_name("roll.test.mjs")
COMMANDS = [[NODE, "--test", str(TESTS)], *([NODE, "--check", str(path)] for path in sorted(WEB.glob("*.mjs")))] if NODE else []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: Path(command[-1]).name)
def test_node_agrees(command: list[str]) -> None:
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
