"""A listener's taste in words and numbers: styles, metres, modes, measures against the catalogue, and how it moved.

What was heard and rated is weighed as the models weigh it (`core/taste/gather.py`). The listener may
correct the profile (`Edits`); what they say then stands in place of what was measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.taste.describe import NUMBERS, Description
from core.taste.features import FeatureTable

MAX_SPANS = 24
"""Points of the curve over time."""

_AXES = ("energy", "valence")
_TEMPI = (20.0, 300.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """An item with its weight in plays, 0 or more, at a moment in seconds since 1970."""

    item: str
    weight: float
    at: int


@dataclass(frozen=True, slots=True)
class Measure:
    """The listener's mean of one of `NUMBERS`, beside the catalogue's mean and spread."""

    mean: float
    catalogue: float
    spread: float

    @property
    def difference(self) -> float:
        """In spreads of the catalogue, positive where the listener's is higher."""
        return (self.mean - self.catalogue) / self.spread if self.spread > 1e-6 else 0.0


@dataclass(frozen=True, slots=True)
class StyleTaste:
    """How a listener likes one style: `tempo` in quarter notes a minute, `higher` in semitones above the style's
    usual register; shares of modes and metres sum to one."""

    share: float
    tempo: float
    higher: float
    modes: Mapping[str, float]
    metres: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time from `start` (seconds since 1970) on, with the taste of that time alone."""

    start: int
    weight: float
    energy: float
    valence: float
    styles: Mapping[str, float]


@dataclass(frozen=True)
class Profile:
    """A taste. Shares sum to one, or are empty where nothing is known; `pieces` counts those whose notes are
    here, `elsewhere` is the share of listening that went to artists and tracks from outside.

    `energy` and `valence` are 0 to 1, `tempo` quarter notes a minute.
    """

    pieces: int
    elsewhere: float
    styles: Mapping[str, float]
    metres: Mapping[str, float]
    modes: Mapping[str, float]
    measures: Mapping[str, Measure]
    by_style: Mapping[str, StyleTaste]
    spans: tuple[Span, ...]
    energy: float = 0.5
    valence: float = 0.5
    tempo: float = 120.0
    edited: frozenset[str] = field(default_factory=frozenset)
    """What the listener said themselves: `styles`, `energy`, `valence`, `tempo`."""

    def furthest(self, count: int = 8) -> list[tuple[str, Measure]]:
        """The measures in which the listener differs most from the catalogue, the most telling first."""
        ranked = sorted(self.measures.items(), key=lambda pair: (-abs(pair[1].difference), pair[0]))
        return ranked[:count]


@dataclass(frozen=True)
class Edits:
    """What a listener says of their taste. `styles` are weights 0 to 1 by style, 0 for never; None keeps what was
    measured.

    Raises:
        RequestError: a value is out of range.
    """

    styles: Mapping[str, float] = field(default_factory=dict)
    energy: float | None = None
    valence: float | None = None
    tempo: float | None = None

    def __post_init__(self) -> None:
        for name, value in [*self.styles.items(), *((axis, getattr(self, axis)) for axis in _AXES)]:
            if value is not None and not 0 <= value <= 1:
                raise RequestError(f"The wish for {name} is from 0 to 1", f"got {value!r}", "Correct it")
        if self.tempo is not None and not _TEMPI[0] <= self.tempo <= _TEMPI[1]:
            raise RequestError(f"A tempo is from {_TEMPI[0]:g} to {_TEMPI[1]:g}", f"got {self.tempo!r}", "Correct it")

    def to_json(self) -> dict[str, Any]:
        """What the listener's preferences keep."""
        return {"styles": dict(self.styles), **{name: getattr(self, name) for name in (*_AXES, "tempo")}}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Edits:
        """The reverse of `to_json`.

        Raises:
            RequestError: a value is no number or out of range.
        """
        styles = values.get("styles") or {}
        numbers = {name: values.get(name) for name in (*_AXES, "tempo")}
        if not isinstance(styles, Mapping) or any(
            value is not None and (isinstance(value, bool) or not isinstance(value, int | float))
            for value in (*styles.values(), *numbers.values())
        ):
            raise RequestError("Wishes for a taste are numbers", f"got {dict(values)!r}"[:200], "Set them again")
        return cls(dict(styles), **numbers)


def taste_profile(heard: Iterable[Heard], describe: Callable[[str], Description | None], table: FeatureTable,
                  edits: Edits | None = None) -> Profile:
    """The taste of a listener.

    Args:
        heard: what counts of the listener's history; what was left out is not in it.
        describe: the description of an item, None for one without notes here.
        table: the catalogue's, to compare with.
        edits: what the listener says themselves.
    """
    known: list[tuple[Heard, Description]] = []
    outside = 0.0
    for one in heard:
        description = describe(one.item)
        if description is None:
            outside += one.weight
        elif one.weight > 0:
            known.append((one, description))
    total = sum(one.weight for one, _ in known)
    elsewhere = outside / (outside + total) if outside + total else 0.0
    profile = _measured(known, table) if known else Profile(0, 0.0, {}, {}, {}, {}, {}, ())
    profile = replace(profile, elsewhere=elsewhere)
    return _edited(profile, edits) if edits is not None else profile


def _measured(known: Sequence[tuple[Heard, Description]], table: FeatureTable) -> Profile:
    weights = np.array([one.weight for one, _ in known])
    numbers = np.array([description.numbers for _, description in known], np.float64)
    means = np.average(numbers, axis=0, weights=weights)
    middle, spread = table.numbers.mean(0), table.numbers.std(0)
    measures = {name: Measure(float(means[at]), float(middle[at]), float(spread[at])) for at, name in enumerate(NUMBERS)}
    words = {kind: _shares((d.word(kind), one.weight) for one, d in known) for kind in ("style", "metre", "mode")}
    return Profile(
        pieces=len({one.item for one, _ in known}), elsewhere=0.0, styles=words["style"], metres=words["metre"],
        modes=words["mode"], measures=measures, by_style=_by_style(known, words["style"], table), spans=_spans(known),
        energy=measures["energy"].mean, valence=measures["valence"].mean, tempo=2 ** measures["log_tempo"].mean,
    )  # fmt: skip


def _by_style(known: Sequence[tuple[Heard, Description]], shares: Mapping[str, float],
              table: FeatureTable) -> dict[str, StyleTaste]:
    found = {}
    usual, register = table.word("style"), table.number("register")
    for style, share in shares.items():
        own = [(one.weight, description) for one, description in known if description.word("style") == style]
        weights = [weight for weight, _ in own]
        height = float(np.average([description.number("register") for _, description in own], weights=weights))
        among = register[usual == style]
        found[style] = StyleTaste(
            share,
            2 ** float(np.average([description.number("log_tempo") for _, description in own], weights=weights)),
            height - float(among.mean()) if len(among) else 0.0,
            _shares((description.word("mode"), weight) for weight, description in own),
            _shares((description.word("metre"), weight) for weight, description in own),
        )
    return found


def _shares(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Words with their shares, the largest first; words that are not known are left out."""
    sums: dict[str, float] = defaultdict(float)
    for word, weight in pairs:
        if word:
            sums[word] += weight
    total = sum(sums.values())
    return {word: value / total for word, value in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))} if total else {}


def _spans(known: Sequence[tuple[Heard, Description]]) -> tuple[Span, ...]:
    """The taste by stretches of whole months, as many months each as keep the stretches to `MAX_SPANS`."""
    months = np.array([_month(one.at) for one, _ in known])
    size = -(-int(np.ptp(months) + 1) // MAX_SPANS)
    stretch: NDArray[np.int64] = (months - months.min()) // size
    spans = []
    for number in np.unique(stretch):
        own = [known[index] for index in np.flatnonzero(stretch == number).tolist()]
        weights = [one.weight for one, _ in own]
        energy, valence = (float(np.average([one.number(axis) for _, one in own], weights=weights)) for axis in _AXES)
        first = int(months.min() + number * size)
        start = int(datetime(first // 12, first % 12 + 1, 1, tzinfo=UTC).timestamp())
        styles = _shares((description.word("style"), one.weight) for one, description in own)
        spans.append(Span(start, float(sum(weights)), energy, valence, styles))
    return tuple(spans)


def _month(at: int) -> int:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year * 12 + moment.month - 1


def _edited(profile: Profile, edits: Edits) -> Profile:
    said = frozenset(name for name in (*_AXES, "tempo") if getattr(edits, name) is not None)
    styles = {**profile.styles, **edits.styles}
    total = sum(styles.values())
    if edits.styles and total:
        ranked = sorted(styles.items(), key=lambda pair: (-pair[1], pair[0]))
        profile = replace(profile, styles={style: value / total for style, value in ranked if value > 0})
        said |= {"styles"}
    values = {name: getattr(edits, name) for name in said - {"styles"}}
    return replace(profile, **values, edited=said)
