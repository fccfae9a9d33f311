"""Leaks 泄露: an identifier left in clean text is reported, taken off the shelf at once, decided on and mended."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any

import typer

from approvals.leaks import Fix, Scope
from records.entities import Entity
from records.errors import BadInput
from rooms.cli.options import As, Json, Reason
from rooms.cli.output import emit
from rooms.cli.session import Session, session

leak = typer.Typer(
    help="Leaks 泄露: words in clean text that point to a person; the record leaves the shelf at once.",
    no_args_is_help=True,
)
LeakId = Annotated[str, typer.Argument(metavar="X")]
Kind = Annotated[Entity | None, typer.Option("--entity", help="What kind of identifier it is.")]
_POLL_S = 0.2
_LONGEST = 4096


@leak.command("report")
def report(
    record: Annotated[str, typer.Option(metavar="R", help="The record, by the name it has where you saw it.")],
    text: Annotated[str, typer.Option(help="The words as they stand there; - reads them from standard input.")],
    grant: Annotated[str | None, typer.Option(metavar="G", help="The grant you read it under.")] = None,
    request: Annotated[str | None, typer.Option(metavar="Q", help="The request whose samples you review.")] = None,
    release: Annotated[str | None, typer.Option(metavar="L", help="The release that holds it.")] = None,
    entity: Kind = None,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Report words that point to a person. Quality control names no grant and gives the record's id."""
    words = _typed() if text == "-" else text
    asked: dict[str, Any] = {"grant": grant, "request": request, "release": release}
    if entity is not None:
        asked["entity"] = entity.value
    with session(as_user, "researcher") as own:
        emit(own.call("leak.report", record=record, text=words, **asked), as_json)


@leak.command("queue")
def queue(as_user: As = None, as_json: Json = False) -> None:
    """Reports that wait, each with the words in their sentence."""
    with session(as_user, "qc") as own:
        emit(own.call("leak.queue"), as_json)


@leak.command("confirm")
def confirm(
    leak_id: LeakId,
    reason: Reason,
    entity: Kind = None,
    scope: Annotated[Scope, typer.Option(help="Whom the words point to: this patient, or the whole hospital.")] = (
        Scope.PATIENT
    ),
    fix: Annotated[Fix, typer.Option(help="What mends it: the words become a list entry, or a rule is written.")] = (
        Fix.LIST
    ),
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """They do point to a person: all records that hold them are taken off, de-identified again and shelved anew."""
    asked: dict[str, Any] = {"scope": scope.value, "fix": fix.value, "reason": reason}
    if entity is not None:
        asked["entity"] = entity.value
    with session(as_user, "qc") as own:
        emit(_settled(own, own.call("leak.confirm", leak=leak_id, **asked)), as_json)


@leak.command("dismiss")
def dismiss(leak_id: LeakId, reason: Reason, as_user: As = None, as_json: Json = False) -> None:
    """They point to nobody: the record comes back as it was."""
    with session(as_user, "qc") as own:
        emit(own.call("leak.dismiss", leak=leak_id, reason=reason), as_json)


@leak.command("recheck")
def recheck(leak_id: LeakId, as_user: As = None, as_json: Json = False) -> None:
    """De-identify again, by today's rules, what waits; a record returns only when the reported words are gone."""
    with session(as_user, "qc") as own:
        emit(_settled(own, own.call("leak.recheck", leak=leak_id)), as_json)


def _settled(own: Session, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer once the job behind it has ended, with what still waits then."""
    job = answer.pop("job")
    while job is not None and not own.call("ingest.progress", job=job)["finished"]:
        time.sleep(_POLL_S)
    left = {row["leak"]: row for row in own.call("leak.queue")["rows"]}.get(answer["leak"])
    now = {"state": left["state"], "waiting": left["waiting"]} if left else {"state": "fixed", "waiting": 0}
    return {**answer, **now}


def _typed() -> str:
    """Words from standard input, so that they stand in no list of processes and no shell history."""
    try:
        return sys.stdin.buffer.read(_LONGEST).decode()
    except UnicodeDecodeError:
        raise BadInput("file_unreadable", "Standard input is no UTF-8 text; type the words again.") from None


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.add_typer(leak, name="leak")
