"""Chromaprint of a recording, and how well a cut matches it (Lalinský, acoustid.org; library libchromaprint).

The library is reached through the module `chromaprint` that pyacoustid brings. The AcoustID service on the web
is never asked. A fingerprint is one number of 32 bits for about every eighth of a second; two that are of
the same sound differ in few bits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import SoundMissingError

Items = NDArray[np.uint32]
Floats = NDArray[np.float64]

ITEM_S = 1366 / 11025
"""Seconds from one item to the next: a third of a frame of 4096 samples."""

FEWEST = 16
"""Items that must overlap: about two seconds."""

STRETCH = 8
"""Items of one second."""

_ONES = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)


def chromaprint(samples: NDArray[np.floating], rate: int) -> Items:
    """(n,) uint32 of mono samples, full scale at -1 and 1; empty for less than about three seconds.

    Raises:
        SoundMissingError: the library is not at hand.
    """
    try:
        import chromaprint as library
    except ImportError as error:
        raise SoundMissingError("Recordings are known again by the library Chromaprint", "it is not installed here",
                                "Type: sudo apt-get install libchromaprint-tools") from error
    found = library.Fingerprinter()
    found.start(rate, 1)
    found.feed((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    items, _version = library.decode_fingerprint(found.finish())
    return np.array(items, np.int64).astype(np.uint32)


def best_match(query: Items, recordings: Sequence[Items]) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """How a cut lies best in each of several recordings.

    Returns:
        Per recording the share of bits that differ and that of the worst `STRETCH` items in a row, 1 where too little
        overlaps, and the item of it at which the cut begins (negative where the cut is the longer one and begins
        before it).
    """
    errors, worst, places = np.ones(len(recordings)), np.ones(len(recordings)), np.zeros(len(recordings), np.int64)
    for number, one in enumerate(recordings):
        if min(len(query), len(one)) >= FEWEST:
            errors[number], worst[number], places[number] = _slid(query, one)
    return errors, worst, places


def _slid(query: Items, one: Items) -> tuple[float, float, int]:
    """The least share of differing bits over all places of the shorter within the longer, its worst stretch, and where."""
    swapped = len(query) > len(one)
    short, long = (one, query) if swapped else (query, one)
    windows = np.lib.stride_tricks.sliding_window_view(long, len(short))
    differ = windows ^ short
    errors = _ONES[differ & 0xFFFF] + _ONES[differ >> 16]
    best = int(errors.sum(1, dtype=np.int64).argmin())
    there = errors[best] / 32
    worst = np.lib.stride_tricks.sliding_window_view(there, STRETCH).mean(1).max()
    return float(there.mean()), float(worst), -best if swapped else best
