"""Releases (导出放行): nothing leaves without an active grant, an egress check, and two people, neither of them
the asker.

What two releasers passed is fixed by `content_hash`; a bundle made of anything else is refused at the door.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from approvals import grants, leaks, requests, schema
from approvals.egress import Finding
from approvals.grants import Grant
from approvals.ledger import Entry, Ledger, Reader, Row, Tx
from approvals.states import Machine, ReleaseState, machine
from approvals.variables import allowed, ordered
from records.canonical import canonical
from records.errors import BadInput
from records.people import Actor
from records.seal import sm3

NEEDED: Final = 2
VERDICTS: Final = ("pass", "refuse")
LONGEST: Final = 4000
MOST_FINDINGS: Final = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """What would leave, as the egress check saw it: number of rows, `content_hash` (bundle.content_hash), findings,
    columns (None: all that was granted) and whether the rows went through coarsen.coarsen.
    """

    rows: int
    content_hash: str
    findings: Sequence[Finding]
    columns: Sequence[str] | None = None
    coarsened: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle made for fetching: the hash of its content and the bytes of the archive."""

    content_hash: str
    data: bytes


def workflow() -> Machine:
    """The table that decides."""
    return machine("release")


def ask(ledger: Ledger, actor: Actor, grant_id: str, prepare: Callable[[Grant], Offer]) -> dict[str, Any]:
    """Asks for the granted rows to leave. `prepare` makes and checks them. {"release","state","findings"}.

    A blocking finding leaves it in state "blocked". Raises Refused: the grant's codes, release_waiting.
    """
    offer = prepare(grants.active_grant(ledger, actor, grant_id))
    with ledger.write(Entry(actor.user, "release.ask")) as tx:
        grant = grants.usable(tx, actor, grant_id, tx.now)  # again: it may have been revoked while the rows were made
        waiting = select(schema.releases).where(
            schema.releases.c.grant == grant_id, schema.releases.c.state == ReleaseState.IN_CHECK.value
        )
        facts = {
            "is_member": True,
            "grant_stands": True,
            "none_waiting": tx.count(waiting) == 0,
            "no_blocking_findings": not any(finding.blocking for finding in offer.findings),
        }
        state = workflow().move(ReleaseState.NEW, "ask", facts)
        release, found = _enter(tx, actor, grant, offer, state)
    return {"release": release, "state": state, "findings": found}


def _enter(tx: Tx, actor: Actor, grant: Grant, offer: Offer, state: str) -> tuple[str, list[dict[str, Any]]]:
    """Writes the row of a release that was asked for; its id, and its findings as kept."""
    columns = set(grant.variables if offer.columns is None else offer.columns)
    if not columns <= allowed(grant.variables):
        raise BadInput("variable_not_granted", "Choose columns among the variables the grant names.")
    number = tx.next_number(schema.releases)
    found = [finding.shown() for finding in offer.findings[:MOST_FINDINGS]]
    tx.insert(
        schema.releases,
        f"L{number}",
        number=number,
        grant=grant.id,
        request=grant.request,
        asker=actor.user,
        edition=grant.edition,
        rows=offer.rows,
        columns=canonical(ordered(columns)).decode(),
        coarsened=int(offer.coarsened),
        content_hash=offer.content_hash,
        findings=canonical(found).decode(),
        state=state,
        reason="",
        created=tx.at,
        decided=None,
    )
    tx.note(
        f"L{number}",
        grant=grant.id,
        rows_asked=offer.rows,
        content=offer.content_hash,
        state=state,
        findings=len(offer.findings),
        blocking=sorted({finding.code for finding in offer.findings if finding.blocking}),
    )
    return f"L{number}", found


def listing(ledger: Ledger, actor: Actor, *, everybody: bool = False) -> dict[str, Any]:
    """{"rows": [{"release","grant","state","rows","created","leaks"}]}, newest first: of the actor's projects, or all
    for those who oversee. `leaks` are reports, not dismissed, of records in it.
    """
    table = schema.releases
    with ledger.read() as reader:
        rows = reader.rows(select(table).order_by(table.c.number.desc()), table)
        theirs = [row for row in rows if everybody or actor.user in _people(reader, row)]
        reported = leaks.of_releases(reader)
    return {"rows": [{**_headline(row), "leaks": reported.get(row["id"], [])} for row in theirs]}


def queue(ledger: Ledger, actor: Actor) -> dict[str, Any]:
    """Releases that wait for this releaser: {"rows": [{"release","grant","state","rows","created","findings":
    n}]}, oldest first.
    """
    table = schema.releases
    waiting = select(table).where(table.c.state == ReleaseState.IN_CHECK.value).order_by(table.c.number)
    with ledger.read() as reader:
        rows = [row for row in reader.rows(waiting, table) if _may_check(reader, actor, row)]
    return {"rows": [{**_headline(row), "findings": len(json.loads(row["findings"]))} for row in rows]}


def show(ledger: Ledger, actor: Actor, release: str, *, as_releaser: bool = False) -> dict[str, Any]:
    """For the project's people, or for an independent releaser: the release, its findings, the request behind it,
    and the checks once it is decided. {"release","grant","request","state","rows","created",
    "leaks","edition","columns","coarsened","content_hash","findings","variables","purpose","title","reason","my_check",
    "checks"}. Raises Refused."""
    with ledger.read() as reader:
        row = _row(reader, release)
        people = _people(reader, row)
        if actor.user not in people and not as_releaser:
            raise workflow().refused("release_unknown")
        request = reader.one(schema.requests, row["request"])
        checks = _checks(reader, release)
        reported = leaks.of_releases(reader)
    frozen = requests.snapshot(request) if request else {}
    decided = row["state"] != ReleaseState.IN_CHECK.value
    mine = [check["verdict"] for check in checks if check["releaser"] == actor.user]
    return {
        **_headline(row),
        "leaks": reported.get(release, []),
        "request": row["request"],
        "edition": row["edition"],
        "content_hash": row["content_hash"],
        "columns": json.loads(row["columns"]),
        "coarsened": bool(row["coarsened"]),
        "findings": json.loads(row["findings"]),
        **{name: frozen.get(name) for name in ("title", "purpose", "variables")},
        "reason": row["reason"],
        "my_check": mine[0] if mine else None,
        "checks": [{"verdict": check["verdict"], "reason": check["reason"]} for check in checks] if decided else [],
    }


def behind(ledger: Ledger, actor: Actor, release: str, *, as_releaser: bool) -> tuple[str, int, str]:
    """Request, edition and hash of the selection of a release that this person may look at. Raises Refused."""
    with ledger.read() as reader:
        row = _row(reader, release)
        if actor.user not in _people(reader, row) and not as_releaser:
            raise workflow().refused("release_unknown")
        request = reader.one(schema.requests, row["request"])
    return row["request"], row["edition"], requests.snapshot(request)["selection"] if request else ""


def check(ledger: Ledger, actor: Actor, release: str, verdict: str, reason: str = "") -> dict[str, Any]:
    """One releaser's decision, blind to the other's. {"release","state","findings"}. The second pass releases; a
    refusal is final.

    Raises BadInput("bad_verdict"); Refused: own_release, already_voted, reason_missing, grant_not_active,
    release_unknown, ….
    """
    if verdict not in VERDICTS:
        raise BadInput("bad_verdict", f"Choose a verdict of: {', '.join(VERDICTS)}.")
    reason = reason.strip()
    if len(reason) > LONGEST:
        raise BadInput("text_too_long", f"Keep the reason below {LONGEST} characters.")
    with ledger.write(Entry(actor.user, "release.check", release, reason)) as tx:
        row = _row(tx, release)
        checks = _checks(tx, release)
        people = _people(tx, row)
        passed = {item["releaser"] for item in checks if item["verdict"] == "pass"} | {actor.user}
        facts = {
            "releaser_independent": actor.user not in people,
            "first_vote": all(item["releaser"] != actor.user for item in checks),
            "reason_given": bool(reason),
            "grant_stands": grants.stands(tx, row["grant"], tx.now),
            "two_passes": len(passed - people) >= NEEDED,
        }
        state = workflow().move(row["state"], verdict, facts)
        tx.insert(
            schema.release_reviews,
            f"{release}/{actor.user}",
            release=release,
            releaser=actor.user,
            verdict=verdict,
            reason=reason,
            at=tx.at,
        )
        if state != row["state"]:
            tx.update(
                schema.releases, release, state=state, decided=tx.at, reason=reason if verdict == "refuse" else ""
            )
        tx.note(verdict=verdict, state=state, grant=row["grant"], content=row["content_hash"])
    return {"release": release, "state": state, "findings": json.loads(row["findings"])}


def fetch(ledger: Ledger, actor: Actor, release: str, make: Callable[[Grant, dict[str, Any]], Made]) -> dict[str, Any]:
    """The bundle, for the project's people, while the grant is active. `make` gets the grant and
    {"release","edition","rows","columns","coarsened","content_hash","created"} and makes the same rows again.
    {"name","zip_b64"}.

    Raises Refused: release_unknown, release_in_check, release_refused, release_recalled, release_blocked,
    content_changed, and the grant's codes.
    """
    with ledger.read() as reader:
        row = _row(reader, release)
        _may_fetch(reader, actor, row, row["content_hash"])
        grant = grants.usable(reader, actor, row["grant"], ledger.now())
    wanted = {key: row[key] for key in ("edition", "rows", "content_hash", "created")}
    columns, coarsened = json.loads(row["columns"]), bool(row["coarsened"])
    made = make(grant, {"release": release, **wanted, "columns": columns, "coarsened": coarsened})
    with ledger.write(Entry(actor.user, "release.fetch", release)) as tx:
        row = _row(tx, release)
        grants.usable(tx, actor, row["grant"], tx.now)  # again: it may have been revoked while the bundle was made
        _may_fetch(tx, actor, row, made.content_hash)
        tx.note(grant=row["grant"], content=made.content_hash, bundle=sm3(made.data).hex(), bytes=len(made.data))
    return {"name": f"{release}.zip", "zip_b64": base64.b64encode(made.data).decode()}


def recall(ledger: Ledger, actor: Actor, release: str, reason: str) -> dict[str, Any]:
    """Calls a release back: it cannot be fetched any more. {"release","state","findings"}. Raises Refused."""
    reason = reason.strip()
    with ledger.write(Entry(actor.user, "release.recall", release, reason)) as tx:
        row = _row(tx, release)
        state = workflow().move(row["state"], "recall", {"reason_given": bool(reason)})
        tx.update(schema.releases, release, state=state, reason=reason)
        tx.note(state=state, grant=row["grant"])
    return {"release": release, "state": state, "findings": json.loads(row["findings"])}


def _may_fetch(reader: Reader, actor: Actor, row: Row, content_hash: str) -> None:
    people = _people(reader, row)
    if actor.user not in people:
        raise workflow().refused("release_unknown")
    passed = {item["releaser"] for item in _checks(reader, row["id"]) if item["verdict"] == "pass"} - people
    facts = {
        "is_member": True,
        "grant_stands": True,
        "two_passes": len(passed) >= NEEDED,
        "content_unchanged": content_hash == row["content_hash"],
    }
    workflow().move(row["state"], "fetch", facts)


def _row(reader: Reader, release: str) -> Row:
    row = reader.one(schema.releases, release)
    if row is None:
        raise workflow().refused("release_unknown")
    return row


def _people(reader: Reader, row: Row) -> frozenset[str]:
    """The asker and everybody in the project."""
    grant = reader.one(schema.grants, row["grant"])
    return (requests.people(grant) if grant else frozenset()) | {row["asker"]}


def _checks(reader: Reader, release: str) -> list[Row]:
    table = schema.release_reviews
    return reader.rows(select(table).where(table.c.release == release).order_by(table.c.at, table.c.id), table)


def _may_check(reader: Reader, actor: Actor, row: Row) -> bool:
    voted = reader.one(schema.release_reviews, f"{row['id']}/{actor.user}") is not None
    return not voted and actor.user not in _people(reader, row)


def _headline(row: Row) -> dict[str, Any]:
    return {
        "release": row["id"],
        "grant": row["grant"],
        "state": row["state"],
        "rows": row["rows"],
        "created": row["created"],
    }
