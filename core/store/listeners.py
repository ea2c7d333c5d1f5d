"""Who listens: names, codes that bring a listener to another device, accounts, cookies of the earlier form."""

from __future__ import annotations

import re
import secrets

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from core.errors import LimitError, MissingError, RequestError
from core.store import checks, rows
from core.store.database import Database
from core.store.listening_tables import TryRow
from core.store.records import Listener
from core.store.tables import ListenerRow, TakeRow

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""

CODE_LENGTH, CODE_GROUP = 20, 5
"""100 bits, which no one can guess, shown in groups."""

TRY_SECONDS, MAX_TRIES, MAX_TRIES_OF_ALL = 600, 5, 200
"""Within so many seconds a caller has so many wrong tries, and all callers together."""


class Listeners:
    """Identities of listeners; what they did is in `Listening`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def name(self, id: str, name: str) -> Listener:
        """Give a listener a display name of at most `checks.MAX_NAME` characters, or none ("").

        Raises:
            RequestError: control characters.
            LimitError: it is too long.
        """
        name = checks.text(name, "A name", checks.MAX_NAME, least=0)
        with self._database.write() as session:
            row = session.get_one(ListenerRow, rows.listener(session, id), with_for_update=True)
            row.name = name
            return rows.listener_record(row)

    def find(self, name: str) -> str:
        """The id of the listener with this id or display name.

        Raises:
            MissingError: there is none.
            RequestError: several have this name, or it is empty or holds control characters.
            LimitError: it is longer than a name can be.
        """
        name = checks.text(name, "A name", checks.MAX_NAME)
        with self._database.read() as session:
            if rows.find_listener(session, name) is not None:
                return name
            # Takes may have an owner who left no other trace.
            if session.scalar(select(exists().where(TakeRow.owner == name))):
                return name
            found = session.scalars(select(ListenerRow.id).where(ListenerRow.name == name, ListenerRow.name != "")).all()
        if not found:
            wanted, got = "A listener is named by an id or a display name", f"nobody here is called {name[:80]!r}"
            raise MissingError(wanted, got, "Give the id or another name")
        if len(found) > 1:
            raise RequestError(f"One listener is called {name[:80]!r}", f"{len(found)} are", "Give the id instead")
        return found[0]

    # Codes

    def new_code(self, id: str) -> str:
        """A code that restores a listener elsewhere; an earlier one stops working. It is kept as a hash only.

        Raises:
            RequestError: the listener belongs to an account and is restored by signing in.
        """
        letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        with self._database.write() as session:
            row = session.get_one(ListenerRow, rows.listener(session, id), with_for_update=True)
            if row.subject is not None:
                raise RequestError("Who signs in is restored by signing in", "a code was asked for", "Sign in there")
            row.restore_hash = rows.hashed(letters)
        return "-".join(letters[start : start + CODE_GROUP] for start in range(0, CODE_LENGTH, CODE_GROUP))

    def restore(self, code: str, caller: str) -> str:
        """The id of the listener that a code belongs to.

        Args:
            code: as shown, in any case, with or without hyphens.
            caller: the id of whoever tries.

        Raises:
            MissingError: the code belongs to nobody.
            LimitError: too many wrong tries in the last minutes, of this caller or of all.
        """
        now, who = checks.moment(None), rows.hashed(caller)
        letters = re.sub(r"[\s-]", "", code.upper()).translate(str.maketrans("OIL", "011"))
        with self._database.write() as session:
            session.execute(delete(TryRow).where(TryRow.at <= now - TRY_SECONDS))
            own = session.scalar(select(func.count()).where(TryRow.caller == who)) or 0
            everyone = session.scalar(select(func.count()).select_from(TryRow)) or 0
            allowed = own < MAX_TRIES and everyone < MAX_TRIES_OF_ALL
            theirs = select(ListenerRow.id).where(ListenerRow.restore_hash == rows.hashed(letters))
            found = session.scalar(theirs) if allowed else None
            if found is not None:
                session.execute(delete(TryRow).where(TryRow.caller == who))
            elif allowed:
                session.add(TryRow(caller=who, at=now))
        if not allowed:
            limit = f"Codes can be tried {MAX_TRIES} times in {TRY_SECONDS // 60} minutes"
            raise LimitError(limit, "they were tried more often", "Wait a while")
        if found is None:
            raise MissingError("A restore code belongs to a listener", "this one belongs to nobody", "Check it, letter by letter")
        return found

    # Accounts

    def signed_in(self, subject: str, here: str) -> str:
        """The id of the listener of an account; at its first sign-in the account takes over who listens `here`.

        A listener of an account is opened by signing in only: neither by a cookie nor by a code.

        Args:
            subject: what the provider calls the account, for ever and unlike any other; at most 400 characters.
            here: the id that the browser has.

        Raises:
            RequestError, LimitError: the subject is empty or too long.
        """
        subject = checks.text(subject, "The name of an account", 400)
        with self._database.write() as session:
            found = session.scalar(select(ListenerRow.id).where(ListenerRow.subject == subject))
            if found is not None:
                return found
            row = session.get_one(ListenerRow, rows.listener(session, here), with_for_update=True)
            if row.subject is not None:  # of another account, which signed in here before
                row = session.get_one(ListenerRow, rows.listener(session, new_id()))
            row.subject, row.restore_hash, row.signed = subject, None, True
            return row.id

    # Cookies

    def opens(self, id: str, signed: bool) -> bool:
        """Whether a cookie with this id opens the listener, and notes that a signed one came.

        Not when the listener belongs to an account. A bare id, as browsers got before cookies were
        signed, opens listeners from that time until their browser has come back with a signed one.
        """
        with self._database.read() as session:
            row = session.scalar(select(ListenerRow).where(ListenerRow.id == id))
            if row is not None and row.subject is not None:
                return False
            if row is not None and row.signed:
                return signed
            if row is None and not _has_takes(session, id):
                return signed
        if signed:
            with self._database.write() as session:
                session.get_one(ListenerRow, rows.listener(session, id), with_for_update=True).signed = True
        return True


def new_id() -> str:
    """An id that cannot be guessed: 192 random bits."""
    return secrets.token_urlsafe(24)


def _has_takes(session: Session, id: str) -> bool:
    return bool(session.scalar(select(exists().where(TakeRow.owner == id))))
