"""A metronome to sing along with: two bars of clicks as a sound file that can be played round and round."""

from __future__ import annotations

import io

import numpy as np

from core.score import Metre

RATE = 22_050
_LONG_S, _HIGH_HZ, _LOW_HZ = 0.03, 1_500.0, 1_000.0


def clicks(tempo: float, metre: Metre) -> bytes:
    """A WAV of two bars at `tempo` quarter notes a minute; the first beat of a bar is higher."""
    import soundfile

    beats = metre.bar_ticks // metre.beat_ticks
    seconds = metre.beat_ticks / 480 * 60 / tempo
    sound = np.zeros(round(2 * beats * seconds * RATE), np.float32)
    time = np.arange(int(_LONG_S * RATE)) / RATE
    for beat in range(2 * beats):
        hertz = _HIGH_HZ if beat % beats == 0 else _LOW_HZ
        start = round(beat * seconds * RATE)
        room = min(len(time), len(sound) - start)
        sound[start : start + room] = (0.5 * np.sin(2 * np.pi * hertz * time) * np.exp(-time * 120))[:room]
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
