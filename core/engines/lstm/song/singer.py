"""The network that sings, ready to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from core.engines.lstm.song.network import SongNet


@dataclass(frozen=True)
class Singer:
    """A network and the styles that it tells apart."""

    net: SongNet
    styles: tuple[str, ...]


def load_singer(tensors: dict[str, Tensor], config: dict[str, Any]) -> Singer:
    """From a weight set; always on the CPU, where single steps are quicker."""
    net = SongNet(len(config["styles"]), **config["sizes"])
    net.load_state_dict({name: tensor.cpu() for name, tensor in tensors.items()})
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return Singer(net.eval(), tuple(config["styles"]))
