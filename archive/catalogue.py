"""The catalogue (著录): deposits and their states, records, patients, staff. One method per event, each one transaction
and each safe to repeat; it must never hold a name, a number or a date of a person in the clear."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from archive.catalogue_schema import DEPOSITS, LOOKUPS, PATIENTS, RECORDS, STAFF, STEPS, DepositState
from archive.identity import IdentityTokens, KnownIdentifier, PatientIdentity
from archive.keyring import Keyring
from archive.keys import Keys, Purpose
from archive.patients import Patient, Patients
from archive.problem import Problem, problem
from archive.rows import FILE, Rows
from records.canonical import canonical
from records.errors import BadInput, Refused
from records.ids import EditionNumber, PatientToken, RecordId
from records.seal import derive, seal, unseal
from records.texts import IdentifiedText


@dataclass(frozen=True, slots=True)
class Deposit:
    """One deposit (移交). `id` is "D" + digits; times are ISO 8601, UTC;
    `events` counts the events so far."""

    id: str
    record: RecordId
    state: DepositState
    reason: str
    size: int
    media_type: str
    batch: str
    edition: EditionNumber | None
    received_at: str
    changed_at: str
    events: int
    registered: bool
    _open_name: Callable[[], IdentifiedText] = field(repr=False, compare=False)

    @property
    def name(self) -> IdentifiedText:
        """The name its file came under, unsealed when asked for; empty once the record is disposed of."""
        return self._open_name()


@dataclass(frozen=True, slots=True)
class Accession:
    """What ingest learnt of a record. `on` is the record's date; `description` is any JSON, kept sealed; `parts` are
    the vault's parts of the record; `known` are the patient's identifiers found in it, `staff` the names of staff."""

    record: RecordId
    identity: PatientIdentity
    record_type: str
    department: str
    on: date | None = field(repr=False)
    description: Mapping[str, Any] = field(repr=False)
    parts: tuple[str, ...] = ("original",)
    known: tuple[KnownIdentifier, ...] = ()
    staff: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One described record. `patient` is the token that it was archived (and shelved) under; `day` counts from the
    patient's anchor."""

    record: RecordId
    patient: PatientToken
    record_type: str
    department: str
    year: int | None
    quarter: int | None
    day: int | None
    parts: tuple[str, ...]
    description: Mapping[str, Any] = field(repr=False)


class Catalogue:
    """Deposits, records, patients and staff, in strong/catalogue.db."""

    def __init__(self, rows: Rows, keys: Keys, keyring: Keyring, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._keyring = keyring
        self._clock = clock
        self.tokens = IdentityTokens(keys)
        self.patients = Patients(rows, keys, self.tokens)

    @classmethod
    def open(
        cls, path: Path, keys: Keys, keyring: Keyring, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> Catalogue:
        """Opens or creates. Raises Unavailable or IntegrityFailure("database_damaged")."""
        return cls(Rows.open(path, derive(keys.purpose(Purpose.CATALOGUE), "rows")), keys, keyring, clock)

    def close(self) -> None:
        """Closes the file; the keyring stays open, it was given."""
        self._rows.close()

    def batch(self) -> AbstractContextManager[Connection]:
        """Events inside become durable together, or not at all if the block raises."""
        return self._rows.write()

    # --- events ---

    def receive(
        self, record: RecordId, *, size: int, media_type: str, name: IdentifiedText, batch: str
    ) -> tuple[Deposit, bool]:
        """Notes a deposit whose bytes are in the vault already. The same record again is the deposit that is there, and
        False."""
        self._keys_are_durable()
        with self._rows.write():
            row = self._rows.one(DEPOSITS, DEPOSITS.c.record == record)
            if row is not None:
                return self._deposit(row), False
            now = self._now()
            with self._rows.read() as connection:
                number = int(connection.execute(select(func.coalesce(func.max(DEPOSITS.c.id), 0))).scalar_one()) + 1
            values = {
                "id": number, "record": record, "state": DepositState.RECEIVED.value, "reason": "", "size": size,
                "media_type": media_type, "name_sealed": self._seal(record, "name", name.reveal().encode()),
                "batch": batch, "edition": None, "received_at": now, "changed_at": now, "events": 1,
                "registered": False,
            }  # fmt: skip
            self._rows.insert(DEPOSITS, values)
            return self._deposit(values), True

    def archive(self, accession: Accession) -> tuple[RecordEntry, Patient]:
        """RECEIVED -> ARCHIVED: resolves the patient, fixes the anchor and day, keeps the description sealed. A record
        that is archived already is answered as it is. Raises Refused("wrong_state"), BadInput("no_such_deposit")."""
        self._keys_are_durable()
        with self._rows.write():
            deposit = self._row(accession.record)
            existing = self._rows.one(RECORDS, RECORDS.c.record == accession.record)
            if existing is not None and deposit["state"] in (DepositState.ARCHIVED, DepositState.SHELVED):
                entry = self._entry(existing)
                return entry, self._patient(entry.patient)
            token = self.patients.resolve(accession.identity, accession.record)
            patient = self.patients.learn(token, accession.on, accession.known)
            self._bring_over(token)
            self.patients.add_staff(accession.staff)
            values = self._record_values(accession, patient)
            if existing is None:
                self._rows.insert(RECORDS, values)
            else:
                self._rows.update(RECORDS, existing, **values)
            self._step(deposit, DepositState.ARCHIVED)
            return self._entry(values), patient

    def shelve(self, records: Iterable[RecordId], edition: EditionNumber) -> None:
        """ARCHIVED -> SHELVED in that edition; those shelved already stay in theirs. Raises Refused("wrong_state")."""
        with self._rows.write():
            for record in records:
                row = self._row(record)
                if row["state"] != DepositState.SHELVED:
                    self._step(row, DepositState.SHELVED, edition=int(edition))

    def reject(self, record: RecordId, reason: str) -> None:
        """RECEIVED or ARCHIVED -> REJECTED with a reason code. Rejected already: stays as it is."""
        with self._rows.write():
            row = self._row(record)
            if row["state"] != DepositState.REJECTED:
                self._step(row, DepositState.REJECTED, reason=reason)

    def reopen(self, record: RecordId) -> None:
        """REJECTED -> RECEIVED, to be tried again. Raises Refused("wrong_state")."""
        with self._rows.write():
            self._step(self._row(record), DepositState.RECEIVED, reason="")

    def relink(self, record: RecordId) -> RecordEntry:
        """Brings a record of `relinked` under its patient's present token, counting its day from that one's anchor."""
        with self._rows.write():
            row = self._rows.one(RECORDS, RECORDS.c.record == record)
            if row is None:
                raise BadInput("no_such_record", f"Record {record} is not described yet; ingest it first.")
            old, new = self.patients.get(PatientToken(row["patient"])), self._patient(PatientToken(row["patient"]))
            if old is not None and old.token != new.token:
                moved = (old.anchor - new.anchor).days if old.anchor and new.anchor else 0
                day = None if row["day"] is None else row["day"] + moved
                row = self._rows.update(RECORDS, row, patient=new.token, day=day)
            return self._entry(row)

    def mark_registered(self, deposits: Iterable[Deposit | str]) -> None:
        """Notes that the register has the deposits as they are here; one that has moved on meanwhile stays unmarked,
        and every later event takes the mark off again. A deposit's id alone marks whatever its state is now."""
        with self._rows.write():
            for deposit in deposits:
                number = int((deposit if isinstance(deposit, str) else deposit.id).removeprefix("D"))
                row = self._rows.one(DEPOSITS, DEPOSITS.c.id == number)
                as_told = row is not None and (isinstance(deposit, str) or row["events"] == deposit.events)
                if row is not None and as_told and not row["registered"]:
                    self._rows.update(DEPOSITS, row, registered=True)

    # --- questions ---

    def deposit(self, record: RecordId) -> Deposit | None:
        """The deposit of a record."""
        row = self._rows.one(DEPOSITS, DEPOSITS.c.record == record)
        return None if row is None else self._deposit(row)

    def pending(self) -> list[Deposit]:
        """What a resumed ingest has to finish: RECEIVED and ARCHIVED, oldest first."""
        return self.deposits((DepositState.RECEIVED, DepositState.ARCHIVED))

    def rejects(self) -> list[Deposit]:
        """REJECTED, oldest first."""
        return self.deposits((DepositState.REJECTED,))

    def unregistered(self) -> list[Deposit]:
        """Those whose present state the register does not have yet."""
        return [self._deposit(row) for row in self._rows.fetch(DEPOSITS, DEPOSITS.c.registered.is_(False))]

    def deposits(
        self, states: Collection[DepositState] = tuple(DepositState), batch: str | None = None
    ) -> list[Deposit]:
        """Deposits in these states, oldest first; of one batch if given."""
        where: list[ColumnElement[bool]] = [DEPOSITS.c.state.in_([state.value for state in states])]
        if batch is not None:
            where.append(DEPOSITS.c.batch == batch)
        return [self._deposit(row) for row in self._rows.fetch(DEPOSITS, *where)]

    def counts(self) -> dict[str, int]:
        """Deposits by state, and "patients", "records", "staff"."""
        with self._rows.read() as connection:
            states = connection.execute(select(DEPOSITS.c.state, func.count()).group_by(DEPOSITS.c.state)).all()
            merged = PATIENTS.c.merged_into.is_(None)
            found = {str(state): int(count) for state, count in states}
            found["patients"] = int(
                connection.execute(select(func.count()).select_from(PATIENTS).where(merged)).scalar_one()
            )
            for name, table in (("records", RECORDS), ("staff", STAFF)):
                found[name] = int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        return found

    def record(self, record: RecordId) -> RecordEntry | None:
        """The description of a record. Raises Refused("record_disposed")."""
        row = self._rows.one(RECORDS, RECORDS.c.record == record)
        return None if row is None else self._entry(row)

    def records_of(self, patient: PatientToken, department: str | None = None) -> list[RecordEntry]:
        """A patient's records under every token that was linked, of one department if given."""
        where: list[ColumnElement[bool]] = [
            RECORDS.c.patient.in_(self.patients.aliases(self.patients.canonical(patient)))
        ]
        if department is not None:
            where.append(RECORDS.c.department == department)
        return [self._entry(row) for row in self._rows.fetch(RECORDS, *where)]

    def find(self, words: IdentifiedText, department: str | None = None) -> list[RecordEntry]:
        """Records of the patients whose ID card, record number or whole name this is (call slips)."""
        return [entry for token in self.patients.find(words) for entry in self.records_of(token, department)]

    def relinked(self) -> list[RecordId]:
        """Records archived under a token that was linked into another since: to be shelved anew."""
        retired = select(PATIENTS.c.token).where(PATIENTS.c.merged_into.is_not(None))
        return [RecordId(row["record"]) for row in self._rows.fetch(RECORDS, RECORDS.c.patient.in_(retired))]

    def expected_parts(self) -> dict[RecordId, tuple[str, ...]]:
        """Every deposit and the vault parts that it must have; for fixity."""
        found = {RecordId(row["record"]): ("original",) for row in self._rows.fetch(DEPOSITS)}
        return found | {RecordId(row["record"]): tuple(json.loads(row["parts"])) for row in self._rows.fetch(RECORDS)}

    def verify(self) -> list[Problem]:
        """Every row's MAC, every table's tally, and that rows which need each other are there."""
        found = self._rows.verify()
        if found:
            return found
        deposits = {row["record"]: row["state"] for row in self._rows.fetch(DEPOSITS)}
        records = {row["record"]: row["patient"] for row in self._rows.fetch(RECORDS)}
        patients = {row["token"] for row in self._rows.fetch(PATIENTS)}
        needed = {
            record for record, state in deposits.items() if state in (DepositState.ARCHIVED, DepositState.SHELVED)
        }
        found += [problem(FILE, record, "archived, but not described") for record in sorted(needed - records.keys())]
        found += [
            problem(FILE, record, "described, but never deposited")
            for record in sorted(records.keys() - deposits.keys())
        ]
        found += [problem(FILE, record, "its patient is missing") for record, p in records.items() if p not in patients]
        loose = {row["patient"] for row in self._rows.fetch(LOOKUPS)} - patients
        return found + [problem(FILE, token, "a lookup leads to no patient") for token in sorted(loose)]

    # --- rows and values ---

    def _row(self, record: RecordId) -> dict[str, Any]:
        row = self._rows.one(DEPOSITS, DEPOSITS.c.record == record)
        if row is None:
            raise BadInput("no_such_deposit", f"Record {record} was never deposited; deposit its file first.")
        return row

    def _step(self, row: dict[str, Any], to: DepositState, **changes: Any) -> None:
        if to not in STEPS[DepositState(row["state"])]:
            words = f"Deposit D{row['id']:06d} is {row['state']} and cannot become {to.value}."
            raise Refused("wrong_state", words)
        moved = {"changed_at": self._now(), "events": row["events"] + 1, "registered": False}
        self._rows.update(DEPOSITS, row, state=to.value, **changes, **moved)

    def _bring_over(self, token: PatientToken) -> None:
        """Records of tokens linked into this one that no edition has yet go over at once; see `relinked`."""
        for alias in self.patients.aliases(token)[1:]:
            for row in self._rows.fetch(RECORDS, RECORDS.c.patient == alias):
                if self._row(RecordId(row["record"]))["state"] != DepositState.SHELVED:
                    self.relink(RecordId(row["record"]))

    def _record_values(self, accession: Accession, patient: Patient) -> dict[str, Any]:
        on = accession.on
        description = self._seal(accession.record, "description", canonical(dict(accession.description)))
        return {
            "record": accession.record,
            "patient": patient.token,
            "record_type": accession.record_type,
            "department": accession.department,
            "year": on.year if on else None,
            "quarter": (on.month + 2) // 3 if on else None,
            "day": (on - patient.anchor).days if on and patient.anchor else None,
            "description_sealed": description,
            "parts": json.dumps(sorted(accession.parts)),
        }

    def _entry(self, row: Mapping[str, Any]) -> RecordEntry:
        record = RecordId(row["record"])
        description = json.loads(self._unseal(record, "description", row["description_sealed"]))
        return RecordEntry(
            record, PatientToken(row["patient"]), row["record_type"], row["department"], row["year"], row["quarter"],
            row["day"], tuple(json.loads(row["parts"])), description,
        )  # fmt: skip

    def _deposit(self, row: Mapping[str, Any]) -> Deposit:
        record = RecordId(row["record"])
        edition = None if row["edition"] is None else EditionNumber(row["edition"])
        sealed = row["name_sealed"]
        return Deposit(
            f"D{row['id']:06d}", record, DepositState(row["state"]), row["reason"], row["size"], row["media_type"],
            row["batch"], edition, row["received_at"], row["changed_at"], row["events"], bool(row["registered"]),
            lambda: self._name(record, sealed),
        )  # fmt: skip

    def _name(self, record: RecordId, sealed: bytes) -> IdentifiedText:
        try:
            return IdentifiedText(self._unseal(record, "name", sealed).decode())
        except Refused:  # disposed of: the row stays, its name is gone
            return IdentifiedText("")

    def _patient(self, token: PatientToken) -> Patient:
        patient = self.patients.get(self.patients.canonical(token))
        if patient is None:
            raise KeyError(token)
        return patient

    def _seal(self, record: RecordId, field_name: str, plain: bytes) -> bytes:
        return seal(self._keyring.obtain(record), plain, _aad(record, field_name))

    def _unseal(self, record: RecordId, field_name: str, sealed: bytes) -> bytes:
        return unseal(self._keyring.key(record), sealed, _aad(record, field_name))

    def _keys_are_durable(self) -> None:
        """A row must not outlive a key that a crash takes back."""
        if self._keyring.in_batch:
            raise RuntimeError("leave vault.batch() before noting the event in the catalogue")

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")


def _aad(record: RecordId, field_name: str) -> bytes:
    return f"lantai/catalogue/1/{record}/{field_name}".encode()
