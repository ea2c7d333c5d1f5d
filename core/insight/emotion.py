"""Where in the plane of valence and arousal does a piece lie, by its notes (Russell's circumplex, as EMOPIA labels it)?

What is heard depends on how much the notes tell: a performance has dynamics, a score has none, a melody has no harmony either.
Each of the three has a model of its own, learned from the same clips with that much left of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from core import weights
from core.insight.files import FOLDER
from core.insight.heard import HIDDEN, Hearing, heard
from core.insight.linear import UNNAMED, Floats, Linear, Reason
from core.insight.played import Played, measures
from core.score import Score
from core.score.accompany import with_chords

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")
"""High valence and high arousal (happy), low and high (tense), low and low (sad), high and low (calm)."""

VALENCE: Mapping[str, float] = {"Q1": 1, "Q2": -1, "Q3": -1, "Q4": 1}
AROUSAL: Mapping[str, float] = {"Q1": 1, "Q2": 1, "Q3": -1, "Q4": -1}

PLAYED, WRITTEN, LINE = "played", "written", "line"
"""What the notes tell: a performance with its dynamics, a score without, one line alone."""
KINDS = (PLAYED, WRITTEN, LINE)

NAME = "emotion"
_DYNAMICS = 8
"""Different velocities from which notes count as performed."""
_ALONE = 1.15
"""Notes struck, and sounding, together on average up to which a piece is one line."""


@dataclass(frozen=True)
class MoodOfNotes:
    """`probabilities` of `QUADRANTS`; `valence` and `arousal` -1..1 follow from them: the probability of the high half minus
    that of the low one. `because` holds for each axis the measures that moved it, signed: positive upwards.

    `kind` is one of `KINDS`; `reliability` is the share of clips whose quadrant is named right when only so much is known
    (in cross-validation; chance is .25).
    """

    probabilities: dict[str, float]
    valence: float
    arousal: float
    because: dict[str, tuple[Reason, ...]]
    kind: str
    reliability: float

    @property
    def quadrant(self) -> str:
        """The likeliest of `QUADRANTS`."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])

    @property
    def confidence(self) -> float:
        """Its probability, 0 to 1."""
        return self.probabilities[self.quadrant]


def recognise_mood(score: Score) -> MoodOfNotes:
    """The mood of a piece by its pitched notes and chord symbols, in its own tempo.

    Raises:
        FormatError: no pitched track has notes.
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    played = Played.of(with_chords(score) if score.melody.is_monophonic and len(score.tracks) == 1 else score)
    kind = kind_of(played)
    model, reliability = _models()[kind]
    row = model.row(mood_measures(played, kind))
    found = dict(zip(model.classes, (float(value) for value in model.probabilities(row)[0]), strict=True))
    return MoodOfNotes(
        found, _along(found, VALENCE), _along(found, AROUSAL),
        {name: _reasons(model, row, {one: sign / 2 for one, sign in axis.items()})
         for name, axis in (("valence", VALENCE), ("arousal", AROUSAL))}, kind, reliability,
    )  # fmt: skip


def mood_measures(played: Played, kind: str, net: Hearing | None = None) -> dict[str, float]:
    """What a piece of a kind is judged by: measures of what is played and, but for a line, of the harmony that is heard in it.

    Args:
        net: the network that hears (None: the one that comes along).

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    left = reduced(played, kind)
    return {**measures(left), **({} if kind == LINE else heard(left, kind == PLAYED, net))}


def mood_rows(rows: Floats, names: Sequence[str], kind: str) -> Floats:
    """Probabilities (N, 4) of `QUADRANTS` for rows (N, F) of measures by name: many pieces of a kind at once."""
    model, _ = _models()[kind]
    return model.probabilities(rows[:, [list(names).index(name) for name in model.features]])


def kind_of(played: Played) -> str:
    """Which of `KINDS` some notes are."""
    moments = played.moments
    span = float((played.onset + played.length).max())
    if len(moments) / (int(moments[-1]) + 1) <= _ALONE and float(played.length.sum()) / span <= _ALONE:
        return LINE
    return PLAYED if len(np.unique(played.velocity)) >= _DYNAMICS else WRITTEN


def reduced(played: Played, kind: str) -> Played:
    """With only what music of a kind tells."""
    return played if kind == PLAYED else played.without_dynamics() if kind == WRITTEN else played.top_line()


def _reasons(model: Linear, row: Floats, towards: Mapping[str, float], most: int = 8) -> tuple[Reason, ...]:
    """The measures that moved an answer most; those that have no words count together as one, of value and weight alike."""
    every = model.reasons(row, towards, len(model.features))
    found = [reason for reason in every if not reason.feature.startswith(HIDDEN)]
    if len(found) < len(every):
        rest = sum(reason.weight for reason in every if reason.feature.startswith(HIDDEN))
        found.append(Reason(UNNAMED, rest, 0.0, rest))
    return tuple(sorted(found, key=lambda reason: -abs(reason.weight))[:most])


def _along(probabilities: Mapping[str, float], axis: Mapping[str, float]) -> float:
    return sum(axis[name] * value for name, value in probabilities.items())


@cache
def _models() -> dict[str, tuple[Linear, float]]:
    kept = weights.load(NAME, FOLDER)
    return {kind: (Linear.load(kept, kind), float(kept.config["reliability"][kind])) for kind in KINDS}
