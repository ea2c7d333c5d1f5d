from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.sentiment import MAX_CHARACTERS, NEUTRAL, comment_weight, feeling
from tests.analysis.comments import CHINESE, ENGLISH


def sign(text: str) -> int:
    found = feeling(text)
    return 0 if found.is_neutral else 1 if found.valence > 0 else -1


@pytest.mark.parametrize(("comments", "least"), [(ENGLISH, 0.9), (CHINESE, 0.9)], ids=["en", "zh"])
def test_the_sign_of_comments_is_found(comments: tuple[tuple[str, int], ...], least: float) -> None:
    wrong = [(text, truth, sign(text)) for text, truth in comments if sign(text) != truth]
    assert 1 - len(wrong) / len(comments) >= least, wrong


@pytest.mark.parametrize(
    ("plain", "negated"),
    [("I like it", "I don't like it"), ("This is good", "This is not good"), ("好听", "不好听"), ("我喜欢这首", "我不喜欢这首"),
     ("精彩", "算不上精彩"), ("感动", "没有感动")],
)
def test_negation_turns(plain: str, negated: str) -> None:
    assert feeling(plain).valence > 0.05 > -0.05 > feeling(negated).valence


@pytest.mark.parametrize(("bad", "negated"), [("boring", "not boring"), ("无聊", "一点也不无聊"), ("难听", "不难听")])
def test_negated_blame_is_mild_praise(bad: str, negated: str) -> None:
    assert 0 < feeling(negated).valence < -feeling(bad).valence


@pytest.mark.parametrize("text", ["非常好听", "没想到这么好听", "不仅好听", "特别好听", "不愧是好听的曲子"])
def test_words_that_only_look_like_negation(text: str) -> None:
    assert feeling(text).valence >= feeling("好听").valence


def test_strength_and_turn_in_chinese() -> None:
    assert feeling("有点好听").valence < feeling("好听").valence < feeling("非常好听").valence
    assert feeling("旋律很美,但是太吵").valence < 0 < feeling("虽然吵,但是旋律非常美").valence


@pytest.mark.parametrize(
    ("excited", "calm"),
    [("thrilling and wild", "soothing and gentle"), ("an explosive dance", "a peaceful lullaby"),
     ("欢快热烈,令人振奋", "宁静舒缓,月光一样"), ("吵闹混乱", "忧伤寂寞"), ("not calm", "calm")],
)
def test_arousal(excited: str, calm: str) -> None:
    assert feeling(excited).arousal > 0.5 > feeling(calm).arousal


def test_both_languages_in_one_text() -> None:
    assert feeling("这首曲子 amazing,非常喜欢").valence > 0.5
    assert feeling("reel 难听").valence < 0
    assert feeling("这是 a great tune").valence > 0
    assert abs(feeling("难听 but lovely").valence) < abs(feeling("难听").valence)


def test_sad_and_calm_is_no_blame() -> None:
    assert comment_weight("mournful and lonely") > feeling("mournful and lonely").valence
    assert comment_weight("awful noise, terrible") == feeling("awful noise, terrible").valence
    assert comment_weight("太好听了") == feeling("太好听了").valence


@pytest.mark.parametrize("text", ["", "   ", "12345", "…", "Ωμέγα", "\x00\x01", "今天星期二"])
def test_nothing_said_is_neutral(text: str) -> None:
    assert feeling(text) == NEUTRAL


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_stays_in_range(text: str) -> None:
    found = feeling(text)
    assert -1 <= found.valence <= 1
    assert 0 <= found.arousal <= 1
    assert -1 <= comment_weight(text) <= 1


def test_endless_texts_are_cut() -> None:
    assert feeling("好听," * MAX_CHARACTERS + "难听") == feeling("好听," * MAX_CHARACTERS)
