"""What every arranger stands behind: a piece and a band in, the piece as that band plays it out.

Pages, the command line and jobs know `Arranger` and nothing of what is behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.analysis.sections import Section, SectionKind
from core.corpora.band_styles import Band
from core.engines.protocol import Progress, no_progress
from core.score import Score

__all__ = ["MAX_ARRANGED_BARS", "ArrangeRequest", "Arrangement", "Arranger", "Section", "SectionKind"]

MAX_ARRANGED_BARS = 400
"""Bars; longer pieces are refused."""


@dataclass(frozen=True, slots=True)
class ArrangeRequest:
    """What is to be played by whom.

    `score` has the melody in track `melody_track` (None: the first pitched one) and chord symbols; other tracks are left
    out. None means "as the band or the piece has it". To play one part anew, or only some bars of it, give what was
    played before as `kept` with `parts` and `bars`: everything else stays note for note.
    """

    score: Score
    band: str
    melody_track: int | None = None
    sections: tuple[Section, ...] | None = None
    intensity: float = 0.5
    """0 sparse to 1 full."""
    humanise: bool = True
    """Timing and velocity as drummers play; off: everything on the grid."""
    random_seed: int = 0
    free_only: bool = False
    kept: Score | None = field(default=None, repr=False)
    parts: tuple[str, ...] = ()
    """Parts to be played anew; () for all."""
    bars: tuple[int, int] | None = None
    """First and behind-the-last bar to be played anew; None for all."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One answer: `score` with a track for each part of the band (`core.corpora.band_styles.PARTS`), named as the part.

    `request` is resolved: its chords and sections are there.
    """

    score: Score
    request: ArrangeRequest
    weights: str
    """Hash of the weights."""
    seconds: float


class Arranger(Protocol):
    """Plays pieces with a band."""

    def bands(self, free_only: bool = False) -> Sequence[Band]:
        """The bands that can be had with the chosen weights."""
        ...

    def sources(self, free_only: bool = False) -> Sequence[str]:
        """Ids of all collections that the weights learned from."""
        ...

    def resolve(self, request: ArrangeRequest) -> ArrangeRequest:
        """Fill in chords and sections and check the rest, without arranging.

        Raises:
            RequestError: unknown band, a metre it does not play, a parameter out of range.
            FormatError: the piece has no melody.
            LimitError: the piece is longer than `MAX_ARRANGED_BARS`.
        """
        ...

    def arrange(self, request: ArrangeRequest, progress: Progress = no_progress) -> Arrangement:
        """Play the piece. Length, metre, chords and melody are untouched.

        Raises:
            RequestError, FormatError, LimitError: see `resolve`.
            WeightsMissingError: the weights are not in `assets/models`.
            Cancelled: `progress` raised it.
        """
        ...
