"""What an onset detector sees of a recording of one voice: the spectrum, and the harmonics of the pitch that is heard.

A note that is struck again in the same pitch hardly changes the spectrum, but the new sound does not go on with the phase
of the old one. So each harmonic of the tracked pitch is followed in level and phase: how far its phase turns from what the
pitch says, and how evenly it turns (Bello et al., *On the use of phase and energy for musical onset detection in the complex
domain*, 2004, along harmonics instead of bins).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.audio.pitch import HOP, LOUDEST, RATE_HEARD, Track

_LONG, _SHORT = 1024, 512
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 40, 60.0, 7_600.0
_HARMONICS, _PHASES = 8, 6
_FLOOR_DB = 80.0
_BLOCK = 4_096
"""Moments looked at together, so that twenty minutes need little memory."""
SIZE = _BANDS + _HARMONICS + 2 * _PHASES + 4
"""Numbers for each moment."""

Floats = NDArray[np.float32]


def features(heard: Track) -> Floats:
    """(T, `SIZE`), numbers of about -1 to 1."""
    sound, pitch, level = heard.sound, heard.pitch, heard.level
    moved = np.clip(np.diff(pitch, prepend=pitch[:1]), -2, 2)
    known = np.stack([heard.voiced, (pitch - 66) / 18, moved, (level - level.max() + 30) / 30], axis=1)
    padded = np.pad(sound.astype(np.float32), (_LONG, max(0, len(pitch) * HOP + _LONG - len(sound))))
    return np.concatenate([np.concatenate([_seen(padded, pitch, at), known[at : at + _BLOCK]], axis=1)
                           for at in range(0, len(pitch), _BLOCK)]).astype(np.float32)


def _seen(padded: Floats, pitch: NDArray[np.float64], first: int) -> NDArray[np.floating]:
    """Features of the block of moments from `first` on that come from the sound, which has `_LONG` samples put before it."""
    earlier = min(first, 2)
    count = min(_BLOCK, len(pitch) - first)
    hertz = 440 * 2 ** ((pitch[first - earlier : first + count] - 69) / 12)
    long = _spectra(padded, first - earlier, count + earlier, _LONG)
    mel = np.square(np.abs(_spectra(padded, first, count, _SHORT))) @ _bands().T
    strength, turned, uneven = (row[earlier:] for row in _harmonics(long, hertz))
    return np.concatenate([_decibels(mel), _decibels(np.square(strength)), turned, uneven], axis=1)


def _spectra(padded: Floats, first: int, count: int, size: int) -> NDArray[np.complexfloating]:
    """(count, size / 2 + 1), windows with their middles at multiples of `HOP`; a loudest possible tone gives 1."""
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    begin = _LONG + first * HOP - size // 2
    frames = np.lib.stride_tricks.sliding_window_view(padded[begin : begin + count * HOP + size], size)[::HOP][:count]
    return np.asarray(np.fft.rfft(frames * (window * (2 / window.sum() / LOUDEST))))


def _decibels(power: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(np.maximum(10 * np.log10(power + 1e-12), -_FLOOR_DB) / (_FLOOR_DB / 2) + 1)


def _harmonics(spectra: NDArray[np.complexfloating], hertz: NDArray[np.float64]) -> tuple[NDArray[np.floating], ...]:
    """Strength (T, `_HARMONICS`) of the harmonics of a pitch, and of the first `_PHASES` how far the phase turned from
    what the pitch says and from how far it turned before, -1 to 1 for half a turn."""
    count, bins = spectra.shape
    number = np.arange(1, _HARMONICS + 1)
    here = hertz[:, None] * number
    places = np.rint(here * _LONG / RATE_HEARD).astype(int)
    inside = places < bins - 1
    places = np.clip(places, 1, bins - 2)
    row = np.arange(count)[:, None]
    about = np.abs(np.stack([spectra[row, places + step] for step in (-1, 0, 1)]))
    strength = about.max(axis=0) * inside
    places = (places + about.argmax(axis=0) - 1)[:, :_PHASES]
    before, earlier = np.maximum(row - 1, 0), np.maximum(row - 2, 0)
    turn = spectra[row, places] * np.conj(spectra[before, places])
    turn_before = spectra[before, places] * np.conj(spectra[earlier, places])
    said = np.exp(-2j * np.pi * here[:, :_PHASES] * HOP / RATE_HEARD)
    turned = np.angle(turn * said) / np.pi * inside[:, :_PHASES]
    uneven = np.angle(turn * np.conj(turn_before)) / np.pi * inside[:, :_PHASES]
    return strength, turned, uneven


@lru_cache(maxsize=1)
def _bands() -> NDArray[np.float64]:
    """Triangles (bands, bins) on the mel scale, each summing to one."""
    import librosa

    shape = librosa.filters.mel(sr=RATE_HEARD, n_fft=_SHORT, n_mels=_BANDS, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ, htk=True,
                                norm=None, dtype=np.float64)
    return np.asarray(shape / shape.sum(axis=1, keepdims=True))
