"""Networks that are too small learn something, go on where they were broken off, and their noise repeats with the form."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core import weights
from core.corpora.band_piece import BandPiece
from core.engines.gan.cutting import _limits, calibrated, cut, cut_all, steady
from core.engines.gan.data import Examples, Windows, build, load
from core.engines.gan.loaded import Loaded, Seeds
from core.engines.gan.loaded import load as load_weights
from core.engines.gan.losses import cell_weights, crisp, with_melody
from core.engines.gan.network import Critic, Features, Generator, part_mask
from core.engines.gan.rolls import HEIGHT, ROWS
from core.engines.gan.train import config_of
from core.engines.gan.training import Progressed, Recipe, train
from core.engines.gan.validate import validator
from tests.engines.gan.conftest import SIZES

CPU = torch.device("cpu")
RECIPE = Recipe(steps=6, batch=4, judged=2, alone=0.3, validate_every=3)


@pytest.fixture(scope="module")
def examples(pieces: list[BandPiece]) -> Examples:
    return build(pieces)


@pytest.fixture(scope="module")
def windows(examples: Examples) -> Windows:
    return Windows(examples.of("train"), 8)


def test_pieces_become_examples(examples: Examples) -> None:
    assert {example.split for example in examples.examples} == {"train", "valid"}
    assert examples.kits["rock"]["kick"] == 36
    assert len(examples.intensity["rock"]) == 101
    assert all(0 <= rank <= 1 for example in examples.examples for rank in example.told.intensity)


def test_examples_are_kept(pieces: list[BandPiece], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.engines.gan.data.CACHE", tmp_path)
    first = load(pieces)
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr("core.engines.gan.data.build", lambda pieces: pytest.fail("they were kept"))
    again = load(pieces)
    assert [e.id for e in again.examples] == [e.id for e in first.examples]
    assert all((a.rolls == b.rolls).all() for a, b in zip(first.examples, again.examples, strict=True))


def test_a_batch_tells_what_the_piece_is(windows: Windows) -> None:
    told, rows = windows.batch([(0, 0), (1, 4)], np.array([True, False]))
    assert rows.shape == (2, HEIGHT, 128)
    assert told.given.tolist() == [1, 0]
    assert torch.equal(told.melody[0], rows[0, ROWS["melody"]])
    assert not told.melody[1].any()
    steps, beats = Features()(told)
    assert (steps.shape, beats.shape) == ((2, Features.steps, 128), (2, Features.beats, 32))
    used = told.steps[..., 0].float()
    assert (part_mask(told).amax(1) == used).all()
    assert cell_weights(told)[0, ROWS["melody"]].sum() == 0 < cell_weights(told)[1, ROWS["melody"]].sum()


def test_binary_neurons_are_crisp_and_have_a_gradient() -> None:
    logits = torch.tensor([-1.0, 2.0], requires_grad=True)
    made = crisp(logits, 2.0)
    assert made.tolist() == pytest.approx([0, 1], abs=1e-6)
    made.sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert (logits.grad > 0).all()


def test_a_given_melody_stands(windows: Windows) -> None:
    told, rows = windows.batch([(0, 0), (1, 0)], np.array([True, False]))
    made = with_melody(torch.zeros_like(rows), told)
    assert torch.equal(made[0, ROWS["melody"]], rows[0, ROWS["melody"]])
    assert not made[1].any()


def test_training_learns_and_writes_its_curves(examples: Examples, windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    recipe = replace(RECIPE, steps=60, validate_every=15, given=1.0, rate=2e-2, alone=0.5)
    generator, done = train(windows, recipe, path, CPU, SIZES, validator(examples.of("valid"), CPU, 32))
    curves = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
    assert [row["step"] for row in curves] == [15, 30, 45, 60]
    assert curves == done.history
    assert all(math.isfinite(value) for row in curves for value in row.values())
    assert curves[-1]["cells"] < 0.9 * curves[0]["cells"]
    assert {"adversary", "critic", "features", "fit", "unlike", "bass begin"} <= set(curves[-1])
    assert not generator.training


def test_a_run_that_was_broken_off_ends_the_same(windows: Windows, tmp_path: Path) -> None:
    whole, _ = train(windows, RECIPE, tmp_path / "whole.pt", CPU, SIZES)
    broken = tmp_path / "broken.pt"

    def fall(generator: Generator) -> dict[str, float]:
        return {}

    class Stop(Exception):
        pass

    calls = []

    def stop_at_second(generator: Generator) -> dict[str, float]:
        calls.append(1)
        if len(calls) == 2:
            raise Stop
        return fall(generator)

    with pytest.raises(Stop):
        train(windows, RECIPE, broken, CPU, SIZES, stop_at_second)
    again, done = train(windows, RECIPE, broken, CPU, SIZES, fall)
    assert done.step == RECIPE.steps
    for name, value in whole.state_dict().items():
        assert torch.allclose(value, again.state_dict()[name], atol=1e-5), name


def test_limits_set_as_much_as_the_data(examples: Examples, windows: Windows) -> None:
    torch.manual_seed(0)
    generator = Generator(SIZES).eval()
    generator.begin_at(windows.density())
    found = calibrated(generator, examples.of("valid"), CPU)
    assert set(found) == {"rock", ""}
    assert set(found["rock"]) == {"melody", "chords", "pad", "bass", "drums"}
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(HEIGHT, 64)).astype(np.float32)
    assert (cut_all(logits, found, "jazz") == cut_all(logits, {"": found[""]}, "rock")).all()


def test_a_limit_is_where_as_many_lie_above() -> None:
    rng = np.random.default_rng(0)
    size = ROWS["chords"].stop - ROWS["chords"].start
    logits, rows = rng.normal(size=(size, 400)).astype(np.float32), np.zeros((size, 400), bool)
    rows[: size // 2, ::4] = rng.random((size // 2, 100)) < 0.1
    rows[size // 2 :] = rows[: size // 2]
    limits = _limits(logits, rows, "chords")
    made = cut(logits, "chords", limits)
    assert abs(int(made[: size // 2].any(0).sum()) - int(rows[: size // 2].any(0).sum())) <= 1
    assert abs(int(made[: size // 2].sum()) - int(rows[: size // 2].sum())) <= 1
    bass = cut(logits[: ROWS["bass"].stop - ROWS["bass"].start], "bass", limits)
    assert bass[: len(bass) // 2].sum(0).max() == 1


def test_bars_of_a_section_share_their_rhythm(examples: Examples) -> None:
    told = next(example.told for example in examples.examples if len(example.told.bars) == 12)
    logits = np.random.default_rng(0).normal(size=(HEIGHT, 12 * 16)).astype(np.float32)
    made = steady(logits, told, {"drums": 1.0, "bass": 1.0})
    drums = made[ROWS["drums"]].reshape(-1, 12, 16)
    assert np.allclose(drums[:, 0], drums[:, 1], atol=1e-5)
    assert not np.allclose(drums[:, 0], drums[:, 4], atol=1e-2), "another section"
    assert np.array_equal(drums[:, 3], logits[ROWS["drums"]].reshape(-1, 12, 16)[:, 3]), "a fill"
    peaks = made[ROWS["bass"].start : ROWS["bass"].start + 24].max(0).reshape(12, 16)
    assert np.allclose(peaks[0], peaks[1], atol=1e-5)
    assert np.array_equal(made[ROWS["chords"]], logits[ROWS["chords"]])


def test_the_critic_sees_every_bar_and_the_whole(windows: Windows) -> None:
    told, rows = windows.batch([(0, 0)], np.array([True]))
    scores, look = Critic(SIZES)(Features()(told), rows)
    assert scores.shape == (1, 9)
    assert [features.shape[-1] for features in look] == [32, 8]


def test_noise_repeats_with_the_form_and_each_part_has_its_own(examples: Examples, windows: Windows, tmp_path: Path) -> None:
    torch.manual_seed(0)
    generator = Generator(SIZES)
    config = {**config_of(examples, examples.of("train"), {}, Progressed()), "sizes": SIZES}
    weights.save("gan-band-free", generator.state_dict(), config, "", tmp_path)
    loaded = load_weights("gan-band-free", tmp_path)
    assert isinstance(loaded, Loaded)
    told = next(example.told for example in examples.examples if len(example.told.bars) == 16)
    noise = loaded.noise(told, Seeds.all_from(3))
    bars = noise.part_bar[0]
    assert torch.equal(bars[..., 0:3], bars[..., 8:11]), "section A comes back"
    assert not torch.equal(bars[..., 0], bars[..., 4]), "section B is another"
    other = loaded.noise(told, replace(Seeds.all_from(3), parts=(3, 3, 3, 4, 3)))
    assert torch.equal(noise.part[0, [0, 1, 2, 4]], other.part[0, [0, 1, 2, 4]])
    assert not torch.equal(noise.part[0, 3], other.part[0, 3])
    rows, again = (loaded.logits(told, made) for made in (noise, other))
    changed = (rows != again).any(1)
    assert changed[ROWS["bass"]].any()
    assert not changed[: ROWS["bass"].start].any()
    assert not changed[ROWS["drums"]].any()
