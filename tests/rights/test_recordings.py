"""Recordings found again, and others not."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import cli
from core.audio.recording import RATE
from core.errors import FormatError
from core.rights.chromaprints import best_match
from core.rights.evaluation.landmarks import landmarks, votes
from core.rights.recordings import ERRORS, Print, identify, laid_over, print_of, print_of_samples


def tune(seed: int, seconds: float = 16) -> np.ndarray:
    """Random notes with a few partials each, at `RATE`."""
    rng = np.random.default_rng(seed)
    sound, at = np.zeros(int(seconds * RATE)), 0
    while at < len(sound):
        length = int(rng.choice([0.12, 0.25, 0.37, 0.5]) * RATE)
        time = np.arange(min(length, len(sound) - at)) / RATE
        tone = 110 * 2 ** (rng.integers(0, 37) / 12)
        note = sum(np.sin(2 * np.pi * tone * k * time) / k**1.5 for k in range(1, 7))
        sound[at : at + len(time)] += note * np.exp(-3 * time)
        at += length
    return 0.3 * sound / np.abs(sound).max()


@dataclass(frozen=True)
class Kept:
    id: str
    title: str
    chromaprint: bytes


def kept(name: str, one: Print) -> Kept:
    return Kept(name, name, one.chromaprint)


@pytest.fixture(scope="module")
def known() -> list[Kept]:
    return [kept(str(seed), print_of_samples(tune(seed), RATE)) for seed in range(5)]


def mp3(samples: np.ndarray, level: float = 0.8) -> bytes:
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", RATE, 1, "MPEG_LAYER_III", format="MP3", bitrate_mode="CONSTANT",
                             compression_level=level) as file:
        file.write(samples)
    return buffer.getvalue()


def test_cut_quieter_with_noise_and_as_mp3(known: list[Kept]) -> None:
    rng = np.random.default_rng(9)
    for seed in (1, 4):
        cut = tune(seed)[int(3.3 * RATE) : int(13.3 * RATE)]
        noise = rng.normal(size=len(cut)) * np.sqrt((cut**2).mean() / 100)
        found = identify(print_of(mp3((cut + noise) / 4), "cut.mp3"), known)
        assert [one.id for one in found] == [str(seed)]
        assert found[0].begins == pytest.approx(3.3, abs=0.15)


def test_others_are_not_found(known: list[Kept]) -> None:
    for seed in range(20, 24):
        assert identify(print_of_samples(tune(seed, 10), RATE), known) == ()
    noise = np.random.default_rng(1).normal(size=8 * RATE) * 0.1
    assert identify(print_of_samples(noise, RATE), known) == ()
    assert identify(print_of_samples(noise, RATE), []) == ()


def test_the_same_beginning_is_not_the_same_recording() -> None:
    """Most of the cut is the same, and then another note sounds for more than a second."""
    rng = np.random.default_rng(3)
    items = rng.integers(0, 1 << 32, 80, dtype=np.uint32)
    other = items.copy()
    other[70:] ^= rng.integers(0, 1 << 32, 10, dtype=np.uint32)
    (near,) = laid_over(Print(10.0, items), [kept("other", Print(10.0, other))])
    assert near.errors < ERRORS
    assert near.worst > ERRORS
    assert identify(Print(10.0, items), [kept("other", Print(10.0, other)), kept("itself", Print(10.0, items))])[0].id == "itself"
    assert len(identify(Print(10.0, items), [kept("other", Print(10.0, other))])) == 0


def test_an_upload_that_holds_the_recording(known: list[Kept]) -> None:
    longer = np.concatenate([tune(77, 5), tune(2), tune(78, 3)])
    found = identify(print_of_samples(longer, RATE), known)
    assert found[0].id == "2"
    assert found[0].begins == pytest.approx(-5, abs=0.15)


def test_too_short_and_silent() -> None:
    with pytest.raises(FormatError):
        print_of_samples(tune(1, 4), RATE)
    with pytest.raises(FormatError):
        print_of_samples(np.zeros(5 * RATE), RATE)
    with pytest.raises(FormatError):
        print_of(b"no sound at all", "x.wav")


def test_chromaprints_slide() -> None:
    rng = np.random.default_rng(2)
    long = rng.integers(0, 2**32, 200, np.uint64).astype(np.uint32)
    errors, _worst, places = best_match(long[50:90], [long, long[::-1]])
    assert (errors[0], places[0]) == (0, 50)
    assert errors[1] > 0.35
    errors, _worst, places = best_match(np.concatenate([long[:30], long]), [long])
    assert (errors[0], places[0]) == (0, -30)
    assert best_match(long[:3], [long])[0][0] == 1
    assert len(best_match(long, [])[0]) == 0


def test_landmarks_of_hardly_anything() -> None:
    assert landmarks(np.zeros(10)).shape == (0, 2)
    none = landmarks(np.zeros(11025))
    number, _ = votes(none, none, np.zeros(0, np.int64), 3)
    assert number.tolist() == [0, 0, 0]


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    whole, cut, other = tmp_path / "Song.wav", tmp_path / "cut.mp3", tmp_path / "other.flac"
    soundfile.write(whole, tune(5), RATE)
    cut.write_bytes(mp3(tune(5)[4 * RATE : 12 * RATE]))
    soundfile.write(other, tune(6, 8), RATE)
    assert cli.main(["identify", str(cut)]) == cli.EXIT_ERROR
    assert "command line" in capsys.readouterr().err
    assert cli.main(["register", str(whole)]) == 0
    assert capsys.readouterr().out == "Song (16.0 s)\n"
    assert cli.main(["identify", str(cut), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["title"], round(found["begins"])) == ("Song", 4)
    assert cli.main(["identify", str(other)]) == 0
    assert capsys.readouterr().out == "none\n"
    assert cli.main(["register", str(whole), str(other), "--title", "x"]) == cli.EXIT_ERROR
