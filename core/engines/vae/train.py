"""`songloom train vae`: trains one of the weight sets, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.corpora.folder import DataFolder
from core.engines.lstm import card, weights
from core.engines.lstm.data import Corpus, load
from core.engines.lstm.training import Recipe, pick_device, train
from core.engines.vae.grid import windows
from core.engines.vae.network import SIZES, MelodyVae
from core.engines.vae.prior import Prior
from core.engines.vae.task import Labelled, Objective, VaeTask, collate
from core.errors import RequestError

VALIDATED = 600
"""Windows that are looked at after every epoch."""


@dataclass(frozen=True)
class Model:
    """A weight set: bars of a window, how far apart training windows begin, and the objective."""

    bars: int
    hop: int
    least: int
    objective: Objective
    sizes: dict[str, int]


MODELS = {
    "vae-2bar": Model(2, 1, 1, Objective(beta=0.1), {**SIZES, "latent": 96}),
    "vae-16bar": Model(16, 4, 4, Objective(beta=0.03), {**SIZES, "latent": 256, "window": 320, "conductor": 320}),
}


@dataclass(frozen=True)
class Run:
    """One training run. `free_only` takes free music alone, and names the set so."""

    model: str
    folder: DataFolder
    out: Path
    checkpoint: Path
    free_only: bool = False
    minutes: float = 40.0
    device: str = "auto"
    seed: int = 0

    @property
    def name(self) -> str:
        return f"{self.model}-{'free' if self.free_only else 'all'}"


def run(job: Run) -> str:
    """Train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Raises:
        RequestError: no such model.
        DataMissingError: a collection is not at hand.
    """
    if job.model not in MODELS:
        raise RequestError(f"A model of {', '.join(MODELS)} is needed", f"got {job.model!r}")
    model = MODELS[job.model]
    corpus = load(job.folder, free_only=job.free_only, say=print)
    torch.manual_seed(job.seed)
    data = {split: cut(corpus, split, model, model.hop if split == "train" else model.bars) for split in ("train", "valid")}
    picked = np.random.default_rng(job.seed).permutation(len(data["valid"]))[:VALIDATED]
    task = VaeTask(data["train"], [data["valid"][i] for i in picked], len(corpus.styles), model.bars, model.objective,
                   seed=job.seed, sizes=model.sizes)
    device = pick_device(job.device)
    recipe = Recipe(minutes=job.minutes, learning_rate=1.5e-3, weight_decay=0.01, seed=job.seed)
    net, done = train(task, recipe, job.checkpoint, device)
    assert isinstance(net, MelodyVae)
    prior, nats = fit_prior(net, data["train"], data["valid"], device, seed=job.seed)
    config: dict[str, Any] = {"kind": "vae", "bars": model.bars, "sizes": model.sizes, "styles": list(corpus.styles),
                              "history": done.history, "statistics": corpus.statistics, "sources": corpus.sources,
                              "windows": len(data["train"]), "triplets": triplets(data["train"], corpus.styles)}
    last = done.history[-1]
    text = card.write(
        title=job.name, what=f"Windows of up to {model.bars} bars of melody and chords (`core/engines/vae/network.py`).",
        parameters=sum(p.numel() for part in (net, prior) for p in part.parameters()), sources=corpus.sources,
        split=f"by melody cluster; {len(data['train'])} windows for training",
        notes=["Styles: " + ", ".join(corpus.styles), f"β {model.objective.beta}, latent of {net.latent} numbers"],
        figures={"accuracy with the true past, validation": f"{last['accuracy']:.4f}",
                 "KL, validation": f"{last['kl']:.1f} nats a window",
                 "latent under the prior, validation": f"{nats:.1f} nats", "epochs": str(done.epoch)},
        command="songloom " + shlex.join(sys.argv[1:]), seconds=done.seconds, device=str(device))
    tensors = {f"net.{key}": value for key, value in net.state_dict().items()}
    tensors |= {f"prior.{key}": value for key, value in prior.state_dict().items()}
    return weights.save(job.name, tensors, config, text, job.out)


def cut(corpus: Corpus, split: str, model: Model, hop: int) -> list[Labelled]:
    """The windows of a split, with their styles."""
    return [Labelled(window, sample.style) for sample in corpus.samples[split]
            for window in windows(corpus.sheets[sample.id], model.bars, hop, model.least)]


def triplets(items: Sequence[Labelled], styles: Sequence[str]) -> dict[str, dict[str, float]]:
    """Style to metre to the share of windows on the triplet grid."""
    counts: dict[str, dict[str, list[int]]] = {style: {} for style in styles}
    for item in items:
        both = counts[styles[item.style]].setdefault(item.window.metre, [0, 0])
        both[item.window.grid == "triplet"] += 1
    return {style: {metre: round(both[1] / sum(both), 4) for metre, both in metres.items()} for style, metres in counts.items()}


def fit_prior(net: MelodyVae, train_set: list[Labelled], valid_set: list[Labelled], device: torch.device, *, seed: int = 0,
              epochs: int = 12) -> tuple[Prior, float]:
    """The density of the training windows' latents; returns it with the held-out nats of a latent."""
    torch.manual_seed(seed)
    sets = [posterior(net, items, device) for items in (train_set, valid_set)]
    prior = Prior(net.latent, sets[0][2].shape[1]).to(device)
    mean, spread, told = sets[0]
    prior.mean.copy_(mean.mean(0))
    prior.scale.copy_((mean.var(0) + spread.square().mean(0)).sqrt())
    optimizer = torch.optim.AdamW(prior.parameters(), 1e-3, weight_decay=1e-3)
    size = 512
    steps = epochs * (len(mean) // size + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-3, total_steps=steps)
    for _ in range(steps):
        row = torch.randint(len(mean), (size,), device=device)
        loss = prior.nll(mean[row] + spread[row] * torch.randn_like(mean[row]), told[row]).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(prior.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        mean, spread, told = sets[1]
        nats = prior.nll(mean + spread * torch.randn_like(mean), told).mean().item()
    return prior.eval(), nats


@torch.no_grad()
def posterior(net: MelodyVae, items: list[Labelled], device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Mean, standard deviation and condition of every window, (W, …); in batches, in no particular order."""
    rng = np.random.default_rng(0)
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    styles = net.style.num_embeddings - 1
    for group in VaeTask.groups(rng, items):
        batch = collate([items[i] for i in group], styles).to(device)
        mean, log_variance = net.encode(batch)
        parts.append((mean, (0.5 * log_variance).exp(), net.condition(batch.style, batch.facts)))
    mean, spread, told = (torch.cat(column) for column in zip(*parts, strict=True))
    return mean, spread, told
