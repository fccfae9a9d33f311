"""Grants: listed, suspended, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from approvals import grants
from approvals.actions import Action
from records.people import Actor, Role
from rooms.calls.registry import call

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

OVERSEERS: Final = frozenset({Role.MANAGER, Role.REVIEWER})


@call("grant.list", Action.GRANT_LIST)
def list_grants(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """One's own grants; all of them for those who oversee."""
    return grants.listing(room.ledger, who, everybody=bool(who.roles & OVERSEERS))


@call("grant.show", Action.GRANT_SHOW)
def show(room: StrongRoom, who: Actor, grant: str) -> dict[str, Any]:
    """One grant."""
    return grants.show(room.ledger, who, grant, everybody=bool(who.roles & OVERSEERS))


@call("grant.suspend", Action.GRANT_SUSPEND)
def suspend(room: StrongRoom, who: Actor, grant: str, reason: str = "") -> dict[str, Any]:
    """Stop it for now; holds from the very next call."""
    return grants.suspend(room.ledger, who, grant, reason)


@call("grant.resume", Action.GRANT_RESUME)
def resume(room: StrongRoom, who: Actor, grant: str, reason: str = "") -> dict[str, Any]:
    """Lift a suspension."""
    return grants.resume(room.ledger, who, grant, reason)


@call("grant.revoke", Action.GRANT_REVOKE)
def revoke(room: StrongRoom, who: Actor, grant: str, reason: str = "") -> dict[str, Any]:
    """End it for good; holds from the very next call."""
    return grants.revoke(room.ledger, who, grant, reason)
