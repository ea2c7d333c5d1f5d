"""What the Library page shows: kept takes, and the catalogue with search and styles."""

from __future__ import annotations

import re

import streamlit as st

from core.corpora.catalogue import Entry
from core.errors import SongloomError
from ui import catalogue, downloads, files, player, seed, takes
from ui.analyse import way as analyse_way
from ui.arrange import way as arrange_way
from ui.names import style_name
from ui.plain import plain
from ui.services import store
from ui.session import Shown
from ui.shape import way
from ui.shell import language, listener, show_error, t
from ui.taste import stars

PAGE = 8
"""Kept takes on one page."""
ALL = ""
"""The choice of every style."""
TUNES = 20
"""Tunes of the catalogue on one page."""


def draw() -> None:
    """Both parts under tabs; only the open one is worked out."""
    mine, tunes = st.tabs([t("library.mine"), t("library.catalogue")], key="library_tabs", on_change="rerun")
    if mine.open:
        with mine:
            _mine()
    if tunes.open:
        with tunes:
            _catalogue()


def _mine() -> None:
    try:
        records = store().takes(listener())
    except SongloomError as error:
        show_error(error)
        return
    if not records:
        st.subheader(t("library.empty"), anchor=False)
        st.markdown(t("library.empty_lead"))
        st.page_link("pages/compose.py", label=t("library.compose_first"), icon=":material/auto_awesome:")
        return
    styles = sorted({record.style for record in records})
    chosen = None
    if len(styles) > 1:
        names = {id: style_name(id, language()) for id in styles}
        chosen = st.pills(t("library.style"), styles, format_func=names.__getitem__, key="library_style", persist_state="session")
    matching = [record for record in records if chosen in (None, record.style)]
    pages = -(-len(matching) // PAGE)
    page = min(int(st.session_state.get("library_page") or 1), pages)
    with st.grid(2, min_column_width=takes.CARD_WIDTH, gap="medium"):
        for record in matching[(page - 1) * PAGE : page * PAGE]:
            try:
                _card(files.shown(record))
            except SongloomError as error:
                show_error(error)
    if pages > 1:
        st.pagination(pages, key="library_page", persist_state="session")


@st.fragment
def _card(shown: Shown) -> None:
    with st.container(border=True, key=f"kept-{shown.id}", gap="small"):
        takes.heading(shown)
        title, item = t("take.label", title=shown.record.title), f"take:{shown.id}"
        player.show(shown.score, key=f"kept-roll-{shown.id}", title=title, height=150, new_from=shown.record.new_from, item=item)
        stars.row(item, shown.record.title)
        with st.container(horizontal=True, gap="small"):
            if st.button(t("library.use"), key=f"use-{shown.id}", icon=":material/east:", type="tertiary"):
                seed.use(shown.score, shown.record.title)
                st.switch_page("pages/compose.py")
            way.button(item)
            arrange_way.button(item)
            analyse_way.button(item)
            downloads.popover(shown.score, shown.record.title, f"kept-{shown.id}")
            if st.button(t("library.remove"), key=f"remove-{shown.id}", icon=":material/bookmark_remove:", type="tertiary"):
                _remove(shown)


def _remove(shown: Shown) -> None:
    try:
        takes.keep(shown, False)
    except SongloomError as error:
        show_error(error)
        return
    st.session_state["said"] = "library.removed"
    st.rerun()


def _catalogue() -> None:
    try:
        everything = catalogue.tunes()
    except SongloomError as error:
        show_error(error)
        return
    styles = sorted({tune.style for tune in everything}, key=catalogue.name_of_style)
    names = {ALL: t("library.all_styles")} | {id: catalogue.name_of_style(id) for id in styles}
    search_column, style_column = st.columns([3, 2])
    with search_column:
        words = st.text_input(
            t("library.search"), type="search", key="library_search", live="300ms", persist_state="session"
        )
    style = style_column.selectbox(
        t("library.style"),
        list(names),
        format_func=names.__getitem__,
        key="catalogue_style",
        persist_state="session",
    )
    found = catalogue.search(words or "", style or None)
    st.caption(t("library.found", count=f"{len(found):,}"))
    if not found:
        st.markdown(t("library.none"))
        return
    pages = -(-len(found) // TUNES)
    page = min(int(st.session_state.get("catalogue_page") or 1), pages)
    for tune in found[(page - 1) * TUNES : page * TUNES]:
        _tune(tune)
    if pages > 1:
        if int(st.session_state.get("catalogue_page") or 1) > pages:
            st.session_state["catalogue_page"] = pages
        st.pagination(pages, key="catalogue_page", persist_state="session")


@st.fragment
def _tune(tune: Entry) -> None:
    label = f"**{plain(tune.title)}** · {catalogue.style_of(tune)} · {plain(catalogue.source_of(tune))}"
    key = re.sub(r"[^A-Za-z0-9]+", "-", tune.id)  # what a component's key may hold
    with st.expander(label, key=f"tune-{key}", on_change="rerun") as opened:
        if opened.open:
            try:
                score = catalogue.score(tune.id)
            except SongloomError as error:
                show_error(error)
                return
            item = f"tune:{tune.id}"
            player.show(score, key=f"tune-roll-{key}", title=tune.title, height=170, item=item)
            stars.row(item, tune.title)
            with st.container(horizontal=True, gap="small"):
                if st.button(t("library.use"), key=f"use-{key}", icon=":material/east:", type="tertiary"):
                    seed.use(score, tune.title)
                    st.switch_page("pages/compose.py")
                way.button(item)
                arrange_way.button(item)
                analyse_way.button(item)
