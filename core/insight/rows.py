"""Measures of many pieces as a table, kept on disk until the code that measures changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.corpora.codeversion import code_version
from core.engines.protocol import Progress, no_progress
from core.insight.files import CACHE

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Table:
    """`rows` (N, F) of measures with their names; NaN is not known."""

    rows: NDArray[np.float64]
    names: tuple[str, ...]


def table(
    name: str, modules: Sequence[str], ids: Sequence[str], things: Sequence[Thing],
    measure: Callable[[Thing], Mapping[str, float]], progress: Progress = no_progress, cache: Path | None = CACHE,
) -> Table:
    """What `measure` says of every thing; `modules` are where it is defined, `ids` say which things they are."""
    digest = sha256(repr(([code_version(module) for module in modules], list(ids))).encode()).hexdigest()[:16]
    path = cache / f"{name}-{digest}.npz" if cache else None
    if path and path.is_file():
        with np.load(path) as kept:
            return Table(kept["rows"], tuple(str(one) for one in kept["names"]))
    values = []
    for done, thing in enumerate(things):
        if done % 100 == 0:
            progress(done, len(things))
        values.append(measure(thing))
    progress(len(things), len(things))
    names = tuple(values[0])
    found = Table(np.array([[value[one] for one in names] for value in values]), names)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-*.npz"):
            old.unlink()
        np.savez(path, rows=found.rows, names=np.array(names))
    return found
