"""The script that installs Debian packages, run with a system made of stand-ins."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "tools" / "system_packages.sh"


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A folder to be the whole PATH: a few real tools, no fluidsynth, no chromium, no apt-get."""
    for tool in ("env", "mktemp", "tail", "rm", "sh", "cat"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def stand_in(system: Path, name: str, body: str) -> None:
    (system / name).write_text(f"#!/bin/sh\n{body}\n")
    (system / name).chmod(0o755)


def run(system: Path, what: str = "run") -> str:
    """Run the script; it must succeed whatever happens. Returns what it printed."""
    env = {"PATH": str(system), "LOG": str(system / "log"), "TMPDIR": str(system)}
    done = subprocess.run(["/bin/sh", str(SCRIPT), what], env=env, capture_output=True, text=True, check=True, timeout=30)
    assert done.stderr == ""
    return done.stdout


MISSING_ONLY_SOUNDFONT = "Missing: . Install them with your system's package manager (macOS: brew install fluid-synth)."
APT = 'echo "$DEBIAN_FRONTEND $*" >> "$LOG"'


def test_installs_as_root(system: Path) -> None:
    stand_in(system, "id", "echo 0")
    stand_in(system, "apt-get", APT)
    assert "Installing fluidsynth" in run(system, "test")
    update, install = (system / "log").read_text().splitlines()
    assert update.strip().startswith("update")
    assert install.startswith("noninteractive install -y")
    assert {"fluidsynth", "chromium"} <= set(install.split())


def test_installs_with_sudo_that_asks_nothing(system: Path) -> None:
    stand_in(system, "id", "echo 1000")
    stand_in(system, "sudo", '[ "$1" = -n ] || exit 1; shift; [ "$1" = true ] && exit 0; exec "$@"')
    stand_in(system, "apt-get", APT)
    run(system)
    assert "noninteractive install" in (system / "log").read_text()


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_prints_the_line_where_it_may_not(system: Path, sudo: str | None) -> None:
    stand_in(system, "id", "echo 1000")
    stand_in(system, "apt-get", APT)
    if sudo:
        stand_in(system, "sudo", sudo)
    assert "type: sudo apt-get install fluidsynth" in run(system)
    assert not (system / "log").exists()


def test_goes_on_where_installing_fails(system: Path) -> None:
    stand_in(system, "id", "echo 0")
    stand_in(system, "apt-get", "echo 'no network'; exit 100")
    printed = run(system)
    assert "no network" in printed
    assert "sudo apt-get install fluidsynth" in printed


def test_another_system_is_told_what_is_missing(system: Path) -> None:
    assert run(system).startswith("Missing: fluidsynth")


def test_asks_for_no_program_that_is_there(system: Path) -> None:
    for tool in ("fluidsynth", "fpcalc", "chromium", "node"):
        stand_in(system, tool, "exit 0")
    # Whether a soundfont is there is the real system's matter.
    assert run(system, "test").replace("fluid-soundfont-gm", "").strip() in ("", MISSING_ONLY_SOUNDFONT)
