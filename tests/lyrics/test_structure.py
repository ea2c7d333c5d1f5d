"""Rhymes, repeated lines, choruses, twins."""

from __future__ import annotations

import pytest

from core.lyrics import read_lyrics
from core.lyrics.rhyme import final_of, rhyme_key, track_of
from core.lyrics.structure import misfits, scheme, twins

CHORUS = "Row, row, row your boat\nGently down the stream\n"


def schemes(text: str) -> list[str]:
    return [scheme(section) for section in read_lyrics(text).sections]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("how sweet the sound\na wretch like me\nbut now am found\nbut now I see", "ABAB"),
        ("the nation\na station\nthe sea\neternity", "AABB"),
        ("my love\nmy hand", "--"),
        ("床前明月光\n疑是地上霜\n举头望明月\n低头思故乡", "AA-A"),
        ("千山鸟飞绝\n万径人踪灭", "AA"),
        ("Der Mond ist aufgegangen\ndie goldnen Sternlein prangen\nam Himmel", "AA-"),
    ],
)
def test_rhymes(text: str, wanted: str) -> None:
    assert schemes(text) == [wanted]


@pytest.mark.parametrize(
    ("pinyin", "final"),
    [("zhang3", "ang"), ("yuan2", "üan"), ("jun1", "ün"), ("lü4", "ü"), ("you3", "iu"), ("wang4", "ang"), ("er4", "er"),
     ("an1", "an"), ("ye4", "ie")],
)
def test_finals(pinyin: str, final: str) -> None:
    assert final_of(pinyin) == final
    assert track_of(pinyin)


def test_a_chorus_is_found_by_its_return() -> None:
    lyrics = read_lyrics(f"One morning in May\nI went away\n\n{CHORUS}\nOne evening in June\nI whistled a tune\n\n{CHORUS}")
    assert [section.kind for section in lyrics.sections] == ["verse", "chorus", "verse", "chorus"]
    assert [section.repeats for section in lyrics.sections] == [None, None, None, 1]
    assert all(section.is_guess for section in lyrics.sections)
    assert [line.repeats for line in lyrics.lines] == [None] * 6 + [2, 3]


def test_a_line_with_a_word_changed_still_repeats() -> None:
    english = "I will love you till the morning\nsome other line here\nI will love you till the evening"
    lines = read_lyrics(f"{english}\n我在等你回来啊\n我在等他回来啊").lines
    assert [line.repeats for line in lines] == [None, None, 0, None, 3]


def test_short_lines_repeat_only_when_equal() -> None:
    assert [line.repeats for line in read_lyrics("la la\nla lo\nla la").lines] == [None, None, 0]


def test_twins_and_misfits() -> None:
    text = """The sun is in the sky today
And all the birds are singing

The moon is on the sea tonight
And everybody is dancing and ringing"""
    lyrics = read_lyrics(text)
    found = twins(lyrics)
    assert [(twin.line, twin.other) for twin in found] == [(2, 0), (3, 1)]
    assert [(twin.syllables, twin.other_syllables) for twin in found] == [(8, 8), (11, 7)]
    assert [twin.line for twin in misfits(lyrics)] == [3]


def test_equal_counts_with_clashing_stress_do_not_fit() -> None:
    lyrics = read_lyrics("mother father sister\nwe go\n\nbelieve forget return\nwe stay")
    assert [twin.line for twin in misfits(lyrics)] == [2]


def test_verses_of_different_length_share_headings_or_nothing() -> None:
    assert twins(read_lyrics("one day\ntwo days\n\nthree days")) == ()
    found = twins(read_lyrics("[Verse 1]\none day\n[Verse 2]\nthree days\nfour days"))
    assert [(twin.other, twin.fits) for twin in found] == [(0, True), (None, False)]


def test_the_key_of_a_guess_is_its_sound() -> None:
    assert rhyme_key(read_lyrics("love").words[0]) == "ʌ v"
    assert rhyme_key(read_lyrics("Liebe", "de").words[0]).startswith("~")


def test_twins_where_only_one_verse_has_a_heading() -> None:
    found = twins(read_lyrics("[Verse]\none day\ntwo days\n\nthree days\nfour days"))
    assert [(twin.line, twin.other) for twin in found] == [(2, 0), (3, 1)]
    found = twins(read_lyrics("one day\ntwo days\n\n[Verse 2]\nthree days\nfour days"))
    assert [(twin.line, twin.other) for twin in found] == [(2, 0), (3, 1)]
    assert twins(read_lyrics("[Verse]\none day\ntwo days\n\nthree days")) == ()
