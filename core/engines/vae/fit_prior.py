"""Learning the prior: where the windows of the training pieces lie, once the autoencoder has learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from core.engines.vae.grid import Ints, Shape
from core.engines.vae.network import MelodyVae
from core.engines.vae.prior import Prior
from core.engines.vae.quantised import prior_of
from core.engines.vae.task import Labelled, VaeTask, collate

BARS_A_BATCH = 1024
NO_STYLE = 0.1
"""Share of windows whose style the prior is not told, so that styles can be guided."""


@dataclass(frozen=True)
class Placed:
    """Windows of one length: mean and standard deviation (W, N, latent), style weights (W, styles + 1), facts (W, 3)."""

    mean: Tensor
    spread: Tensor
    style: Tensor
    facts: Tensor


@torch.no_grad()
def posterior(net: MelodyVae, items: list[Labelled], device: torch.device) -> list[Placed]:
    """Where windows lie, those of one length together; in no particular order."""
    styles = net.style.num_embeddings - 1
    parts: dict[int, list[tuple[Tensor, ...]]] = defaultdict(list)
    for group in VaeTask.groups(np.random.default_rng(0), items):
        batch = collate([items[i] for i in group], styles).to(device)
        held = net.hold(*net.encode(batch), drawn=False)
        parts[held.latent.shape[1]].append((held.latent, (0.5 * held.log_variance).exp(), batch.style, batch.facts))
    return [Placed(*(torch.cat(column) for column in zip(*rows, strict=True))) for _, rows in sorted(parts.items())]


@torch.no_grad()
def posterior_bars(net: MelodyVae, items: list[Labelled],
                   device: torch.device) -> Iterator[tuple[Ints, Shape, NDArray[np.float32]]]:
    """For groups of windows: the tokens of their bars (M, steps), the bars' shape, and their mean latents (M, latent)."""
    styles = net.style.num_embeddings - 1
    for group in VaeTask.groups(np.random.default_rng(0), items):
        batch = collate([items[i] for i in group], styles)
        mean, _ = net.encode(batch.to(device))
        yield batch.tokens.flatten(0, 1).numpy(), items[group[0]].window.shape, mean.flatten(0, 1).cpu().numpy()


def fit_prior(net: MelodyVae, train_set: list[Labelled], valid_set: list[Labelled], device: torch.device, *, seed: int = 0,
              steps: int = 1000) -> tuple[Prior, float]:
    """The density of the training windows' latents; returns it with the held-out nats of a bar's latent."""
    torch.manual_seed(seed)
    placed, held_out = (posterior(net, items, device) for items in (train_set, valid_set))
    prior = prior_of(net).to(device)
    means = torch.cat([part.mean.flatten(0, 1) for part in placed])
    spreads = torch.cat([part.spread.flatten(0, 1) for part in placed])
    prior.mean.copy_(means.mean(0))
    prior.scale.copy_((means.var(0) + spreads.square().mean(0)).sqrt())
    optimizer = torch.optim.AdamW(prior.parameters(), 1e-3, weight_decay=1e-2, fused=device.type in ("cpu", "cuda"))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    bars = np.array([part.mean.shape[0] * part.mean.shape[1] for part in placed])
    rng = np.random.default_rng(seed)
    for step in range(steps):
        part = placed[rng.choice(len(placed), p=bars / bars.sum())]
        rows = torch.randint(len(part.mean), (max(1, BARS_A_BATCH // part.mean.shape[1]),), device=device)
        latent = part.mean[rows] + part.spread[rows] * torch.randn_like(part.mean[rows])
        style = part.style[rows].clone()
        style[torch.rand(len(rows), device=device) < NO_STYLE] = torch.eye(style.shape[1], device=device)[-1]
        with torch.no_grad():
            told = net.condition(style, part.facts[rows])
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type in ("cpu", "cuda")):
            loss = prior.nll(latent, told).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(prior.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            tqdm.write(f"prior, step {step}: {loss.item():.2f} nats a bar")
    return prior.eval(), _held_out(prior, net, held_out)


@torch.no_grad()
def _held_out(prior: Prior, net: MelodyVae, placed: list[Placed]) -> float:
    nats, count = 0.0, 0
    for part in placed:
        latent = part.mean + part.spread * torch.randn_like(part.mean)
        found = prior.nll(latent, net.condition(part.style, part.facts))
        nats, count = nats + found.sum().item(), count + found.numel()
    return nats / count
