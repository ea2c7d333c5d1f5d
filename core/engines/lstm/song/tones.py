"""Mandarin tones and melody: which way a sung interval should go from one tone to the next.

A tone is a contour on Chao's five levels (Chao, 1930): 1 = 55, 2 = 35, 3 = 21 (in running speech), 4 = 51. The next
syllable should begin to the side on which its onset level lies from the level at which the last one ended its sung part;
after a falling tone that is its onset, which is what a held note keeps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEVELS = {1: 5.0, 2: 3.8, 3: 1.6, 4: 4.4, 5: 2.6}
"""Mean level at which each tone is held."""
CLEAR = 0.5
"""Levels apart from which on the ear expects a direction."""
NATS = 1.6
"""By which an interval that goes the right way is favoured, and one that goes the other way is not, for each level."""


def expected(first: int, second: int) -> int:
    """1 where the melody should rise from the one tone to the other, -1 where it should fall, 0 where either will do."""
    apart = LEVELS[second] - LEVELS[first]
    return 0 if abs(apart) < CLEAR else 1 if apart > 0 else -1


def lean(first: int, second: int) -> NDArray[np.float64]:
    """Nats for the intervals -24 to 24 semitones from a syllable of the one tone to one of the other."""
    apart = LEVELS[second] - LEVELS[first]
    steps = np.arange(-24, 25)
    if abs(apart) < CLEAR:
        return np.where(np.abs(steps) > 4, -NATS, 0.0)
    way = np.sign(steps) * np.sign(apart)
    return NATS * np.minimum(abs(apart), 2.0) * np.where(way == 0, -0.5, way)
