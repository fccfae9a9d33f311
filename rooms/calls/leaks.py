"""Leaks (泄露上报): whoever may read a clean record reports words that point to a person; quality control decides. The
record is off the shelf before the report is answered."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final, TypeVar

from approvals import grants, leaks, reviews
from approvals import release as releases
from approvals.actions import Action
from approvals.leaks import Fix, Leak, Scope
from approvals.ledger import Entry
from archive.identity import normal_name
from deid.places import province_of
from records.entities import Entity
from records.errors import BadInput, LantaiError, Refused
from records.ids import EditionNumber, RecordId
from records.people import Actor, Role
from records.shelf import ShelfRecord
from records.slots import CLOSE, OPEN
from rooms.calls.registry import call
from rooms.calls.requests import sampled
from rooms.granted import approved, on_shelf, record_key, renderer
from rooms.leaks import keep, kept, make_known, reach, settle
from rooms.marked import Marked
from rooms.pseudonym import pseudonym

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

Kind = TypeVar("Kind", Entity, Scope, Fix)
SHORTEST_LISTED: Final = 3  # in every record of the hospital, shorter words are other words too


@call("leak.report", Action.LEAK_REPORT)
def report(
    room: StrongRoom,
    who: Actor,
    record: str,
    text: str,
    entity: str = Entity.PERSON.value,
    grant: str | None = None,
    request: str | None = None,
    release: str | None = None,
    on_page: bool = False,
) -> dict[str, Any]:
    """{"leak","state","new"}. `record` is its name under the grant, request or release it was seen in; quality control
    names none of these and gives the record's id. `on_page`: seen on a picture of a granted scan, so that its text need
    not hold the words. Raises BadInput, Refused."""
    kind = _choice(Entity, entity, "leak_entity", "Say what kind of identifier it is")
    marked = Marked.typed(text)
    seen = [name for name in (grant, request, release) if name]
    if len(seen) > 1:
        raise BadInput("leak_where", "Name the grant, the request or the release that you saw it under: one of them.")
    shelved, project = _seen(room, who, record, grant, request, release)
    here = shelved.row.record
    sentence = marked.sentence(shelved) or ""
    seen_on_page = on_page and grant is not None and room.pages.of(here) > 0
    if not sentence and project is not None and not seen_on_page:
        raise _not_there(room, marked, shelved, project)
    for leak in leaks.undecided(room.ledger):
        if (leak.record, leak.reporter) == (here, who.user) and kept(room, leak)[0] == marked:
            settle(room)
            return {"leak": leak.id, "state": leak.state.value, "new": False}
    made = leaks.report(
        room.ledger, who, here, kind, "".join(seen), lambda leak: keep(room, here, leak, marked, sentence)
    )
    settle(room)
    return {"leak": made.id, "state": made.state.value, "new": True}


@call("leak.queue", Action.LEAK_QUEUE)
def queue(room: StrongRoom, who: Actor) -> dict[str, Any]:
    """{"rows"}: reports that are not settled, oldest first, each with the words, their sentence and where in it
    they stand (`at`)."""
    rows = [{**leaks.headline(leak), **_shown(room, leak)} for leak in leaks.undecided(room.ledger)]
    room.ledger.record(Entry(who.user, "leak.queue", detail={"rows_shown": len(rows)}))
    return {"rows": rows}


@call("leak.confirm", Action.LEAK_DECIDE)
def confirm(
    room: StrongRoom,
    who: Actor,
    leak: str,
    reason: str = "",
    entity: str | None = None,
    scope: str = Scope.PATIENT.value,
    fix: str = Fix.LIST.value,
) -> dict[str, Any]:
    """{"leak","state","waiting","elsewhere","job"}: every record that holds the words leaves the shelf; with a list
    entry a job de-identifies them again. `elsewhere`: records of other patients that hold the same words."""
    known = leaks.one(room.ledger, leak)
    kind = _choice(Entity, entity or known.entity.value, "leak_entity", "Say what kind of identifier it is")
    where = _choice(Scope, scope, "leak_scope", "Say whom it points to")
    how = _choice(Fix, fix, "leak_fix", "Say what mends it")
    leaks.may(known, "confirm", where)
    marked, _ = kept(room, known)
    _fit_for_register(marked, reason)
    if where is Scope.HOSPITAL and how is Fix.LIST and len(normal_name(marked.words)) < SHORTEST_LISTED:
        raise BadInput(
            "leak_list_short",
            f"A list entry for the whole hospital needs {SHORTEST_LISTED} characters; confirm it for the patient.",
        )
    holding, elsewhere = reach(room, known, where, marked)
    made = leaks.confirm(room.ledger, who, leak, kind, where, how, reason, holding)
    settle(room)
    job = None
    if how is Fix.LIST:
        make_known(room, made, marked)
        job = room.jobs.again(who.user, leak)
    waiting = len(made.waiting)
    return {"leak": leak, "state": made.state.value, "waiting": waiting, "elsewhere": elsewhere, "job": job}


@call("leak.dismiss", Action.LEAK_DECIDE)
def dismiss(room: StrongRoom, who: Actor, leak: str, reason: str = "") -> dict[str, Any]:
    """{"leak","state"}: the words point to nobody; the record is back on the shelf as it was."""
    known = leaks.one(room.ledger, leak)
    leaks.may(known, "dismiss")
    _fit_for_register(kept(room, known)[0], reason)
    made = leaks.dismiss(room.ledger, who, leak, reason)
    settle(room)
    return {"leak": leak, "state": made.state.value}


@call("leak.recheck", Action.LEAK_DECIDE)
def recheck(room: StrongRoom, who: Actor, leak: str) -> dict[str, Any]:
    """{"leak","state","waiting","job"}: what waits is de-identified again by today's rules; see ingest.progress."""
    known = leaks.one(room.ledger, leak)
    leaks.may(known, "recheck")
    job = room.jobs.again(who.user, leak)
    return {"leak": leak, "state": known.state.value, "waiting": len(known.waiting), "job": job}


def _seen(
    room: StrongRoom, who: Actor, record: str, grant: str | None, request: str | None, release: str | None
) -> tuple[ShelfRecord, str | None]:
    """The record, and the project whose text of it this person may read. Without one (a releaser, quality control) the
    words are taken unchecked: whether they stand there would tell what the record says."""
    if grant is not None:
        own = grants.active_grant(room.ledger, who, grant)
        if "text" not in own.variables:
            raise BadInput("text_not_granted", "This grant does not open text; there is nothing to mark.")
        chosen = approved(room, own.request, own.selection).records
        return _named(room, own.request, own.edition, chosen, record), own.request
    if request is not None:
        return _sample_of(room, who, request, record), request
    if release is not None:
        return _of_release(room, who, release, record), None
    if Role.QC not in who.roles:
        raise BadInput("leak_where", "Name the grant, the request or the release that you saw it under: one of them.")
    try:
        return room.shelf.read(None, RecordId(record), withheld=True), None
    except BadInput:
        raise BadInput("leak_record", "No such record is on the shelf; take its id from the queue.") from None


def _sample_of(room: StrongRoom, who: Actor, request: str, record: str) -> ShelfRecord:
    if Role.REVIEWER not in who.roles:
        raise Refused("not_granted", "Only a reviewer of the request sees its samples; name your grant instead.")
    page = reviews.sheet(room.ledger, who, request)
    chosen = approved(room, request, page["selection"]).records
    now = on_shelf(room, EditionNumber(page["edition"]), chosen)
    shown = {*sampled(request, now, page["variables"]), *sampled(request, chosen, page["variables"])}
    return _named(room, request, page["edition"], shown, record)


def _of_release(room: StrongRoom, who: Actor, release: str, record: str) -> ShelfRecord:
    request, edition, selection = releases.behind(room.ledger, who, release, as_releaser=Role.RELEASER in who.roles)
    chosen = approved(room, request, selection).records
    return _named(room, request, edition, chosen, record)


def _named(room: StrongRoom, project: str, edition: int, records: Collection[RecordId], name: str) -> ShelfRecord:
    """One of these by its project name, also when a report keeps it back already: it may hold more than one leak."""
    key = record_key(room, project)
    found = next((record for record in records if pseudonym(key, "r", record) == name), None)
    if found is not None:
        with contextlib.suppress(BadInput):  # withdrawn for good: it is not there for anybody
            return room.shelf.read(EditionNumber(edition), found, withheld=True)
    raise Refused("not_granted", "You were not shown such a record here; take its name from where you saw it.")


def _not_there(room: StrongRoom, marked: Marked, shelved: ShelfRecord, project: str) -> BadInput:
    """Why words that were typed are not in the clean text: a stand-in of the project, or nothing at all."""
    rendering = renderer(room, project, shelved, {})
    city = province_of(marked.words.strip(OPEN + CLOSE))  # any: which of them the record's text shows is not told
    if city or any(True for part in shelved.sections for _ in marked.places(rendering.render(part.text))):
        return BadInput(
            "leak_stand_in", "That is a stand-in made for your project; mark only the words that it did not replace."
        )
    return BadInput("leak_not_there", "These words do not stand in the record; copy them from its text as they are.")


def _fit_for_register(marked: Marked, reason: str) -> None:
    if any(True for _ in marked.places(reason)):
        raise BadInput("leak_in_reason", "Give the reason without the reported words; it stands in the register.")


def _shown(room: StrongRoom, leak: Leak) -> dict[str, Any]:
    try:
        marked, sentence = kept(room, leak)
    except LantaiError:  # disposed of meanwhile; the report stays to be closed
        return {"words": "", "sentence": "", "at": None}
    return {"words": marked.words, "sentence": sentence, "at": next(marked.places(sentence), None)}


def _choice(kinds: type[Kind], name: str, code: str, sentence: str) -> Kind:
    try:
        return kinds(name)
    except ValueError:
        raise BadInput(code, f"{sentence}: one of {', '.join(kinds)}.") from None
