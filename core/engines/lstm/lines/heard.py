"""The lines that a network has learned from, remembered in few bits (Bloom 1970), so that no suggestion is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

BITS, HASHES = 8, 5
"""Bits a line and hashes a line: about 2% of other lines are taken for heard, which only costs suggestions."""
LEAST = 3
"""Units below which a line is anybody's."""

Bits = NDArray[np.uint8]


def remember(lines: Iterable[Sequence[str]]) -> Bits:
    """The filter for lines of at least `LEAST` units."""
    own = {tuple(line) for line in lines if len(line) >= LEAST}
    bits = np.zeros(max(1, len(own)), np.uint8)  # a byte a line
    for line in own:
        for place in _places(line, bits.size * BITS):
            bits[place // BITS] |= 1 << place % BITS
    return bits


def is_heard(line: Sequence[str], bits: Bits) -> bool:
    """Whether a line was learned from; False for shorter ones than `LEAST` units."""
    return len(line) >= LEAST and all(bits[place // BITS] >> place % BITS & 1 for place in _places(line, bits.size * BITS))


def _places(line: Sequence[str], size: int) -> list[int]:
    digest = blake2b(" ".join(line).encode(), digest_size=8 * HASHES).digest()
    return [int.from_bytes(digest[8 * n : 8 * n + 8], "little") % size for n in range(HASHES)]
