"""Composing for a place on the map, with the networks of the repository."""

from __future__ import annotations

import math

import pytest

from core.corpora.catalogue import load
from core.engines.vae import shaping
from core.engines.vae.anywhere import CANDIDATES, compose_at
from core.errors import Cancelled, RequestError

ENGINE = shaping.autoencoder()


def test_what_is_composed_comes_down_near_its_place() -> None:
    atlas = shaping.atlas(False)
    for spot in atlas.spots[5::200]:
        x, y = spot.x + 0.2, spot.y - 0.2
        made = compose_at(ENGINE, atlas, x, y, takes=3)
        apart = [math.hypot(found.x - x, found.y - y) for found in made.found]
        assert apart == sorted(apart)
        assert apart[0] < 1
        first, *_ = made.found
        assert atlas.place(ENGINE.load(16, False), first.take.score) == pytest.approx((first.x, first.y), abs=0.01)


def test_it_is_in_the_metre_of_the_nearest_piece_and_none_of_the_map() -> None:
    atlas = shaping.atlas(False)
    spot = atlas.spots[40]
    (found,) = compose_at(ENGINE, atlas, spot.x, spot.y, takes=1).found
    piece = load(spot.tune)
    assert found.take.score.metres[0] == piece.metres[0]
    assert found.take.score.melody.notes != piece.melody.notes


def test_the_same_number_gives_the_same_takes() -> None:
    atlas = shaping.atlas(True)
    one, same, other = (compose_at(ENGINE, atlas, 0.5, 0.5, random_seed=seed, free_only=True) for seed in (1, 1, 2))
    assert [found.take.score for found in one.found] == [found.take.score for found in same.found]
    assert one.found[0].take.score.melody.notes != other.found[0].take.score.melody.notes
    assert one.between == other.between


@pytest.mark.parametrize(("x", "y"), [(math.nan, 0.0), (math.inf, 0.0), (0.0, -1e9)])
def test_a_place_off_the_map_is_refused(x: float, y: float) -> None:
    with pytest.raises(RequestError, match="place on the map"):
        compose_at(ENGINE, shaping.atlas(False), x, y)


@pytest.mark.parametrize("takes", [0, CANDIDATES + 1])
def test_so_many_takes_are_refused(takes: int) -> None:
    with pytest.raises(RequestError, match="takes"):
        compose_at(ENGINE, shaping.atlas(False), 0, 0, takes=takes)


def test_it_can_be_cancelled() -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled()

    with pytest.raises(Cancelled):
        compose_at(ENGINE, shaping.atlas(False), 0, 0, progress=stop)
