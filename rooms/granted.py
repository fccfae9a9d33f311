"""The records that a grant opens: its cohort on its edition, less what was withdrawn since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from approvals import cohorts
from records.errors import Refused
from records.ids import EditionNumber, RecordId
from semantic.cohort import CohortDefinition, CohortResult, evaluate
from semantic.search import Scope

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

EVERYTHING = Scope(departments=None, records=None)


def evaluate_cohort(room: StrongRoom, definition: CohortDefinition, edition: int | None = None) -> CohortResult:
    """A cohort on an edition (the current one if None), over the whole shelf."""
    return evaluate(definition, room.shelf.edition(None if edition is None else EditionNumber(edition)), room.lexicon, EVERYTHING)


def granted_records(room: StrongRoom, grant: Mapping[str, Any]) -> frozenset[RecordId]:
    """Record ids that an active grant's row opens. What was withdrawn since is left out by the shelf."""
    with room.ledger.read() as reader:
        row = cohorts.find(reader, grant["cohort"])
    if row is None:
        raise cohorts.unknown()
    return evaluate_cohort(room, CohortDefinition.parse(row["toml"]), int(grant["edition"])).records


def require_in(records: frozenset[RecordId], record: str, grant: str) -> RecordId:
    """The record id, if the grant opens it. Raises Refused("not_granted")."""
    if RecordId(record) not in records:
        raise Refused("not_granted", f"Grant {grant} does not open this record; open one from its list.")
    return RecordId(record)


