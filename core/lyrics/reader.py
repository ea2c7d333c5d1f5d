"""A text to `Lyrics`: sections by blank lines and headings, then line by line, language by language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from core.errors import FormatError, LimitError, RequestError
from core.lyrics.corrections import NO_CORRECTIONS, Corrections
from core.lyrics.headings import heading_kind
from core.lyrics.languages import AUTO, check_language, guess_languages
from core.lyrics.scripts import check_scripts, clean
from core.lyrics.structure import with_structure
from core.lyrics.tokens import Token, tokens
from core.lyrics.types import Line, Lyrics, Section, SectionKind
from core.lyrics.words import Draft, draft_words, finished

MAX_CHARACTERS = 20_000
MAX_LINES = 400
"""Lines that are sung; a long ballad has 200."""

MAX_LETTERS = 60
"""Of one word in Latin letters."""


@dataclass(slots=True)
class Block:
    """A section in the making."""

    heading: str = ""
    kind: SectionKind | None = None
    lines: list[str] = field(default_factory=list)


def read_lyrics(text: str, language: str = AUTO, corrections: Corrections = NO_CORRECTIONS) -> Lyrics:
    """The words of a song, ready to be set to music. Nothing random: equal texts give equal lyrics.

    Args:
        text: plain text, up to `MAX_LINES` lines and `MAX_CHARACTERS`. Blank lines part sections; headings such as
            `[Verse]`, `(Chorus)` or `副歌：` name them; a heading `[Chorus]` with nothing under it brings the
            last chorus again. HTML is text like any other. Characters that cannot be seen are dropped.
        language: `auto`, or one of `core.lyrics.languages.LANGUAGES`, which then holds for all words in Latin letters.
            Chinese characters are Chinese everywhere; with `zh` words in Latin letters are told as in `auto`.
        corrections: what the user put right.

    Raises:
        LimitError: too long a text or word.
        FormatError: nothing in it can be sung, or it has letters that are neither Latin nor Chinese.
        RequestError: an unknown language, or one that the text does not have; a correction that does not fit.
        MissingError: the English lexicon is not installed.
    """
    check_language(language)
    if len(text) > MAX_CHARACTERS:
        raise LimitError(f"Lyrics have up to {MAX_CHARACTERS:,} characters", f"this text has {len(text):,}", "Take a part of it")
    text = clean(text)
    check_scripts(text)
    blocks = _blocks(text)
    pieces = {line: tokens(line) for block in blocks for line in block.lines}
    _check(pieces, sum(len(block.lines) for block in blocks), language)
    drafts = _drafts(blocks, pieces, language, corrections)
    sections, number = [], 0
    for block in blocks:
        lines = []
        for index, line in enumerate(block.lines):
            words = finished(drafts[number], pieces[line][1], is_last=index == len(block.lines) - 1)
            lines.append(Line(number, words, pieces[line][1]))
            number += 1
        sections.append(Section(block.kind or "verse", tuple(lines), block.heading, is_guess=block.kind is None))
    return with_structure(Lyrics(tuple(sections)))


def _blocks(text: str) -> list[Block]:
    """Sections as lines of text; lines in which nothing is sung count as blank."""
    blocks, blank, known = [Block()], False, False
    for line in text.split("\n"):
        kind = heading_kind(line)
        if kind is not None:
            known = any(block.kind == kind and block.lines for block in blocks)
            blocks.append(Block(line.strip(), kind))
            blank = False
        elif not tokens(line)[0]:
            blank = True
        else:
            # A heading of its own calls back what it names, if there is such a section, else it heads what comes.
            if blank and (blocks[-1].lines or known):
                blocks.append(Block())
                known = False
            blocks[-1].lines.append(line)
            blank = False
    for at, block in enumerate(blocks):
        if not block.lines and block.kind is not None:
            again = next((other for other in reversed(blocks[:at]) if other.kind == block.kind and other.lines), None)
            block.lines = list(again.lines) if again else []
    return [block for block in blocks if block.lines]


def _check(pieces: dict[str, tuple[list[Token], str]], lines: int, language: str) -> None:
    kinds = Counter(token.kind for found, _ in pieces.values() for token in found)
    if not kinds:
        raise FormatError("Words to sing are needed", "there is no letter in the text", "Write some words")
    if lines > MAX_LINES:
        raise LimitError(f"Lyrics have up to {MAX_LINES} lines", f"this text has {lines:,}", "Take a part of it")
    long = (token.text for found, _ in pieces.values() for token in found if token.kind in ("latin", "number"))
    longest = max(long, key=len, default="")
    if len(longest) > MAX_LETTERS:
        raise LimitError(f"A word has up to {MAX_LETTERS} letters", f"one that begins with {longest[:12]} has {len(longest):,}",
                         "Part it with spaces")
    if language == "zh" and kinds["latin"] and not kinds["han"]:
        raise RequestError("Chinese was chosen", "the text has no Chinese character", "Choose auto or the language of the text")
    if language not in (AUTO, "zh") and kinds["han"] and not kinds["latin"]:
        raise RequestError("A language in Latin letters was chosen", "the text is Chinese", "Choose auto or zh")


def _drafts(
    blocks: list[Block], pieces: dict[str, tuple[list[Token], str]], language: str, corrections: Corrections
) -> list[list[Draft]]:
    latin = [[_latin(pieces[line][0]) for line in block.lines] for block in blocks]
    guessed = guess_languages(latin) if language in (AUTO, "zh") else [[language] * len(block.lines) for block in blocks]
    languages = [own for section in guessed for own in section]
    found = [pieces[line][0] for block in blocks for line in block.lines]
    letters = Counter(token.kind for line in found for token in line for _ in token.text)
    main = "zh" if language == "zh" or letters["han"] > letters["latin"] else languages[0]
    return draft_words(found, languages, main, corrections)


def _latin(found: list[Token]) -> str:
    return " ".join(token.text for token in found if token.kind == "latin")
