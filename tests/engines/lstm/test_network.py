"""The fast path and the trained path must be one: same features, same numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.engines.lstm import chorale_features, chorale_task, leadsheet_sampler
from core.engines.lstm.chorale import Chorale
from core.engines.lstm.chorale_sampler import Head
from core.engines.lstm.leadsheet import DURATION_INDEX, encode
from core.engines.lstm.leadsheet_features import OFFSETS, Walker, walk
from core.engines.lstm.leadsheet_task import build
from core.engines.lstm.network import style_weights
from core.engines.lstm.stepper import Stepper
from core.score.abc_reader import read_abc

TUNE = 'X:1\nM:6/8\nL:1/8\nK:D\n|"D"dAF "G"GBd|"A7"cde "D"f2d|"D"dAF "G"GBd|"A7"cec "D"d3|\n'
SMALL = {"embed": 24, "hidden": 32, "layers": 2, "dropout": 0.0}


def test_one_step_at_a_time_gives_what_training_saw() -> None:
    torch.manual_seed(0)
    sheet = encode(read_abc(TUNE, unfold=False))
    encoded = walk(sheet)
    net = build(3, **SMALL).half().float().eval()
    style = style_weights(4, [(1, 0.7), (2, 0.3)])
    features = torch.from_numpy(encoded.features.astype(np.int64) + OFFSETS)[None]
    targets = torch.from_numpy(encoded.targets.astype(np.int64))[None]
    references = torch.from_numpy(encoded.references.astype(np.int64))[None]
    with torch.inference_mode():
        chord, duration, pitch = net(features, style, targets[..., 0], targets[..., 1], references)
        tensors = dict(net.state_dict())
        stepper, heads = Stepper(tensors, style), leadsheet_sampler.Heads(tensors)
        walker = Walker(sheet.metre, sheet.mode, len(sheet.bars))
        for at, event in enumerate(sheet.events):
            row, seen = walker.row()
            parts = heads.split(stepper.step(torch.tensor([row]) + torch.from_numpy(OFFSETS)))
            np.testing.assert_allclose(parts[0][0], chord[0, at], atol=1e-4)
            np.testing.assert_allclose(heads.durations(parts[1][0], event.chord), duration[0, at], atol=1e-4)
            index = DURATION_INDEX[event.duration]
            np.testing.assert_allclose(heads.pitches(parts[2][0], event.chord, index, seen), pitch[0, at], atol=1e-4)
            walker.push(event)


@pytest.mark.parametrize("batch", [1, 3])
def test_the_stepper_is_the_trunk(batch: int) -> None:
    torch.manual_seed(1)
    net = build(2, **SMALL).half().float().eval()
    style = style_weights(3, [(0, 1.0)]).expand(batch, -1)
    features = torch.randint(0, 2000, (batch, 12, len(OFFSETS)))
    with torch.inference_mode():
        whole = net.trunk(features, style)
        stepper = Stepper(dict(net.state_dict()), style)
        for at in range(12):
            torch.testing.assert_close(stepper.step(features[:, at]), whole[:, at], atol=1e-5, rtol=1e-4)


def test_dropping_finished_takes_leaves_the_others_alone() -> None:
    torch.manual_seed(2)
    net = build(2, **SMALL).half().float().eval()
    style = style_weights(3, [(0, 1.0)])
    first, second = (torch.randint(0, 2000, (3, len(OFFSETS))) for _ in range(2))
    with torch.inference_mode():
        together, alone = (Stepper(dict(net.state_dict()), style.expand(3, -1)) for _ in range(2))
        together.step(first)
        alone.step(first)
        alone.keep([0, 2])
        torch.testing.assert_close(together.step(second)[[0, 2]], alone.step(second[[0, 2]]))


def test_the_chorale_head_is_the_trained_one() -> None:
    torch.manual_seed(3)
    net = chorale_task.build(**SMALL).half().float().eval()
    chorale = Chorale(((72, 67, 64, 48), (74, 67, 62, 50), (76, 67, 60, 48)), ((True,) * 4,) * 3, eighths=False)
    features, references, targets = chorale_features.walk(chorale)
    style = style_weights(1, [(0, 1.0)])
    with torch.inference_mode():
        logits = net(torch.from_numpy(features)[None], style, torch.from_numpy(references)[None])[0]
        stepper, head = Stepper(dict(net.state_dict()), style), Head(dict(net.state_dict()))
        for at in range(len(targets)):
            scores = head.scores(stepper.step(torch.from_numpy(features[at : at + 1])))
            np.testing.assert_allclose(head.logits(scores[0], [int(r) for r in references[at]]), logits[at], atol=1e-4)


def test_the_walker_hears_a_repetition_coming() -> None:
    sheet = encode(read_abc("X:1\nM:2/4\nL:1/4\nK:C\nCE|GF|CE|", unfold=False))
    walker = Walker("2/4", "major", 4)
    first = sheet.bars[0]
    for event in (*first, *sheet.bars[1]):
        walker.push(event)
    assert walker.echo() == first[0]  # two bars ago, at the start of a bar
    walker.push(first[0])
    assert walker.echo() == first[1]  # it has begun to repeat that bar
    walker.push(sheet.bars[1][0])
    walker.push(sheet.bars[1][1])
    walker.position = 12
    assert walker.echo() is None
