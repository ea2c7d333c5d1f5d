"""`songloom train vae`: trains one of the weight sets, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core import card, weights
from core.corpora.folder import DataFolder
from core.engines.lstm.data import Corpus, load
from core.engines.lstm.training import Recipe, pick_device, train
from core.engines.vae.attributes import find_directions, find_means, find_spreads
from core.engines.vae.fit_prior import fit_prior
from core.engines.vae.forms import forms
from core.engines.vae.grid import MAX_BARS, windows
from core.engines.vae.loaded import load as loaded_from
from core.engines.vae.loaded import set_name
from core.engines.vae.network import SIZES, MelodyVae
from core.engines.vae.quantised import BOTTLENECKS, GAUSSIAN, GROUPS, ROWS, VQ
from core.engines.vae.style_reader import find_reader
from core.engines.vae.task import Labelled, Objective, VaeTask
from core.errors import RequestError

RATE = 3e-3
COUNTED_WINDOWS = 3000
"""Training windows that the sliders' directions and spreads come from."""
COMMITMENT = 0.25
"""What the distance to the codes weighs, as in van den Oord et al. (2017)."""
VALIDATED = 500
"""Windows that are looked at after every epoch."""


@dataclass(frozen=True)
class Model:
    """A weight set: bars of a window, how far apart training windows begin, the objective, and steps of fitting the prior."""

    bars: int
    hop: int
    objective: Objective
    prior_steps: int


MODELS = {
    "vae-2bar": Model(2, 2, Objective(beta=0.03), 400),
    "vae-16bar": Model(MAX_BARS, 8, Objective(beta=0.15), 4000),
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
    start: str | None = None
    """Weight set in `out` to begin from instead of chance."""
    bottleneck: str = GAUSSIAN
    epochs: int | None = None
    """Stands in for `minutes`: the same steps whatever else the machine does."""

    @property
    def command(self) -> str:
        """That makes the set again, whatever folders are used."""
        start = f" --start {self.start}" if self.start else ""
        budget = f"--epochs {self.epochs}" if self.epochs else f"--minutes {self.minutes:g}"
        other = f" --bottleneck {self.bottleneck}" if self.bottleneck != GAUSSIAN else ""
        return f"songloom train vae --model {self.model}{' --free' if self.free_only else ''}{other} {budget}{start}"

    @property
    def name(self) -> str:
        return set_name(self.model, self.free_only, self.bottleneck)


def run(job: Run) -> str:
    """Train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Raises:
        RequestError: no such model or bottleneck.
        DataMissingError: a collection is not at hand.
    """
    if job.model not in MODELS:
        raise RequestError(f"A model of {', '.join(MODELS)} is needed", f"got {job.model!r}")
    if job.bottleneck not in BOTTLENECKS:
        raise RequestError(f"A bottleneck of {', '.join(BOTTLENECKS)} is needed", f"got {job.bottleneck!r}")
    model = MODELS[job.model]
    corpus = load(job.folder, free_only=job.free_only, say=print)
    torch.manual_seed(job.seed)
    data = {split: cut(corpus, split, model.bars, model.hop if split == "train" else model.bars) for split in ("train", "valid")}
    picked = np.random.default_rng(job.seed).permutation(len(data["valid"]))[:VALIDATED]
    # What has learned to use the latent needs no time without the price of it.
    objective = replace(model.objective, warm_up=0.0) if job.start else model.objective
    objective = replace(objective, beta=COMMITMENT) if job.bottleneck == VQ else objective
    task = VaeTask(data["train"], [data["valid"][i] for i in picked], len(corpus.styles), objective, seed=job.seed,
                   bottleneck=job.bottleneck)
    notes = ["Styles: " + ", ".join(corpus.styles), f"β {objective.beta}, latent of {SIZES['latent']} numbers a bar"]
    if job.bottleneck == VQ:
        notes.append(f"{GROUPS} codes a bar, each of {ROWS}; β weighs the distance to them")
    if job.start:
        notes.append(f"Began from {job.start}, {_begin(task.net, weights.load(job.start, job.out), corpus.styles)}")
    device = pick_device(job.device)
    budget = Recipe(epochs=job.epochs) if job.epochs else Recipe(minutes=job.minutes)
    recipe = replace(budget, learning_rate=RATE / 2 if job.start else RATE, weight_decay=0.01, seed=job.seed)
    net, done = train(task, recipe, job.checkpoint, device)
    assert isinstance(net, MelodyVae)
    prior, nats = fit_prior(net, data["train"], data["valid"], device, seed=job.seed, steps=model.prior_steps)
    config: dict[str, Any] = {"kind": "vae", "bottleneck": job.bottleneck, "bars": model.bars, "sizes": SIZES,
                              "styles": list(corpus.styles), "history": done.history, "statistics": corpus.statistics,
                              "sources": corpus.sources, "windows": len(data["train"]), "forms": forms(corpus, job.seed),
                              "triplets": triplets(data["train"], corpus.styles),
                              **sliders(net, data["train"], corpus.styles, device, job.seed)}
    last = done.history[-1]
    text = card.write(
        title=job.name, what=f"Windows of up to {model.bars} bars of melody and chords (`core/engines/vae/network.py`).",
        parameters=sum(p.numel() for part in (net, prior) for p in part.parameters()), sources=corpus.sources,
        split=f"by melody cluster; {len(data['train'])} windows for training",
        notes=notes,
        figures={"accuracy with the true past, validation": f"{last['accuracy']:.4f}",
                 "KL, validation": f"{last['kl']:.1f} nats a bar",
                 "latent under the prior, validation": f"{nats:.1f} nats a bar", "epochs": str(done.epoch)},
        command=job.command, seconds=done.seconds, device=str(device))
    return weights.save(job.name, _tensors(net, prior), config, text, job.out)


def recalibrate(job: Run) -> None:
    """Find the sliders' directions and the forms anew for weights that are there.

    Raises:
        WeightsMissingError, DataMissingError: what it needs is not at hand.
    """
    loaded = loaded_from(job.name, job.out)
    corpus = load(job.folder, free_only=job.free_only, say=print)
    items = cut(corpus, "train", loaded.config["bars"], loaded.config["bars"])
    path = job.out / f"{job.name}.json"
    found = sliders(loaded.net, items, loaded.styles, torch.device("cpu"), job.seed)
    config = {**json.loads(path.read_text()), "forms": forms(corpus, job.seed), **found}
    path.write_text(json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def refit(job: Run, steps: int) -> str:
    """Fit the prior anew and gather the forms for weights that are there; returns the new hash.

    Raises:
        WeightsMissingError, DataMissingError: what it needs is not at hand.
    """
    loaded = loaded_from(job.name, job.out)
    corpus = load(job.folder, free_only=job.free_only, say=print)
    base = MODELS[job.model]
    train_set, valid_set = cut(corpus, "train", base.bars, base.hop), cut(corpus, "valid", base.bars, base.bars)
    prior, nats = fit_prior(loaded.net, train_set, valid_set, torch.device("cpu"), seed=job.seed, steps=steps)
    card_path = job.out / f"{job.name}.md"
    line = rf"\g<1>{nats:.1f} nats a bar (fitted again in {steps} steps) |"
    text = re.sub(r"(\| latent under the prior, validation \| ).*", line, card_path.read_text())
    config = {**{key: value for key, value in loaded.config.items() if key != "hash"}, "forms": forms(corpus, job.seed)}
    return weights.save(job.name, _tensors(loaded.net, prior), config, text, job.out)


def _tensors(net: nn.Module, prior: nn.Module) -> dict[str, torch.Tensor]:
    tensors = {f"net.{key}": value for key, value in net.state_dict().items()}
    return tensors | {f"prior.{key}": value for key, value in prior.state_dict().items()}


def sliders(net: MelodyVae, items: Sequence[Labelled], styles: Sequence[str], device: torch.device,
            seed: int) -> dict[str, Any]:
    """What the sliders need to know, for the configuration."""
    picked = np.random.default_rng(seed).permutation(len(items))[:COUNTED_WINDOWS]
    some = [items[i] for i in picked]
    return {"means": find_means(net, items, styles, device), "reader": find_reader(items, len(styles)),
            "directions": find_directions(net, some, device), "spreads": find_spreads([item.window for item in some])}


def _begin(net: nn.Module, before: weights.Weights, styles: Sequence[str]) -> str:
    """Put the weights of another set into `net`, styles by their names; returns their hash."""
    own = {key[4:]: value for key, value in before.tensors.items() if key.startswith("net.")}
    rows, known = net.state_dict()["style.weight"].clone(), before.config["styles"]
    rows[-1] = own["style.weight"][-1]
    for at, style in enumerate(styles):
        rows[at] = own["style.weight"][known.index(style) if style in known else -1]
    net.load_state_dict({**net.state_dict(), **own, "style.weight": rows})
    return before.hash


def cut(corpus: Corpus, split: str, bars: int, hop: int) -> list[Labelled]:
    """The windows of a split, with their styles."""
    return [Labelled(window, sample.style) for sample in corpus.samples[split]
            for window in windows(corpus.sheets[sample.id], bars, hop)]


def triplets(items: Sequence[Labelled], styles: Sequence[str]) -> dict[str, dict[str, float]]:
    """Style to metre to the share of windows on the triplet grid."""
    counts: dict[str, dict[str, list[int]]] = {style: {} for style in styles}
    for item in items:
        both = counts[styles[item.style]].setdefault(item.window.metre, [0, 0])
        both[item.window.grid == "triplet"] += 1
    return {style: {metre: round(both[1] / sum(both), 4) for metre, both in metres.items()} for style, metres in counts.items()}
