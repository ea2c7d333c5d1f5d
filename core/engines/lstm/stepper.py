"""One step of a trained trunk, as fast as the memory lets it be.

`nn.LSTM` at batch 1 spends most of its time outside the arithmetic. Here a step is one embedding
bag, one matrix product a layer on weights laid out for it, and a handful of element-wise calls;
what is left is reading the weights once (`benchmarks/decode.py` prints the ratio to that limit).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


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
        self.layers: list[tuple[Tensor, Tensor]] = []
        while f"lstm.weight_ih_l{len(self.layers)}" in own:
            at = len(self.layers)
            joined = torch.cat([own[f"lstm.weight_ih_l{at}"], own[f"lstm.weight_hh_l{at}"]], 1)
            self.layers.append((joined.contiguous(), own[f"lstm.bias_ih_l{at}"] + own[f"lstm.bias_hh_l{at}"]))
        self.hidden = self.layers[0][0].shape[0] // 4
        batch = style.shape[0]
        self.state = [(self.table.new_zeros(batch, self.hidden), self.table.new_zeros(batch, self.hidden)) for _ in self.layers]

    def step(self, indices: Tensor) -> Tensor:
        """(batch, features) table indices → (batch, hidden + embed) context; advances the state."""
        embedded = F.embedding_bag(indices, self.table, mode="sum").add_(self.style)
        embedded = F.layer_norm(embedded, (self.embed,), *self.norm).relu_()
        x = embedded
        for at, (weight, bias) in enumerate(self.layers):
            h, c = self.state[at]
            joined = torch.cat([x, h], 1)
            if joined.shape[0] == 1:
                gates = torch.addmv(bias, weight, joined[0]).unsqueeze(0)
            else:
                gates = torch.addmm(bias, joined, weight.t())
            i, f, g, o = gates.chunk(4, 1)
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
        return sum(w.numel() * w.element_size() + b.numel() * b.element_size() for w, b in self.layers)
