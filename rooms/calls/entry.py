"""Coming in: ping, tickets, login, logout, who am I. These need no right and are given the session as it came."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from approvals import accounts
from approvals.ledger import Entry
from archive.keys import Keys
from records.errors import Refused
from rooms.calls.registry import call

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


@call("ping", None)
def ping(room: StrongRoom, session: str | None) -> dict[str, Any]:
    """Whether anybody is there, and whether this is a demo."""
    return {"ok": True, "demo": room.ledger.is_demo(), "hospital": room.config.hospital}


@call("front.attach", None)
def attach(room: StrongRoom, session: str | None, ticket: str) -> dict[str, Any]:
    """The shelf's index key against a one-time ticket; the text key never leaves."""
    if not room.take_ticket(ticket):
        raise Refused("ticket", "This ticket was used or never given; start the front desk through `lantai serve`.")
    return {"index_key": base64.b64encode(room.shelf_keys.index).decode(), "edition": int(room.shelf.current())}


@call("login", None)
def login(room: StrongRoom, session: str | None, username: str, password: str) -> dict[str, Any]:
    """A session for the right password; throttled, and recorded either way."""
    return accounts.login(room.ledger, username, password)


@call("login.demo", None)
def login_demo(room: StrongRoom, session: str | None, username: str) -> dict[str, Any]:
    """A session without a password, in a demo home only."""
    return accounts.login(room.ledger, username, None)


@call("login.local", None)
def login_local(room: StrongRoom, session: str | None, passphrase: str) -> dict[str, Any]:
    """A session for whoever holds the archive's passphrase: may set up and run the home, sees no records."""
    wrong = Refused("wrong_passphrase", "The passphrase does not open this archive; try again.")
    accounts.guarded(room.ledger, "local", lambda: _opens(room, passphrase), wrong)
    room.ledger.record(Entry("local", "login", "local"))
    return {"token": room.local_session(), "user": "local"}


@call("password.change", None)
def change_password(room: StrongRoom, session: str | None, old: str, new: str) -> dict[str, Any]:
    """One's own new password; every session of the account ends, this one too."""
    return accounts.change_password(room.ledger, room.actor(session), old, new)


@call("whoami", None)
def whoami(room: StrongRoom, session: str | None) -> dict[str, Any]:
    """The person behind a session, as of now."""
    who = room.actor(session)
    return {
        "user": who.user, "display": who.display, "roles": sorted(who.roles), "department": who.department,
    }  # fmt: skip


@call("logout", None)
def logout(room: StrongRoom, session: str | None) -> dict[str, Any]:
    """End a session."""
    room.end_session(session)
    return {"ok": True}


def _opens(room: StrongRoom, passphrase: str) -> bool:
    try:
        Keys.open(room.config.strong, passphrase)
    except Refused:
        return False
    return True
