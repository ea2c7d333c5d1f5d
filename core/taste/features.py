"""Descriptions of many pieces as one table, and the table of the catalogue as it is shipped.

The shipped table (`assets/taste/catalogue.safetensors`, made by `songloom catalogue features`) is
good for the version of music21 that it was made with. With another version the table is computed
once, with progress, and kept in `.cache/taste`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.corpora.catalogue import catalogue, tunes
from core.corpora.codeversion import code_version
from core.errors import DataMissingError, FormatError, InputError
from core.taste.describe import KINDS, NUMBERS, Description, describe, usual_tempo
from core.taste.protocol import Progress, no_progress

ASSET = Path(__file__).resolve().parents[2] / "assets" / "taste" / "catalogue.safetensors"
CACHE = Path(".cache/taste")
_STEP = 50  # tunes between two calls of progress


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Descriptions of N pieces by id.

    `numbers` is (N, len(NUMBERS)) float32 and finite; `codes` (N, len(KINDS)) uint8 are places in the
    `vocabulary` of each kind, which begins with the empty word; `origin` says what it was made with.
    """

    ids: tuple[str, ...]
    numbers: NDArray[np.float32]
    codes: NDArray[np.uint8]
    vocabulary: tuple[tuple[str, ...], ...]
    origin: str = ""

    @classmethod
    def of(cls, ids: Iterable[str], descriptions: Sequence[Description], origin: str = "") -> FeatureTable:
        """One row for each description."""
        words = [sorted({"", *(description.words[kind] for description in descriptions)}) for kind in range(len(KINDS))]
        place = [{word: code for code, word in enumerate(kind)} for kind in words]
        codes = [[place[kind][word] for kind, word in enumerate(description.words)] for description in descriptions]
        numbers = np.array([description.numbers for description in descriptions], np.float32).reshape(-1, len(NUMBERS))
        return cls(tuple(ids), numbers, np.array(codes, np.uint8).reshape(-1, len(KINDS)), tuple(map(tuple, words)), origin)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Id to row."""
        return {ident: row for row, ident in enumerate(self.ids)}

    def number(self, name: str) -> NDArray[np.float32]:
        """(N,) one of `NUMBERS` for every piece."""
        return self.numbers[:, NUMBERS.index(name)]

    def word(self, kind: str) -> NDArray[np.str_]:
        """(N,) the word of one of `KINDS` for every piece."""
        column = KINDS.index(kind)
        return np.array(self.vocabulary[column])[self.codes[:, column]]

    def description(self, ident: str) -> Description:
        """The description of one piece.

        Raises:
            KeyError: it is not in the table.
        """
        row = self.rows[ident]
        words = tuple(kind[code] for kind, code in zip(self.vocabulary, self.codes[row], strict=True))
        return Description(self.numbers[row], words)


def save_table(table: FeatureTable, path: Path) -> None:
    """Write a table, its numbers in half precision; the file is swapped in whole."""
    note = {"names": NUMBERS, "kinds": KINDS, "vocabulary": table.vocabulary, "origin": table.origin}
    tensors: dict[str, NDArray] = {
        "ids": np.frombuffer("\n".join(table.ids).encode(), np.uint8),
        "numbers": table.numbers.astype(np.float16),
        "codes": table.codes,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(save(tensors, metadata={"songloom": json.dumps(note, ensure_ascii=False)}))
    part.replace(path)


def load_table(path: Path) -> FeatureTable:
    """Read what `save_table` wrote.

    Raises:
        DataMissingError: there is no such file.
        FormatError: it is broken, or its features are not those of this version.
    """
    again = "Make it again with: songloom catalogue features"
    if not path.is_file():
        raise DataMissingError("The features of the catalogue are needed", f"{path} is not there", again)
    try:
        with safe_open(path, framework="numpy") as file:
            note = json.loads((file.metadata() or {})["songloom"])
            ids, numbers, codes = (file.get_tensor(name) for name in ("ids", "numbers", "codes"))
    except (SafetensorError, ValueError, KeyError) as error:
        raise FormatError(f"{path.name} holds the features of the catalogue", f"it cannot be read ({error})", again) from error
    if note["names"] != list(NUMBERS) or note["kinds"] != list(KINDS):
        raise FormatError(f"{path.name} holds the features of this version", "it has others", again)
    names = tuple(ids.tobytes().decode().split("\n"))
    return FeatureTable(names, numbers.astype(np.float32), codes, tuple(map(tuple, note["vocabulary"])), note["origin"])


def compute_catalogue(progress: Progress = no_progress) -> tuple[FeatureTable, dict[str, str]]:
    """Describe every tune of the catalogue; about a minute and a half.

    Returns:
        The table, and for every tune that cannot be described its id and why.

    Raises:
        DataMissingError: the music21 package is not at hand.
        Cancelled: `progress` raised it.
    """
    ids, descriptions, failures = [], [], {}
    total = len(catalogue())
    for done, (entry, tune) in enumerate(tunes()):
        if done % _STEP == 0:
            progress(done, total)
        try:
            score = tune.read(unfold=False)
            tempo = None if tune.first("Q") else usual_tempo(entry.style)
            descriptions.append(describe(score, entry.style, entry.source, tempo))
            ids.append(entry.id)
        except InputError as error:
            failures[entry.id] = str(error)
    progress(total, total)
    return FeatureTable.of(ids, descriptions, origin()), failures


def origin() -> str:
    """What a table of the catalogue made now is made with: the version of music21."""
    try:
        return f"music21 {metadata.version('music21')}"
    except metadata.PackageNotFoundError as error:
        raise DataMissingError("The catalogue lies inside the Python package music21", "it is not installed here",
                               "Run make run, or pip install music21") from error


def at_hand(folder: Path = CACHE, asset: Path = ASSET) -> FeatureTable | None:
    """The table of the catalogue, if it need not be computed: the shipped one, or the one in `folder`.

    Raises:
        DataMissingError: the music21 package is not at hand.
        FormatError: the shipped table is broken.
    """
    if asset.is_file():
        table = load_table(asset)
        if table.origin == origin():
            return table
    path = _cached(folder)
    return load_table(path) if path.is_file() else None


def catalogue_features(progress: Progress = no_progress, folder: Path = CACHE, asset: Path = ASSET) -> FeatureTable:
    """The table of the catalogue; computed, and kept in `folder`, where it is not at hand.

    Raises:
        DataMissingError: the music21 package is not at hand.
        FormatError: the shipped table is broken.
        Cancelled: `progress` raised it.
    """
    table = at_hand(folder, asset)
    if table is None:
        table, _ = compute_catalogue(progress)
        save_table(table, _cached(folder))
        table = load_table(_cached(folder))  # in half precision, as everybody else will see it
    return table


def _cached(folder: Path) -> Path:
    return folder / f"catalogue-{origin().replace(' ', '-')}-{code_version(compute_catalogue.__module__)}.safetensors"
