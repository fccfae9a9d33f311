"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document last on standard output.")]
As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="USER", help="Act as USER; the password is asked for, or read from $LANTAI_PASSWORD_FILE."
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the register.")]
