"""Next lines from a program of the listener's own: where it is, what it is called, its key; and who may say so.

Whoever may name an address makes this server send something there. So a listener may only where the app is served to this
machine alone; elsewhere only the operator, by the settings below. The key stays in the session, and goes nowhere but to the
address.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from core.errors import SongloomError
from core.lyrics.address import Address
from ui.plain import plain
from ui.shell import show_error, t

URL, MODEL, KEY = "SONGLOOM_WRITER_URL", "SONGLOOM_WRITER_MODEL", "SONGLOOM_WRITER_KEY"
"""Settings of the operator: an address for all, or `off` for none."""
OFF = "off"
_URL, _MODEL, _KEY = "lyrics_own_url", "lyrics_own_model", "lyrics_own_key"
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def popover(ask: Callable[[Address], None], busy: bool) -> None:
    """The button, and what it opens: an address, and a button that says where the words go. Nothing where none may be used."""
    operators = os.environ.get(URL, "").strip()
    if operators == OFF or not (operators or _is_served_here()):
        return
    with st.popover(t("own.title"), icon=":material/lan:", type="tertiary", key="lyrics-own"):
        st.markdown(t("own.lead"))
        if not operators:
            st.text_input(t("own.url"), key=_URL, placeholder="http://localhost:11434/v1", persist_state="session")
            st.text_input(t("own.model"), key=_MODEL, placeholder="llama3.2", persist_state="session")
            st.text_input(t("own.key"), key=_KEY, type="password", help=t("own.key_help"), persist_state="session",
                          autocomplete="off")
        try:
            found = _address(operators)
        except SongloomError as error:
            show_error(error)
            return
        if found is None:
            st.caption(t("own.empty"))
            return
        host = plain(found.host)
        st.caption(t("own.here" if found.is_here else "own.sends", host=host))
        st.button(t("own.ask", host=host), key="lyrics-own-ask", icon=":material/send:", on_click=ask, args=(found,),
                  disabled=busy)


def _address(operators: str) -> Address | None:
    """The address to ask; None where nothing has been written yet.

    Raises:
        RequestError: it cannot be used.
    """
    if operators:
        return Address(operators, os.environ.get(MODEL, ""), os.environ.get(KEY, ""))
    url, model = (str(st.session_state.get(key) or "").strip() for key in (_URL, _MODEL))
    if not url or not model:
        return None
    return Address(url, model, str(st.session_state.get(_KEY) or "").strip())


def _is_served_here() -> bool:
    """Whether the app listens to this machine alone, and this page came from there and through nobody else."""
    if str(st.get_option("server.address") or "") not in _LOOPBACK:
        return False
    headers = st.context.headers
    host = str(headers.get("Host") or "")
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return name in _LOOPBACK and not any(headers.get(header) for header in _FORWARDED)
