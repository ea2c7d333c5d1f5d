"""What is heard at each moment of a recording of one voice: pitch, whether there is one, loudness, and where notes begin.

Pitch and voicing are those of `core.audio.pitch`; where notes begin is told by `core.audio.onset_net`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.audio.onset_features import features
from core.audio.pitch import Track, track
from core.audio.recording import Samples
from core.engines.protocol import Progress, no_progress


@dataclass(frozen=True, eq=False)
class Heard(Track):
    """A track with log odds, (T,) each, that a note begins at a moment (`begins`) and near it (`near`)."""

    begins: NDArray[np.float64]
    near: NDArray[np.float64]


def hear(samples: Samples, progress: Progress = no_progress) -> Heard:
    """Listen to mono samples (N,) at `core.audio.recording.RATE` that are not silent.

    Raises:
        WeightsMissingError: the network's files are missing or damaged.
        Cancelled: `progress` raised it.
    """
    from core.audio.onset_net import BEGINS, NEAR, loaded, logits  # torch takes long to import

    found = track(samples, progress)
    told = logits(loaded(), features(found))
    return Heard(found.pitch, found.voiced, found.level, found.sound, told[:, BEGINS], told[:, NEAR])
