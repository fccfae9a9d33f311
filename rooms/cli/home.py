"""A home's life: init, demo, serve, status, verify, and the sample hospital."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from records.errors import BadInput, IntegrityFailure
from rooms.cli.options import As, Json
from rooms.cli.output import emit, err, note
from rooms.cli.session import passphrase, session
from rooms.config import load

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the portal.")]


def init(as_json: Json = False) -> None:
    """Make a new archive in $LANTAI_HOME, sealed under a passphrase that nobody can recover for you."""
    from rooms.strong import StrongRoom

    config = load()
    StrongRoom.create(config, passphrase(config))
    emit({"home": str(config.home), "next": "lantai user add NAME --role archivist, then lantai ingest PATH"}, as_json)


def demo(
    port: Port = 8501,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the portal after the story.")] = True,
    patients: Annotated[int, typer.Option(min=30, help="Invented patients.")] = 120,
    as_json: Json = False,
) -> None:
    """Tell the whole story on an invented hospital: scans, search, request, reviews, grant, release, register."""
    from rooms.demo import tell
    from rooms.serve import Door, check_door

    door = Door(port=port)
    if serve:
        check_door(door)
    emit(tell(load(), door if serve else None, patients=patients), as_json)


def serve(
    port: Port = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    tls_cert: Annotated[
        Path | None, typer.Option(help="PEM certificate; with it the portal speaks HTTPS only.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM key of that certificate.")] = None,
    as_json: Json = False,
) -> None:
    """Open the strong room and the front desk, and serve the portal until stopped."""
    from rooms.serve import Door, check_door
    from rooms.serve import serve as run
    from rooms.strong import StrongRoom

    if (tls_cert is None) != (tls_key is None):
        raise BadInput("tls_pair", "--tls-cert and --tls-key go together; give both.")
    for file in (tls_cert, tls_key):
        if file is not None and not file.is_file():
            raise BadInput("tls_file", f"{file} cannot be read; check the path of the certificate and its key.")
    door = Door(host, port, tls_cert, tls_key)
    check_door(door)
    config = load()
    room = StrongRoom.open(config, passphrase(config))
    try:
        run(room, config, door, lambda url: note(f"Lantai is open at {url} (stop with Ctrl-C)."))
        emit({"served": door.url}, as_json)
    finally:
        room.close()


def status(as_user: As = None, as_json: Json = False) -> None:
    """What stands in this home: records, edition, waiting work, last checkpoint. No names, no texts."""
    with session(as_user, "operator", local=True) as own:
        emit(own.call("status"), as_json)


def verify(as_user: As = None, as_json: Json = False) -> None:
    """Check every byte of vault, catalogue, editions, ledger and register; names each problem (exit 4)."""
    try:
        with session(as_user, "auditor", local=True) as own, err.status("verifying …"):
            answer = own.call("verify")
    except IntegrityFailure:
        # Too damaged to open: say what is wrong with each part that can still be looked at.
        from rooms.examine import examine

        config = load()
        answer = examine(config, passphrase(config))
    emit(answer, as_json)
    if not answer["ok"]:
        raise typer.Exit(4)


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    patients: Annotated[int, typer.Option(min=1, help="Invented patients.")] = 120,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20260101,
    as_json: Json = False,
) -> None:
    """Write an invented hospital: DIR/inbox holds files to ingest, DIR/truth what is in them (never ingested)."""
    from rich.progress import Progress

    from sample.generator import generate

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("out_not_empty", f"{folder} is not empty; name a new folder.")
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task("sample hospital", total=None)
        emit(
            generate(folder, patients, seed, lambda done, total: progress.update(task, completed=done, total=total)),
            as_json,
        )


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    for command in (init, demo, serve, status, verify, sample):
        app.command(command.__name__)(command)
