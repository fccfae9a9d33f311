"""Search: what may be searched, in which words. The words are cleaned here before anything is kept or looked up."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from approvals import grants
from approvals.actions import Action
from approvals.ledger import Entry
from archive.keys import Purpose
from records.errors import BadInput, Unavailable
from records.people import Actor
from records.seal import derive
from rooms.calls.registry import call
from rooms.front import filters_of
from rooms.granted import granted_records, record_key

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

LONGEST_QUERY: Final = 500
MOST_CARDS: Final = 200  # without an end to it a list of cards would be the shelf itself, with exact counts


@call("search.open", Action.SEARCH)
def open_search(room: StrongRoom, who: Actor, query: str, grant: str | None = None, limit: int = 20) -> dict[str, Any]:
    """{"clean","scope","edition","card_key","granted"}: all that the front desk needs to search for this person.

    Raises BadInput("query_empty" | "query_long" | "bad_page"), Refused for a grant that is not theirs or not alive.
    """
    if not (isinstance(limit, int) and 1 <= limit <= MOST_CARDS):
        raise BadInput("bad_page", f"Ask for 1 to {MOST_CARDS} cards at a time.")
    asked = _checked(query)
    _require_same_encoder(room)
    clean = room.clean(asked)
    scope: dict[str, Any] = {"departments": None, "records": None}
    edition = int(room.shelf.current())
    subject, project = "", None
    if grant is not None:
        own = grants.active_grant(room.ledger, who, grant)
        subject, project, edition = grant, str(own.request), int(own.edition)
        scope["records"] = sorted(granted_records(room, own))
    detail = {"query": clean, "edition": edition, "limit": limit}
    room.ledger.record(Entry(who.user, "search", subject, detail=detail))
    if project is None:
        key = derive(room.keys.purpose(Purpose.CARDS), f"{who.user}/{clean}")
    else:
        key = record_key(room, project)
    return {"clean": clean, "scope": scope, "edition": edition, "card_key": key.hex(), "granted": grant is not None}


@call("search.run", Action.SEARCH)
def run_search(
    room: StrongRoom, who: Actor, query: str, limit: int = 20, grant: str | None = None, **filters: Any
) -> dict[str, Any]:
    """A search for the command line, through a front desk inside this room; the same code as the portal's."""
    return room.desk.search_as(
        lambda **opening: open_search(room, who, **opening), query, filters_of(filters), limit=limit, grant=grant
    )


def _require_same_encoder(room: StrongRoom) -> None:
    """Vectors of two encoders cannot be compared: after a change the shelf is made anew first."""
    manifest = room.shelf.manifest()
    if manifest.segments and manifest.encoder != room.encoder.id:
        if not room.jobs.states():
            room.jobs.start("system", None)
        raise Unavailable(
            "shelf_rebuilding", "The shelf is being made anew for another encoder; ask again in a few minutes."
        )


def _checked(query: str) -> str:
    text = unicodedata.normalize("NFC", query).replace("\x00", " ").strip()
    if not text:
        raise BadInput(
            "query_empty", "Say what you are looking for, in your own words: 糖尿病并发症, diabetic complications."
        )
    if len(text) > LONGEST_QUERY:
        raise BadInput(
            "query_long", f"That is longer than a question ({LONGEST_QUERY} characters at most); shorten it."
        )
    return text
