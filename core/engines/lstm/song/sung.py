"""A sung melody as the network knows it: notes with the syllables that they carry.

Time is in units of 1/24 quarter note as in `leadsheet`. Every note has a gap before it, a duration and
a pitch above the tonic; a syllable has one note or more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.engines.lstm.leadsheet import DURATIONS, HOLD, REST, LeadSheet
from core.engines.lstm.song.words import Ints, unknown_words
from core.errors import FormatError

GAPS = (0, *DURATIONS)
LONGEST_GAP = 2
"""Bars of rest that are kept; longer interludes are shortened by whole bars."""
DURATION_UNITS, GAP_UNITS = np.array(DURATIONS), np.array(GAPS)


@dataclass(frozen=True)
class Sung:
    """One song.

    Attributes:
        metre, mode, reference: as in `LeadSheet`.
        gaps: (notes,) indices into `GAPS`; the first one counts from a bar line.
        durations: (notes,) indices into `DURATIONS`.
        pitches: (notes,) above `reference`.
        carries: (notes,) the number of the syllable of each note.
        words: (syllables, columns) as in `words.COLUMNS`.
    """

    metre: str
    mode: str
    reference: int
    gaps: Ints
    durations: Ints
    pitches: Ints
    carries: Ints
    words: Ints

    def __len__(self) -> int:
        return len(self.gaps)

    def with_words(self, words: Ints, carries: Ints) -> Sung:
        """The same notes, carrying these syllables."""
        return replace(self, words=words, carries=carries)


def from_sheet(sheet: LeadSheet) -> tuple[Sung, Ints]:
    """The melody of a lead sheet without words, each note a syllable of its own, and where its notes begin, (notes,) in units
    from the sheet's own beginning.

    Raises:
        FormatError: it has no notes.
    """
    rows: list[list[int]] = []
    at = 0
    for event in sheet.events:
        if event.pitch == HOLD and rows and rows[-1][1] == at:
            rows[-1][1] += event.duration
        elif event.pitch not in (REST, HOLD):
            rows.append([at, at + event.duration, event.pitch])
        at += event.duration
    if not rows:
        raise FormatError("A melody needs at least one note", "this stretch has none")
    line = np.array(rows)
    bar = sheet.bar_units
    shift = bar - sheet.pickup if sheet.pickup else 0
    begins, ends = line[:, 0] + shift, line[:, 1] + shift
    gaps = begins - np.concatenate([[begins[0] // bar * bar], ends[:-1]])
    gaps = np.where(gaps > LONGEST_GAP * bar, gaps % bar, gaps)
    count = len(line)
    sung = Sung(sheet.metre, sheet.mode, sheet.reference, nearest(GAP_UNITS, gaps), nearest(DURATION_UNITS, ends - begins),
                line[:, 2] - 2, np.arange(count), unknown_words(count))  # fmt: skip
    return sung, line[:, 0]


def nearest(known: Ints, values: Ints) -> Ints:
    """The index of the known value nearest to each."""
    found: Ints = np.abs(values[:, None] - known).argmin(1)
    return found


def starts(gaps: Ints, durations: Ints) -> Ints:
    """Where notes begin, (notes,) in units from the bar line that the first gap counts from."""
    lasting = DURATION_UNITS[durations]
    found: Ints = np.cumsum(GAP_UNITS[gaps] + lasting) - lasting
    return found
