"""What a record says of itself (著录): who, when, where, what kind, and its sections. Identified: repr hides every
value, and none of this leaves the strong room except through the de-identifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from records.entities import Entity
from records.texts import IdentifiedText


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the record. `relation` is how they stand to the patient (配偶) or what they did (手术者)."""

    name: IdentifiedText
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number, address or the like. `kind` is the field it stood in: id_card, record_number, phone ..."""

    entity: Entity
    value: IdentifiedText
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part in reading order; `heading` is one of the known headings or ""."""

    heading: str
    text: IdentifiedText


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found, from fields on the page or from structured resources; "" and None where nothing was.

    `sex` is "M", "F" or ""; `age` in whole years as written; `dates` are (kind, date) with the kinds of
    data/field_labels.csv; `department` as written; `record_type` a code of data/record_types.csv.
    """

    name: IdentifiedText | None = None
    sex: str = ""
    birth_date: date | None = field(default=None, repr=False)
    age: int | None = field(default=None, repr=False)
    identifiers: tuple[Identifier, ...] = ()
    relatives: tuple[Person, ...] = ()
    staff: tuple[Person, ...] = ()
    organisations: tuple[IdentifiedText, ...] = ()
    department: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    record_type: str = ""
    dates: tuple[tuple[str, date], ...] = field(default=(), repr=False)
    diagnoses: tuple[IdentifiedText, ...] = ()
    parts: tuple[Part, ...] = ()

    def first(self, kind: str) -> IdentifiedText | None:
        """The first identifier of a kind."""
        return next((item.value for item in self.identifiers if item.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Description:
    """A described record. `department` is a Chinese name of data/departments.csv or ""; `on` is the record's own date;
    `age` in years on that date; `reasons` are codes of what a person should look at."""

    facts: Facts
    record_type: str
    department: str
    on: date | None = field(repr=False)
    age: int | None = field(repr=False)
    sections: tuple[Part, ...]
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the vault and the catalogue's sealed column: identified, in the clear."""
        return {
            "record_type": self.record_type,
            "department": self.department,
            "on": _iso(self.on),
            "age": self.age,
            "reasons": list(self.reasons),
            "sections": _parts_json(self.sections),
            "facts": facts_json(self.facts),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Description:
        """The inverse of to_json; raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            facts_from_json(value["facts"]),
            str(value["record_type"]),
            str(value["department"]),
            _date(value["on"]),
            None if value["age"] is None else int(value["age"]),
            _parts(value["sections"]),
            tuple(str(code) for code in value["reasons"]),
        )


def facts_json(facts: Facts) -> dict[str, Any]:
    """Facts as plain JSON."""
    return {
        "name": None if facts.name is None else facts.name.reveal(),
        "sex": facts.sex,
        "birth_date": _iso(facts.birth_date),
        "age": facts.age,
        "identifiers": [[item.entity.value, item.value.reveal(), item.kind] for item in facts.identifiers],
        "relatives": _people_json(facts.relatives),
        "staff": _people_json(facts.staff),
        "organisations": [item.reveal() for item in facts.organisations],
        "department": facts.department,
        "title": facts.title,
        "record_type": facts.record_type,
        "dates": [[kind, day.isoformat()] for kind, day in facts.dates],
        "diagnoses": [item.reveal() for item in facts.diagnoses],
        "parts": _parts_json(facts.parts),
    }


def facts_from_json(value: Mapping[str, Any]) -> Facts:
    """The inverse of facts_json."""
    return Facts(
        name=None if value["name"] is None else IdentifiedText(str(value["name"])),
        sex=str(value["sex"]),
        birth_date=_date(value["birth_date"]),
        age=None if value["age"] is None else int(value["age"]),
        identifiers=tuple(
            Identifier(Entity(entity), IdentifiedText(str(text)), str(kind))
            for entity, text, kind in value["identifiers"]
        ),
        relatives=_people(value["relatives"]),
        staff=_people(value["staff"]),
        organisations=tuple(IdentifiedText(str(item)) for item in value["organisations"]),
        department=str(value["department"]),
        title=str(value["title"]),
        record_type=str(value["record_type"]),
        dates=tuple((str(kind), date.fromisoformat(day)) for kind, day in value["dates"]),
        diagnoses=tuple(IdentifiedText(str(item)) for item in value["diagnoses"]),
        parts=_parts(value["parts"]),
    )


def _people_json(people: Sequence[Person]) -> list[list[str]]:
    return [[person.name.reveal(), person.relation] for person in people]


def _people(value: Any) -> tuple[Person, ...]:
    return tuple(Person(IdentifiedText(str(name)), str(relation)) for name, relation in value)


def _parts_json(parts: Sequence[Part]) -> list[list[str]]:
    return [[part.heading, part.text.reveal()] for part in parts]


def _parts(value: Any) -> tuple[Part, ...]:
    return tuple(Part(str(heading), IdentifiedText(str(text))) for heading, text in value)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
