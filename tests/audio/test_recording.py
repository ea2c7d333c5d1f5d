from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audio.listen import listen
from core.audio.recording import MAX_CHANNELS, RATE, read_recording
from core.errors import InputError, LimitError
from core.score import Key
from tests.audio.voices import melody, wav

SOUND = melody([60, 64, 67, 72, 67, 64], [0.25] * 6)


@pytest.mark.parametrize(("rate", "channels", "form", "subtype"), [
    (8_000, 1, "WAV", "ULAW"), (44_100, 2, "FLAC", None), (44_100, 2, "OGG", "VORBIS"), (44_100, 1, "MP3", None),
    (192_000, 1, "WAV", "FLOAT"), (48_000, MAX_CHANNELS, "WAV", "PCM_24"),
])  # fmt: skip
def test_formats_rates_and_channels_are_read(rate: int, channels: int, form: str, subtype: str | None) -> None:
    sound = melody([60, 64, 67], [0.5] * 3, rate=rate)
    read = read_recording(wav(np.stack([sound] * channels, 1), rate, form, subtype), "a")
    assert len(read) / RATE == pytest.approx(1.75, abs=0.06)
    assert np.abs(read).max() == pytest.approx(np.abs(sound).max(), rel=0.35)


def test_more_channels_are_refused() -> None:
    with pytest.raises(LimitError, match="channels"):
        read_recording(wav(np.zeros((RATE, MAX_CHANNELS + 1)), RATE, "WAV", "PCM_16"), "many.wav")


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 4_000), broken=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
       form=st.sampled_from(["WAV", "FLAC", "OGG", "MP3"]))
def test_broken_files_give_samples_or_a_word(cut: int, broken: list[tuple[int, int]], form: str) -> None:
    data = bytearray(FILES[form])
    for place, value in broken:
        data[place] = value
    try:
        samples = read_recording(bytes(data[: len(data) - cut]), "broken")
    except InputError:
        return
    assert samples.ndim == 1
    assert np.isfinite(samples).all()


FILES = {form: wav(SOUND, 44_100, form, "VORBIS" if form == "OGG" else None) for form in ("WAV", "FLAC", "OGG", "MP3")}


def test_a_report_tells_key_beats_and_timbre() -> None:
    quarter = [[60, 64, 67, 64], [65, 69, 72, 69], [67, 71, 74, 71], [60, 64, 67, 72]]
    sound = melody([pitch for bar in quarter for pitch in bar], [0.5] * 16)
    report = listen(sound, RATE)
    assert report.key == Key(0, 0, "major")
    assert 1 / 24 <= report.key_confidence <= 1
    assert report.tempo == pytest.approx(120, rel=0.03)
    assert np.diff(report.beats) == pytest.approx(0.5, abs=0.06)
    assert sum(report.chroma) == pytest.approx(1)
    assert -30 < report.loudness < -5
    told = report.as_dict()
    assert told["key"] == "C major"
    assert len(told["mfcc"]) == 13


def test_quieter_is_quieter_and_else_the_same() -> None:
    plain, quiet = listen(SOUND, RATE), listen(0.1 * SOUND, RATE)
    assert plain.loudness - quiet.loudness == pytest.approx(20, abs=0.1)
    assert quiet.centroid.mean == pytest.approx(plain.centroid.mean, rel=0.01)
