"""Accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from approvals import accounts
from approvals.actions import Action
from records.people import Actor
from rooms.calls.registry import call

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


@call("user.add", Action.USER_ADD)
def add(
    room: StrongRoom,
    who: Actor,
    username: str,
    password: str,
    roles: list[str],
    department: str | None = None,
    display: str = "",
) -> dict[str, Any]:
    """A new account."""
    return accounts.add_user(
        room.ledger, who, username, roles=roles, password=password, department=department, display=display
    )


@call("user.list", Action.USER_LIST)
def list_users(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """All accounts, without passwords."""
    return accounts.list_users(room.ledger, who)


@call("user.disable", Action.USER_DISABLE)
def disable(room: StrongRoom, who: Actor, username: str, reason: str = "") -> dict[str, Any]:
    """Close an account; its sessions end at once."""
    return accounts.disable_user(room.ledger, who, username, reason)
