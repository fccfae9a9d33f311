"""Work on the archive: take files in."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from records.errors import BadInput
from rooms.cli.options import As, Json
from rooms.cli.output import emit, err
from rooms.cli.session import Session, session

MAX_FILE = 64 * 1024 * 1024
_POLL_S = 0.3
_WATCH_S = 5.0


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; folders are read with all that is in them.")],
    watch: Annotated[bool, typer.Option(help="Stay, and take in what arrives, until stopped.")] = False,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Take scans and electronic records in. The same file twice is one record; a stopped run goes on where it was."""
    for path in paths:
        if not path.exists():
            raise BadInput("path_missing", f"{path} does not exist; check the path.")
    with session(as_user, "archivist", local=True) as own:
        answer = _once(own, list(_files(paths)))
        emit(answer, as_json)
        seen = {path: _changed_at(path) for path in _files(paths)} if watch else {}
        while watch:
            time.sleep(_WATCH_S)
            now = {path: _changed_at(path) for path in _files(paths)}
            changed = [path for path, at in now.items() if seen.get(path) != at]
            if changed:
                emit(_once(own, changed), as_json)
                seen |= {path: now[path] for path in changed}


def _changed_at(path: Path) -> int:
    """0 for a file that was taken away meanwhile: the others are waited for all the same."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in inside if file.is_file() and not file.name.startswith("."))


def _named(file: Path) -> str:
    """The file's name as text; one in GBK, as Windows packs it, is no UTF-8."""
    raw = os.fsencode(file.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def take_in(own: Session, files: list[Path], progress: Progress) -> dict[str, Any]:
    """Deposit files and run the line, with progress; the answer has no paths yet (see `_once`)."""
    deposits: dict[str, list[Path]] = {}
    refused: list[dict[str, Any]] = []
    task = progress.add_task("deposit 移交", total=len(files))
    for file in files:
        try:
            data = file.read_bytes() if file.stat().st_size <= MAX_FILE else None
        except OSError:  # one file that this account may not read must not keep the others out
            refused.append({"path": str(file), "reason": "file_unreadable"})
        else:
            if data is None:
                refused.append({"path": str(file), "reason": "file_too_large"})
            else:
                added = own.call("deposit.add", name=_named(file), data_b64=base64.b64encode(data).decode())
                deposits.setdefault(added["deposit"], []).append(file)
        progress.advance(task)
    job = own.call("ingest.run", deposits=list(deposits))["job"]
    task = progress.add_task("read, describe, seal, shelve 归档", total=len(deposits))
    while True:
        state = own.call("ingest.progress", job=job)
        progress.update(task, completed=state["done"], total=max(state["total"], 1))
        if state["finished"]:
            return {**state, "deposits": deposits, "refused": refused}
        time.sleep(_POLL_S)


def _once(own: Session, files: list[Path]) -> dict[str, Any]:
    """Take these files in; the answer of DESIGN §7."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        state = take_in(own, files, progress)
    accepted: list[dict[str, Any]] = []
    for row in state["accepted"]:
        for position, path in enumerate(state["deposits"].get(row["deposit"], [])):
            accepted.append({"path": str(path), "record": row["record"], "new": row["new"] and position == 0})
    rejected = list(state["refused"])
    for row in state["rejected"]:
        rejected += [{"path": str(path), "reason": row["reason"]} for path in state["deposits"].get(row["deposit"], [])]
    return {"accepted": accepted, "rejected": rejected, "edition": state["edition"]}


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.command("ingest")(ingest)
