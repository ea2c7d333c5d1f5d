"""Tags of artists: they come with HetRec Last.fm, and say what an artist is like."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import FormatError
from core.store import NewTake, Store
from core.store.records import Item
from core.taste.community_import import import_community
from core.taste.content import TakeDescriptions, tagged
from core.taste.world import make, with_takes
from tests.fakes import melody
from tests.store.make import history
from tests.taste.small import ME, small_table, small_taste
from tests.taste.test_community import hetrec
from ui.files import to_midi

DURAN, AL = "artist:duran-duran", "artist:weird-al"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = hetrec(tmp_path / "lastfm", "".join(f"{who}\t{what}\t10\n" for who in (2, 3) for what in (51, 52)))
    (path / "tags.dat").write_bytes("tagID\ttagValue\n1\tNew Wave\n2\tcomédie\n3\t80s\n".encode("latin-1"))
    rows = ["2\t51\t1", "3\t51\t1", "2\t51\t3", "2\t52\t2", "2\t52\t99", "2\t77\t1"]
    head = "userID\tartistID\ttagID\tday\tmonth\tyear\n"
    (path / "user_taggedartists.dat").write_text(head + "".join(f"{row}\t1\t4\t2009\n" for row in rows))
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return small_taste(tmp_path).store


def test_tags_come_with_the_community_and_with_an_export(store: Store, folder: Path, tmp_path: Path) -> None:
    plays = history(1, ME, tracks=1)
    rio = Item(plays.items[0], "Rio", "Duran Duran", tags=(("pop", 3),))
    store.imports.bring("lastfm", listener=ME, plays=plays, items=[rio])
    for _ in range(2):
        import_community(store, folder)
    items = store.listening.items()
    assert items[DURAN].tags == (("new wave", 2), ("80s", 1))
    assert items[AL].tags == (("comédie", 1),)
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.privacy.import_export(json.loads(json.dumps(store.privacy.export(ME))), ME)
    assert other.listening.items() == {rio.id: rio}
    other.close()


def test_a_broken_table_of_tags_is_told(store: Store, folder: Path) -> None:
    (folder / "tags.dat").unlink()
    with pytest.raises(FormatError, match=r"holds tags\.dat"):
        import_community(store, folder)


def test_artists_are_alike_by_their_tags_and_unlike_tunes(store: Store, folder: Path) -> None:
    import_community(store, folder)
    world = make(store, small_table(), TakeDescriptions())
    row = {item: world.unit[world.place[item]] for item in (DURAN, AL)}
    named = {world.content.features[column] for column in np.flatnonzero(row[DURAN])}
    assert named == {"tag:new wave", "tag:80s"}
    assert row[DURAN] @ row[DURAN] == pytest.approx(1, abs=1e-5)
    assert row[DURAN] @ row[AL] == world.unit[0] @ row[AL] == 0
    (take,) = store.add([NewTake(ME, "Jig", "irish-jig", "fake", {}, "w", 7, to_midi(melody()))])
    own = with_takes(world, small_table(), [take], TakeDescriptions())
    assert own.unit.shape == (len(world.items) + 1, len(world.content.features))
    assert np.linalg.norm(own.unit[-1]) == pytest.approx(1, abs=1e-5)


def test_rare_tags_weigh_more_and_rows_have_the_usual_length() -> None:
    both = Item("artist:a", tags=(("rock", 5), ("polka", 5)))
    content = tagged([both, Item("artist:b", tags=(("rock", 5),)), Item("artist:c")])
    assert content.items == ("artist:a", "artist:b")
    weight = dict(zip(content.features, content.matrix.toarray()[0], strict=True))
    assert weight["tag:polka"] > weight["tag:rock"] > 0
    assert np.linalg.norm(content.matrix.toarray(), axis=1).mean() == pytest.approx(1, abs=1e-5)
    assert tagged([]).items == ()
