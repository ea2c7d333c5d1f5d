"""A take from close by: the large roll to edit on, all parts, notation, edits; undo and redo."""

from __future__ import annotations

import streamlit as st

from core.engines.as_written import as_written
from core.errors import SongloomError
from core.score import Score
from core.score.engrave import engrave
from ui import edits, player, session
from ui.bars import bar_count
from ui.files import to_midi
from ui.plain import plain
from ui.plots import roll_figure
from ui.roll import Edit
from ui.roll.history import History
from ui.services import store
from ui.session import Shown
from ui.shell import language, listener, note_problem, show_error, show_problem, t

INK, INK_ON_DARK = "#15110e", "#efe9e3"
"""The text colours of the themes in `.streamlit/config.toml`."""

VIEWS = ("roll", "tracks", "notation", "edits")


def show_opened() -> None:
    """The take that was opened on the Compose page, under the others."""
    opened = st.session_state.get("opened")
    shown = next((take for take in session.current_batch() if take.id == opened), None)
    if shown is None:
        return
    with st.container(border=True, key="opened"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(plain(shown.record.title), anchor=False, width="content")
            if st.button(t("take.close"), key="close", icon=":material/close:", type="tertiary"):
                st.session_state["opened"] = None
                st.rerun()
        show(shown)


@st.fragment
def show(shown: Shown) -> None:
    """The take with everything that can be looked at and, by its owner, changed."""
    show_problem()
    own = shown.record.owner == listener()
    history = session.history(shown)
    if own:
        _steps(shown, history)
    tabs = st.tabs([t(f"editor.{view}") for view in VIEWS if own or view != "edits"], key=f"tabs-{shown.id}", on_change="rerun")
    score = history.present
    draw = {"roll": _roll, "tracks": _tracks, "notation": _notation, "edits": _edits}
    for view, tab in zip(VIEWS, tabs, strict=False):
        if tab.open:
            with tab:
                try:
                    draw[view](shown, score, own)
                except SongloomError as error:
                    show_error(error)


def _steps(shown: Shown, history: History[Score]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name, icon, possible in (
            ("undo", ":material/undo:", bool(history.past)),
            ("redo", ":material/redo:", bool(history.undone)),
            ("original", ":material/restart_alt:", bool(history.past)),
        ):
            st.button(
                t(f"editor.{name}"),
                key=f"{name}-{shown.id}",
                icon=icon,
                type="tertiary",
                disabled=not possible,
                on_click=_step,
                args=(shown, name),
            )


def _step(shown: Shown, name: str) -> None:
    history = session.history(shown)
    moved = {
        "undo": history.undo,
        "redo": history.redo,
        "original": lambda: history.push(history.past[0] if history.past else history.present),
    }[name]()
    commit(shown, moved, t(f"editor.{name}"))


def commit(shown: Shown, history: History[Score], what: str) -> None:
    """Note the edits in the session and in the store; the session has them even if the store refuses."""
    if history.present == session.history(shown).present:
        session.set_history(shown, history)
        return
    changed = session.set_history(shown, history)
    if shown.is_stored:
        try:
            store().edit(shown.id, listener(), to_midi(changed.score), what)
        except SongloomError as error:
            note_problem(error)


def _roll(shown: Shown, score: Score, own: bool) -> None:
    def on_edit(changes: tuple[Edit, ...]) -> None:
        try:
            commit(shown, session.history(shown).edit(changes), t("editor.step_roll"))
        except SongloomError as error:
            note_problem(error)

    player.show(
        score,
        key=f"editor-{shown.id}",
        title=t("take.label", title=shown.record.title),
        height=360,
        new_from=shown.record.new_from,
        on_edit=on_edit if own else None,
        item=f"take:{shown.id}" if shown.is_stored else "",
    )


def _tracks(shown: Shown, score: Score, _own: bool) -> None:
    parts(score, shown.id)


def parts(score: Score, id: str) -> None:
    """All parts over time, each in its colour."""
    figure = roll_figure(score, dark=st.context.theme.type == "dark", lang=language())
    figure.update_layout(font={"color": ink()})
    st.plotly_chart(figure, key=f"plot-{id}", theme=None)


def ink() -> str:
    """The colour of notation on the page."""
    return INK_ON_DARK if st.context.theme.type == "dark" else INK


def _notation(shown: Shown, score: Score, _own: bool) -> None:
    notation(score, shown.record.title)


def notation(score: Score, title: str) -> None:
    """The score engraved.

    Raises:
        SongloomError: it cannot be.
    """
    alt = t("editor.notation_alt", title=title, bars=bar_count(score))
    written = as_written(score)
    for page in _engraved(to_midi(written), written):
        # A picture does not see the page's colours, so the ink is filled in here.
        st.image(page.replace("currentColor", ink()), alt=alt, width="stretch")


@st.cache_data(max_entries=64, show_spinner=False)
def _engraved(midi: bytes, _score: Score) -> tuple[str, ...]:
    return engrave(_score, width=720)


def _edits(shown: Shown, score: Score, _own: bool) -> None:
    edits.panel(score, f"edit-{shown.id}", lambda new, what: commit(shown, session.history(shown).push(new), what))
