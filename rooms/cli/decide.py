"""What reviewers and managers decide: reviews and grants."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from rooms.cli.options import As, Json, Reason
from rooms.cli.output import emit
from rooms.cli.session import session

review = typer.Typer(help="Ethics review 审核: two reviewers, each blind to the other.", no_args_is_help=True)
grant = typer.Typer(help="Grants 授权: what was approved, until it ends.", no_args_is_help=True)


class Verdict(StrEnum):
    """What a reviewer can say."""

    APPROVE = "approve"
    REJECT = "reject"
    CONDITION = "condition"


@review.command("queue")
def queue(as_user: As = None, as_json: Json = False) -> None:
    """Requests that wait for your review."""
    with session(as_user, "reviewer") as own:
        emit(own.call("review.queue"), as_json)


@review.command("show")
def sheet(request_id: Annotated[str, typer.Argument(metavar="R")], as_user: As = None, as_json: Json = False) -> None:
    """The decision sheet: purpose, cohort, counts, variables, de-identified samples."""
    with session(as_user, "reviewer") as own:
        emit(own.call("review.sheet", request=request_id), as_json)


@review.command("decide")
def decide(
    request_id: Annotated[str, typer.Argument(metavar="R")],
    verdict: Verdict,
    reason: Reason,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Approve, reject, or approve on a condition (the reason states it)."""
    with session(as_user, "reviewer") as own:
        emit(own.call("review.decide", request=request_id, verdict=verdict.value, reason=reason), as_json)


@grant.command("list")
def list_grants(as_user: As = None, as_json: Json = False) -> None:
    """Grants you are a member of, or oversee."""
    with session(as_user, "researcher") as own:
        emit(own.call("grant.list"), as_json)


@grant.command("show")
def show(grant_id: Annotated[str, typer.Argument(metavar="G")], as_user: As = None, as_json: Json = False) -> None:
    """One grant."""
    with session(as_user, "researcher") as own:
        emit(own.call("grant.show", grant=grant_id), as_json)


@grant.command("suspend")
def suspend(
    grant_id: Annotated[str, typer.Argument(metavar="G")], reason: Reason, as_user: As = None, as_json: Json = False
) -> None:
    """Stop a grant for the time being; it holds from the very next call."""
    with session(as_user, "manager") as own:
        emit(own.call("grant.suspend", grant=grant_id, reason=reason), as_json)


@grant.command("resume")
def resume(
    grant_id: Annotated[str, typer.Argument(metavar="G")], reason: Reason, as_user: As = None, as_json: Json = False
) -> None:
    """Lift a suspension."""
    with session(as_user, "manager") as own:
        emit(own.call("grant.resume", grant=grant_id, reason=reason), as_json)


@grant.command("revoke")
def revoke(
    grant_id: Annotated[str, typer.Argument(metavar="G")], reason: Reason, as_user: As = None, as_json: Json = False
) -> None:
    """End a grant for good; it holds from the very next call."""
    with session(as_user, "manager") as own:
        emit(own.call("grant.revoke", grant=grant_id, reason=reason), as_json)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.add_typer(review, name="review")
    app.add_typer(grant, name="grant")
