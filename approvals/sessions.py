"""Sessions: opaque tokens kept as their SM3, ended by logout, idleness, age or a disabled account. Says nothing
about rights.
"""

from __future__ import annotations

import contextlib
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from approvals import schema
from approvals.ledger import Entry, Ledger, Row, Tx
from approvals.times import moment_of, stamp
from records.errors import Refused, Unavailable
from records.ids import UserId
from records.seal import sm3

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
TOUCH_EVERY: Final = timedelta(minutes=1)  # noting every call would turn each read into a write


def start(ledger: Ledger, user: UserId) -> str:
    """A new session; the token (43 characters, 32 random bytes) is shown once and never stored."""
    token = secrets.token_urlsafe(32)
    session_id = _id(token)
    with ledger.write(Entry(user, "login", user)) as tx:
        tx.insert(schema.sessions, session_id, user=user, created=tx.at, expires=stamp(tx.now + LONGEST), ended=None)
    ledger.touch(session_id)
    return token


def alive(ledger: Ledger, token: str) -> Row:
    """The session's row. Raises Refused("not_logged_in") when there is none, or it ended, expired or idled out."""
    session_id = _id(token)
    now = ledger.now()
    with ledger.read() as reader:
        row = reader.one(schema.sessions, session_id)
        seen = reader.seen(session_id)
    if row is None or row["ended"] is not None or row["expires"] <= stamp(now):
        raise not_logged_in()
    last = moment_of(seen or row["created"])
    if now - last >= IDLE:
        raise not_logged_in()
    if now - last >= TOUCH_EVERY or seen is None:
        # On a full or busy disk reading goes on; the session only idles out earlier.
        with contextlib.suppress(Unavailable):
            ledger.touch(session_id)
    return row


def end(ledger: Ledger, token: str) -> None:
    """Ends one session; does nothing for a token that stands for none."""
    session_id = _id(token)
    with ledger.read() as reader:
        row = reader.one(schema.sessions, session_id)
    if row is None or row["ended"] is not None:
        return
    with ledger.write(Entry(row["user"], "logout", row["user"])) as tx:
        tx.update(schema.sessions, session_id, ended=tx.at)


def end_all(tx: Tx, user: str) -> int:
    """Ends every open session of an account; returns how many."""
    table = schema.sessions
    rows = tx.rows(select(table).where(table.c.user == user, table.c.ended.is_(None)), table)
    for row in rows:
        tx.update(table, row["id"], ended=tx.at)
    return len(rows)


def not_logged_in() -> Refused:
    """One answer for every kind of dead session."""
    return Refused("not_logged_in", "You are not logged in or were away too long; log in again.")


def _id(token: str) -> str:
    return sm3(b"lantai/session/" + token.encode(errors="replace")).hex()
