"""The training loop that both models share: budget, schedule, moving average, resume.

A `Task` says what a batch is and what its loss; the loop knows nothing of music.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn
from tqdm import tqdm


class Task(Protocol):
    """What is trained."""

    net: nn.Module

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        """One epoch of batches on the CPU, in an order that depends on `epoch` alone."""
        ...

    def batch_count(self) -> int: ...

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean nats per decision."""
        ...

    def validate(self, net: nn.Module) -> dict[str, float]:
        """Held-out figures; `nll` is the one that chooses the best weights (lower is better)."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast. The budget is `minutes` where given, else `epochs`."""

    epochs: int = 12
    minutes: float | None = None
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    clip: float = 1.0
    warm_up: int = 100
    average: float = 0.998
    validate_every: int = 1
    seed: int = 0


@dataclass
class Progressed:
    """What a run has done so far; kept in the checkpoint."""

    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    best: float = math.inf
    history: list[dict[str, float]] = field(default_factory=list)


def pick_device(name: str = "auto") -> torch.device:
    """`auto` is CUDA where there is one, then MPS, then the CPU."""
    if name != "auto":
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def train(task: Task, recipe: Recipe, checkpoint: Path, device: torch.device) -> tuple[nn.Module, Progressed]:
    """Train until the budget is spent; resume from `checkpoint` when it exists.

    Keeps an exponential moving average of the weights (Polyak averaging) and returns the average
    that validated best, with the run's history. bf16 autocast on CPU and CUDA.
    """
    torch.manual_seed(recipe.seed)
    net = task.net.to(device)
    # Fused: on a small network the plain update costs a fifth of a step.
    optimizer = torch.optim.AdamW(net.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay,
                                  fused=device.type in ("cpu", "cuda"))
    average = {name: value.detach().clone() for name, value in net.state_dict().items()}
    best = dict(average)
    done = Progressed()
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        average, best, done = saved["average"], saved["best"], Progressed(**saved["done"])
    steps = task.batch_count() * recipe.epochs
    started = time.monotonic() - done.seconds
    bar = tqdm(total=1000, initial=round(1000 * _spent(recipe, done, steps)), unit="‰", desc="training", mininterval=5)
    net.train()
    while _spent(recipe, done, steps) < 1:
        for batch in task.batches(done.epoch):
            done.seconds = time.monotonic() - started
            fraction = _spent(recipe, done, steps)
            if fraction >= 1:
                break
            rate = recipe.learning_rate * _schedule(done.step / recipe.warm_up, fraction)
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type in ("cpu", "cuda")):
                loss = task.loss(net, tuple(tensor.to(device) for tensor in batch))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
            optimizer.step()
            done.step += 1
            decay = min(recipe.average, (done.step + 1) / (done.step + 10))
            _follow(average, net, decay)
            bar.set_postfix(epoch=done.epoch, loss=f"{loss.item():.3f}", refresh=False)
            bar.update(round(1000 * fraction) - bar.n)
        done.epoch += 1
        if done.epoch % recipe.validate_every == 0 or _spent(recipe, done, steps) >= 1:
            figures = _validate(task, net, average)
            done.history.append({"epoch": done.epoch, "seconds": round(done.seconds, 1), **figures})
            tqdm.write(f"epoch {done.epoch}, {done.seconds:.0f} s: " + ", ".join(f"{k} {v:.4f}" for k, v in figures.items()))
            if figures["nll"] < done.best:
                done.best, best = figures["nll"], {name: value.clone() for name, value in average.items()}
            _save(checkpoint, net, optimizer, average, best, done)
    bar.close()
    net.load_state_dict(best)
    return net.eval(), done


def _schedule(warm: float, fraction: float) -> float:
    """Linear warm-up, then half a cosine down to a fiftieth."""
    return min(1.0, warm + 0.01) * (0.02 + 0.49 * (1 + math.cos(math.pi * fraction)))


def _spent(recipe: Recipe, done: Progressed, steps: int) -> float:
    """Share of the budget that is spent, 0 to 1 and over."""
    return done.seconds / (recipe.minutes * 60) if recipe.minutes else done.step / steps


@torch.no_grad()
def _follow(average: dict[str, Tensor], net: nn.Module, decay: float) -> None:
    for name, value in net.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value, 1 - decay)
        else:
            average[name].copy_(value)


@torch.no_grad()
def _validate(task: Task, net: nn.Module, average: dict[str, Tensor]) -> dict[str, float]:
    """Held-out figures of the averaged weights; the net keeps its own."""
    own = {name: value.clone() for name, value in net.state_dict().items()}
    net.load_state_dict(average)
    net.eval()
    figures = task.validate(net)
    net.load_state_dict(own)
    net.train()
    return figures


def _save(path: Path, net: nn.Module, optimizer: torch.optim.Optimizer, average: dict[str, Tensor],
          best: dict[str, Tensor], done: Progressed) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "average": average, "best": best,
                "done": {"epoch": done.epoch, "step": done.step, "seconds": done.seconds, "best": done.best,
                         "history": done.history}}, part)
    part.replace(path)
