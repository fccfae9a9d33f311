"""The register 利用登记簿, read and verified."""

from __future__ import annotations

from typing import Annotated

import typer

from rooms.cli.options import As, Json
from rooms.cli.output import emit
from rooms.cli.session import session

audit = typer.Typer(
    help="The register 利用登记簿: every step, in a chain that cannot be rewritten unnoticed.", no_args_is_help=True
)


@audit.command("list")
def list_entries(
    after: Annotated[int, typer.Option(help="Entries after this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    actor: Annotated[str | None, typer.Option(help="Only of this person.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this kind of step.")] = None,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Entries of the register."""
    with session(as_user, "auditor") as own:
        emit(own.call("audit.list", after=after, limit=limit, actor=actor, action=action), as_json)


@audit.command("verify")
def verify(as_user: As = None, as_json: Json = False) -> None:
    """Walk the chain and the signed checkpoints; names what was altered, removed or reordered."""
    with session(as_user, "auditor", local=True) as own:
        answer = own.call("audit.verify")
    emit(answer, as_json)
    if not answer["ok"]:
        raise typer.Exit(4)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.add_typer(audit, name="audit")
