"""The reading room (阅览室): granted, de-identified text with the project's surrogates; each opening is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from approvals import grants
from approvals.actions import Action
from approvals.ledger import Entry
from records.errors import BadInput
from records.people import Actor
from rooms.calls.registry import call
from rooms.granted import approved, facts, granted_records, opened, record_key, renderer, shown_places
from rooms.pseudonym import pseudonym

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

LONGEST_PAGE: Final = 500


@call("reading.list", Action.READING_LIST)
def list_records(room: StrongRoom, who: Actor, grant: str, offset: int = 0, limit: int = 50) -> dict[str, Any]:
    """{"total","rows"}: the granted records' coarse facts, by stable id."""
    if not (offset >= 0 and 1 <= limit <= LONGEST_PAGE):
        raise BadInput("bad_page", f"Ask for 1 to {LONGEST_PAGE} records at a time.")
    own = grants.active_grant(room.ledger, who, grant)
    key = record_key(room, own.request)
    names = {pseudonym(key, "r", record): record for record in granted_records(room, own)}
    page = sorted(names)[offset : offset + limit]
    rows = facts(room.shelf.edition(own.edition), [names[name] for name in page])
    room.ledger.record(Entry(who.user, "reading.list", grant, detail={"offset": offset, "shown": len(rows)}))
    return {
        "total": len(names),
        "rows": [
            {
                "record": name, "type": row["record_type"], "department": row["department"], "year": row["year"],
                "sex": row["sex"], "age": row["age"],
            }
            for name, row in zip(page, rows, strict=True)
        ],
    }  # fmt: skip


@call("reading.open", Action.READING_OPEN)
def open_record(room: StrongRoom, who: Actor, grant: str, record: str) -> dict[str, Any]:
    """{"record","sections"}: one granted record's text with this project's surrogates."""
    own = grants.active_grant(room.ledger, who, grant)
    if "text" not in own.variables:
        raise BadInput("text_not_granted", "This grant does not open text; ask for the variable text in a new request.")
    shelved = opened(room, own, record)
    room.ledger.record(Entry(who.user, "reading.open", grant, detail={"record": record}))
    places = shown_places(room, own.edition, approved(room, own.request, own.selection).records)
    rendering = renderer(room, own.request, shelved, places)
    sections = [{"heading": part.heading, "text": rendering.render(part.text)} for part in shelved.sections]
    return {"record": record, "sections": sections}
