"""The text of a FHIR bundle: sections of the composition with their narratives, and structured resources as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ingest.connectors.markup import text_of_html
from ingest.description import Part
from ingest.sections import heading_of
from records.texts import IdentifiedText

if TYPE_CHECKING:
    from ingest.connectors.fhir import Bundle

Resource = Mapping[str, Any]
_FLAGS: Final = {"H": "↑", "HH": "↑", "HU": "↑", "L": "↓", "LL": "↓", "LU": "↓"}
# Where a resource that no section refers to goes, in this order.
_LOOSE: Final[tuple[tuple[str, str], ...]] = (
    ("Condition", "诊断"),
    ("AllergyIntolerance", "药物过敏"),
    ("FamilyMemberHistory", "家族史"),
    ("Procedure", "手术及操作"),
    ("DiagnosticReport", "检查结果"),
    ("Observation", "检验结果"),
    ("MedicationStatement", "医嘱"),
    ("MedicationRequest", "医嘱"),
    ("ClinicalImpression", "诊断意见"),
    ("CarePlan", "诊疗计划"),
)


def parts_of(bundle: Bundle) -> tuple[Part, ...]:
    """Sections in reading order; what no section refers to follows, by kind."""
    used: set[int] = set()
    parts = [
        part
        for composition in bundle.of_type("Composition")
        for part in _sections(bundle, _list(composition, "section"), used)
    ]
    for kind, heading in _LOOSE:
        lines = [
            line
            for resource in bundle.of_type(kind)
            if id(resource) not in used
            for line in _lines(bundle, resource, used)
        ]
        if lines:
            parts.append(Part(heading, IdentifiedText("\n".join(lines))))
    return tuple(_joined(parts))


def _sections(bundle: Bundle, sections: Sequence[Any], used: set[int], depth: int = 0) -> Iterator[Part]:
    for section in sections:
        if not isinstance(section, Mapping) or depth > 8:
            continue
        title = str(section.get("title") or concept_text(section.get("code")))
        heading = heading_of(title)
        lines = [line for line in narrative(section).splitlines() if line.strip()]
        resources = [target for entry in _list(section, "entry") if (target := bundle.follow(entry)) is not None]
        told = "".join("".join(lines).split())
        entries = [line for resource in resources for line in _lines(bundle, resource, used)]
        lines += [line for line in entries if "".join(line.split()) not in told]
        if title and not heading:
            lines[:1] = [f"{title}：{lines[0]}"] if len(lines) == 1 else [title, *lines[:1]]
        if lines:
            yield Part(heading, IdentifiedText("\n".join(lines)))
        yield from _sections(bundle, _list(section, "section"), used, depth + 1)


def narrative(resource: Resource) -> str:
    """The plain text of a resource's or section's narrative."""
    text = resource.get("text")
    return text_of_html(str(text.get("div") or "")) if isinstance(text, Mapping) else ""


def _lines(bundle: Bundle, resource: Resource, used: set[int]) -> list[str]:
    if id(resource) in used:
        return []
    used.add(id(resource))
    kind = resource.get("resourceType")
    if kind == "Observation":
        return [
            line for line in (observation_line(resource), *map(_component_line, _list(resource, "component"))) if line
        ]
    if kind == "DiagnosticReport":
        return [line for line in _report_lines(bundle, resource, used) if line]
    if kind in ("MedicationStatement", "MedicationRequest"):
        return [line for line in [_medication(resource)] if line]
    words = [
        concept_text(resource.get("code")),
        concept_text(resource.get("relationship")),
        *(concept_text(item.get("code")) for item in _list(resource, "condition") if isinstance(item, Mapping)),
        str(resource.get("description") or ""),
        str(resource.get("summary") or ""),
        *(str(note.get("text") or "") for note in _list(resource, "note") if isinstance(note, Mapping)),
    ]
    line = "  ".join(word for word in words if word)
    return [line] if line else [text for text in narrative(resource).splitlines() if text.strip()]


def _report_lines(bundle: Bundle, report: Resource, used: set[int]) -> Iterator[str]:
    yield concept_text(report.get("code"))
    yield from narrative(report).splitlines()
    for result in _list(report, "result"):
        target = bundle.follow(result)
        if target is not None:
            yield from _lines(bundle, target, used)
    if report.get("conclusion"):
        yield f"结论：{report['conclusion']}"
    for code in _list(report, "conclusionCode"):
        yield concept_text(code)


def observation_line(item: Resource) -> str:
    """name, value, flag, unit and reference range, two spaces apart, as a laboratory sheet has them."""
    value, unit = _value(item)
    if not value:
        return ""
    flags = [_FLAGS.get(str(code), "") for one in _list(item, "interpretation") for code in _codes(one)]
    flag = next((flag for flag in flags if flag), "")
    ranges = [text for one in _list(item, "referenceRange") if isinstance(one, Mapping) and (text := _range(one))]
    cells = [concept_text(item.get("code")), value, flag, unit, *ranges[:1]]
    return "  ".join(cell for cell in cells if cell)


def _component_line(item: Any) -> str:
    return observation_line(item) if isinstance(item, Mapping) else ""


def _value(item: Resource) -> tuple[str, str]:
    quantity = item.get("valueQuantity")
    if isinstance(quantity, Mapping) and quantity.get("value") is not None:
        return f"{quantity.get('comparator') or ''}{quantity['value']}", str(
            quantity.get("unit") or quantity.get("code") or ""
        )
    if isinstance(item.get("valueCodeableConcept"), Mapping):
        return concept_text(item["valueCodeableConcept"]), ""
    for name in ("valueString", "valueInteger", "valueBoolean", "valueDateTime"):
        if item.get(name) is not None:
            return str(item[name]), ""
    return "", ""


def _range(item: Resource) -> str:
    low, high = (
        quantity.get("value") if isinstance(quantity := item.get(side), Mapping) else None for side in ("low", "high")
    )
    if low is not None and high is not None:
        return f"{low}-{high}"
    if high is not None:
        return f"<{high}"
    return f">{low}" if low is not None else str(item.get("text") or "")


def _medication(resource: Resource) -> str:
    dosages = [
        str(item.get("text") or "")
        for item in (*_list(resource, "dosage"), *_list(resource, "dosageInstruction"))
        if isinstance(item, Mapping)
    ]
    words = [concept_text(resource.get("medicationCodeableConcept")), *dosages]
    return "  ".join(word for word in words if word)


def concept_text(value: object) -> str:
    """What a CodeableConcept (or a list of them) says in words: its text, else the first display."""
    if isinstance(value, list):
        return next((text for item in value if (text := concept_text(item))), "")
    if not isinstance(value, Mapping):
        return ""
    if value.get("text"):
        return str(value["text"])
    displays = (item.get("display") for item in _list(value, "coding") if isinstance(item, Mapping))
    return str(next((display for display in displays if display), ""))


def _codes(value: object) -> Iterable[str]:
    if not isinstance(value, Mapping):
        return []
    return [str(item.get("code") or "") for item in _list(value, "coding") if isinstance(item, Mapping)]


def _list(resource: Resource, name: str) -> list[Any]:
    value = resource.get(name)
    return value if isinstance(value, list) else []


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Neighbours under the same heading become one."""
    last: Part | None = None
    for part in parts:
        if last is not None and last.heading == part.heading:
            last = Part(part.heading, IdentifiedText(f"{last.text.reveal()}\n{part.text.reveal()}"))
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last
