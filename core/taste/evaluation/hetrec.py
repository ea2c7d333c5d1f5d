"""HetRec Last.fm-2K as interactions and content, and its splits.

Cantador, Brusilovsky, Kuflik: HetRec 2011 (grouplens.org/datasets/hetrec-2011): 1,892 listeners,
17,632 artists, 92,834 play counts, and which listener gave which artist which tag. It is for
research; nothing that is made from it is stored or shipped but the weights of the blend.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import FormatError
from core.taste.protocol import Content, Interactions

FOLDER = "lastfm-2k"
COLD_LEAST = 5
"""Listeners of an artist that is hidden as a new one; of fewer the figure would be chance."""


@dataclass(frozen=True, eq=False)
class HetRec:
    """`plays` is (listeners × artists); `taggings` are rows (listener, artist, tag) of positions, and
    `tags` the tags' names. A tagging by somebody without plays has listener −1."""

    plays: sparse.csr_matrix
    taggings: NDArray[np.int64]
    tags: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(f"artist:{column}" for column in range(self.plays.shape[1]))

    def interactions(self, plays: sparse.csr_matrix) -> Interactions:
        """Some of the plays, with all artists; listeners without any stay as empty rows."""
        listeners = tuple(f"listener {row}" for row in range(plays.shape[0]))
        return Interactions(listeners, self.items, plays, sparse.csr_matrix(plays.shape, dtype=np.float32))

    def content(self, *hidden: sparse.csr_matrix) -> Content:
        """Tags of artists, log(1 + taggings) times rarity, without a listener's own tags on what is hidden
        from the models in that listener's row."""
        keep = np.ones(len(self.taggings), bool)
        who, what = self.taggings[:, 0], self.taggings[:, 1]
        for held in hidden:
            own = np.asarray(held[np.maximum(who, 0), what]).ravel() > 0
            keep &= ~(own & (who >= 0))
        rows = self.taggings[keep]
        matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows[:, 1], rows[:, 2])),
                                   shape=(self.plays.shape[1], len(self.tags)))
        spread = np.asarray((matrix > 0).sum(axis=0)).ravel()
        matrix.data = np.log1p(matrix.data)
        rarity = np.log(matrix.shape[0] / np.maximum(spread, 1)).astype(np.float32)
        return Content(self.items, self.tags, sparse.csr_matrix(matrix @ sparse.diags(rarity)))


def load(folder: Path) -> HetRec:
    """Read the three tables.

    Raises:
        FormatError: a table is missing or not as published.
    """
    try:
        plays = np.loadtxt(folder / "user_artists.dat", skiprows=1, dtype=np.int64)
        tagged = np.loadtxt(folder / "user_taggedartists.dat", skiprows=1, dtype=np.int64)[:, :3]
        lines = (folder / "tags.dat").read_text(encoding="latin-1").splitlines()[1:]
        names = {int(number): name for number, name in (line.split("\t", 1) for line in lines)}
    except (OSError, ValueError, IndexError) as error:
        raise FormatError("HetRec Last.fm-2K is user_artists.dat, user_taggedartists.dat and tags.dat", str(error),
                          "Unpack the archive of grouplens.org/datasets/hetrec-2011 again") from error
    people, row = np.unique(plays[:, 0], return_inverse=True)
    artists, column = np.unique(plays[:, 1], return_inverse=True)
    matrix = sparse.csr_matrix((plays[:, 2].astype(np.float32), (row, column)), shape=(len(people), len(artists)))
    place = {int(artist): index for index, artist in enumerate(artists)}
    person = {int(listener): index for index, listener in enumerate(people)}
    used = {int(tag): index for index, tag in enumerate(np.unique(tagged[:, 2]))}
    rows = [(person.get(int(who), -1), place[int(what)], used[int(tag)]) for who, what, tag in tagged if int(what) in place]
    return HetRec(matrix, np.array(rows, np.int64), tuple(names.get(tag, f"tag {tag}") for tag in used))


def held_out(plays: sparse.csr_matrix, shares: tuple[float, ...], seed: int) -> tuple[sparse.csr_matrix, ...]:
    """Random parts of every listener's items: what is left to learn from, then one matrix for each share."""
    random = np.random.default_rng(seed)
    part = np.zeros(plays.nnz, np.int64)
    for row in range(plays.shape[0]):
        start, end = plays.indptr[row], plays.indptr[row + 1]
        order = start + random.permutation(end - start)
        at = 0
        for index, share in enumerate(shares, 1):
            count = round(share * (end - start))
            part[order[at:at + count]] = index
            at += count
    return tuple(only(plays, part == index) for index in range(len(shares) + 1))


def only(plays: sparse.csr_matrix, entries: NDArray[np.bool_]) -> sparse.csr_matrix:
    """The same shape with only some of the entries."""
    found = sparse.csr_matrix((np.where(entries, plays.data, 0), plays.indices.copy(), plays.indptr.copy()), shape=plays.shape)
    found.eliminate_zeros()
    return found


def first_of(plays: sparse.csr_matrix, count: int, seed: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """`count` random items of every listener, and the rest."""
    random = np.random.default_rng(seed)
    given = np.zeros(plays.nnz, bool)
    for row in range(plays.shape[0]):
        start, end = plays.indptr[row], plays.indptr[row + 1]
        given[start + random.permutation(end - start)[:count]] = True
    return only(plays, given), only(plays, ~given)


def without_items(data: HetRec, plays: sparse.csr_matrix, hidden: tuple[sparse.csr_matrix, ...], seed: int,
                  count: float) -> tuple[sparse.csr_matrix, sparse.csr_matrix, NDArray[np.int64]]:
    """New artists: random ones of those with at least `COLD_LEAST` listeners in `plays` and with tags by somebody
    else, `count` of them, or this share where it is below 1.

    Returns:
        The plays without them, the plays of them, and their columns.
    """
    heard = np.asarray((plays > 0).sum(axis=0)).ravel()
    described = np.diff(data.content(*hidden, plays).matrix.indptr) > 0
    often = np.flatnonzero((heard >= COLD_LEAST) & described)
    wanted = round(count * len(often)) if count < 1 else int(count)
    cold = np.sort(np.random.default_rng(seed).permutation(often)[:wanted])
    is_cold = np.isin(plays.indices, cold)
    return only(plays, ~is_cold), only(plays, is_cold), cold
