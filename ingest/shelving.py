"""From a described record to its clean copy (上架): every section through the de-identifier, then two second looks, and
coarse columns. Fails closed: what still shows an identifier is not shelved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from deid.api import Deidentifier, FoundSlot, Known, Numbering
from deid.places import city_of
from deid.residual import residual
from ingest.description import Description
from ingest.leftovers import left_over
from ingest.vocabulary import headings, record_types
from records.entities import Entity
from records.ids import PatientToken, PersonToken, RecordId
from records.shelf import Section, ShelfRecord, ShelfRow
from records.slots import SlotKind
from records.texts import CleanText, IdentifiedText

OLDEST: Final = 90
ROUNDS: Final = 3


class Tokens(Protocol):
    """The archive's keyed tokens; see archive.identity.IdentityTokens."""

    def staff(self, name: str) -> PersonToken:
        """One member of staff."""

    def person(self, patient: PatientToken, name: str) -> PersonToken:
        """A relative or another person beside this patient."""

    def value(self, entity: Entity, value: str) -> PersonToken:
        """A number, address or the like."""


class HeldBack(Exception):
    """The clean copy still shows something. `code` says which kind: "residual_phone", "identifier_person"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a record stands in its patient's life: the token, and day 0."""

    record: RecordId
    patient: PatientToken
    anchor: date | None


def shelf_record(
    described: Description, placed: Placed, known: Sequence[Known], deidentifier: Deidentifier, tokens: Tokens
) -> ShelfRecord:
    """The record as it goes on the shelf. Raises HeldBack.

    What the second looks find is made known and the record de-identified again; after a few rounds it is held back.
    """
    wanted = list(known)
    findings: list[Known] = []
    code = ""
    for _ in range(ROUNDS):
        numbering = Numbering()
        sections = tuple(_clean(described, wanted, placed.anchor, deidentifier, numbering))
        findings, code = _second_look(sections, wanted)
        if not code:
            people = tuple(_people(numbering, placed.patient, tokens))
            return ShelfRecord(_row(described, placed), sections, people, tuple(_places(numbering)))
        if not findings:
            break
        wanted += findings
    raise HeldBack(code)


def _clean(
    described: Description,
    known: Sequence[Known],
    anchor: date | None,
    deidentifier: Deidentifier,
    numbering: Numbering,
) -> Iterable[Section]:
    allowed = headings()
    texts = [part.text for part in described.sections]
    done = deidentifier.deidentify_all(texts, known, anchor, numbering)
    for part, clean in zip(described.sections, done, strict=True):
        yield Section(part.heading if part.heading in allowed else "", clean.text)


def _second_look(sections: Sequence[Section], known: Sequence[Known]) -> tuple[list[Known], str]:
    """What is left: values to mask in another round, and the code of the first kind found ("" for nothing)."""
    whole = "\n".join(section.text.value for section in sections)
    left = left_over(whole, ((item.entity, item.value.reveal()) for item in known))
    more: list[Known] = []
    code = f"identifier_{min(left).lower()}" if left else ""
    for section in sections:
        for span in residual(section.text):
            code = code or f"residual_{span.entity.lower()}"
            more.append(Known(span.entity, IdentifiedText(_between(section.text, span.start, span.end))))
    return more, code


def _between(text: CleanText, start: int, end: int) -> str:
    return text.value[start:end]


def _row(described: Description, placed: Placed) -> ShelfRow:
    on = described.on
    return ShelfRow(
        record=placed.record,
        patient=placed.patient,
        record_type=described.record_type if described.record_type in record_types() else "",
        department=described.department,
        year=on.year if on else None,
        quarter=(on.month + 2) // 3 if on else None,
        sex=described.facts.sex,
        age=None if described.age is None else min(OLDEST, described.age),
        day=(on - placed.anchor).days if on and placed.anchor else None,
    )


def _people(numbering: Numbering, patient: PatientToken, tokens: Tokens) -> Iterable[tuple[str, PersonToken]]:
    for label, slot in sorted(numbering.found.items()):
        yield label, slot.token or _token(slot, label, patient, tokens)


def _places(numbering: Numbering) -> Iterable[tuple[str, str]]:
    for label, slot in sorted(numbering.found.items()):
        if slot.entity is Entity.ADDRESS and (city := city_of(slot.value.reveal())):
            yield label, city


def _token(slot: FoundSlot, label: str, patient: PatientToken, tokens: Tokens) -> PersonToken:
    kind = label.split("#")[0]
    if kind == SlotKind.PATIENT:
        return PersonToken(patient)
    if kind == SlotKind.STAFF:
        return tokens.staff(slot.value.reveal())
    if slot.entity is Entity.PERSON:
        return tokens.person(patient, slot.value.reveal())
    return tokens.value(slot.entity, slot.value.reveal())
