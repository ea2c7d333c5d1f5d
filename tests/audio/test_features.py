from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from core.analysis.key import PROFILES
from core.audio.features import FEATURES, audio_features, turned
from core.audio.recording import RATE, read_recording, resampled
from core.errors import FormatError, LimitError


def tones(hertz: list[float], seconds_each: float = 0.25, rate: int = RATE) -> np.ndarray:
    """Decaying tones one after another."""
    time = np.arange(int(seconds_each * rate)) / rate
    return np.concatenate([np.sin(2 * np.pi * pitch * time) * np.exp(-6 * time) for pitch in hertz]).astype(np.float32)


def hertz(*pitches: int) -> list[float]:
    return [440 * 2 ** ((pitch - 69) / 12) for pitch in pitches]


def wav(samples: np.ndarray, rate: int = RATE, subtype: str = "FLOAT") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def value(samples: np.ndarray, name: str) -> float:
    return float(audio_features(samples)[FEATURES.index(name)])


SCALE = hertz(60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 60)


def test_features_have_names_and_are_finite() -> None:
    found = audio_features(tones(SCALE))
    assert found.shape == (len(FEATURES),)
    assert np.isfinite(found).all()
    assert sum(found[[FEATURES.index(f"chroma.{i}") for i in range(12)]]) == pytest.approx(1, abs=1e-5)


def test_higher_is_brighter_and_higher() -> None:
    low, high = tones(SCALE), tones([2 * pitch for pitch in SCALE])
    assert value(high, "height_mean") - value(low, "height_mean") == pytest.approx(12, abs=1)
    assert value(high, "centroid_mean") > value(low, "centroid_mean") + 0.5


def test_denser_has_more_onsets() -> None:
    slow, quick = tones(SCALE, 0.5), tones(SCALE * 4, 0.125)
    assert value(quick, "log_onsets") > value(slow, "log_onsets") + 1


def test_loudness_and_key_change_nothing_that_matters() -> None:
    plain, quiet = audio_features(tones(SCALE)), audio_features(0.01 * tones(SCALE))
    assert quiet == pytest.approx(plain, abs=0.05)
    moved = tones([pitch * 2 ** (5 / 12) for pitch in SCALE])
    assert value(moved, "chroma.0") == pytest.approx(value(tones(SCALE), "chroma.0"), abs=0.06)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", [0, 4, 11])
def test_chroma_is_turned_to_its_tonic(mode: str, tonic: int) -> None:
    chroma, majorness = turned(np.roll(PROFILES[mode], tonic))
    assert chroma == pytest.approx(np.array(PROFILES[mode]) / sum(PROFILES[mode]))
    assert (majorness > 0) == (mode == "major")


def test_stereo_and_other_rates_are_read() -> None:
    sound = tones(SCALE, rate=44_100)
    read = read_recording(wav(np.stack([sound, sound], 1), 44_100, "PCM_16"), "a.wav")
    assert read.ndim == 1
    assert len(read) == pytest.approx(len(sound) / 2, abs=2)
    assert audio_features(read) == pytest.approx(audio_features(resampled(sound, 44_100)), abs=0.05)


def test_text_named_wav_is_refused() -> None:
    with pytest.raises(FormatError, match=r"hello\.wav cannot be read"):
        read_recording(b"this is not sound\n" * 50, "hello.wav")


@pytest.mark.parametrize("samples", [np.zeros(1, np.float32), np.zeros(0, np.float32), np.ones(RATE // 2, np.float32)])
def test_one_sample_is_too_short(samples: np.ndarray) -> None:
    with pytest.raises(FormatError, match="at least 1 second"):
        audio_features(samples)


def test_silence_is_refused() -> None:
    with pytest.raises(FormatError, match="is silent"):
        audio_features(read_recording(wav(np.zeros(3 * RATE, np.float32)), "s.wav"))


def test_nan_is_refused() -> None:
    broken = tones(SCALE)
    broken[100] = np.nan
    with pytest.raises(FormatError, match="NaN"):
        read_recording(wav(broken), "n.wav")
    with pytest.raises(FormatError, match="NaN"):
        audio_features(broken)


def test_two_hours_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    long = wav(np.zeros(7200 * 50, np.int16), 50, "PCM_U8")
    monkeypatch.setattr(soundfile.SoundFile, "read", lambda *_a, **_k: pytest.fail("was read"))
    with pytest.raises(LimitError, match=r"up to 20 minutes; long\.wav lasts 120"):
        read_recording(long, "long.wav")


def test_long_recordings_are_heard_in_their_middle() -> None:
    noise = np.random.default_rng(0).normal(size=20 * RATE).astype(np.float32)
    middle = np.tile(tones(SCALE), 21)[: 60 * RATE]
    assert audio_features(np.concatenate([noise, middle, noise])) == pytest.approx(audio_features(middle), abs=1e-3)


def test_constant_sound_and_noise_give_numbers() -> None:
    for sound in (np.full(2 * RATE, 0.5, np.float32), np.random.default_rng(1).normal(size=2 * RATE).astype(np.float32)):
        assert np.isfinite(audio_features(sound)).all()
