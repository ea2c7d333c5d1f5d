"""The one protocol that every generator stands behind: a `Request` in, `Take`s out.

Pages, the command line and jobs know `Engine` and nothing of what is behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.corpora.styles import Style
from core.score import Metre, Score

Progress = Callable[[int, int], None]
"""Called with (done, total); raises `Cancelled` when the user asked to stop."""

How = Literal["continue", "answer", "vary", "harmonise"]

LIMITS = {
    "bars": (1, 128),
    "takes": (1, 8),
    "tempo": (20, 300),
    "temperature": (0.1, 2.0),
    "top_p": (0.1, 1.0),
    "strength": (0.0, 1.0),
}
"""Parameter name to its lowest and highest value."""


def no_progress(done: int, total: int) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a musician asks for. None means "as the style (or the seed) has it".

    `tonic` is a pitch class 0..11; `bars` counts new music, a seed comes on top; `pitch_range` is
    (lowest, highest) MIDI pitch; `free_only` picks the weights trained on free music alone.
    """

    style: str
    engine: str = "lstm"
    style2: str | None = None
    mix: float = 0.0
    """Weight of `style2`, 0 to 1."""
    tonic: int | None = None
    mode: str | None = None
    metre: Metre | None = None
    tempo: float | None = None
    bars: int = 16
    takes: int = 4
    temperature: float = 1.0
    top_p: float = 0.95
    random_seed: int = 0
    pitch_range: tuple[int, int] | None = None
    program: int | None = None
    free_only: bool = False
    seed: Score | None = None
    how: How = "continue"
    strength: float = 0.5
    """How far a variation goes from its seed: 0 almost the same, 1 a distant cousin."""
    with_seed: bool = True
    pickup: bool = False
    words: str = ""
    """Lyrics to be sung; they say how long the song is, `bars` does not count then."""
    language: str = "auto"
    """Of the words: see `core.lyrics.read_lyrics`."""
    corrections: str = ""
    """Of their syllables, stress and pinyin, as `core.lyrics.corrections.Corrections.as_json` gives them; "" for none."""
    moods: str = ""
    """Of the words, where the user chose them: see `core.lyrics.mood.chosen_as_json`; "" for those that are read in the words."""
    again: int | None = None
    """With words: the number of the one line to be sung anew, from 0; the others stay as the seed, a song to the same words,
    has them."""


@dataclass(frozen=True, slots=True)
class Take:
    """One answer. `request` is resolved: nothing in it is None that the engine decided.

    `new_from` is the tick at which new music begins (after the seed, when it is part of the score).
    """

    score: Score
    request: Request
    index: int
    weights: str
    """Hash of the weights."""
    seconds: float
    new_from: int = 0


class Engine(Protocol):
    """A generator. A new one is one folder in `core/engines` and one line in the registry."""

    id: str

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        """The styles that this engine writes with the chosen weights."""
        ...

    def sung_styles(self, free_only: bool = False) -> Sequence[Style]:
        """The styles of `styles` in which it sings words; empty where it cannot."""
        ...

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        """Ids of all collections that the weights behind this style learned from, whatever its own are.

        Raises:
            RequestError: no such style.
        """
        ...

    def resolve(self, request: Request) -> Request:
        """Fill in what was left open and check the rest, without composing.

        Raises:
            RequestError: a parameter is out of range, unknown, or contradicts the style or seed.
        """
        ...

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        """Write `request.takes` takes in one batch; every one obeys the request.

        Raises:
            RequestError: see `resolve`.
            WeightsMissingError: the weights are not in `assets/models`.
            GenerationError: no music that obeys could be written.
            Cancelled: `progress` raised it.
        """
        ...
