"""The page of one piece: the answers first, then everything that they rest on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.insight.report import Report
from ui import composing, hum, player, seed, shell, tabs
from ui.analyse import answers, form, harmony, level, likeness, origin, piece, recording, reports, standing, style
from ui.analyse.piece import Chosen
from ui.plain import plain
from ui.shell import show_problem, t

TABS: dict[str, Callable[[Report], None]] = {
    "harmony": harmony.draw, "form": form.draw, "style": style.draw, "quality": standing.draw, "originality": likeness.draw,
    "level": level.draw, "origin": origin.draw, "sound": recording.draw,
}  # fmt: skip
"""Tab to what draws it; only the open one is worked out. The last one is for recordings."""


def draw() -> None:
    """The piece at the head, then what is said of it."""
    shell.head(t("analyse.title"), t("analyse.lead"))
    composing.say()
    chosen = piece.chosen()
    report = reports.of(chosen) if chosen else None
    show_problem()
    if chosen is None:
        piece.invite()
    elif report is not None:
        _head(chosen, report)
        answers.draw(report)
        _tabs(report)
    elif reports.WORK.is_on:
        _head(chosen, report)
        reports.watch(chosen)
    else:  # it was stopped, or is nothing that can be analysed
        reports.again(chosen)
        piece.invite()


def _head(chosen: Chosen, report: Report | None) -> None:
    """The piece with its sound, and a way to choose another."""
    with st.container(border=True, key="analyse-piece", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(chosen.title)}**", width="content")
            piece.another()
        score = report.score if report else chosen.score
        if score is not None and score.note_count:
            kind = chosen.item.partition(":")[0]
            counted = chosen.item if kind in ("take", "tune") else ""
            player.show(score, key="analyse-roll", title=chosen.title, height=130, item=counted)
        if report is not None:
            _onwards(chosen, report)


def _onwards(chosen: Chosen, report: Report) -> None:
    """To Compose with the piece; the notes that were heard in a recording are corrected there first."""
    if report.is_recording:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(t("analyse.transcribed", notes=report.music.notes), width="content")
            pressed = st.button(t("analyse.as_seed"), key="analyse-as-seed", icon=":material/edit:", on_click=hum.bring,
                                args=(chosen.data, chosen.name))  # fmt: skip
    else:
        pressed = st.button(t("library.use"), key="analyse-as-seed", icon=":material/east:", type="tertiary", on_click=seed.use,
                            args=(report.score, chosen.title))  # fmt: skip
    if pressed:
        st.switch_page("pages/compose.py")


def _tabs(report: Report) -> None:
    names = [name for name in TABS if name != "sound" or report.is_recording]
    for name, tab in tabs.opened(names, "analyse_tabs", "analyse.tab_"):
        with tab:
            TABS[name](report)
