"""Cohorts: opened for counting at the front desk, counted here for the command line, saved by hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from approvals import cohorts
from approvals.actions import Action
from approvals.ledger import Entry
from records.errors import BadInput
from records.ids import EditionNumber
from records.people import Actor
from rooms.answers import cohort_answer
from rooms.calls.registry import call
from rooms.granted import evaluate_cohort
from semantic.cohort import CohortDefinition
from semantic.cohort_feasibility import feasibility

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


def hash_of(toml: str) -> str:
    """The canonical hash of a definition. Raises BadInput when it is malformed."""
    return str(CohortDefinition.parse(toml).hash)


@call("cohort.open", Action.COHORT_COUNT)
def open_cohort(room: StrongRoom, who: Actor, hash: str, edition: int = 0) -> dict[str, Any]:
    """{"edition","scope"} for counting at the front desk, on the current edition or one that is kept; recorded, since a
    count is an answer. Raises BadInput("unknown_edition")."""
    number = int(room.shelf.manifest(EditionNumber(edition) if edition else None).number)
    room.ledger.record(Entry(who.user, "cohort.count", detail={"cohort": hash, "edition": number}))
    return {"edition": number, "scope": {"departments": None, "records": None}}


@call("cohort.count", Action.COHORT_COUNT)
def count(room: StrongRoom, who: Actor, toml: str = "", hash: str = "", edition: int = 0) -> dict[str, Any]:
    """A count for the command line, as the portal counts: of a definition, or of a saved one by its hash."""
    if bool(toml) == bool(hash):
        raise BadInput("cohort_which", "Give a cohort definition or the hash of a saved one, one of the two.")
    definition = toml or str(show(room, who, hash)["toml"])
    return room.desk.count_as(lambda **opening: open_cohort(room, who, **opening), definition, edition)


@call("cohort.save", Action.COHORT_SAVE)
def save(room: StrongRoom, who: Actor, toml: str, name: str) -> dict[str, Any]:
    """Keep a definition under its hash, and a new version under its name; with the count of the current edition. What
    cannot be counted is not saved either."""
    result = evaluate_cohort(room, toml)
    known = feasibility(result, room.lexicon, CohortDefinition.parse(toml).variables)
    saved = cohorts.save(room.ledger, who, toml, name, hash_of)
    return {"edition": int(result.edition.number), **saved, **cohort_answer(result, known)}


@call("cohort.list", Action.COHORT_LIST)
def list_cohorts(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """The person's own saved cohorts."""
    return cohorts.listing(room.ledger, who)


@call("cohort.show", Action.COHORT_SHOW)
def show(room: StrongRoom, who: Actor, hash: str) -> dict[str, Any]:
    """A saved definition; whoever was given its hash and has the right may read it. Recorded when it is another's."""
    found = cohorts.show(room.ledger, who, hash)
    if not found["mine"]:
        room.ledger.record(Entry(who.user, "cohort.show", detail={"cohort": hash}))
    return found
