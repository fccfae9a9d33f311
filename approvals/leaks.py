"""Reports of a leak (泄露上报): who saw which kind of identifier in which record, what was decided, and what is off the
shelf for it. The words themselves never come here: the caller keeps them, sealed, under the report's id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from approvals import requests, schema, selections
from approvals.ledger import Entry, Ledger, Reader, Row, Tx
from approvals.states import LeakState, Machine, ReleaseState, machine
from approvals.times import stamp
from records.canonical import canonical
from records.entities import Entity
from records.errors import BadInput, IntegrityFailure
from records.ids import RecordId
from records.people import Actor

MOST_AN_HOUR: Final = 30
LONGEST: Final = 1000
OPEN: Final = (LeakState.REPORTED, LeakState.CONFIRMED)


class Scope(StrEnum):
    """Whom confirmed words point to: this patient, or somebody or something of the whole hospital."""

    PATIENT = "patient"
    HOSPITAL = "hospital"


class Fix(StrEnum):
    """What mends the leak: the words become a list entry, or a rule is written."""

    LIST = "list"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Leak:
    """One report. `seen` is the grant, request or release it was seen under ("" for quality control); `waiting` are the
    records that are off the shelf for it; `checked` is when they were last de-identified again ("": not yet)."""

    id: str
    reporter: str
    seen: str
    record: RecordId
    entity: Entity
    state: LeakState
    scope: Scope
    fix: Fix
    waiting: frozenset[RecordId]
    releases: tuple[str, ...]
    created: str
    checked: str


def workflow() -> Machine:
    """The table that decides."""
    return machine("leak")


def report(
    ledger: Ledger, actor: Actor, record: RecordId, entity: Entity, seen: str, keep: Callable[[str], None]
) -> Leak:
    """A new report. `keep` is given its id and seals the words before anything is acknowledged. Raises
    Refused("leak_rate")."""
    with ledger.write(Entry(actor.user, "leak.report")) as tx:
        table = schema.leaks
        since = stamp(tx.now - timedelta(hours=1))
        lately = select(table).where(table.c.reporter == actor.user, table.c.created >= since)
        state = workflow().move(LeakState.NEW, "report", {"not_too_many": tx.count(lately) < MOST_AN_HOUR})
        number = tx.next_number(table)
        leak = f"X{number}"
        held_it = _releases(tx, {record})
        tx.insert(
            table, leak, number=number, reporter=actor.user, seen=seen, record=record, entity=entity.value, state=state,
            scope=Scope.PATIENT.value, fix=Fix.LIST.value, waiting=selections.packed([record]),
            releases=canonical(held_it).decode(), created=tx.at, checked="",
        )  # fmt: skip
        tx.note(leak, record=record, entity=entity.value, seen=seen, state=state, releases=held_it)
        keep(leak)
        row = _row(tx, leak)
    return _leak(row)


def confirm(
    ledger: Ledger, actor: Actor, leak: str, entity: Entity, scope: Scope, fix: Fix, reason: str,
    waiting: Iterable[RecordId],
) -> Leak:  # fmt: skip
    """The words do point to a person; `waiting` are all records that hold them. Raises Refused."""
    reason = _reason(reason)
    with ledger.write(Entry(actor.user, "leak.confirm", leak, reason)) as tx:
        row = _row(tx, leak)
        further = scope is Scope.HOSPITAL and row["scope"] == Scope.PATIENT.value
        state = workflow().move(row["state"], "confirm", {"reason_given": bool(reason), "reaches_further": further})
        held = {*waiting, *selections.unpacked(row["waiting"])}
        held_it = sorted({*json.loads(row["releases"]), *_releases(tx, held)})
        tx.update(
            schema.leaks, leak, entity=entity.value, state=state, scope=scope.value, fix=fix.value,
            waiting=selections.packed(held), releases=canonical(held_it).decode(), checked="",
        )  # fmt: skip
        tx.note(
            record=row["record"], entity=entity.value, scope=scope.value, fix=fix.value, state=state,
            records=len(held), releases=held_it,
        )  # fmt: skip
        row = _row(tx, leak)
    return _leak(row)


def dismiss(ledger: Ledger, actor: Actor, leak: str, reason: str) -> Leak:
    """The words point to nobody: the record comes back as it was. Raises Refused."""
    reason = _reason(reason)
    with ledger.write(Entry(actor.user, "leak.dismiss", leak, reason)) as tx:
        row = _row(tx, leak)
        state = workflow().move(row["state"], "dismiss", {"reason_given": bool(reason)})
        tx.update(schema.leaks, leak, state=state, waiting=selections.packed([]))
        tx.note(record=row["record"], state=state)
        row = _row(tx, leak)
    return _leak(row)


def recheck(
    ledger: Ledger,
    user: str,
    leak: str,
    *,
    more: Iterable[RecordId] = (),
    clean: Iterable[RecordId] = (),
    last: bool = False,
) -> Leak:
    """After records were de-identified again: those found besides wait too, those that are clean wait no more; with
    none left the leak is fixed. `last`: all that wait were looked at. Raises Refused."""
    with ledger.write(Entry(user, "leak.recheck", leak)) as tx:
        row = _row(tx, leak)
        waiting = {*selections.unpacked(row["waiting"]), *more} - set(clean)
        state = workflow().move(row["state"], "recheck", {"words_gone": not waiting})
        checked = tx.at if last else row["checked"]
        tx.update(schema.leaks, leak, state=state, waiting=selections.packed(waiting), checked=checked)
        tx.note(state=state, fix=row["fix"], records=len(waiting))
        row = _row(tx, leak)
    return _leak(row)


def may(leak: Leak, event: str, scope: Scope = Scope.PATIENT) -> None:
    """Raises Refused unless the table allows the event, a reason given: asked before long work, and again after it."""
    further = scope is Scope.HOSPITAL and leak.scope is Scope.PATIENT
    workflow().move(leak.state, event, {"reason_given": True, "reaches_further": further})


def one(ledger: Ledger, leak: str) -> Leak:
    """Raises Refused("leak_unknown")."""
    with ledger.read() as reader:
        return _leak(_row(reader, leak))


def undecided(ledger: Ledger) -> list[Leak]:
    """Reports that keep a record off the shelf, oldest first."""
    with ledger.read() as reader:
        return [_leak(row) for row in _open(reader)]


def off_the_shelf(ledger: Ledger) -> frozenset[RecordId]:
    """Records that a report keeps off the shelf now. Read at every decision, never remembered."""
    with ledger.read() as reader:
        return frozenset(record for row in _open(reader) for record in selections.unpacked(row["waiting"]))


def of_releases(reader: Reader) -> dict[str, list[str]]:
    """Release -> reports, not dismissed, of records that its bundle held or would hold."""
    found: dict[str, list[str]] = {}
    for row in (row for row in _all(reader) if row["state"] != LeakState.DISMISSED):
        for release in json.loads(row["releases"]):
            found.setdefault(release, []).append(row["id"])
    return found


def _all(reader: Reader) -> list[Row]:
    """Every report, each proved before its state is looked at: one set aside behind our back must not open a record."""
    rows = reader.rows(select(schema.leaks).order_by(schema.leaks.c.number), schema.leaks)
    if [row["number"] for row in rows] != list(range(1, len(rows) + 1)):
        raise IntegrityFailure("row_altered", "A report of a leak is missing from the ledger; run `lantai verify`.")
    return rows


def _open(reader: Reader) -> list[Row]:
    return [row for row in _all(reader) if row["state"] in OPEN]


def _releases(tx: Tx, records: set[RecordId]) -> list[str]:
    """Releases asked for or let go whose request opens one of these records."""
    table = schema.releases
    gone_or_going = (ReleaseState.IN_CHECK.value, ReleaseState.RELEASED.value)
    held: dict[str, bool] = {}
    found: list[str] = []
    for row in tx.rows(select(table).where(table.c.state.in_(gone_or_going)).order_by(table.c.number), table):
        if row["request"] not in held:
            held[row["request"]] = _opens(tx, row["request"], records)
        if held[row["request"]]:
            found.append(row["id"])
    return found


def _opens(tx: Tx, request: str, records: set[RecordId]) -> bool:
    row = tx.one(schema.requests, request)
    try:
        chosen = selections.kept(tx, request, requests.snapshot(row)["selection"] if row else "")
    except IntegrityFailure:  # what cannot be read any more may have held it; a report must not fail for it
        return True
    return not records.isdisjoint(chosen.records)


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > LONGEST:
        raise BadInput("text_too_long", f"Keep the reason below {LONGEST} characters.")
    return reason


def _row(reader: Reader, leak: str) -> Row:
    row = reader.one(schema.leaks, leak)
    if row is None:
        raise workflow().refused("leak_unknown")
    return row


def _leak(row: Row) -> Leak:
    return Leak(
        row["id"], row["reporter"], row["seen"], RecordId(row["record"]), Entity(row["entity"]),
        LeakState(row["state"]), Scope(row["scope"]), Fix(row["fix"]), selections.unpacked(row["waiting"]),
        tuple(json.loads(row["releases"])), row["created"], row["checked"],
    )  # fmt: skip


def headline(leak: Leak) -> dict[str, Any]:
    """{"leak","state","entity","scope","fix","waiting": n,"reporter","seen","record","reported","checked",
    "releases"}."""
    return {
        "leak": leak.id, "state": leak.state.value, "entity": leak.entity.value, "scope": leak.scope.value,
        "fix": leak.fix.value, "waiting": len(leak.waiting), "reporter": leak.reporter, "seen": leak.seen,
        "record": leak.record, "reported": leak.created, "checked": leak.checked,
        "releases": list(leak.releases),
    }  # fmt: skip
