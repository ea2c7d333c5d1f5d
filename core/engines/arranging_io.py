"""Requests to a band as JSON, and what a file says of how it was arranged."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.request_io import STAMP
from core.score import Score
from core.score.files import write_score


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


def stamped(arrangement: Arrangement, take: int = 1) -> Score:
    """The score with one text more that tells how to make it again: `request_io.STAMP` and JSON, as takes have it.

    Where a part or some bars were played anew, the text is that of what was kept, with the parts, bars and random seed of
    this step added to the list `again`.
    """
    request = arrangement.request
    facts = _facts(request.kept) if request.kept is not None else {}
    if facts:
        step = {"parts": list(request.parts), "bars": list(request.bars) if request.bars else None,
                "random_seed": request.random_seed, "chords": to_json(request)["chords"]}
        facts["again"] = [*facts.get("again", ()), step]
    else:
        facts = {"request": to_json(request), "take": take, "random_seed": request.random_seed, "weights": arrangement.weights}
    text = STAMP + json.dumps(facts, ensure_ascii=True, sort_keys=True)
    return replace(arrangement.score, texts=(*(old for old in arrangement.score.texts if not old.startswith(STAMP)), text))


def _facts(score: Score) -> dict[str, Any]:
    """What the stamp of an arrangement says; {} where there is none."""
    for text in score.texts:
        if text.startswith(STAMP):
            try:
                facts = json.loads(text.removeprefix(STAMP))
            except ValueError:
                return {}
            return facts if isinstance(facts, dict) and "request" in facts else {}
    return {}
