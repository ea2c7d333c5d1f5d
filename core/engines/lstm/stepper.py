"""One step of a trained trunk, as fast as the memory lets it be.

`nn.LSTM` at batch 1 spends most of its time outside the arithmetic. Here a step is one embedding
bag, one matrix product a layer, and a handful of element-wise calls; what is left is reading the
weights once (`benchmarks/decode.py` prints the ratio to that limit). They are read in the half
precision in which they are shipped, so nothing is lost, and multiplied and added in single precision.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


class Linear:
    """y = W x + b for a few rows at a time; on x86 processors W stays in half precision (FBGEMM)."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.weight, self.bias = weight, bias
        self._packed = None
        if weight.device.type == "cpu" and "fbgemm" in torch.backends.quantized.supported_engines:
            self._packed = torch.ops.quantized.linear_prepack_fp16(weight.float(), bias.float())

    def __call__(self, x: Tensor) -> Tensor:
        """(rows, in) → (rows, out)."""
        if self._packed is not None:
            result: Tensor = torch.ops.quantized.linear_dynamic_fp16(x, self._packed)
            return result
        return torch.addmm(self.bias, x, self.weight.t())

    @property
    def bytes(self) -> int:
        """Bytes that one call must read."""
        return self.weight.numel() * (4 if self._packed is None else 2) + self.bias.numel() * 4


class Stepper:
    """Steps a `Trunk` for a batch of sequences at once.

    Args:
        tensors: the network's state dict; those under `prefix` are used.
        style: (batch, styles) weights, constant over the piece.
    """

    def __init__(self, tensors: dict[str, Tensor], style: Tensor, prefix: str = "trunk.") -> None:
        own = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
        self.table = own["table.weight"]
        self.style = style.to(self.table) @ own["style.weight"]
        self.norm = (own["norm.weight"], own["norm.bias"])
        self.embed = self.table.shape[1]
        self.layers: list[Linear] = []
        while f"lstm.weight_ih_l{len(self.layers)}" in own:
            at = len(self.layers)
            joined = torch.cat([own[f"lstm.weight_ih_l{at}"], own[f"lstm.weight_hh_l{at}"]], 1)
            self.layers.append(Linear(joined, own[f"lstm.bias_ih_l{at}"] + own[f"lstm.bias_hh_l{at}"]))
        self.hidden = self.layers[0].weight.shape[0] // 4
        batch = style.shape[0]
        self.state = [(self.table.new_zeros(batch, self.hidden), self.table.new_zeros(batch, self.hidden)) for _ in self.layers]

    def step(self, indices: Tensor) -> Tensor:
        """(batch, features) table indices → (batch, hidden + embed) context; advances the state."""
        embedded = F.embedding_bag(indices, self.table, mode="sum").add_(self.style)
        embedded = F.layer_norm(embedded, (self.embed,), *self.norm).relu_()
        x = embedded
        for at, layer in enumerate(self.layers):
            h, c = self.state[at]
            i, f, g, o = layer(torch.cat([x, h], 1)).chunk(4, 1)
            c = torch.sigmoid(f).mul_(c).add_(torch.sigmoid(i).mul_(torch.tanh(g)))
            x = torch.sigmoid(o).mul_(torch.tanh(c))
            self.state[at] = (x, c)
        return torch.cat([x, embedded], 1)

    def keep(self, rows: list[int]) -> None:
        """Go on with these sequences of the batch alone."""
        index = torch.tensor(rows, device=self.table.device)
        self.style = self.style[index]
        self.state = [(h[index], c[index]) for h, c in self.state]

    def weight_bytes(self) -> int:
        """Bytes of weights that one step must read."""
        return sum(layer.bytes for layer in self.layers)
