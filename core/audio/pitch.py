"""The pitch of a recording of one voice at each moment, whether there is one, and how loud it is.

Pitch and voicing are SwiftF0's (Nieradzik, *SwiftF0: Fast and Accurate Monophonic Pitch Detection*, 2025;
MIT, its weights are in its package): a small network that needs no compiling and no download.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audio.recording import RATE, Samples, resampled
from core.engines.protocol import Progress, no_progress

RATE_HEARD = 16_000
"""Samples a second that SwiftF0 reads."""
HOP = 128
FRAME_S = HOP / RATE_HEARD
"""Seconds between two moments: SwiftF0 looks every 16 ms, and once more with the sound moved by half of that."""

LOUDEST = 0.5
"""The loudest sample of what is listened to."""
_PACE = 2 * HOP
"""Samples from one look of SwiftF0 to the next."""
_VIEW = 16 * _PACE
_BLOCK = 1_875 * _PACE
"""Thirty seconds, listened to between two reports of progress."""


@dataclass(frozen=True, eq=False)
class Track:
    """One row for each moment, all arrays (T,): `pitch` in MIDI semitones, `voiced` 0 to 1, `level` in dB;
    `sound` is what was listened to, mono samples at `RATE_HEARD`."""

    pitch: NDArray[np.float64]
    voiced: NDArray[np.float64]
    level: NDArray[np.float64]
    sound: Samples


@lru_cache(maxsize=1)
def _detector() -> Any:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def track(samples: Samples, progress: Progress = no_progress) -> Track:
    """Follow the pitch of mono samples (N,) at `core.audio.recording.RATE` that are not silent."""
    sound = resampled(samples, RATE, RATE_HEARD)
    sound = sound * (LOUDEST / np.abs(sound).max())
    blocks = [slice(at, at + _BLOCK) for at in range(0, len(sound), _BLOCK)]
    rows: list[NDArray[np.float64]] = []
    for done, block in enumerate(blocks):
        progress(done, len(blocks) + 1)
        rows.append(_tracked(sound, block))
    progress(len(blocks), len(blocks) + 1)
    pitch, voiced, level = np.concatenate(rows, axis=1)
    return Track(69 + 12 * np.log2(np.maximum(pitch, 1.0) / 440), voiced, level, sound)


def _tracked(sound: Samples, block: slice) -> NDArray[np.float64]:
    """Hertz, voicing and level of a block of samples as (3, T), with what sounds before and after it in view."""
    frames = -(-(min(block.stop, len(sound)) - block.start) // _PACE)
    ahead = min(block.start, _VIEW)
    seen = sound[block.start - ahead : block.stop + _VIEW]
    skipped = ahead // _PACE
    pair = []
    for moved in (0, HOP):
        heard = _detector().detect(np.pad(seen[moved:], (0, moved + _PACE)), RATE_HEARD)
        row = np.stack([heard.pitch_hz, heard.confidence, heard.loudness_db])
        pair.append(row[:, skipped : skipped + frames])
    return np.stack(pair, axis=2).reshape(3, -1)
