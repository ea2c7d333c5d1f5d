"""One take with everything about it: its music, edits for its owner, how it was made."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import MissingError, SongloomError
from ui import composing, downloads, editor, files, publish, session, shell, sound_settings, takes
from ui.analyse import badges
from ui.analyse import way as analyse_way
from ui.arrange import way as arrange_way
from ui.bars import bar_count
from ui.lyrics import sing
from ui.names import key_name, style_name
from ui.plain import plain
from ui.services import store
from ui.session import Shown
from ui.shape import way
from ui.shell import language, listener, note_problem, show_error, t
from ui.taste import stars


def draw() -> None:
    """The page for the id in the address."""
    id = st.query_params.get("id", "")
    if not id:
        shell.head(t("page.take"), t("take.no_address"))
        _ways_out()
        return
    try:
        shown = _shown(id)
    except MissingError:
        shell.head(t("page.take"))
        st.warning(t("take.missing"), icon=":material/search_off:")
        _ways_out()
        return
    except SongloomError as error:
        shell.head(t("page.take"))
        show_error(error)
        _ways_out()
        return
    score = shown.score
    about = [
        style_name(shown.record.style, language()),
        key_name(score.key, language()),
        str(score.metres[0]),
        t("take.meta_bars", bars=bar_count(score)),
    ]
    shell.head(plain(shown.record.title), " · ".join(filter(None, about)))
    composing.say()
    own = shown.record.owner == listener()
    if not own:
        st.caption(t("take.not_yours"))
    _actions(shown, own)
    badges.row(score, shown.record.style)
    badges.watch()
    stars.row(f"take:{shown.id}", shown.record.title)
    editor.show(shown)
    sing.show(shown, f"editor-{shown.id}", own=False)
    _details(shown, own)


def _shown(id: str) -> Shown:
    """The take in the store, with the score as this session last saw it."""
    record = store().take(id)
    shown = files.shown(record)
    history = session.history(shown)
    return replace(shown, score=history.present)


def _actions(shown: Shown, own: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        if own:
            takes.keep_button(shown)
            publish.button(shown)
            if st.button(t("take.continue"), key=f"continue-{shown.id}", icon=":material/east:", type="tertiary"):
                composing.go_on(shown)
                st.switch_page("pages/compose.py")
        elif st.button(t("take.copy"), key="copy", icon=":material/content_copy:", type="primary"):
            _copy(shown)
        way.button(f"take:{shown.id}")
        arrange_way.button(f"take:{shown.id}")
        analyse_way.button(f"take:{shown.id}")
        downloads.popover(shown.score, shown.record.title, shown.id)
        sound_settings.popover()


def _copy(shown: Shown) -> None:
    try:
        (record,) = store().add([replace(composing.new_from_record(shown.record), owner=listener())])
        store().keep(record.id, listener())
    except SongloomError as error:
        show_error(error)
        return
    st.session_state["said"] = "take.copied"
    st.switch_page("pages/take.py", query_params={"id": record.id})


def _details(shown: Shown, own: bool) -> None:
    record = shown.record
    with st.expander(t("take.details"), icon=":material/info:"):
        if own:
            key = f"title-{record.id}-{record.title}"
            st.text_input(t("take.rename"), record.title, max_chars=200, key=key, on_change=_rename, args=(record.id, key))
        rows = {
            t("take.style"): style_name(record.style, language()),
            t("take.engine"): record.engine,
            t("take.weights"): record.weights[:16],
            t("take.random_seed"): str(record.random_seed),
            t("take.seconds"): f"{record.seconds:.2f}",
            t("take.created"): f"{record.created:%Y-%m-%d %H:%M} UTC",
        }
        st.table({name: plain(value) for name, value in rows.items()}, border="horizontal")


def _rename(id: str, key: str) -> None:
    try:
        store().rename(id, listener(), st.session_state[key])
    except SongloomError as error:
        note_problem(error)


def _ways_out() -> None:
    with st.container(horizontal=True):
        st.page_link("pages/library.py", label=t("take.to_library"), icon=":material/library_music:")
        st.page_link("pages/compose.py", label=t("take.to_compose"), icon=":material/music_note:")
