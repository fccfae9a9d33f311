"""Writes DIR/truth: what the records say and who is in them. For tests only; never goes into an archive."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from sample import markup, places, seeds
from sample.clinic import Hospital
from sample.people import Patient, is_diabetic
from sample.record import Record
from sample.values import Values

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DIABETES_WORDS = {"dm", "t2dm", "t1dm"}


class Truth:
    """Open files of the truth; use as a context manager."""

    def __init__(self, folder: Path, hospital: Hospital) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._hospital = hospital
        self._files: dict[str, TextIO] = {
            name: (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n")
            for name in ("records", "identifiers", "patients")
        }
        self._rows = list(seeds.concepts().values())
        (folder / "README.txt").write_text(_README.format(name=hospital.name), encoding="utf-8")
        self._write_staff()

    def __enter__(self) -> Truth:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def add_patient(self, patient: Patient, values: Values, records: list[Record]) -> None:
        """A patient with all records, in the order in which they were made."""
        found: dict[tuple[str, str, str], None] = dict.fromkeys(_structured(patient, records))
        for record in records:
            row = self._record_row(record)
            self._put("records", row)
            for span in row["spans"]:
                if span["role"] in ("patient", "relative"):
                    found[row["text"][span["start"] : span["end"]], span["entity"], span["role"]] = None
        for value, entity, role in found:
            self._put("identifiers", {"value": value, "entity": entity, "role": role, "patient": patient.key})
        self._put("patients", _patient_row(patient, values, records))

    def _put(self, name: str, row: dict[str, Any]) -> None:
        self._files[name].write(_JSON.encode(row) + "\n")

    def _record_row(self, record: Record) -> dict[str, Any]:
        reading = markup.read(record.page(self._hospital.name))
        merged: dict[tuple[int, str], dict[str, Any]] = {}
        for m in reading.mentions:
            concept = self._rows[m.concept]
            row = merged.setdefault(
                (m.concept, m.status),
                {"id": concept.id, "name": concept.name, "icd10": concept.icd10, "status": m.status, "forms": []},
            )
            form = reading.text[m.start : m.end]
            if form and form not in row["forms"]:
                row["forms"].append(form)
        return {
            "file": record.file,
            "kind": record.kind,
            "type": record.type_code,
            "title": record.title,
            "department": record.department,
            "patient": record.patient.key,
            "date": record.when.date().isoformat(),
            "visit": record.visit_number,
            "author": record.author,
            "text": reading.text,
            "sections": [
                {
                    "heading": s.heading,
                    "text": "\n".join([markup.plain(p) for p in s.paragraphs] + _table_lines(s.table)),
                }
                for s in record.sections
            ],
            "concepts": list(merged.values()),
            "spans": [
                {"start": i.start, "end": i.end, "entity": i.entity, "role": i.role} for i in reading.identifiers
            ],
        }

    def _write_staff(self) -> None:
        for member in self._hospital.staff:
            self._put("identifiers", {"value": member.name, "entity": "PERSON", "role": "staff", "patient": None})
        fixed = [
            (self._hospital.name, "ORGANISATION"),
            (self._hospital.phone, "PHONE"),
            (self._hospital.address, "ADDRESS"),
        ]
        fixed += [(name, "ORGANISATION") for name in places.names()["hospitals"]]
        for value, entity in fixed:
            self._put("identifiers", {"value": value, "entity": entity, "role": "place", "patient": None})


def _table_lines(table: list[list[str]]) -> list[str]:
    return ["  ".join(markup.plain(cell) for cell in row) for row in table[1:]]


def _structured(patient: Patient, records: list[Record]) -> list[tuple[str, str, str]]:
    """Identifiers that FHIR bundles carry outside their narrative."""
    out = [
        (patient.name, "PERSON", "patient"),
        (patient.id_card, "ID_CARD", "patient"),
        (patient.mrn, "MEDICAL_ID", "patient"),
        (patient.insurance, "MEDICAL_ID", "patient"),
        (patient.phone, "PHONE", "patient"),
        (patient.address, "ADDRESS", "patient"),
        (patient.born.isoformat(), "DATE", "patient"),
    ]
    if patient.index % 3 == 0:
        out.append((patient.email, "EMAIL", "patient"))
    for r in patient.relatives:
        out += [(r.name, "PERSON", "relative"), (r.phone, "PHONE", "relative")]
    out += [(number, "MEDICAL_ID", "patient") for number in dict.fromkeys(r.visit_number for r in records)]
    return out


def _patient_row(patient: Patient, values: Values, records: list[Record]) -> dict[str, Any]:
    stay_of = {r.visit: r for r in records}
    series = {
        name: [
            {"date": stay_of[v].admitted.date().isoformat(), "value": float(values.text(name, v, 0.0))}
            for v in sorted(stay_of)
        ]
        for name in _series(patient)
    }
    blocks = [seeds.blocks()[b] for b in patient.story.blocks]
    return {
        "key": patient.key,
        "name": patient.name,
        "sex": patient.sex,
        "born": patient.born.isoformat(),
        "id_card": patient.id_card,
        "mrn": patient.mrn,
        "story": patient.story.id,
        "diabetic": is_diabetic(patient),
        "denies_diabetes": "dm" in patient.denies,
        "father_diabetic": any(who == "父亲" and what in _DIABETES_WORDS for who, what in patient.kin),
        "conditions": [
            {"id": c, "name": seeds.concepts()[c].name, "icd10": seeds.concepts()[c].icd10}
            for c in dict.fromkeys(b.concept for b in blocks)
        ],
        "complications": [{"of": of, "id": b.concept} for b in blocks for of in _parents(b, patient)],
        "relatives": [{"relation": r.relation, "name": r.name} for r in patient.relatives],
        "series": series,
        "files": [r.file for r in records],
    }  # fmt: skip


def _parents(block: seeds.Block, patient: Patient) -> list[str]:
    """Concepts of the diseases this patient has that the block complicates."""
    return [seeds.blocks()[a].concept for a in block.after if a in patient.story.blocks]


def _series(patient: Patient) -> list[str]:
    return sorted(
        {name for b in patient.story.blocks for name in seeds.blocks()[b].vars} & {"cr", "hba1c", "uacr", "sbp", "hb"}
    )


_README = """\
INVENTED DATA / 全部为虚构数据

Every person, number, address, hospital and record in this folder and in ../inbox was made by a program.
{name} stands in a city that does not exist; its ID-card numbers use area codes that belong to no place.

records.jsonl      one line per file of ../inbox: the page as a human reads it, its sections, concepts
                   (status present, negated, family, possible, implied) and identifier spans (code points of text)
identifiers.jsonl  every identifier: value, entity, role (patient, relative, staff, place), patient
patients.jsonl     one line per patient: story, conditions, complications, series of values, files

This folder is for tests. Never ingest it.
"""
