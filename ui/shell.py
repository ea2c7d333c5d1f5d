"""The frame of every page: the guard, the pages' addresses, the language, the head of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import streamlit as st

from core.errors import SongloomError, StoreError
from ui import identity, who
from ui.plain import plain
from ui.services import store, warm_up
from ui.texts import LANGUAGES, text
from ui.texts.errors import in_language

_READY, _GOTO, _LANGUAGE, _PROBLEM, _SHOWN = "_shell", "_goto", "_language", "_problem", "_problem_shown"

PAGES = {
    "compose": ("pages/compose.py", ":material/music_note:"),
    "shape": ("pages/shape.py", ":material/tune:"),
    "arrange": ("pages/arrange.py", ":material/groups:"),
    "analyse": ("pages/analyse.py", ":material/query_stats:"),
    "taste": ("pages/taste.py", ":material/favorite:"),
    "library": ("pages/library.py", ":material/library_music:"),
    "about": ("pages/about.py", ":material/info:"),
    "take": ("pages/take.py", ":material/graphic_eq:"),
}
"""Page id to its file and icon; the id is its address, and the title is `page.ID` in the texts."""

HIDDEN = ("take",)
ICON = Path(__file__).parents[1] / "assets" / "icon.svg"


_CHOICES = ("c_", "library_", "catalogue_", "edit-", "arrange_take", "arrange-section-")
"""How the keys of select boxes and the like begin."""

PRIMARY = (
    "compose", "copy", "shape-vary", "taste-compose", "taste-bring", "taste-recording-find", "taste-visit-done",
    "taste-forget-yes",
)  # fmt: skip
"""Keys of the buttons in the accent's colour."""

_PRIMARY_INK = (
    "<style>"
    + ",".join(f".st-key-{key} button" for key in PRIMARY)
    + "{color:inherit}"
    + ",".join(f".st-key-{key} button > *" for key in PRIMARY)
    + "{color:#fff;color:rgb(from currentcolor calc(255 - r) calc(255 - g) calc(255 - b))}"
    + "button[kind=tertiary]:is(:hover,:focus,:active,[aria-expanded=true]):not(:disabled){color:inherit}</style>"
)
"""Streamlit writes white on the accent, which cannot be told apart on the light accent of the dark
theme. The page's own ink, inverted, can on both. The shade of the accent that it gives to a plain button in use is 4.13 to 1
on the dark ground, too little for text."""


def guard(file: str) -> None:
    """First line of every page: on a server's first request Streamlit may run a page without `app.py`.

    Then nothing of the frame is there. The page and its query are remembered, `app.py` makes the
    frame and comes back. Does not return in that case.
    """
    if _READY not in st.session_state:
        st.session_state[_GOTO] = f"pages/{Path(file).name}"
        st.switch_page("app.py", query_params=dict(st.query_params))


def run(foot: Callable[[], None]) -> None:
    """What `app.py` does: make the frame, run the page that was asked for, then what is at the foot of every page."""
    st.set_page_config(page_title="Songloom", page_icon=str(ICON), layout="wide")
    pages = {
        name: st.Page(
            file,
            title=t(f"page.{name}"),
            icon=icon,
            url_path=name,
            default=name == "compose",
            visibility="hidden" if name in HIDDEN else "visible",
        )
        for name, (file, icon) in PAGES.items()
    }
    page = st.navigation(list(pages.values()), position="top")
    st.session_state[_READY] = True
    goto = st.session_state.pop(_GOTO, None)
    if goto is not None:
        st.switch_page(goto, query_params=dict(st.query_params))
    page.run()
    foot()
    warm_up()
    identity.remember()


def listener() -> str:
    """The id of whoever is listening."""
    return identity.listener()


def language() -> str:
    """`en` or `zh`: as chosen, else as the browser asks for."""
    known = st.session_state.get(_LANGUAGE)  # one look: a page asks for hundreds of texts
    if known is None:
        try:
            chosen = store().listener(listener()).language
        except StoreError as error:
            note_problem(error)
            chosen = ""
        wanted = chosen or (st.context.locale or "en").split("-")[0]
        known = st.session_state[_LANGUAGE] = wanted if wanted in LANGUAGES else "en"
    return str(known)


def t(key: str, **values: object) -> str:
    """The text `key` in the listener's language."""
    return text(language(), key, **values)


def head(title: str, subtitle: str = "", beside: Callable[[], None] | None = None) -> None:
    """The title of a page; beside it the language, who is listening and what else `beside` draws there."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        if beside is not None:
            beside()
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
            st.segmented_control(
                t("shell.language"),
                list(LANGUAGES),
                default=language(),
                required=True,
                format_func=LANGUAGES.__getitem__,
                key="_language_choice",
                on_change=_choose_language,
                label_visibility="collapsed",
            )
            who.popover(t, note_problem)
    st.html(_PRIMARY_INK)
    if subtitle:
        st.markdown(subtitle)
    st.session_state.pop(_SHOWN, None)
    show_problem()


def _choose_language() -> None:
    chosen = st.session_state["_language_choice"]
    st.session_state[_LANGUAGE] = chosen
    retell()
    try:
        store().save_listener(listener(), language=chosen)
    except StoreError as error:
        note_problem(error)


def retell() -> None:
    """Tell the browser what is chosen, in a callback after which the choices have other names: it knows a choice by its words."""
    for key, value in st.session_state.items():
        if str(key).startswith(_CHOICES) and not isinstance(value, bool | None):
            st.session_state[key] = value


def note_problem(error: SongloomError) -> None:
    """Have the head of the page show an error that came up in a callback."""
    st.session_state[_PROBLEM] = error


def show_problem() -> None:
    """Show, once, what `note_problem` noted."""
    error = st.session_state.pop(_PROBLEM, None)
    if error is not None:
        st.session_state[_SHOWN] = error
        show_error(error)


def rerun() -> NoReturn:
    """Run the page again because something has come, not because the listener did something.

    What the page said about a problem is said once more, so that nobody misses it.
    """
    shown = st.session_state.pop(_SHOWN, None)
    if shown is not None:
        note_problem(shown)
    st.rerun()


def show_error(error: SongloomError) -> None:
    """An error in three parts: what was expected, what came, what to do."""
    lead = t("error.lead")
    st.error(f"{lead}{plain(in_language(language(), error))}", icon=":material/error:")
