"""The line (归档流水线): a deposit's stations in order, from sealed bytes to the shelf. Killed anywhere and run again,
it leaves every record once; it must never write anything in the clear."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import Any, Final

from archive.catalogue import Catalogue, Deposit
from archive.catalogue_schema import DepositState
from archive.keys import Keys
from archive.patients import Patient
from archive.vault import Vault
from deid.api import Deidentifier, Known
from ingest.accession import accession, of_the_record
from ingest.description import Description
from ingest.guard import GuardPool
from ingest.leftovers import folded
from ingest.limits import Limits
from ingest.ocr.rapid import RapidEngine
from ingest.ocr.tesseract import tesseract_installed
from ingest.process import Processed
from ingest.rejects import Reason, Reject
from ingest.shelving import HeldBack, Placed, shelf_record
from records.entities import Entity
from records.errors import BadInput, LantaiError, Refused
from records.ids import EditionNumber, PersonToken, RecordId
from records.shelf import ShelfRecord
from records.slots import SlotKind
from records.texts import IdentifiedText
from semantic.concepts import Lexicon
from semantic.edition import Shelf
from semantic.encoder import Encoder

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]  # stage, done, total
GROUP: Final = 64  # records committed together at most
GROUP_SECONDS: Final = 1.0
SEGMENT: Final = 10_000  # records of one edition's segment at most
RETRIED: Final = frozenset({Reason.ENGINE_MISSING.value})  # reasons that installing something takes away
NEEDS_REVIEW: Final = "needs_review"
LONG_NAME: Final = 3  # names of staff from other records are looked for from this length on; 高峰 is a word too


class Line:
    """One run over what waits. Needs the open archive and shelf; keeps nothing between runs."""

    def __init__(
        self, *, vault: Vault, catalogue: Catalogue, keys: Keys, shelf: Shelf, deidentifier: Deidentifier,
        encoder: Encoder, lexicon: Lexicon, workers: int | None = None, limits: Limits | None = None,
    ) -> None:  # fmt: skip
        self._vault = vault
        self._catalogue = catalogue
        self._keys = keys
        self._shelf = shelf
        self._deidentifier = deidentifier
        self._encoder = encoder
        self._lexicon = lexicon
        self._workers = workers
        self._limits = limits
        self._listed: tuple[tuple[str, Known], ...] = ()

    def run(
        self,
        pending: Sequence[Deposit] | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> EditionNumber:
        """Takes deposits (default: all that wait) to the shelf; rejects what cannot be read. Returns the edition."""
        tell, stop = progress or _silent, stop or threading.Event()
        if not tesseract_installed():
            log.warning("tesseract is missing: turned pages are tried all four ways and marked orientation_unsure")
        self._reopen_retried()
        todo = {item.record for item in pending} if pending is not None else None
        self._read(self._waiting(DepositState.RECEIVED, todo), tell, stop)
        self._shelve(self._waiting(DepositState.ARCHIVED, todo), tell, stop)
        return self._shelf.current()

    def again(self, records: Sequence[RecordId], stop: threading.Event | None = None) -> Iterator[ShelfRecord]:
        """Clean copies of archived records by today's rules and lists; one that is held back is left out."""
        self._listed = tuple(self._known_anywhere())
        for record in records:
            if stop is not None and stop.is_set():
                return
            clean = self._clean(record)
            if clean is not None:
                yield clean

    # --- receive → decode → recognise → transcribe → describe → accession ---

    def _read(self, deposits: Sequence[Deposit], tell: Progress, stop: threading.Event) -> None:
        """Reads each original in a guarded child, seals transcript and description, enters it in the catalogue."""
        tell("read", 0, len(deposits))
        group: list[tuple[RecordId, Processed]] = []
        since = time.monotonic()
        with GuardPool(self._pool_size(len(deposits)), self._limits) as pool:
            for done, (name, answer) in enumerate(pool.map("process", self._items(deposits, stop)), start=1):
                record = RecordId(name)
                outcome = self._outcome(answer)
                if isinstance(outcome, Reason):
                    self._catalogue.reject(record, outcome.value)
                else:
                    group.append((record, outcome))
                if len(group) >= GROUP or time.monotonic() - since > GROUP_SECONDS:
                    self._accession(group)
                    group, since = [], time.monotonic()
                    tell("read", done, len(deposits))
            self._accession(group)
        tell("read", len(deposits), len(deposits))

    def _items(
        self, deposits: Sequence[Deposit], stop: threading.Event
    ) -> Iterator[tuple[str, Callable[[], tuple[bytes, str]]]]:
        for deposit in deposits:
            if stop.is_set():
                return
            yield deposit.record, lambda item=deposit: (self._vault.get(item.record, "original"), _suffix(item.name))  # type: ignore[misc]

    def _outcome(self, answer: str | Reason) -> Processed | Reason:
        if isinstance(answer, Reason):
            return answer
        try:
            return Processed.from_text(answer)
        except Reject as reject:
            return reject.reason

    def _accession(self, group: Sequence[tuple[RecordId, Processed]]) -> None:
        """First the vault, durable; then the catalogue: a crash between the two only reads the file once more."""
        if not group:
            return
        with self._vault.batch():
            for record, processed in group:
                self._vault.put(record, "transcript", _bytes(processed.transcript.to_json()))
                self._vault.put(record, "description", _bytes(processed.description.to_json()))
        try:
            with self._catalogue.batch():
                for record, processed in group:
                    self._catalogue.archive(accession(record, processed))
        except Refused:  # one of them was taken away meanwhile: the others go on
            for record, processed in group:
                self._archive_alone(record, processed)

    def _archive_alone(self, record: RecordId, processed: Processed) -> None:
        try:
            self._catalogue.archive(accession(record, processed))
        except Refused as error:
            log.warning("record %s was not archived: %s", record, error.code)

    # --- de-identify → shelve ---

    def _shelve(self, deposits: Sequence[Deposit], tell: Progress, stop: threading.Event) -> None:
        """De-identifies what is archived, and what was shelved under a patient known by another token since; publishes
        it all in one segment; then notes it in the catalogue."""
        self._listed = tuple(self._known_anywhere())
        moved = [record for record in self._catalogue.relinked() if self._is_shelved(record)]
        todo = [*(deposit.record for deposit in deposits), *moved]
        tell("deidentify", 0, len(todo))
        ready: list[ShelfRecord] = []
        for done, record in enumerate(todo, start=1):
            if stop.is_set():
                return
            clean = self._clean(record)
            if clean is not None:
                ready.append(clean)
            if len(ready) >= SEGMENT:
                self._publish(ready, tell)
                ready = []
            if done % 20 == 0 or done == len(todo):
                tell("deidentify", done, len(todo))
        self._publish(ready, tell)
        for record in self._catalogue.relinked():
            self._catalogue.relink(record)

    def _clean(self, record: RecordId) -> ShelfRecord | None:
        """The clean copy, or None for a record held back (its reason stands in the catalogue)."""
        entry = self._catalogue.record(record)
        patients = self._catalogue.patients
        patient = patients.get(patients.canonical(entry.patient)) if entry else None
        if entry is None or patient is None:
            return None
        described = Description.from_json(json.loads(self._vault.get(record, "description")))
        known = [*self._of_patient(patient), *self._of_record(described), *self._listed_in(described)]
        placed = Placed(record, patient.token, patient.anchor)
        try:
            return shelf_record(described, placed, known, self._deidentifier, self._catalogue.tokens)
        except HeldBack as held:
            self._hold_back(record, held.code)
        except LantaiError:
            raise
        except Exception as error:  # noqa: BLE001 (one record must not stop the others, and its text must not be told)
            log.error("record %s was not de-identified: %s", record, type(error).__name__)
            self._hold_back(record, "deidentify_failed")
        return None

    def _hold_back(self, record: RecordId, code: str) -> None:
        """Into the rejects list, for a person to look at. One that is on the shelf already stays there as it is."""
        if self._is_shelved(record):
            log.error("record %s could not be shelved anew: %s", record, code)
        else:
            self._catalogue.reject(record, f"{NEEDS_REVIEW}:{code}")

    def _publish(self, records: Sequence[ShelfRecord], tell: Progress) -> None:
        """The edition first, then the catalogue: after a crash between them the same records change nothing."""
        if not records:
            return
        tell("publish", 0, len(records))
        edition = self._shelf.publish(records, self._encoder, self._lexicon)
        self._catalogue.shelve([record.row.record for record in records], edition)
        tell("publish", len(records), len(records))

    # --- who is known ---

    def known_of(self, record: RecordId) -> tuple[Known, ...]:
        """Everything that an archived record may hold and the archive knows. BadInput for a record it does not have."""
        entry = self._catalogue.record(record)
        patients = self._catalogue.patients
        patient = patients.get(patients.canonical(entry.patient)) if entry else None
        if patient is None:
            raise BadInput("unknown_record", "The archive does not have this record any more; choose another one.")
        described = Description.from_json(json.loads(self._vault.get(record, "description")))
        text = folded(str(json.loads(self._vault.get(record, "transcript"))["text"]))
        listed = (known for value, known in self._known_anywhere() if value in text)
        return (*self._of_patient(patient), *self._of_record(described), *listed)

    def _of_patient(self, patient: Patient) -> Iterator[Known]:
        tokens = self._catalogue.tokens
        for item in patient.known:
            if item.role is SlotKind.PATIENT:
                token = PersonToken(patient.token)
            elif item.entity is Entity.PERSON:
                token = tokens.person(patient.token, item.value.reveal())
            else:
                token = tokens.value(item.entity, item.value.reveal())
            yield Known(item.entity, item.value, item.role, token)

    def _of_record(self, described: Description) -> Iterator[Known]:
        tokens = self._catalogue.tokens
        for item in of_the_record(described.facts):
            value = item.value.reveal()
            token = tokens.staff(value) if item.entity is Entity.PERSON else tokens.value(item.entity, value)
            yield Known(item.entity, item.value, item.role, token)

    def _known_anywhere(self) -> Iterator[tuple[str, Known]]:
        """What the hospital has listed, folded; short names count only where a field of the record has them."""
        for item in self._catalogue.patients.of_the_hospital():
            value = folded(item.value.reveal())
            if len(value) >= LONG_NAME:
                yield value, Known(item.entity, item.value, item.role, item.token)

    def _listed_in(self, described: Description) -> list[Known]:
        text = folded("\n".join(part.text.reveal() for part in described.sections))
        return [known for value, known in self._listed if value in text]

    # --- small things ---

    def _waiting(self, state: DepositState, wanted: set[RecordId] | None) -> list[Deposit]:
        return [item for item in self._catalogue.deposits((state,)) if wanted is None or item.record in wanted]

    def _is_shelved(self, record: RecordId) -> bool:
        deposit = self._catalogue.deposit(record)
        return deposit is not None and deposit.state is DepositState.SHELVED

    def _reopen_retried(self) -> None:
        if RapidEngine().available():
            for item in self._catalogue.rejects():
                if item.reason in RETRIED:
                    self._catalogue.reopen(item.record)

    def _pool_size(self, files: int) -> int:
        return max(1, min(self._workers or os.cpu_count() or 1, files))


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def _bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _suffix(name: IdentifiedText) -> str:
    return PurePath(name.reveal()).suffix[:16]
