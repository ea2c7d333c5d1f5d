"""`songloom arrange`, with a band that is quick."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import cli
from core.audio import stems, synth
from core.audio.fluid import RATE
from core.audio.loudness import measure_lufs
from core.corpora.band_styles import BACKING
from core.engines import registry
from core.engines.arranged import arrange
from core.engines.arranging import ArrangeRequest
from core.score import ChordSymbol, Key, Metre, Note, Score, Track
from core.score.engrave import engrave
from core.score.files import read_score, write_score
from core.score.stamp import STAMP
from tests.analysis.test_sections import tune
from tests.fakes import FakeArranger

SONG = replace(tune("a4", "a4"), keys=(Key(0, 0),), chords=(ChordSymbol(0, 0), ChordSymbol(1920, 7)), title="A song")


@pytest.fixture(autouse=True)
def fake_band(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._shared_arrangers, "gan", FakeArranger())


def written(folder: Path, score: Score = SONG, suffix: str = ".mid") -> str:
    path = folder / f"in{suffix}"
    path.write_bytes(write_score(score, suffix))
    return str(path)


def test_a_file_comes_back_as_a_band(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    argv = ["arrange", written(tmp_path), "--style", "rock", "--out", str(out), "--takes", "2", "--seed", "5"]
    assert cli.main(argv) == 0
    assert capsys.readouterr().out.split() == [str(out / name) for name in
                                               ("arrangement-1.mid", "arrangement-2.mid", "arrangement.json")]
    first, second = (read_score((out / f"arrangement-{number}.mid").read_bytes(), "a.mid") for number in (1, 2))
    assert [(track.name, track.is_drum) for track in first.tracks] == [
        ("melody", False), *((part, part == "drums") for part in BACKING)]
    assert first.tracks[0].notes == SONG.tracks[0].notes
    assert first.tracks[3] != second.tracks[3]
    facts = json.loads((out / "arrangement.json").read_text())
    assert facts["chords"] == [[0, "C"], [1920, "G"]]
    assert facts["sections"] == [[0, 4, "A", "verse"], [4, 8, "A", "verse"]]
    assert [one["random_seed"] for one in facts["arrangements"]] == [5, 6]
    (stamp,) = (json.loads(text.removeprefix(STAMP)) for text in second.texts if text.startswith(STAMP))
    assert (stamp["take"], stamp["random_seed"], stamp["weights"]) == (2, 6, "fake0000")
    assert stamp["request"] | {"random_seed": 5} == facts["request"]


@pytest.mark.parametrize("suffix", [".abc", ".musicxml"])
def test_any_format_is_read_and_sections_can_be_told(tmp_path: Path, suffix: str) -> None:
    sections = "A4,B2:chorus,c2:ending"
    argv = ["arrange", written(tmp_path, suffix=suffix), "--style", "folk", "--out", str(tmp_path), "--sections", sections]
    assert cli.main([*argv, "--no-humanise"]) == 0
    facts = json.loads((tmp_path / "arrangement.json").read_text())
    assert facts["sections"] == [[0, 4, "A", "verse"], [4, 6, "B", "chorus"], [6, 8, "C", "ending"]]
    assert facts["request"]["humanise"] is False


REFUSED = {
    "skiffle": (SONG, ("--style", "skiffle"), "A band is one of"),
    "five": (replace(SONG, metres=(Metre(0, 5, 4),)), (), "Rock band plays in 4/4, 3/4, 6/8; this piece is in 5/4"),
    "drums": (Score((Track((Note(0, 36, 240),), is_drum=True),)), (), "MIDI channel 10"),
    "sections": (SONG, ("--sections", "A4,B"), "such as A8,A8,B8:chorus"),
    "short": (SONG, ("--sections", "A4"), "to bar 8"),
    "takes": (SONG, ("--takes", "9"), "between 1 and 8"),
    "track": (SONG, ("--track", "7"), "got 6"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_played_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    score, options, words = REFUSED[what]
    out = tmp_path / "out"
    assert cli.main(["arrange", written(tmp_path, score), "--style", "rock", *options, "--out", str(out)]) == 2
    shown, said = capsys.readouterr()
    assert not shown
    assert said.count("\n") == 1
    assert words in said
    assert not out.exists()


def test_a_part_anew_is_told_in_the_file() -> None:
    first = arrange(ArrangeRequest(SONG, "rock", random_seed=1))
    quiet = replace(first.score, tracks=tuple(replace(track, volume=11, muted=True) for track in first.score.tracks))
    second = arrange(replace(first.request, kept=quiet, parts=("bass",), random_seed=2))
    third = arrange(replace(first.request, kept=second.score, bars=(0, 4), random_seed=3))
    (stamp,) = (json.loads(text.removeprefix(STAMP)) for text in third.score.texts if text.startswith(STAMP))
    assert stamp["random_seed"] == 1
    steps = [(step["parts"], step["bars"], step["random_seed"]) for step in stamp["again"]]
    assert steps == [(["bass"], None, 2), ([], [0, 4], 3)]
    assert all(track.volume == 11 and track.muted for track in third.score.tracks)


def test_an_arrangement_is_engraved_with_its_drums() -> None:
    made = arrange(ArrangeRequest(SONG, "rock"))
    pages = engrave(made.score, width=720)
    assert all(part in "".join(pages) for part in ("melody", *BACKING))
    back = read_score(write_score(made.score, ".musicxml"), "a.musicxml")
    assert [len(track.notes) for track in back.tracks] == [len(track.notes) for track in made.score.tracks]
    assert back.tracks[4].is_drum


def test_stems_are_as_long_as_each_other_and_add_up_to_the_mix(tmp_path: Path) -> None:
    short = replace(tune("a1"), keys=(Key(0, 0),), chords=(ChordSymbol(0, 0),))
    argv = ["arrange", written(tmp_path, short), "--style", "rock", "--out", str(tmp_path), "--stems"]
    assert cli.main(argv) == 0
    with zipfile.ZipFile(tmp_path / "stems.zip") as archive:
        names = archive.namelist()
        sounds = [soundfile.read(io.BytesIO(archive.read(name)), dtype="float32")[0] for name in names]
    assert names == ["1-melody.wav", "2-chords.wav", "3-pad.wav", "4-bass.wav", "5-drums.wav"]
    assert len({sound.shape for sound in sounds}) == 1
    assert all(np.abs(sound).max() > 0.01 for sound in sounds)
    total = np.sum(sounds, axis=0)
    mix = synth.render(read_score((tmp_path / "arrangement-1.mid").read_bytes(), "a.mid"))
    length = min(len(total), len(mix))
    gain = float((total[:length] * mix[:length]).sum() / (mix[:length] ** 2).sum())
    rest = total[:length] - gain * mix[:length]
    assert 10 * np.log10((rest**2).mean() / (total**2).mean()) < -30
    assert np.abs(total).max() <= stems.PEAK + 1e-3
    assert measure_lufs(total, RATE) < -15.5
