"""Where notes begin, and whether one sounds: a small network over the spectrum and the harmonics of the pitch that is heard.

A temporal convolutional network with dilated kernels (after Davies and Böck, *Temporal convolutional networks for musical
audio beat tracking*, EUSIPCO 2019); it sees about half a second to each side. `songloom train hearing` makes its weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core import weights
from core.audio.onset_features import SIZE

NAME = "hearing"
CHANNELS, KERNEL, DILATIONS, DROPOUT = 64, 5, (1, 2, 4, 8, 16, 1), 0.1
BEGINS, NEAR, SOUNDS = range(3)
"""The outputs: a note begins here, one begins within `NEAR_S` of here, one sounds here."""
NEAR_S = 0.04
_BLOCK = 8_192


class OnsetNet(nn.Module):
    """Features (B, T, `SIZE`) to logits (B, T, 3): `BEGINS`, `NEAR`, `SOUNDS`."""

    def __init__(self, channels: int = CHANNELS, kernel: int = KERNEL, dilations: Sequence[int] = DILATIONS,
                 dropout: float = DROPOUT) -> None:
        super().__init__()
        self.sizes = {"channels": channels, "kernel": kernel, "dilations": list(dilations), "dropout": dropout}
        self.reach = sum(dilations) * (kernel // 2)
        """Moments to each side that an output rests on."""
        self.first = nn.Conv1d(SIZE, channels, 1)
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm1d(channels), nn.Conv1d(channels, channels, kernel, padding="same", dilation=dilation),
                          nn.GELU(), nn.Dropout(dropout), nn.Conv1d(channels, channels, 1))
            for dilation in dilations
        )
        self.last = nn.Sequential(nn.BatchNorm1d(channels), nn.GELU(), nn.Conv1d(channels, 3, 1))

    def forward(self, seen: Tensor) -> Tensor:
        x = self.first(seen.transpose(1, 2))
        for layer in self.layers:
            x = x + layer(x)
        found: Tensor = self.last(x).transpose(1, 2)
        return found


@lru_cache(maxsize=1)
def loaded() -> OnsetNet:
    """The network that is shipped, ready to listen on the CPU.

    Raises:
        WeightsMissingError: its files are missing or damaged.
    """
    kept = weights.load(NAME)
    net = OnsetNet(**kept.config["sizes"])
    net.load_state_dict(kept.tensors)
    return net.eval()


@torch.inference_mode()
def logits(net: OnsetNet, seen: NDArray[np.float32]) -> NDArray[np.float64]:
    """Log odds (T, 3) of features (T, `SIZE`), block by block, so that twenty minutes need little memory."""
    rows = []
    for at in range(0, len(seen), _BLOCK):
        ahead = min(at, net.reach)
        part = torch.from_numpy(np.ascontiguousarray(seen[at - ahead : at + _BLOCK + net.reach]))
        rows.append(net(part[None])[0, ahead : ahead + min(_BLOCK, len(seen) - at)].double().numpy())
    return np.concatenate(rows)
