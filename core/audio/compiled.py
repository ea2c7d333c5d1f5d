"""`python -m core.audio.compiled`: what librosa compiles at its first use, compiled once, at installation.

numba keeps what it has compiled in files beside librosa. Nobody waits for it then; and two processes that compile at the same
time can leave files that crash whoever loads them.
"""

from __future__ import annotations

import numpy as np

from core.audio.features import audio_features
from core.audio.listen import listen
from core.audio.recording import RATE

SECONDS = 4


def compile_all() -> None:
    """Listen to a few clicks in every way that recordings are listened to."""
    time = np.arange(SECONDS * RATE) / RATE
    clicks = np.sin(2 * np.pi * 440 * time) * np.exp(-20 * (time % 0.5))
    listen(clicks, RATE)
    audio_features(clicks.astype(np.float32))


if __name__ == "__main__":
    compile_all()
