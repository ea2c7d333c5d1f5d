"""What is said of a take in three words: how like its style it is, how good, whether it is original."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.engines.protocol import Progress, no_progress
from core.insight.said import Said
from core.score import Score


@dataclass(frozen=True, slots=True)
class Likeness:
    """The verdict, a value of `core.rights.originality.Verdict`, and the title of the nearest piece ("" where there is none)."""

    verdict: str
    title: str


@dataclass(frozen=True)
class Badge:
    """`match` is the probability 0..1 of the style that was asked for (of the likeliest where none was), `style` its id;
    `overall` is the quality 0..100. What cannot be said has its reason."""

    style: Said[str] = field(default_factory=Said)
    match: float = 0.0
    overall: Said[float] = field(default_factory=Said)
    likeness: Said[Likeness] = field(default_factory=Said)


def badge(score: Score, style: str = "", *, progress: Progress = no_progress) -> Badge:
    """Look at a take; about half a second once the weights and the library are loaded.

    Raises:
        Cancelled: `progress` raised it.
    """
    # Pages name this function; what it needs loads torch, and is loaded where it works.
    from core.insight.quality import quality
    from core.insight.style import recognise_style

    progress(0, 3)
    found = Said.of(lambda: recognise_style(score))
    named, match = Said[str](None, found.reason), 0.0
    if found.value is not None:
        wanted = style if style in found.value.probabilities else found.value.style
        named, match = Said(wanted), found.value.probabilities[wanted]
    progress(1, 3)
    overall = Said.of(lambda: quality(score, style or None).overall)
    progress(2, 3)
    likeness = Said.of(lambda: _likeness(score))
    progress(3, 3)
    return Badge(named, match, overall, likeness)


def _likeness(score: Score) -> Likeness:
    from core.rights.originality import originality

    found = originality(score, most=1)
    return Likeness(found.verdict.value, found.passages[0].piece.title if found.passages else "")
