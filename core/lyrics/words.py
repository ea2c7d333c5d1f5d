"""Pieces of lines to words with syllables: each language its own way, corrections last, then breaths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.lyrics import chinese, english
from core.lyrics.corrections import Correction, Corrections, check
from core.lyrics.function_words import CHINESE, ENGLISH
from core.lyrics.numbers import AND, spoken
from core.lyrics.scripts import script_of
from core.lyrics.spelling import hyphenated
from core.lyrics.tokens import Token, ascii_digits
from core.lyrics.types import NO_STRESS, PRIMARY, Breath, Syllable, Word

_STOPS = frozenset(".!?。！？…．｡‽")
_COMMAS = frozenset(",;:()[]{}/|，；：、（）【】《》～~—–―·")
_ASKING = frozenset("?？‽")
_PARTICLES = ("吗", "嗎")
"""A clause that ends in these asks, also without a question mark."""

_PENULTIMATE = ("es", "it", "pt", "pl", "id", "ro", "hr")
"""Languages that mostly stress the last syllable but one; others of the hyphenated are taken to stress the first, and
French the last."""


@dataclass(slots=True)
class Draft:
    """A word in the making; `pinyin` is one reading for each character of a Chinese word."""

    lead: str
    written: str
    text: str
    language: str
    syllables: tuple[Syllable, ...] = ()
    pinyin: tuple[str, ...] = ()
    simplified: str = ""
    is_guess: bool = False
    is_corrected: bool = False


def draft_words(
    lines: Sequence[Sequence[Token]], languages: Sequence[str], main: str, corrections: Corrections
) -> list[list[Draft]]:
    """The words of lines, without breaths.

    Args:
        lines: their pieces.
        languages: of what is in Latin letters, line by line.
        main: language of the text, for a line of numbers alone.
        corrections: what the user put right.
    """
    drafts = [
        [draft for at, token in enumerate(line) for draft in _drafts_of(line, at, token, language, main)]
        for line, language in zip(lines, languages, strict=True)
    ]
    _speak_english(drafts)
    seen: Counter[str] = Counter()
    for line in drafts:
        for draft in line:
            if draft.language not in ("en", "zh"):
                draft.syllables, draft.is_guess = _hyphenated(draft.text, draft.language), True
            form = draft.text.casefold()
            seen[form] += 1
            correction = corrections.find(form, seen[form])
            if correction is not None:
                _correct(draft, correction)
        _sing_tones(line)
    return drafts


def _drafts_of(line: Sequence[Token], at: int, token: Token, language: str, main: str) -> list[Draft]:
    if token.kind == "latin":
        return [Draft(token.lead, token.text, token.text, language)]
    if token.kind == "han":
        return _chinese_drafts(token.text, token.lead, token.text)
    around = _language_around(line, at, language, main)
    if token.kind == "and":
        words = [AND[around]]
    else:
        following = line[at + 1].text[:1] if at + 1 < len(line) and not line[at + 1].lead else ""
        words = spoken(ascii_digits(token.text), around, following)
    if around == "zh":
        return _chinese_drafts("".join(words), token.lead, "", token.text)
    return [Draft("" if n else token.lead, "" if n else token.text, word, around) for n, word in enumerate(words)]


def _chinese_drafts(text: str, lead: str, written: str, number: str = "") -> list[Draft]:
    drafts = []
    base = "".join(letter for letter in text if script_of(letter) != "mark")
    for n, read in enumerate(chinese.read_words(base)):
        own = read.text if written else ("" if n else number)
        draft = Draft("" if n else lead, own, read.text, "zh", pinyin=read.pinyin, simplified=read.simplified)
        draft.is_guess = not all(read.pinyin)
        drafts.append(draft)
    if base != text:  # marks over characters are rare enough to stay with the last word as one piece
        whole = Draft(lead, text, text, "zh", pinyin=tuple(p for d in drafts for p in d.pinyin), simplified=text, is_guess=True)
        return [whole]
    return drafts


def _language_around(line: Sequence[Token], at: int, language: str, main: str) -> str:
    """Language in which a number is said: that of the words beside it, the closer first."""
    for distance in range(1, len(line)):
        for other in (at + distance, at - distance):
            if 0 <= other < len(line) and line[other].kind in ("han", "latin"):
                return "zh" if line[other].kind == "han" else language
    return main


def _speak_english(drafts: Sequence[Sequence[Draft]]) -> None:
    lines = [[draft for draft in line if draft.language == "en"] for line in drafts]
    if not any(lines):
        return
    for line, said in zip(lines, english.pronounce([[draft.text for draft in line] for line in lines]), strict=True):
        for draft, spoken_word in zip(line, said, strict=True):
            draft.syllables, draft.is_guess = spoken_word.syllables, spoken_word.is_guess


def _hyphenated(text: str, language: str) -> tuple[Syllable, ...]:
    parts = hyphenated(text, language)
    stressed = len(parts) - 1 if language == "fr" else max(0, len(parts) - 2) if language in _PENULTIMATE else 0
    if language == "fr" and len(parts) > 1 and parts[-1].casefold().endswith(("e", "es")):
        stressed -= 1
    return tuple(Syllable(part, PRIMARY if n == stressed else NO_STRESS) for n, part in enumerate(parts))


def _correct(draft: Draft, correction: Correction) -> None:
    check(draft.text, correction)
    draft.is_corrected, draft.is_guess = True, False
    if correction.pinyin is not None:
        draft.pinyin = correction.pinyin
        return
    syllables = draft.syllables
    if correction.syllables is not None:
        parts = _as_written(correction.syllables, draft.text)
        kept = syllables if len(parts) == len(syllables) else _spread(syllables, len(parts))
        syllables = tuple(replace(old, text=part) for old, part in zip(kept, parts, strict=True))
    if correction.stress is not None and len(correction.stress) == len(syllables):
        syllables = tuple(replace(old, stress=stress) for old, stress in zip(syllables, correction.stress, strict=True))
    draft.syllables = syllables


def _as_written(parts: Sequence[str], text: str) -> list[str]:
    """The parts with the capitals of this occurrence of the word."""
    if len("".join(parts)) != len(text):
        return list(parts)
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    return [text[end - len(part) : end] for part, end in zip(parts, ends, strict=True)]


def _spread(syllables: Sequence[Syllable], count: int) -> list[Syllable]:
    """As many syllables as wanted; the first has the stress, the last the sound, which rhymes."""
    blank = Syllable("-", NO_STRESS)
    spread = [blank] * count
    spread[-1] = replace(blank, phones=syllables[-1].phones)
    return [replace(spread[0], stress=PRIMARY), *spread[1:]]


def _sing_tones(line: Sequence[Draft]) -> None:
    """Give the Chinese words of a line their syllables, tones as they are sung within one breath."""
    group: list[Draft] = []
    for draft in [*line, Draft("", "", "", "")]:
        if group and (draft.language != "zh" or draft.lead):
            tones = chinese.sandhi([list(zip(_plain(d), d.pinyin, strict=True)) for d in group])
            for sung, own in zip(group, tones, strict=True):
                parts = zip(_clusters(sung.text), own, sung.pinyin, strict=True)
                sung.syllables = tuple(Syllable(letter, tone=tone, pinyin=pinyin) for letter, tone, pinyin in parts)
            group = []
        if draft.language == "zh":
            group.append(draft)


def _plain(draft: Draft) -> list[str]:
    return [cluster[0] for cluster in _clusters(draft.simplified)]


def _clusters(text: str) -> list[str]:
    """Characters with the combining marks behind them."""
    found: list[str] = []
    for letter in text:
        if found and script_of(letter) == "mark":
            found[-1] += letter
        else:
            found.append(letter)
    return found


def finished(drafts: Sequence[Draft], tail: str, is_last: bool) -> tuple[Word, ...]:
    """The words of a line with their breaths and questions.

    Args:
        drafts: its words.
        tail: what stands behind the last.
        is_last: whether the line ends its section.
    """
    behind = [draft.lead for draft in drafts[1:]] + [tail]
    asks = _questions(drafts, behind)
    words = []
    for at, (draft, mark) in enumerate(zip(drafts, behind, strict=True)):
        joined = at + 1 < len(drafts) and draft.language == drafts[at + 1].language == "zh"
        breath = _breath(mark, joined)
        closes = breath == Breath.STOP
        if at == len(drafts) - 1:
            closes, breath = any(sign in _STOPS for sign in mark), Breath.SECTION if is_last else Breath.LINE
        syllables = tuple(replace(syllable, question=asks[at]) for syllable in draft.syllables)
        syllables = (*syllables[:-1], replace(syllables[-1], breath=breath, closes=closes))
        flags = (_is_function(draft), draft.is_guess, draft.is_corrected)
        words.append(Word(draft.text, syllables, draft.language, draft.lead, draft.written, *flags))
    return tuple(words)


def _is_function(draft: Draft) -> bool:
    if draft.language == "zh":
        return draft.simplified in CHINESE
    return draft.language == "en" and english.plain_form(draft.text) in ENGLISH


def _breath(mark: str, is_chinese: bool) -> Breath:
    """What may be breathed at the signs between two words. A full stop or a hyphen without a space joins (U.S., well-known);
    a space between Chinese words parts phrases."""
    if mark in (".", "-", "‐", "‑", "'", "’"):
        return Breath.NONE
    if any(sign in _STOPS for sign in mark):
        return Breath.STOP
    if any(sign in _COMMAS for sign in mark) or " -" in mark or "--" in mark or (is_chinese and any(map(str.isspace, mark))):
        return Breath.COMMA
    return Breath.NONE


def _questions(drafts: Sequence[Draft], behind: Sequence[str]) -> list[bool]:
    """For each word whether its clause asks."""
    asks: list[bool] = []
    start = 0
    for at, mark in enumerate(behind):
        last = at == len(drafts) - 1
        if last or _breath(mark, False) == Breath.STOP:
            asking = any(sign in _ASKING for sign in mark) or drafts[at].text.endswith(_PARTICLES)
            asks += [asking] * (at + 1 - start)
            start = at + 1
    return asks
