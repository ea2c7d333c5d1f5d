"""Lines that are suggested have the syllables and the rhyme that were asked for, and are nobody's."""

from __future__ import annotations

import pytest

from core.engines.lstm.lines import heard
from core.engines.lstm.lines.writer import OLD, Writer, draw, write
from core.errors import GenerationError
from core.lyrics import read_lyrics
from core.lyrics.suggest import wish

WORDS = "The morning sun is on the hill\nThe village and the fields are still\nA little bird begins to sing"


@pytest.mark.parametrize("syllables", [2, 5, 8, 11, 20])
def test_every_draft_has_its_syllables(english: Writer, syllables: int) -> None:
    asked = wish(read_lyrics(WORDS), syllables)
    drafts = draw(english, asked, 1)
    counts = dict(zip(english.units.texts, english.units.syllables, strict=True))
    assert {sum(counts[word] for word in line) for line, _ in drafts} == {syllables}


def test_lines_rhyme_and_equal_seeds_give_equal_lines(english: Writer) -> None:
    asked = wish(read_lyrics(WORDS))
    assert asked.key
    found = write(english, asked, 3, 7)
    assert found == write(english, asked, 3, 7)
    assert found != write(english, asked, 3, 8)
    assert all(line.rhymes and line.syllables == 8 for line in found)
    assert all(line.text.split()[-1].casefold() in ("spring", "bring", "ring") for line in found)
    assert all(line.text[0].isupper() for line in found)


def test_lines_after_lines_in_lower_case_are_in_lower_case_but_for_names(english: Writer) -> None:
    found = write(english, wish(read_lyrics(WORDS.lower()), 8, None), 5, 3)
    assert all(line.text[0].islower() or line.text.startswith(("I ", "God")) for line in found)
    assert all("god" not in line.text.split() and "i" not in line.text.split() for line in found)


def test_old_words_are_for_who_writes_them(english: Writer) -> None:
    lines = [word for line, _ in draw(english, wish(read_lyrics(WORDS), 12, None), 1) for word in line]
    assert not OLD & set(lines)
    asked = wish(read_lyrics("Thou art the light of all the day"), 12, None)
    assert {"thou", "art"} & {word for line, _ in draw(english, asked, 1) for word in line}


def test_no_line_is_a_copy(english: Writer) -> None:
    taken = [line for line, _ in draw(english, wish(read_lyrics(WORDS)), 5)]
    knows_them = Writer(english.net, english.units, heard.remember(taken))
    with pytest.raises(GenerationError):
        write(knows_them, wish(read_lyrics(WORDS)), 5, 5)


def test_chinese_lines_rhyme_in_the_characters_of_the_text(chinese: Writer) -> None:
    asked = wish(read_lyrics("月光照在小窗前\n我想起遠方的河岸"), 7, 0)
    found = write(chinese, asked, 3, 2)
    assert all(line.rhymes and line.syllables == 7 and len(line.text) == 7 for line in found)
    assert not any("远" in line.text or "风" in line.text for line in found)  # 遠, 風


def test_tones_lean_on_what_is_drawn(chinese: Writer) -> None:
    asked = wish(read_lyrics("月光照在小窗前"), 7, None)
    tones = zip(chinese.units.texts, chinese.units.tones, strict=True)
    level = {text: tone < 3 for text, tone in tones if tone in (1, 2, 3, 4)}

    def share(*, steer: bool) -> float:
        pairs = [(level.get(line[a]), level.get(line[b])) for line, _ in draw(chinese, asked, 1, steer=steer)
                 for a, b in ((1, 3), (3, 5))]
        known = [one != other for one, other in pairs if one is not None and other is not None]
        return sum(known) / len(known)

    assert share(steer=True) > share(steer=False) + 0.1


def test_a_rhyme_that_no_word_has_is_left_out(english: Writer) -> None:
    found = write(english, wish(read_lyrics("An orange\nI sing of spring"), 5, 0), 3, 1)
    assert not any(line.rhymes for line in found)
