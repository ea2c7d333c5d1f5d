"""A small installation for tests: a catalogue of sixty tunes out of the real one, and a store."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from core.store import Store
from core.taste.features import FeatureTable, at_hand
from core.taste.service import Taste

ME, OTHER = "m" * 32, "o" * 32


@cache
def small_table(each: int = 12) -> FeatureTable:
    """The first tunes of five styles, with their true features."""
    table = at_hand()
    assert table is not None, "the shipped features do not fit the installed music21"
    styles = table.word("style")
    rows = np.concatenate([np.flatnonzero(styles == style)[:each]
                           for style in ("irish-jig", "irish-reel", "chinese-folk", "german-folk", "hornpipe")])
    return FeatureTable(tuple(table.ids[row] for row in rows), table.numbers[rows], table.codes[rows], table.vocabulary)


def of_style(style: str) -> list[str]:
    """Items of the small catalogue in a style."""
    table = small_table()
    return [f"tune:{ident}" for ident, own in zip(table.ids, table.word("style"), strict=True) if own == style]


def small_taste(folder: Path) -> Taste:
    """A service over a store of its own, which refits only when told to."""
    return Taste(Store(f"sqlite:///{folder / 'songloom.db'}"), None, folder / "taste", small_table())


def crowd(taste: Taste, size: int = 12) -> None:
    """Listeners of two kinds: half of them love jigs and reels, half of them songs."""
    dances = of_style("irish-jig") + of_style("irish-reel")
    songs = of_style("chinese-folk") + of_style("german-folk")
    dice = np.random.default_rng(7)
    for number in range(size):
        loved, other = (dances, songs) if number % 2 else (songs, dances)
        for item in dice.choice(loved, 9, replace=False):
            taste.store.listening.rate(f"listener-{number:024d}", str(item), float(dice.choice([4, 4.5, 5])))
        for item in dice.choice(other, 2, replace=False):
            taste.store.listening.rate(f"listener-{number:024d}", str(item), float(dice.choice([1, 1.5, 2])))
