"""The popover "who is listening": a name, a code for another device, signing in and out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import SongloomError
from core.store.checks import MAX_NAME
from ui import identity
from ui.plain import plain
from ui.services import store

_CODE = "_restore_code"

Say = Callable[..., str]
Problem = Callable[[SongloomError], None]


def popover(t: Say, problem: Problem) -> None:
    """Draw the popover.

    Args:
        t: the text under a key, in the listener's language.
        problem: notes an error that came up in a callback.
    """
    user = identity.current_user()
    try:
        name = store().listener(identity.listener()).name
    except SongloomError as error:
        problem(error)
        return
    shown = name or (user.name if user else "")
    with st.popover(plain(shown) if shown else t("who.you"), icon=":material/person:", type="tertiary"):
        key = f"_name-{name}"
        st.text_input(
            t("who.name"), name, max_chars=MAX_NAME, key=key, help=t("who.name_help"), on_change=_rename, args=(key, problem)
        )
        if user is not None:
            st.caption(t("who.signed_in", name=plain(user.name or user.subject)))
            st.button(t("who.sign_out"), key="_sign_out", icon=":material/logout:", on_click=st.logout)
            return
        st.caption(t("who.here"))
        _code(t, problem)
        for provider in identity.providers():
            label = t("who.sign_in_with", name=plain(provider.title())) if provider else t("who.sign_in")
            if st.button(label, key=f"_sign_in-{provider}", icon=":material/login:"):
                st.login(provider or None)


def _code(t: Say, problem: Problem) -> None:
    about = t("who.new_code_help")
    st.button(t("who.new_code"), key="_new_code", icon=":material/key:", help=about, on_click=_make, args=(problem,))
    code = st.session_state.pop(_CODE, None)
    if code is not None:
        st.code(code, language=None)
        st.caption(t("who.code_once"))
    with st.form("_restore", border=False):
        st.text_input(t("who.code"), key="_code", max_chars=64, help=t("who.code_help"))
        st.form_submit_button(t("who.restore"), icon=":material/devices:", on_click=_restore, args=(problem,))


def _rename(key: str, problem: Problem) -> None:
    try:
        store().listeners.name(identity.listener(), st.session_state[key])
    except SongloomError as error:
        problem(error)


def _make(problem: Problem) -> None:
    try:
        st.session_state[_CODE] = store().listeners.new_code(identity.listener())
    except SongloomError as error:
        problem(error)


def _restore(problem: Problem) -> None:
    try:
        identity.become(store().listeners.restore(st.session_state["_code"], identity.listener()))
    except SongloomError as error:
        problem(error)
