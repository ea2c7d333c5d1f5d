"""What is compiled at installation is all that listening needs: nothing is left for two processes to compile at once."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np

from core.audio.features import audio_features
from core.audio.listen import listen
from core.audio.recording import RATE


def compiled() -> set[str]:
    return {path.name for path in Path(librosa.__file__).parent.rglob("*.nbc")}


def test_nothing_is_left_to_compile() -> None:
    before = compiled()
    assert before, "make .venv/.installed runs core.audio.compiled"
    time = np.arange(6 * RATE) / RATE
    scale = np.sin(2 * np.pi * 220 * 2 ** (np.floor(time * 3) / 12) * time) * np.exp(-3 * (time % (1 / 3)))
    for sound in (np.random.default_rng(0).normal(size=6 * RATE) * 0.1, scale):
        listen(sound, RATE)
        audio_features(sound.astype(np.float32))
    assert compiled() == before
