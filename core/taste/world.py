"""Everything that could be recommended at one moment, with what it is made of.

Built from the shipped features of the catalogue and the takes of the store; kept until the store
changes. A listener's own takes, which nobody else is shown, come on top of it for them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import FormatError
from core.store import Store, TakeRecord
from core.store.records import Item
from core.taste.content import Scale, TakeDescriptions, content_of, tagged, together
from core.taste.describe import NUMBERS, Description
from core.taste.features import FeatureTable
from core.taste.models.base import unit_rows
from core.taste.pieces import TAKE, PieceBook, of_take
from core.taste.protocol import Content, Floats


@dataclass(frozen=True, eq=False)
class World:
    """Pieces and their content; `numbers` (items × NUMBERS) holds the measures, NaN where nothing is known."""

    book: PieceBook
    content: Content
    numbers: NDArray[np.float32]

    @property
    def items(self) -> tuple[str, ...]:
        return self.content.items

    @cached_property
    def place(self) -> dict[str, int]:
        """Item to row."""
        return {item: row for row, item in enumerate(self.items)}

    @cached_property
    def unit(self) -> Floats:
        """Content as rows of length 1 (items × features), zeros where nothing is known."""
        return np.asarray(unit_rows(self.content.matrix).toarray(), np.float32)

    def number(self, name: str) -> Floats:
        """(items,) one of `NUMBERS`, its middle where it is not known."""
        values = self.numbers[:, NUMBERS.index(name)]
        known = np.isfinite(values)
        return np.where(known, values, float(values[known].mean()) if known.any() else 0.0).astype(np.float32)

    def likeness(self, item: str) -> Floats:
        """(items,) cosine of every piece with one."""
        return np.asarray(self.unit @ self.unit[self.place[item]], np.float32)


@dataclass(frozen=True)
class Stock:
    """What a world is made of beside the catalogue: published takes, and items of imported histories."""

    published: tuple[TakeRecord, ...]
    items: tuple[Item, ...]

    @classmethod
    def of(cls, store: Store) -> Stock:
        """What the store has now.

        Raises:
            StoreError: the store refuses.
        """
        return cls(store.listening.published(), tuple(store.listening.items().values()))

    def world(self, table: FeatureTable, takes: TakeDescriptions) -> World:
        """The world of it."""
        return of(PieceBook.of(table.ids, self.published, self.items), table, self.published, takes, self.items)


def make(store: Store, table: FeatureTable, takes: TakeDescriptions) -> World:
    """The world as the store has it now.

    Raises:
        StoreError: the store refuses.
    """
    return Stock.of(store).world(table, takes)


def of(book: PieceBook, table: FeatureTable, takes: Sequence[TakeRecord], descriptions: TakeDescriptions,
       items: Sequence[Item] = ()) -> World:
    """The world of a book, its takes described, its artists and tracks (`items`) by their tags."""
    known = describe_takes(takes, descriptions)
    content = content_of(table, known)
    numbers = np.vstack([table.numbers, *(found.numbers[None] for found in known.values())])
    order = tuple(book)
    place = {item: row for row, item in enumerate(content.items)}
    picked = np.full((len(order), len(NUMBERS)), np.nan, np.float32)
    rows = [(at, place[item]) for at, item in enumerate(order) if item in place]
    picked[[at for at, _ in rows]] = numbers[[row for _, row in rows]]
    tags = tagged(items)
    return World(book, (together(content, tags) if tags.items else content).aligned(order), picked)


def with_takes(world: World, table: FeatureTable, takes: Sequence[TakeRecord], descriptions: TakeDescriptions) -> World:
    """The world with further takes in it, as their owner sees it."""
    new = [record for record in takes if f"{TAKE}:{record.id}" not in world.book.others]
    if not new:
        return world
    others = {**world.book.others, **{piece.id: piece for piece in map(of_take, new)}}
    known = describe_takes(new, descriptions)
    names = [f"{TAKE}:{record.id}" for record in new]
    matrix = Scale(table).matrix(FeatureTable.of(known, tuple(known.values())))
    matrix.resize((len(known), len(world.content.features)))  # the columns of tags come last
    more = Content(tuple(known), world.content.features, matrix).aligned(tuple(names))
    content = Content((*world.items, *names), more.features, sparse.vstack([world.content.matrix, more.matrix], format="csr"))
    unknown = np.full(len(NUMBERS), np.nan, np.float32)
    numbers = np.array([known[name].numbers if name in known else unknown for name in names])
    found = World(PieceBook(world.book.tunes, others), content, np.vstack([world.numbers, numbers]))
    found.__dict__["unit"] = np.vstack([world.unit, unit_rows(more.matrix).toarray()])  # of the rest it is known already
    return found


def describe_takes(takes: Sequence[TakeRecord], descriptions: TakeDescriptions) -> dict[str, Description]:
    """Descriptions by item id; takes without a melody have none."""
    found = {}
    for record in takes:
        try:
            found[f"{TAKE}:{record.id}"] = descriptions.of(record)
        except FormatError:
            continue  # a take of rests or drums alone: it can be heard, and nothing is known of it
    return found
