"""FHIR R4 bundles (JSON): who and when from the structured resources, text from narratives, one line an observation.
Loads nothing that a bundle refers to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ingest.connectors import fhir_facts
from ingest.connectors.fhir_text import parts_of
from ingest.description import Facts
from ingest.media import text_of
from ingest.rejects import Reason, Reject
from ingest.transcript import Page, Source, plain_page

MAX_DEPTH: Final = 64
NOTE_INVALID: Final = "fhir_not_valid"
# Resources that may stand alone, without a bundle around them, and still be a record.
_ALONE: Final = frozenset(
    {"Composition", "DiagnosticReport", "Observation", "Condition", "Procedure", "ClinicalImpression"}
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The resources of one file, in their order, and a way to follow references inside it."""

    resources: tuple[Mapping[str, Any], ...]
    by_reference: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def of_type(self, *kinds: str) -> list[Mapping[str, Any]]:
        """Resources of these types."""
        return [resource for resource in self.resources if resource.get("resourceType") in kinds]

    def follow(self, reference: object) -> Mapping[str, Any] | None:
        """The resource of this file that a Reference points to; never fetched from anywhere."""
        target = reference.get("reference") if isinstance(reference, Mapping) else None
        if not isinstance(target, str):
            return None
        return self.by_reference.get(target) or self.by_reference.get("/".join(target.split("/")[-2:]))


def read(data: bytes) -> tuple[Page, Facts]:
    """One page of all text, and what the resources state. Raises Reject."""
    content = _parsed(data)
    bundle = _bundle(content)
    try:
        parts = parts_of(bundle)
        facts = fhir_facts.facts_of(bundle, parts)
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        raise Reject(Reason.UNREADABLE) from None
    if not any(part.text.reveal().strip() for part in parts):
        raise Reject(Reason.NOT_A_RECORD)
    lines = [line for part in parts for line in (part.heading, *part.text.reveal().splitlines())]
    page = plain_page(1, lines, Source.FHIR)
    reasons = () if valid(content) else (NOTE_INVALID,)
    return Page(1, Source.FHIR, page.lines, reasons=reasons), facts


def valid(content: Mapping[str, Any]) -> bool:
    """Whether fhir.resources accepts it as R4B. A record that it does not accept is read all the same, and marked."""
    from fhir.resources.R4B import get_fhir_model_class

    try:
        get_fhir_model_class(str(content.get("resourceType"))).model_validate(content)
    except (ValueError, KeyError, TypeError, LookupError, AttributeError):
        return False
    return True


def _parsed(data: bytes) -> Mapping[str, Any]:
    text = text_of(data)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        raise Reject(Reason.TRUNCATED if at_end else Reason.UNREADABLE) from None
    except RecursionError:
        raise Reject(Reason.UNREADABLE) from None
    if not isinstance(content, dict) or "resourceType" not in content:
        raise Reject(Reason.NOT_A_RECORD)
    if _too_deep(content):
        raise Reject(Reason.UNREADABLE)
    return content


def _too_deep(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [child for child in value.values() if isinstance(child, dict | list)]
    return [child for child in value if isinstance(child, dict | list)] if isinstance(value, list) else []


def _bundle(content: Mapping[str, Any]) -> Bundle:
    if content["resourceType"] != "Bundle":
        if content["resourceType"] not in _ALONE:
            raise Reject(Reason.NOT_A_RECORD)
        contained = [item for item in content.get("contained") or () if isinstance(item, dict)]
        return Bundle((content, *contained), _references([("", item) for item in (content, *contained)]))
    entries = content.get("entry")
    if not isinstance(entries, list):
        raise Reject(Reason.NOT_A_RECORD)
    found: list[tuple[str, Mapping[str, Any]]] = []
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            found.append((str(entry.get("fullUrl") or ""), resource))
            found += [("", item) for item in resource.get("contained") or () if isinstance(item, dict)]
    return Bundle(tuple(resource for _, resource in found), _references(found))


def _references(found: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Mapping[str, Any]]:
    named: dict[str, Mapping[str, Any]] = {}
    for url, resource in found:
        if url:
            named[url] = resource
        if resource.get("id"):
            named.setdefault(f"{resource.get('resourceType')}/{resource['id']}", resource)
            named.setdefault(f"#{resource['id']}", resource)
    return named
