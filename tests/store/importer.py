"""Run as a process of its own: `python -m tests.store.importer URL`. Stops in the middle of an import until it is killed."""

from __future__ import annotations

import sys

from core.store import Store, rows
from tests.store.make import history

if __name__ == "__main__":
    rows.CHUNK = 100

    def wait_in_the_middle(done: int, total: int) -> None:
        if done * 2 >= total:
            print("half", flush=True)
            sys.stdin.read()

    Store(sys.argv[1]).imports.bring("lastfm", listener="ann", plays=history(1000), progress=wait_in_the_middle)
