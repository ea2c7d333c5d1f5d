"""From a taste to requests, and from takes to those that are expected to please."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from core.corpora.styles import BY_ID, STYLES
from core.engines.protocol import LIMITS, Request
from core.errors import Cancelled, RequestError
from core.taste.compose import compose_for, requests_for
from core.taste.content import Scale
from core.taste.describe import describe
from core.taste.features import ASSET, FeatureTable, load_table
from core.taste.models.star_content import USUAL_STARS
from core.taste.profile import Edits, Heard, Profile, taste_profile
from core.taste.take_stars import TakeStars
from tests.fakes import FakeEngine
from tests.taste.test_profile import of_style, profile_of


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    return load_table(ASSET)


@pytest.fixture(scope="module")
def dancer(table: FeatureTable) -> Profile:
    return profile_of(
        table, [*of_style(table, "irish-reel", 60, 2), *of_style(table, "slip-jig", 30), *of_style(table, "folk", 10)]
    )


def test_styles_come_as_often_as_they_are_heard(dancer: Profile) -> None:
    requests = requests_for(dancer, STYLES, 100)
    assert Counter(request.style for request in requests) == pytest.approx({"irish-reel": 80, "slip-jig": 20}, abs=2)
    assert all(request.style in BY_ID for request in requests)
    assert {request.style for request in requests_for(dancer, [BY_ID["polka"], BY_ID["slip-jig"]], 9)} == {"slip-jig"}


def test_tempo_metre_mode_and_mix_follow_the_taste(dancer: Profile) -> None:
    requests = requests_for(dancer, STYLES, 40, random_seed=3)
    reels = [request for request in requests if request.style == "irish-reel"]
    assert {request.tempo for request in reels} == {round(dancer.by_style["irish-reel"].tempo)}
    assert all(str(request.metre) in BY_ID[request.style].metres for request in requests)
    assert Counter(request.mode for request in reels).most_common(1)[0][0] == max(
        dancer.by_style["irish-reel"].modes, key=lambda mode: dancer.by_style["irish-reel"].modes[mode]
    )
    assert all(0 <= request.mix <= 0.5 for request in requests)
    jig = next(request for request in requests if request.style == "slip-jig")
    assert (jig.style2, jig.mix) == ("irish-reel", pytest.approx(0.4))


def test_a_higher_register_raises_the_range(table: FeatureTable) -> None:
    rows = np.flatnonzero(table.word("style") == "hornpipe")
    high = rows[np.argsort(-table.number("register")[rows])[:20]]
    profile = profile_of(table, [Heard("tune:" + table.ids[row], 1, 0) for row in high])
    (request,) = requests_for(profile, STYLES)
    low, top = BY_ID["hornpipe"].pitch_range
    assert request.pitch_range is not None
    assert request.pitch_range[0] - low == request.pitch_range[1] - top > 1


def test_wishes_change_tempo_and_mode(table: FeatureTable) -> None:
    heard = of_style(table, "irish-air", 60)
    plain = profile_of(table, heard)
    (usual,) = requests_for(plain, STYLES)
    (wild,) = requests_for(profile_of(table, heard, Edits(energy=0.95)), STYLES)
    (exact,) = requests_for(profile_of(table, heard, Edits(tempo=77)), STYLES)
    assert wild.tempo is not None
    assert usual.tempo is not None
    assert wild.tempo > 1.3 * usual.tempo
    assert exact.tempo == 77
    sad = requests_for(profile_of(table, heard, Edits(valence=0.1)), STYLES, 30)
    happy = requests_for(profile_of(table, heard, Edits(valence=0.9)), STYLES, 30)
    assert {request.mode for request in sad} <= {"minor", "dorian"}
    assert {request.mode for request in happy} <= {"major", "mixolydian"}


def test_an_empty_profile_asks_for_anything(table: FeatureTable) -> None:
    empty = taste_profile([], lambda item: None, table)
    requests = requests_for(empty, STYLES, 64)
    assert len({request.style for request in requests}) == len(STYLES)
    assert all(request.mix == 0 and request.mode is None for request in requests)
    with pytest.raises(RequestError, match="writes none"):
        requests_for(empty, [])


def test_requests_are_within_the_limits_whatever_was_heard(table: FeatureTable) -> None:
    slow = profile_of(table, of_style(table, "irish-air", 5), Edits(energy=0.0))
    slow = replace(slow, by_style={"irish-air": replace(slow.by_style["irish-air"], tempo=5.0, higher=40)})
    (request,) = requests_for(slow, STYLES)
    assert request.tempo == LIMITS["tempo"][0]
    assert request.pitch_range == (60, 93)


def test_the_same_seed_asks_the_same(dancer: Profile) -> None:
    assert requests_for(dancer, STYLES, 5, 11) == requests_for(dancer, STYLES, 5, 11)
    assert len({request.random_seed for request in requests_for(dancer, STYLES, 5, 11)}) == 5
    base = Request("waltz", bars=24, takes=2, free_only=True)
    (request,) = requests_for(dancer, STYLES, base=base)
    assert (request.bars, request.takes, request.free_only) == (24, 2, True)


def test_stars_are_learned_from_content(table: FeatureTable) -> None:
    scale = Scale(table)
    reels, airs = (
        [table.description(one.item[5:]) for one in of_style(table, style, 60)] for style in ("irish-reel", "irish-air")
    )
    assert TakeStars.learn(scale, []).predict([reels[0]]) == pytest.approx([USUAL_STARS])
    assert len(TakeStars.learn(scale, []).predict([])) == 0
    ten = TakeStars.learn(scale, [*((one, 5.0) for one in reels[:5]), *((one, 1.5) for one in airs[:5])])
    assert ten.predict(reels[5:]).mean() > ten.predict(airs[5:]).mean() + 1.5
    assert (np.clip(ten.predict([*reels, *airs]), 0.5, 5) == ten.predict([*reels, *airs])).all()


def test_the_best_takes_come_first(table: FeatureTable) -> None:
    profile = profile_of(table, of_style(table, "irish-jig", 10))
    engine = FakeEngine()
    base = Request("irish-jig", takes=8, bars=6)
    every = [describe(take.score, take.request.style, "take") for take in engine.compose(replace(base, tempo=170.0))]
    stars = TakeStars.learn(Scale(table), [(every[0], 5.0), (every[3], 1.0)])
    seen: list[tuple[int, int]] = []
    ranked = compose_for(
        profile, engine, stars, count=2, shown=5, base=base, progress=lambda done, total: seen.append((done, total))
    )
    assert len(ranked) == 5
    assert [one.stars for one in ranked] == sorted((one.stars for one in ranked), reverse=True)
    everything = compose_for(profile, engine, stars, count=2, shown=16, base=base)
    assert len(everything) == 16
    assert ranked[0].stars == max(one.stars for one in everything) > min(one.stars for one in everything)
    assert seen == sorted(seen)


def test_styles_that_cannot_mix_are_asked_for_alone(table: FeatureTable) -> None:
    class Purist(FakeEngine):
        def resolve(self, request: Request) -> Request:
            if request.style2:
                raise RequestError("Nothing mixes here", "two styles")
            return super().resolve(request)

    profile = profile_of(table, of_style(table, "irish-jig", 10), Edits({"pop": 0.5, "irish-jig": 0.5}))
    stars = TakeStars.learn(Scale(table), [])
    assert len(compose_for(profile, Purist(), stars, base=Request("pop", bars=6, takes=8))) == 4


def test_composing_can_be_stopped(table: FeatureTable, dancer: Profile) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    class Slow(FakeEngine):
        def compose(self, request, progress=None):  # type: ignore[no-untyped-def]
            progress(0, 1)

    with pytest.raises(Cancelled):
        compose_for(replace(dancer, styles={}), Slow(), TakeStars.learn(Scale(table), []), progress=stop)
