"""A demonstration community: simulated listeners whose tastes are known, so that recommenders work on a
fresh installation and can be measured against the truth.

Every listener belongs to an archetype: a mix of styles and a leaning to some measures of
`core.taste.describe`. How much listener l loves piece i is::

    love(l, i) = 2.4 style(l, i) + 0.7 Σ leaning(l, m) z(i, m) + 0.5 quality(i)

brought to mean 0 and spread 1 over the pieces of a listener; style(l, i) is the listener's (noisy)
weight of the piece's style, z are standardised measures and quality the same for everybody. Pieces
are met by popularity, which falls as the power −0.8 of their rank (Zipf), and by love::

    chance(l, i) ∝ popularity(i) · exp(1.3 love(l, i))

Stars are 2.6 + 0.9 love + noise(0.45), to half stars; a piece is played the more often, and heard
the further, the more it is loved. Everything follows from the seed.

As real listeners come, simulated ones leave by themselves: see `share_kept`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.store.columns import PlayColumns, RatingColumns
from core.store.imports import SIMULATED
from core.store.records import SKIP_BELOW, Import
from core.store.store import Store
from core.taste.content import Scale
from core.taste.describe import NUMBERS
from core.taste.features import FeatureTable
from core.taste.pieces import TUNE
from core.taste.protocol import Progress, no_progress

_Columns = TypeVar("_Columns", RatingColumns, PlayColumns)

NAME = "demo"
"""Name of the community in the store; ids of its listeners begin with `sim:demo/`."""

LISTENERS, SEED = 300, 20261121
MAX_LISTENERS = 5000

HALVED_AT = 15
"""Real listeners with which half of the simulated ones are left."""

GONE_BELOW = 0.02

_START, _DAYS = 1_735_689_600, 300  # 1 January 2025: the same whenever the community is made
_STYLE, _LEANING, _QUALITY = 2.4, 0.7, 0.5
_ZIPF, _EAGER = 0.8, 1.3
_MEAN_STARS, _SPREAD_STARS, _NOISE_STARS = 2.6, 0.9, 0.45
_RATED = 0.6
_LENGTH_S = 60.0


@dataclass(frozen=True)
class Archetype:
    """`styles` are weights 0 to 1 of styles, others have none; `leaning` are weights of measures."""

    id: str
    styles: dict[str, float]
    leaning: dict[str, float]


ARCHETYPES = (
    Archetype("reel-dancer", {"irish-reel": 1, "irish-jig": 0.7, "hornpipe": 0.6, "polka": 0.5}, {"energy": 0.8}),
    Archetype("session-player", {"irish-jig": 1, "slip-jig": 0.9, "irish-reel": 0.8, "irish-air": 0.5},
              {"pentatonic_share": 0.4}),
    Archetype("air-lover", {"irish-air": 1, "scottish": 0.6, "folk": 0.4}, {"energy": -0.8, "valence": -0.3}),
    Archetype("piper", {"scottish": 1, "hornpipe": 0.6, "country-dance": 0.5}, {"snap_share": 0.5, "dotted_share": 0.4}),
    Archetype("ball-goer", {"country-dance": 1, "hornpipe": 0.7, "polka": 0.6}, {"valence": 0.5, "register": 0.3}),
    Archetype("german-singer", {"german-folk": 1, "folk": 0.6}, {"valence": 0.4, "leap_share": 0.3}),
    Archetype("melancholic", {"german-folk": 0.7, "irish-air": 0.8, "chinese-folk": 0.6, "folk": 0.5},
              {"valence": -0.9, "energy": -0.4}),
    Archetype("china-traveller", {"chinese-folk": 1, "irish-air": 0.3}, {"pentatonic_share": 0.6}),
    Archetype("explorer", {"folk": 0.8, "chinese-folk": 0.7, "slip-jig": 0.7, "scottish": 0.6, "country-dance": 0.6},
              {"syncopation": 0.3, "interval_entropy": 0.5}),
    Archetype("easy-listener", {"german-folk": 0.6, "polka": 0.6, "hornpipe": 0.5, "irish-air": 0.5},
              {"valence": 0.7, "interval_entropy": -0.4}),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tastes:
    """The true tastes of L listeners: weights of `styles` (L, S) and of `measures` (L, M) of any piece.

    `middle` and `spread` (L, 1) bring love to mean 0 and spread 1 over the catalogue.
    """

    scale: Scale
    styles: tuple[str, ...]
    wishes: NDArray[np.float64]
    measures: tuple[str, ...]
    leaning: NDArray[np.float64]
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def draw(cls, table: FeatureTable, archetype: NDArray[np.int64], random: np.random.Generator,
             quality: NDArray[np.float64]) -> Tastes:
        """Tastes of listeners of these archetypes, each a little different."""
        styles = table.vocabulary[0]
        wishes = np.array([[ARCHETYPES[kind].styles.get(style, 0.0) for style in styles] for kind in archetype])
        wishes = np.clip(wishes + random.normal(0, 0.12, wishes.shape), 0, None)
        measures = tuple(sorted({name for kind in ARCHETYPES for name in kind.leaning}))
        leaning = np.array([[ARCHETYPES[kind].leaning.get(name, 0.0) for name in measures] for kind in archetype])
        leaning += random.normal(0, 0.2, leaning.shape)
        plain = cls(Scale(table), styles, wishes, measures, leaning, np.zeros((len(archetype), 1)), np.ones((len(archetype), 1)))
        raw = plain.love(table, quality)
        return replace(plain, middle=raw.mean(1, keepdims=True), spread=raw.std(1, keepdims=True))

    def love(self, table: FeatureTable, quality: NDArray[np.float64] | float = 0.0) -> NDArray[np.float64]:
        """(L, N) how much everybody loves the pieces of a table; `quality` (N,) is 0 where it is not known."""
        place = {style: at for at, style in enumerate(self.styles)}
        wishes = np.column_stack([self.wishes, np.zeros(len(self.wishes))])  # the last for styles that nobody knows
        column = np.array([place.get(style, -1) for style in table.vocabulary[0]])[table.codes[:, 0]]
        measured = self.scale.standardised(table.numbers)[:, [NUMBERS.index(name) for name in self.measures]]
        raw = _STYLE * wishes[:, column] + _LEANING * (self.leaning @ measured.T) + _QUALITY * quality
        return (raw - self.middle) / self.spread

    def stars(self, table: FeatureTable) -> NDArray[np.float64]:
        """(L, N) the stars that everybody would give, without noise or rounding, 0.5 to 5."""
        return np.clip(_MEAN_STARS + _SPREAD_STARS * self.love(table), 0.5, 5)


@dataclass(frozen=True, eq=False)
class Community:
    """L simulated listeners over I pieces and the truth about them.

    `love` is (L, I) float32, mean 0 and spread 1 for every listener; `archetype` (L,) are places in
    `ARCHETYPES`; `popularity` (I,) sums to one.
    """

    listeners: tuple[str, ...]
    items: tuple[str, ...]
    archetype: NDArray[np.int64]
    tastes: Tastes
    love: NDArray[np.float32]
    popularity: NDArray[np.float64]
    ratings: RatingColumns
    plays: PlayColumns

    def true_stars(self) -> NDArray[np.float32]:
        """(L, I) the stars that everybody would give to everything without noise or rounding, 0.5 to 5."""
        return np.clip(_MEAN_STARS + _SPREAD_STARS * self.love, 0.5, 5)


def simulate(table: FeatureTable, listeners: int = LISTENERS, seed: int = SEED, progress: Progress = no_progress) -> Community:
    """Make a community over the pieces of a table; the same seed and table make the same one.

    Raises:
        RequestError: not 1 to 5000 listeners.
        Cancelled: `progress` raised it.
    """
    if not 1 <= listeners <= MAX_LISTENERS:
        raise RequestError(f"A community has 1 to {MAX_LISTENERS} listeners", f"got {listeners}", "Ask for another number")
    random = np.random.default_rng(seed)
    archetype = np.arange(listeners) % len(ARCHETYPES)
    quality = random.normal(size=len(table))
    tastes = Tastes.draw(table, archetype, random, quality)
    love = tastes.love(table, quality).astype(np.float32)
    popularity: NDArray[np.float64] = np.power(1.0 + random.permutation(len(table)), -_ZIPF)
    popularity = popularity * np.exp(0.5 * quality)
    popularity = popularity / popularity.sum()
    rated, played = [], []
    for row in range(listeners):
        progress(row, listeners)
        met = _met(love[row], popularity, random)
        rated.append(_rate(row, met, love[row], random))
        played.append(_play(row, met, love[row], random))
    names = tuple(f"{SIMULATED}{NAME}/{ARCHETYPES[kind].id}-{row:04}" for row, kind in enumerate(archetype))
    items = tuple(f"{TUNE}:{ident}" for ident in table.ids)
    ratings, plays = np.concatenate(rated, 1), np.concatenate(played, 1)
    return Community(
        names, items, archetype, tastes, love, popularity,
        RatingColumns(names, items, ratings[0].astype(np.int32), ratings[1].astype(np.int32), ratings[2].astype(np.float32),
                      ratings[3].astype(np.int64)),
        PlayColumns(names, items, plays[0].astype(np.int32), plays[1].astype(np.int32), plays[2].astype(np.int64),
                    plays[3].astype(np.float32), np.full(plays.shape[1], _LENGTH_S, np.float32),
                    plays[3] < SKIP_BELOW * _LENGTH_S),
    )  # fmt: skip


def make(store: Store, table: FeatureTable, listeners: int = LISTENERS, seed: int = SEED,
         progress: Progress = no_progress) -> Import:
    """Simulate the community and store it; one that was made before is removed first.

    Raises:
        RequestError: not 1 to 5000 listeners.
        StoreError: the data base refuses; nothing was stored.
        Cancelled: `progress` raised it; nothing was stored.
    """
    community = simulate(table, listeners, seed, lambda done, total: progress(done, 2 * total))
    store.imports.remove_community(NAME)
    used = np.union1d(community.ratings.item, community.plays.item)
    return store.imports.bring(
        "demo", community=NAME, name=f"{listeners} simulated listeners, seed {seed}", ratings=_only(community.ratings, used),
        plays=_only(community.plays, used), progress=lambda done, total: progress(total + done, 2 * total),
    )  # fmt: skip


def share_kept(real_listeners: int) -> float:
    """Share of the simulated listeners that still count when so many real ones have rated or heard something.

    Halved with every `HALVED_AT` real listeners, and none from where it would be below `GONE_BELOW` (with
    15 and 2%: half at 15, a quarter at 30, none from 85 on)::

        share = 2^(−real / 15), 0 below 0.02
    """
    share = 2.0 ** (-real_listeners / HALVED_AT)
    return share if share >= GONE_BELOW else 0.0


def kept(listeners: Sequence[str], simulated: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """(L,) which listeners count for what is learned: all real ones and the share of simulated ones that is
    left. Those who leave are always the same ones first, of every archetype alike.

    Args:
        listeners: everybody with a rating or play.
        simulated: (L,) which are simulated; None tells by the beginning of their ids.
    """
    if simulated is None:
        simulated = np.array([listener.startswith(SIMULATED) for listener in listeners], bool)
    share = share_kept(int((~simulated).sum()))
    return ~simulated | np.array([_lot(listener) < share for listener in listeners], bool)


def _lot(listener: str) -> float:
    """A number from 0 to 1 that is always the same for a listener."""
    return int.from_bytes(hashlib.sha256(listener.encode()).digest()[:6]) / 2**48


def _met(love: NDArray[np.float32], popularity: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    """The pieces that a listener met: drawn without return through exponential races."""
    count = int(np.clip(random.lognormal(3.7, 0.5), 12, 160))
    race = random.exponential(size=len(love)) / (popularity * np.exp(_EAGER * love))
    return np.argpartition(race, count)[:count] if count < len(love) else np.arange(len(love))


def _rate(row: int, met: NDArray[np.int64], love: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float64]:
    """(4, N): listener, item, stars, moment."""
    items = met[random.random(len(met)) < _RATED]
    stars = _MEAN_STARS + _SPREAD_STARS * love[items] + random.normal(0, _NOISE_STARS, len(items))
    stars = np.clip(np.round(2 * stars) / 2, 0.5, 5)
    at = _START + random.integers(0, _DAYS * 86_400, len(items))
    return np.array([np.full(len(items), row), items, stars, at], np.float64)


def _play(row: int, met: NDArray[np.int64], love: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float64]:
    """(4, N): listener, item, moment, seconds heard."""
    times = 1 + random.poisson(np.exp(np.clip(0.5 * love[met], -2, 1)) - 0.1)
    items = np.repeat(met, times)
    heard = np.clip(0.65 + 0.25 * love[items] + random.normal(0, 0.25, len(items)), 0.03, 1) * _LENGTH_S
    at = _START + random.integers(0, _DAYS * 86_400, len(items))
    return np.array([np.full(len(items), row), items, at, heard], np.float64)


def _only(part: _Columns, used: NDArray[np.integer]) -> _Columns:
    """The columns with only those items in the list that occur."""
    names = tuple(part.items[place] for place in used)
    return replace(part, items=names, item=np.searchsorted(used, part.item).astype(np.int32))
