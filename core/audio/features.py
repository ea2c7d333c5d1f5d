"""What a recording sounds like, in numbers: timbre, brightness, loudness, tempo, onsets, key and height.

All from one short-time spectrum of at most `SPAN_S` seconds from the middle of the recording, through
librosa (McFee et al. 2015). Chroma is turned so that the likeliest tonic comes first; together with
the rest this makes features that tell as little as possible about the key that was played in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.analysis.key import PROFILES
from core.audio.recording import RATE, Samples, checked, loudest

MIN_S = 1.0
"""Shortest recording in seconds that has features."""

SPAN_S = 60.0
_MFCC = 13
_FFT, _HOP = 2048, 512
_LOW_HZ, _HIGH_HZ = 80.0, 2_500.0

FEATURES: tuple[str, ...] = (
    *(f"mfcc_mean.{i}" for i in range(_MFCC)),
    *(f"mfcc_deviation.{i}" for i in range(_MFCC)),
    *(f"{name}_{part}" for name in ("centroid", "flatness", "loudness", "height") for part in ("mean", "deviation")),
    *(f"chroma.{i}" for i in range(12)),
    "majorness", "log_tempo", "log_onsets", "onset_deviation", "height_low", "height_high",
)  # fmt: skip
"""Names, in the order of `audio_features`."""


def audio_features(samples: Samples, name: str = "the recording") -> NDArray[np.float32]:
    """Features (len(FEATURES),) of mono samples (N,) at `RATE`, finite.

    Raises:
        FormatError: there is no sound in it, it is too short, or holds NaN or infinity.
        LimitError: it is too long.
    """
    import librosa

    sound = _middle(checked(samples, RATE, name, MIN_S))
    sound = sound / loudest(sound, name)
    spectrum = np.abs(librosa.stft(sound, n_fft=_FFT, hop_length=_HOP))
    power = spectrum**2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=RATE))
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=_MFCC)
    loudness = librosa.power_to_db(power.sum(0), ref=np.max)
    sounding = loudness > -50
    flux = librosa.onset.onset_strength(S=mel, sr=RATE)
    centroid = np.log2(librosa.feature.spectral_centroid(S=spectrum, sr=RATE)[0] + 1)
    flatness = np.log2(librosa.feature.spectral_flatness(S=spectrum)[0] + 1e-8)
    chroma, majorness = turned(librosa.feature.chroma_stft(S=power, sr=RATE, tuning=0.0)[:, sounding].mean(1))
    height = _heights(spectrum)[sounding]
    values = [*mfcc.mean(1), *mfcc.std(1)]
    for curve in (centroid[sounding], flatness[sounding], loudness[sounding], height):
        values += [curve.mean(), curve.std()]
    values += [*chroma, majorness, *_timing(flux), *np.percentile(height, [10, 90])]
    return np.array(values, np.float32)


def turned(chroma: NDArray[np.floating]) -> tuple[NDArray[np.floating], float]:
    """Chroma (12,) as shares from the likeliest tonic on, and how much likelier major is than minor, -2..2."""
    shares = chroma / max(chroma.sum(), 1e-9)
    tonics = range(12)
    fits = {mode: [_correlation(np.roll(profile, tonic), shares) for tonic in tonics] for mode, profile in PROFILES.items()}
    best = max(fits, key=lambda mode: max(fits[mode]))
    tonic = int(np.argmax(fits[best]))
    return np.roll(shares, -tonic), max(fits["major"]) - max(fits["minor"])


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / max(np.sqrt((a @ a) * (b @ b)), 1e-12))


def _middle(samples: Samples) -> Samples:
    spare = len(samples) - int(SPAN_S * RATE)
    return samples if spare <= 0 else samples[spare // 2 : spare // 2 + int(SPAN_S * RATE)]


def _heights(spectrum: NDArray[np.floating]) -> NDArray[np.floating]:
    """MIDI pitch of the strongest bin of each frame, between `_LOW_HZ` and `_HIGH_HZ`."""
    hertz = np.arange(len(spectrum)) * RATE / _FFT
    inside = np.flatnonzero((hertz >= _LOW_HZ) & (hertz <= _HIGH_HZ))
    return 69 + 12 * np.log2(hertz[inside[spectrum[inside].argmax(0)]] / 440)


def _timing(flux: NDArray[np.floating]) -> tuple[float, float, float]:
    """Log2 of tempo and of onsets a second, and the spread of the times between onsets against their mean."""
    import librosa

    tempo = float(librosa.feature.tempo(onset_envelope=flux, sr=RATE, hop_length=_HOP)[0])
    onsets = librosa.onset.onset_detect(onset_envelope=flux, sr=RATE, hop_length=_HOP, units="time")
    gaps = np.diff(onsets)
    rate = max(len(onsets), 1) / (len(flux) * _HOP / RATE)
    return float(np.log2(max(tempo, 1.0))), float(np.log2(rate)), float(gaps.std() / gaps.mean()) if len(gaps) else 0.0
