"""Lyrics as short texts to compare."""

from __future__ import annotations

from core.lyrics import Lyrics


def hyphened(lyrics: Lyrics) -> str:
    """Syllables with hyphens, words with spaces."""
    return " ".join("-".join(syllable.text for syllable in word.syllables) for word in lyrics.words)


def stressed(lyrics: Lyrics) -> str:
    """The stress of every syllable, words with spaces."""
    return " ".join("".join(str(syllable.stress) for syllable in word.syllables) for word in lyrics.words)


def toned(lyrics: Lyrics) -> str:
    """Pinyin with the tones that are sung."""
    return " ".join(syllable.pinyin[:-1] + str(syllable.tone) for syllable in lyrics.syllables)
