"""Accounts and logins."""

from __future__ import annotations

from typing import Annotated

import typer

from records.people import Role
from rooms.cli.options import As, Json
from rooms.cli.output import emit
from rooms.cli.session import read_secret, session, strong_room

user = typer.Typer(help="Accounts: who may come in, and in which role.", no_args_is_help=True)


@user.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Login name.")],
    role: Annotated[list[Role], typer.Option("--role", help="A role; may be given again.")],
    department: Annotated[str | None, typer.Option(help="For clinicians: their own department.")] = None,
    display: Annotated[str, typer.Option(help="The name shown on screens.")] = "",
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Add an account; its password is asked for, or read from the file that $LANTAI_NEW_PASSWORD_FILE names."""
    password = read_secret("LANTAI_NEW_PASSWORD_FILE", f"A password for {name}", "password_needed")
    with session(as_user, "manager", local=True) as own:
        emit(
            own.call(
                "user.add", username=name, password=password, roles=[item.value for item in role],
                department=department, display=display,
            ),
            as_json,
        )  # fmt: skip


@user.command("list")
def list_users(as_user: As = None, as_json: Json = False) -> None:
    """All accounts."""
    with session(as_user, "manager", local=True) as own:
        emit(own.call("user.list"), as_json)


@user.command("disable")
def disable(name: str, as_user: As = None, as_json: Json = False) -> None:
    """Close an account; its sessions end at once."""
    with session(as_user, "manager", local=True) as own:
        emit(own.call("user.disable", username=name), as_json)


@user.command("password")
def password(name: Annotated[str, typer.Argument(metavar="USER")], as_json: Json = False) -> None:
    """Change your own password; the new one is asked for, or read from the file of $LANTAI_NEW_PASSWORD_FILE."""
    old = read_secret("LANTAI_PASSWORD_FILE", f"Password of {name}", "password_needed")
    new = read_secret("LANTAI_NEW_PASSWORD_FILE", "Your new password", "password_needed")
    with strong_room() as (slot, _):
        token = str(slot.call("login", username=name, password=old)["token"])
        emit(slot.call("password.change", token, old=old, new=new), as_json)


def login(name: Annotated[str, typer.Argument(metavar="USER")], as_json: Json = False) -> None:
    """Log in once: prints a token to set as LANTAI_TOKEN until it ends."""
    with strong_room() as (slot, _):
        password = read_secret("LANTAI_PASSWORD_FILE", f"Password of {name}", "password_needed")
        emit(slot.call("login", username=name, password=password), as_json)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.add_typer(user, name="user")
    app.command("login")(login)
