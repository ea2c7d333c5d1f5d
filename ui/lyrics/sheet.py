"""The words as they will be sung: syllables with stress or tones, counts, rhymes, moods; a click on a word opens it.

A Streamlit component of our own, which writes all text as text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import FormatError
from core.lyrics import Line, Lyrics, Section, Syllable, Word
from core.lyrics.mood import moods
from core.lyrics.structure import Twin, misfits, scheme
from ui.components import Component, Entry
from ui.lyrics import feel, fix, state
from ui.shell import language, t

_COMPONENT = Component.of("sheet", Path(__file__).parent / "web", ("main",), most=1000)


def show(lyrics: Lyrics) -> None:
    """Draw the words; the word that is clicked is opened in `ui.lyrics.fix`."""
    counts = [len(line.words) for line in lyrics.lines]

    def open_word(entries: tuple[Entry, ...]) -> None:
        line, word = (_number(entries[-1].get(name)) for name in ("line", "word"))
        if line < len(counts) and word < counts[line]:  # else the text has changed since
            fix.open_word(lyrics, line, word)

    data = {"lang": language(), "label": t("lyrics.sheet"), "hint": t("lyrics.sheet_hint"), "sections": _sections(lyrics)}
    _COMPONENT.show(data, key="lyrics-sheet", book="lyrics-sheet:log", on_entries=open_word)


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FormatError("A word of the text is told by two numbers", f"got {value!r:.40}")
    return value


def titles(lyrics: Lyrics) -> list[str]:
    """What every section is called: its heading, or what it is for with its number."""
    seen: dict[str, int] = {}
    found = []
    for section in lyrics.sections:
        if section.repeats is None:
            seen[section.kind] = seen.get(section.kind, 0) + 1
        found.append(_title(section, seen))
    return found


def _sections(lyrics: Lyrics) -> list[dict[str, Any]]:
    odd = {twin.line: twin for twin in misfits(lyrics)}
    found = []
    for section, mood, title in zip(lyrics.sections, moods(lyrics), titles(lyrics), strict=True):
        letters = scheme(section)
        lines = [_line(line, letters[at], odd.get(line.number)) for at, line in enumerate(section.lines)]
        found.append({"title": title, "mood": feel.of_section(mood), "lines": lines})
    return found


def _title(section: Section, seen: dict[str, int]) -> str:
    if section.heading:
        return section.heading.strip("[]()（）【】:： ")
    return t(f"lyrics.kind_{section.kind}", number=seen.get(section.kind, 1))


def _line(line: Line, letter: str, twin: Twin | None) -> dict[str, Any]:
    count = len(line.syllables)
    return {
        "number": line.number,
        "count": str(count),
        "counted": t("lyrics.syllables", count=count),
        "rhyme": "" if letter == "-" else letter,
        "rhymed": "" if letter == "-" else t("lyrics.rhyme", letter=letter),
        "note": _misfit(twin) if twin else "",
        "by": t("next.machine") if line.text.strip() in state.machine_lines() else "",
        "words": [_word(word) for word in line.words],
        "tail": line.tail,
    }


def _misfit(twin: Twin) -> str:
    if twin.other is None:
        return t("lyrics.misfit_none")
    if twin.syllables != twin.other_syllables:
        return t("lyrics.misfit_count", line=twin.other + 1, own=twin.syllables, other=twin.other_syllables)
    return t("lyrics.misfit_stress", line=twin.other + 1)


def _word(word: Word) -> dict[str, Any]:
    return {
        "lead": word.lead,
        "syllables": [{"text": one.text, "stress": one.stress or 0, "over": sound(one)} for one in word.syllables],
        "said": _said(word),
        "guess": word.is_guess,
        "fixed": word.is_corrected,
    }


def _said(word: Word) -> str:
    """The word for those who do not see the marks."""
    sounds = [sound(one) for one in word.syllables]
    if any(sounds):
        said = f"{word.text} {' '.join(sounds)}"
    else:
        said = t("lyrics.said", word=word.text, parts="-".join(one.text for one in word.syllables))
        stressed = [one.text for one in word.syllables if one.stress == 1]
        if len(word.syllables) > 1 and stressed:
            said += t("lyrics.said_stress", part=stressed[0])
    return said + (t("lyrics.said_guess") if word.is_guess else "") + (t("lyrics.said_fixed") if word.is_corrected else "")


def sound(syllable: Syllable) -> str:
    """Pinyin with the mark of the tone that is sung, `zhǎng`; "" for other languages."""
    if not syllable.pinyin or syllable.tone is None:
        return ""
    from pypinyin.contrib.tone_convert import to_tone

    return str(to_tone(f"{syllable.pinyin.rstrip('12345')}{syllable.tone}"))
