"""Who, when and where in a FHIR bundle: patient, contacts, practitioners, organisations, dates, type and department."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ingest import vocabulary
from ingest.connectors.fhir_text import concept_text
from ingest.dates import first_date
from ingest.description import Facts, Identifier, Part, Person
from ingest.people import looks_like_name
from records.entities import Entity
from records.texts import IdentifiedText

if TYPE_CHECKING:
    from ingest.connectors.fhir import Bundle

Resource = Mapping[str, Any]
_CARD: Final = re.compile(r"^\d{17}[\dXx]$|^\d{15}$")
_LOINC: Final[dict[str, str]] = {
    "18842-5": "D33", "34133-9": "D33", "28655-9": "D33", "34117-2": "D02", "47039-3": "D02", "11506-3": "D06",
    "11488-4": "D14", "11504-8": "D19", "11502-2": "D23", "18748-4": "D24", "18752-6": "D24", "11526-1": "D22",
    "22637-3": "D22", "34746-8": "D30", "28570-0": "D13", "34108-1": "D38", "34111-5": "D38", "69730-0": "D33",
    "34878-9": "D38", "59284-0": "D17", "64297-5": "D34", "57852-6": "D34",
}  # fmt: skip


def facts_of(bundle: Bundle, parts: tuple[Part, ...]) -> Facts:
    """What the resources state. Every name, number, phone and address anywhere in the bundle is taken along."""
    patient = next(iter(bundle.of_type("Patient")), {})
    title = _title(bundle)
    return Facts(
        name=next(iter(_names(patient)), None),
        sex={"male": "M", "female": "F"}.get(str(patient.get("gender")), ""),
        birth_date=first_date(str(patient.get("birthDate") or "")),
        identifiers=tuple(_identifiers(bundle)),
        relatives=tuple(_relatives(bundle, patient)),
        staff=tuple(_staff(bundle)),
        organisations=tuple(_organisations(bundle)),
        department=_department(bundle),
        title=title,
        record_type=_record_type(bundle, title),
        dates=tuple(_dates(bundle)),
        diagnoses=tuple(
            IdentifiedText(text) for item in bundle.of_type("Condition") if (text := concept_text(item.get("code")))
        ),
        parts=parts,
    )


def _names(holder: Resource) -> list[IdentifiedText]:
    names = holder.get("name")
    found = [_name(item) for item in (names if isinstance(names, list) else [names]) if isinstance(item, Mapping)]
    return [IdentifiedText(name) for name in found if name]


def _name(item: Resource) -> str:
    if item.get("text"):
        return " ".join(str(item["text"]).split())
    given = [str(part) for part in item.get("given") or ()]
    family = str(item.get("family") or "")
    return " ".join([*given, family]).strip() if f"{family}{''.join(given)}".isascii() else family + "".join(given)


def _identifiers(bundle: Bundle) -> Iterator[Identifier]:
    patients = bundle.of_type("Patient")
    for holder in patients:
        yield from _numbers(holder, "record_number")
        yield from _contact_points(holder)
        for contact in holder.get("contact") or ():
            yield from _contact_points(contact)
    for holder in bundle.of_type("RelatedPerson", "Practitioner", "Organization", "PractitionerRole"):
        if holder.get("resourceType") != "Organization":
            yield from _contact_points(holder)
        yield from _numbers(holder, "other_number")
    for holder in bundle.resources:
        if holder.get("resourceType") not in (
            "Patient",
            "RelatedPerson",
            "Practitioner",
            "Organization",
            "PractitionerRole",
        ):
            yield from _numbers(holder, "visit_number" if holder.get("resourceType") == "Encounter" else "exam_number")


def _numbers(holder: Resource, kind: str) -> Iterator[Identifier]:
    items = holder.get("identifier")
    for item in items if isinstance(items, list) else [items]:
        if not isinstance(item, Mapping):
            continue
        value = str(item.get("value") or "").strip()
        if len(value) < 3 or value.startswith("urn:"):
            continue
        if _CARD.match(value):
            yield Identifier(Entity.ID_CARD, IdentifiedText(value), "id_card" if kind == "record_number" else kind)
        else:
            system = f"{item.get('system') or ''} {concept_text(item.get('type'))}".lower()
            insured = any(word in system for word in ("insur", "医保", "社保", "健康卡"))
            yield Identifier(Entity.MEDICAL_ID, IdentifiedText(value), "insurance" if insured else kind)


def _contact_points(holder: Resource) -> Iterator[Identifier]:
    for item in holder.get("telecom") or ():
        value = str(item.get("value") or "").strip()
        if value:
            mail = item.get("system") == "email" or "@" in value
            yield Identifier(
                Entity.EMAIL if mail else Entity.PHONE, IdentifiedText(value), "email" if mail else "phone"
            )
    addresses = holder.get("address")
    for item in addresses if isinstance(addresses, list) else [addresses]:
        if isinstance(item, Mapping):
            yield from (Identifier(Entity.ADDRESS, IdentifiedText(text), "address") for text in _addresses(item))


def _addresses(item: Resource) -> list[str]:
    """The written form and the joined form of one address, if they differ."""
    lines = [str(line) for line in item.get("line") or ()]
    joined = "".join([*(str(item.get(part) or "") for part in ("state", "city", "district")), *lines])
    street = "".join(lines)
    found = dict.fromkeys(text.strip() for text in (str(item.get("text") or ""), joined, street))
    return [text for text in found if len(text) >= 4]


def _relatives(bundle: Bundle, patient: Resource) -> Iterator[Person]:
    for contact in patient.get("contact") or ():
        for name in _names(contact):
            yield Person(name, concept_text(contact.get("relationship")))
    for related in bundle.of_type("RelatedPerson"):
        for name in _names(related):
            yield Person(name, concept_text(related.get("relationship")))
    for member in bundle.of_type("FamilyMemberHistory"):
        if looks_like_name(str(member.get("name") or "")):
            yield Person(IdentifiedText(str(member["name"])), concept_text(member.get("relationship")))


def _staff(bundle: Bundle) -> Iterator[Person]:
    seen: set[str] = set()
    for practitioner in bundle.of_type("Practitioner"):
        for known in _names(practitioner):
            seen.add(known.reveal())
            yield Person(known, "")
    for display in _displays(bundle.resources):
        name = re.sub(r"(?:副?主任|主治|住院)?(?:医师|医生|护士长?|护师)$", "", display)
        if looks_like_name(name) and name not in seen:
            seen.add(name)
            yield Person(IdentifiedText(name), "")


def _displays(resources: Iterable[Resource]) -> Iterator[str]:
    """Displays of references to practitioners: a bundle may name people without carrying them."""
    todo: list[tuple[object, str]] = [(resource, "") for resource in resources]
    while todo:
        value, name = todo.pop()
        if isinstance(value, Mapping):
            target = str(value.get("reference") or value.get("type") or "")
            if value.get("display") and (
                "Practitioner" in target or (name in _STAFF_FIELDS and "Organization" not in target)
            ):
                yield str(value["display"]).strip()
            todo.extend((child, str(key)) for key, child in value.items())
        elif isinstance(value, list):
            todo.extend((child, name) for child in value)


_STAFF_FIELDS: Final = frozenset(
    {
        "author",
        "performer",
        "attester",
        "party",
        "recorder",
        "asserter",
        "requester",
        "individual",
        "actor",
        "resultsInterpreter",
    }
)


def _organisations(bundle: Bundle) -> Iterator[IdentifiedText]:
    """Hospitals and employers; a department is no identifier."""
    for item in bundle.of_type("Organization"):
        name = str(item.get("name") or "").strip()
        if len(name) >= 4 and not _is_department(name):
            yield IdentifiedText(name)


def _is_department(name: str) -> bool:
    return bool(vocabulary.department(name)) and not name.endswith(("医院", "卫生院", "中心医院", "分院"))


def _department(bundle: Bundle) -> str:
    """Encounter's service or location, then an organisation or role that is a department."""
    candidates: list[str] = []
    for encounter in bundle.of_type("Encounter"):
        candidates.append(concept_text(encounter.get("serviceType")))
        candidates += [
            str((item.get("location") or {}).get("display") or "") for item in encounter.get("location") or ()
        ]
        candidates.append(str((encounter.get("serviceProvider") or {}).get("display") or ""))
    candidates += [concept_text(role.get("specialty")) for role in bundle.of_type("PractitionerRole")]
    candidates += [
        str(item.get("name") or "") for item in bundle.of_type("Location", "HealthcareService", "Organization")
    ]
    for item in bundle.of_type("Composition", "DiagnosticReport", "Observation"):
        for key in ("author", "performer", "custodian"):
            references = item.get(key)
            for one in references if isinstance(references, list) else [references]:
                candidates.append(str(one.get("display") or "") if isinstance(one, Mapping) else "")
    return next((name for name in candidates if name and _is_department(name)), "")


def _title(bundle: Bundle) -> str:
    for item in bundle.of_type("Composition"):
        for text in (str(item.get("title") or ""), concept_text(item.get("type"))):
            if vocabulary.type_of_title(text):
                return text
    for item in bundle.of_type("DiagnosticReport"):
        for text in (concept_text(item.get("code")), concept_text(item.get("category"))):
            if vocabulary.type_of_title(text):
                return text
    return next((str(item.get("title") or "") for item in bundle.of_type("Composition")), "")


def _record_type(bundle: Bundle, title: str) -> str:
    code = vocabulary.type_of_title(title)
    if code:
        return code
    for item in bundle.of_type("Composition", "DiagnosticReport"):
        concept = item.get("type") if item.get("resourceType") == "Composition" else item.get("code")
        codings = concept.get("coding") if isinstance(concept, Mapping) else None
        for coding in codings or ():
            if str(coding.get("code")) in vocabulary.record_types():
                return str(coding["code"])
            if str(coding.get("code")) in _LOINC:
                return _LOINC[str(coding["code"])]
    reports = {str(item.get("resourceType")) for item in bundle.resources}
    if "Composition" not in reports and "DiagnosticReport" in reports:
        return "D23" if "Observation" in reports else "D24"
    return "D23" if "Composition" not in reports and "Observation" in reports else ""


def _dates(bundle: Bundle) -> Iterator[tuple[str, date]]:
    wanted = (
        ("Composition", "record_date", ("date",)),
        ("DiagnosticReport", "exam_date", ("effectiveDateTime",)),
        ("DiagnosticReport", "report_date", ("issued",)),
        ("Procedure", "operation_date", ("performedDateTime",)),
        ("Observation", "exam_date", ("effectiveDateTime", "issued")),
    )
    for kind, name, fields in wanted:
        for item in bundle.of_type(kind):
            for one in fields:
                day = first_date(str(item.get(one) or ""))
                if day is not None:
                    yield name, day
    for encounter in bundle.of_type("Encounter"):
        period = encounter.get("period") or {}
        outpatient = str((encounter.get("class") or {}).get("code")) in ("AMB", "EMER", "VR")
        start, end = first_date(str(period.get("start") or "")), first_date(str(period.get("end") or ""))
        if start:
            yield ("visit_date" if outpatient else "admission"), start
        if end and not outpatient:
            yield "discharge", end
