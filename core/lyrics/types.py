"""The words of a song, immutable: `Lyrics` → `Section` → `Line` → `Word` → `Syllable`.

Nothing of a text is lost: a line's text is what stands before its words, the words as they were written,
and its tail; the syllables of a word, joined, are the word as it is sung.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from core.errors import RequestError

SectionKind = Literal["verse", "chorus", "prechorus", "bridge", "intro", "outro", "other"]
"""What a section is for. A text without headings has verses and what is found to be a chorus."""

NO_STRESS, PRIMARY, SECONDARY = 0, 1, 2
"""Values of `Syllable.stress`, as in CMUdict."""

ENGLISH_VOWELS = frozenset(("ə", "ɚ", "ɪ", "i", "ɛ", "æ", "ɑ", "ɔ", "ʌ", "u", "ʊ", "oʊ", "eɪ", "aɪ", "aʊ", "ɔɪ"))
"""The vowels among `Syllable.phones`."""

TONES = (1, 2, 3, 4, 5)
"""Values of `Syllable.tone`: the four tones of Mandarin and 5, the neutral one."""


class Breath(IntEnum):
    """What may be breathed after a syllable; the larger, the longer."""

    NONE = 0
    COMMA = 1
    STOP = 2
    LINE = 3
    SECTION = 4


@dataclass(frozen=True, slots=True)
class Syllable:
    """What one or more notes carry.

    Attributes:
        text: as it is written under a note, such as `beau` or `长`; never empty.
        stress: 0 none, 1 primary, 2 secondary; None for Chinese. Words of one syllable that only serve
            (the, of, and) have 0.
        tone: Mandarin tone 1 to 5 as it is sung, after tone sandhi; None for other languages.
        pinyin: the reading in the dictionary with its tone, `zhang3`; "" for other languages and for a
            character without a reading.
        phones: English phonemes in IPA without stress marks, onset, vowel and coda; () for other languages.
        breath: what may be breathed after it.
        closes: whether a full stop, a question mark or an exclamation mark comes after it.
        question: whether its clause asks.
    """

    text: str
    stress: int | None = None
    tone: int | None = None
    pinyin: str = ""
    phones: tuple[str, ...] = ()
    breath: Breath = Breath.NONE
    closes: bool = False
    question: bool = False

    def __post_init__(self) -> None:
        if not self.text:
            raise RequestError("A syllable has letters", "got none")
        if self.stress not in (None, NO_STRESS, PRIMARY, SECONDARY):
            raise RequestError("Stress is 0 (none), 1 (primary) or 2 (secondary)", f"got {self.stress}")
        if self.tone is not None and self.tone not in TONES:
            raise RequestError("A tone is a number from 1 to 5", f"got {self.tone}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is sung.

    Attributes:
        text: as it is sung; its syllables joined.
        syllables: at least one.
        language: `en`, `zh` or another of `core.lyrics.languages.LANGUAGES`.
        lead: what stands before it on the line and is not sung: spaces, punctuation.
        written: as it stands in the text: `text`, but for numbers and signs that are sung as words. The first of
            several words that a number becomes holds the number, the others hold "".
        is_function: whether it only serves (the, of, and; 的, 了, 吗); always False for other languages than
            English and Chinese.
        is_guess: stress or reading is a guess: hyphenated languages, English words that no dictionary has,
            characters without a reading.
        is_corrected: the user corrected it.
    """

    text: str
    syllables: tuple[Syllable, ...]
    language: str
    lead: str = ""
    written: str = ""
    is_function: bool = False
    is_guess: bool = False
    is_corrected: bool = False

    def __post_init__(self) -> None:
        if "".join(syllable.text for syllable in self.syllables) != self.text or not self.syllables:
            raise RequestError(f"The syllables of {self.text} joined are the word", "-".join(s.text for s in self.syllables))


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is sung.

    Attributes:
        number: of the line among all sung lines, from 0.
        words: at least one.
        tail: what stands behind the last word.
        rhyme: class of its end, from 0 in the order of the text; None where no other line of the text ends so.
        repeats: number of the first line that it repeats, also with a word changed; None where it is new.
    """

    number: int
    words: tuple[Word, ...]
    tail: str = ""
    rhyme: int | None = None
    repeats: int | None = None

    @property
    def text(self) -> str:
        """The line as it was written."""
        return "".join(word.lead + word.written for word in self.words) + self.tail

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        return tuple(syllable for word in self.words for syllable in word.syllables)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together.

    Attributes:
        kind: what it is for.
        lines: at least one.
        heading: as it was written, such as `[Verse 2]`; "" where there was none.
        is_guess: the kind was found from repetition and not read from a heading.
        repeats: number of the earlier section that comes back here, from 0; None where it is new.
    """

    kind: SectionKind
    lines: tuple[Line, ...]
    heading: str = ""
    is_guess: bool = True
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A syllable and where it stands: what a model reads of it.

    Attributes:
        syllable: itself.
        language: of its word.
        section, kind: number of its section, from 0, and what that is for.
        section_repeats: number of the earlier section that its section repeats, or None.
        line, line_repeats, rhyme: number of its line, the line that this repeats, the class of its rhyme.
        line_in_section, lines_in_section: which line of its section, from 0, of how many.
        at, of: which syllable of its line, from 0, of how many.
        word: number of its word in the line, from 0.
        syllabic: `single`, `begin`, `middle` or `end` of its word, as in MusicXML.
        is_function: whether its word only serves.
        is_line_end: whether it is the last of its line, which rhymes.
    """

    syllable: Syllable
    language: str
    section: int
    kind: SectionKind
    section_repeats: int | None
    line: int
    line_repeats: int | None
    rhyme: int | None
    line_in_section: int
    lines_in_section: int
    at: int
    of: int
    word: int
    syllabic: Literal["single", "begin", "middle", "end"]
    is_function: bool
    is_line_end: bool


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The words of a song: at least one section."""

    sections: tuple[Section, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines; `lines[n].number` is n."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        return tuple(syllable for line in self.lines for syllable in line.syllables)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its words, the one of most syllables first."""
        counts: dict[str, int] = {}
        for word in self.words:
            counts[word.language] = counts.get(word.language, 0) + len(word.syllables)
        return tuple(sorted(counts, key=lambda language: (-counts[language], language)))

    @property
    def places(self) -> tuple[Place, ...]:
        """Every syllable with where it stands, in the order of singing."""
        return tuple(
            place
            for number, section in enumerate(self.sections)
            for index, line in enumerate(section.lines)
            for place in _places(number, section, index, line)
        )


def _places(number: int, section: Section, index: int, line: Line) -> Iterator[Place]:
    at, of = 0, len(line.syllables)
    for position, word in enumerate(line.words):
        last = len(word.syllables) - 1
        for nth, syllable in enumerate(word.syllables):
            yield Place(
                syllable, word.language, number, section.kind, section.repeats, line.number, line.repeats, line.rhyme,
                index, len(section.lines), at, of, position,
                "single" if not last else "begin" if not nth else "end" if nth == last else "middle",
                word.is_function, at == of - 1,
            )  # fmt: skip
            at += 1
