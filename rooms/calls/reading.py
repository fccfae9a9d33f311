"""The reading room (阅览室): granted, de-identified text with the project's surrogates; each opening is recorded."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from approvals import grants
from approvals.actions import Action
from approvals.grants import Grant
from approvals.ledger import Entry
from records.errors import BadInput
from records.ids import RecordId
from records.people import Actor
from records.shelf import ShelfRecord
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
    """{"record","sections","pages"}: one granted record's text with this project's surrogates, and how many pages were
    scanned for it (0: it was no scan)."""
    own, shelved = _granted(room, who, grant, record)
    room.ledger.record(Entry(who.user, "reading.open", grant, detail={"record": record}))
    places = shown_places(room, own.edition, approved(room, own.request, own.selection).records)
    rendering = renderer(room, own.request, shelved, places)
    sections = [{"heading": part.heading, "text": rendering.render(part.text)} for part in shelved.sections]
    return {"record": record, "sections": sections, "pages": room.pages.of(shelved.row.record)}


@call("reading.prepare", Action.READING_PAGE)
def prepare_page(room: StrongRoom, who: Actor, grant: str, record: str, page: int) -> dict[str, Any]:
    """{"state","why"} of one page of a granted record that was a scan, which is begun if it must be: "making"; "ready"
    to be looked at; "refused", with the reject's code."""
    place = _page(room, who, grant, record, page)
    if room.pages.begin(who.user, *place):
        room.ledger.record(Entry(who.user, "reading.prepare", grant, detail={"record": record, "page": page}))
    made = room.pages.look(*place)
    if made is None:
        return {"state": "making", "why": ""}
    return {"state": "ready", "why": ""} if isinstance(made, bytes) else {"state": "refused", "why": made.value}


@call("reading.page", Action.READING_PAGE)
def open_page(room: StrongRoom, who: Actor, grant: str, record: str, page: int) -> dict[str, Any]:
    """{"record","page","jpeg_b64"}: a blacked-out page that is ready. Raises BadInput("page_not_ready")."""
    made = room.pages.look(*_page(room, who, grant, record, page))
    if not isinstance(made, bytes):
        raise BadInput("page_not_ready", "This page is not ready to be looked at; open it from its record again.")
    room.ledger.record(Entry(who.user, "reading.page", grant, detail={"record": record, "page": page}))
    return {"record": record, "page": page, "jpeg_b64": base64.b64encode(made).decode()}


def _granted(room: StrongRoom, who: Actor, grant: str, record: str) -> tuple[Grant, ShelfRecord]:
    own = grants.active_grant(room.ledger, who, grant)
    if "text" not in own.variables:
        raise BadInput("text_not_granted", "This grant does not open text; ask for the variable text in a new request.")
    return own, opened(room, own, record)


def _page(room: StrongRoom, who: Actor, grant: str, record: str, page: int) -> tuple[RecordId, int]:
    _, shelved = _granted(room, who, grant, record)
    if not 1 <= page <= room.pages.of(shelved.row.record):
        raise BadInput("page_unknown", "This record has no such scanned page; open it again and choose one.")
    return shelved.row.record, page
