"""Short hand-made recordings of one voice."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import soundfile

from core.audio.recording import RATE


def tone(pitch: float | np.ndarray, seconds: float, rate: int = RATE) -> np.ndarray:
    """A tone with five harmonics and soft ends; `pitch` in semitones, constant or (N,)."""
    count = int(seconds * rate)
    hertz = 440 * 2 ** ((np.broadcast_to(pitch, count) - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    sound = sum(np.sin(harmonic * phase) / harmonic for harmonic in range(1, 6))
    ramp = np.minimum(1, np.arange(count) / (0.01 * rate))
    return (0.3 * sound * ramp * ramp[::-1]).astype(np.float32)


def melody(pitches: Sequence[float], seconds: Sequence[float], gap: float = 0.04, rate: int = RATE) -> np.ndarray:
    """Tones one after another with a short gap at the end of each, a quarter of a second of silence first."""
    parts = [np.zeros(rate // 4, np.float32)]
    for pitch, length in zip(pitches, seconds, strict=True):
        parts += [tone(pitch, length - gap, rate), np.zeros(int(length * rate) - int((length - gap) * rate), np.float32)]
    return np.concatenate(parts)


def wav(samples: np.ndarray, rate: int = RATE, form: str = "WAV", subtype: str | None = None) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=form, subtype=subtype)
    return file.getvalue()
