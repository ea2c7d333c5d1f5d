"""The cookie that tells who listens: the listener's id and a seal that only this server can make.

The seal is an HMAC (RFC 2104) with SHA-256, cut to 192 bits. Its secret is the server's
`cookieSecret` where one is set, so that several servers can share it, else a file in the home folder.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from streamlit import config

from core.errors import StoreError
from core.store.database import HOME, home

NAME = "songloom_listener"
FILE = "cookie.secret"
_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")


def seal(id: str) -> str:
    """The cookie's value for a listener.

    Raises:
        StoreError: the secret can neither be read nor made.
    """
    return f"{id}.{_mac(id)}"


def read(value: str) -> tuple[str, bool]:
    """The id in a cookie and whether its seal is ours; ("", False) for one that is forged or altered.

    A bare id, as the first Songloom wrote, comes back as not sealed.

    Raises:
        StoreError: the secret can neither be read nor made.
    """
    id, dot, mac = value.partition(".")
    if not _ID.fullmatch(id):
        return "", False
    if not dot:
        return id, False
    return (id, True) if hmac.compare_digest(mac.encode(), _mac(id).encode()) else ("", False)


def _mac(id: str) -> str:
    digest = hmac.new(_secret(), b"songloom listener " + id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _secret() -> bytes:
    if config.is_manually_set("server.cookieSecret"):
        return str(config.get_option("server.cookieSecret")).encode()
    return _from_file(home() / FILE)


@lru_cache(maxsize=8)
def _from_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        return path.read_bytes()
    except OSError as error:
        what = f"The secret of the cookies lies in {path}"
        raise StoreError(what, str(error), f"Correct the rights, or set {HOME} or server.cookieSecret") from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(part, path)  # whole or not at all; of two processes the first one wins
    except FileExistsError:
        return
    finally:
        part.unlink()
