"""The rows of a release: what a grant's variables say of each record, with the project's own names and surrogates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from approvals.egress import age_band
from approvals.grants import Grant
from deid.residual import scan
from records.ids import RecordId
from records.shelf import ShelfRecord
from rooms.granted import approved, granted_records, record_key, renderer, shown_places
from rooms.pseudonym import pseudonym
from semantic.affirmed import affirmed

if TYPE_CHECKING:
    from rooms.strong import StrongRoom


def granted_rows(room: StrongRoom, grant: Grant) -> list[dict[str, Any]]:
    """One row per granted record, ordered by its project name; the same edition gives the same rows."""
    key = record_key(room, grant.request)
    records = granted_records(room, grant)
    names = {pseudonym(key, "r", record): record for record in records}
    concepts = affirmed(room.shelf.edition(grant.edition), records) if "concepts" in grant.variables else {}
    write = _writer(room, grant) if "text" in grant.variables else None
    return [_row(room, grant, key, name, names[name], concepts.get(names[name], ()), write) for name in sorted(names)]


def leftover_scan(text: str) -> set[str]:
    """Kinds of identifier that the independent second look finds in rendered text."""
    return {span.entity.value for span in scan(text)}


def _row(
    room: StrongRoom,
    grant: Grant,
    key: bytes,
    name: str,
    record: RecordId,
    concepts: Sequence[str],
    write: Callable[[ShelfRecord], str] | None,
) -> dict[str, Any]:
    shelved = room.shelf.read(grant.edition, record)
    row = shelved.row
    facts: dict[str, Any] = {
        "record": name,
        "patient": pseudonym(key, "p", row.patient),
        "type": row.record_type,
        "department": row.department,
        "year": row.year,
        "quarter": row.quarter,
        "sex": row.sex,
        "age": row.age,
        "age_band": None if row.age is None else age_band(row.age),
        "day": row.day,
    }
    wanted = {variable: facts[variable] for variable in grant.variables if variable in facts}
    if "concepts" in grant.variables:
        wanted["concepts"] = ";".join(concepts)
    if write is not None:
        wanted["text"] = write(shelved)
    return {"record": name, **wanted}


def _writer(room: StrongRoom, grant: Grant) -> Callable[[ShelfRecord], str]:
    """What writes a record's text with the project's stand-ins."""
    places = shown_places(room, grant.edition, approved(room, grant.request, grant.selection).records)

    def write(shelved: ShelfRecord) -> str:
        rendering = renderer(room, grant.request, shelved, places)
        parts = [(part.heading, rendering.render(part.text)) for part in shelved.sections]
        return "\n".join(f"{heading}：{text}" if heading else text for heading, text in parts)

    return write
