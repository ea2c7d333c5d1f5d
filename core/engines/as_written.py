"""A humanised arrangement as musicians read it: what the band plays a little early or late stands on its step."""

from __future__ import annotations

from core.corpora.band_styles import BY_ID
from core.score import TICKS_PER_QUARTER, Score
from core.score.edits import quantise
from core.score.files import export_score, is_notation
from core.score.stamp import facts_of, stamp_of

_GRIDS = {"straight": TICKS_PER_QUARTER // 4, "swing": TICKS_PER_QUARTER // 6}
"""Ticks on which a band's steps lie (`core.engines.gan.grid`), by its feel."""
_MELODY = "melody"


def export_written(score: Score, name: str) -> bytes:
    """The bytes of a file as `core.score.files.export_score` gives them; notation shows what is played `as_written`.

    Raises:
        FormatError: the suffix of `name` is not one that is written.
    """
    return export_score(as_written(score) if is_notation(name) else score, name)


def as_written(score: Score) -> Score:
    """The score to engrave or to write as MusicXML or ABC. By its stamp it is known whether a humanised band plays; the melody,
    which no band moves, and every other piece stay as they are."""
    facts = facts_of(stamp_of(score)) or {}
    request = facts.get("request")
    if facts.get("engine") != "gan" or not isinstance(request, dict) or not request.get("humanise"):
        return score
    band = BY_ID.get(str(request.get("style")))
    if band is None:
        return score
    for index, track in enumerate(score.tracks):
        if track.name != _MELODY:
            score = quantise(score, _GRIDS[band.feel], index)
    return score
