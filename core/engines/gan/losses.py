"""What generator and encoder are trained for, and what the critic.

Three wishes are weighed against each other. *Reconstruction*: given the noise that the encoder reads from what a band played,
every cell of it shall be likely, and the encoder pays for what it tells (the evidence lower bound of a VAE). *Adversary*: with
noise drawn from the prior, the critic shall take the cells for real; hinge loss, spectral normalisation. *Features*: what the
critic sees in the played back window shall be what it sees in the real one (Larsen et al., ICML 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, relu

from core.engines.gan.network import Critic, Encoder, Features, Generator, Noise, Told, part_mask
from core.engines.gan.rolls import ROWS

SHARP = 4.0
"""What scores are multiplied by: with every layer's Lipschitz constant at 1 the margin of the hinge is out of reach."""
CELLS = 100.0
"""Nats a bar that weigh 1: about what a bar takes in the course of training."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What each wish weighs: `told`, the price of a nat that the encoder tells; `adversary` and `features`."""

    told: float = 1.0
    adversary: float = 0.1
    features: float = 0.5


def crisp(logits: Tensor, slope: float) -> Tensor:
    """Deterministic binary neurons: 0 or 1, with the gradient of a sigmoid of that slope (Dong and Yang, ISMIR 2018)."""
    soft = torch.sigmoid(slope * logits)
    return soft + ((logits > 0).to(soft.dtype) - soft).detach()


def with_melody(rows: Tensor, told: Told) -> Tensor:
    """Rows in which a given melody stands as given."""
    given = told.given[:, None, None]
    melody = rows[:, ROWS["melody"]] * (1 - given) + told.melody * given
    return torch.cat([melody, rows[:, ROWS["melody"].stop :]], 1)


def cell_weights(told: Told) -> Tensor:
    """(B, HEIGHT, L): 1 for cells to be written: of parts that play, at places that are used, no given melody."""
    weights = part_mask(told)
    melody = weights[:, ROWS["melody"]] * (1 - told.given)[:, None, None]
    return torch.cat([melody, weights[:, ROWS["melody"].stop :]], 1)


def bar_count(told: Told) -> Tensor:
    """Bars in the batch that are used."""
    return told.steps[:, ::16, 0].sum().clamp(min=1)


def drawn(mean: Noise, spread: Noise) -> Noise:
    """Noise from the encoder's Gaussian."""
    return Noise(*(m + torch.randn_like(m) * (0.5 * v).exp() for m, v in zip(mean.tensors(), spread.tensors(), strict=True)))


def divergence(mean: Noise, spread: Noise) -> Tensor:
    """KL from the prior, in nats of the whole batch."""
    pairs = zip(mean.tensors(), spread.tensors(), strict=True)
    return torch.stack([0.5 * (m.square() + v.exp() - 1 - v).sum() for m, v in pairs]).sum()


@dataclass(frozen=True)
class Played:
    """What a generator step made: the loss, figures to write down, and the invented rows of the first windows (detached)."""

    loss: Tensor
    figures: dict[str, float]
    invented: Tensor | None


def generator_loss(generator: Generator, encoder: Encoder, critic: Critic, features: Features, told: Told, rows: Tensor,
                   shares: Shares, slope: float, judged: int) -> Played:
    """Loss of generator and encoder on a batch; the critic judges the first `judged` windows (0: no adversary)."""
    seen = features(told)
    weights, bars = cell_weights(told), bar_count(told)
    mask = part_mask(told)
    mean, spread = encoder(seen, rows * mask)
    logits = generator(seen, drawn(mean, spread))
    cells = (binary_cross_entropy_with_logits(logits, rows, reduction="none") * weights).sum() / bars
    told_nats = divergence(mean, spread) / bars
    loss = (cells + shares.told * told_nats) / CELLS
    figures = {"cells": float(cells.detach()), "told": float(told_nats.detach())}
    if not judged:
        return Played(loss, figures, None)
    some = told.take(judged)
    seen_some = (seen[0][:judged], seen[1][:judged])
    noise = generator.draw(judged, some.bars.shape[1], rows.device)
    invented = with_melody(crisp(generator(seen_some, noise), slope), some) * mask[:judged]
    judgement, _ = critic(seen_some, invented)
    adversary = -SHARP * judgement.mean()
    again = with_melody(crisp(logits[:judged], slope), some) * mask[:judged]
    _, look = critic(seen_some, again)
    with torch.no_grad():
        _, real = critic(seen_some, rows[:judged] * mask[:judged])
    alike = torch.stack([(a.float() - b.float()).abs().mean() / b.float().abs().mean().clamp(min=1e-3)
                         for a, b in zip(look, real, strict=True)]).mean()
    figures |= {"adversary": float(adversary.detach()), "features": float(alike.detach())}
    return Played(loss + shares.adversary * adversary + shares.features * alike, figures, invented.detach())


def critic_loss(critic: Critic, features: Features, told: Told, rows: Tensor,
                invented: Tensor) -> tuple[Tensor, dict[str, float]]:
    """Hinge loss on real rows and as many invented ones for the same conditions."""
    seen = features(told)
    both = (torch.cat([seen[0], seen[0]]), torch.cat([seen[1], seen[1]]))
    scores, _ = critic(both, torch.cat([rows * part_mask(told), invented]))
    real, made = (SHARP * scores).chunk(2)
    loss = relu(1 - real).mean() + relu(1 + made).mean()
    right = ((real > 0).float().mean() + (made < 0).float().mean()) / 2
    return loss, {"critic": float(loss.detach()), "right": float(right.detach())}
