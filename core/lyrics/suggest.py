"""What a next line should be like: after which words, of how many syllables, rhyming with what. Who writes it, a network
of ours or a program at an address of the user's, stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError, LimitError, RequestError
from core.lyrics.chinese import is_chinese, simplified
from core.lyrics.headings import heading_kind
from core.lyrics.reader import MAX_CHARACTERS, MAX_LINES, read_lyrics
from core.lyrics.rhyme import rhyme_key
from core.lyrics.structure import agreement
from core.lyrics.tokens import tokens
from core.lyrics.types import Line, Lyrics, Section

LANGUAGES = ("en", "zh")
"""Languages in which lines are suggested."""
LEAST, MOST = 2, 20
"""Syllables of a line that is suggested."""
SUGGESTIONS, MOST_SUGGESTIONS = 5, 10


@dataclass(frozen=True, slots=True)
class NextLine:
    """A line that a machine wrote.

    Attributes:
        text: without a line break.
        syllables: how many it has when it is sung.
        rhymes: whether it rhymes with the line that was asked for.
    """

    text: str
    syllables: int
    rhymes: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a next line should be like.

    Attributes:
        before: the lines before it, as they are sung; at least one.
        language: `en` or `zh`.
        syllables: how many.
        rhyme: the line that it should rhyme with; None for any end.
        model: the line whose stresses it should share; None where there is none.

    Raises:
        RequestError: a language in which no lines are written.
        LimitError: too many or too few syllables.
    """

    before: tuple[Line, ...]
    language: str
    syllables: int
    rhyme: Line | None = None
    model: Line | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise RequestError("Lines are suggested in English and Chinese", f"the words are in {self.language}",
                               "Write in one of these")
        if not LEAST <= self.syllables <= MOST:
            raise LimitError(f"A line that is suggested has {LEAST} to {MOST} syllables", f"got {self.syllables}",
                             "Ask for another number")

    @property
    def key(self) -> str:
        """What its end should rhyme on; "" for anything."""
        return rhyme_key(self.rhyme.words[-1]) if self.rhyme else ""

    @property
    def traditional(self) -> bool:
        """Whether the words before it are in traditional characters."""
        text = "".join(line.text for line in self.before)
        return is_chinese(text) and simplified(text) != text


def wish(lyrics: Lyrics, syllables: int | None = None, rhyme: int | str | None = "auto") -> Wish:
    """What a line behind the last of some lyrics should be like.

    Args:
        lyrics: the words up to there.
        syllables: how many; None for as many as its twin in an earlier section of the kind has, or else the line before the
            last, or the last.
        rhyme: number of the line to rhyme with, None for none, `auto` for what the rhymes so far ask for.

    Raises:
        RequestError: no such line; a language in which no lines are written.
        LimitError: too many or too few syllables.
    """
    section = lyrics.sections[-1]
    place = len(section.lines)
    twin = _twin(lyrics, section, place)
    like = twin or section.lines[-2 if place > 1 else -1]
    if rhyme == "auto":
        partner = _partner(lyrics, section, place, twin)
    elif rhyme is None:
        partner = None
    else:
        if not isinstance(rhyme, int) or not 0 <= rhyme < len(lyrics.lines):
            raise RequestError(f"A line to rhyme with is one of 1 to {len(lyrics.lines)}",
                               f"got {rhyme + 1 if isinstance(rhyme, int) else rhyme}", "Choose another one")
        partner = lyrics.lines[rhyme]
    count = syllables if syllables is not None else max(LEAST, min(MOST, len(like.syllables)))
    return Wish(lyrics.lines, _language(lyrics), count, partner, like)


def places(text: str) -> tuple[int, ...]:
    """The numbers of the lines of a text, from 0, that are sung: what stands behind one of them may be suggested. A text that is
    too long to be read has none."""
    if len(text) > MAX_CHARACTERS:
        return ()
    found = tuple(at for at, line in enumerate(text.split("\n")) if heading_kind(line) is None and tokens(line)[0])
    return found if len(found) < MAX_LINES else ()


def up_to(text: str, at: int) -> str:
    """A text up to and with the line of a number."""
    return "\n".join(text.split("\n")[: at + 1])


def inserted(text: str, at: int, line: str) -> str:
    """A text with a line behind the one of a number."""
    lines = text.split("\n")
    return "\n".join([*lines[: at + 1], line, *lines[at + 1 :]])


def told(texts: Sequence[str], asked: Wish) -> tuple[tuple[NextLine, float], ...]:
    """Lines as the reader of lyrics reads them, each with the share of its syllables, 0 to 1, whose stress agrees with the
    model's. Texts that cannot be sung, or fall into several lines, are left out."""
    found = []
    for text in texts:
        try:
            lines = read_lyrics(text, asked.language).lines
        except InputError:
            continue
        if len(lines) != 1:
            continue
        line = lines[0]
        rhymes = bool(asked.key) and rhyme_key(line.words[-1]) == asked.key
        agrees = agreement(line, asked.model) if asked.model is not None else 1.0
        found.append((NextLine(text, len(line.syllables), rhymes), agrees))
    return tuple(found)


def _language(lyrics: Lyrics) -> str:
    """That of most syllables of the last four lines."""
    counts: dict[str, int] = {}
    for line in lyrics.lines[-4:]:
        for word in line.words:
            counts[word.language] = counts.get(word.language, 0) + len(word.syllables)
    return max(counts, key=lambda language: counts[language])


def _twin(lyrics: Lyrics, section: Section, place: int) -> Line | None:
    """The line at a place of the first earlier section of the kind that has it."""
    earlier = (other for other in lyrics.sections[:-1] if other.kind == section.kind and other.repeats is None)
    return next((other.lines[place] for other in earlier if len(other.lines) > place), None)


def _partner(lyrics: Lyrics, section: Section, place: int, twin: Line | None) -> Line | None:
    """The line of a section that the one at a place should rhyme with."""
    if twin is not None:
        model = next(other for other in lyrics.sections if twin in other.lines)
        mates = [at for at, line in enumerate(model.lines[:place]) if twin.rhyme is not None and line.rhyme == twin.rhyme]
        return section.lines[mates[-1]] if mates and mates[-1] < len(section.lines) else None
    keys = [rhyme_key(line.words[-1]) for line in section.lines]
    alone = [key not in keys[:at] for at, key in enumerate(keys)]
    if not alone[-1]:  # a couplet is closed; ABA goes on with B
        return section.lines[-2] if place > 2 and keys[-1] == keys[-3] != keys[-2] else None
    return section.lines[-2] if place > 1 and alone[-2] and keys.count(keys[-2]) == 1 else section.lines[-1]
