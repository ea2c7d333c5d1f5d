from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from core import cli, doctor, weights
from core.audio import fluid, soundfonts
from core.doctor import Check, examine
from core.engines.lstm import engine
from core.errors import SoundMissingError

# The engine takes its folder at import: it must be imported before a test puts another in its place.
assert engine.LstmEngine


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    monkeypatch.delenv("SONGLOOM_DATA", raising=False)
    monkeypatch.setattr(weights, "FOLDER", tmp_path / "models")
    return tmp_path


def named(name: str) -> list[Check]:
    return [check for check in examine() if check.name.startswith(name)]


def test_says_everything_and_changes_nothing(own_home: Path) -> None:
    names = {check.name.split()[0] for check in examine()}
    assert {"Python", "device", "FluidSynth", "soundfont", "encoders", "weights", "data", "collections"} <= names
    assert not (own_home / "home").exists()


def test_every_missing_thing_says_what_to_do() -> None:
    missing = [check for check in examine() if not check.ok]
    assert [check.name for check in missing][:1] == ["weights leadsheet-free"]
    assert all(check.todo for check in missing)


def test_missing_fluidsynth(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise SoundMissingError("Sound needs the FluidSynth library", "it is not installed", "Type: sudo apt-get install it")

    monkeypatch.setattr(fluid, "version", gone)
    (check,) = named("fluidsynth")
    assert not check.ok
    assert "apt-get install" in check.todo


def test_only_the_small_soundfont(monkeypatch: pytest.MonkeyPatch) -> None:
    small = tuple(font for font in soundfonts.available() if font.source == "package")
    monkeypatch.setattr(soundfonts, "available", lambda: small)
    (check,) = named("soundfont")
    assert check.ok
    assert "fluid-soundfont-gm" in check.todo


def test_weights_whole_damaged_and_without_card(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    for name in ("leadsheet-free", "leadsheet-all", "chorale"):
        weights.save(name, {"w": torch.ones(1000, 1000)}, {}, "# Card", folder)
    (folder / "leadsheet-all.md").unlink()
    shard = next(folder.glob("chorale*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-4] + b"\0\0\0\1")
    free, everything, chorale = named("weights")
    assert free.ok
    assert "1.0 million" in free.found
    assert (everything.ok, "card" in everything.todo or ".md" in everything.todo) == (False, True)
    assert not chorale.ok
    assert "hash" not in chorale.todo
    assert chorale.todo


def test_data_base_states(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "made at first use" in named("data base")[0].found
    (own_home / "text.db").write_text("this is no data base " * 100)
    monkeypatch.setenv("SONGLOOM_DB", f"sqlite:///{own_home / 'text.db'}")
    broken = named("data base")[0]
    assert not broken.ok
    assert broken.todo
    monkeypatch.setenv("SONGLOOM_DB", "no address")
    assert not named("data base")[0].ok
    monkeypatch.setenv("SONGLOOM_DB", "sqlite:///:memory:")
    assert named("data base")[0].ok


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGLOOM_DB", "postgresql+nodriver://user:secret@nowhere/db")
    assert not named("data base")[0].ok
    assert "secret" not in json.dumps([check.found + check.todo for check in examine()])


def test_data_folder_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGLOOM_DATA", "/nowhere/data")
    (check,) = named("collections")
    assert not check.ok


def test_command_prints_lines_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "FluidSynth" in text
    assert "MISSING  weights leadsheet-free" in text
    assert cli.main(["doctor", "--json"]) == 0
    assert {"name", "ok", "found", "todo"} == set(json.loads(capsys.readouterr().out)[0])


def test_everything_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: (Check("Python", True, "3.11"),))
    assert cli.main(["doctor"]) == 0
    assert capsys.readouterr().out.endswith("Everything is there.\n")
