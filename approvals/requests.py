"""Access requests (利用申请): handing in, listing, withdrawing. Never opens anything: reviews and grants do.

A request is frozen when handed in: `snapshot` is its canonical form, `snapshot_hash` the SM3 of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, Table, or_, select

from approvals import cohorts, drafts, schema, selections
from approvals.cohorts import HashOf
from approvals.drafts import Draft, Missing
from approvals.ledger import Entry, Ledger, Reader, Row, Tx
from approvals.selections import Choose, Selection
from approvals.states import Machine, RequestState, machine
from approvals.times import day_of
from records.canonical import canonical, fingerprint
from records.errors import BadInput, IntegrityFailure
from records.people import Actor

NEEDED: Final = 2  # approvals by different reviewers
FOR: Final = frozenset({"approve", "condition"})
OPEN: Final = frozenset({RequestState.IN_REVIEW.value, RequestState.CONDITIONAL.value})
SPECIAL: Final = {
    "ethics_ended": "The ethics approval ended before today; renew it and put the new end date into the request.",
    "period_over": "The period asked for is over; ask for a later one.",
    "cohort_changed": "The cohort is not the one this hash stands for any more; save it again and use its new hash.",
    "cohort_unknown": "There is no saved cohort with this hash; save the cohort first.",
}

Issue = Callable[[Tx, Row], str]  # writes the grant of an approved request in the same transaction; returns its id


def workflow() -> Machine:
    """The table that decides."""
    return machine("request")


def precheck(ledger: Ledger, actor: Actor, toml: str, *, hash_of: HashOf) -> dict[str, Any]:
    """{"ok", "missing": [{"field","code","remedy"}], "cohort", "cohort_toml", "variables"}; changes nothing.
    Raises BadInput("bad_toml").
    """
    draft = drafts.parse(toml)
    with ledger.read() as reader:
        problems, cohort, definition = _problems(reader, actor, draft, day_of(ledger.now()), hash_of)
    return {
        "ok": not problems,
        "missing": [problem.shown() for problem in problems],
        "cohort": cohort,
        "cohort_toml": definition,
        "variables": list(draft.variables),
    }


def submit(ledger: Ledger, actor: Actor, toml: str, *, edition: int, hash_of: HashOf, choose: Choose) -> dict[str, Any]:
    """{"request","state"}. `edition` is the shelf's current one; the request is bound to it and to the records that
    `choose` finds there now.

    Raises BadInput: bad_toml, request_incomplete (naming the fields), ethics_ended, period_over, cohort_changed,
    cohort_unknown.
    """
    draft = drafts.parse(toml)
    with ledger.read() as reader:
        problems, cohort, definition = _problems(reader, actor, draft, day_of(ledger.now()), hash_of)
    if problems:
        raise _incomplete(problems)
    selection = choose(definition)
    frozen = _snapshot(actor, draft, cohort, definition, edition, selection)
    hashed = fingerprint(frozen)
    facts = dict.fromkeys(("complete", "ethics_valid", "period_open", "cohort_kept"), True)
    state = workflow().move(RequestState.NEW, "submit", facts)
    with ledger.write(Entry(actor.user, "request.submit")) as tx:
        number = tx.next_number(schema.requests)
        request = f"Q{number}"
        tx.insert(
            schema.requests,
            request,
            number=number,
            applicant=actor.user,
            members=_list(frozen["members"]),
            state=state,
            snapshot=canonical(frozen).decode(),
            snapshot_hash=hashed,
            cohort=cohort,
            edition=edition,
            ethics_end=frozen["ethics_end"],
            created=tx.at,
            decided=None,
            reason="",
        )
        selections.keep(tx, request, selection)
        tx.note(request, snapshot=hashed, cohort=cohort, edition=edition, state=state)
    return {"request": request, "state": state}


def listing(ledger: Ledger, actor: Actor) -> dict[str, Any]:
    """Requests the actor made or is a member of: {"rows": [{"request","title","state","created","mine"}]}, newest
    first.
    """
    table = schema.requests
    with ledger.read() as reader:
        rows = reader.rows(theirs_only(table, actor).order_by(table.c.number.desc()), table)
    mine = [row for row in rows if actor.user in people(row)]
    return {"rows": [{**_headline(row), "mine": row["applicant"] == actor.user} for row in mine]}


def theirs_only(table: Table, actor: Actor) -> Select[Any]:
    """A select of the requests or grants that may name the actor; `people` of a row has the last word."""
    named = table.c.members.contains(f'"{actor.user}"', autoescape=True)
    return select(table).where(or_(table.c.applicant == actor.user, named))


def show(ledger: Ledger, actor: Actor, request: str) -> dict[str, Any]:
    """The whole request for its applicant and members, with the reviewers' reasons (never their names) once it is
    decided.

    {"request","state","title",…,"variables","period","cohort","edition","reason","reviews","conditions","grant"?}.
    Raises Refused.
    """
    with ledger.read() as reader:
        row = theirs(reader, actor, request)
        votes = votes_of(reader, request) if row["state"] != RequestState.IN_REVIEW else []
        grants = reader.rows(select(schema.grants).where(schema.grants.c.request == request), schema.grants)
    frozen = snapshot(row)
    shown = {key: value for key, value in frozen.items() if key not in ("version", "selection")}
    return {
        **shown,
        **_headline(row),
        "reason": row["reason"],
        "reviews": [{"verdict": vote["verdict"], "reason": vote["reason"]} for vote in votes],
        "conditions": [condition for vote in votes for condition in json.loads(vote["conditions"])],
        **({"grant": grants[0]["id"]} if grants else {}),
    }


def withdraw(ledger: Ledger, actor: Actor, request: str) -> dict[str, Any]:
    """The applicant takes it back. {"request","state"}. Raises Refused."""
    with ledger.write(Entry(actor.user, "request.withdraw", request)) as tx:
        row = theirs(tx, actor, request)
        state = workflow().move(row["state"], "withdraw", {"is_applicant": row["applicant"] == actor.user})
        tx.update(schema.requests, request, state=state, decided=tx.at)
        tx.note(state=state)
    return {"request": request, "state": state}


def accept(ledger: Ledger, actor: Actor, request: str, *, issue: Issue) -> dict[str, Any]:
    """The applicant accepts the conditions; `issue` (grants.issue) writes the grant. {"request","state","grant"}."""
    with ledger.write(Entry(actor.user, "request.accept", request)) as tx:
        row = theirs(tx, actor, request)
        facts = {
            **standing(row, tx.now),
            "is_applicant": row["applicant"] == actor.user,
            "enough_approvals": len(approvers(votes_of(tx, request), row)) >= NEEDED,
        }
        state = workflow().move(row["state"], "accept", facts)
        tx.update(schema.requests, request, state=state, decided=tx.at)
        grant = issue(tx, row)
        tx.note(state=state, grant=grant)
    return {"request": request, "state": state, "grant": grant}


def standing(row: Row, now: datetime) -> dict[str, bool]:
    """The facts about time and integrity that every vote and acceptance needs."""
    frozen = snapshot(row)
    today = day_of(now).isoformat()
    return {
        "ethics_valid": frozen["ethics_end"] >= today,
        "period_open": frozen["period"]["end"] >= today,
        "cohort_kept": frozen["cohort"] == row["cohort"],
    }


def snapshot(row: Row) -> dict[str, Any]:
    """The frozen request. Raises IntegrityFailure if it is not the one that was handed in."""
    frozen: dict[str, Any] = json.loads(row["snapshot"])
    if fingerprint(frozen) != row["snapshot_hash"]:
        raise IntegrityFailure(
            "row_altered", f"The request {row['id']} was altered after it was handed in; run `lantai verify`."
        )
    return frozen


def people(row: Row) -> frozenset[str]:
    """Applicant and members of a request or grant row: nobody among them decides about it."""
    return frozenset({row["applicant"], *json.loads(row["members"])})


def votes_of(reader: Reader, request: str) -> list[Row]:
    """The votes on a request, in the order of their time."""
    table = schema.reviews
    return reader.rows(select(table).where(table.c.request == request).order_by(table.c.at, table.c.id), table)


def approvers(votes: list[Row], row: Row) -> frozenset[str]:
    """Different reviewers who voted for it and have no part in it."""
    return frozenset(vote["reviewer"] for vote in votes if vote["verdict"] in FOR) - people(row)


def theirs(reader: Reader, actor: Actor, request: str) -> Row:
    """The request, for its applicant and members. Raises Refused("request_unknown") for everybody else."""
    row = reader.one(schema.requests, request)
    if row is None or actor.user not in people(row):
        raise workflow().refused("request_unknown")
    return row


def _headline(row: Row) -> dict[str, Any]:
    frozen = snapshot(row)
    return {"request": row["id"], "title": frozen["title"], "state": row["state"], "created": row["created"]}


def _list(names: list[str]) -> str:
    return canonical(sorted(names)).decode()


def _snapshot(
    actor: Actor, draft: Draft, cohort: str, definition: str, edition: int, selection: Selection
) -> dict[str, Any]:
    if not (draft.ethics_end and draft.start and draft.end):
        raise ValueError("a complete draft has its dates")
    return {
        "version": 2,
        "applicant": actor.user,
        "members": sorted(set(draft.members) - {actor.user}),
        "title": draft.title,
        "purpose": draft.purpose,
        "ethics_number": draft.ethics_number,
        "ethics_end": draft.ethics_end.isoformat(),
        "legal_basis": draft.legal_basis,
        "variables": list(draft.variables),
        "period": {"start": draft.start.isoformat(), "end": draft.end.isoformat()},
        "cohort": cohort,
        "cohort_toml": definition,
        "edition": edition,
        "selection": selection.hash,
    }


def _incomplete(problems: list[Missing]) -> BadInput:
    special = [problem.code for problem in problems if problem.code in SPECIAL]
    if len(special) == len(problems):
        return BadInput(special[0], SPECIAL[special[0]])
    named = "; ".join(f"{problem.field}: {problem.remedy}" for problem in problems)
    return BadInput("request_incomplete", f"The request is incomplete ({named[:1500]})")


def _problems(
    reader: Reader, actor: Actor, draft: Draft, today: date, hash_of: HashOf
) -> tuple[list[Missing], str, str]:
    """What is missing, the cohort's hash and its definition."""
    problems = list(draft.missing)
    if draft.ethics_end and draft.ethics_end < today:
        problems.append(Missing("ethics_end", "ethics_ended", SPECIAL["ethics_ended"]))
    if draft.end and draft.end < today:
        problems.append(Missing("period.end", "period_over", SPECIAL["period_over"]))
    for member in draft.members:
        account = reader.one(schema.accounts, member)
        if account is None or account["state"] != "active":
            shown = member if member.isascii() and len(member) <= 32 else "?"
            problems.append(
                Missing("members", "unknown_member", f"Remove {shown}; there is no active account of that name.")
            )
    if any(problem.field == "cohort" for problem in problems):
        return problems, "", ""
    cohort, definition = "", ""
    try:
        cohort, definition = _cohort(reader, actor, draft, hash_of)
    except BadInput as problem:
        problems.append(Missing("cohort", problem.code, problem.message))
    return problems, cohort, definition


def _cohort(reader: Reader, actor: Actor, draft: Draft, hash_of: HashOf) -> tuple[str, str]:
    """Hash and definition, after every way in which the draft names the cohort has been found to agree."""
    changed = BadInput("cohort_changed", SPECIAL["cohort_changed"])
    definition = draft.cohort_toml
    if draft.cohort_name:
        saved = cohorts.latest(reader, actor.user, draft.cohort_name)
        if saved is None:
            raise BadInput("cohort_unknown", "You have no saved cohort of that name; save it first.")
        if draft.cohort_hash not in ("", saved["hash"]):
            raise changed
        definition = definition or saved["toml"]
    if not definition:
        saved = cohorts.find(reader, draft.cohort_hash)
        if saved is None:
            raise BadInput("cohort_unknown", SPECIAL["cohort_unknown"])
        definition = saved["toml"]
    hashed = cohorts.checked_hash(definition, hash_of)
    if draft.cohort_hash not in ("", hashed):
        raise changed
    return hashed, definition
