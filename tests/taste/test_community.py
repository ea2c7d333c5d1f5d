"""The demonstration community: its truth is known, it is made quickly, leaves by itself and at a click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core import cli
from core.errors import Cancelled, FormatError, MissingError, RequestError
from core.store.store import Store
from core.taste.community import ARCHETYPES, HALVED_AT, NAME, Community, kept, make, share_kept, simulate
from core.taste.community_import import import_community
from core.taste.features import ASSET, FeatureTable, load_table
from tests.taste.history.test_formats import BRAINZ


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    return load_table(ASSET)


@pytest.fixture(scope="module")
def community(table: FeatureTable) -> Community:
    return simulate(table, 120, seed=5)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'db.sqlite'}"
    monkeypatch.setenv("SONGLOOM_DB", url)
    made = Store(url)
    yield made
    made.close()


def test_the_seed_decides_everything(table: FeatureTable, community: Community) -> None:
    again, other = simulate(table, 120, seed=5), simulate(table, 120, seed=6)
    assert np.array_equal(again.ratings.value, community.ratings.value)
    assert np.array_equal(again.plays.item, community.plays.item)
    assert not np.array_equal(other.love, community.love)


def test_stars_follow_the_truth_with_noise(community: Community) -> None:
    ratings = community.ratings
    truth = community.true_stars()[ratings.listener, ratings.item]
    error = ratings.value - truth
    assert 0.3 < np.sqrt((error**2).mean()) < 0.6
    assert np.corrcoef(ratings.value, truth)[0, 1] > 0.8
    assert np.array_equal(ratings.value * 2, np.round(ratings.value * 2))
    assert community.love.mean(1) == pytest.approx(0, abs=1e-4)
    assert community.love.std(1) == pytest.approx(1, abs=1e-3)


def test_loved_pieces_are_played_more_and_longer(community: Community) -> None:
    plays = community.plays
    love = community.love[plays.listener, plays.item]
    assert love.mean() > 0.5
    assert np.corrcoef(love, plays.heard)[0, 1] > 0.5
    assert 0 < plays.skipped.mean() < 0.3


def test_popularity_is_zipfs(community: Community, table: FeatureTable) -> None:
    listeners_of = np.sort([len(set(group)) for group in _by_item(community).values()])[::-1]
    assert listeners_of[0] > 8 * np.median(listeners_of)
    ranked = np.sort(community.popularity)[::-1]
    assert ranked[0] / ranked[99] > 10
    assert len(listeners_of) > 1000
    assert len(table) == len(community.items)


def test_archetypes_are_people_of_one_taste(community: Community) -> None:
    love = community.love - community.love.mean(0)
    alike = np.corrcoef(love)
    same = community.archetype[:, None] == community.archetype[None, :]
    off = ~np.eye(len(alike), dtype=bool)
    assert alike[same & off].mean() > 0.5 > 0.1 > alike[~same].mean()
    assert set(community.archetype) == set(range(len(ARCHETYPES)))


def test_listeners_are_named_as_simulated(community: Community) -> None:
    assert all(name.startswith("sim:demo/") for name in community.listeners)
    assert community.listeners[0] == "sim:demo/reel-dancer-0000"
    assert len(set(community.listeners)) == 120


def test_influence_fades_as_real_listeners_come(community: Community) -> None:
    assert [share_kept(count) for count in (0, HALVED_AT, 2 * HALVED_AT, 85)] == [1, 0.5, 0.25, 0]
    counts = []
    for real in (0, 5, 15, 30, 60, 100):
        listeners = (*community.listeners, *(f"real-{number}" for number in range(real)))
        stays = kept(listeners)
        assert stays[120:].all()
        counts.append(int(stays[:120].sum()))
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (120, 0)
    assert counts[2] == pytest.approx(60, abs=15)


def test_those_who_left_do_not_come_back_while_others_come(community: Community) -> None:
    few, more = (kept((*community.listeners, *map(str, range(real))))[:120] for real in (10, 20))
    assert (few | ~more).all()
    left = {ARCHETYPES[kind].id for kind in community.archetype[more]}
    assert len(left) >= 8


def test_made_in_the_store_and_removed(table: FeatureTable, store: Store) -> None:
    store.listening.rate("me-12345678", "tune:" + table.ids[0], 4)
    seen: list[float] = []
    brought = make(store, table, 40, progress=lambda done, total: seen.append(done / total))
    counts = store.listening.counts()
    assert (counts["simulated_listeners"], counts["listeners"]) == (40, 1)
    assert counts["simulated_ratings"] + counts["simulated_plays"] == brought.rows
    assert seen == sorted(seen)
    assert seen[-1] == 1
    make(store, table, 30)
    assert store.imports.communities() == {NAME: 30}
    assert store.imports.remove_community(NAME) == 30
    assert store.listening.counts()["simulated_ratings"] == 0
    assert [rating.stars for rating in store.listening.ratings("me-12345678")] == [4]


def test_making_can_be_stopped(table: FeatureTable, store: Store) -> None:
    def stop(done: int, total: int) -> None:
        if 2 * done > total:
            raise Cancelled

    with pytest.raises(Cancelled):
        make(store, table, 20, progress=stop)
    assert store.imports.communities() == {}


@pytest.mark.parametrize("listeners", [0, -1, 5001])
def test_odd_numbers_of_listeners_are_refused(table: FeatureTable, listeners: int) -> None:
    with pytest.raises(RequestError, match="1 to 5000"):
        simulate(table, listeners)


def hetrec(folder: Path, plays: str = "2\t51\t13883\n2\t52\t9\n3\t51\t1\n") -> Path:
    folder.mkdir()
    (folder / "artists.dat").write_text("id\tname\turl\tpictureURL\n51\tDuran Duran\thttp://x/y\tz\n52\t\"Weird\" Al\thttp://x\tz\n")
    (folder / "user_artists.dat").write_text("userID\tartistID\tweight\n" + plays)
    return folder


def test_hetrec_is_imported(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = hetrec(tmp_path / "lastfm 2k")
    for _ in range(2):
        assert cli.main(["community", "import", str(path), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"community": "lastfm-2k", "listeners": 2, "rows": 5 + 1 + 1}
    plays = store.listening.all_plays()
    assert set(plays.items) == {"artist:duran-duran", "artist:weird-al"}
    assert set(plays.listeners) == {"sim:lastfm-2k/1", "sim:lastfm-2k/2"}
    item = store.listening.items()["artist:duran-duran"]
    assert (item.title, item.address) == ("Duran Duran", "http://x/y")


@pytest.mark.parametrize("plays", ["2\t99\t5\n", "2\t51\tmany\n", "2\t51\n"])
def test_broken_hetrec_is_told(store: Store, tmp_path: Path, plays: str) -> None:
    with pytest.raises(FormatError, match="Unpack the data set again"):
        import_community(store, hetrec(tmp_path / "x", plays))
    assert store.imports.communities() == {}


def test_listenbrainz_dump_is_imported(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    (folder / "2019").mkdir(parents=True)
    lines = [json.dumps({**BRAINZ, "user_name": name, "listened_at": 1000 + at}) for name in ("ann", "bob") for at in range(3)]
    (folder / "2019" / "12.listens").write_text("\n".join(lines))
    (folder / "README.json").write_text("{}")
    assert import_community(store, folder).rows == 6
    assert store.imports.communities() == {"dump": 2}
    assert import_community(store, folder / "2019" / "12.listens").rows == 6


def test_what_is_no_community_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    with pytest.raises(FormatError, match=r"user_artists\.dat"):
        import_community(store, tmp_path)


def test_commands_make_list_and_remove(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["community", "make", "--listeners", "12", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["listeners"] == 12
    assert cli.main(["community", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"demo": 12}
    assert cli.main(["community", "remove"]) == 0
    assert capsys.readouterr().out == "community demo, removed 12\n"


def test_import_history_by_name(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "h.csv"
    path.write_text("artist,track,uts\nPlanxty,The Blacksmith,1577836740\n,,\n")
    for new in (1, 0):
        assert cli.main(["import-history", str(path), "--listener", "Ann", "--json"]) == 0
        facts = json.loads(capsys.readouterr().out)
        assert (facts["source"], facts["new"], facts["known"], facts["left_out"]) == ("lastfm", new, 1 - new, 1)
    assert len(store.listening.plays(store.listeners.find("Ann"))) == 1
    with pytest.raises(MissingError):
        store.listeners.find("../../etc/passwd")
    assert cli.main(["import-history", str(tmp_path / "none"), "--listener", "../../etc/passwd"]) == 2
    assert "is not there" in capsys.readouterr().err


def _by_item(community: Community) -> dict[int, list[int]]:
    met: dict[int, list[int]] = {}
    for listener, item in zip(community.plays.listener.tolist(), community.plays.item.tolist(), strict=True):
        met.setdefault(item, []).append(listener)
    return met
