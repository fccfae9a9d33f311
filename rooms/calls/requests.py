"""Access requests and their reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from approvals import grants, requests, reviews
from approvals.actions import Action
from approvals.ledger import Entry
from records.disclosure import published, shows_cards
from records.ids import EditionNumber, RecordId
from records.people import Actor
from records.seal import token
from rooms.answers import attrition
from rooms.calls.cohorts import hash_of
from rooms.calls.registry import call
from rooms.granted import approved, choose, on_shelf, record_key, renderer, shown_places
from rooms.pseudonym import pseudonym

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

SAMPLES: Final = 5


@call("request.precheck", Action.REQUEST_PRECHECK)
def precheck(room: StrongRoom, who: Actor, toml: str) -> dict[str, Any]:
    """What is still missing, before anything is handed in."""
    return requests.precheck(room.ledger, who, toml, hash_of=hash_of)


@call("request.submit", Action.REQUEST_SUBMIT)
def submit(room: StrongRoom, who: Actor, toml: str) -> dict[str, Any]:
    """Hand a request in; it is frozen with its cohort and edition."""
    edition = int(room.shelf.current())
    return requests.submit(room.ledger, who, toml, edition=edition, hash_of=hash_of, choose=choose(room, edition))


@call("request.list", Action.REQUEST_LIST)
def list_requests(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Requests of one's own and one's projects."""
    return requests.listing(room.ledger, who)


@call("request.show", Action.REQUEST_SHOW)
def show(room: StrongRoom, who: Actor, request: str) -> dict[str, Any]:
    """One request with what was decided."""
    return requests.show(room.ledger, who, request)


@call("request.withdraw", Action.REQUEST_WITHDRAW)
def withdraw(room: StrongRoom, who: Actor, request: str) -> dict[str, Any]:
    """Take a request back."""
    return requests.withdraw(room.ledger, who, request)


@call("request.accept", Action.REQUEST_ACCEPT)
def accept(room: StrongRoom, who: Actor, request: str) -> dict[str, Any]:
    """Accept the reviewers' conditions."""
    return requests.accept(room.ledger, who, request, issue=grants.issue)


@call("review.queue", Action.REVIEW_QUEUE)
def queue(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """Requests that wait for this reviewer."""
    return reviews.queue(room.ledger, who)


@call("review.sheet", Action.REVIEW_SHEET)
def sheet(room: StrongRoom, who: Actor, request: str) -> dict[str, Any]:
    """All a reviewer decides on: the frozen request, its counts, and de-identified samples; never an original."""
    page = reviews.sheet(room.ledger, who, request)
    result = approved(room, request, page.pop("selection"))
    there = on_shelf(room, EditionNumber(page["edition"]), result.records)
    shown = sampled(request, there, page["variables"])
    places = shown_places(room, EditionNumber(page["edition"]), result.records) if shown else {}
    samples = [_sample(room, request, page["edition"], record, places) for record in shown]
    room.ledger.record(Entry(who.user, "review.sheet", request, detail={"samples": len(samples)}))
    return {
        **page,
        "patients": published(result.patients),
        "records": published(len(result.records)),
        "attrition": attrition(result.attrition),
        "samples": samples,
    }


@call("review.decide", Action.REVIEW_DECIDE)
def decide(
    room: StrongRoom, who: Actor, request: str, verdict: str, reason: str = "", conditions: Sequence[str] | str = ()
) -> dict[str, Any]:
    """One vote; the second approval opens the grant."""
    return reviews.decide(room.ledger, who, request, verdict, reason, conditions)


def sampled(request: str, records: frozenset[RecordId], variables: Sequence[str]) -> list[RecordId]:
    """A few records, the same for every reviewer of a request, in an order nobody chose; none where text was not asked
    for or there are too few."""
    if "text" not in variables or not shows_cards(len(records)):
        return []
    return sorted(records, key=lambda record: token(b"lantai/samples", request, record))[:SAMPLES]


def _sample(
    room: StrongRoom, request: str, edition: int, record: RecordId, places: Mapping[str, str]
) -> dict[str, Any]:
    shelved = room.shelf.read(EditionNumber(edition), record)
    own = renderer(room, request, shelved, places)
    pieces: list[list[str | None]] = []
    for section in shelved.sections:
        if section.heading:
            pieces.append([f"{section.heading}：", None])
        pieces += [[text, kind.value if kind else None] for text, kind in own.marked(section.text)]
        pieces.append(["\n", None])
    row = shelved.row
    name = pseudonym(record_key(room, request), "r", record)
    return {
        "record": name, "type": row.record_type, "department": row.department, "year": row.year, "pieces": pieces,
    }  # fmt: skip
