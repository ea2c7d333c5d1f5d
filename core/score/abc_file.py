"""ABC files as they come and go: the tune, and the comment line that tells how it was made."""

from __future__ import annotations

import re
from dataclasses import replace

from core.score import abc_reader
from core.score.stamp import STAMP
from core.score.types import Score

_LINE = re.compile(rf"^%({STAMP}.*)$", re.MULTILINE)


def read_abc_file(data: bytes, name: str) -> Score:
    """The first tune of an ABC file, as heard, with its stamp; `name` is not used.

    Raises:
        FormatError, LimitError: see `core.score.abc_reader.read_abc`.
    """
    score = abc_reader.read_abc_file(data, name)
    found = _LINE.search(abc_reader.decode_abc(data).replace("\r", "\n"))
    return replace(score, texts=(found[1].strip(),)) if found else score
