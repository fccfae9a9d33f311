"""HL7 CDA (WS/T 500) documents, the minimum: who, when, title and the text of each section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from lxml import etree

from ingest import vocabulary
from ingest.connectors.markup import parsed_xml, text_of_element
from ingest.dates import first_date
from ingest.description import Facts, Identifier, Part, Person
from ingest.rejects import Reason, Reject
from ingest.sections import heading_of
from ingest.transcript import Page, Source, plain_page
from records.entities import Entity
from records.texts import IdentifiedText

_END: Final = re.compile(rb"</(?:\w+:)?ClinicalDocument\s*>\s*$")
_NS: Final = {"h": "urn:hl7-org:v3"}


def read(data: bytes) -> tuple[Page, Facts]:
    """One page of all section texts, and what header and sections state. Raises Reject."""
    try:
        root = parsed_xml(data)
    except etree.XMLSyntaxError:
        raise Reject(Reason.UNREADABLE if _END.search(data[-200:]) else Reason.TRUNCATED) from None
    except ValueError:
        raise Reject(Reason.UNREADABLE) from None
    if etree.QName(root).localname != "ClinicalDocument":
        raise Reject(Reason.NOT_A_RECORD)
    parts = tuple(_parts(root))
    if not any(part.text.reveal().strip() for part in parts):
        raise Reject(Reason.NOT_A_RECORD)
    lines = [line for part in parts for line in (part.heading, *part.text.reveal().splitlines())]
    return plain_page(1, lines, Source.CDA), _facts(root, parts)


def _facts(root: Any, parts: tuple[Part, ...]) -> Facts:
    title = _text(root, "h:title")
    role = root.find("h:recordTarget/h:patientRole", _NS)
    holder = role if role is not None else root
    birth = first_date(_attribute(holder, "h:patient/h:birthTime", "value")[:8])
    name = _text(holder, "h:patient/h:name")
    on = first_date(_attribute(root, "h:effectiveTime", "value")[:8])
    gender = _attribute(holder, "h:patient/h:administrativeGenderCode", "code").upper()
    return Facts(
        name=IdentifiedText(name) if name else None,
        sex={"M": "M", "1": "M", "F": "F", "2": "F"}.get(gender, ""),
        birth_date=birth,
        identifiers=tuple(_identifiers(holder)),
        relatives=_people(root, "h:participant/h:associatedEntity/h:associatedPerson/h:name", "联系人"),
        staff=_people(root, ".//h:assignedPerson/h:name", ""),
        organisations=tuple(IdentifiedText(text) for text in _texts(root, ".//h:representedOrganization/h:name")),
        department=next((text for text in _texts(root, ".//h:location//h:name") if vocabulary.department(text)), ""),
        title=title,
        record_type=vocabulary.type_of_title(title),
        dates=(("record_date", on),) if on else (),
        parts=parts,
    )


def _identifiers(role: Any) -> Iterable[Identifier]:
    for item in [*role.findall("h:id", _NS), *role.findall("h:patient/h:id", _NS)]:
        value = item.get("extension", "")
        if value:
            card = len(value) == 18 and value[:17].isdigit()
            yield Identifier(
                Entity.ID_CARD if card else Entity.MEDICAL_ID,
                IdentifiedText(value),
                "id_card" if card else "record_number",
            )
    for item in role.findall("h:telecom", _NS):
        value = item.get("value", "").removeprefix("tel:")
        if value:
            yield Identifier(Entity.PHONE, IdentifiedText(value), "phone")
    for item in role.findall("h:addr", _NS):
        value = "".join("".join(item.itertext()).split())
        if value:
            yield Identifier(Entity.ADDRESS, IdentifiedText(value), "address")


def _parts(root: Any) -> Iterable[Part]:
    for section in root.iterfind(".//h:structuredBody//h:section", _NS):
        text = section.find("h:text", _NS)
        title = _text(section, "h:title")
        heading = heading_of(title)
        body = "" if text is None else text_of_element(text)
        if title and not heading:
            body = f"{title}：{body}" if "\n" not in body else f"{title}\n{body}"
        if body.strip():
            yield Part(heading, IdentifiedText(body))


def _people(root: Any, path: str, relation: str) -> tuple[Person, ...]:
    return tuple(Person(IdentifiedText(name), relation) for name in dict.fromkeys(_texts(root, path)))


def _texts(root: Any, path: str) -> list[str]:
    found = ("".join("".join(node.itertext()).split()) for node in root.iterfind(path, _NS))
    return [text for text in found if text]


def _text(root: Any, path: str) -> str:
    return next(iter(_texts(root, path)), "")


def _attribute(root: Any, path: str, name: str) -> str:
    node = root.find(path, _NS)
    return "" if node is None else str(node.get(name, ""))
