"""Loudness brought to a target without clipping (ITU-R BS.1770-4, EBU R 128)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.engines.protocol import Progress, no_progress

if TYPE_CHECKING:
    import pyloudnorm

Samples = npt.NDArray[np.float32]
"""Stereo sound, shape (frames, 2), full scale at -1 and 1."""

TARGET_LUFS = -16.0
"""What streaming services and podcasts ask for in stereo."""

CEILING_DBTP = -1.0
"""Highest true peak: lossy encoders overshoot by up to about one decibel."""

MAX_GAIN_DB = 36.0
"""A hiss of reverb is not blown up to full loudness."""

_BLOCK_S = 0.4
_CHUNK_S = 60
_LOOKAHEAD_S = 0.005
_OVERSAMPLING = 4


@lru_cache(maxsize=4)
def _meter(rate: int) -> pyloudnorm.Meter:
    import pyloudnorm

    return pyloudnorm.Meter(rate, block_size=_BLOCK_S)


def measure_lufs(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS, gated as BS.1770-4 says; -inf for silence.

    Sound shorter than one gating block of 0.4 s is measured as if it were repeated. Long sound is
    measured a minute at a time, so that the filters' copies stay small; the gates see all of it.
    """
    if not len(samples) or not np.any(samples):
        return -np.inf
    shortest = int(np.ceil(_BLOCK_S * rate))
    if len(samples) < shortest:
        samples = np.tile(samples, (-(-shortest // len(samples)), 1))
    meter = _meter(rate)
    step = _CHUNK_S * rate
    blocks: list[float] = []
    for start in range(0, len(samples), step):
        chunk = samples[start : start + step]
        if len(chunk) < shortest:
            chunk = samples[-shortest:]
        # pyloudnorm divides by zero on a silent chunk; its blockwise figures are right all the same.
        with np.errstate(divide="ignore", invalid="ignore"):
            meter.integrated_loudness(chunk.astype(np.float64))
        blocks.extend(meter.blockwise_loudness)
    return _gated_mean(np.asarray(blocks))


def _gated_mean(blocks: npt.NDArray[np.float64]) -> float:
    """Mean loudness of blocks (LUFS) above the absolute gate and 10 LU below the mean of those."""
    power = 10 ** (blocks[blocks >= -70.0] / 10)
    if not len(power):
        return -np.inf
    power = power[power > power.mean() / 10]
    return float(10 * np.log10(power.mean()))


def frame_peaks(samples: Samples) -> npt.NDArray[np.float32]:
    """Highest absolute value of each frame, shape (frames,); an array's own `max` along two channels is slow."""
    return np.maximum(np.abs(samples[:, 0]), np.abs(samples[:, 1]))


def true_peak(samples: Samples) -> float:
    """Highest absolute value between and on the samples, by fourfold oversampling; 0 for nothing."""
    return float(_peaks(samples, 0.0).max(initial=0.0))


def _peaks(samples: Samples, floor: float) -> npt.NDArray[np.float32]:
    """Peak of each frame over both channels, with the points between frames where it nears `floor`."""
    from scipy.signal import resample_poly

    peaks = frame_peaks(samples)
    step, overlap = 1 << 12, 64
    for start in range(0, len(samples), step):
        stop = min(start + step, len(samples))
        # Peaks between the samples are rarely 3 dB higher; quiet blocks need no second look.
        if peaks[start:stop].max() < floor / 2:
            continue
        # The overlap keeps the resampling filter's edges out of the figures.
        low, high = max(0, start - overlap), min(len(samples), stop + overlap)
        fine = frame_peaks(resample_poly(samples[low:high], _OVERSAMPLING, 1, axis=0))
        fine = fine.reshape(-1, _OVERSAMPLING).max(axis=1)
        np.maximum(peaks[start:stop], fine[start - low : stop - low], out=peaks[start:stop])
    return peaks


def limit(samples: Samples, rate: int, ceiling_dbtp: float = CEILING_DBTP) -> Samples:
    """Turn down what rises above the ceiling, 5 ms ahead and smoothly, so that nothing clips.

    The gain is the moving mean of the moving minimum of the wanted gain over one window, which never
    exceeds the wanted gain inside that window. Sound below the ceiling comes back as it is.
    """
    ceiling = 10 ** (ceiling_dbtp / 20)
    peaks = _peaks(samples, ceiling)
    if peaks.max(initial=0.0) <= ceiling:
        return samples
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    wanted = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    window = 2 * int(_LOOKAHEAD_S * rate) + 1
    gain = uniform_filter1d(minimum_filter1d(wanted, window, mode="nearest"), window, mode="nearest")
    return (samples * gain[:, None]).astype(np.float32, copy=False)


def normalise(
    samples: Samples, rate: int, target_lufs: float = TARGET_LUFS, progress: Progress = no_progress
) -> Samples:
    """Bring sound to `target_lufs` with true peaks below `CEILING_DBTP`; silence stays silence.

    Limiting takes some loudness away, so the gain is corrected once; very peaky sound (a lone drum)
    stays a little below the target rather than being squashed further. The input is not changed.

    Raises:
        Cancelled: `progress` raised it; it is called before each of four passes over the sound.
    """
    gain_db = 0.0
    result = samples
    for turn in range(2):
        progress(2 * turn, 4)
        loudness = measure_lufs(result, rate)
        if not np.isfinite(loudness):
            return samples.copy()
        gain_db = float(np.clip(gain_db + target_lufs - loudness, -MAX_GAIN_DB, MAX_GAIN_DB))
        progress(2 * turn + 1, 4)
        louder = samples * np.float32(10 ** (gain_db / 20))
        result = limit(louder, rate)
        if result is louder:
            break
    return result
