"""The network that writes lines from their ends."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.engines.lstm.lines.units import MOST

State = tuple[Tensor, Tensor]


class LineNet(nn.Module):
    """An LSTM over units, each with the syllables that are left of its line; input and output share one embedding
    (Press and Wolf 2017).

    Args:
        units: size of the vocabulary.
        embed, hidden: sizes; layers: how many LSTMs lie over each other; dropout: of embeddings and outputs.
    """

    def __init__(self, units: int, embed: int = 144, hidden: int = 352, layers: int = 1, dropout: float = 0.3) -> None:
        super().__init__()
        self.embed = nn.Embedding(units, embed)
        self.left = nn.Embedding(MOST + 1, embed)
        self.lstm = nn.LSTM(embed, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)
        self.down = nn.Linear(hidden, embed)
        self.bias = nn.Parameter(torch.zeros(units))
        self.drop = nn.Dropout(dropout)
        nn.init.normal_(self.embed.weight, std=0.1)
        nn.init.normal_(self.left.weight, std=0.1)

    def forward(self, ids: Tensor, left: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """(batch, n) ids and (batch, n) syllables left after each, 0 to `MOST`, to logits (batch, n, units) of what stands
        before each, and the state."""
        out, after = self.read(ids, left, state)
        return self.logits(out), after

    def read(self, ids: Tensor, left: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """As `forward`, but the context (batch, n, hidden) in place of logits."""
        out, after = self.lstm(self.drop(self.embed(ids) + self.left(left)), state)
        return self.drop(out), after

    def logits(self, context: Tensor) -> Tensor:
        """(…, hidden) to (…, units)."""
        return self.down(context) @ self.embed.weight.T + self.bias
