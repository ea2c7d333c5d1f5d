"""The service: what is shown to whom, that stars count at once, and that a fit is swapped in whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import MissingError, RequestError
from core.store import NewTake
from core.store.records import Item
from core.taste import fitting, snapshot
from core.taste.lists import Recommendation
from core.taste.pieces import Piece, of_item, tidy
from core.taste.rerank import divergence
from core.taste.service import Taste
from core.taste.steering import Steering, steered
from tests.fakes import melody
from tests.taste.small import ME, OTHER, crowd, of_style, small_table, small_taste
from ui.files import to_midi

FEW = ("popularity", "svd", "als", "content")


@pytest.fixture
def taste(tmp_path: Path) -> Taste:
    return small_taste(tmp_path)


@pytest.fixture
def fitted(taste: Taste) -> Taste:
    crowd(taste)
    fitting.refit(taste.store.url, taste.folder, small_table(), FEW)
    return taste


def loves_jigs(taste: Taste, listener: str = ME, count: int = 4) -> list[str]:
    jigs = of_style("irish-jig")[:count]
    for item in jigs:
        taste.store.listening.rate(listener, item, 5.0)
    return jigs


def styles(found) -> Counter[str]:
    return Counter(recommendation.piece.style for recommendation in found)


def published_take(taste: Taste, owner: str, title: str = "New jig") -> str:
    new = NewTake(owner, title, "irish-jig", "lstm", {"style": "irish-jig"}, "fake", 1, to_midi(melody()))
    (record,) = taste.store.add([new])
    taste.store.listening.publish(record.id, owner)
    return f"take:{record.id}"


def test_without_any_listener_likeness_alone_recommends(taste: Taste) -> None:
    known = loves_jigs(taste)
    found = taste.recommend(ME, 5)
    assert len(found) == 5
    assert styles(found).most_common(1)[0][0] == "irish-jig"
    assert not {one.item for one in found} & set(known)
    assert {one.by for one in found} == {"content"}


def test_new_stars_count_at_the_next_look_without_a_refit(fitted: Taste) -> None:
    before = fitted.recommend(ME, 10)
    loves_jigs(fitted)
    after = fitted.recommend(ME, 10)
    assert [one.item for one in before] != [one.item for one in after]
    dances = ("irish-jig", "irish-reel", "hornpipe")
    assert sum(styles(after)[style] for style in dances) > sum(styles(before)[style] for style in dances)
    assert all(one.stars is None for one in before)
    assert all(0.5 <= one.stars <= 5 for one in after)
    assert fitted.origin().revision < fitted.store.listening.revision()


def test_reasons_are_the_listeners_own_pieces_and_what_speaks_for_a_piece_adds_up(fitted: Taste) -> None:
    known = loves_jigs(fitted)
    for one in fitted.recommend(ME, 5):
        assert {item for item, _ in one.because.items} <= set(known)
        assert sum(share for _, share in one.because.items) + one.because.prior == pytest.approx(1, abs=1e-4)


def test_reasons_that_were_not_told_at_once_are_told_when_asked_for(fitted: Taste) -> None:
    loves_jigs(fitted)
    ear = fitted.ear(ME)
    all_at_once = fitted.lists(ear).for_you(4)
    later = fitted.lists(ear, eager=1).for_you(4)
    assert [one.because is None for one in later] == [False, True, True, True]
    assert tuple(map(fitted.lists(ear).explained, later)) == all_at_once


def test_shelves_share_no_piece_and_the_seed_can_be_chosen(fitted: Taste) -> None:
    loves_jigs(fitted)
    seed = of_style("chinese-folk")[0]
    shelves = fitted.shelves(fitted.ear(ME), Steering(), like=seed, k=5)
    shown = [one.item for shelf in shelves.values() for one in shelf]
    assert len(shown) == len(set(shown))
    assert styles(shelves["like"])["chinese-folk"] >= 4
    assert all(one.because.items == ((seed, 1.0),) for one in shelves["like"])
    assert "irish-jig" not in styles(shelves["different"])
    assert shelves["forgotten"] == ()


def test_favourites_are_forgotten_after_a_month(fitted: Taste) -> None:
    loved = loves_jigs(fitted)
    lists = fitted.lists(fitted.ear(ME))
    later = type(lists)(lists.ear, lists.model, lists.now + 31 * 86_400)
    assert lists.forgotten(9) == ()
    assert {one.item for one in later.forgotten(9)} == set(loved)


@pytest.mark.parametrize("kind", ["item", "style", "artist", "source"])
def test_what_is_left_out_is_not_shown_and_does_not_count(fitted: Taste, kind: str) -> None:
    known = loves_jigs(fitted)
    book = fitted.world().book
    first = fitted.recommend(ME, 1)[0].piece
    value = {"item": first.id, "style": first.style, "artist": first.artist_id, "source": first.source}[kind]
    fitted.store.listening.exclude(ME, kind, value)
    assert not [one for one in fitted.recommend(ME, 30) if one.piece.is_left_out_by(kind, value)]
    counted = set(fitted.ear(ME).history.weights)
    assert counted == {item for item in known if not book[item].is_left_out_by(kind, value)}
    fitted.store.listening.allow(ME, kind, value)
    assert fitted.recommend(ME, 1)[0].piece == first


def test_a_period_left_out_takes_its_plays_and_stars_away(fitted: Taste) -> None:
    from datetime import UTC, datetime

    jig, song = of_style("irish-jig")[0], of_style("german-folk")[0]
    listening = fitted.store.listening
    listening.play(ME, jig, 60, 60, datetime(2024, 2, 10, 12, tzinfo=UTC))
    listening.play(ME, song, 60, 60, datetime(2024, 4, 10, 12, tzinfo=UTC))
    listening.rate(ME, jig, 5.0, datetime(2024, 2, 29, 23, 59, tzinfo=UTC))
    assert set(fitted.ear(ME).history.weights) == {jig, song}
    listening.exclude(ME, "period", "2024-02-01/2024-02-29")
    history = fitted.ear(ME).history
    assert (set(history.weights), dict(history.stars)) == ({song}, {})


def test_skips_are_no_love_and_do_not_come_again(fitted: Taste) -> None:
    first = fitted.recommend(ME, 1)[0].item
    fitted.store.listening.play(ME, first, 1.0, 60.0)
    history = fitted.ear(ME).history
    assert first in history.skipped
    assert not history.weights
    assert first not in {one.item for one in fitted.recommend(ME, 40)}


def test_takes_are_shown_to_others_only_when_they_are_published(fitted: Taste) -> None:
    loves_jigs(fitted)
    item = published_take(fitted, OTHER)
    ear = fitted.ear(ME, fresh=True)
    assert [one.item for one in fitted.lists(ear).fresh(5)] == [item]
    assert fitted.lists(ear).fresh(5)[0].by == "content"
    fitted.store.listening.publish(item.removeprefix("take:"), OTHER, False)
    assert item not in fitted.ear(ME, fresh=True).world.place
    assert item in fitted.ear(OTHER, fresh=True).world.place


def test_the_first_questions_are_of_several_styles_and_answers_change_what_comes(taste: Taste) -> None:
    asked: dict[float, list[str]] = {}
    for stars in (0.5, 5.0):
        given: dict[str, float] = {}
        for _ in range(4):
            item = taste.questions().next(given)
            assert item is not None
            given[item] = stars if len(given) != 1 else 5.5 - stars
        asked[stars] = list(given)
        assert len({taste.world().book[item].style for item in given}) >= 3
    assert asked[0.5][0] == asked[5.0][0]
    assert asked[0.5] != asked[5.0]


def test_a_question_takes_more_doubt_away_than_one_by_chance(taste: Taste) -> None:
    questions = taste.questions()
    first = questions.next({})

    def doubt(item: str) -> float:
        row = questions.items.index(item)
        _, cover = questions._belief(np.array([row]), np.array([4.0]))
        return float(np.einsum("nd,de,ne->", questions.sample, cover, questions.sample))

    everything = sorted(doubt(item) for item in questions.items)
    assert doubt(first) <= everything[len(everything) // 10]


def test_sliders_move_the_list_towards_their_end(fitted: Taste) -> None:
    loves_jigs(fitted)
    ear = fitted.ear(ME)
    lists = fitted.lists(ear)
    for axis, values in lists.axes().items():
        means = [np.mean([values[ear.world.place[one.item]] for one in lists.for_you(8, Steering(**{axis: end}))])
                 for end in (-1.0, 0.0, 1.0)]
        assert means[0] < means[2], axis
    with pytest.raises(RequestError, match="-1 to 1"):
        Steering(happy=1.5)


def test_steering_in_the_middle_leaves_the_order_alone() -> None:
    scores = np.array([0.3, 0.9, -np.inf, 0.5], np.float32)
    assert np.argsort(-steered(scores, {}, Steering())).tolist() == [1, 3, 0, 2]


def test_a_blend_is_new_to_both_and_shows_nothing_of_the_other(fitted: Taste) -> None:
    mine = loves_jigs(fitted)
    theirs = of_style("german-folk")[:4]
    for item in theirs:
        fitted.store.listening.rate(OTHER, item, 5.0)
    fitted.store.listening.exclude(OTHER, "style", "hornpipe")
    code = fitted.store.shares.share(OTHER, "blend").id
    found = fitted.blend(ME, code, 12)
    assert len(found) == 12
    assert not {one.item for one in found} & {*mine, *theirs}
    assert "hornpipe" not in styles(found)
    assert {item for one in found for item, _ in one.because.items} <= set(mine)
    with pytest.raises(RequestError, match="two listeners"):
        fitted.blend(OTHER, code)
    fitted.store.shares.take_back(OTHER, code)
    with pytest.raises(MissingError):
        fitted.blend(ME, code)


def test_methods_are_compared_and_unknown_ones_refused(fitted: Taste) -> None:
    loves_jigs(fitted)
    assert list(fitted.compare(fitted.ear(ME), 3)) == ["svd", "content"]
    assert len({tuple(one.item for one in shown) for shown in fitted.compare(fitted.ear(ME), 3).values()}) == 2
    with pytest.raises(RequestError, match="got 'magic'"):
        fitted.recommend(ME, 3, model="magic")
    with pytest.raises(RequestError, match="1 to 1000"):
        fitted.recommend(ME, 0)


def test_a_snapshot_holds_what_was_fitted_and_an_older_one_goes(fitted: Taste) -> None:
    first = snapshot.current(fitted.folder)
    before = [one.item for one in fitted.recommend(ME, 5)]
    assert [one.item for one in Taste(fitted.store, None, fitted.folder, small_table()).recommend(ME, 5)] == before
    for _ in range(2):
        fitting.refit(fitted.store.url, fitted.folder, small_table(), ("content",))
    assert first not in {path.name for path in fitted.folder.iterdir()}
    assert set(snapshot.load(fitted.folder).models) == {"content"}
    assert snapshot.load(fitted.folder).origin.people == 12


def test_a_broken_snapshot_is_no_obstacle(fitted: Taste) -> None:
    name = snapshot.current(fitted.folder)
    (fitted.folder / str(name) / "als.safetensors").write_bytes(b"broken")
    again = Taste(fitted.store, None, fitted.folder, small_table())
    assert again.snapshot().models == {}
    loves_jigs(again)
    assert len(again.recommend(ME, 3)) == 3


def test_a_full_disk_leaves_the_old_snapshot(fitted: Taste, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.errors import StoreError
    from core.taste import files

    name = snapshot.current(fitted.folder)

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        fitting.refit(fitted.store.url, fitted.folder, small_table(), ("content",))
    assert snapshot.current(fitted.folder) == name
    assert {path.name for path in fitted.folder.iterdir()} == {name, "current"}


_KILLED = """
import os, signal, sys
from pathlib import Path
from core.taste import fitting
from tests.taste.small import small_table

steps = []
def progress(done, total):
    steps.append(done)
    if len(steps) == int(sys.argv[3]):
        print("now", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

fitting.refit(sys.argv[1], Path(sys.argv[2]), small_table(), ("als", "content"), progress=progress)
"""


@pytest.mark.parametrize("step", [1, 8, 19])
def test_a_refit_that_is_killed_leaves_the_old_snapshot_and_the_next_one_clears_up(fitted: Taste, step: int) -> None:
    name, before = snapshot.current(fitted.folder), [one.item for one in fitted.recommend(ME, 5)]
    killed = subprocess.run([sys.executable, "-c", _KILLED, fitted.store.url, str(fitted.folder), str(step)],
                            capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).parents[2],
                            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])})  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (fitted.folder / "9999999999-half").mkdir()
    again = Taste(fitted.store, None, fitted.folder, small_table())
    assert snapshot.current(fitted.folder) == name
    assert [one.item for one in again.recommend(ME, 5)] == before
    fitting.refit(fitted.store.url, fitted.folder, small_table(), ("content",))
    assert not (fitted.folder / "9999999999-half").exists()


def test_readers_see_one_whole_snapshot_while_others_are_written(fitted: Taste) -> None:
    loves_jigs(fitted)
    problems: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                assert len(fitted.recommend(ME, 3)) == 3
        except BaseException as error:
            problems.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for models in (("content",), ("als",), ("content",)):
        fitting.refit(fitted.store.url, fitted.folder, small_table(), models)
    stop.set()
    reader.join()
    assert problems == []


@pytest.mark.parametrize(
    ("title", "tidied"),
    [('"TUERKENGEFAHR"', "Tuerkengefahr"), ("KITTY O'NEILL", "Kitty O'Neill"), ("Traveller, The", "The Traveller"),
     ("Money Musk.", "Money Musk"),
     ("Braes of Auchentyre -- Reel", "Braes of Auchentyre"), ("Der \x84uber", "Der uber"), ("ABC", "ABC"), ('"', '"')],
)
def test_titles_of_old_books_are_tidied(title: str, tidied: str) -> None:
    assert tidy(title) == tidied


def test_a_piece_knows_what_leaves_it_out() -> None:
    track = Piece("track:sigur-ros/saeglopur", "Sæglópur", artist="Sigur Rós", source="track")
    assert track.is_left_out_by("artist", "sigur-ros")
    assert not track.is_left_out_by("style", "")


def test_the_world_is_built_anew_when_pieces_change_and_not_with_stars(taste: Taste) -> None:
    before = taste.world()
    loves_jigs(taste)
    assert taste.world(fresh=True) is before
    take = published_take(taste, OTHER)
    assert take in taste.world(fresh=True).place


def test_for_you_keeps_the_listeners_own_mix_of_styles(fitted: Taste) -> None:
    for style, count in (("irish-jig", 4), ("german-folk", 4)):
        for item in of_style(style)[:count]:
            fitted.store.listening.rate(ME, item, 5.0)
    lists = fitted.lists(fitted.ear(ME), "als")
    wish, world = lists.styles(), lists.ear.world
    reels_first = [1 - 0.001 * row - 0.1 * (world.book[item].style != "irish-reel") for row, item in enumerate(world.items)]
    vars(lists)["scores"] = np.array(reels_first, np.float32)

    def far(found: Sequence[Recommendation]) -> float:
        mix = np.array([styles(found)[style] / len(found) for style in wish], np.float32)
        return divergence(np.array(list(wish.values()), np.float32), mix)

    shown, plain = lists.for_you(8), lists._recommend(lists._only(lists.scores, lists.open, ()), 8)
    assert set(styles(plain)) == {"irish-reel"}
    assert far(shown) < 0.75 * far(plain)
    assert np.mean([one.score for one in shown]) > 0.8 * np.mean([one.score for one in plain])
    open_ = {world.book[world.items[row]].title.casefold() for row in np.flatnonzero(lists.open)}
    assert sorted(one.piece.title.casefold() for one in lists.for_you(60)) == sorted(open_)


@pytest.mark.parametrize(
    ("item", "address"),
    [(Item("artist:sigur-ros", "Sigur Rós", "Sigur Rós"), "https://www.youtube.com/results?search_query=Sigur+R%C3%B3s"),
     (Item("track:a-b/c", "C & <d>?#", "A\nB"), "https://www.youtube.com/results?search_query=A+B+C+%26+%3Cd%3E%3F%23"),
     (Item("track:a/b", "B", "A", "https://example.org/b"), "https://example.org/b"),
     (Item("track:a/b", "B", "A", "http://example.org/b"), "https://example.org/b"),
     (Item("track:a/b", "B", "A", "javascript:alert(1)"), "https://www.youtube.com/results?search_query=A+B")],
)  # fmt: skip
def test_what_is_not_here_can_be_looked_for_elsewhere(item: Item, address: str) -> None:
    assert of_item(item).address == address
