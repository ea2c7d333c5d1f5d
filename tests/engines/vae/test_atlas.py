"""The map of the latent space."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.corpora.catalogue import catalogue, load
from core.engines.vae import atlas, shaping
from core.engines.vae.atlas import Atlas, Plane, Spot
from core.errors import FormatError, RequestError, WeightsMissingError

PLANE = Plane(((1.0, 0.0, 2.0), (0.0, 1.0, 0.0)), (0.5, -1.0))
LINE = Atlas("0" * 16, PLANE, tuple(Spot(f"book/{at}", "hymn", float(at), 0.0) for at in range(10)))


def test_the_nearest_piece_is_found() -> None:
    assert LINE.nearest(3.4, 5).tune == "book/3"


def test_pieces_around_a_place_come_the_nearest_first() -> None:
    assert [spot.tune for spot in LINE.around(3.4, 0, 3)] == ["book/3", "book/4", "book/2"]


def test_a_plane_is_a_linear_map() -> None:
    assert PLANE.place(np.array([1.0, 2.0, 3.0])) == (7.5, 1.0)


def test_a_drawn_line_passes_pieces_in_order_and_each_once() -> None:
    assert [spot.tune for spot in LINE.along([(1, 0), (5, 0.1), (8.9, 0)], 4)] == ["book/1", "book/4", "book/6", "book/9"]
    assert [spot.tune for spot in LINE.along([(2, 0), (3, 0)], 6)] == ["book/2", "book/3"]


@pytest.mark.parametrize("path", [[], [(1, 0)], [(1, 0), (1.1, 0)]])
def test_a_line_that_passes_one_piece_is_refused(path: list[tuple[float, float]]) -> None:
    with pytest.raises(RequestError, match="two pieces"):
        LINE.along(path, 5)


def test_a_map_is_kept_and_read_again(tmp_path: Path) -> None:
    atlas.save(LINE, tmp_path / "map.json")
    assert atlas.load(tmp_path / "map.json", "0" * 16) == LINE
    with pytest.raises(WeightsMissingError, match="others"):
        atlas.load(tmp_path / "map.json", "1" * 16)
    with pytest.raises(WeightsMissingError, match="not there"):
        atlas.load(tmp_path / "none.json", "0" * 16)
    (tmp_path / "map.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(FormatError, match="damaged"):
        atlas.load(tmp_path / "map.json", "0" * 16)


@pytest.mark.parametrize("free", [False, True])
def test_the_shipped_map_is_of_the_shipped_weights_and_keeps_styles_together(free: bool) -> None:
    found = shaping.atlas(free)
    assert {spot.tune for spot in found.spots} <= {entry.id for entry in catalogue()}
    near = 0
    for spot in found.spots:
        _, other = found.around(spot.x, spot.y, 2)
        near += other.style == spot.style
    styles = len({spot.style for spot in found.spots})
    assert near / len(found.spots) > 1.5 / styles  # by chance it were one in so many


def test_a_map_is_drawn_from_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "EACH", 3)
    few = [entry for entry in catalogue() if entry.style in ("irish-jig", "polka", "chinese-folk")]
    drawn = atlas.build(shaping.autoencoder(), [entry for entry in few if entry.style == "irish-jig"][:20]
                        + [entry for entry in few if entry.style == "polka"][:20]
                        + [entry for entry in few if entry.style == "chinese-folk"][:20], False)
    assert len(drawn.spots) == 9
    assert drawn.weights == shaping.weights(False)


def test_a_piece_of_the_map_has_its_own_place() -> None:
    found, loaded = shaping.atlas(False), shaping.autoencoder().load(16, False)
    for spot in found.spots[::60]:
        assert found.place(loaded, load(spot.tune)) == pytest.approx((spot.x, spot.y), abs=0.01)
