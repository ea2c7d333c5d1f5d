"""The remark that tells how a piece was made: one text of `Score.texts`, which every format carries along.

It is `STAMP` and JSON in ASCII, in one line and without two blanks in a row, so that no format changes it. What
stands in it is said in `core.rights.provenance`; here it is only found, put in and counted up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.score.types import Score

STAMP = "songloom "
"""What the text begins with."""

MAX_STAMP = 1_000_000
"""Characters of a stamp that are read: words to be sung are in it."""


def stamp_text(facts: Mapping[str, Any]) -> str:
    """The stamp for what JSON can hold; equal facts give equal text."""
    text = STAMP + json.dumps(facts, ensure_ascii=True, sort_keys=True)
    return text.replace("  ", " \\u0020")


def stamp_of(score: Score) -> str:
    """The newest stamp, "" for none."""
    return next((text for text in reversed(score.texts) if text.startswith(STAMP)), "")


def facts_of(stamp: str) -> dict[str, Any] | None:
    """What a stamp says; None where it is none or damaged."""
    if not stamp.startswith(STAMP) or len(stamp) > MAX_STAMP:
        return None
    try:
        facts = json.loads(stamp.removeprefix(STAMP))
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


def with_stamp(score: Score, facts: Mapping[str, Any]) -> Score:
    """The score with this stamp instead of any it has."""
    return replace(score, texts=(*(text for text in score.texts if not text.startswith(STAMP)), stamp_text(facts)))


def edited(score: Score, before: Score) -> Score:
    """`score` with one edit more in its stamp than `before` has; one without a stamp is given back."""
    facts, old = facts_of(stamp_of(score)), facts_of(stamp_of(before)) or {}
    if facts is None:
        return score
    edits = old.get("edits")
    return with_stamp(score, {**facts, "edits": (edits if type(edits) is int else 0) + 1})


def for_export(score: Score) -> Score:
    """The score as it leaves Songloom: one that no engine wrote carries a stamp that says so."""
    return score if stamp_of(score) else with_stamp(score, {"engine": "", "edits": 0})
