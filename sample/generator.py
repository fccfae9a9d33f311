"""Makes the sample hospital: patients one after the other, each with all records, written as they are made."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from records.errors import BadInput
from sample import fhir, people, plan, scan
from sample.clinic import Hospital, open_hospital
from sample.pdf import PdfPrinter
from sample.record import Record
from sample.scribe import Stay, new_stay
from sample.truth import Truth
from sample.values import Values
from sample.writing.case import Case
from sample.writing.types import WRITERS

FIRST_DAY, LAST_DAY = date(2023, 1, 2), date(2025, 12, 30)
Progress = Callable[[int, int], None]


def generate(
    out: Path, patients: int = 120, seed: int = 20260101, progress: Progress | None = None, *,
    scans: int = 36, pdfs: int | None = None, kinds: tuple[str, ...] = plan.KINDS,
) -> dict[str, Any]:  # fmt: skip
    """Write out/inbox and out/truth and say what was written.

    `scans` and `pdfs` are how many records become page images and born-digital PDFs (one in seven, 90 at the most,
    if not told); all others become FHIR bundles.
    The same arguments give the same bytes. BadInput if `out` already holds a sample, or on a number below 1.
    """
    if patients < 1:
        raise BadInput("sample_patients", "A sample needs at least one patient: give --patients 1 or more.")
    inbox = _empty_folder(out)
    order = plan.story_order(seed)
    total = plan.count_records(patients, order)
    special = plan.hand_out(patients, order, seed, scans, min(90, total // 7) if pdfs is None else pdfs, kinds)
    hospital = open_hospital(seed)
    printer = _Printer(inbox, hospital, seed, special, plan.usual_kind(kinds), total)
    counts: dict[str, Counter[str]] = {"kinds": Counter(), "types": Counter(), "departments": Counter()}
    staff = frozenset(s.name for s in hospital.staff)
    done = 0
    with closing(printer), Truth(out / "truth", hospital) as truth:
        for index in range(patients):
            patient = people.make_patient(index, seed, order[index % len(order)], FIRST_DAY, LAST_DAY, staff)
            values = Values(patient, seed)
            records = write_patient(patient, values, hospital, seed)
            for serial, record in enumerate(records):
                printer.write(record, index, serial, done)
                done += 1
                for name, value in (
                    ("kinds", record.kind),
                    ("types", record.type_code),
                    ("departments", record.department),
                ):
                    counts[name][value] += 1
                if progress is not None:
                    progress(done, total)
            truth.add_patient(patient, values, records)
    return {"patients": patients, "records": done, "seed": seed, "inbox": str(inbox), "truth": str(out / "truth")} | {
        name: dict(sorted(counter.items())) for name, counter in counts.items()
    }


def write_patient(patient: people.Patient, values: Values, hospital: Hospital, seed: int) -> list[Record]:
    """All records of one patient in the order of the story."""
    rng = Random(f"{seed}/records/{patient.index}")
    stays: dict[int, Stay] = {}
    records: list[Record] = []
    for slot in plan.slots_of(patient.index, patient.story):
        if slot.visit not in stays:
            stays[slot.visit] = new_stay(patient, slot.visit, hospital, rng)
        case = Case(hospital, patient, values, stays[slot.visit], rng, slot.serial)
        records.append(WRITERS[slot.code](case, slot.about))
    return records


class _Printer:
    """Turns records into files whose names say nothing about anybody."""

    def __init__(
        self, inbox: Path, hospital: Hospital, seed: int, special: dict[tuple[int, int], str], usual: str, total: int
    ) -> None:
        self._inbox, self._hospital, self._seed = inbox, hospital, seed
        self._special, self._usual = special, usual
        self._digits = max(5, len(str(total)))
        self._scans = 0
        self._pdf: PdfPrinter | None = None

    def close(self) -> None:
        """Remove what PDFs needed."""
        if self._pdf is not None:
            self._pdf.close()

    def write(self, record: Record, patient: int, serial: int, number: int) -> None:
        """Write the record as the kind it was meant to be, and note kind and file name in it."""
        record.kind = self._special.get((patient, serial), self._usual)
        stem = f"{record.kind}-{number + 1:0{self._digits}d}"
        if record.kind == "fhir":
            record.file = f"{stem}.json"
            data = fhir.bundle(record, self._hospital)
        else:
            rng = Random(f"{self._seed}/file/{patient}/{serial}")
            suffix, data = self._paged(record, rng)
            record.file = f"{stem}.{suffix}"
        _write(f"{self._inbox}/{record.file}", data)

    def _paged(self, record: Record, rng: Random) -> tuple[str, bytes]:
        if record.kind == "scan":
            self._scans += 1
            return scan.scan(record, self._hospital.name, scan.damage_for(self._scans - 1), rng)
        if self._pdf is None:
            self._pdf = PdfPrinter()
        return "pdf", self._pdf.print(record, self._hospital.name, rng)


def _write(path: str, data: bytes) -> None:
    """A new file; by system calls, since a hundred thousand small ones spend their time there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        while data:
            data = data[os.write(handle, data) :]
    finally:
        os.close(handle)


def _empty_folder(out: Path) -> Path:
    """out/inbox and out/truth as new, empty folders."""
    inbox = out / "inbox"
    for folder in (inbox, out / "truth"):
        if folder.exists():
            if any(folder.iterdir()) and not (out / "truth" / "README.txt").is_file():
                raise BadInput("sample_folder", "The folder holds files that are no sample: give an empty one.")
            shutil.rmtree(folder)
    inbox.mkdir(parents=True)
    return inbox
