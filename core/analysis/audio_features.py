"""What a recording sounds like, in numbers: timbre, brightness, loudness, tempo, onsets, key and height.

All from one short-time spectrum of at most `SPAN_S` seconds from the middle of the recording, through
librosa (McFee et al. 2015). Chroma is turned so that the likeliest tonic comes first; together with
the rest this makes features that tell as little as possible about the key that was played in.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from core.analysis.key import PROFILES
from core.errors import FormatError, LimitError

RATE = 22_050
"""Samples a second that recordings are analysed at."""

MIN_S, MAX_S = 1.0, 1_200.0
"""Shortest and longest recording in seconds."""

SPAN_S = 60.0
MAX_BYTES = 500_000_000
_SILENT = 1e-4  # -80 dB of full scale
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

Samples = NDArray[np.float32]


def read_recording(data: bytes, name: str) -> Samples:
    """The whole recording as mono samples (N,) at `RATE`, in the formats of libsndfile (WAV, FLAC, Ogg, MP3, AIFF).

    Raises:
        FormatError: it is no recording, is shorter than `MIN_S`, or holds NaN or infinity.
        LimitError: it is longer than `MAX_S` or larger than `MAX_BYTES`.
    """
    import soundfile

    if len(data) > MAX_BYTES:
        raise LimitError(f"Recordings may have up to {MAX_BYTES // 10**6} MB", f"{name} has {len(data) // 10**6}", "Trim it")
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            rate = file.samplerate
            check_length(file.frames / rate, name)
            frames = file.read(dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise FormatError("A recording is a WAV, FLAC, Ogg, MP3 or AIFF file", f"{name} cannot be read ({error.error_string})",
                          "Export it again in one of these formats") from error
    check_length(len(frames) / rate, name)  # the head of a broken file may say anything
    if not np.isfinite(frames).all():
        raise FormatError("The samples of a recording are numbers", f"{name} holds NaN or infinity", "Export it again")
    return resampled(frames.mean(axis=1), rate)


def resampled(samples: Samples, rate: int) -> Samples:
    """Samples (N,) at `RATE`."""
    if rate == RATE:
        return samples
    import librosa

    changed: Samples = librosa.resample(samples, orig_sr=rate, target_sr=RATE)
    return changed


def check_length(seconds: float, name: str) -> None:
    """Refuse what is too short or too long to analyse.

    Raises:
        FormatError: shorter than `MIN_S`.
        LimitError: longer than `MAX_S`.
    """
    if seconds < MIN_S:
        raise FormatError(f"A recording lasts at least {MIN_S:g} second", f"{name} lasts {seconds:.4f}", "Choose a longer one")
    if seconds > MAX_S:
        raise LimitError(f"A recording may last up to {MAX_S / 60:g} minutes", f"{name} lasts {seconds / 60:.0f}",
                         "Cut out the part that matters")


def audio_features(samples: Samples, name: str = "the recording") -> NDArray[np.float32]:
    """Features (len(FEATURES),) of mono samples (N,) at `RATE`, finite.

    Raises:
        FormatError: there is no sound in it, it is too short, or holds NaN or infinity.
        LimitError: it is too long.
    """
    import librosa

    check_length(len(samples) / RATE, name)
    if not np.isfinite(samples).all():
        raise FormatError("The samples of a recording are numbers", f"{name} holds NaN or infinity", "Export it again")
    sound = _middle(samples)
    if np.abs(sound).max() < _SILENT:
        raise FormatError("A recording holds sound", f"{name} is silent", "Check how it was recorded")
    sound = sound / np.abs(sound).max()
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
