"""`songloom train hearing`: makes examples, trains the onset network, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import maximum_filter1d
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from core import card, weights
from core.audio.evaluation.melodies import UNHEARD, melodies
from core.audio.evaluation.onset_examples import LEARNED, Labelled, hummed, prepared
from core.audio.onset_net import NAME, NEAR_S, OnsetNet
from core.audio.pitch import FRAME_S
from core.corpora.codeversion import code_version
from core.corpora.folder import DataFolder
from core.engines.lstm.training import Recipe, pick_device, train

CACHE = Path(".cache/hearing")
MOST_EXAMPLES = 4_000
VALID_EXAMPLES = 40
HUMMED = 0.25
"""Share of the melodies that are hummed too."""
WINDOW, BATCH = 384, 16
"""Moments of an example in a batch (3 seconds), and examples in it."""
_HERE = 0.9
"""From how much a note begins at a moment it is there that it begins; its neighbours have less."""
_WEIGHTS = (1.0, 0.5, 0.2)
"""What the outputs of the network count in the loss, in their order."""


@dataclass(frozen=True)
class Run:
    """One training run on `examples` melodies; the budget is `minutes` where given, else `epochs`."""

    folder: DataFolder
    out: Path
    checkpoint: Path
    examples: int = 600
    epochs: int = 30
    minutes: float | None = None
    device: str = "auto"
    seed: int = 0


class OnsetTask:
    """Windows drawn by lot from examples; the loss is the cross entropy of the three outputs at every moment."""

    def __init__(self, learned: Sequence[Labelled], valid: Sequence[Labelled], seed: int) -> None:
        torch.manual_seed(seed)
        self.net: nn.Module = OnsetNet()
        self.learned, self.valid, self.seed = _wide(learned), _wide(valid), seed

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        draw = np.random.default_rng([self.seed, epoch])
        windows = [(one, int(at)) for one in self.learned for at in self._starts(len(one.seen), draw)]
        order = draw.permutation(len(windows))
        for first in range(0, len(order) - BATCH + 1, BATCH):
            batch = [windows[at] for at in order[first : first + BATCH]]
            yield tuple(torch.from_numpy(np.stack([rows[at : at + WINDOW] for rows, at in part]).astype(np.float32))
                        for part in ([(one.seen, at) for one, at in batch], [(one.truth, at) for one, at in batch]))

    @staticmethod
    def _starts(length: int, draw: np.random.Generator) -> np.ndarray:
        """Windows that cover an example, at a place that differs from epoch to epoch."""
        return np.arange(draw.integers(0, max(1, min(WINDOW, length - WINDOW))), length - WINDOW + 1, WINDOW)

    def batch_count(self) -> int:
        return max(1, sum(max(len(one.seen) - WINDOW // 2, 0) // WINDOW for one in self.learned) // BATCH)

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        seen, truth = batch
        apart = binary_cross_entropy_with_logits(net(seen).float(), truth, reduction="none").mean(dim=(0, 1))
        return (apart * torch.tensor(_WEIGHTS, device=apart.device)).sum()

    @torch.inference_mode()
    def validate(self, net: nn.Module) -> dict[str, float]:
        """Cross entropies a second of sound."""
        totals, moments = torch.zeros(3), 0
        device = next(net.parameters()).device
        for one in self.valid:
            seen, truth = (torch.from_numpy(rows.astype(np.float32)).to(device) for rows in (one.seen, one.truth))
            apart = binary_cross_entropy_with_logits(net(seen[None])[0].float(), truth, reduction="none").sum(dim=0)
            totals, moments = totals + apart.cpu(), moments + len(one.seen)
        begins, near, sounds = (totals / moments / FRAME_S).tolist()
        return {"nll": near + begins, "near": near, "begins": begins, "sounds": sounds}


def _wide(examples: Sequence[Labelled]) -> list[Labelled]:
    """With what is true of each output of the network, (T, 3)."""
    found = []
    for one in examples:
        begins, sounds = one.truth.T
        near = maximum_filter1d((begins > _HERE).astype(np.float32), 2 * round(NEAR_S / FRAME_S) + 1)
        found.append(Labelled(one.seen, np.stack([begins, near, sounds], axis=1).astype(np.float16)))
    return found


def run(job: Run) -> str:
    """Make examples, train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Only free collections are learned from, so that the weights are as free as they are.

    Raises:
        DataMissingError: no collection with melodies is at hand.
        SoundMissingError: there is no synthesizer or soundfont.
    """
    cache = CACHE / code_version("core.audio.evaluation.onset_examples")
    chosen = melodies(job.folder, "train", job.examples, job.seed + 1, free_only=True)
    held = melodies(job.folder, "valid", VALID_EXAMPLES, job.seed + 1, free_only=True)
    hums = chosen[: round(HUMMED * len(chosen))]
    learned = prepared(chosen, "train", job.seed, cache) + prepared(hums, "hummed", job.seed, cache, hummed)
    valid = prepared(held, "valid", job.seed, cache)
    task = OnsetTask(learned, valid, job.seed)
    assert isinstance(task.net, OnsetNet)
    sizes = task.net.sizes
    device = pick_device(job.device)
    recipe = Recipe(epochs=job.epochs, minutes=job.minutes, seed=job.seed, learning_rate=3e-3, average=0.99)
    net, done = train(task, recipe, job.checkpoint, device)
    figures = {"cross entropy of starts a second, validation": f"{done.best:.4f}", "epochs": str(done.epoch),
               "note F1": "docs/listening.md"}
    text = card.write(
        title=NAME, what="Where notes of one voice begin (`core/audio/onset_net.py`).",
        parameters=sum(p.numel() for p in net.parameters()),
        sources=dict(Counter(ident.split("/")[0] for ident, _ in chosen)),
        split=f"by melody cluster; {len(chosen)} melodies of the training split, {len(valid)} of validation, each once",
        notes=[f"Played by {len(LEARNED)} General MIDI programs with the soundfonts of the machine (FluidR3_GM, "
               "MuseScore_General_Lite and TimGM6mb), every third in piano, flute, violin or oohs; every seventh sung by "
               f"`core/audio/evaluation/sung.py`; {len(hums)} of them once more hummed by `core/audio/evaluation/hummed.py`",
               f"Never learned from: {', '.join(UNHEARD)}"],
        figures=figures, command=f"songloom {shlex.join(sys.argv[1:])}", seconds=done.seconds, device=str(device))  # fmt: skip
    return weights.save(NAME, net.state_dict(), {"kind": "hearing", "sizes": sizes, "history": done.history}, text, job.out)
