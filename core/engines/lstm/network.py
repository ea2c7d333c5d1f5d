"""The networks: sums of feature embeddings into an LSTM, and heads that know about intervals.

Both models (lead sheets and chorales) describe the moment before each decision by a row of
categorical features, each an index into one shared table. The table's rows are summed, so a new
feature costs no matrix. Pitch is scored by pitch class relative to the tonic *and* by its
interval to reference notes (the last note, other voices, the note some bars ago), so that what is
learned in one register holds in all: the relative-pitch idea of improv_rnn's chord encodings and
of folk-rnn's transposition, moved from the data into the output layer.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NONE = -1000
"""In reference pitches: there is no such note."""


class Trunk(nn.Module):
    """Feature rows → summed embeddings → LSTM.

    Args:
        rows: size of the feature table.
        styles: number of styles; 0 for none. A style enters as a weighted sum of learned
            embeddings at every step, which is what lets styles mix.
        embed, hidden, layers: widths and depth.
        dropout: on the LSTM's outputs, one mask for a whole sequence (Gal & Ghahramani 2016).
        embed_dropout: the same on the summed embedding.
    """

    def __init__(self, rows: int, styles: int, embed: int, hidden: int, layers: int,
                 dropout: float = 0.3, embed_dropout: float = 0.1) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(rows, embed, mode="sum")
        nn.init.normal_(self.table.weight, std=0.1)
        self.style = nn.Embedding(max(styles, 1), embed)
        nn.init.normal_(self.style.weight, std=0.1)
        self.norm = nn.LayerNorm(embed)
        self.lstm = nn.LSTM(embed, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)
        self.dropout, self.embed_dropout = dropout, embed_dropout
        self.width = hidden + embed

    def forward(self, features: Tensor, style: Tensor | None = None) -> Tensor:
        """(batch, time, features) indices and (batch, styles) weights → (batch, time, width)."""
        batch, time, count = features.shape
        summed = self.table(features.reshape(-1, count)).view(batch, time, -1)
        if style is not None:
            summed = summed + (style @ self.style.weight)[:, None, :]
        embedded = self._drop(F.relu(self.norm(summed)), self.embed_dropout)
        output, _ = self.lstm(embedded)
        return torch.cat([self._drop(output, self.dropout), embedded], -1)

    def _drop(self, x: Tensor, rate: float) -> Tensor:
        if not self.training or rate == 0:
            return x
        keep = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= rate
        return x * (keep.to(x.dtype) / (1 - rate))


class PitchHead(nn.Module):
    """Scores symbols: `specials` first, then the pitches `low`..`high`.

    A pitch scores by its pitch class plus, for each of `references` reference notes, by its
    interval to it (clamped to ±`span`), all read from one linear layer.
    """

    def __init__(self, width: int, low: int, high: int, specials: int, references: int, span: int = 24) -> None:
        super().__init__()
        self.low, self.high, self.specials, self.references, self.span = low, high, specials, references, span
        self.intervals = 2 * span + 2  # the last one: no such reference
        self.linear = nn.Linear(width, specials + 12 + references * self.intervals)
        self.register_buffer("pitches", torch.arange(low, high + 1), persistent=False)

    @property
    def symbols(self) -> int:
        return self.specials + self.high - self.low + 1

    def forward(self, context: Tensor, references: Tensor) -> Tensor:
        """(…, width) and (…, references) pitches or `NONE` → (…, symbols) float32 logits."""
        return self.spread(self.linear(context).float(), references)

    def spread(self, scores: Tensor, references: Tensor) -> Tensor:
        """From the linear layer's scores to logits of symbols."""
        pitches: Tensor = self.pitches  # type: ignore[assignment]
        start = self.specials
        logits = scores[..., start : start + 12].index_select(-1, pitches % 12)
        start += 12
        index = (pitches - references[..., None]).clamp(-self.span, self.span) + self.span
        index = torch.where(references[..., None] == NONE, self.intervals - 1, index)
        table = scores[..., start:].unflatten(-1, (self.references, self.intervals))
        logits = logits + table.gather(-1, index).sum(-2)
        return torch.cat([scores[..., : self.specials], logits], -1)


class LeadSheetNet(nn.Module):
    """p(chord) · p(duration | chord) · p(pitch | chord, duration) for each event."""

    def __init__(self, rows: int, styles: int, chords: int, durations: int, low: int, high: int, references: int,
                 embed: int = 256, hidden: int = 512, layers: int = 2, inner: int = 192,
                 dropout: float = 0.3, embed_dropout: float = 0.1) -> None:
        super().__init__()
        self.trunk = Trunk(rows, styles, embed, hidden, layers, dropout, embed_dropout)
        width = self.trunk.width
        self.chord = nn.Linear(width, chords)
        self.duration_in = nn.Linear(width, inner)
        self.duration_chord = nn.Embedding(chords, inner)
        self.duration = nn.Linear(inner, durations)
        self.pitch_in = nn.Linear(width, inner)
        self.pitch_chord = nn.Embedding(chords, inner)
        self.pitch_duration = nn.Embedding(durations, inner)
        self.pitch = PitchHead(inner, low, high, specials=2, references=references)
        self.drop = nn.Dropout(dropout / 2)

    def forward(self, features: Tensor, style: Tensor, chord: Tensor, duration: Tensor,
                references: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Teacher-forced logits of chord, duration and pitch symbol, each (batch, time, …)."""
        context = self.trunk(features, style)
        inner = F.relu(self.duration_in(context) + self.duration_chord(chord))
        melodic = F.relu(self.pitch_in(context) + self.pitch_chord(chord) + self.pitch_duration(duration))
        return (self.chord(context).float(), self.duration(self.drop(inner)).float(),
                self.pitch(self.drop(melodic), references))


class ChoraleNet(nn.Module):
    """One step a voice: p(symbol of this voice | everything before it)."""

    def __init__(self, rows: int, styles: int, low: int, high: int, embed: int = 256, hidden: int = 384,
                 layers: int = 2, dropout: float = 0.4, embed_dropout: float = 0.1) -> None:
        super().__init__()
        self.trunk = Trunk(rows, styles, embed, hidden, layers, dropout, embed_dropout)
        self.pitch = PitchHead(self.trunk.width, low, high, specials=2, references=4, span=36)

    def forward(self, features: Tensor, style: Tensor, references: Tensor) -> Tensor:
        return self.pitch(self.trunk(features, style), references)


def parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def style_weights(count: int, weights: Sequence[tuple[int, float]]) -> Tensor:
    """A (1, count) row with the given (style index, weight) pairs."""
    row = torch.zeros(1, max(count, 1))
    for index, weight in weights:
        row[0, index] += weight
    return row
