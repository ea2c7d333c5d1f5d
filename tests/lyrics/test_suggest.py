"""What a next line should be like, and where it goes."""

from __future__ import annotations

import pytest

from core.errors import LimitError, RequestError
from core.lyrics import read_lyrics
from core.lyrics.suggest import Wish, inserted, places, told, up_to, wish

COUPLETS = "The morning sun is on the hill\nThe village and the fields are still\nA little bird begins to sing"


def test_a_couplet_is_closed_by_a_line_of_its_length_that_rhymes() -> None:
    asked = wish(read_lyrics(COUPLETS))
    assert (asked.language, asked.syllables) == ("en", 8)
    assert asked.rhyme is not None
    assert asked.rhyme.words[-1].text == "sing"


@pytest.mark.parametrize(
    ("text", "end"),
    [("the day is new\nmy love is here", "new"), ("the day is new\nmy love is here\nthe sky is blue", "here"),
     ("the day is new\nthe sky is blue", None), ("the day is new", "new")],
)  # fmt: skip
def test_rhymes_go_on_as_they_began(text: str, end: str | None) -> None:
    partner = wish(read_lyrics(text)).rhyme
    assert (partner.words[-1].text if partner else None) == end


def test_a_second_verse_follows_the_first() -> None:
    text = "[Verse]\nthe day is new\nmy love is very far from here\n\n[Verse]\nI sing to you"
    asked = wish(read_lyrics(text))
    assert asked.syllables == 8
    assert asked.model is not None
    assert asked.model.number == 1
    assert asked.rhyme is None  # there is none in the first verse either


def test_what_is_asked_for_counts() -> None:
    asked = wish(read_lyrics(COUPLETS), 5, 0)
    assert asked.syllables == 5
    assert asked.rhyme is not None
    assert asked.rhyme.number == 0
    assert wish(read_lyrics(COUPLETS), rhyme=None).key == ""


def test_chinese_lines_are_asked_for_in_their_own_characters() -> None:
    asked = wish(read_lyrics("月光照在小窗前\n我想起遠方的春天"))
    assert (asked.language, asked.syllables, asked.traditional) == ("zh", 7, True)
    assert not wish(read_lyrics("月光照在小窗前")).traditional


def test_what_cannot_be_asked_for() -> None:
    lyrics = read_lyrics(COUPLETS)
    for count in (1, 21):
        with pytest.raises(LimitError):
            wish(lyrics, count)
    for line in (-1, 3):
        with pytest.raises(RequestError):
            wish(lyrics, rhyme=line)
    with pytest.raises(RequestError, match="English and Chinese"):
        wish(read_lyrics("Der Mond ist aufgegangen", "de"))


def test_places_are_lines_that_are_sung() -> None:
    text = "[Verse]\none day\n\n🙂\n[Chorus]\ntwo days"
    assert places(text) == (1, 5)
    assert places("") == places("\n🙂\n[Verse]") == ()
    assert up_to(text, 1) == "[Verse]\none day"
    assert inserted(text, 1, "new") == "[Verse]\none day\nnew\n\n🙂\n[Chorus]\ntwo days"
    assert inserted("one day", 0, "new") == "one day\nnew"


def test_lines_are_read_as_the_page_reads_them() -> None:
    asked: Wish = wish(read_lyrics(COUPLETS))
    found = told(["And every heart is full of spring", "A bird", "", "two\nlines", "שלום", "月亮", "x" * 99], asked)
    assert [(line.text, line.syllables, line.rhymes) for line, _ in found] == [
        ("And every heart is full of spring", 8, True), ("A bird", 2, False)]
    assert all(0 <= agrees <= 1 for _, agrees in found)
