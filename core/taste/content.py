"""From descriptions to `Content`: rows whose cosine says how alike two pieces are.

Measures are standardised by the catalogue, so that a take or an upload lies where a tune like it
lies; words become columns of their own. Every block of columns is scaled to the share of a row's
squared length that it shall have on average, so that no block speaks louder for having more columns.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analysis.features import GROUPS
from core.score.files import read_score
from core.store.records import Item, TakeRecord
from core.taste.describe import EXTRA, KINDS, NUMBERS, Description, describe
from core.taste.features import FeatureTable
from core.taste.pieces import TUNE
from core.taste.protocol import Content

BLOCKS = {"pitch": 0.18, "rhythm": 0.18, "repetition": 0.06, "extra": 0.22, "style": 0.2, "source": 0.02, "metre": 0.07,
          "mode": 0.05, "tempo": 0.02}  # fmt: skip
"""Share of the squared length of a row, by what the columns are about."""

TAGS = 200
"""Tags that have a column: what few artists are called tells little, and every column takes memory for every tune."""

_FAR = 4.0  # spreads at which a standardised measure is cut off
_KEPT_TAKES = 4096


class Scale:
    """How numbers and words become columns; fixed by the catalogue's table."""

    def __init__(self, table: FeatureTable) -> None:
        self.middle = table.numbers.mean(0)
        spread = table.numbers.std(0)
        self.varies = spread > 1e-6
        self._spread = np.where(self.varies, spread, 1)
        blocks = [_block(name) for name in NUMBERS]
        counts = {block: max(1, sum(self.varies[i] for i, found in enumerate(blocks) if found == block)) for block in set(blocks)}
        self._gain = np.array([np.sqrt(BLOCKS[block] / counts[block]) for block in blocks], np.float32) * self.varies
        self.words = {kind: tuple(word for word in words if word) for kind, words in zip(KINDS, table.vocabulary, strict=True)}
        worded = (f"{kind}:{word}" for kind in KINDS for word in self.words[kind])
        self.features = (*(f"measure:{name}" for name in NUMBERS), *worded)

    def standardised(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Numbers (N, len(NUMBERS)) in spreads from the catalogue's middle, -4 to 4."""
        return np.clip((numbers - self.middle) / self._spread, -_FAR, _FAR).astype(np.float32)

    def matrix(self, table: FeatureTable) -> sparse.csr_matrix:
        """Rows of content (N, len(features)). Words that the catalogue does not have, such as a listener's own
        style, have no column."""
        n, measures = len(table), len(NUMBERS)
        values = np.empty((n, measures + len(KINDS)), np.float32)
        columns = np.empty(values.shape, np.int32)
        values[:, :measures] = self.standardised(table.numbers) * self._gain
        columns[:, :measures] = np.arange(measures)
        first = measures
        for at, kind in enumerate(KINDS):
            place = {word: first + index for index, word in enumerate(self.words[kind])}
            columns[:, measures + at] = np.array([place.get(word, -1) for word in table.vocabulary[at]])[table.codes[:, at]]
            values[:, measures + at] = np.sqrt(BLOCKS[kind])
            first += len(place)
        known = columns >= 0
        starts = np.concatenate([[0], known.sum(1).cumsum()])
        return sparse.csr_matrix((values[known], columns[known], starts), shape=(n, first))


def content_of(table: FeatureTable, others: Mapping[str, Description] | None = None) -> Content:
    """Content of the catalogue (`tune:` ids) and of other items by their whole id, on the catalogue's scale."""
    scale = Scale(table)
    items = tuple(f"{TUNE}:{ident}" for ident in table.ids)
    matrix = scale.matrix(table)
    if others:
        more = FeatureTable.of(others, tuple(others.values()))
        items, matrix = (*items, *more.ids), sparse.vstack([matrix, scale.matrix(more)], format="csr")
    return Content(items, scale.features, matrix)


def tagged(items: Iterable[Item]) -> Content:
    """Content of artists and tracks: the `TAGS` most common of their tags, log(1 + count) weighted by rarity, in rows
    whose length is 1 on average."""
    given = {item.id: item.tags for item in items if item.tags}
    spread = Counter(name for tags in given.values() for name, _ in tags)
    column = {name: at for at, (name, _) in enumerate(sorted(spread.items(), key=lambda pair: (-pair[1], pair[0]))[:TAGS])}
    entries = [(row, column[name], np.log1p(count) * np.log(1 + len(given) / spread[name]))
               for row, tags in enumerate(given.values()) for name, count in tags if name in column]
    rows, columns, values = (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(given), len(column)), dtype=np.float32)
    usual = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()).mean() if given else 1.0
    return Content(tuple(given), tuple(f"tag:{name}" for name in column), matrix / max(float(usual), 1e-9))


def together(first: Content, second: Content) -> Content:
    """Items of two kinds that have no feature in common, in one table."""
    matrix = sparse.block_diag([first.matrix, second.matrix], format="csr")
    return Content((*first.items, *second.items), (*first.features, *second.features), matrix)


class TakeDescriptions:
    """Descriptions of stored takes, each computed once for every version (about 6 ms), kept in memory alone.

    Safe to share between threads. Nothing is written to disk, so that nothing is left of a listener
    who is forgotten.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, Description]] = OrderedDict()
        self._lock = Lock()

    def of(self, take: TakeRecord) -> Description:
        """The description of a take as it stands.

        Raises:
            FormatError: the take holds no melody.
        """
        with self._lock:
            version, description = self._known.get(take.id, (-1, None))
            if description is not None and version == take.version:
                self._known.move_to_end(take.id)
                return description
        description = describe(read_score(take.midi, "take.mid"), take.style, "take")
        with self._lock:
            self._known[take.id] = (take.version, description)
            while len(self._known) > _KEPT_TAKES:
                self._known.popitem(last=False)
        return description

    def forget(self, take: str) -> None:
        """Drop what is kept of a take, if anything is."""
        with self._lock:
            self._known.pop(take, None)


def _block(name: str) -> str:
    if name in EXTRA:
        return "extra"
    base = name.partition(".")[0]
    return next(group for group, names in GROUPS.items() if base in names)
