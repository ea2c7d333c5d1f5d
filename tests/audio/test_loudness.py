from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio.loudness import CEILING_DBTP, Samples, limit, measure_lufs, normalise, true_peak

RATE = 44_100
CEILING = 10 ** (CEILING_DBTP / 20)


def tone(seconds: float, level: float = 0.1, hertz: float = 440.0) -> Samples:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def noise(seconds: float, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0, 0.05, (int(seconds * RATE), 2)).astype(np.float32)


def test_measures_as_the_reference_tone_says() -> None:
    # BS.1770: a 997 Hz tone of full scale in one channel is -3.01 LUFS; in both channels 0 LUFS.
    assert measure_lufs(tone(3, 1.0, 997.0), RATE) == pytest.approx(0.0, abs=0.05)


def test_minute_by_minute_is_the_same_as_at_once() -> None:
    sound = np.concatenate([noise(50), 0.02 * noise(40), noise(45, 1)])
    whole = pyloudnorm.Meter(RATE).integrated_loudness(sound.astype(np.float64))
    assert measure_lufs(sound, RATE) == pytest.approx(whole, abs=0.05)


@pytest.mark.parametrize("level", [0.003, 0.1, 0.9])
def test_reaches_the_target(level: float) -> None:
    assert measure_lufs(normalise(tone(2, level), RATE), RATE) == pytest.approx(-16, abs=0.2)


def test_peaky_sound_reaches_the_target_without_clipping() -> None:
    sound = 0.05 * tone(4)
    sound[:: RATE // 4] = 0.9  # clicks 40 dB above the tone
    result = normalise(sound, RATE)
    assert true_peak(result) <= 1.0
    assert measure_lufs(result, RATE) == pytest.approx(-16, abs=1.5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), gain=st.floats(0.1, 30), length=st.integers(1, 12_000))
def test_limit_keeps_true_peaks_near_the_ceiling(seed: int, gain: float, length: int) -> None:
    sound = (noise(0.3, seed)[:length] * np.float32(gain)).astype(np.float32)
    result = limit(sound, RATE)
    assert result.shape == sound.shape
    assert np.abs(result).max() <= CEILING + 1e-6
    assert true_peak(result) <= 1.0


def test_limit_leaves_quiet_sound_alone() -> None:
    sound = tone(1, 0.5)
    assert limit(sound, RATE) is sound


def test_true_peak_sees_between_the_samples() -> None:
    # A tone at a quarter of the rate, sampled 45 degrees off its peaks, rises 3 dB between samples.
    wave = np.sin(np.pi / 2 * np.arange(2000) + np.pi / 4)
    sound = np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
    assert np.abs(sound).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak(sound[100:-100]) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("frames", [0, 1, 100, RATE])
def test_silence_stays_silence(frames: int) -> None:
    silence = np.zeros((frames, 2), np.float32)
    assert np.array_equal(normalise(silence, RATE), silence)
    assert measure_lufs(silence, RATE) == -np.inf


@pytest.mark.parametrize("frames", [1, 50, 3000])
def test_very_short_sound_is_brought_up_and_does_not_clip(frames: int) -> None:
    result = normalise(tone(1)[10 : 10 + frames], RATE)
    assert np.all(np.isfinite(result))
    assert np.abs(result).max() <= 1.0


def test_input_is_not_changed() -> None:
    sound = tone(1)
    before = sound.copy()
    normalise(sound, RATE)
    assert np.array_equal(sound, before)
