"""What is done between encoding and decoding: neighbours of a point, paths between two, long pieces.

All of it happens in the Gaussian that the prior maps latents to, where every point is music.
"""

from __future__ import annotations

import torch
from torch import Tensor


def near(point: Tensor, strength: float, noise: Tensor) -> Tensor:
    """A point that shares sqrt(1 - strength²) of `point`; 0 is the point itself, 1 has nothing of it.

    Args:
        point: (…, latent) in the Gaussian.
        strength: 0 to 1.
        noise: (…, latent), unit Gaussian.
    """
    return (1 - strength**2) ** 0.5 * point + strength * noise


def path(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """`steps` points from `a` to `b`, both with them, evenly on the arc between: (steps, latent).

    Spherical interpolation (White, "Sampling generative networks", 2016), with the lengths interpolated too.
    """
    shares = torch.linspace(0, 1, steps, dtype=a.dtype, device=a.device)[:, None]
    long_a, long_b = a.norm().clamp(min=1e-6), b.norm().clamp(min=1e-6)
    angle = torch.arccos((a @ b / (long_a * long_b)).clamp(-1 + 1e-6, 1 - 1e-6))
    heading = (torch.sin((1 - shares) * angle) * a / long_a + torch.sin(shares * angle) * b / long_b) / torch.sin(angle)
    return heading * (long_a + shares * (long_b - long_a))
