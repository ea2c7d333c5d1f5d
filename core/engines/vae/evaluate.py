"""`songloom evaluate vae`: how much of held-out music comes back, and what the prior is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from core.corpora.folder import DataFolder
from core.engines.lstm import card, data, weights
from core.engines.lstm.leadsheet import HOLD
from core.engines.lstm.training import pick_device
from core.engines.vae.grid import PAD
from core.engines.vae.loaded import Loaded, load
from core.engines.vae.network import shifted
from core.engines.vae.sampler import Row
from core.engines.vae.task import Labelled, VaeTask, collate, divergence
from core.engines.vae.train import MODELS, cut
from core.report import Figure, Report

WINDOWS = 1000
"""Held-out windows of each model that are brought back."""
TARGETS = {"vae-2bar": (0.985, 0.95), "vae-16bar": (0.919, 0.812)}
"""Teacher-forced and sampled accuracy of MusicVAE (Roberts et al., 2018) on its own data."""


def evaluate(folder: DataFolder, models: Path = weights.FOLDER, device_name: str = "auto") -> Report:
    """Measure every set of this engine that is at hand, on the test split.

    Raises:
        DataMissingError: a collection is not at hand.
        WeightsMissingError: no set is at hand.
    """
    device = pick_device(device_name)
    figures: list[Figure] = []
    hashes: dict[str, str] = {}
    names = [name for name in weights.names(models) if name.rpartition("-")[0] in MODELS] or ["vae-16bar-all"]
    for name in names:
        loaded = load(name, models, device)
        hashes[name] = loaded.hash
        corpus = data.load(folder, free_only=name.endswith("free"))
        base = name.rpartition("-")[0]
        items = cut(corpus, "test", MODELS[base], MODELS[base].bars)
        picked = np.random.default_rng(5).permutation(len(items))[:WINDOWS]
        figures += reconstruction(name, loaded, [items[i] for i in picked], TARGETS[base])
    return Report(tuple(figures), card.commit(), hashes, str(device))


@torch.no_grad()
def reconstruction(name: str, loaded: Loaded, items: list[Labelled], targets: tuple[float, float]) -> list[Figure]:
    """Share of steps (onset with its pitch, hold or rest) that come back, latent drawn from the posterior, temperature 1."""
    forced = sampled = held = steps = 0
    kl: list[float] = []
    torch.manual_seed(0)
    device = next(loaded.net.parameters()).device
    for group in VaeTask.groups(np.random.default_rng(0), items):
        batch = collate([items[i] for i in group], len(loaded.styles)).to(device)
        mean, log_variance = loaded.net.encode(batch)
        kl += divergence(mean, log_variance).tolist()
        latent = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        logits, _ = loaded.net(batch, latent, shifted(batch.tokens))
        there = (batch.tokens != PAD).cpu().numpy()
        truth = batch.tokens.cpu().numpy()
        forced += int((draw(logits) == batch.tokens).cpu().numpy()[there].sum())
        rows = [Row(np.random.default_rng((7, i))) for i in group]
        shape = items[group[0]].window.shape
        loaded.sampler.write(rows, latent, loaded.net.condition(batch.style, batch.facts), shape, truth.shape[1])
        wrote = np.stack([np.array(row.tokens) for row in rows])
        sampled += int((wrote == truth)[there].sum())
        held += int((truth == HOLD)[there].sum())
        steps += int(there.sum())
    peers = {"always hold": held / steps, "MusicVAE on its own data": targets[0]}
    return [
        Figure(f"{name}: accuracy a step, teacher-forced", forced / steps, targets[0], "higher", len(items), "test", peers),
        Figure(f"{name}: accuracy a step, sampled", sampled / steps, targets[1], "higher", len(items), "test",
               {**peers, "MusicVAE on its own data": targets[1]}),
        Figure(f"{name}: KL divergence, nats a window", float(np.mean(kl)), None, "lower", len(items), "test", {}),
    ]


def draw(logits: torch.Tensor) -> torch.Tensor:
    """One symbol from each row of logits (…, K) at temperature 1, (…)."""
    return torch.distributions.Categorical(logits=logits.float()).sample()
