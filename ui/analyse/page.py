"""The page of one piece: the answers first, then everything that they rest on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.insight.report import Report
from ui import composing, player, shell
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
    _head(chosen, report)
    if chosen is None:
        st.markdown(t("analyse.empty"))
    elif report is None:
        reports.watch(chosen)
    else:
        answers.draw(report)
        _tabs(report)


def _head(chosen: Chosen | None, report: Report | None) -> None:
    """The piece with its sound, and a way to choose another."""
    with st.container(border=True, key="analyse-piece", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(chosen.title)}**" if chosen else t("analyse.none"), width="content")
            piece.chooser(chosen is None)
        if chosen is None:
            return
        score = report.score if report else chosen.score
        if score is not None and score.note_count:
            kind = chosen.item.partition(":")[0]
            counted = chosen.item if kind in ("take", "tune") else ""
            player.show(score, key="analyse-roll", title=chosen.title, height=130, item=counted)


def _tabs(report: Report) -> None:
    names = [name for name in TABS if name != "sound" or report.is_recording]
    tabs = st.tabs([t(f"analyse.tab_{name}") for name in names], key="analyse_tabs", on_change="rerun")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                TABS[name](report)
