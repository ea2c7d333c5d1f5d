"""English syllables: where the spelling parts, and which are stressed."""

from __future__ import annotations

import pytest

from core.lyrics import read_lyrics
from tests.lyrics.shown import hyphened, stressed


@pytest.mark.parametrize(
    ("text", "parts", "stress"),
    [
        ("beautiful", "beau-ti-ful", "100"),
        ("heaven", "heav-en", "10"),
        ("little happy people", "lit-tle hap-py peo-ple", "10 10 10"),
        ("unknown", "un-known", "01"),
        ("everlasting", "ev-er-last-ing", "2010"),
        ("believe tomorrow", "be-lieve to-mor-row", "01 010"),
        ("walked wanted wishes", "walked want-ed wish-es", "1 10 10"),
        ("being quiet science", "be-ing qui-et sci-ence", "10 10 10"),
        ("fire hour choir flower", "fire hour choir flow-er", "1 1 1 10"),
        ("Jesus' café", "Je-sus' ca-fé", "10 01"),
        ("around dwelling", "a-round dwell-ing", "01 10"),
    ],
)
def test_words_of_the_lexicon(text: str, parts: str, stress: str) -> None:
    lyrics = read_lyrics(text, "en")
    assert hyphened(lyrics) == parts
    assert stressed(lyrics) == stress
    assert not any(word.is_guess for word in lyrics.words)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("o'er heav'n ev'ry pow'r", "o'er heav'n ev'-ry pow'r"),
        ("wand'ring singin' 'twas", "wan-d'ring sin-gin' 'twas"),
        ("don't I'm world's they’re", "don't I'm world's they’re"),
        ("'tis th'eternal", "'tis th'e-ter-nal"),
        ("'hello' 'love'", "hel-lo love"),
    ],
)
def test_apostrophes(text: str, parts: str) -> None:
    assert hyphened(read_lyrics(text)) == parts


@pytest.mark.parametrize(
    ("word", "parts", "stress"),
    [("maketh", "ma-keth", "10"), ("unwearied", "un-wea-ried", "010"), ("loneliness", "lone-li-ness", "100"),
     ("noonday", "noon-day", "12"), ("sittest", "sit-test", "10"), ("assureth", "as-su-reth", "010"),
     ("dreamless", "dream-less", "10"), ("trembleth", "trem-bleth", "10")],
)
def test_words_made_of_others_keep_their_stress(word: str, parts: str, stress: str) -> None:
    lyrics = read_lyrics(word)
    assert (hyphened(lyrics), stressed(lyrics)) == (parts, stress)


def test_small_words_are_light_and_known_as_such() -> None:
    lyrics = read_lyrics("The love of a lifetime is there")
    assert stressed(lyrics) == "0 1 0 0 12 0 0"
    assert [word.is_function for word in lyrics.words] == [True, False, True, True, False, True, True]


def test_the_part_of_speech_chooses_the_reading() -> None:
    verb, noun = read_lyrics("We record the song\nThis is a record").lines
    assert [syllable.stress for syllable in verb.words[1].syllables] == [0, 1]
    assert [syllable.stress for syllable in noun.words[3].syllables] == [1, 0]


def test_a_word_that_no_dictionary_has_is_a_guess_with_stress() -> None:
    word = read_lyrics("Bartimaeus").words[0]
    assert word.is_guess
    assert len(word.syllables) >= 3
    assert 1 in [syllable.stress for syllable in word.syllables]


def test_phonemes_are_kept_for_rhymes() -> None:
    word = read_lyrics("station").words[0]
    assert [syllable.phones for syllable in word.syllables] == [("s", "t", "eɪ"), ("ʃ", "ə", "n")]
