"""The answers first: what the piece is, whether it is good, whom it resembles, each in a few plain words."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.insight.music import Music
from core.insight.report import Report
from core.insight.said import Said
from core.rights.originality import Verdict
from ui.analyse import likeness, measures, standing, words
from ui.names import key_name
from ui.plain import plain
from ui.shell import language, t
from ui.texts.errors import in_language

_LOOKS = ((80, "real"), (50, "rather"), (0, "damaged"))
"""Quality from which a piece looks like what."""


def draw(report: Report) -> None:
    """Three cards side by side, on a phone one below the other."""
    with st.grid(3, min_column_width=260, gap="medium"):
        _card("what", _what(report))
        _card("good", _good(report))
        _card("copy", _copy(report))


def _card(name: str, lines: list[str]) -> None:
    with st.container(border=True, key=f"analyse-{name}", gap="small", height="stretch"):
        st.markdown(f"**{t(f'analyse.{name}')}**")
        for number, line in enumerate(lines):
            if number == 0:
                st.subheader(line, anchor=False)
            else:
                st.markdown(line)


def _what(report: Report) -> list[str]:
    music = report.music
    lines = []
    if report.style.value is not None:
        lines.append(_as_head(words.name_of(report.style.value.style)))
    lines.append(" · ".join(filter(None, (_key(music), music.metre.metre))))
    minutes, seconds = divmod(round(music.seconds), 60)
    lines.append(t("analyse.facts", bars=music.bars, length=f"{minutes}:{seconds:02d}", bpm=round(music.tempo.bpm)))
    if music.form.value is not None:
        lines.append(f"{t('analyse.form')}: {music.form.value.letters}")
    if report.mood.value is not None:
        mood = report.mood.value
        lines.append(t("analyse.sounds", mood=t(f"analyse.mood_{mood.quadrant}"), percent=round(100 * mood.confidence)))
    lines += _doubts(music, report.is_recording)
    return lines


def _good(report: Report) -> list[str]:
    found = report.quality.value
    if found is None:
        return [_unsaid(report.quality)]
    looks = next(name for least, name in _LOOKS if found.overall >= least)
    lines = [t("analyse.of_hundred", overall=round(found.overall)), t(f"analyse.looks_{looks}")]
    odd = [one for one in found.measures if one.verdict != "usual"]
    if not odd:
        lines.append(t("analyse.all_usual", style=standing.beside(found)))
    if odd:
        farthest = sorted(odd, key=lambda one: -abs(one.percentile - 50))[:3]
        told = [f"- {measures.name(one.name)}: {t('analyse.verdict_' + one.verdict.replace(' ', '_'))}" for one in farthest]
        lines.append("\n".join([t("analyse.stands_out"), *told]))
    return lines


def _copy(report: Report) -> list[str]:
    found = report.originality.value
    if found is None:
        return [_unsaid(report.originality)]
    first = t("analyse.badge_original")
    if found.verdict is Verdict.TOO_SHORT:
        first = t("analyse.too_short")
    elif found.verdict in (Verdict.CLOSE, Verdict.COPY) and found.passages:
        first = t(f"analyse.badge_{found.verdict.value}", title=likeness.title_of(found.passages[0].piece))
    return [_as_head(first), likeness.in_words(found), likeness.covered(found)]


def _as_head(text: str) -> str:
    """With a large first letter; titles in it stay as they are."""
    return text[:1].upper() + text[1:]


def _unsaid(said: Said[Any]) -> str:
    reason = in_language(language(), said.reason) if said.reason is not None else ""
    return t("analyse.unsaid", reason=plain(reason))


def _key(music: Music) -> str:
    """The key with how sure that is, and the other one that it may be."""
    answer = music.key.value
    if answer is None:
        return ""
    said = t("analyse.key_sure", name=key_name(answer.key, language()), percent=round(100 * answer.reading.confidence))
    if answer.reading.others and answer.reading.others[0][1] >= 0.1:
        other, share = answer.reading.others[0]
        said += " " + t("analyse.key_or", name=key_name(other, language()), percent=round(100 * share))
    return said


def _doubts(music: Music, is_recording: bool) -> list[str]:
    """What is not as the file says; the key of a recording is nobody's word."""
    lines = []
    answer, metre = music.key.value, music.metre
    if not is_recording and answer is not None and answer.given is not None and (answer.given.tonic, answer.given.mode) != (
        answer.key.tonic, answer.key.mode
    ):  # fmt: skip
        lines.append(t("analyse.key_given", name=key_name(answer.given, language())))
    if metre.doubted and metre.guess is not None:
        lines.append(t("analyse.metre_doubt", given=metre.metre, metre=str(metre.guess.metre),
                       percent=round(100 * metre.guess.confidence)))  # fmt: skip
    return lines
