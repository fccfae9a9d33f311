"""Cohorts: opened for counting at the front desk, counted here for the command line, saved by hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from approvals import cohorts
from approvals.actions import Action
from approvals.ledger import Entry
from records.people import Actor
from rooms.calls.registry import call
from semantic.cohort import CohortDefinition

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


def hash_of(toml: str) -> str:
    """The canonical hash of a definition. Raises BadInput when it is malformed."""
    return str(CohortDefinition.parse(toml).hash)


@call("cohort.open", Action.COHORT_COUNT)
def open_cohort(room: StrongRoom, who: Actor, hash: str) -> dict[str, Any]:
    """{"edition","scope"} for counting at the front desk; recorded, since a count is an answer."""
    edition = int(room.shelf.current())
    room.ledger.record(Entry(who.user, "cohort.count", detail={"cohort": hash, "edition": edition}))
    return {"edition": edition, "scope": {"departments": None, "records": None}}


@call("cohort.count", Action.COHORT_COUNT)
def count(room: StrongRoom, who: Actor, toml: str) -> dict[str, Any]:
    """A count for the command line, by the same code as the portal's."""
    return room.desk.count_as(lambda **opening: open_cohort(room, who, **opening), toml)


@call("cohort.save", Action.COHORT_SAVE)
def save(room: StrongRoom, who: Actor, toml: str, name: str) -> dict[str, Any]:
    """Keep a definition under its hash, and a new version under its name."""
    return cohorts.save(room.ledger, who, toml, name, hash_of)


@call("cohort.list", Action.COHORT_LIST)
def list_cohorts(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """The person's own saved cohorts."""
    return cohorts.listing(room.ledger, who)


@call("cohort.show", Action.COHORT_SHOW)
def show(room: StrongRoom, who: Actor, hash: str) -> dict[str, Any]:
    """A saved definition; whoever has its hash may read it."""
    return cohorts.show(room.ledger, who, hash)
