"""One piece as a band plays it, to learn from."""

from __future__ import annotations

from dataclasses import dataclass

from core.analysis.sections import SectionKind
from core.corpora.types import Tier
from core.score import Score, Track


@dataclass(frozen=True, slots=True)
class BandPiece:
    """A piece for a band.

    `score` has a track for each part (`core.corpora.band_styles.PARTS`) of which something is known, named as the part, in
    the order of `PARTS`, and chord symbols, keys, metres, a tempo. **A track without notes is a part that is silent; a part
    that has no track is not known** (a drummer's take has only drums, POP909 no drums): nothing is to be learned of it.
    Notes are on a grid of sixteenths and, in 4/4 and 3/4, of triplet eighths in quarters played so: swing stays swing.
    Drum notes last a sixteenth. The bass has one note at a time.

    `letters`, `kinds` and `fills` have one entry a bar, the pick-up left out. Where the form is not known, letters are "".
    """

    id: str
    """Unique: `nottingham/…@folk`."""
    source: str
    """Id of the collection that the melody is from, or the whole of it."""
    band: str
    """Id in `core.corpora.band_styles`."""
    split: str
    """`train`, `valid` or `test`: of the cluster of the melody, so that all arrangements of a tune lie in one split."""
    tier: Tier
    machine_made: bool
    """Whether the parts under the melody were written by `mma`."""
    score: Score
    letters: tuple[str, ...]
    kinds: tuple[SectionKind, ...]
    fills: tuple[bool, ...]
    groove: str = ""
    """Family of grooves of `mma`, or the style that the collection names."""

    def part(self, name: str) -> Track | None:
        """The track of a part, None where nothing is known of it."""
        return next((track for track in self.score.tracks if track.name == name), None)

    @property
    def first_bar(self) -> int:
        """Index in `score.bars` of the bar that `kinds[0]` speaks of."""
        return len(self.score.bars) - len(self.kinds)
