"""A weight set of this engine as networks that are ready to be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from core.engines.lstm import weights
from core.engines.vae.network import MelodyVae
from core.engines.vae.prior import Prior
from core.engines.vae.sampler import Sampler


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


def load(name: str, folder: Path = weights.FOLDER, device: torch.device | None = None) -> Loaded:
    """Read a weight set.

    Raises:
        WeightsMissingError: files are missing or damaged.
    """
    found = weights.load(name, folder)
    config = found.config
    net = MelodyVae(len(config["styles"]), config["bars"], config["sizes"])
    net.load_state_dict({key[4:]: value for key, value in found.tensors.items() if key.startswith("net.")})
    told = net.style.embedding_dim
    prior = Prior(net.latent, told)
    prior.load_state_dict({key[6:]: value for key, value in found.tensors.items() if key.startswith("prior.")})
    if device is not None:
        net, prior = net.to(device), prior.to(device)
    net, prior = net.eval().requires_grad_(False), prior.eval().requires_grad_(False)
    return Loaded(net, prior, Sampler(net), config, found.hash)
