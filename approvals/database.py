"""Opens the database behind the ledger and says in one sentence what is wrong with it. Knows no table."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from records.errors import BadInput, IntegrityFailure, LantaiError, Unavailable

BUSY_SECONDS: Final = 15
WRITES: Final = "lantai_write"  # execution option of a connection that is going to write
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


def engine_of(where: str | Path, *, create: bool) -> tuple[Engine, str]:
    """The engine for a path (SQLite) or a database URL, and the name by which problems call it. Raises Unavailable."""
    if isinstance(where, str) and "://" in where:
        return create_engine(where), "ledger"
    path = Path(where)
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o600))
    except FileNotFoundError:
        raise Unavailable("ledger_missing", "There is no ledger here; run `lantai init` or restore it.") from None
    except OSError:
        raise Unavailable("ledger_unavailable", "The ledger cannot be opened; check its disk and rights.") from None
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    _prepare(engine)
    return engine, path.name


def reading(engine: Engine) -> Connection:
    """A connection whose transaction sees one state of the database throughout."""
    if engine.dialect.name == "sqlite":
        return engine.connect()  # WAL readers always do
    return engine.connect().execution_options(isolation_level="REPEATABLE READ")


def writing(engine: Engine) -> Connection:
    """A connection whose transaction takes the write lock at its start."""
    return engine.connect().execution_options(**{WRITES: True})


def _prepare(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would start writers as readers
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns a database failure into one sentence; never lets a statement's values into a message."""
    try:
        yield
    except DBAPIError as problem:
        raise _plain(problem.orig) from None
    except (sqlite3.Error, UnicodeDecodeError) as problem:  # from new connections, from names that are no text
        raise _plain(problem) from None
    except UnicodeEncodeError:
        raise bad_text() from None


def bad_text() -> BadInput:
    """Text with a lone surrogate: no file and no database can keep it."""
    return BadInput("bad_text", "The text holds half a character, which cannot be kept; type it again.")


def _plain(problem: BaseException | None) -> LantaiError:
    text, kind = str(problem).lower(), type(problem).__name__
    if kind == "IntegrityError":
        return BadInput("already_exists", "That already exists; choose another name or look at the one there is.")
    no_room = getattr(problem, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE  # for the log's index
    if no_room or "is full" in text or "no space" in text:
        return Unavailable("disk_full", "The disk is full and nothing was changed; free some space and try again.")
    if "locked" in text or "busy" in text:
        return Unavailable("ledger_busy", "The ledger is busy and nothing was changed; try again in a moment.")
    if "malformed" in text or "not a database" in text or "decode" in text:
        return IntegrityFailure("ledger_unreadable", "The ledger is damaged; run `lantai verify` and restore it.")
    return Unavailable("ledger_unavailable", "The ledger cannot be read or written; check the disk, then try again.")
