"""Accounts and login: who may come in, throttled and recorded. An unknown name and a wrong password look the same
from outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from approvals import schema, sessions
from approvals.chain import mac
from approvals.ledger import Entry, Ledger, Row, Tx
from approvals.passwords import PASSWORDS, Passwords
from approvals.times import stamp
from records.errors import BadInput, Refused
from records.ids import UserId
from records.people import Actor, Role

NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,31}")
RESERVED: Final = frozenset({"system", "anonymous", "nobody", "local"})
WINDOW: Final = timedelta(minutes=10)
MOST_PER_NAME: Final = 5  # failures within the window
MOST_PER_MINUTE: Final = 60  # failures of everybody together
MINUTE: Final = timedelta(minutes=1)

_WRONG = ("wrong_login", "The user name or the password is wrong; check both and try again.")
_SLOW = ("login_throttled", "Too many failed logins; wait ten minutes or ask the manager.")


def add_user(
    ledger: Ledger,
    actor: Actor | None,
    user: str,
    *,
    roles: Collection[str],
    password: str | None = None,
    department: str | None = None,
    display: str = "",
    passwords: Passwords = PASSWORDS,
) -> dict[str, Any]:
    """A new account; `actor` None is the system at set-up. {"user","roles"}. Without a password it can enter a
    demo home only.

    Raises BadInput: bad_user_name, bad_role, bad_password, department_missing, already_exists.
    """
    if not NAME.fullmatch(user) or user in RESERVED:
        raise BadInput(
            "bad_user_name", "Choose a user name of 2 to 32 small letters, digits, dots and dashes, letter first."
        )
    known = {role.value for role in Role}
    if not roles or not set(roles) <= known:
        raise BadInput("bad_role", f"Choose roles from: {', '.join(sorted(known))}.")
    if Role.CLINICIAN.value in roles and not department:
        raise BadInput("department_missing", "A clinician needs a department; name it.")
    if password is None and not ledger.is_demo():
        raise BadInput("bad_password", "An account needs a password; set one.")
    hashed = None if password is None else passwords.hash(password)
    with ledger.write(
        Entry(_name(actor), "user.add", user, detail={"roles": sorted(roles), "department": department})
    ) as tx:
        if tx.one(schema.accounts, user) is not None:
            raise BadInput("already_exists", "There is an account of that name; choose another name.")
        tx.insert(
            schema.accounts,
            user,
            display=display or user,
            roles=",".join(sorted(set(roles))),
            department=department,
            password=hashed,
            state="active",
            created=tx.at,
        )
    return {"user": user, "roles": sorted(set(roles))}


def disable_user(ledger: Ledger, actor: Actor, user: str, reason: str = "") -> dict[str, Any]:
    """Closes an account and ends all its sessions. {"user","state","sessions_ended"}. Raises BadInput, Refused."""
    if actor.user == user:
        raise Refused("own_account", "You cannot disable your own account; ask another manager.")
    with ledger.write(Entry(actor.user, "user.disable", user, reason)) as tx:
        _account(tx, user)
        tx.update(schema.accounts, user, state="disabled")
        ended = sessions.end_all(tx, user)
        tx.note(sessions_ended=ended)
    return {"user": user, "state": "disabled", "sessions_ended": ended}


def set_password(
    ledger: Ledger, actor: Actor | None, user: str, password: str, passwords: Passwords = PASSWORDS
) -> dict[str, Any]:
    """A new password; ends all sessions of the account. {"user"}. Raises BadInput."""
    hashed = passwords.hash(password)
    with ledger.write(Entry(_name(actor), "user.password", user)) as tx:
        _account(tx, user)
        tx.update(schema.accounts, user, password=hashed)
        sessions.end_all(tx, user)
    return {"user": user}


def change_password(
    ledger: Ledger, actor: Actor, old: str, new: str, passwords: Passwords = PASSWORDS
) -> dict[str, Any]:
    """One's own new password, against the old one; whoever set the first one knows it no longer. {"user"}. Raises
    BadInput, Refused("wrong_login" | "login_throttled").
    """
    with ledger.read() as reader:
        row = reader.one(schema.accounts, actor.user)
    stored = row["password"] if row else None
    guarded(ledger, f"change/{actor.user}", lambda: passwords.matches(stored, old), Refused(*_WRONG), passwords)
    return set_password(ledger, actor, actor.user, new, passwords)


def guarded(
    ledger: Ledger, name: str, check: Callable[[], bool], wrong: Refused, passwords: Passwords = PASSWORDS
) -> None:
    """Asks `check` whether a secret is right, throttled like a login under a name that nobody can type, and raises
    `wrong` if it is not. Raises Refused("login_throttled"), Unavailable("login_busy").
    """
    key, table = mac(ledger.key, f"secret/{name}"), schema.login_attempts
    failures = select(table.c.id).where(table.c.name == key, table.c.at > stamp(ledger.now() - WINDOW))
    with passwords.turn():
        with ledger.read() as reader:
            failed = reader.count(failures)
        if failed >= MOST_PER_NAME:
            raise Refused(*_SLOW)
        if not check():
            _attempt(ledger, "login.failed", name, key, "failed")
            raise wrong


def list_users(ledger: Ledger, _actor: Actor | None = None) -> dict[str, Any]:
    """{"rows": [{"user","display","roles","department","state"}]}; never a password, not even hashed."""
    with ledger.read() as reader:
        rows = reader.rows(select(schema.accounts).order_by(schema.accounts.c.id), schema.accounts)
    return {"rows": [{**_shown(row), "state": row["state"]} for row in rows]}


def login(ledger: Ledger, username: str, password: str | None, passwords: Passwords = PASSWORDS) -> dict[str, Any]:
    """{"token","user","display","roles","department"}. `password` None asks for a demo login, which only a demo
    home gives.

    Raises Refused("wrong_login" | "login_throttled" | "demo_only"), Unavailable("login_busy").
    """
    name = _attempt_name(ledger, username)
    if password is None and not ledger.is_demo():
        raise Refused("demo_only", "Only a demo home lets people in without a password; give the password.")
    with (
        passwords.turn()
    ):  # the throttle is read and the failure written within one turn, so attempts cannot overtake it
        _throttle(ledger, username, name)
        row = _find(ledger, username)
        genuine = row is not None if password is None else passwords.matches(row["password"] if row else None, password)
        if row is None or not genuine or row["state"] != "active":
            _failed(ledger, row, name)
            raise Refused(*_WRONG)
    token = sessions.start(ledger, UserId(row["id"]))
    return {"token": token, **_shown(row)}


def _find(ledger: Ledger, username: str) -> Row | None:
    if not NAME.fullmatch(username):
        return None
    with ledger.read() as reader:
        return reader.one(schema.accounts, username)


def _attempt_name(ledger: Ledger, username: str) -> str:
    """A keyed hash: people type passwords and other people's names into this field."""
    typed = username[:200].strip().lower().encode(errors="replace").decode()
    return mac(ledger.key, f"login/{typed}")


def _throttle(ledger: Ledger, username: str, name: str) -> None:
    table = schema.login_attempts
    now = ledger.now()
    came_in = select(func.max(schema.sessions.c.created)).where(
        schema.sessions.c.user == (username if NAME.fullmatch(username) else "")
    )
    failures = select(table.c.id).where(table.c.outcome == "failed")
    with ledger.read() as reader:
        since = max(
            stamp(now - WINDOW), next(iter(reader.plain(came_in)[0].values())) or ""
        )  # coming in clears the slate
        mine = reader.count(failures.where(table.c.name == name, table.c.at > since))
        everybody = reader.count(failures.where(table.c.at > stamp(now - MINUTE)))
        if mine < MOST_PER_NAME and everybody < MOST_PER_MINUTE:
            return
        told = select(table.c.id).where(
            table.c.outcome == "throttled", table.c.name == name, table.c.at > stamp(now - MINUTE)
        )
        is_told = reader.count(told) > 0
    if not is_told:  # once a minute: the register must not be a way to fill the disk
        _attempt(ledger, "login.throttled", "", name, "throttled")
    raise Refused(*_SLOW)


def _failed(ledger: Ledger, row: Row | None, name: str) -> None:
    _attempt(ledger, "login.failed", row["id"] if row else "unknown", name, "failed")


def _attempt(ledger: Ledger, action: str, subject: str, name: str, outcome: str) -> None:
    with ledger.write(Entry("anonymous", action, subject)) as tx:
        number = tx.next_number(schema.login_attempts)
        tx.insert(schema.login_attempts, str(number), number=number, name=name, at=tx.at, outcome=outcome)


def _account(tx: Tx, user: str) -> Row:
    row = tx.one(schema.accounts, user) if NAME.fullmatch(user) else None
    if row is None:
        raise BadInput("user_unknown", "There is no account of that name; look at `lantai user list`.")
    return row


def actor_of_row(row: Row) -> Actor:
    """The actor an account row stands for."""
    roles = frozenset(Role(role) for role in row["roles"].split(","))
    return Actor(UserId(row["id"]), roles, row["department"], row["display"])


def _shown(row: Row) -> dict[str, Any]:
    return {
        "user": row["id"],
        "display": row["display"],
        "roles": row["roles"].split(","),
        "department": row["department"],
    }


def _name(actor: Actor | None) -> str:
    return actor.user if actor else "system"


def actor_of(ledger: Ledger, token: str) -> Actor:
    """Who a session token stands for, with the roles of this very moment. Raises Refused("not_logged_in")."""
    session = sessions.alive(ledger, token)
    with ledger.read() as reader:
        row = reader.one(schema.accounts, session["user"])
    if row is None or row["state"] != "active":
        raise sessions.not_logged_in()
    return actor_of_row(row)


def logout(ledger: Ledger, token: str) -> dict[str, Any]:
    """Ends the session; an unknown token is no error. {"ok": True}."""
    sessions.end(ledger, token)
    return {"ok": True}


def whoami(ledger: Ledger, token: str) -> dict[str, Any]:
    """{"user","display","roles","department"}. Raises Refused."""
    actor = actor_of(ledger, token)
    return {
        "user": actor.user,
        "display": actor.display,
        "roles": sorted(actor.roles),
        "department": actor.department,
    }
