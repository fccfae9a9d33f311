"""Grants (授权): what two reviewers opened, to whom and until when. Read and judged anew at every decision, never
remembered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from approvals import requests, schema
from approvals.ledger import Entry, Ledger, Reader, Row, Tx
from approvals.states import GrantState, Machine, RequestState, machine
from approvals.times import day_of
from records.ids import CohortHash, EditionNumber, GrantId, RequestId, UserId
from records.people import Actor


@dataclass(frozen=True, slots=True)
class Grant:
    """An active grant at the moment it was asked for. `selection` is the hash of the
    records it opens (approvals.selections). Days are ISO dates, both ends included; do not keep it."""

    id: GrantId
    request: RequestId
    applicant: UserId
    people: frozenset[str]
    cohort: CohortHash
    cohort_toml: str
    edition: EditionNumber
    selection: str
    variables: tuple[str, ...]
    starts: str
    ends: str
    ethics_end: str


def workflow() -> Machine:
    """The table that decides."""
    return machine("grant")


def issue(tx: Tx, request: Row) -> str:
    """Writes the grant of a request that is approved within `tx`; returns its id. Called by reviews.decide and
    requests.accept only.
    """
    row = tx.one(schema.requests, request["id"]) or request
    frozen = requests.snapshot(row)
    facts = _approval(tx, row)
    state = workflow().move(GrantState.NEW, "issue", facts)
    number = tx.next_number(schema.grants)
    tx.insert(
        schema.grants,
        f"G{number}",
        number=number,
        request=row["id"],
        applicant=row["applicant"],
        members=row["members"],
        cohort=frozen["cohort"],
        edition=frozen["edition"],
        variables=json.dumps(frozen["variables"]),
        starts=frozen["period"]["start"],
        ends=frozen["period"]["end"],
        ethics_end=frozen["ethics_end"],
        snapshot_hash=row["snapshot_hash"],
        state=state,
        reason="",
        created=tx.at,
    )
    return f"G{number}"


def active_grant(ledger: Ledger, actor: Actor, grant_id: str, now: datetime | None = None) -> Grant:
    """The grant, if this person may use it at this moment; ask again for every single view, release and download.

    Raises Refused: not_member (or no such grant), grant_not_started, grant_expired, grant_suspended, grant_revoked.
    """
    with ledger.read() as reader:
        return usable(reader, actor, grant_id, now or ledger.now())


def usable(reader: Reader, actor: Actor, grant_id: str, now: datetime) -> Grant:
    """As active_grant, within a transaction."""
    row = reader.one(schema.grants, grant_id)
    if row is None or actor.user not in requests.people(row):
        raise workflow().refused("not_member")
    return _used(reader, row, now)


def stands(reader: Reader, grant_id: str, now: datetime) -> bool:
    """Whether the grant is active for its members now: what a releaser's decision needs, who is none of them."""
    row = reader.one(schema.grants, grant_id)
    return row is not None and state_of(row, now) == GrantState.ACTIVE and all(_approval_of(reader, row).values())


def listing(ledger: Ledger, actor: Actor, *, everybody: bool = False) -> dict[str, Any]:
    """{"rows": [...as show, shorter...]}, newest first: the actor's own, or all of them for those who oversee."""
    table = schema.grants
    query = select(table) if everybody else requests.theirs_only(table, actor)
    with ledger.read() as reader:
        rows = reader.rows(query.order_by(table.c.number.desc()), table)
    now = ledger.now()
    return {"rows": [_headline(row, now) for row in rows if everybody or actor.user in requests.people(row)]}


def show(ledger: Ledger, actor: Actor, grant_id: str, *, everybody: bool = False) -> dict[str, Any]:
    """{"grant","state","request","title","applicant","members","cohort","edition","variables","starts","ends","ethics_end","reason"}."""
    with ledger.read() as reader:
        row = reader.one(schema.grants, grant_id)
        if row is None or not (everybody or actor.user in requests.people(row)):
            raise workflow().refused("not_member")
        request = reader.one(schema.requests, row["request"])
    title = requests.snapshot(request)["title"] if request else ""
    return {
        **_headline(row, ledger.now()),
        "title": title,
        "members": json.loads(row["members"]),
        "variables": json.loads(row["variables"]),
        "ethics_end": row["ethics_end"],
        "reason": row["reason"],
    }


def editions_in_use(ledger: Ledger) -> frozenset[int]:
    """The editions that active and suspended grants rest on."""
    table, now = schema.grants, ledger.now()
    with ledger.read() as reader:
        rows = reader.rows(select(table), table)
    return frozenset(row["edition"] for row in rows if state_of(row, now) in (GrantState.ACTIVE, GrantState.SUSPENDED))


def suspend(ledger: Ledger, actor: Actor, grant_id: str, reason: str) -> dict[str, Any]:
    """Stops access for now. {"grant","state"}. Raises Refused."""
    return _change(ledger, actor, grant_id, "suspend", reason)


def resume(ledger: Ledger, actor: Actor, grant_id: str, reason: str) -> dict[str, Any]:
    """Opens a suspended grant again; never by one of its own people. {"grant","state"}. Raises Refused."""
    return _change(ledger, actor, grant_id, "resume", reason)


def revoke(ledger: Ledger, actor: Actor, grant_id: str, reason: str) -> dict[str, Any]:
    """Ends access for good, from the next call on. {"grant","state"}. Raises Refused."""
    return _change(ledger, actor, grant_id, "revoke", reason)


def state_of(row: Row, now: datetime) -> GrantState:
    """The state that holds now: an active or suspended grant past its period or its ethics approval is expired."""
    stored = GrantState(row["state"])
    today = day_of(now).isoformat()
    if stored in (GrantState.ACTIVE, GrantState.SUSPENDED) and min(row["ends"], row["ethics_end"]) < today:
        return GrantState.EXPIRED
    return stored


def _change(ledger: Ledger, actor: Actor, grant_id: str, event: str, reason: str) -> dict[str, Any]:
    reason = reason.strip()
    with ledger.write(Entry(actor.user, f"grant.{event}", grant_id, reason)) as tx:
        row = tx.one(schema.grants, grant_id)
        if row is None:
            raise workflow().refused("not_member")
        facts = {
            **_time(row, tx.now),
            "reason_given": bool(reason),
            "not_a_member": actor.user not in requests.people(row),
        }
        state = workflow().move(state_of(row, tx.now), event, facts)
        tx.update(schema.grants, grant_id, state=state, reason=reason)
        tx.note(state=state)
    return {"grant": grant_id, "state": state}


def _used(reader: Reader, row: Row, now: datetime) -> Grant:
    request = reader.one(schema.requests, row["request"])
    facts = {**_time(row, now), **_approval_of(reader, row)}
    workflow().move(state_of(row, now), "use", facts)
    frozen = requests.snapshot(request) if request else {}
    return Grant(
        GrantId(row["id"]),
        RequestId(row["request"]),
        UserId(row["applicant"]),
        requests.people(row),
        CohortHash(row["cohort"]),
        frozen.get("cohort_toml", ""),
        EditionNumber(row["edition"]),
        frozen.get("selection", ""),
        tuple(json.loads(row["variables"])),
        row["starts"],
        row["ends"],
        row["ethics_end"],
    )


def _time(row: Row, now: datetime) -> dict[str, bool]:
    today = day_of(now).isoformat()
    return {
        "started": row["starts"] <= today,
        "period_open": row["ends"] >= today,
        "ethics_valid": row["ethics_end"] >= today,
    }


def _approval_of(reader: Reader, row: Row) -> dict[str, bool]:
    """Whether the request behind the grant is still the approved one, with its two reviewers: a grant row alone
    opens nothing.
    """
    request = reader.one(schema.requests, row["request"])
    if request is None or request["snapshot_hash"] != row["snapshot_hash"]:
        return {"request_approved": False, "two_approvers": False}
    return _approval(reader, request)


def _approval(reader: Reader, request: Row) -> dict[str, bool]:
    votes = requests.votes_of(reader, request["id"])
    return {
        "request_approved": request["state"] == RequestState.APPROVED.value,
        "two_approvers": len(requests.approvers(votes, request)) >= requests.NEEDED,
    }


def _headline(row: Row, now: datetime) -> dict[str, Any]:
    return {
        "grant": row["id"],
        "state": state_of(row, now).value,
        "request": row["request"],
        "applicant": row["applicant"],
        "cohort": row["cohort"],
        "edition": row["edition"],
        "starts": row["starts"],
        "ends": row["ends"],
    }
