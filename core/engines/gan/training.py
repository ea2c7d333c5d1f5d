"""The training loop of the band: encoder and generator together, the critic in turn; curves, moving average, resume.

Every step draws its batch and noise from a generator of random numbers seeded by its number: a run that was broken off goes on
as if it had not been.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from core.engines.gan.data import Windows
from core.engines.gan.losses import Shares, critic_loss, generator_loss
from core.engines.gan.network import Critic, Encoder, Features, Generator

Validate = Callable[[Generator], dict[str, float]]
Optimizers = tuple[torch.optim.Optimizer, torch.optim.Optimizer]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast; the budget is `minutes` where given, else `steps`."""

    steps: int = 3000
    minutes: float | None = None
    batch: int = 32
    judged: int = 16
    """Windows of a batch that the critic sees."""
    alone: float = 0.4
    """Share of the budget before the critic joins; then it judges every other step."""
    cheap: float = 0.3
    """Share of the budget in which what the encoder tells rises to its full price: told nothing, it would stay silent."""
    given: float = 0.75
    """Share of windows whose melody is given."""
    rate: float = 2e-3
    critic_rate: float = 1.2e-3
    clip: float = 1.0
    average: float = 0.995
    slopes: tuple[float, float] = (1.0, 4.0)
    """Of the binary neurons, at the beginning and at the end."""
    shares: Shares = field(default_factory=Shares)
    validate_every: float = 150.0
    """Seconds; with a budget in steps, steps."""
    seed: int = 0


@dataclass
class Progressed:
    """What a run has done so far; kept in the checkpoint. `history` has the mean figures between two validations."""

    step: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


class Nets(nn.Module):
    """The three networks of a run."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        super().__init__()
        self.features = Features()
        self.generator, self.encoder, self.critic = Generator(sizes), Encoder(sizes), Critic(sizes)


def train(windows: Windows, recipe: Recipe, checkpoint: Path, device: torch.device, sizes: dict[str, int] | None = None,
          validate: Validate = lambda generator: {}, start: Path | None = None) -> tuple[Generator, Progressed]:
    """Train until the budget is spent, going on from `checkpoint` where there is one, else with the networks of another run's
    checkpoint `start` where one is given; returns the moving average of the generator. Curves go to `checkpoint` with the
    suffix `.jsonl`. bf16 autocast on CPU and CUDA.
    """
    torch.manual_seed(recipe.seed)
    nets = Nets(sizes)
    nets.generator.begin_at(windows.density())
    if start is not None:
        nets.load_state_dict(torch.load(start, map_location="cpu", weights_only=True)["nets"])
    nets.to(device)
    players = [*nets.generator.parameters(), *nets.encoder.parameters()]
    fused = device.type in ("cpu", "cuda")
    optimizers = (torch.optim.Adam(players, recipe.rate, betas=(0.5, 0.99), fused=fused),
                  torch.optim.Adam(nets.critic.parameters(), recipe.critic_rate, betas=(0.0, 0.99), fused=fused))
    average = {name: value.detach().clone() for name, value in nets.generator.state_dict().items()}
    done = Progressed()
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        nets.load_state_dict(saved["nets"])
        for optimizer, state in zip(optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        average, done = saved["average"], Progressed(**saved["done"])
    started = time.monotonic() - done.seconds
    bar = tqdm(total=1000, initial=round(1000 * _spent(recipe, done)), unit="‰", desc="training", mininterval=10)
    sums: dict[str, list[float]] = {}
    last = done.seconds if recipe.minutes else float(done.step)
    nets.train()
    while (fraction := _spent(recipe, done)) < 1:
        for name, value in _step(nets, optimizers, players, windows, recipe, done.step, fraction, device).items():
            sums.setdefault(name, []).append(value)
        _follow(average, nets.generator, min(recipe.average, (done.step + 1) / (done.step + 10)))
        done.step += 1
        done.seconds = time.monotonic() - started
        bar.update(round(1000 * min(1.0, _spent(recipe, done))) - bar.n)
        now = done.seconds if recipe.minutes else float(done.step)
        if now - last >= recipe.validate_every or _spent(recipe, done) >= 1:
            last = now
            figures = {name: round(sum(values) / len(values), 4) for name, values in sums.items()}
            figures |= {name: round(value, 4) for name, value in _validated(nets.generator, average, validate).items()}
            done.history.append({"step": done.step, "seconds": round(done.seconds, 1), **figures})
            tqdm.write(f"step {done.step}, {done.seconds:.0f} s: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))
            sums = {}
            _save(checkpoint, nets, optimizers, average, done)
    bar.close()
    nets.generator.load_state_dict(average)
    return nets.generator.eval(), done


def _step(nets: Nets, optimizers: Optimizers, players: list[nn.Parameter], windows: Windows, recipe: Recipe, step: int,
          fraction: float, device: torch.device) -> dict[str, float]:
    torch.manual_seed(recipe.seed * 1_000_003 + step)
    told, rows = windows.drawn(np.random.default_rng([recipe.seed, step]), recipe.batch, recipe.given)
    told, rows = told.to(device), rows.to(device)
    judged = recipe.judged if fraction >= recipe.alone and step % 2 == 0 else 0
    shares = replace(recipe.shares, told=recipe.shares.told * min(1.0, 0.02 + fraction / recipe.cheap))
    slope = recipe.slopes[0] * (recipe.slopes[1] / recipe.slopes[0]) ** fraction
    pace = min(1.0, (step + 1) / 100) * (0.02 + 0.49 * (1 + math.cos(math.pi * fraction)))
    mixed = torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type in ("cpu", "cuda"))
    nets.critic.requires_grad_(False)
    with mixed:
        played = generator_loss(nets.generator, nets.encoder, nets.critic, nets.features, told, rows, shares, slope, judged)
    _update(optimizers[0], played.loss, players, recipe, recipe.rate * pace)
    if played.invented is None:
        return played.figures
    nets.critic.requires_grad_(True)
    some = told.take(judged)
    with mixed:
        loss, figures = critic_loss(nets.critic, nets.features, some, rows[:judged], played.invented)
    _update(optimizers[1], loss, list(nets.critic.parameters()), recipe, recipe.critic_rate * max(pace, 0.1))
    return played.figures | figures


def _update(optimizer: torch.optim.Optimizer, loss: Tensor, parameters: list[nn.Parameter], recipe: Recipe, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, recipe.clip)
    optimizer.step()


def _spent(recipe: Recipe, done: Progressed) -> float:
    """Share of the budget that is spent, 0 to 1 and over."""
    return done.seconds / (recipe.minutes * 60) if recipe.minutes else done.step / recipe.steps


@torch.no_grad()
def _follow(average: dict[str, Tensor], net: nn.Module, decay: float) -> None:
    for name, value in net.state_dict().items():
        average[name].lerp_(value, 1 - decay)


@torch.no_grad()
def _validated(generator: Generator, average: dict[str, Tensor], validate: Validate) -> dict[str, float]:
    """Held-out figures of the averaged weights; the generator keeps its own."""
    own = {name: value.clone() for name, value in generator.state_dict().items()}
    generator.load_state_dict(average)
    figures = validate(generator.eval())
    generator.load_state_dict(own)
    generator.train()
    return figures


def _save(path: Path, nets: Nets, optimizers: Optimizers, average: dict[str, Tensor], done: Progressed) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save({"nets": nets.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers], "average": average,
                "done": {"step": done.step, "seconds": done.seconds, "history": done.history}}, part)
    part.replace(path)
    path.with_suffix(".jsonl").write_text("".join(json.dumps(row) + "\n" for row in done.history))
