"""The network: what is sung is read both ways, then rhythm is written note by note, then pitches over the rhythm."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.leadsheet import DURATIONS, HIGH, LOW, METRES, MODES
from core.engines.lstm.network import PitchHead
from core.engines.lstm.song.sung import GAPS
from core.engines.lstm.song.words import COLUMNS

POSITIONS = 192
"""Units from the last bar line, of the longest bar."""
MOST_BARS, MOST_NOTES = 6, 4
"""Bars since the line began, and notes of a syllable, that are told apart."""
RHYTHM = {"gap": len(GAPS) + 1, "duration": len(DURATIONS) + 1, "position": POSITIONS, "bars": MOST_BARS, "nth": MOST_NOTES,
          "metre": len(METRES), "mode": len(MODES)}
"""What the rhythm step reads beside the syllable: the note before (one more for none), the time at which it ended, bars since
the line began, how many notes the syllable has, whether it goes on, metre and mode."""
MELODY = {"gap": len(GAPS), "duration": len(DURATIONS), "position": POSITIONS, "next_gap": len(GAPS) + 1,
          "next_duration": len(DURATIONS) + 1, "bars": MOST_BARS, "nth": MOST_NOTES, "metre": len(METRES), "mode": len(MODES),
          "pitch": HIGH - LOW + 2}
"""What the pitch step reads beside the syllable: the note itself and the next one, and the last pitch."""
REFERENCES = 3
"""Pitches that intervals are counted from: the last, the one before it, the first of the line."""


class Sum(nn.Module):
    """Categorical features as a sum of embeddings: one table, one row for each value."""

    def __init__(self, sizes: dict[str, int], width: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(sum(sizes.values()), width, mode="sum")
        nn.init.normal_(self.table.weight, std=0.1)
        firsts = [0, *torch.tensor(list(sizes.values())).cumsum(0)[:-1].tolist()]
        self.register_buffer("firsts", torch.tensor(firsts), persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        """(…, features) indices → (…, width)."""
        firsts: Tensor = self.firsts  # type: ignore[assignment]
        rows = features + firsts
        found: Tensor = self.table(rows.reshape(-1, rows.shape[-1]))
        return found.view(*features.shape[:-1], -1)


class SongNet(nn.Module):
    """p(gap) · p(duration | gap) · p(syllable goes on | both) for each note, then p(pitch) over the whole rhythm.

    Args:
        styles: that are told apart, with one more for "none told".
        embed, encoder, hidden: widths of the embeddings, of each direction of the reader, of the writers.
        dropout: on what the LSTMs give.
    """

    def __init__(self, styles: int, embed: int = 96, encoder: int = 96, hidden: int = 256, dropout: float = 0.3) -> None:
        super().__init__()
        self.words = Sum(COLUMNS, embed)
        self.reader = nn.LSTM(embed, encoder, batch_first=True, bidirectional=True)
        self.style = nn.Embedding(styles + 1, embed)
        self.rhythm_in, self.melody_in = Sum(RHYTHM, embed), Sum(MELODY, embed)
        width = embed + 2 * encoder
        self.rhythm, self.melody = (nn.LSTM(width, hidden, batch_first=True) for _ in range(2))
        self.gap = nn.Linear(hidden + width, len(GAPS))
        self.gap_in = nn.Embedding(len(GAPS), embed)
        self.place_in = nn.Embedding(POSITIONS, embed)
        self.duration = nn.Linear(hidden + width + embed, len(DURATIONS))
        self.duration_in = nn.Embedding(len(DURATIONS), embed)
        self.more = nn.Linear(hidden + width + 2 * embed, 2)
        self.pitch = PitchHead(hidden + width, LOW, HIGH, 0, REFERENCES)
        self.dropout = nn.Dropout(dropout)

    def read(self, words: Tensor) -> Tensor:
        """(batch, syllables, columns) → (batch, syllables, 2 encoder)."""
        found, _ = self.reader(F.relu(self.words(words)))
        return self.dropout(found)

    def rhythm_step(self, features: Tensor, sung: Tensor, style: Tensor,
                    state: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """What the three rhythm heads read.

        Args:
            features: (batch, notes, `RHYTHM`).
            sung: (batch, notes, 2 encoder), what was read of each note's syllable.
            style: (batch, styles + 1) weights.
            state: of the LSTM before the first note.

        Returns:
            (batch, notes, width), and the state after the last note.
        """
        return self._step(self.rhythm_in, self.rhythm, features, sung, style, state)

    def melody_step(self, features: Tensor, sung: Tensor, style: Tensor,
                    state: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The same for the pitch head: `features` (batch, notes, `MELODY`)."""
        return self._step(self.melody_in, self.melody, features, sung, style, state)

    def _step(self, inputs: Sum, lstm: nn.LSTM, features: Tensor, sung: Tensor, style: Tensor,
              state: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        told = inputs(features) + (style @ self.style.weight)[:, None]
        x = torch.cat([F.relu(told), sung], -1)
        output, state = lstm(x, state)
        return torch.cat([self.dropout(output), x], -1), state

    def gap_logits(self, context: Tensor) -> Tensor:
        """(…, gaps)"""
        return self.gap(context).float()

    def duration_logits(self, context: Tensor, gap: Tensor, position: Tensor) -> Tensor:
        """(…, durations), for a note that begins after `gap` at `position` of its bar."""
        return self.duration(torch.cat([context, self.gap_in(gap) + self.place_in(position)], -1)).float()

    def more_logits(self, context: Tensor, gap: Tensor, position: Tensor, duration: Tensor) -> Tensor:
        """(…, 2): whether the syllable ends with this note, or has another."""
        told = [self.gap_in(gap) + self.place_in(position), self.duration_in(duration)]
        return self.more(torch.cat([context, *told], -1)).float()

    def pitch_logits(self, context: Tensor, references: Tensor) -> Tensor:
        """(…, pitches from `LOW`)"""
        return self.pitch(context, references)
