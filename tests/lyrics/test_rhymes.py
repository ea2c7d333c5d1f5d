"""Rhymes and near-rhymes from the lexicons, the usual words first."""

from __future__ import annotations

import time

import pytest

from core.errors import RequestError
from core.lyrics import Word, read_lyrics
from core.lyrics.rhyme import body_of
from core.lyrics.rhymes import MAX_RHYMES, rhymes, warm


def last(text: str, language: str = "auto") -> Word:
    return read_lyrics(text, language).words[-1]


def perfect(text: str, limit: int = 40) -> list[str]:
    return [rhyme.word for rhyme in rhymes(last(text), limit) if rhyme.closeness == "perfect"]


@pytest.mark.parametrize(
    ("word", "some", "none"),
    [
        ("night", {"light", "right", "tonight"}, {"night", "nine", "like"}),
        ("love", {"above", "dove"}, {"move", "enough"}),
        ("station", {"nation", "education"}, {"person"}),
        ("fire", {"desire", "choir"}, {"higher"}),
        ("eternity", {"me", "free"}, {"eternity"}),
        ("Tomorrow", {"sorrow"}, {"row"}),
    ],
)
def test_english_rhymes(word: str, some: set[str], none: set[str]) -> None:
    found = set(perfect(word, MAX_RHYMES))
    assert some <= found
    assert not none & found


def test_near_rhymes_come_after_the_perfect_ones() -> None:
    found = rhymes(last("love"), MAX_RHYMES)
    kinds = [rhyme.closeness for rhyme in found]
    assert kinds == sorted(kinds, reverse=True)
    assert {"enough", "us"} <= {rhyme.word for rhyme in found if rhyme.closeness == "near"}
    assert len({rhyme.word for rhyme in found}) == len(found)


def test_the_usual_words_come_first() -> None:
    found = [rhyme for rhyme in rhymes(last("time"), 30) if rhyme.closeness == "perfect"]
    assert [rhyme.frequency for rhyme in found] == sorted((rhyme.frequency for rhyme in found), reverse=True)


@pytest.mark.parametrize(
    ("word", "some", "none"),
    [("月亮", {"地方", "想"}, {"月亮", "天"}), ("音樂", {"月", "世界"}, {"音乐"}), ("爱", {"来", "未来"}, {"爱", "飞"}),
     ("故事", {"是"}, {"你"})],
)
def test_chinese_rhymes(word: str, some: set[str], none: set[str]) -> None:
    found = set(perfect(word, MAX_RHYMES))
    assert some <= found
    assert not none & found


def test_the_reading_in_the_word_decides() -> None:
    assert {"上"} & set(perfect("银行"))
    assert not {"上"} & set(perfect("不行"))


def test_only_words_of_a_length() -> None:
    assert {rhyme.syllables for rhyme in rhymes(last("night"), 30, syllables=2)} == {2}


def test_words_without_a_sound_have_none() -> None:
    assert rhymes(last("Liebe", "de")) == ()


@pytest.mark.parametrize(
    ("pinyin", "body"), [("tian1", "an"), ("gui4", "ei"), ("liu2", "ou"), ("shi4", "-i"), ("li3", "i"), ("yue4", "ie")]
)
def test_bodies(pinyin: str, body: str) -> None:
    assert body_of(pinyin) == body


def test_answers_are_quick_once_the_index_is_there() -> None:
    word = last("night")
    warm("en")
    warm("zh")
    start = time.perf_counter()
    for _ in range(20):
        rhymes(word, 50)
    assert (time.perf_counter() - start) / 20 < 0.05


@pytest.mark.parametrize("limit", [0, -1, MAX_RHYMES + 1])
def test_limits(limit: int) -> None:
    with pytest.raises(RequestError):
        rhymes(last("night"), limit)
