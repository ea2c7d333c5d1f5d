"""Who is listening: a browser keeps one id, which no one can guess, in a cookie.

Streamlit reads cookies and writes none, so a small component without a face writes it. Signing in
can later take the place of the cookie: pages ask `listener()` and know no more.
"""

from __future__ import annotations

import re
import secrets

import streamlit as st

COOKIE = "songloom_listener"
_VALID = re.compile(r"^[A-Za-z0-9_-]{22,64}$")
_KEY = "_listener"

_JS = """
export default function ({ data, setStateValue }) {
  const found = document.cookie.split('; ').find((part) => part.startsWith(data.name + '='))
  if (found) {
    const id = found.slice(data.name.length + 1)
    // Another tab of this browser came first: both are the same listener.
    if (id !== data.id) setStateValue('id', id)
    return
  }
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${data.name}=${data.id}; Path=/; Max-Age=63072000; SameSite=Lax${secure}`
}
"""

_writer = st.components.v2.component("songloom.identity", js=_JS, html="<span\nhidden></span>")


def listener() -> str:
    """The id of whoever is listening in this session."""
    known = st.session_state.get(_KEY)
    if known is None:
        known = st.context.cookies.to_dict().get(COOKIE, "")
        if not _VALID.match(known):
            known = secrets.token_urlsafe(24)
        st.session_state[_KEY] = known
    return str(known)


def remember() -> None:
    """Have the browser keep the id; draws nothing that can be seen."""
    if st.context.cookies.to_dict().get(COOKIE) == listener():
        return
    _writer(key="_identity", data={"name": COOKIE, "id": listener()}, on_id_change=_take_over, height=1)


def _take_over() -> None:
    given = str((st.session_state.get("_identity") or {}).get("id") or "")
    if _VALID.match(given):
        st.session_state[_KEY] = given
