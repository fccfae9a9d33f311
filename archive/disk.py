"""Bytes that are on the disk when the call returns, and failures of the disk told in one sentence. It must never
leave a half-written file under its final name."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from records.errors import BadInput, IntegrityFailure, LantaiError, Unavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def told_in_words(file: str = "A database of the archive") -> Iterator[None]:
    """Turns what the disk and SQLite raise into Unavailable("disk_full" | "storage_failed" | "storage_busy") or
    IntegrityFailure("database_damaged"); anything else passes. `file` is what to call a database."""
    with sqlite_in_words(file):
        try:
            yield
        except OSError as error:
            raise disk_failure(error) from error


@contextlib.contextmanager
def sqlite_in_words(file: str = "A database of the archive") -> Iterator[None]:
    """The same for SQLite's errors only, where the block runs a caller's code."""
    try:
        yield
    except sqlite3.Error as error:
        raise sqlite_failure(error, file) from error


def disk_failure(error: OSError) -> LantaiError:
    """The failure in words."""
    if error.errno in _FULL:
        return Unavailable("disk_full", "The disk of the archive is full; free some space and try again.")
    return Unavailable("storage_failed", "The disk of the archive refused to read or write; check it and try again.")


def sqlite_failure(error: sqlite3.Error, file: str) -> LantaiError | sqlite3.Error:
    """The failure in words, or the error itself where it is a mistake of ours."""
    whole = getattr(error, "sqlite_errorcode", 0)
    code = whole & 0xFF
    if code == sqlite3.SQLITE_FULL or whole == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the log's index
        return disk_failure(OSError(errno.ENOSPC, "full"))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return IntegrityFailure("database_damaged", f"{file} is damaged; restore it from a backup.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable("storage_busy", f"{file} is held by another process; stop that and try again.")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return disk_failure(OSError(errno.EIO, "refused"))
    return error


def write_all(descriptor: int, data: bytes) -> None:
    """Writes every byte, or raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Makes names created or removed in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_folder(folder: Path) -> None:
    """Creates `folder` and those of its parents that are missing, each for the owner only."""
    for missing in [path for path in (folder, *folder.parents) if not path.exists()][::-1]:
        missing.mkdir(mode=0o700, exist_ok=True)  # with parents=True, only the last would get the mode


def create_file(path: Path, data: bytes) -> None:
    """A new file of mode 0600, whole and durable or not there; it replaces none. Raises BadInput("file_exists")."""
    draft = _draft(path, data)
    try:
        os.link(draft, path)  # unlike rename, it refuses an existing name
    except FileExistsError:
        raise BadInput("file_exists", f"{path.name} exists already; use it, or choose another home.") from None
    finally:
        draft.unlink()
        sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Replaces `path` in one step: after a crash it is the old file or the new one."""
    _draft(path, data).replace(path)
    sync_folder(path.parent)


def _draft(path: Path, data: bytes) -> Path:
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    except OSError:
        draft.unlink()
        raise
    finally:
        os.close(descriptor)
    return draft
