"""The best take first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.engines.protocol import Take
from core.errors import InputError, WeightsMissingError
from core.insight.quality import Quality, quality


@dataclass(frozen=True)
class RankedTake:
    """A take with what was found of it; `quality` is None where it cannot be judged (a single note, no weights)."""

    take: Take
    quality: Quality | None


def ranked(takes: Sequence[Take]) -> tuple[RankedTake, ...]:
    """The same takes, the best first by `Quality.logit` beside the style that was asked for; equal ones in the order of their
    index. Takes themselves are not changed, nor is their index. Where the weights are not at hand none is judged.
    """
    found = [RankedTake(take, _judged(take)) for take in takes]
    return tuple(sorted(found, key=lambda one: (-one.quality.logit if one.quality else float("inf"), one.take.index)))


def _judged(take: Take) -> Quality | None:
    try:
        return quality(take.score, take.request.style)
    except (InputError, WeightsMissingError):
        return None
