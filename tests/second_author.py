"""Fifty invented notes by somebody who has read neither the de-identifier nor the sample hospital's templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_MARK = re.compile(r"\{\{([A-Z_0-9]+) ([a-z]+)(!?) (.+?)\}\}")


def notes() -> list[dict[str, Any]]:
    """[{id, department, title, text, spans: [{start, end, entity, role}], known: [{entity, value}]}] in code points."""
    path = Path(__file__).resolve().parent / "data" / "second_author.txt"
    blocks = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_note(block) for block in blocks]


def _note(block: str) -> dict[str, Any]:
    head, _, marked = block.partition("\n")
    number, department, title = (part.strip() for part in head.split("|"))
    text, spans, known, at = "", [], [], 0
    for mark in _MARK.finditer(marked.rstrip("\n")):
        text += marked[at : mark.start()]
        entity, role, sure, value = mark.groups()
        spans.append({"start": len(text), "end": len(text) + len(value), "entity": entity, "role": role})
        if sure:
            known.append({"entity": entity, "value": value})
        text += value
        at = mark.end()
    text += marked[at:].rstrip("\n")
    return {"id": number, "department": department, "title": title, "text": text, "spans": spans, "known": known}


def as_bundle(note: dict[str, Any]) -> bytes:
    """The note as a small FHIR document bundle that an archive can take in."""
    name = next((k["value"] for k in note["known"] if k["entity"] == "PERSON"), "")
    patient: dict[str, Any] = {"resourceType": "Patient", "name": [{"text": name}] if name else []}
    words = note["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    section = {
        "title": note["title"],
        "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{words}</p></div>'},
    }
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": note["title"]},
        "date": "2025-06-01",
        "title": note["title"],
        "subject": {"reference": "urn:uuid:patient"},
        "author": [{"display": note["department"]}],
        "section": [section],
    }
    entries = [
        {"fullUrl": f"urn:uuid:note-{note['id']}", "resource": composition},
        {"fullUrl": "urn:uuid:patient", "resource": patient},
    ]
    bundle = {"resourceType": "Bundle", "type": "document", "timestamp": "2025-06-01T08:00:00+08:00", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False).encode()
