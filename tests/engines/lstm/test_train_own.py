"""`songloom train lstm --own`: a tiny network learns a style from a tiny folder, and the engine offers it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from core import cli, weights
from core.engines.lstm import train_own as module
from core.engines.lstm.data import describe, usable_sheet
from core.engines.lstm.leadsheet_features import walk
from core.engines.lstm.leadsheet_task import LeadSheetTask, Sample
from core.score.abc_reader import read_abc

SMALL = {"embed": 16, "hidden": 24, "layers": 1, "dropout": 0.0, "embed_dropout": 0.0}
TUNE = "X:1\nT:{key}\nM:4/4\nL:1/8\nK:{key}\n|GABc d2B2|c2A2 d4|GABc d2e2|d2B2 G4|\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where training may write, with a small shipped network of one style."""
    torch.manual_seed(0)
    sheet = usable_sheet(read_abc(TUNE.format(key="G"), unfold=False))
    assert sheet is not None
    sample = Sample("0", 0, walk(sheet))
    task = LeadSheetTask([sample], [sample], 1, batch=1, sizes=SMALL)
    config = {"sizes": SMALL, "styles": ["irish-reel"], "sources": {"oneill": 1}, "statistics": {"irish-reel": describe([sheet])}}
    shipped = tmp_path / "shipped"
    weights.save("leadsheet-all", dict(task.net.state_dict()), config, "# card", shipped)
    base = weights.load("leadsheet-all", shipped)
    monkeypatch.setattr(module.weights, "load", lambda name: base)
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_tunes(folder: Path, keys: tuple[str, ...]) -> Path:
    folder.mkdir()
    for number, key in enumerate(keys):
        (folder / f"{number}.abc").write_text(TUNE.format(key=key))
    return folder


def test_a_folder_becomes_a_style(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = write_tunes(home / "own", ("G", "C", "D", "A"))
    (own / "broken.mid").write_bytes(b"no music")
    code = cli.main(["train", "lstm", "--own", str(own), "--name", "My tunes", "--minutes", "0.005", "--device", "cpu"])
    assert code == 0
    said = capsys.readouterr().out
    assert "left out broken.mid" in said
    made = home / "home" / "models" / "leadsheet-user-my-tunes"
    assert "leadsheet-user-my-tunes: weights" in said
    assert made.with_suffix(".safetensors").is_file()
    text = made.with_suffix(".md").read_text()
    assert "4 pieces" in text
    config = made.with_suffix(".json").read_text()
    assert '"user-my-tunes"' in config
    assert '"name": "My tunes"' in config
    assert not (home / ".cache" / "train" / "own-My tunes.pt").exists()


def test_too_few_pieces_are_refused_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = write_tunes(home / "own", ("G", "C"))
    assert cli.main(["train", "lstm", "--own", str(own), "--device", "cpu"]) == 2
    assert "At least 3 pieces" in capsys.readouterr().err
