"""Requests to a band as JSON, and what a file says of how it was arranged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.engines.arranging import Arrangement, ArrangeRequest
from core.rights.provenance import Provenance, learned
from core.score import Score
from core.score.files import write_score
from core.score.stamp import facts_of, stamp_of, with_stamp


def to_json(request: ArrangeRequest) -> dict[str, Any]:
    """A resolved request as a dict of what JSON can hold.

    Of the piece there are its chords, as [tick, text], its sections, as [first bar, behind the last, letter, kind], and its
    hash; `style` is the band.
    """
    score = request.score
    fifths = score.key.fifths if score.key else 0
    return {
        "engine": "gan",
        "style": request.band,
        "intensity": request.intensity,
        "humanise": request.humanise,
        "random_seed": request.random_seed,
        "free_only": request.free_only,
        "chords": [[chord.tick, chord.text(fifths)] for chord in score.chords],
        "sections": [[one.first, one.last, one.letter, one.kind] for one in request.sections or ()],
        "piece_sha256": hashlib.sha256(write_score(replace(score, texts=()), ".mid")).hexdigest(),
    }


def stamped(arrangement: Arrangement, take: int = 1, sources: Iterable[str] = ()) -> Score:
    """The score with a stamp that tells how to make it again (`core.rights.provenance`), as takes have it.

    Where a part or some bars were played anew, the stamp is that of what was kept, with the parts, bars and random seed of
    this step added to the list `again`.

    Args:
        sources: ids of the collections that the weights learned from.
    """
    request = arrangement.request
    facts = facts_of(stamp_of(request.kept)) or {} if request.kept is not None else {}
    if "request" in facts:
        step = {"parts": list(request.parts), "bars": list(request.bars) if request.bars else None,
                "random_seed": request.random_seed, "chords": to_json(request)["chords"]}
        return with_stamp(arrangement.score, {**facts, "again": [*facts.get("again", ()), step]})
    told = Provenance("gan", arrangement.weights, request.band, request.random_seed, take, 0, learned(sources), to_json(request))
    return with_stamp(arrangement.score, told.facts())
