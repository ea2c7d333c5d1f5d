"""The figures measure what they say."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from core.corpora.folder import DataFolder
from core.engines.vae import evaluate
from core.engines.vae.commands import PARTS
from core.engines.vae.evaluation import morphs, reconstruction, sliders
from core.engines.vae.fit_prior import fit_prior
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.piece import read
from core.engines.vae.task import Labelled
from core.engines.vae.train import _begin
from core.report import Figure
from core.score import Score
from core.score.edits import transpose
from core.weights import Weights
from tests.engines.vae.conftest import TINY


def test_even_steps_are_even(reel: Score) -> None:
    notes = reel.melody.notes
    steps = [replace(reel, tracks=(replace(reel.melody, notes=tuple(
        replace(note, pitch=note.pitch + 1) if at < changed else note for at, note in enumerate(notes))),))
        for changed in range(0, len(notes) + 1, len(notes) // 5)]
    assert morphs.unevenness(steps) == pytest.approx(1)
    there_and_back = [steps[0], steps[3], steps[1], steps[4]]
    assert morphs.unevenness(there_and_back) > 1.5
    assert morphs.unevenness([reel, steps[1], reel]) == 1


def test_plain_mixing_goes_from_one_to_the_other(reel: Score) -> None:
    other = transpose(reel, 12)
    mixed = [morphs.plainly_mixed(reel, other, share, 1) for share in (0, 0.5, 1)]
    assert mixed[0].melody.notes == reel.melody.notes
    assert mixed[2].melody.notes == other.melody.notes
    assert {note.pitch >= 78 for note in mixed[1].melody.notes} == {True, False}


def test_pairs_share_key_and_metre(reel: Score, waltz: Score) -> None:
    pieces = [reel, transpose(reel, 2), waltz, replace(reel, title="again"), replace(waltz, title="again")]
    for first, second in morphs.pairs(pieces, 10):
        assert first is not second
        assert first.keys == second.keys
        assert first.metres == second.metres


def test_ends_are_exact_whatever_the_network(untrained: Loaded, reel: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphs, "PAIRS", 2)
    figures = {figure.name: figure.value for figure in morphs.measure(untrained, [reel, transpose(reel, 12)])}
    assert figures["morph: ends exactly the user's"] == 1
    assert figures["morph: key and metre of the ends in all steps"] == 1


def test_a_network_that_knows_nothing_brings_little_back(untrained: Loaded, reel: Score) -> None:
    forced, sampled, spent = reconstruction.measure("vae-2bar-all", untrained, [Labelled(read(reel).window, 0)])
    assert max(forced.value, sampled.value) < 0.5
    assert forced.peers["always hold"] > 0.4
    assert spent.value > 0
    assert forced.met is False


def test_a_slider_that_does_nothing_has_no_correlation(untrained: Loaded, reel: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sliders, "steer", lambda loaded, placed, amounts: placed.piece.seed)
    for own, others in zip(*[iter(sliders.measure_attributes(untrained, [reel]))] * 2, strict=True):
        assert own.value == others.value == 0
        assert own.met is False


def test_styles_keep_their_embeddings_by_name(untrained: Loaded) -> None:
    before = Weights("x", {f"net.{key}": value for key, value in untrained.net.state_dict().items()}, untrained.config, "h" * 16)
    net = MelodyVae(2, TINY)
    assert _begin(net, before, ["polka", "new"]) == "h" * 16
    old, new = untrained.net.style.weight, net.style.weight
    assert torch.equal(new[0], old[2])
    assert torch.equal(new[1], old[3])
    assert torch.equal(new[2], old[3])


def test_the_prior_is_fitted_to_windows(untrained: Loaded, reel: Score, waltz: Score) -> None:
    items = [Labelled(read(score).window, style) for score in (reel, waltz, transpose(reel, 2)) for style in range(3)]
    _, early = fit_prior(untrained.net, items, items, torch.device("cpu"), steps=4)
    prior, late = fit_prior(untrained.net, items, items, torch.device("cpu"), steps=40)
    assert late < early
    assert prior.size == TINY["latent"]


def test_parts_are_measured_in_turn_and_told_in_the_order_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured: list[str] = []

    def measure(part: str, place: evaluate.Place) -> list[Figure]:
        measured.append(part)
        return [Figure(part, 1.0, None, "higher", 1, place.split)]

    monkeypatch.setattr(evaluate, "MEASURES", {part: partial(measure, part) for part in ("prior", "styles", "morphs")})
    found = evaluate.evaluate(DataFolder(None), ("morphs", "prior"), tmp_path, "valid", workers=1)
    assert measured == ["prior", "morphs"]
    assert [(figure.name, figure.split) for figure in found.figures] == [("morphs", "valid"), ("prior", "valid")]


def test_every_part_that_can_be_asked_for_is_measured() -> None:
    assert set(evaluate.MEASURES) == set(PARTS)
