"""What the user puts right is sung so, kept as JSON, and refused where it does not fit."""

from __future__ import annotations

import pytest

from core.errors import FormatError, RequestError
from core.lyrics import read_lyrics
from core.lyrics.corrections import NO_CORRECTIONS, Correction, Corrections, corrections_from_json
from tests.lyrics.shown import hyphened, stressed, toned


def test_syllables_and_stress_of_a_word() -> None:
    fixed = NO_CORRECTIONS.with_("every", Correction(("ev", "er", "y"), (1, 0, 0)))
    lyrics = read_lyrics("Every day and every night", corrections=fixed)
    assert hyphened(lyrics) == "Ev-er-y day and ev-er-y night"
    assert stressed(lyrics) == "100 1 0 100 1"
    assert [word.is_corrected for word in lyrics.words] == [True, False, False, True, False]


def test_one_occurrence_alone() -> None:
    fixed = NO_CORRECTIONS.with_("every", Correction(("ev", "er", "y")), nth=2)
    assert hyphened(read_lyrics("every day every night", corrections=fixed)) == "ev-ery day ev-er-y night"


def test_pinyin_and_what_follows_from_it() -> None:
    fixed = NO_CORRECTIONS.with_("了", Correction(pinyin=("liao3",)))
    assert toned(read_lyrics("好了", corrections=fixed)) in ("hao2 liao3", "hao3 le5")
    fixed = NO_CORRECTIONS.with_("朝", Correction(pinyin=("zhao1",)))
    lyrics = read_lyrics("朝 长", corrections=fixed)
    assert lyrics.syllables[0].pinyin == "zhao1"


def test_stress_of_a_guessed_word() -> None:
    fixed = NO_CORRECTIONS.with_("Sternlein", Correction(stress=(1, 2)))
    word = read_lyrics("Sternlein", "de", fixed).words[0]
    assert [syllable.stress for syllable in word.syllables] == [1, 2]
    assert not word.is_guess


def test_a_correction_can_be_taken_back() -> None:
    fixed = NO_CORRECTIONS.with_("every", Correction(("ev", "er", "y")))
    assert fixed.without("Every") == NO_CORRECTIONS
    assert NO_CORRECTIONS.find("every", 1) is None


def test_json_and_back() -> None:
    fixed = NO_CORRECTIONS.with_("every", Correction(("ev", "er", "y"), (1, 0, 0)), 3).with_("朝", Correction(pinyin=("zhao1",)))
    assert corrections_from_json(fixed.as_json()) == fixed
    assert corrections_from_json("[]") == Corrections()


@pytest.mark.parametrize(
    ("word", "correction", "nth"),
    [
        ("love", Correction(("lo", "ver")), 0),
        ("love", Correction(("love", "")), 0),
        ("love", Correction(), 0),
        ("love", Correction(stress=(3,)), 0),
        ("lover", Correction(("lov", "er"), (1,)), 0),
        ("love", Correction(pinyin=("ai4",)), 0),
        ("爱", Correction(pinyin=("ai9",)), 0),
        ("爱", Correction(pinyin=("ai4", "ai4")), 0),
        ("爱", Correction(stress=(1,)), 0),
        ("love", Correction(stress=(1,)), -1),
    ],
)
def test_what_does_not_fit_is_refused(word: str, correction: Correction, nth: int) -> None:
    with pytest.raises(RequestError):
        NO_CORRECTIONS.with_(word, correction, nth)


BROKEN = ["", "{", "3", '[{"word": "love"', "[3]", '[{"nth": 1}]', '[{"word":"a","stress":["x"]}]', "[" * 5000]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        corrections_from_json(text)
