"""What is done between encoding and decoding: neighbours of a point and paths between two.

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


def between(a: Tensor, b: Tensor, shares: Tensor) -> Tensor:
    """Points on the arcs from the rows of `a` (share 0) to those of `b` (share 1).

    Spherical interpolation (White, "Sampling generative networks", 2016), with the lengths interpolated too.

    Args:
        a: (bars, latent).
        b: (bars, latent).
        shares: (K, bars), how far each row has come.

    Returns:
        (K, bars, latent)
    """
    t = shares[..., None]
    long_a, long_b = (x.norm(dim=-1, keepdim=True).clamp(min=1e-6) for x in (a, b))
    angle = torch.arccos(((a * b).sum(-1, keepdim=True) / (long_a * long_b)).clamp(-1 + 1e-6, 1 - 1e-6))
    heading = (torch.sin((1 - t) * angle) * a / long_a + torch.sin(t * angle) * b / long_b) / torch.sin(angle)
    return heading * (long_a + t * (long_b - long_a))
