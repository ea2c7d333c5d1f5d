from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from core.errors import RequestError
from core.taste.describe import NUMBERS, Description
from core.taste.features import ASSET, FeatureTable, load_table
from core.taste.profile import MAX_SPANS, Edits, Heard, Profile, taste_profile


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    return load_table(ASSET)


def moment(year: int, month: int, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def profile_of(table: FeatureTable, heard: list[Heard], edits: Edits | None = None) -> Profile:
    def describe(item: str) -> Description | None:
        ident = item.removeprefix("tune:")
        return table.description(ident) if ident in table.rows else None

    return taste_profile(heard, describe, table, edits)


def of_style(table: FeatureTable, style: str, count: int, weight: float = 1, at: int = 0) -> list[Heard]:
    rows = np.flatnonzero(table.word("style") == style)[:count]
    return [Heard("tune:" + table.ids[row], weight, at) for row in rows]


def test_shares_are_by_weight(table: FeatureTable) -> None:
    profile = profile_of(
        table, [*of_style(table, "irish-reel", 4, 3), *of_style(table, "waltz", 4), *of_style(table, "slip-jig", 4)]
    )
    assert profile.styles == pytest.approx({"irish-reel": 12 / 16, "slip-jig": 4 / 16})
    assert next(iter(profile.styles)) == "irish-reel"
    assert sum(profile.modes.values()) == sum(profile.metres.values()) == pytest.approx(1)
    assert profile.pieces == 8
    assert profile.by_style["slip-jig"].metres == {"9/8": 1.0}


def test_measures_are_told_against_the_catalogue(table: FeatureTable) -> None:
    reels = profile_of(table, of_style(table, "irish-reel", 50))
    assert reels.measures["energy"].difference > 1
    assert reels.energy == pytest.approx(reels.measures["energy"].mean)
    assert reels.tempo == pytest.approx(200, rel=0.15)
    everything = profile_of(table, [Heard("tune:" + ident, 1, 0) for ident in table.ids])
    assert all(abs(measure.difference) < 0.01 for measure in everything.measures.values())
    names = [name for name, _ in reels.furthest(5)]
    differences = [abs(measure.difference) for _, measure in reels.furthest(5)]
    assert differences == sorted(differences, reverse=True)
    assert set(names) <= set(NUMBERS)


def test_what_has_no_notes_here_is_only_counted(table: FeatureTable) -> None:
    profile = profile_of(
        table, [*of_style(table, "polka", 2, 3), Heard("track:a/b", 2, 0), Heard("artist:a", 2, 0), Heard("x", 0, 0)]
    )
    assert profile.elsewhere == pytest.approx(0.4)
    assert profile.styles == {"polka": 1.0}
    outside = profile_of(table, [Heard("artist:a", 2, 0)])
    assert (outside.elsewhere, outside.pieces, outside.styles) == (1.0, 0, {})


def test_nothing_known_is_an_empty_profile(table: FeatureTable) -> None:
    profile = profile_of(table, [])
    assert (profile.pieces, profile.elsewhere, profile.styles, profile.spans, profile.energy) == (0, 0.0, {}, (), 0.5)


def test_how_it_moved(table: FeatureTable) -> None:
    slow, fast = (
        of_style(table, "irish-air", 5, 1, moment(2024, 3, 5)),
        of_style(table, "irish-reel", 5, 2, moment(2024, 6, 20)),
    )
    first, second = profile_of(table, [*fast, *slow]).spans
    assert [datetime.fromtimestamp(span.start, UTC).month for span in (first, second)] == [3, 6]
    assert (first.styles, second.styles) == ({"irish-air": 1.0}, {"irish-reel": 1.0})
    assert first.energy < second.energy
    assert (first.weight, second.weight) == (5, 10)


def test_many_years_are_drawn_in_few_points(table: FeatureTable) -> None:
    rows = of_style(table, "german-folk", 240)
    heard = [Heard(one.item, 1, moment(2000 + index // 12, 1 + index % 12)) for index, one in enumerate(rows)]
    spans = profile_of(table, heard).spans
    assert MAX_SPANS / 2 < len(spans) <= MAX_SPANS
    assert sum(span.weight for span in spans) == 240
    starts = [span.start for span in spans]
    assert starts == sorted(starts)
    assert starts[0] == moment(2000, 1)


def test_edits_stand_in_place_of_what_was_measured(table: FeatureTable) -> None:
    heard = [*of_style(table, "irish-reel", 3), *of_style(table, "polka", 1)]
    edits = Edits({"polka": 0.0, "waltz": 0.25}, energy=0.1, tempo=70)
    profile = profile_of(table, heard, edits)
    assert profile.styles == pytest.approx({"irish-reel": 0.75, "waltz": 0.25})
    assert (profile.energy, profile.tempo) == (0.1, 70)
    assert profile.edited == {"styles", "energy", "tempo"}
    assert profile.valence == profile_of(table, heard).valence
    assert profile_of(table, heard, Edits()).edited == frozenset()


def test_edits_are_kept_as_json() -> None:
    edits = Edits({"waltz": 0.5}, valence=0.75)
    assert Edits.from_json(edits.to_json()) == edits
    assert Edits.from_json({}) == Edits()


@pytest.mark.parametrize(
    "wrong",
    [
        {"energy": 2},
        {"styles": {"waltz": -1}},
        {"tempo": 5},
        {"valence": "high"},
        {"styles": [1]},
        {"energy": True},
        {"styles": {"x": float("nan")}},
    ],
)
def test_edits_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(RequestError):
        Edits.from_json(wrong)
