"""The published benchmark split of the Bach chorales, as piano-roll frames a quarter note apart.

The same frames as `JSB_Chorales.mat` of Boulanger-Lewandowski, Bengio and Vincent (2012), which the
figures of Bai, Kolter and Koltun (2018) rest on: 229 training, 76 validation and 77 test pieces, all
transposed so that they end on C, voices not told apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from core.corpora.folder import DataFolder
from core.errors import FormatError

ARCHIVE = "jsb-chorales"
_FILE = "jsb-chorales-quarter.json"
SPLITS = ("train", "valid", "test")

Frame = tuple[int, ...]
"""The MIDI pitches that sound on one quarter note, lowest first; empty for silence."""

GRAM = 6
"""Melodies are compared by runs of this many intervals."""


def jsb_frames(folder: DataFolder, split: str) -> list[list[Frame]]:
    """The pieces of `split` ("train", "valid" or "test"), each a list of frames.

    Raises:
        DataMissingError: the archive is not at hand.
        FormatError: the file does not hold the three splits.
    """
    path = folder.path(ARCHIVE)
    path = path / _FILE if (path / _FILE).exists() else next(path.rglob(_FILE), path / _FILE)
    try:
        pieces = json.loads(path.read_text())[split]
        return [[tuple(sorted(int(pitch) for pitch in frame)) for frame in piece] for piece in pieces]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise FormatError(f"{_FILE} with the splits {', '.join(SPLITS)} is needed", f"{split}: {error}",
                          f"Unpack {ARCHIVE}.tar.xz again") from error


def melody_grams(top: Sequence[int | None], size: int = GRAM) -> frozenset[tuple[int, ...]]:
    """All runs of `size` intervals in a line of pitches a quarter note apart; None (silence) is passed over.

    The same for every transposition of the line.
    """
    line = [pitch for pitch in top if pitch is not None]
    steps = [b - a for a, b in pairwise(line)]
    return frozenset(tuple(steps[i : i + size]) for i in range(len(steps) - size + 1))


def frame_grams(frames: Iterable[Frame]) -> frozenset[tuple[int, ...]]:
    """`melody_grams` of the highest pitch of every frame."""
    return melody_grams([max(frame) if frame else None for frame in frames])


def setting_grams(frames: Iterable[Frame]) -> frozenset[tuple[tuple[int, int], ...]]:
    """All runs of four steps of highest and lowest pitch together: the same only for the same harmonisation."""
    outer = [(max(frame), min(frame)) for frame in frames if frame]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(outer)]
    return frozenset(tuple(steps[i : i + 4]) for i in range(len(steps) - 3))


def overlap(a: frozenset[Any], b: frozenset[Any]) -> float:
    """Share of the smaller set of runs that is in the other too, 0 to 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
