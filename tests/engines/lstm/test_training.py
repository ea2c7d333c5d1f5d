from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core import weights
from core.engines.lstm.chorale import from_pitch_sets
from core.engines.lstm.chorale_task import ChoraleTask, frame_nll, sample
from core.engines.lstm.data import describe, usable_sheet
from core.engines.lstm.leadsheet_features import walk
from core.engines.lstm.leadsheet_task import LeadSheetTask, Sample, held_out_nll
from core.engines.lstm.training import Recipe, train
from core.errors import WeightsMissingError
from core.score.abc_reader import read_abc

SMALL = {"embed": 16, "hidden": 24, "layers": 1, "dropout": 0.0, "embed_dropout": 0.0}
TUNE = "X:1\nM:4/4\nL:1/8\nK:{key}\n|GABc d2B2|c2A2 d4|GABc d2e2|d2B2 G4|\n"


def _samples() -> list[Sample]:
    sheets = [usable_sheet(read_abc(TUNE.format(key=key), unfold=False)) for key in ("G", "C", "D", "Em")]
    return [Sample(str(i), i % 2, walk(sheet)) for i, sheet in enumerate(sheets) if sheet is not None]


def _task() -> LeadSheetTask:
    torch.manual_seed(0)
    return LeadSheetTask(_samples(), _samples(), 2, batch=2, sizes=SMALL)


def test_training_learns(tmp_path: Path) -> None:
    task = _task()
    before = task.validate(task.net.eval())["nll"]
    recipe = Recipe(epochs=15, learning_rate=0.02, warm_up=2, average=0.5)
    net, done = train(task, recipe, tmp_path / "run.pt", torch.device("cpu"))
    assert done.best < 0.7 * before
    assert task.validate(net)["nll"] == pytest.approx(done.best, rel=0.02)


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    _, first = train(_task(), Recipe(epochs=2), tmp_path / "run.pt", torch.device("cpu"))
    _, second = train(_task(), Recipe(epochs=4), tmp_path / "run.pt", torch.device("cpu"))
    assert (first.epoch, second.epoch) == (2, 4)
    assert [row["epoch"] for row in second.history] == [1, 2, 3, 4]


def test_likelihood_counts_every_event_once() -> None:
    task, samples = _task(), _samples()
    nats, notes = held_out_nll(task, task.net.eval(), samples, told=True)
    assert sum(notes.values()) == sum(s.notes for s in samples)
    alone = [held_out_nll(task, task.net, [s], told=True)[0][s.style] for s in samples]
    assert sum(nats.values()) == pytest.approx(sum(alone), rel=0.01)


def test_chorale_frames_leave_out_the_first() -> None:
    torch.manual_seed(0)
    frames = [[48, 60, 64, 67], [48, 60, 64, 67], [50, 59, 62, 67]]
    task = ChoraleTask([sample(from_pitch_sets(frames))], [], sizes=SMALL)
    net = task.net.eval()
    one, two = (frame_nll(net, [sample(from_pitch_sets(frames[:n]))], precise=True) for n in (2, 3))
    assert one > 0
    assert one != two


def test_fewer_pitches_are_doubled_where_the_voices_move_least() -> None:
    chorale = from_pitch_sets([[48, 60, 64, 72], [48, 60, 72], []])
    assert chorale.frames[1] == (72, 60, 60, 48)
    assert chorale.frames[2][0] < 0


def test_statistics_are_those_of_the_sheets() -> None:
    sheet = usable_sheet(read_abc(TUNE.format(key="G"), unfold=False))
    assert sheet is not None
    facts = describe([sheet] * 10)
    assert facts["metres"] == ["4/4"]
    assert facts["tonics"]["major"] == [7]
    assert facts["durations"]["4/4"] == [12, 24, 48]


def test_weights_come_back_in_half_precision(tmp_path: Path) -> None:
    tensors = {"a": torch.randn(300, 300), "b": torch.arange(4)}
    digest = weights.save("w", tensors, {"x": 1}, "# card", tmp_path)
    loaded = weights.load("w", tmp_path)
    assert loaded.hash == digest
    np.testing.assert_allclose(loaded.tensors["a"], tensors["a"].half().float())
    assert loaded.tensors["b"].tolist() == [0, 1, 2, 3]
    assert loaded.config["x"] == 1


def test_large_weights_are_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "MAX_SHARD_BYTES", 1000)
    weights.save("w", {str(i): torch.randn(400) for i in range(3)}, {}, "", tmp_path)
    assert len(list(tmp_path.glob("w-*-of-3.safetensors"))) == 3
    assert set(weights.load("w", tmp_path).tensors) == {"0", "1", "2"}


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    weights.save("w", {"a": torch.randn(9)}, {}, "", tmp_path)
    path = tmp_path / "w.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsMissingError, match="hash"):
        weights.load("w", tmp_path)
    with pytest.raises(WeightsMissingError, match="are needed"):
        weights.load("other", tmp_path)
