"""Reviews (审核): two reviewers, each blind to the other, neither with a part in the project. The second approval
issues the grant, or, where conditions were made, the applicant's acceptance of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from approvals import grants, requests, schema
from approvals.ledger import Entry, Ledger, Reader, Row
from approvals.states import RequestState
from records.canonical import canonical
from records.errors import BadInput
from records.people import Actor

VERDICTS: Final = ("approve", "condition", "reject")
LONGEST: Final = 4000


def queue(ledger: Ledger, actor: Actor) -> dict[str, Any]:
    """Requests that wait for this reviewer's vote: {"rows": [{"request","title","created"}]}, oldest first. Tells
    nothing of others' votes.
    """
    table = schema.requests
    waiting = select(table).where(table.c.state == RequestState.IN_REVIEW.value).order_by(table.c.number)
    with ledger.read() as reader:
        rows = [row for row in reader.rows(waiting, table) if _may_vote(reader, actor, row)]
    return {
        "rows": [
            {"request": row["id"], "title": requests.snapshot(row)["title"], "created": row["created"]} for row in rows
        ]
    }


def sheet(ledger: Ledger, actor: Actor, request: str) -> dict[str, Any]:
    """What a reviewer decides on: the frozen request, the own vote, and all votes once it is decided.

    {"request","state","title","purpose","ethics_number","ethics_end","legal_basis","cohort","cohort_toml","edition","variables",
    "period","my_vote": verdict|null,"votes": [{"verdict","reason","conditions"}]}. Raises Refused (own_request,
    request_unknown).
    """
    with ledger.read() as reader:
        row = _row(reader, actor, request)
        votes = requests.votes_of(reader, request)
    mine = [vote["verdict"] for vote in votes if vote["reviewer"] == actor.user]
    decided = row["state"] != RequestState.IN_REVIEW.value
    frozen = requests.snapshot(row)
    wanted = (
        "title",
        "purpose",
        "ethics_number",
        "ethics_end",
        "legal_basis",
        "cohort",
        "cohort_toml",
        "edition",
        "selection",
        "variables",
        "period",
    )
    return {
        "request": request,
        "state": row["state"],
        **{name: frozen[name] for name in wanted},
        "my_vote": mine[0] if mine else None,
        "votes": [_vote(vote) for vote in votes] if decided else [],
    }


def decide(
    ledger: Ledger, actor: Actor, request: str, verdict: str, reason: str = "", conditions: Sequence[str] | str = ()
) -> dict[str, Any]:
    """One vote. {"request","state","grant"?}. For "condition" without conditions the reason is the condition.

    Raises BadInput("bad_verdict" | "text_too_long"); Refused: own_request, already_voted, reason_missing,
    conditions_missing, ethics_ended, period_over, request_decided, request_unknown.
    """
    if verdict not in VERDICTS:
        raise BadInput("bad_verdict", f"Choose a verdict of: {', '.join(VERDICTS)}.")
    reason, listed = reason.strip(), _conditions(verdict, reason, conditions)
    if len(reason) > LONGEST or sum(map(len, listed)) > LONGEST:
        raise BadInput("text_too_long", f"Keep the reason and the conditions below {LONGEST} characters.")
    with ledger.write(Entry(actor.user, "review.decide", request, reason)) as tx:
        row = _row(tx, actor, request)
        votes = requests.votes_of(tx, request)
        in_favour = requests.approvers(votes, row) | ({actor.user} if verdict in requests.FOR else set())
        facts = {
            **requests.standing(row, tx.now),
            "reviewer_independent": actor.user not in requests.people(row),
            "first_vote": all(vote["reviewer"] != actor.user for vote in votes),
            "reason_given": bool(reason),
            "conditions_given": bool(listed),
            "enough_approvals": len(in_favour) >= requests.NEEDED,
            "conditions_open": bool(listed) or any(json.loads(vote["conditions"]) for vote in votes),
        }
        state = requests.workflow().move(row["state"], verdict, facts)
        tx.insert(
            schema.reviews,
            f"{request}/{actor.user}",
            request=request,
            reviewer=actor.user,
            verdict=verdict,
            reason=reason,
            conditions=canonical(listed).decode(),
            at=tx.at,
        )
        answer: dict[str, Any] = {"request": request, "state": state}
        if state != row["state"]:
            tx.update(
                schema.requests, request, state=state, decided=tx.at, reason=reason if verdict == "reject" else ""
            )
        if state == RequestState.APPROVED:
            answer["grant"] = grants.issue(tx, row)
        tx.note(verdict=verdict, **answer)
    return answer


def _conditions(verdict: str, reason: str, conditions: Sequence[str] | str) -> list[str]:
    if verdict != "condition":
        return []
    listed = [conditions] if isinstance(conditions, str) else list(conditions)
    kept = [condition.strip() for condition in listed if condition.strip()]
    return kept or ([reason] if reason else [])


def _row(reader: Reader, actor: Actor, request: str) -> Row:
    row = reader.one(schema.requests, request)
    if row is None:
        raise requests.workflow().refused("request_unknown")
    if actor.user in requests.people(row):
        raise requests.workflow().refused("own_request")
    return row


def _may_vote(reader: Reader, actor: Actor, row: Row) -> bool:
    return actor.user not in requests.people(row) and reader.one(schema.reviews, f"{row['id']}/{actor.user}") is None


def _vote(vote: Row) -> dict[str, Any]:
    return {"verdict": vote["verdict"], "reason": vote["reason"], "conditions": json.loads(vote["conditions"])}
