"""Whom a piece resembles: the nearest passages, on two staves and to be played in turn."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.insight.passages import on_two_staves
from core.insight.report import Report
from core.rights import library
from core.rights.lines import Place
from core.rights.originality import CLOSE, Collection, Originality, Passage, Verdict
from core.score import Score
from core.score.edits import trim
from core.score.engrave import engrave
from core.taste.pieces import tidy
from ui import pieces, player
from ui.editor import ink
from ui.files import to_midi
from ui.plain import plain
from ui.shell import show_error, t

_WIDTH = 640
"""Pixels of a passage on its two staves: wider ones cannot be read on a phone."""


def draw(report: Report) -> None:
    """The verdict, what was searched, and the passages one at a time."""
    found: Originality | None = report.originality.value
    if found is None:
        if report.originality.reason is not None:
            show_error(report.originality.reason)
        return
    st.markdown(in_words(found))
    st.caption(covered(found))
    shown = [*found.own, *found.passages]
    if not shown:
        return
    chosen = st.radio(t("analyse.passages"), range(len(shown)), format_func=lambda number: _label(shown[number], report.score),
                      key=f"analyse-passage-{hash(report.score)}")  # fmt: skip
    if chosen is not None:
        _passage(report, shown[chosen])


def in_words(found: Originality) -> str:
    """The verdict with what it rests on."""
    if found.verdict is Verdict.TOO_SHORT or not found.passages:
        return t("analyse.likeness_too_short" if found.verdict is Verdict.TOO_SHORT else "analyse.likeness_fresh_alone")
    nearest = found.passages[0]
    if found.is_nearly_one and found.unusual > CLOSE:
        return t("analyse.likeness_mostly", title=title_of(nearest.piece), notes=nearest.notes, searched=found.searched,
                 percent=_percent(found.unusual))  # fmt: skip
    return t(f"analyse.likeness_{found.verdict.value}", title=title_of(nearest.piece), percent=_percent(found.unusual))


def covered(found: Originality) -> str:
    """What was searched."""
    shown = sum(one.pieces for one in found.covered if one.how == "notes")
    hashed = sum(one.pieces for one in found.covered if one.how == "hashes")
    return t("analyse.covered", shown=f"{shown:,}", hashed=f"{hashed:,}")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.01 else "< 1"


def title_of(piece: Place) -> str:
    """The title of a piece, as one would write it today."""
    return plain(tidy(piece.title))


def _label(passage: Passage, score: Score) -> str:
    first = passage.here.first_bar + (0 if score.pickup else 1)
    last = passage.here.last_bar + (0 if score.pickup else 1)
    where = t(f"analyse.in_{passage.collection.value}")
    return t("analyse.passage", title=title_of(passage.piece), where=where, notes=passage.notes, length=passage.length,
             first=first, last=last, percent=_percent(passage.among_pieces))  # fmt: skip


def _passage(report: Report, passage: Passage) -> None:
    if passage.there is None:
        st.info(t("analyse.hashed"), icon=":material/info:")
        return
    try:
        other = _other(passage)
        both = on_two_staves(report.score, other, passage)
        ours = trim(report.score, passage.here.first_bar, passage.here.last_bar)
        theirs = trim(other, passage.there.first_bar, passage.there.last_bar)
        pages = _engraved(to_midi(both), both)
    except SongloomError as error:
        show_error(error)
        return
    st.caption(_changes(passage))
    st.markdown(t("analyse.above_below", title=title_of(passage.piece)))
    alternative = t("analyse.staves", title=tidy(passage.piece.title))
    for page in pages:
        st.image(page.replace("currentColor", ink()), alt=alternative, width=_WIDTH)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{t('analyse.this_piece')}**")
        player.show(ours, key="analyse-ours", title=t("analyse.this_piece"), height=110)
    with right:
        st.markdown(f"**{title_of(passage.piece)}**")
        player.show(theirs, key="analyse-theirs", title=tidy(passage.piece.title), height=110)


def _changes(passage: Passage) -> str:
    parts = []
    if passage.transposition:
        parts.append(t("analyse.transposed", semitones=f"{passage.transposition:+d}"))
    if passage.stretch is not None and abs(passage.stretch - 1) > 0.02:
        parts.append(t("analyse.stretched", times=f"{passage.stretch:g}"))
    if passage.notes < passage.length:
        parts.append(t("analyse.changed_notes", count=passage.length - passage.notes))
    return " · ".join(parts) or t("analyse.unchanged")


def _other(passage: Passage) -> Score:
    if passage.collection is Collection.OWN:
        return pieces.score(f"take:{passage.piece.id}")
    return library.shared().score(passage.piece)


@st.cache_data(max_entries=32, show_spinner=False)
def _engraved(midi: bytes, _score: Score) -> tuple[str, ...]:
    return engrave(_score, width=_WIDTH)
