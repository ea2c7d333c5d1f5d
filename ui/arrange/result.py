"""An arrangement: seen, heard, mixed, played anew in parts, kept, taken home."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.engines.arranging_io import to_json
from core.errors import SongloomError
from core.store import NewTake
from ui import downloads, editor, files, player, seed, sound_settings, tabs
from ui.arrange import chords, mixer, state, strip, work
from ui.arrange.state import Arranged
from ui.bars import bar_count
from ui.names import key_name
from ui.plain import plain
from ui.services import store
from ui.shell import language, listener, note_problem, show_error, show_problem, t

VIEWS = ("mixer", "chords", "tracks", "notation")
_KEPT = "arranged_kept"
"""Where the session holds which state of an arrangement was kept: id to (score, id in the store)."""


@st.fragment
def draw() -> None:
    """The arrangement that is shown; it runs again alone when its own controls are used."""
    if work.was_asked():
        st.rerun()
    one = state.shown()
    if one is None:
        return
    with st.container(border=True, key="arrangement", gap="small"):
        show_problem()
        _heading(one)
        strip.draw(one)
        player.show(one.present.heard, key=f"arranged-roll-{one.id}", title=one.title, height=300)
        _actions(one)
        for view, tab in tabs.opened(VIEWS, f"arrange-tabs-{one.id}", "arrange.tab_"):
            with tab:
                try:
                    _view(view, one)
                except SongloomError as error:
                    show_error(error)


def _view(view: str, one: Arranged) -> None:
    if view == "mixer":
        mixer.draw(one)
    elif view == "chords":
        chords.draw(one)
    elif view == "tracks":
        heard = one.present.heard
        named = tuple(replace(track, name=mixer.part_name(track.name)) for track in heard.tracks)
        editor.parts(replace(heard, tracks=named), one.id)
    else:
        editor.notation(one.score, one.title)


def _heading(one: Arranged) -> None:
    score = one.score
    about = [key_name(score.key, language()), str(score.metres[0]), t("take.meta_bars", bars=bar_count(score))]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.subheader(plain(one.title), anchor=False, width="content")
        st.caption(" · ".join(filter(None, about)), width="content")
    everything = state.everything()
    if len(everything) > 1:
        titles = {other.id: f"{number}. {other.title}" for number, other in enumerate(everything, 1)}
        st.session_state["arrange_take"] = one.id
        st.selectbox(
            t("arrange.takes"), list(titles), format_func=titles.__getitem__, key="arrange_take", on_change=_show, width=520
        )


def _show() -> None:
    state.show(st.session_state["arrange_take"])


def _actions(one: Arranged) -> None:
    steps = (("undo", ":material/undo:", bool(one.history.past), state.undo),
             ("redo", ":material/redo:", bool(one.history.undone), state.redo))
    with st.container(horizontal=True, gap="small"):
        for name, icon, possible, step in steps:
            st.button(t(f"editor.{name}"), key=f"arrange-{name}", icon=icon, type="tertiary", disabled=not possible,
                      on_click=step, args=(one.id,))
        score, record = st.session_state.get(_KEPT, {}).get(one.id, (None, ""))
        if score == one.score:
            st.page_link("pages/take.py", label=t("take.kept"), icon=":material/bookmark_added:", query_params={"id": record})
        else:
            st.button(t("take.keep"), key="arrange-keep", icon=":material/bookmark_add:", type="tertiary", on_click=_keep,
                      args=(one,))
        if st.button(t("library.use"), key="arrange-use", icon=":material/east:", type="tertiary"):
            seed.use(one.piece, one.title)
            st.switch_page("pages/compose.py")
        downloads.popover(one.score, one.title, f"arranged-{one.id}")
        sound_settings.popover()


def _keep(one: Arranged) -> None:
    new = NewTake(
        owner=listener(),
        title=one.title[:200],
        style=one.request.band,
        engine="gan",
        request=to_json(one.request),
        weights=one.weights,
        random_seed=one.request.random_seed,
        midi=files.to_midi(one.score),
        seconds=one.seconds,
    )
    try:
        (record,) = store().add([new])
        store().keep(record.id, listener())
    except SongloomError as error:
        note_problem(error)
        return
    st.session_state[_KEPT] = st.session_state.get(_KEPT, {}) | {one.id: (one.score, record.id)}
    st.toast(t("take.now_kept"))
