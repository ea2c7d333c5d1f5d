"""An answer, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

import numpy as np

from core.errors import Cancelled, SongloomError
from core.score import ChordSymbol, Key, Metre

T = TypeVar("T")


@dataclass(frozen=True)
class Said(Generic[T]):
    """Either `value`, or None and the error that says why not."""

    value: T | None = None
    reason: SongloomError | None = None

    @classmethod
    def of(cls, find: Callable[[], T]) -> Said[T]:
        """What `find` gives back, or the reason that it raised.

        Raises:
            Cancelled: `find` was stopped.
        """
        try:
            return cls(find())
        except Cancelled:
            raise
        except SongloomError as error:
            return cls(None, error)


def as_json(value: Any) -> Any:
    """A value as JSON holds it: dataclasses as objects, keys and chords with their names, arrays as lists.

    Numbers are rounded to four places; what is not a number becomes null. An answer becomes what it says, or an object
    with its `reason`.
    """
    if isinstance(value, Said):
        return as_json(value.value) if value.reason is None else {"reason": str(value.reason)}
    if isinstance(value, Key):
        return {"tick": value.tick, "name": value.name, "tonic": value.tonic, "mode": value.mode}
    if isinstance(value, ChordSymbol):
        return {"tick": value.tick, "name": value.text(), "root": value.root, "quality": value.quality, "bass": value.bass}
    if isinstance(value, Metre):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value) if item.repr}
    if isinstance(value, dict):
        return {str(name): as_json(inner) for name, inner in value.items()}
    if isinstance(value, np.ndarray):
        return as_json(value.tolist())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(inner) for inner in value]
    if isinstance(value, float | np.floating):
        return round(float(value), 4) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value if isinstance(value, str | int | bool) or value is None else str(value)
