"""A progress bar on stderr, where somebody watches."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any


class Bar:
    """A `core.engines.protocol.Progress` that draws itself; silent where stderr is no terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None

    def __enter__(self) -> Bar:
        return self

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            look = "{desc} {percentage:3.0f}%|{bar}|"
            self._bar = tqdm(desc=self._what, leave=False, disable=not sys.stderr.isatty(), bar_format=look)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
