"""What a recording is like: tempo and beats, key, loudness, timbre. Any music, not only melodies.

The measures are librosa's (McFee et al. 2015), tempo and beats by dynamic programming (Ellis, *Beat tracking
by dynamic programming*, 2007), loudness by ITU-R BS.1770 (pyloudnorm), the key by Temperley's profiles over
the mean chroma. A 3-minute recording is listened to whole; what it takes is in docs/listening.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis.key import PROFILES
from core.audio.recording import RATE, Samples, checked, loudest
from core.engines.protocol import Progress, no_progress
from core.score import Key

MIN_S = 1.0
"""Shortest recording in seconds that is reported on."""
FFT, HOP = 2048, 512
MFCC = 13
_BLOCK = 60 * RATE // HOP * HOP
_QUIETEST = -70.0
"""The absolute gate of BS.1770 in LUFS: what is quieter is not told apart."""
_OVERTONES, _FADE = (0, 0, 7, 0, 4, 7), 0.7
"""Pitch classes of the first harmonics of a note and how fast they fade: what a key's notes sound like together
(Gómez, *Tonal description of music audio signals*, 2006)."""
_SHARPNESS = 12.0
"""Turns differences of correlation into shares; see `AudioReport.key_confidence`."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation over time."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class AudioReport:
    """What was heard. `tempo` in beats a minute, 0 where there is no beat; `beats` in seconds; `key_confidence` the
    share of the likeliest of 24 keys, 1/24 to 1 (a softmax of correlations, not a calibrated probability);
    `loudness` in LUFS, `peak` in dB of full scale; `mfcc` 13 coefficients; `centroid`, `bandwidth` and `rolloff`
    in hertz; `chroma` the shares of the 12 pitch classes from C on."""

    seconds: float
    tempo: float
    beats: tuple[float, ...]
    key: Key
    key_confidence: float
    loudness: float
    peak: float
    mfcc: tuple[Spread, ...]
    centroid: Spread
    bandwidth: Spread
    rolloff: Spread
    chroma: tuple[float, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; the key by its name."""
        return asdict(self) | {"key": self.key.name}


def listen(samples: NDArray[np.floating], rate: int, *, name: str = "the recording",
           progress: Progress = no_progress) -> AudioReport:
    """Report on mono samples (N,) at `rate`.

    Raises:
        FormatError: no sound in it, shorter than `MIN_S`, or NaN or infinity in it.
        LimitError: it is longer than `core.audio.recording.MAX_S`.
        Cancelled: `progress` raised it.
    """
    sound = checked(samples, rate, name, MIN_S)
    peak = loudest(sound, name)
    blocks = range(0, len(sound), _BLOCK)
    rows: list[NDArray[np.float64]] = []
    for done, start in enumerate(blocks):
        progress(done, len(blocks) + 1)
        if len(sound) - start >= FFT or not rows:
            rows.append(_frames(sound[start : start + _BLOCK] / peak))
    progress(len(blocks), len(blocks) + 1)
    frames = np.concatenate(rows, axis=1)
    flux, mfcc = frames[0], frames[1 : 1 + MFCC]
    centroid, bandwidth, rolloff = (_spread(row) for row in frames[1 + MFCC : 4 + MFCC])
    chroma = frames[4 + MFCC :].mean(axis=1)
    chroma = chroma / max(float(chroma.sum()), 1e-9)
    tempo, beats = _beats(flux)
    key, confidence = key_of(chroma)
    return AudioReport(len(samples) / rate, tempo, beats, key, confidence, _loudness(sound), float(20 * np.log10(peak)),
                       tuple(_spread(row) for row in mfcc), centroid, bandwidth, rolloff, tuple(float(c) for c in chroma))


def _frames(sound: Samples) -> NDArray[np.float64]:
    """Measures of each moment of a piece of a recording: (1 + MFCC + 3 + 12, moments)."""
    import librosa

    spectrum = np.abs(librosa.stft(sound, n_fft=FFT, hop_length=HOP))
    power = spectrum**2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=RATE))
    chroma = librosa.feature.chroma_stft(S=power, sr=RATE, tuning=0.0, norm=None)
    return np.concatenate([
        librosa.onset.onset_strength(S=mel, sr=RATE)[None],
        librosa.feature.mfcc(S=mel, n_mfcc=MFCC),
        librosa.feature.spectral_centroid(S=spectrum, sr=RATE),
        librosa.feature.spectral_bandwidth(S=spectrum, sr=RATE),
        librosa.feature.spectral_rolloff(S=spectrum, sr=RATE),
        np.sqrt(chroma),
    ]).astype(np.float64)


def _beats(flux: NDArray[np.float64]) -> tuple[float, tuple[float, ...]]:
    import librosa

    tempo, beats = librosa.beat.beat_track(onset_envelope=flux, sr=RATE, hop_length=HOP, units="time")
    return float(np.atleast_1d(tempo)[0]), tuple(float(beat) for beat in beats)


def key_of(chroma: NDArray[np.floating]) -> tuple[Key, float]:
    """The likeliest key for shares of pitch classes (12,), and its share among the 24; see `AudioReport`."""
    expected = {mode: sum(_FADE**index * np.roll(profile, step) for index, step in enumerate(_OVERTONES))
                for mode, profile in PROFILES.items()}
    fits = {(mode, tonic): float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]) if chroma.std() > 1e-9 else 0.0
            for mode, profile in expected.items() for tonic in range(12)}
    (mode, tonic), best = max(fits.items(), key=lambda item: item[1])
    return Key(0, tonic, mode), float(1 / sum(np.exp(_SHARPNESS * (fit - best)) for fit in fits.values()))


def _loudness(sound: Samples) -> float:
    from core.audio.loudness import measure_lufs

    return max(float(measure_lufs(sound[:, None], RATE)), _QUIETEST)


def _spread(row: NDArray[np.floating]) -> Spread:
    return Spread(float(row.mean()), float(row.std()))
