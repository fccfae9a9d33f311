"""Accession (归档): what the catalogue is told of a described record, and what the de-identifier will know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.catalogue import Accession
from archive.identity import KnownIdentifier, PatientIdentity
from ingest.description import Description, Facts, facts_json
from ingest.process import Processed
from records.entities import Entity
from records.ids import RecordId
from records.slots import SlotKind

PARTS: Final = ("original", "transcript", "description")
# Numbers of one examination, not of a person: they are known to the record that carries them only.
_OF_THE_RECORD: Final = frozenset({"exam_number", "other_number"})


def accession(record: RecordId, processed: Processed) -> Accession:
    """The catalogue's entry for a record whose parts are in the vault."""
    described = processed.description
    return Accession(
        record=record,
        identity=identity(described.facts),
        record_type=described.record_type,
        department=described.department,
        on=described.on,
        description={
            "media": processed.media,
            "engine": processed.transcript.engine,
            "reasons": list(described.reasons),
            "facts": facts_json(described.facts) | {"parts": []},
        },
        parts=PARTS,
        known=tuple(of_the_patient(described.facts)),
        staff=tuple(person.name.reveal() for person in described.facts.staff),
    )


def identity(facts: Facts) -> PatientIdentity:
    """What the record says of who the patient is."""
    card = facts.first("id_card")
    numbers = [item.value.reveal() for item in facts.identifiers if item.kind in ("record_number", "visit_number")]
    return PatientIdentity(
        name=facts.name.reveal() if facts.name else "",
        id_card=card.reveal() if card else "",
        mrn=numbers[0] if numbers else "",
        birth_date=facts.birth_date,
        numbers=tuple(numbers[1:]),
    )


def of_the_patient(facts: Facts) -> Iterator[KnownIdentifier]:
    """Identifiers that any record of the same patient may hold."""
    if facts.name:
        yield KnownIdentifier(Entity.PERSON, facts.name, SlotKind.PATIENT)
    for person in facts.relatives:
        yield KnownIdentifier(Entity.PERSON, person.name, SlotKind.RELATIVE)
    for item in facts.identifiers:
        if item.kind not in _OF_THE_RECORD:
            yield KnownIdentifier(item.entity, item.value)


def of_the_record(facts: Facts) -> Iterator[KnownIdentifier]:
    """Identifiers that this record alone is known to hold: its staff, its examination numbers, its hospital."""
    for person in facts.staff:
        yield KnownIdentifier(Entity.PERSON, person.name, SlotKind.STAFF)
    for item in facts.identifiers:
        if item.kind in _OF_THE_RECORD:
            yield KnownIdentifier(item.entity, item.value)
    for organisation in facts.organisations:
        yield KnownIdentifier(Entity.ORGANISATION, organisation)


def description_of(processed: Processed) -> Description:
    """The description alone."""
    return processed.description
