"""What a grant opens: its cohort on its edition, less what was withdrawn since, with the project's own surrogates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from approvals import leaks, selections
from approvals.grants import Grant
from approvals.selections import Selection
from deid.render import Renderer, load_profile
from records.errors import Refused
from records.ids import EditionNumber, RecordId
from records.seal import derive
from records.shelf import ShelfRecord
from rooms.pseudonym import pseudonym
from semantic.cohort import CohortDefinition, CohortResult, evaluate
from semantic.search import Scope
from semantic.snapshot import Edition

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

EVERYTHING = Scope(departments=None, records=None)
PROFILE = "research"


def evaluate_cohort(room: StrongRoom, toml: str, edition: int | None = None) -> CohortResult:
    """A cohort on an edition (the current one if None), over the whole shelf."""
    opened = room.shelf.edition(None if edition is None else EditionNumber(edition))
    return evaluate(CohortDefinition.parse(toml), opened, room.lexicon, EVERYTHING)


def choose(room: StrongRoom, edition: int) -> selections.Choose:
    """What a definition holds on an edition, for a request to be bound to."""

    def chosen(toml: str) -> Selection:
        result = evaluate_cohort(room, toml, edition)
        return Selection(result.records, result.patients, result.attrition)

    return chosen


def approved(room: StrongRoom, request: str, expected: str) -> Selection:
    """The records and counts a request was handed in with. Raises IntegrityFailure when they were altered."""
    with room.ledger.read() as reader:
        return selections.kept(reader, request, expected)


def granted_records(room: StrongRoom, grant: Grant) -> frozenset[RecordId]:
    """Record ids that an active grant opens: those of the day it was asked for, less what was withdrawn since."""
    return on_shelf(room, grant.edition, approved(room, grant.request, grant.selection).records)


def on_shelf(room: StrongRoom, edition: EditionNumber, records: frozenset[RecordId]) -> frozenset[RecordId]:
    """Those that the edition still holds and no report of a leak keeps back, whatever the shelf says."""
    held = room.shelf.edition(edition)
    reported = leaks.off_the_shelf(room.ledger)
    asked = sorted(records - reported)
    return frozenset(record for record, at in zip(asked, held.places(asked), strict=True) if at >= 0)


def record_key(room: StrongRoom, project: str) -> bytes:
    """The key of a project's names for records and patients."""
    return derive(room.project_key(project), "names")


def opened(room: StrongRoom, grant: Grant, name: str) -> ShelfRecord:
    """One granted record, by its project name. Raises Refused("not_granted") for any other, existing or not."""
    key = record_key(room, grant.request)
    record = next((item for item in granted_records(room, grant) if pseudonym(key, "r", item) == name), None)
    if record is None:
        raise Refused("not_granted", f"Grant {grant.id} does not open this record; choose one from its list.")
    return room.shelf.read(grant.edition, record)


def shown_places(room: StrongRoom, edition: EditionNumber, records: Collection[RecordId]) -> dict[str, str]:
    """City or province -> what stands for it in the text of a project that was approved for these records."""
    profile = load_profile(PROFILE)
    return room.homes.shown(edition, records, profile.city_min) if profile.address == "city" else {}


def renderer(room: StrongRoom, project: str, record: ShelfRecord, places: Mapping[str, str]) -> Renderer:
    """The renderer of one record for a project: the same person is the same surrogate in all of its records, and an
    address its city where `places` (shown_places) has one."""
    shown = {label: places[place] for label, place in record.places if place in places}
    patient = room.catalogue.patients.get(record.row.patient)
    anchor = patient.anchor if patient else None
    return Renderer(PROFILE, room.project_key(project), dict(record.people), record.row.patient, anchor, shown)


def facts(edition: Edition, records: Sequence[RecordId]) -> list[dict[str, Any]]:
    """The coarse columns of records that count, in the order given; the others are left out."""
    places = edition.places(records)
    return edition.facts(places[places >= 0])
