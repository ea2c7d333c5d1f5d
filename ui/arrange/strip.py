"""The sections of a piece as a coloured strip, each as wide as it is long."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.analysis.sections import Section
from ui.arrange.state import Arranged
from ui.palette import track_colour
from ui.shell import t


def draw(one: Arranged) -> None:
    """One field a section with its letter and kind; equal letters have one colour."""
    letters = list(dict.fromkeys(section.letter for section in one.sections))
    fields = []
    for section in one.sections:
        colour = track_colour(letters.index(section.letter))
        kind = t(f"arrange.kind_{section.kind}")
        look = (
            f"flex:{section.bars} 1 0;min-width:0;overflow:hidden;white-space:nowrap;padding:.15rem .35rem;font-size:.8rem;"
            f"border-left:4px solid {colour};background:color-mix(in srgb,{colour} 22%,transparent)"
        )
        words = f"{escape(section.letter)} <small>{escape(kind)}</small>"
        fields.append(f'<span title="{escape(name(section))}" style="{look}">{words}</span>')
    said = escape(t("arrange.sections_alt", sections="; ".join(map(name, one.sections))))
    st.html(f'<div role="img" aria-label="{said}" style="display:flex;gap:2px;width:100%">{"".join(fields)}</div>')


def name(section: Section) -> str:
    """`A · 1–8 · verse`."""
    return t("arrange.section", letter=section.letter, first=section.first + 1, last=section.last,
             kind=t(f"arrange.kind_{section.kind}"))
