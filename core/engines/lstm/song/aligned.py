"""From a score with words under its notes to a `Sung`: the text is put together again and read as any lyrics are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.engines.lstm.leadsheet import TICKS_PER_UNIT, encode, single_metre_span
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, Sung, from_sheet
from core.engines.lstm.song.words import Ints, read_words
from core.errors import FormatError
from core.lyrics import Lyrics, read_lyrics
from core.lyrics.corrections import Correction, Corrections
from core.score import Score, Track

NEAR = 3
"""Units by which a syllable may stand beside its note."""
LONGEST_MELISMA = 12
BREATH, LONG = 12, 48
"""Units: of a rest that parts lines, of a note after which one may."""
SHORT_LINE, LONG_LINE = 3, 14
"""Syllables: a line has more than the one, and is parted at the next rest after the other."""
_LETTERS = re.compile(r"[^\W\d_]")
_SIGNS = re.compile(r"^[^\w'’]+|[^\w'’]+$")
_STOPS = re.compile(r"[.,;:!?…—–-]['\"”’)\]]*$")


@dataclass(frozen=True)
class Aligned:
    """A song with words: what is sung, and the notes that sing it."""

    lyrics: Lyrics
    sung: Sung


@dataclass(frozen=True)
class _Word:
    parts: tuple[str, ...]
    text: str
    """With its punctuation."""
    first: int
    """Number of its first syllable."""


def align(score: Score, language: str = "auto") -> Aligned:
    """A score's sung part with its words.

    Raises:
        FormatError: no words, or words and notes do not fit.
        RequestError: the words are in no language that can be read.
    """
    track = max(score.tracks, key=lambda part: len(part.lyrics))
    start, end, _ = single_metre_span(score)
    found = sorted((lyric for lyric in track.lyrics if start <= lyric.tick < end and _LETTERS.search(lyric.text)),
                   key=lambda lyric: lyric.tick)
    if not found:
        raise FormatError("A part with words is needed", "there is none")
    sung, begins = from_sheet(encode(score, keep_empty_bars=True, track=_only(track, found[0].tick)))
    ticks = np.array([round((lyric.tick - start) / TICKS_PER_UNIT) for lyric in found])
    nearest = np.abs(begins[:, None] - ticks).argmin(0)
    if np.abs(begins[nearest] - ticks).max() > NEAR or len(set(nearest.tolist())) < len(nearest):
        raise FormatError("Every syllable needs a note", "some stand beside the notes")
    carries = np.searchsorted(nearest, np.arange(len(begins)), side="right") - 1
    if carries[0] < 0 or np.bincount(carries).max() > LONGEST_MELISMA:
        raise FormatError("Every note needs a syllable", "some have none")
    words = _words([(lyric.text, lyric.syllabic) for lyric in found])
    lyrics = _read(words, sung, carries, language)
    return Aligned(lyrics, sung.with_words(read_words(lyrics), carries))


def _only(track: Track, first: int) -> Track:
    """The part from where it begins to sing."""
    return Track(tuple(note for note in track.notes if note.start >= first), program=track.program)


def _words(syllables: list[tuple[str, str]]) -> list[_Word]:
    words: list[_Word] = []
    open_: list[str] = []
    first = 0
    for at, (text, syllabic) in enumerate(syllables):
        if syllabic in ("single", "begin") and open_:
            words.append(_word(open_, first))
            open_ = []
        if not open_:
            first = at
        # Two words on one note (elision) are one.
        open_.append("’".join(text.split()).strip("-_"))
        if syllabic in ("single", "end"):
            words.append(_word(open_, first))
            open_ = []
    if open_:
        words.append(_word(open_, first))
    return words


def _word(texts: list[str], first: int) -> _Word:
    return _Word(tuple(_SIGNS.sub("", text) for text in texts), "".join(texts), first)


def _read(words: list[_Word], sung: Sung, carries: Ints, language: str) -> Lyrics:
    """The text read again, with the syllables that the notes have."""
    breaks = _breaks(words, sung, carries)
    text = "".join(word.text + ("\n" if gone else " ") for word, gone in zip(words, breaks, strict=True))
    lyrics = read_lyrics(text, language)
    if len(lyrics.words) != len(words):
        raise FormatError("The words under the notes are needed one by one", "they read otherwise as a text")
    corrections, seen = Corrections(), Counter[str]()
    for given, read in zip(words, lyrics.words, strict=True):
        form = read.text.casefold()
        seen[form] += 1
        if len(read.syllables) != len(given.parts):
            if "".join(given.parts).casefold() != form:
                raise FormatError("The words under the notes are needed one by one", "they read otherwise as a text")
            corrections = corrections.with_(read.text, Correction(given.parts), seen[form])
    return read_lyrics(text, language, corrections) if corrections.words else lyrics


def _breaks(words: list[_Word], sung: Sung, carries: Ints) -> list[bool]:
    """Whether a line ends after each word: where punctuation, a capital letter, a rest or a long note say so."""
    first_notes = np.searchsorted(carries, [word.first for word in words])
    found, line = [], 0
    for at, word in enumerate(words[:-1]):
        line += len(word.parts)
        following, note = words[at + 1], int(first_notes[at + 1])
        rests = GAP_UNITS[sung.gaps[note]] >= BREATH
        waits = rests or DURATION_UNITS[sung.durations[note - 1]] >= LONG
        capital, stop = following.text[:1].isupper(), bool(_STOPS.search(word.text))
        ends = (stop and (rests or capital)) or (capital and waits) or (line >= LONG_LINE and (stop or rests))
        found.append(ends and line > SHORT_LINE)
        line = 0 if found[-1] else line
    return [*found, True]
