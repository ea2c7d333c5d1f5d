"""A weight set of this engine as networks that are ready to be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core import weights
from core.engines.vae.grid import Window
from core.engines.vae.network import MelodyVae
from core.engines.vae.prior import Prior
from core.engines.vae.quantised import GAUSSIAN, network, prior_of
from core.engines.vae.sampler import Sampler
from core.engines.vae.task import Labelled, collate


@dataclass(frozen=True)
class Loaded:
    """Autoencoder, prior and sampler with the configuration and the hash of their weights."""

    net: MelodyVae
    prior: Prior
    sampler: Sampler
    config: dict[str, Any]
    hash: str

    @property
    def styles(self) -> tuple[str, ...]:
        return tuple(self.config["styles"])

    def place(self, window: Window, condition: Tensor) -> Tensor:
        """The latents of a piece of any length, (1, bars, latent), read in windows; `condition` is (1, condition)."""
        parts = []
        for start, end in pieces(len(window.tokens), self.config["bars"]):
            part = replace(window, tokens=window.tokens[start:end], chords=window.chords[start:end])
            read = self.net.encode(collate([Labelled(part, 0)], len(self.styles)), condition)
            parts.append(self.net.hold(*read, drawn=False).latent)
        return torch.cat(parts, 1)

    def codes(self, latents: Tensor, condition: Tensor) -> Tensor:
        """(B, N, code): what the conductor makes of latents (B, N, latent), in windows."""
        parts = [self.net.codes(latents[:, start:end], condition) for start, end in pieces(latents.shape[1], self.config["bars"])]
        return torch.cat(parts, 1)


def pieces(bars: int, most: int) -> list[tuple[int, int]]:
    """Where the windows of a long piece begin and end, as even as can be."""
    count = -(-bars // most)
    return [(bars * at // count, bars * (at + 1) // count) for at in range(count)]


def set_name(model: str, free_only: bool, bottleneck: str = GAUSSIAN) -> str:
    """Of a weight set, such as `vae-16bar-all` or `vae-16bar-vq-free`."""
    return f"{model}{'' if bottleneck == GAUSSIAN else f'-{bottleneck}'}-{'free' if free_only else 'all'}"


def load(name: str, folder: Path = weights.FOLDER, device: torch.device | None = None) -> Loaded:
    """Read a weight set.

    Raises:
        WeightsMissingError: files are missing or damaged.
    """
    found = weights.load(name, folder)
    config = found.config
    net = network(config.get("bottleneck", GAUSSIAN), len(config["styles"]), config["sizes"])
    net.load_state_dict({key[4:]: value for key, value in found.tensors.items() if key.startswith("net.")})
    prior = prior_of(net)
    prior.load_state_dict({key[6:]: value for key, value in found.tensors.items() if key.startswith("prior.")})
    if device is not None:
        net, prior = net.to(device), prior.to(device)
    net, prior = net.eval().requires_grad_(False), prior.eval().requires_grad_(False)
    return Loaded(net, prior, Sampler(net), config, found.hash)
