"""Chinese syllables: words, readings in words, tones as they are sung."""

from __future__ import annotations

import pytest

from core.lyrics import read_lyrics
from core.lyrics.chinese import read_words, simplified
from tests.lyrics.shown import toned


@pytest.mark.parametrize(
    ("text", "sung"),
    [
        ("银行行长", "yin2 hang2 hang2 zhang3"),
        ("快乐的音乐", "kuai4 le4 de5 yin1 yue4"),
        ("長大，重慶", "zhang3 da4 chong2 qing4"),
        ("快樂的音樂", "kuai4 le4 de5 yin1 yue4"),
        ("还是还给你", "hai2 shi4 huan2 gei2 ni3"),
        ("睡觉 觉得", "shui4 jiao4 jue2 de5"),
    ],
)
def test_readings_in_words(text: str, sung: str) -> None:
    assert toned(read_lyrics(text)) == sung


@pytest.mark.parametrize(
    ("text", "sung"),
    [
        ("不是不好", "bu2 shi4 bu4 hao3"),
        ("一天，一年，一起，一样", "yi4 tian1 yi4 nian2 yi4 qi3 yi2 yang4"),
        ("第一，十一", "di4 yi1 shi2 yi1"),
        ("看一看 好不好", "kan4 yi5 kan4 hao3 bu5 hao3"),
        ("你好，我", "ni2 hao3 wo3"),
        ("我。你", "wo3 ni3"),
    ],
)
def test_tones_change_as_in_speech(text: str, sung: str) -> None:
    assert toned(read_lyrics(text)) == sung


def test_the_dictionary_reading_stays_beside_the_sung_tone() -> None:
    first = read_lyrics("不要").syllables[0]
    assert (first.pinyin, first.tone, first.stress) == ("bu4", 2, None)


def test_words_are_cut_alike_in_both_scripts() -> None:
    assert [word.text for word in read_lyrics("我來到北京清華大學").words] == ["我", "來到", "北京", "清華大學"]
    assert [word.simplified for word in read_words("我來到北京清華大學")] == ["我", "来到", "北京", "清华大学"]


def test_particles_only_serve() -> None:
    words = {word.text: word.is_function for word in read_lyrics("他的月亮睡著了").words}
    assert words["的"]
    assert not words["月亮"]


def test_a_character_without_a_reading_is_a_guess() -> None:
    word = read_lyrics("𪚥").words[0]
    assert word.syllables[0].tone in (2, 4, 5)
    assert simplified("髮") == "发"
