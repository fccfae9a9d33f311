"""What a grant opens: its cohort on its edition, less what was withdrawn since; rendered with the project's own surrogates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from approvals.grants import Grant
from deid.render import Renderer
from records.errors import Refused
from records.ids import EditionNumber, RecordId
from records.shelf import ShelfRecord
from semantic.cohort import CohortDefinition, CohortResult, evaluate
from semantic.search import Scope

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

EVERYTHING = Scope(departments=None, records=None)
PROFILE = "research"


def evaluate_cohort(room: StrongRoom, toml: str, edition: int | None = None) -> CohortResult:
    """A cohort on an edition (the current one if None), over the whole shelf."""
    opened = room.shelf.edition(None if edition is None else EditionNumber(edition))
    return evaluate(CohortDefinition.parse(toml), opened, room.lexicon, EVERYTHING)


def granted_records(room: StrongRoom, grant: Grant) -> frozenset[RecordId]:
    """Record ids that an active grant opens. What was withdrawn since is left out by the shelf."""
    return evaluate_cohort(room, grant.cohort_toml, grant.edition).records


def opened(room: StrongRoom, grant: Grant, record: str) -> ShelfRecord:
    """One granted record off the shelf. Raises Refused("not_granted") for any other, existing or not."""
    if RecordId(record) not in granted_records(room, grant):
        raise Refused("not_granted", f"Grant {grant.id} does not open this record; choose one from its list.")
    return room.shelf.read(grant.edition, RecordId(record))


def renderer(room: StrongRoom, project: str, record: ShelfRecord) -> Renderer:
    """The renderer of one record for a project: the same person is the same surrogate in all of its records."""
    return Renderer(PROFILE, room.project_key(project), dict(record.people), record.row.patient)
