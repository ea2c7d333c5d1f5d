from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.audio import export
from core.audio.export import FORMATS, audio_format, encode, render_bytes, render_file
from core.audio.fluid import RATE
from core.audio.loudness import Samples, measure_lufs
from core.audio.soundfonts import Soundfont
from core.audio.tags import read_note
from core.errors import Cancelled, FormatError, LimitError, SoundMissingError
from core.score import Note, Score, Tempo, Track
from core.score.files import write_score

SCORE = Score((Track(tuple(Note(i * 240, 60 + i, 240) for i in range(8)), program=40),), title="Étude 练习")


@pytest.fixture(scope="module")
def sweep() -> Samples:
    """Twelve seconds: longer than what a one-shot Vorbis write survives."""
    t = np.arange(12 * RATE) / RATE
    wave = 0.4 * np.sin(2 * np.pi * (200 + 50 * t) * t)
    return np.stack([wave, -wave], axis=1).astype(np.float32)


@pytest.mark.parametrize("format", FORMATS)
def test_decodes_to_what_was_written(format: str, sweep: Samples) -> None:
    data = encode(sweep, RATE, format, title="Étude 练习", note="made for a test")
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert (file.samplerate, file.channels) == (RATE, 2)
        assert file.title == "Étude 练习"
        back = file.read(dtype="float32")
    assert read_note(data, format) == "made for a test"
    assert abs(len(back) - len(sweep)) <= 2400  # MP3 pads to whole granules
    delays = range(2400) if format == "mp3" else (0,)
    middle = slice(5 * RATE, 5 * RATE + 4096)
    errors = [np.abs(back[middle.start + d : middle.stop + d] - sweep[middle]).max() for d in delays]
    assert min(errors) < 0.05


@pytest.mark.parametrize("format", FORMATS)
def test_empty_and_tiny_sound(format: str) -> None:
    for frames in (0, 1):
        data = encode(np.zeros((frames, 2), np.float32), RATE, format)
        assert isinstance(data, bytes)


def test_what_is_too_loud_is_clipped_not_wrapped() -> None:
    back, _ = soundfile.read(io.BytesIO(encode(np.full((100, 2), 3.0, np.float32), RATE, "wav")))
    assert back.min() > 0.99


def test_format_is_found_by_suffix_or_name() -> None:
    assert audio_format("a.b.MP3") is audio_format("mp3") is audio_format(".mp3") is FORMATS["mp3"]
    with pytest.raises(FormatError, match=r"\.ogg"):
        audio_format("song.aiff")


def test_missing_encoder_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfile, "available_formats", lambda: {"WAV": "WAV"})
    with pytest.raises(SoundMissingError, match="soundfile"):
        audio_format("mp3")


def test_score_to_bytes_is_even_and_repeatable(font: Soundfont) -> None:
    data = render_bytes(SCORE, "flac", font)
    assert data == render_bytes(SCORE, "flac", font)
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert measure_lufs(samples, rate) == pytest.approx(-16, abs=0.5)
    assert np.abs(samples).max() < 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_whole_file(suffix: str, font: Soundfont, tmp_path: Path) -> None:
    source, target = tmp_path / "in.mid", tmp_path / f"out.{suffix}"
    source.write_bytes(write_score(SCORE, ".mid"))
    render_file(source, target, font)
    samples, rate = soundfile.read(target, dtype="float32")
    assert len(samples) > 2 * rate
    assert measure_lufs(samples, rate) == pytest.approx(-16, abs=1)


def test_whole_file_without_the_fluidsynth_program(font: Soundfont, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    source, target = tmp_path / "in.mid", tmp_path / "out.wav"
    source.write_bytes(write_score(SCORE, ".mid"))
    render_file(source, target, font)
    assert target.stat().st_size > 2 * RATE


def test_whole_file_with_a_soundfont_that_is_none(tmp_path: Path) -> None:
    source, broken = tmp_path / "in.mid", tmp_path / "broken.sf2"
    source.write_bytes(write_score(SCORE, ".mid"))
    broken.write_bytes(b"RIFF\x10\x00\x00\x00sfbk" + bytes(64))
    with pytest.raises(SoundMissingError, match="soundfont"):
        render_file(source, tmp_path / "out.wav", Soundfont("broken", broken, "project"))


def test_bad_files_leave_no_output(font: Soundfont, tmp_path: Path) -> None:
    broken, long = tmp_path / "broken.mid", tmp_path / "long.mid"
    broken.write_bytes(b"MThd nonsense")
    long.write_bytes(write_score(Score((Track((Note(480 * 60 * 60, 60, 480),)),), tempos=(Tempo(0, 60.0),)), ".mid"))
    with pytest.raises(FormatError):
        render_file(broken, tmp_path / "out.wav", font)
    with pytest.raises(LimitError):
        render_file(long, tmp_path / "out.wav", font)
    with pytest.raises(FileNotFoundError):
        render_file(tmp_path / "none.mid", tmp_path / "out.wav", font)
    assert not (tmp_path / "out.wav").exists()


def test_every_encoder_is_at_hand() -> None:
    assert all(export.can_write(form) for form in FORMATS.values())


def test_progress_goes_from_nothing_to_all_and_can_stop_every_part(font: Soundfont) -> None:
    seen: list[float] = []
    render_bytes(SCORE, "mp3", font, lambda done, total: seen.append(done / total))
    assert seen == sorted(seen)
    assert seen[0] < 0.6 < max(seen) <= 1
    for part in (0.0, 0.6, 0.8):

        def stop(done: int, total: int, part: float = part) -> None:
            if done / total >= part:
                raise Cancelled

        with pytest.raises(Cancelled):
            render_bytes(SCORE, "mp3", font, stop)


def test_what_a_page_plays_is_exact_and_small_enough(sweep: Samples) -> None:
    data = encode(sweep, RATE, export.PLAYER)
    back, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == RATE
    assert back.shape == sweep.shape
    assert np.abs(back - sweep).max() < 1e-4
    assert soundfile.info(io.BytesIO(data)).subtype == "PCM_16"
