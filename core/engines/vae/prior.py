"""Where music lies in the latent space: a normalising flow from a unit Gaussian to the posterior, told the style.

A weakly held posterior keeps more of the music but leaves holes where a unit Gaussian would draw from.
The flow (RealNVP; Dinh et al., 2017) learns the posterior of the training windows afterwards, as in
two-stage autoencoders (Dai & Wipf, 2019), so that samples come from where music is. It can be gone through
backwards, which also gives every window a place in a Gaussian.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Coupling(nn.Module):
    """Half of the numbers shift and scale the other half."""

    def __init__(self, size: int, condition: int, hidden: int, flip: bool) -> None:
        super().__init__()
        self.flip, self._kept = flip, size // 2
        self.net = nn.Sequential(nn.Linear(self._kept + condition, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(),
                                 nn.Linear(hidden, 2 * (size - self._kept)))
        last = self.net[-1]
        assert isinstance(last, nn.Linear)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def _parts(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = x.flip(-1) if self.flip else x
        kept, moved = x[..., : self._kept], x[..., self._kept :]
        shift, scale = self.net(torch.cat([kept, condition], -1)).chunk(2, -1)
        return kept, moved, shift, torch.tanh(scale)

    def _joined(self, kept: Tensor, moved: Tensor) -> Tensor:
        x = torch.cat([kept, moved], -1)
        return x.flip(-1) if self.flip else x

    def inverse(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Towards the Gaussian, with the log determinant (B,)."""
        kept, moved, shift, scale = self._parts(x, condition)
        return self._joined(kept, (moved - shift) * (-scale).exp()), -scale.sum(-1)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """Away from the Gaussian."""
        kept, moved, shift, scale = self._parts(x, condition)
        return self._joined(kept, moved * scale.exp() + shift)


class Prior(nn.Module):
    """Density of latents given the condition.

    Args:
        size: of the latent.
        condition: of `MelodyVae.condition`.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, size: int, condition: int, hidden: int = 256, layers: int = 8) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))
        self.layers = nn.ModuleList(Coupling(size, condition, hidden, bool(i % 2)) for i in range(layers))

    def to_gaussian(self, latent: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Where latents (B, size) lie in the Gaussian, and the log determinant (B,)."""
        x = (latent - self.mean) / self.scale
        total = -self.scale.log().sum().expand(len(latent))
        for layer in self.layers:
            assert isinstance(layer, Coupling)
            x, change = layer.inverse(x, condition)
            total = total + change
        return x, total

    def from_gaussian(self, point: Tensor, condition: Tensor) -> Tensor:
        """Latents (B, size) of points of the Gaussian."""
        for layer in reversed(self.layers):
            point = layer(point, condition)
        return point * self.scale + self.mean

    def nll(self, latent: Tensor, condition: Tensor) -> Tensor:
        """Nats of each latent, (B,)."""
        x, change = self.to_gaussian(latent, condition)
        return 0.5 * (x.square() + math.log(2 * math.pi)).sum(-1) - change
