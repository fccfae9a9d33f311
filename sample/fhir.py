"""A record as a FHIR R4 document bundle: Composition first, then who and what it is about; narrative as XHTML."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from html import escape
from typing import Any

from sample import seeds
from sample.clinic import Hospital
from sample.markup import plain
from sample.record import Record, Section

_LOINC = {
    "D33": "18842-5",
    "D23": "11502-2",
    "D24": "18748-4",
    "D22": "11526-1",
    "D19": "11504-8",
    "D38": "34108-1",
    "D14": "11488-4",
}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
_INVENTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
_RELATION = {"妻子": "WIFE", "丈夫": "HUSB", "儿子": "SON", "女儿": "DAU", "母亲": "MTH", "父亲": "FTH"}


def bundle(record: Record, hospital: Hospital) -> bytes:
    """UTF-8 JSON of one document bundle, the same bytes for the same record."""
    key = hashlib.sha256(f"{record.file}|{record.patient.key}".encode()).hexdigest()
    made = _time(record.when)
    refs = {
        name: f"urn:uuid:{_uuid(key, name)}"
        for name in ("Composition", "Patient", "Encounter", "Practitioner", "Organization")
    }
    conditions = [(f"urn:uuid:{_uuid(key, f'Condition{i}')}", c, n) for i, (c, n) in enumerate(record.diagnoses)]
    entries: list[tuple[str, dict[str, Any]]] = [
        (refs["Composition"], _composition(record, refs, made)),
        (refs["Patient"], _patient(record)),
        (refs["Encounter"], _encounter(record, refs, hospital)),
        (refs["Practitioner"], {"resourceType": "Practitioner", "name": [{"text": record.author}]}),
        (refs["Organization"], _organization(hospital)),
    ]
    entries += [(url, _condition(record, refs, concept, name)) for url, concept, name in conditions]
    for i, _ in enumerate(record.labs):
        entries.append((f"urn:uuid:{_uuid(key, f'Observation{i}')}", _observation(record, refs, i, made)))
    for url, resource in entries:
        resource["id"] = url[9:]
    document = {
        "resourceType": "Bundle",
        "id": _uuid(key, "Bundle"),
        "meta": {"tag": [_INVENTED]},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_uuid(key, 'document')}"},
        "type": "document",
        "timestamp": made,
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in entries],
    }
    return _JSON.encode(document).encode()


def _uuid(key: str, name: str) -> str:
    raw = hashlib.blake2b(f"{key}/{name}".encode(), digest_size=16).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds") + "+08:00"


def _composition(record: Record, refs: dict[str, str], made: str) -> dict[str, Any]:
    kind: dict[str, Any] = {
        "coding": [{"system": "urn:lantai:sample:record-type", "code": record.type_code, "display": record.title}],
        "text": record.title,
    }
    if record.type_code in _LOINC:
        kind["coding"].append({"system": "http://loinc.org", "code": _LOINC[record.type_code]})
    return {
        "resourceType": "Composition",
        "status": "final",
        "type": kind,
        "subject": {"reference": refs["Patient"]},
        "encounter": {"reference": refs["Encounter"]},
        "date": made,
        "author": [{"reference": refs["Practitioner"]}],
        "title": record.title,
        "custodian": {"reference": refs["Organization"]},
        "section": [_section(s) for s in record.sections] + [_signatures(record)],
    }


def _section(section: Section) -> dict[str, Any]:
    inner = "".join(f"<p>{escape(plain(p), quote=False)}</p>" for p in section.paragraphs)
    if section.table:
        rows = ["".join(f"<td>{escape(plain(cell), quote=False)}</td>" for cell in row) for row in section.table]
        inner += "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"
    return {"title": section.heading, "text": {"status": "generated", "div": f"<div {_XHTML}>{inner}</div>"}}


def _signatures(record: Record) -> dict[str, Any]:
    words = "  ".join(f"{label}：{plain(name)}" for label, name in record.signatures)
    return {
        "title": "签名",
        "text": {"status": "generated", "div": f"<div {_XHTML}><p>{escape(words, quote=False)}</p></div>"},
    }


def _patient(record: Record) -> dict[str, Any]:
    p = record.patient
    telecom = [{"system": "phone", "value": p.phone, "use": "mobile"}]
    if p.index % 3 == 0:
        telecom.append({"system": "email", "value": p.email, "use": "home"})
    return {
        "resourceType": "Patient",
        "identifier": [
            {"type": {"text": "居民身份证"}, "system": "urn:lantai:sample:id-card", "value": p.id_card},
            {"type": {"text": "病案号"}, "system": "urn:lantai:sample:mrn", "value": p.mrn},
            {"type": {"text": "医保卡号"}, "system": "urn:lantai:sample:insurance", "value": p.insurance},
        ],
        "name": [{"use": "official", "text": p.name}],
        "telecom": telecom,
        "gender": "male" if p.male else "female",
        "birthDate": p.born.isoformat(),
        "address": [{"use": "home", "text": p.address, "district": p.district, "postalCode": p.post}],
        "contact": [
            {
                "relationship": [{"text": r.relation, **_relation_code(r.relation)}],
                "name": {"text": r.name},
                "telecom": [{"system": "phone", "value": r.phone}],
            }
            for r in p.relatives
        ],
    }


def _relation_code(relation: str) -> dict[str, Any]:
    code = _RELATION.get(relation)
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": code}]} if code else {}


def _encounter(record: Record, refs: dict[str, str], hospital: Hospital) -> dict[str, Any]:
    way = ("IMP", "inpatient encounter") if record.inpatient else ("AMB", "ambulatory")
    return {
        "resourceType": "Encounter",
        "identifier": [{"type": {"text": "住院号" if record.inpatient else "门诊号"}, "value": record.visit_number}],
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": way[0], "display": way[1]},
        "serviceType": {"text": record.department},
        "subject": {"reference": refs["Patient"]},
        "period": {"start": _time(record.admitted), "end": _time(record.discharged)},
        "serviceProvider": {"reference": refs["Organization"], "display": hospital.name},
    }


def _organization(hospital: Hospital) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "name": hospital.name,
        "telecom": [{"system": "phone", "value": hospital.phone}],
        "address": [{"text": hospital.address}],
    }


def _condition(record: Record, refs: dict[str, str], concept: str, name: str) -> dict[str, Any]:
    row = seeds.concepts()[concept]
    return {
        "resourceType": "Condition",
        "code": {
            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": row.icd10, "display": row.name}],
            "text": plain(name),
        },
        "subject": {"reference": refs["Patient"]},
        "encounter": {"reference": refs["Encounter"]},
        "recordedDate": _time(record.when),
    }


def _observation(record: Record, refs: dict[str, str], number: int, made: str) -> dict[str, Any]:
    lab = record.labs[number]
    quantity: dict[str, Any] = {"value": float(lab.value)}
    if lab.unit:
        quantity["unit"] = lab.unit
    out: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": lab.name},
        "subject": {"reference": refs["Patient"]},
        "effectiveDateTime": made,
        "valueQuantity": quantity,
        "referenceRange": [{"text": lab.reference}],
    }
    if lab.flag:
        out["interpretation"] = [{"text": lab.flag}]
    return out
