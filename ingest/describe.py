"""From a transcript (and what structured sources state) to a description: one function a question, in the order asked.
Pure; it must never log or raise with a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ingest import dates, people, sections, vocabulary
from ingest.description import Description, Facts, Identifier, Part
from ingest.fields import Field, fields
from ingest.paragraphs import paragraphs
from ingest.presentation import presented
from ingest.transcript import Transcript
from records.entities import Entity
from records.texts import IdentifiedText

NO_IDENTITY: Final = "no_identity"
HEAD_LINES: Final = 12  # titles and hospital names stand among the first lines
_ENTITIES: Final[dict[str, Entity]] = {
    "id_card": Entity.ID_CARD,
    "record_number": Entity.MEDICAL_ID,
    "insurance": Entity.MEDICAL_ID,
    "exam_number": Entity.MEDICAL_ID,
    "phone": Entity.PHONE,
    "address": Entity.ADDRESS,
    "birthplace": Entity.ADDRESS,
    "employer": Entity.ORGANISATION,
    "email": Entity.EMAIL,
    "account": Entity.ACCOUNT,
}
_DROPPED: Final = frozenset({*_ENTITIES, "name", "contact", "relation", "bed", "birth"})
_PHONE: Final = re.compile(r"[+＋]?[0-9０-９][0-9０-９\-－()（） ]{5,20}[0-9０-９]")
_HOSPITAL: Final = re.compile(
    r"^[\u3400-\u9fffA-Za-z0-9（）()·\s]{2,30}(?:医院|卫生院|卫生服务中心|分院|院区|保健院|医学中心|诊所|疗养院|防治院|急救中心|卫生室)$"
)
_DATE_KINDS: Final = (
    "admission", "discharge", "record_date", "report_date", "exam_date", "operation_date", "visit_date", "consult_date",
    "round_date", "death_date",
)  # fmt: skip
# Which date is the record's own, by type; the first that is there counts.
_OWN_DATE: Final[dict[str, tuple[str, ...]]] = {
    "D01": ("discharge", "admission"),
    "D33": ("discharge", "record_date", "admission"),
    "D04": ("discharge", "admission"),
    "D34": ("death_date", "record_date"),
    "D35": ("death_date", "record_date"),
    "D37": ("death_date", "record_date"),
    "D02": ("admission", "record_date"),
    "D03": ("admission", "record_date"),
    "D14": ("consult_date", "record_date"),
    "D19": ("operation_date", "record_date"),
    "D21": ("operation_date", "record_date"),
    "D22": ("report_date", "exam_date", "record_date"),
    "D23": ("exam_date", "report_date", "record_date"),
    "D24": ("exam_date", "report_date", "record_date"),
    "D38": ("visit_date", "record_date"),
}
_DIAGNOSIS_SPLIT: Final = re.compile(r"[；;]|(?<=[^0-9.\s])\s+(?=[0-9]{1,2}[.、．])")
_LISTED: Final = re.compile(r"^\s*[(（]?[0-9]{1,2}[.、．)）]\s*")
_LABELLED: Final = re.compile(r"^\s*[\u4e00-\u9fff]{2,8}[:：]")


def describe(transcript: Transcript, stated: Facts | None = None) -> Description:
    """What the record says of itself. `stated` (from structured resources) wins over what was read off the page."""
    lines = paragraphs(transcript)
    found = fields(lines)
    facts = _merged(stated or Facts(), _read_facts(lines, found))
    kind = facts.record_type or _record_type(facts.title, lines)
    on = _own_date(kind, facts, lines)
    parts = facts.parts or _sections(lines, found)
    described = Description(
        facts=replace(facts, diagnoses=facts.diagnoses or _diagnoses(found, parts)),
        record_type=kind,
        department=vocabulary.department(facts.department),
        on=on,
        age=_age(facts, on),
        sections=parts,
    )
    return replace(described, reasons=_reasons(described, transcript))


def _read_facts(lines: Sequence[str], found: Sequence[Field]) -> Facts:
    head = [line.strip() for line in lines[:HEAD_LINES]]
    name, sex, age = _name(found), _sex(found), _written_age(found)
    sentence = presented(lines) if name is None else None
    if sentence is not None:
        name, sex, age = sentence.name, sex or sentence.sex, sentence.age if age is None else age
    return Facts(
        name=name,
        sex=sex,
        birth_date=_birth(found),
        age=age,
        identifiers=_identifiers(found),
        relatives=people.relatives(found),
        staff=people.staff(found, lines),
        organisations=tuple(IdentifiedText(re.sub(r"\s", "", line)) for line in head if _HOSPITAL.match(line)),
        department=next(
            (item.value for item in found if item.kind == "department" and vocabulary.department(item.value)), ""
        ),
        title=next((line for line in head if vocabulary.type_of_title(line)), ""),
        dates=tuple(_dates(found)),
    )


def _dates(found: Sequence[Field]) -> Iterator[tuple[str, date]]:
    """Dated fields; face sheets put department and date under one label."""
    for item in found:
        kind = item.kind
        if kind == "department":
            kind = {"入院": "admission", "出院": "discharge"}.get(item.label[:2], "")
        day = dates.first_date(item.value) if kind in _DATE_KINDS else None
        if day is not None:
            yield kind, day


def _merged(stated: Facts, read: Facts) -> Facts:
    """Stated values first; lists joined, since every identifier helps the de-identifier."""
    return Facts(
        name=stated.name or read.name,
        sex=stated.sex or read.sex,
        birth_date=stated.birth_date or read.birth_date,
        age=stated.age if stated.age is not None else read.age,
        identifiers=_distinct((*stated.identifiers, *read.identifiers)),
        relatives=people.unique((*stated.relatives, *read.relatives)),
        staff=people.unique((*stated.staff, *read.staff)),
        organisations=(*stated.organisations, *read.organisations),
        department=stated.department or read.department,
        title=stated.title or read.title,
        record_type=stated.record_type,
        dates=(*stated.dates, *read.dates),
        diagnoses=stated.diagnoses or read.diagnoses,
        parts=stated.parts,
    )


def _name(found: Sequence[Field]) -> IdentifiedText | None:
    for item in found:
        if item.kind == "name":
            name = re.split(r"[（(,，/\s]", item.value)[0] if not item.value.isascii() else item.value
            if people.looks_like_name(name):
                return IdentifiedText(name)
    return None


def _sex(found: Sequence[Field]) -> str:
    value = next((item.value for item in found if item.kind == "sex"), "")
    return "M" if value[:1] in ("男", "M", "m", "1") else "F" if value[:1] in ("女", "F", "f", "2") else ""


def _birth(found: Sequence[Field]) -> date | None:
    for item in found:
        if item.kind == "birth":
            return dates.first_date(item.value) or dates.first_month(item.value)
    card = next((item.value for item in found if item.kind == "id_card"), "")
    match = re.match(r"^\d{6}((?:19|20)\d{6})\d{3}[\dXx]$", card.replace(" ", ""))
    return dates.first_date(match[1]) if match else None


def _written_age(found: Sequence[Field]) -> int | None:
    value = next((item.value for item in found if item.kind == "age"), "")
    match = re.match(r"^(\d{1,3})\s*(岁|周岁|月|个月|天|日|小时|分)?", value)
    if not match or int(match[1]) > 130:
        return None
    return int(match[1]) if match[2] in (None, "岁", "周岁") else 0


def _identifiers(found: Sequence[Field]) -> tuple[Identifier, ...]:
    made: list[Identifier] = []
    for item in found:
        entity = _ENTITIES.get(item.kind)
        if entity is not None:
            made += [Identifier(entity, IdentifiedText(value), item.kind) for value in _values(item.kind, item.value)]
    return _distinct(made)


def _values(kind: str, value: str) -> list[str]:
    """The identifiers inside a field's value: a phone field may hold two numbers."""
    if kind == "phone":
        return [match.strip() for match in _PHONE.findall(value)]
    return [value] if len(value) >= (4 if kind in ("address", "employer") else 2) else []


def _distinct(items: Sequence[Identifier]) -> tuple[Identifier, ...]:
    return tuple({(item.entity, item.value.reveal()): item for item in reversed(items)}.values())[::-1]


def _record_type(title: str, lines: Sequence[str]) -> str:
    """By title; without one, by the type most of whose headings are there (at least three)."""
    code = vocabulary.type_of_title(title)
    if code:
        return code
    there = {part.heading for part in sections.split(lines)}
    scores = {
        kind.code: len(there & set(map(vocabulary.squeezed, kind.headings)))
        for kind in vocabulary.record_types().values()
    }
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= 3 else ""


def _own_date(kind: str, facts: Facts, lines: Sequence[str]) -> date | None:
    known = dict(reversed(facts.dates))
    wanted = (*_OWN_DATE.get(kind, ("record_date",)), *_DATE_KINDS)
    for name in wanted:
        if name in known:
            return known[name]
    return next((day for line in lines if (day := dates.first_date(line))), None)


def _age(facts: Facts, on: date | None) -> int | None:
    if facts.birth_date is not None and on is not None:
        return min(130, dates.years_between(facts.birth_date, on))
    return facts.age


def _sections(lines: Sequence[str], found: Sequence[Field]) -> tuple[Part, ...]:
    """Sections without the page's title, hospital name and identity fields of its head; all else stays for the
    de-identifier."""
    kept: list[str] = []
    in_head = True
    for number, line in enumerate(lines):
        bare = line.strip()
        if number < HEAD_LINES and (_HOSPITAL.match(bare) or (vocabulary.type_of_title(bare) and len(bare) <= 24)):
            continue
        in_head = in_head and not sections.opens(line)
        here = [item for item in found if item.line == number] if in_head else []
        kept.append(_without_identity(line, here))
    return tuple(part for part in sections.split(kept) if part.heading or part.text.reveal().strip())


def _without_identity(line: str, here: Sequence[Field]) -> str:
    """The line without its identity fields; the others two spaces apart, where recognition glued them together."""
    for item in reversed(here):
        between = "" if item.kind in _DROPPED else line[item.start : item.end]
        line = "  ".join((line[: item.start].rstrip(), between, line[item.end :].lstrip(" ，,；;、")))
    return re.sub(r"\s{3,}", "  ", line).strip()


def _diagnoses(found: Sequence[Field], parts: Sequence[Part]) -> tuple[IdentifiedText, ...]:
    texts = [item.value for item in found if item.kind == "diagnosis"]
    texts += [part.text.reveal() for part in parts if part.heading.endswith("诊断")]
    lines = [line for text in texts for line in text.split("\n") if not _LABELLED.match(line)]
    pieces = [_LISTED.sub("", piece).strip(" 。，、：:") for line in lines for piece in _DIAGNOSIS_SPLIT.split(line)]
    return tuple(map(IdentifiedText, dict.fromkeys(piece for piece in pieces if 2 <= len(piece) <= 60)))


def _reasons(described: Description, transcript: Transcript) -> tuple[str, ...]:
    """Codes for the archivist: what is missing, and what the pages themselves ask to look at."""
    missing = {
        "no_name": described.facts.name is None,
        NO_IDENTITY: described.facts.name is None and not described.facts.identifiers,
        "no_record_type": not described.record_type,
        "no_date": described.on is None,
        "no_department": not described.department,
    }
    pages = {reason for page in transcript.pages for reason in page.reasons}
    return tuple(sorted({code for code, is_missing in missing.items() if is_missing} | pages | set(transcript.notes)))
