"""Who is listening: an account that signed in, else the listener whose signed cookie this browser keeps.

Streamlit reads cookies and writes none, so a small component without a face writes ours.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.errors import StoreError
from core.store.listeners import new_id
from ui import cookie
from ui.services import store

_KEY, _GUEST, _SEEN, _FORCE = "_listener", "_guest", "_cookie_seen", "_cookie_force"

_JS = """
const done = new Set()

export default function ({ data, setStateValue }) {
  const part = document.cookie.split('; ').find((each) => each.startsWith(data.name + '='))
  const found = part ? part.slice(data.name.length + 1) : ''
  if (found === data.value) return
  const force = data.force && !done.has(data.force)
  if (found && found !== data.seen && !force) {
    // Another tab of this browser came first: both are the same listener.
    setStateValue('value', found)
    return
  }
  done.add(data.force)
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${data.name}=${data.value}; Path=/; Max-Age=63072000; SameSite=Lax${secure}`
}
"""

_writer = st.components.v2.component("songloom.identity", js=_JS, html="<span\nhidden></span>")


@dataclass(frozen=True, slots=True)
class User:
    """An account that signed in: `subject` is what its provider calls it for ever, `name` is for people."""

    subject: str
    name: str


def current_user() -> User | None:
    """The account that is signed in through Streamlit's OpenID Connect, None without one."""
    try:
        signed_in = bool(st.user.is_logged_in)
    except AttributeError:  # no `[auth]` in the secrets
        return None
    if not signed_in:
        return None
    claims = st.user.to_dict()
    name = next((str(claims[field]) for field in ("name", "email") if claims.get(field)), "")
    return User(f"{claims.get('iss', '')}|{claims['sub']}", name)


def providers() -> tuple[str, ...]:
    """Names of the providers that one can sign in with, "" for the one without a name; none without settings."""
    try:
        auth = st.secrets.get("auth", {})
    except StreamlitSecretNotFoundError:
        return ()
    named = tuple(name for name, section in auth.items() if hasattr(section, "keys"))
    return (*(("",) if "client_id" in auth else ()), *named)


def listener() -> str:
    """The id of whoever is listening in this session."""
    known = st.session_state.get(_KEY)
    return str(known) if known is not None else _arrive()


def _arrive() -> str:
    try:
        id, signed = cookie.read(_cookie())
        here = id if id and store().listeners.opens(id, signed) else new_id()
        user = current_user()
        if user is not None:
            here = store().listeners.signed_in(user.subject, here)
    except StoreError:
        # Nothing can be looked up, and the page says so. Until the store is back this session has a
        # listener of its own: a cookie alone may not open one that belongs to an account.
        return str(st.session_state.setdefault(_GUEST, new_id()))
    st.session_state[_KEY] = here
    return here


def become(id: str) -> None:
    """Listen as somebody else from now on, in this browser: everything of this session is put away."""
    for key in list(st.session_state):
        if not str(key).startswith("_shell"):
            del st.session_state[key]
    st.session_state[_KEY] = id
    st.session_state[_FORCE] = secrets.token_hex(8)


def remember() -> None:
    """Have the browser keep the listener; draws nothing that can be seen."""
    if _KEY not in st.session_state or current_user() is not None:
        return
    value, seen = cookie.seal(listener()), _cookie()
    if value == seen and _FORCE not in st.session_state:
        return
    data = {
        "name": cookie.NAME,
        "value": value,
        "seen": st.session_state.get(_SEEN, seen),
        "force": st.session_state.get(_FORCE, ""),
    }
    _writer(key="_identity", data=data, on_value_change=_take_over, height=1)


def _take_over() -> None:
    given = str((st.session_state.get("_identity") or {}).get("value") or "")
    id, signed = cookie.read(given)
    if id and signed and store().listeners.opens(id, signed):
        st.session_state[_KEY] = id
    else:
        st.session_state[_SEEN] = given  # nobody's: ours may take its place


def _cookie() -> str:
    return str(st.context.cookies.to_dict().get(cookie.NAME, ""))
