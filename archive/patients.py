"""Patients (by token) and staff: who a record belongs to, and what is known of them for the de-identifier. Nothing here
may be readable without the identity key, and a patient's anchor date must never change once set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from archive.catalogue_schema import LOOKUPS, PATIENTS, STAFF
from archive.identity import (
    IdentityTokens,
    KnownIdentifier,
    PatientIdentity,
    may_be_same_name,
    normal_name,
    normal_number,
)
from archive.keys import Keys, Purpose
from archive.rows import Rows
from records.canonical import canonical
from records.entities import Entity
from records.ids import PatientToken, PersonToken, RecordId
from records.seal import derive, seal, unseal
from records.slots import SlotKind
from records.texts import IdentifiedText

_STRONG: Final = ("id_card", "mrn")  # kinds by which two tokens are found to be one person


@dataclass(frozen=True, slots=True)
class Patient:
    """What is kept of one patient. `anchor` is day 0; `known` grows with every record."""

    token: PatientToken
    anchor: date | None = field(repr=False)
    known: tuple[KnownIdentifier, ...]
    merged_into: PatientToken | None = None


class Patients:
    """The patients and staff of the catalogue."""

    def __init__(self, rows: Rows, keys: Keys, tokens: IdentityTokens) -> None:
        self._rows = rows
        self._key = derive(keys.purpose(Purpose.IDENTITY), "seal")
        self._tokens = tokens

    def get(self, token: PatientToken) -> Patient | None:
        """As stored under this very token; see `canonical`."""
        row = self._rows.one(PATIENTS, PATIENTS.c.token == token)
        return None if row is None else self._patient(row)

    def canonical(self, token: PatientToken) -> PatientToken:
        """The token under which this patient is known now, after any links."""
        seen = {token}
        while (row := self._rows.one(PATIENTS, PATIENTS.c.token == token)) is not None and row["merged_into"]:
            token = PatientToken(row["merged_into"])
            if token in seen:
                return token
            seen.add(token)
        return token

    def resolve(self, identity: PatientIdentity, record: RecordId) -> PatientToken:
        """The patient by ID card, else a record number, else name with birth date; a new one if none fits. A record
        that carries both the ID card of one token and a record number of another links the two. Call inside a write."""
        lookups = self._tokens.lookups(identity)
        further = [("mrn", token) for token in self._tokens.further(identity)]
        strong = [*((kind, lookups.get(kind)) for kind in _STRONG), *further]
        found = [self._found(kind, token, lookups, identity.name) for kind, token in strong]
        by_birth = self._found("name_birth", lookups.get("name_birth"), lookups, identity.name)
        hits = [patient for patient in (*found, by_birth) if patient is not None]
        if hits:
            patient = hits[0]
            for other in found:
                if other is not None and self.canonical(other) != patient:
                    self._link(other, patient)
        else:
            patient = self._new(lookups, record)
        for kind, token in (*lookups.items(), *further):
            if not self._has(patient, kind, token):
                self._rows.insert(LOOKUPS, {"kind": kind, "token": token, "patient": patient})
        return patient

    def learn(self, token: PatientToken, on: date | None, known: Iterable[KnownIdentifier]) -> Patient:
        """Sets the anchor if there is none yet, and adds what is new of `known`. Call inside a write."""
        row = self._rows.one(PATIENTS, PATIENTS.c.token == token)
        if row is None:
            raise KeyError(token)
        patient = self._patient(row)
        grown = Patient(token, patient.anchor or on, merged(patient.known, known))
        if grown != patient:
            self._rows.update(PATIENTS, row, sealed=self._sealed(grown))
        return grown

    def find(self, words: IdentifiedText) -> list[PatientToken]:
        """Patients whose ID card, record number or whole name this is."""
        number, name = normal_number(words.reveal()), normal_name(words.reveal())
        asked = [("id_card", number), ("mrn", number), ("name", name)]
        found: dict[PatientToken, None] = {}
        for kind, normal in asked:
            if normal:
                token = self._tokens.lookup(kind, normal)
                for row in self._rows.fetch(LOOKUPS, LOOKUPS.c.kind == kind, LOOKUPS.c.token == token):
                    found[self.canonical(PatientToken(row["patient"]))] = None
        return list(found)

    def aliases(self, token: PatientToken) -> list[PatientToken]:
        """Every token of this patient: the canonical one first, then those linked into it."""
        found = [token]
        for alias in found:
            found += [PatientToken(row["token"]) for row in self._rows.fetch(PATIENTS, PATIENTS.c.merged_into == alias)]
        return found

    def add_staff(self, names: Iterable[str]) -> None:
        """Adds names of staff that are new. Call inside a write."""
        for name in names:
            if normal_name(name):
                token = self._tokens.staff(name)
                if self._rows.one(STAFF, STAFF.c.token == token) is None:
                    self._rows.insert(STAFF, {"token": token, "sealed": seal(self._key, name.encode(), _aad(token))})

    def staff(self) -> tuple[KnownIdentifier, ...]:
        """Every known member of staff."""
        return tuple(item for item in self.of_the_hospital() if item.role is SlotKind.STAFF)

    def add_listed(self, entity: Entity, value: str) -> None:
        """Adds an identifier that no record of any patient may show: of a person (as staff), an organisation, a number.
        Call inside a write."""
        if entity is Entity.PERSON:
            self.add_staff([value])
            return
        token = f"{entity.value}/{self._tokens.value(entity, value)}"  # no staff token has a stroke in it
        if self._rows.one(STAFF, STAFF.c.token == token) is None:
            self._rows.insert(STAFF, {"token": token, "sealed": seal(self._key, value.encode(), _aad(token))})

    def of_the_hospital(self) -> Iterator[KnownIdentifier]:
        """Staff, and what else was listed for the whole hospital."""
        for row in self._rows.fetch(STAFF):
            value = IdentifiedText(unseal(self._key, row["sealed"], _aad(row["token"])).decode())
            entity, stroke, token = row["token"].rpartition("/")
            role = SlotKind.PERSON if stroke else SlotKind.STAFF
            yield KnownIdentifier(Entity(entity or Entity.PERSON), value, role, PersonToken(token))

    def everything_known(self) -> Iterator[KnownIdentifier]:
        """Every identifier of every patient, then those of the hospital."""
        for row in self._rows.fetch(PATIENTS):
            yield from self._patient(row).known
        yield from self.of_the_hospital()

    def _found(self, kind: str, token: str | None, lookups: dict[str, str], name: str) -> PatientToken | None:
        """The patient that one lookup token leads to. Not by a number, if it is known by another ID card or by quite
        another name: numbers of stays and of patients are counted apart, so the same one comes up twice."""
        if token is None:
            return None
        rows = self._rows.fetch(LOOKUPS, LOOKUPS.c.kind == kind, LOOKUPS.c.token == token)
        found = {self.canonical(PatientToken(row["patient"])) for row in rows}
        if kind != "id_card":
            found = {patient for patient in found if not self._is_another(patient, lookups.get("id_card"), name)}
        if len(found) > 1:  # one record number on two people: the name decides, or nobody is taken
            found = {patient for patient in found if self._has(patient, "name", lookups.get("name", ""))}
        return found.pop() if len(found) == 1 else None

    def _has(self, patient: PatientToken, kind: str, token: str) -> bool:
        where = (LOOKUPS.c.kind == kind, LOOKUPS.c.token == token, LOOKUPS.c.patient == patient)
        return self._rows.one(LOOKUPS, *where) is not None

    def _is_another(self, token: PatientToken, card: str | None, name: str) -> bool:
        if card is not None:
            cards = self._rows.fetch(LOOKUPS, LOOKUPS.c.kind == "id_card", LOOKUPS.c.patient == token)
            if cards and card not in {row["token"] for row in cards}:
                return True
        patient = self.get(token) if normal_name(name) else None
        names = [item.value.reveal() for item in patient.known if item.role is SlotKind.PATIENT] if patient else []
        return bool(names) and not any(may_be_same_name(name, known) for known in names)

    def _new(self, lookups: dict[str, str], record: RecordId) -> PatientToken:
        """A token from the strongest identifier, or from the record itself where nothing tells who it is or where that
        token is another person's already (one record number on two ID cards)."""
        seed = next((f"{kind}/{lookups[kind]}" for kind in (*_STRONG, "name_birth") if kind in lookups), record)
        token = self._tokens.patient(seed)
        if self._rows.one(PATIENTS, PATIENTS.c.token == token) is not None:
            token = self._tokens.patient(f"record/{record}")
        self._rows.insert(
            PATIENTS, {"token": token, "merged_into": None, "sealed": self._sealed(Patient(token, None, ()))}
        )
        return token

    def _link(self, retired: PatientToken, survivor: PatientToken) -> None:
        """`retired` becomes a name for `survivor`, which learns what was known of it and keeps its own anchor."""
        rows = {token: self._rows.one(PATIENTS, PATIENTS.c.token == token) for token in (retired, survivor)}
        old, new = rows[retired], rows[survivor]
        if old is None or new is None:
            return
        gone, kept = self._patient(old), self._patient(new)
        grown = Patient(survivor, kept.anchor or gone.anchor, merged(kept.known, gone.known))
        self._rows.update(PATIENTS, new, sealed=self._sealed(grown))
        self._rows.update(PATIENTS, old, merged_into=survivor)
        for row in self._rows.fetch(LOOKUPS, LOOKUPS.c.patient == retired):
            if not self._has(survivor, row["kind"], row["token"]):
                self._rows.insert(LOOKUPS, {"kind": row["kind"], "token": row["token"], "patient": survivor})

    def _patient(self, row: dict[str, Any]) -> Patient:
        stored = json.loads(unseal(self._key, row["sealed"], _aad(row["token"])))
        known = tuple(
            KnownIdentifier(
                Entity(item["entity"]),
                IdentifiedText(item["value"]),
                SlotKind(item["role"]),
                PersonToken(item["token"]) if item["token"] else None,
            )
            for item in stored["known"]
        )
        anchor = date.fromisoformat(stored["anchor"]) if stored["anchor"] else None
        merged_into = PatientToken(row["merged_into"]) if row["merged_into"] else None
        return Patient(PatientToken(row["token"]), anchor, known, merged_into)

    def _sealed(self, patient: Patient) -> bytes:
        known = [
            {"entity": item.entity, "value": item.value.reveal(), "role": item.role, "token": item.token}
            for item in patient.known
        ]
        stored = {"anchor": patient.anchor.isoformat() if patient.anchor else None, "known": known}
        return seal(self._key, canonical(stored), _aad(patient.token))


def merged(first: Iterable[KnownIdentifier], second: Iterable[KnownIdentifier]) -> tuple[KnownIdentifier, ...]:
    """Both lists without repeats; of two that differ in their token only, the first."""
    found: dict[tuple[str, str, str], KnownIdentifier] = {}
    for item in (*first, *second):
        found.setdefault((item.entity, item.role, item.value.reveal()), item)
    return tuple(found.values())


def _aad(token: str) -> bytes:
    return f"lantai/identity/1/{token}".encode()
