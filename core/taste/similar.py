"""The pieces of the catalogue that are most like a given one."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

from core.audio.recording import SUFFIXES
from core.errors import RequestError
from core.score.files import read_score
from core.taste.content import Scale
from core.taste.describe import Description, describe
from core.taste.features import FeatureTable
from core.taste.recordings import describe_recording

_MOST = 1000


def describe_file(data: bytes, name: str) -> Description:
    """Describe a music file, or a recording by its suffix.

    Raises:
        FormatError: it cannot be read, or holds no music.
        LimitError: it is larger or longer than what is read.
        DataMissingError: a recording, and the mapping for those is not at hand.
    """
    if PurePath(name).suffix.lower() in SUFFIXES:
        return describe_recording(data, name)
    return describe(read_score(data, name), source="upload")


def nearest(table: FeatureTable, description: Description, k: int = 10) -> list[tuple[str, float]]:
    """The ids of the `k` tunes most like a piece, with the cosine of their content, the most alike first.

    Raises:
        RequestError: `k` is not from 1 to 1000.
    """
    if not 1 <= k <= _MOST:
        raise RequestError(f"The number of tunes to find is 1 to {_MOST}", f"got {k}", "Ask for another number")
    scale = Scale(table)
    rows = scale.matrix(table)
    asked = scale.matrix(FeatureTable.of(["asked"], [description])).toarray()[0]
    lengths = np.sqrt(np.asarray(rows.power(2).sum(1)).ravel())
    likeness = (rows @ asked) / np.maximum(lengths * np.linalg.norm(asked), 1e-9)
    order = np.argsort(-likeness, kind="stable")[:k]
    return [(table.ids[row], float(likeness[row])) for row in order]
