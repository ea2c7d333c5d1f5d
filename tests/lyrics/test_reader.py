"""A text to lyrics: sections, breaths, questions, languages, numbers, limits and what is refused."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from core.errors import FormatError, LimitError, RequestError, SongloomError
from core.lyrics import Breath, read_lyrics
from core.lyrics.reader import MAX_CHARACTERS, MAX_LINES
from tests.lyrics.shown import hyphened, toned

SONG = """[Verse 1]
Amazing grace! how sweet the sound,
That saved a wretch like me!

(Chorus)
Sing to the morning light
Sing to the dawn

[Verse 2]
'Twas grace that taught my heart to fear,
And grace my fears relieved;

[Chorus]

[Bridge]
And where are you now?
"""


def test_headings_name_sections_and_a_bare_one_brings_the_chorus_again() -> None:
    lyrics = read_lyrics(SONG)
    assert [section.kind for section in lyrics.sections] == ["verse", "chorus", "verse", "chorus", "bridge"]
    assert [section.repeats for section in lyrics.sections] == [None, None, None, 1, None]
    assert lyrics.sections[3].lines[0].text == "Sing to the morning light"
    assert [line.number for line in lyrics.lines] == list(range(9))
    assert [section.heading for section in lyrics.sections][:2] == ["[Verse 1]", "(Chorus)"]


@pytest.mark.parametrize("heading", ["[Chorus]", "[副歌]", "【副歌】", "副歌：", "（副歌）", "Chorus:", "[CHORUS 2]", "Refrain"])
def test_headings_in_both_languages(heading: str) -> None:
    lyrics = read_lyrics(f"月光照在窗前\n{heading}\n我在等你")
    if heading == "Refrain":  # without brackets or a colon it is sung
        assert len(lyrics.sections) == 1
    else:
        assert [(section.kind, section.heading) for section in lyrics.sections] == [("verse", ""), ("chorus", heading)]


def test_a_line_in_round_brackets_is_sung() -> None:
    assert len(read_lyrics("I love you\n(yes I do)").lines) == 2


def test_blank_lines_and_lines_without_letters_part_sections() -> None:
    lyrics = read_lyrics("one day\n\n\ntwo days\n* * *\nthree days")
    assert [len(section.lines) for section in lyrics.sections] == [1, 1, 1]


def test_breaths_at_marks_and_ends() -> None:
    first, second = read_lyrics("Well-known, dear. So sweet\nthe sound!").lines
    assert [syllable.breath for syllable in first.syllables] == [
        Breath.NONE, Breath.COMMA, Breath.STOP, Breath.NONE, Breath.LINE,
    ]  # fmt: skip
    assert [syllable.breath for syllable in second.syllables] == [Breath.NONE, Breath.SECTION]
    assert [syllable.closes for syllable in first.syllables] == [False, False, True, False, False]
    assert [syllable.closes for syllable in second.syllables] == [False, True]


def test_breaths_in_chinese_at_full_width_marks_and_spaces() -> None:
    line = read_lyrics("明月，清风 故乡。远方").lines[0]
    assert [syllable.breath.name for syllable in line.syllables if syllable.breath] == ["COMMA", "COMMA", "STOP", "SECTION"]
    assert [bool(syllable.breath) for syllable in line.syllables] == [False, True] * 4


@pytest.mark.parametrize(
    ("line", "asks"),
    [("Will you come? I wait.", "11100"), ("你好吗", "111"), ("你去哪里？我等你。", "1111000"), ("I wait", "00")],
)
def test_questions(line: str, asks: str) -> None:
    assert "".join(str(int(syllable.question)) for syllable in read_lyrics(line).syllables) == asks


def test_english_and_chinese_in_one_line() -> None:
    line = read_lyrics("baby 我爱你 forever").lines[0]
    assert line.words[0].language == "en"
    assert {word.language for word in line.words} == {"en", "zh"}
    assert [syllable.tone for syllable in line.syllables] == [None, None, 3, 4, 3, None, None, None]
    assert line.text == "baby 我爱你 forever"


@pytest.mark.parametrize(
    ("text", "sung"),
    [
        ("I was born in 1984", "I was born in nine-teen eigh-ty four"),
        ("the 21st of May", "the twen-ty first of May"),
        ("3.5 miles", "three point five miles"),
        ("1,000 kisses", "one thou-sand kiss-es"),
        ("007 calls", "ze-ro ze-ro sev-en calls"),
        ("you & me", "you and me"),
    ],
)
def test_numbers_and_signs_are_sung_in_english(text: str, sung: str) -> None:
    lyrics = read_lyrics(text)
    assert hyphened(lyrics) == sung
    assert lyrics.lines[0].text == text


@pytest.mark.parametrize(
    ("text", "sung"),
    [("2008年的夏天", "二零零八年的夏天"), ("我有12345个梦", "我有一万二千三百四十五个梦"), ("10年", "十年"), ("你&我", "你和我"),
     ("还有10000005天", "还有一千万零五天"), ("３只羊", "三只羊")],
)
def test_numbers_are_sung_in_chinese(text: str, sung: str) -> None:
    lyrics = read_lyrics(text)
    assert "".join(word.text for word in lyrics.words) == sung
    assert lyrics.lines[0].text == text


def test_other_languages_are_told_and_hyphenated_and_said_to_be_a_guess() -> None:
    lyrics = read_lyrics("Der Mond ist aufgegangen\nund die Sterne sind so klar")
    assert lyrics.languages == ("de",)
    assert hyphened(lyrics) == "Der Mond ist auf-ge-gan-gen und die Ster-ne sind so klar"
    assert all(word.is_guess for word in lyrics.words)
    french = read_lyrics("Au clair de la lune, mon ami Pierrot")
    assert french.languages == ("fr",)


def test_a_chosen_language_holds_for_latin_letters() -> None:
    assert read_lyrics("Gloria", "it").languages == ("it",)
    assert read_lyrics("Gloria").languages == ("en",)
    assert read_lyrics("我 love you", "zh").languages == ("en", "zh")


@pytest.mark.parametrize(
    ("text", "language", "error", "said"),
    [
        ("", "auto", FormatError, "no letter"),
        (" \n\t\n", "auto", FormatError, "no letter"),
        ("!!! ... ???", "auto", FormatError, "no letter"),
        ("❤️🎵🎶", "auto", FormatError, "no letter"),
        ("[Verse]\n\n[Chorus]", "auto", FormatError, "no letter"),
        ("Привет, мир", "auto", FormatError, "Cyrillic"),
        ("שלום עולם", "auto", FormatError, "Hebrew"),
        ("مرحبا", "auto", FormatError, "Arabic"),
        ("नमस्ते", "auto", FormatError, "Devanagari"),
        ("さくら", "auto", FormatError, "Hiragana"),
        ("사랑", "auto", FormatError, "Hangul"),
        ("αγάπη", "auto", FormatError, "Greek"),
        ("a" * 500, "auto", LimitError, "60 letters"),
        ("9" * 500, "auto", LimitError, "60 letters"),
        ("la la\n" * (MAX_LINES + 1), "auto", LimitError, f"{MAX_LINES} lines"),
        ("la\n" * 20_000, "auto", LimitError, "characters"),
        ("love " * (MAX_CHARACTERS // 5 + 1), "auto", LimitError, "characters"),
        ("hello world", "zh", RequestError, "no Chinese"),
        ("月亮", "en", RequestError, "Chinese"),
        ("hello", "klingon", RequestError, "klingon"),
    ],
)
def test_what_cannot_be_sung_is_refused_with_a_reason(text: str, language: str, error: type[SongloomError], said: str) -> None:
    with pytest.raises(error, match=said):
        read_lyrics(text, language)


def test_html_is_text() -> None:
    lyrics = read_lyrics("<script>alert('hi')</script>\n<b>love</b>")
    assert lyrics.lines[0].text == "<script>alert('hi')</script>"
    assert [word.text for word in lyrics.lines[0].words] == ["script", "alert", "hi", "script"]


def test_unseen_characters_are_dropped() -> None:
    assert read_lyrics("lo\x00ve\u200b \u202eyou\ufeff").lines[0].text == "love you"


def test_stamps_of_lrc_files_are_not_sung() -> None:
    assert hyphened(read_lyrics("[00:12.34]Hello there\n[00:15.00] my friend")) == "Hel-lo there my friend"


def test_the_largest_text_is_read_quickly() -> None:
    words = ["love", "morning", "我爱你", "wandering", "quixotically", "月亮"]
    text = "\n".join(" ".join(words[(i + j) % 6] for j in range(4)) + "," for i in range(MAX_LINES))
    read_lyrics("warm 起来")
    start = time.perf_counter()
    assert len(read_lyrics(text).lines) == MAX_LINES
    assert time.perf_counter() - start < 10


def test_equal_texts_give_equal_lyrics() -> None:
    assert read_lyrics(SONG) == read_lyrics(SONG)


def test_dictionaries_are_loaded_when_they_are_needed() -> None:
    names = ("jieba", "pypinyin", "gruut", "gruut_lang_en", "pyphen", "opencc", "num2words", "wordfreq")
    code = f"import sys, core.lyrics, core.lyrics.structure; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_places_say_where_a_syllable_stands() -> None:
    places = read_lyrics("Beautiful dreamer\n\nwake unto me").places
    assert [place.syllabic for place in places] == ["begin", "middle", "end", "begin", "end", "single", "begin", "end", "single"]
    assert [(place.at, place.of) for place in places][:5] == [(n, 5) for n in range(5)]
    assert [place.section for place in places] == [0] * 5 + [1] * 4
    assert [place.is_line_end for place in places] == [False] * 4 + [True] + [False] * 3 + [True]
    assert [place.is_function for place in places][-4:] == [False, True, True, True]


def test_tones_of_a_line() -> None:
    assert toned(read_lyrics("你好，我一起去银行")) == "ni2 hao3 wo3 yi4 qi3 qu4 yin2 hang2"
