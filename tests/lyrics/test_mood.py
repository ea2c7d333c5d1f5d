"""Mood of words and what of the music follows from it, measured on texts written for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.lstm.song.evaluation.mood_texts import HAPPY_EN, HAPPY_ZH, SAD_EN, SAD_ZH
from core.errors import RequestError
from core.lyrics import read_lyrics
from core.lyrics.mood import Mood, chosen_as_json, felt, moods, overall, suggest, whole

USUAL = suggest(Mood(0, 0)).bpm


def right(text: str, happy: bool) -> tuple[bool, bool]:
    """Whether mode and tempo go the expected way."""
    suggestion = suggest(overall(read_lyrics(text)))
    return suggestion.mode == ("major" if happy else "minor"), (suggestion.bpm > USUAL) if happy else (suggestion.bpm < USUAL)


def test_mode_and_tempo_go_with_the_words_in_85_of_100() -> None:
    texts = [(text, True) for text in (*HAPPY_EN, *HAPPY_ZH)] + [(text, False) for text in (*SAD_EN, *SAD_ZH)]
    assert len({text for text, _ in texts}) == 80
    found = [right(text, happy) for text, happy in texts]
    assert sum(mode for mode, _ in found) / len(found) >= 0.85
    assert sum(tempo for _, tempo in found) / len(found) >= 0.85
    assert sum(mode and tempo for mode, tempo in found) / len(found) >= 0.85


def test_the_words_that_spoke_are_named_in_the_script_of_the_text() -> None:
    assert overall(read_lyrics("I am all alone with my tears")).because[0].word == "tears"
    assert [sign.word for sign in overall(read_lyrics("她落淚，離別的歌")).because][:2] == ["落淚", "離別"]


def test_sections_have_moods_of_their_own() -> None:
    sad, glad = moods(read_lyrics("I weep alone in the rain\n\nwe dance and laugh in the sunshine"))
    assert sad.valence < -0.3 < 0.3 < glad.valence
    assert sad.arousal < glad.arousal
    assert suggest(sad).mode == "minor"
    assert suggest(sad).span < suggest(glad).span
    assert suggest(sad).density < suggest(glad).density
    assert suggest(sad).lift < suggest(glad).lift
    assert suggest(sad).because


@pytest.mark.parametrize(("plain", "turned"), [("我快乐", "我不快乐"), ("有希望", "没有希望"), ("I am happy", "I am not happy")])
def test_negation(plain: str, turned: str) -> None:
    assert overall(read_lyrics(turned)).valence < 0 < overall(read_lyrics(plain)).valence


def test_degree() -> None:
    assert overall(read_lyrics("我有点难过")).valence > overall(read_lyrics("我非常难过")).valence


def test_neutral_words_leave_the_mode_open() -> None:
    suggestion = suggest(overall(read_lyrics("the table has four legs")))
    assert (suggestion.mode, suggestion.bpm, suggestion.because) == (None, USUAL, ())


def test_words_of_other_languages_are_not_read_as_english() -> None:
    assert overall(read_lyrics("die Sonne und die Blumen")) == Mood(0, 0)


def test_exclamations_excite() -> None:
    assert overall(read_lyrics("we walk!")).arousal > overall(read_lyrics("we walk")).arousal


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_suggestions_stay_in_their_ranges(valence: float, arousal: float) -> None:
    suggestion = suggest(Mood(valence, arousal))
    assert 44 <= suggestion.bpm <= 148
    assert suggestion.bpm % 2 == 0
    assert 10 <= suggestion.span <= 18
    assert -3 <= suggestion.lift <= 3
    assert 0 <= suggestion.density <= 1


@pytest.mark.parametrize(("valence", "arousal"), [(1.1, 0), (0, -2), (float("nan"), 0)])
def test_other_moods_are_refused(valence: float, arousal: float) -> None:
    with pytest.raises(RequestError, match="between -1 and 1"):
        Mood(valence, arousal)


def test_a_mood_that_was_chosen_counts_by_its_lines() -> None:
    lyrics = read_lyrics("I am so sad\nMy tears are falling\n\nThe table has four legs\nThe table is here")
    text = chosen_as_json([Mood(1, 0.5), None])
    first, second = felt(lyrics, text)
    assert (first.valence, first.arousal, first.because) == (1, 0.5, ())
    assert second == moods(lyrics)[1]
    assert whole(lyrics, text).valence == pytest.approx((1 + second.valence) / 2)
    assert suggest(whole(lyrics, text)).mode == "major"
    assert suggest(whole(lyrics)).mode == "minor"
    assert chosen_as_json([None, None]) == ""
    assert whole(lyrics, chosen_as_json([None])) == overall(lyrics)


@pytest.mark.parametrize(
    "text",
    ["{", "{}", "3", "[3]", "[[1]]", "[[2, 0]]", '[["a", 0]]', "[[true, 0]]", "[[NaN, 0]]", "[" * 9999, "1" * 30_000],
)
def test_chosen_moods_that_are_none(text: str) -> None:
    with pytest.raises(RequestError):
        felt(read_lyrics("I am so sad"), text)
