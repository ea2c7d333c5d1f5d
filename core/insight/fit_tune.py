"""Teaching a network to tell styles from melodies note by note."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from core.engines.protocol import Progress, no_progress
from core.insight import calibration
from core.insight.linear import Floats
from core.insight.tune import MOST, Ints, Listener, TuneReader, read, together

STEPS, BATCH, RATE, DECAY = 1500, 64, 3e-3, 0.02
SHARE = 0.3
"""How much the network counts beside the measures; chosen on validation among .3, .5 and .7."""
_SMOOTHED = 0.05


def teach(
    tunes: Sequence[Ints], labels: NDArray[np.int64], classes: int, steps: int = STEPS, seed: int = 0, cells: int = 64,
    progress: Progress = no_progress,
) -> TuneReader:
    """A network that learned from tunes and their classes.

    Rare classes are drawn more often and count more, each by the root of how rare they are; of long tunes another stretch is read
    every time.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    rare = 1 / np.sqrt(np.maximum(np.bincount(labels, minlength=classes), 1))
    drawn = rare[labels] / rare[labels].sum()
    weight = torch.tensor(rare / (drawn * rare[labels]).sum(), dtype=torch.float32)
    net = TuneReader(classes, cells)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(1 - step / steps, 0.003))
    judged = nn.CrossEntropyLoss(weight=weight, label_smoothing=_SMOOTHED)
    for step in range(steps):
        progress(step, steps)
        chosen = rng.choice(len(tunes), BATCH, p=drawn)
        loss = judged(net(*together([_stretch(tunes[at], rng) for at in chosen])), torch.from_numpy(labels[chosen]))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    progress(steps, steps)
    return net.eval()


def _stretch(tune: Ints, rng: np.random.Generator) -> Ints:
    start = int(rng.integers(0, max(len(tune) - MOST, 0) + 1))
    return tune[start : start + MOST]


def beside(
    net: TuneReader, classes: Sequence[str], measured: Floats, tunes: Sequence[Ints], truth: NDArray[np.int64],
    share: float = SHARE,
) -> Listener:
    """The network beside the measures, calibrated on tunes (N) whose classes are known, every class counting the same.

    Args:
        measured: probabilities (N, C) by the measures.
    """
    listener = Listener(net, tuple(classes), share)
    logits = listener.beside(measured, read(net, list(tunes)))
    return Listener(net, tuple(classes), share, calibration.temperature(logits, truth, calibration.balanced_weight(truth)))
