"""The refit as a process of its own: `python -m core.taste.refit FOLDER`, the store's address in `SONGLOOM_DB`.

Fitting keeps the interpreter busy for seconds; in a process of its own it takes nothing from the
pages, runs at the lowest priority, and can be killed at any moment. It writes its progress as lines
`done total` and ends with `snapshot NAME`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from core.errors import Cancelled, SongloomError, StoreError
from core.store.database import URL
from core.taste.protocol import Progress, no_progress

_ROOT = Path(__file__).resolve().parents[2]
NICE = 19


def refit_apart(url: str, folder: str, *, progress: Progress = no_progress) -> str:
    """Refit in a process of its own; returns the name of the new snapshot. A function for `core.jobs`.

    Raises:
        StoreError: the process failed; the old snapshot holds on.
        Cancelled: `progress` raised it; the process is ended, the same.
    """
    environment = os.environ | {URL: url, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": _path()}
    command = [sys.executable, "-m", "core.taste.refit", folder]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            name = _follow(process.stdout, progress)
        except Cancelled:
            process.kill()
            raise
        said = process.stderr.read().strip()
    if process.returncode != 0 or not name:
        reason = said.splitlines()[-1] if said else f"its process ended with {process.returncode}"
        raise StoreError("The taste of this Songloom is learned again", reason, "It is tried again with the next change")
    return name


def _follow(lines: Iterable[str], progress: Progress) -> str:
    name = ""
    for line in lines:
        first, _, second = line.strip().partition(" ")
        if first == "snapshot":
            name = second
        elif first.isdigit() and second.isdigit():
            progress(int(first), int(second))
    return name


def _path() -> str:
    before = os.environ.get("PYTHONPATH", "")
    return f"{_ROOT}{os.pathsep}{before}" if before else str(_ROOT)


def main(folder: str) -> int:
    """Refit here and now; 2 after an error that was said on stderr."""
    from core.store.database import default_url
    from core.taste.fitting import refit

    os.nice(NICE)

    def say(done: int, total: int) -> None:
        print(done, total, flush=True)

    try:
        name = refit(default_url(), Path(folder), progress=say)
    except SongloomError as error:
        print(error, file=sys.stderr)
        return 2
    print("snapshot", name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
