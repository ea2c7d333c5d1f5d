"""Registered recordings found again: in cuts, quieter, with noise, through MP3.

What is kept of a recording is its Chromaprint (`core.rights.chromaprints`); the sound cannot be made from it. The
threshold is that of docs/rights.md, where landmarks, another method, stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.audio.recording import RATE, loudest, read_recording
from core.errors import FormatError
from core.rights.chromaprints import ITEM_S, Items, best_match, chromaprint

ERRORS = 0.15
"""Share of differing bits up to which Chromaprints match,"""
WORST = 0.18
"""and that of any second of theirs: two slow tunes may share their first notes and then part."""
SHORTEST_S = 5.0


class Known(Protocol):
    """A registered recording, as `core.store.records.Recording` has it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def chromaprint(self) -> bytes: ...


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """What a recording is known again by."""

    seconds: float
    items: Items

    @property
    def chromaprint(self) -> bytes:
        """As the store keeps it."""
        return self.items.astype("<u4").tobytes()


@dataclass(frozen=True, slots=True)
class Found:
    """A registered recording in an upload: which, where in it the upload begins (seconds, negative where the upload
    begins before it), and the share of bits in which they differ, on the whole and in the worst second.
    """

    id: str
    title: str
    begins: float
    errors: float
    worst: float

    @property
    def sure(self) -> bool:
        """Whether it counts as the same recording."""
        return self.errors <= ERRORS and self.worst <= WORST


def print_of(data: bytes, name: str) -> Print:
    """What the recording in a file is known again by.

    Raises:
        FormatError: it is no recording, is shorter than `SHORTEST_S`, or silent.
        LimitError: it is too long; see `read_recording`.
        SoundMissingError: Chromaprint is not at hand.
    """
    return print_of_samples(read_recording(data, name), RATE, name)


def print_of_samples(samples: NDArray[np.floating], rate: int, name: str = "the recording") -> Print:
    """The same of mono samples (N,) at `rate`."""
    seconds = len(samples) / rate
    if seconds < SHORTEST_S:
        raise FormatError(f"A recording is known again from {SHORTEST_S:g} seconds on", f"{name} lasts {seconds:.1f}",
                          "Choose a longer one")
    return Print(seconds, chromaprint(samples / loudest(samples, name), rate))


def identify(cut: Print, known: Sequence[Known]) -> tuple[Found, ...]:
    """The registered recordings that a cut is from, the surest first."""
    return tuple(found for found in laid_over(cut, known) if found.sure)


def laid_over(cut: Print, known: Sequence[Known]) -> tuple[Found, ...]:
    """How a cut lies best in each of the registered recordings, the likeliest first, sure or not."""
    items = [np.frombuffer(one.chromaprint, "<u4").astype(np.uint32) for one in known]
    rows = zip(known, *best_match(cut.items, items), strict=True)
    found = [Found(one.id, one.title, round(float(place) * ITEM_S, 1), round(float(errors), 3), round(float(worst), 3))
             for one, errors, worst, place in rows]
    return tuple(sorted(found, key=lambda one: (one.errors, one.id)))
