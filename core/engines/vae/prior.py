"""Where music lies in the latent space: a normalising flow along the bars, told the style.

A weakly held posterior keeps more of the music but leaves holes where a unit Gaussian would draw from.
The flow learns the posterior of the training windows afterwards, as in two-stage autoencoders (Dai & Wipf,
2019), so that samples come from where music is. It goes bar by bar: an LSTM and looks back at the bars 1,
2, 4 and 8 before tell affine couplings (RealNVP; Dinh et al., 2017) what the next bar is like. It can be
gone through backwards, which gives every piece a place in a unit Gaussian.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LOOK_BACK = (1, 2, 4, 8)
PLACES = 16
"""Bars after which the places of bars are counted anew."""


class Coupling(nn.Module):
    """Half of the numbers shift and scale the other half."""

    def __init__(self, size: int, context: int, hidden: int, flip: bool) -> None:
        super().__init__()
        self.flip, self._kept = flip, size // 2
        self.net = nn.Sequential(nn.Linear(self._kept + context, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(),
                                 nn.Linear(hidden, 2 * (size - self._kept)))
        last = self.net[-1]
        assert isinstance(last, nn.Linear)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def _parts(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = x.flip(-1) if self.flip else x
        kept, moved = x[..., : self._kept], x[..., self._kept :]
        shift, scale = self.net(torch.cat([kept, context], -1)).float().chunk(2, -1)
        return kept, moved, shift, 2 * torch.tanh(scale / 2)

    def _joined(self, kept: Tensor, moved: Tensor) -> Tensor:
        x = torch.cat([kept, moved], -1)
        return x.flip(-1) if self.flip else x

    def inverse(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """Towards the Gaussian, with the log determinant of each row."""
        kept, moved, shift, scale = self._parts(x, context)
        return self._joined(kept, (moved - shift) * (-scale).exp()), -scale.sum(-1)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """Away from the Gaussian."""
        kept, moved, shift, scale = self._parts(x, context)
        return self._joined(kept, moved * scale.exp() + shift)


class Prior(nn.Module):
    """Density of the latents (B, N, size) of bars in a row, given a condition (B, condition).

    Args:
        size: of a bar's latent.
        condition: of `MelodyVae.condition`.
        hidden: of the LSTM and the couplings.
        layers: couplings.
        dropout: on what the couplings are told.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, size: int, condition: int, hidden: int = 192, layers: int = 6, dropout: float = 0.1) -> None:
        super().__init__()
        self.size = size
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))
        self.place = nn.Embedding(PLACES, condition)
        self.history = nn.LSTM(size + condition, hidden, batch_first=True)
        self.context = nn.Linear(hidden + len(LOOK_BACK) * size + condition, hidden)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Coupling(size, hidden, hidden, bool(i % 2)) for i in range(layers))

    def to_gaussian(self, latent: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Where latents lie in the Gaussian (B, N, size), and the log determinant of each bar (B, N)."""
        x = (latent - self.mean) / self.scale
        return self._inwards(x, self._past(x, condition))

    def from_gaussian(self, points: Tensor, condition: Tensor, before: Tensor | None = None,
                      copies: Tensor | None = None) -> Tensor:
        """Latents (B, N, size) of points of the Gaussian.

        Args:
            points: (B, N, size).
            condition: (B, condition).
            before: (B, M, size) latents of bars that they go on from.
            copies: (B, N) the bar that each is to be like, -1 for none.
        """
        bars = [] if before is None else list(((before - self.mean) / self.scale).unbind(1))
        heard = len(bars)
        told = self._told(condition, heard + points.shape[1])
        nothing = torch.zeros(len(points), self.size, device=points.device)
        state = None
        for at in range(told.shape[1]):
            last = bars[at - 1] if at else nothing
            out, state = self.history(torch.cat([last, told[:, at]], -1)[:, None], state)
            if at < heard:
                continue
            back = torch.cat([bars[at - far] if at >= far else nothing for far in LOOK_BACK], -1)
            context = self._context(out[:, 0], back, told[:, at])
            x = self._outwards(points[:, at - heard], context)
            if copies is not None:
                model = copies[:, at - heard]
                known = torch.stack([*bars[heard:], x], 1)
                x = torch.where((model >= 0)[:, None], known[torch.arange(len(x)), model], x)
            bars.append(x)
        return torch.stack(bars[heard:], 1) * self.scale + self.mean

    def nll(self, latent: Tensor, condition: Tensor) -> Tensor:
        """Nats of each bar's latent, (B, N)."""
        x, change = self.to_gaussian(latent, condition)
        return 0.5 * (x.square() + math.log(2 * math.pi)).sum(-1) - change

    def _inwards(self, x: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """From bars (…, size) to the Gaussian, with the log determinant of each bar; context (…, hidden)."""
        total = -self.scale.log().sum().expand(x.shape[:-1])
        for layer in self.layers:
            assert isinstance(layer, Coupling)
            x, change = layer.inverse(x, context)
            total = total + change
        return x, total

    def _outwards(self, x: Tensor, context: Tensor) -> Tensor:
        """From the Gaussian to bars."""
        for layer in reversed(self.layers):
            x = layer(x, context)
        return x

    def _past(self, x: Tensor, condition: Tensor) -> Tensor:
        """What is told of the bars before each, (B, N, hidden)."""
        told = self._told(condition, x.shape[1])
        out, _ = self.history(torch.cat([_back(x, 1), told], -1))
        return self._context(out, torch.cat([_back(x, bars) for bars in LOOK_BACK], -1), told)

    def _told(self, condition: Tensor, bars: int) -> Tensor:
        places = torch.arange(bars, device=condition.device) % PLACES
        told: Tensor = condition[:, None] + self.place(places)
        return told

    def _context(self, out: Tensor, back: Tensor, told: Tensor) -> Tensor:
        context: Tensor = self.dropout(nn.functional.gelu(self.context(torch.cat([out, back, told], -1))))
        return context


def _back(x: Tensor, bars: int) -> Tensor:
    """Every bar's row (B, N, …) from so many bars before, zeros where there is none."""
    return nn.functional.pad(x, (0, 0, bars, 0))[:, : x.shape[1]]
