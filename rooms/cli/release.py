"""What analysts ask out and releasers let out: releases 导出放行."""

from __future__ import annotations

import base64
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Annotated
from zipfile import ZipFile

import typer

from records.errors import BadInput
from rooms.cli.options import As, Json, Reason
from rooms.cli.output import emit, note
from rooms.cli.session import session

release = typer.Typer(
    help="Releases 导出放行: a dataset leaves after an egress check and two people.", no_args_is_help=True
)
ReleaseId = Annotated[str, typer.Argument(metavar="L")]


class Verdict(StrEnum):
    """What a releaser can say."""

    PASS = "pass"  # noqa: S105 - a verdict
    REFUSE = "refuse"


@release.command("ask")
def ask(
    grant_id: Annotated[str, typer.Argument(metavar="G")],
    coarsen: Annotated[bool, typer.Option(help="Empty columns of rows that too few patients share.")] = True,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Ask for the dataset that a grant allows; the egress check runs at once."""
    with session(as_user, "analyst") as own:
        emit(own.call("release.ask", grant=grant_id, coarsen=coarsen), as_json)


@release.command("list")
def list_releases(as_user: As = None, as_json: Json = False) -> None:
    """Your releases."""
    with session(as_user, "analyst") as own:
        emit(own.call("release.list"), as_json)


@release.command("queue")
def queue(as_user: As = None, as_json: Json = False) -> None:
    """Releases that wait for a check."""
    with session(as_user, "releaser") as own:
        emit(own.call("release.queue"), as_json)


@release.command("show")
def show(release_id: ReleaseId, as_user: As = None, as_json: Json = False) -> None:
    """One release with its findings."""
    with session(as_user, "releaser") as own:
        emit(own.call("release.show", release=release_id), as_json)


@release.command("check")
def check(
    release_id: ReleaseId, verdict: Verdict, reason: Reason = "", as_user: As = None, as_json: Json = False
) -> None:
    """Pass or refuse a release; two releasers must pass it."""
    with session(as_user, "releaser") as own:
        emit(own.call("release.check", release=release_id, verdict=verdict.value, reason=reason), as_json)


@release.command("fetch")
def fetch(
    release_id: ReleaseId,
    folder: Annotated[Path, typer.Option("--out", help="A folder for the bundle; it must be empty or new.")],
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Write a released bundle to a folder; fetching it again gives the same bytes."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("out_not_empty", "The folder given with --out is not empty; name a new one.")
    with session(as_user, "analyst") as own:
        answer = own.call("release.fetch", release=release_id)
    unpack(base64.b64decode(answer.pop("zip_b64")), folder)
    emit(
        {**answer, "out": str(folder), "files": sorted(path.name for path in folder.rglob("*") if path.is_file())},
        as_json,
    )


def unpack(zipped: bytes, folder: Path) -> list[str]:
    """Write the files of a bundle's zip straight into a folder; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(BytesIO(zipped)) as bundle:
        for name in bundle.namelist():
            (folder / Path(name).name).write_bytes(bundle.read(name))
        return sorted(Path(name).name for name in bundle.namelist())


@release.command("recall")
def recall(release_id: ReleaseId, reason: Reason, as_user: As = None, as_json: Json = False) -> None:
    """Call a release back; it can no longer be fetched, and its holders must destroy it."""
    with session(as_user, "manager") as own:
        emit(own.call("release.recall", release=release_id, reason=reason), as_json)


@release.command("verify")
def verify(
    bundle: Annotated[Path, typer.Argument(help="A bundle's folder or zip.")],
    key: Annotated[
        Path | None, typer.Option(help="The archive's public key (PEM), got another way than the bundle.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a bundle against its manifest and signature; needs no archive."""
    from approvals.bundle import verify_bundle

    problems = verify_bundle(bundle, key.read_bytes() if key else None)
    if key is None and not problems:
        note(
            "Checked with the key that lies in the bundle: its parts belong together, whoever signed them. To know "
            "that they are the archive's, get its public key another way and give it with --key."
        )
    emit({"ok": not problems, "problems": problems}, as_json)
    if problems:
        raise typer.Exit(4)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.add_typer(release, name="release")
