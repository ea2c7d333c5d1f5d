"""Who is meant by `--listener NAME`."""

from __future__ import annotations

from core.errors import MissingError
from core.store.listeners import new_id
from core.store.store import Store


def named(store: Store, name: str, create: bool = False) -> str:
    """The id of the listener with an id or display name; with `create` a new one where there is none.

    Raises:
        MissingError: there is none.
        RequestError: several have this name, or it is no name.
    """
    try:
        return store.listeners.find(name)
    except MissingError:
        if not create:
            raise
    ident = new_id()
    store.listeners.name(ident, name)
    return ident
