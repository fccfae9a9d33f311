"""Rows that cannot be changed, added or lost unnoticed: each carries a MAC, each table a tally of them. Nothing writes
to the catalogue past this file."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Insert,
    Table,
    Update,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import DBAPIError

from archive.catalogue_schema import METADATA, TALLIES, WATCHED
from archive.database import PRAGMAS, lenient_text, prepare
from archive.disk import sqlite_failure, told_in_words
from archive.problem import Problem, problem
from records.canonical import canonical
from records.errors import IntegrityFailure, Unavailable
from records.seal import hmac_sm3

FILE: Final = "strong/catalogue.db"
_ZERO: Final = bytes(32)
_TALLY_OF: Final = select(TALLIES).where(TALLIES.c.name == bindparam("of"))


class Rows:
    """Reads and writes of the watched tables. One writing thread at a time; its nested transactions join."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key
        self._lock = threading.RLock()
        self._local = threading.local()

    @classmethod
    def open(cls, path: Path, key: bytes) -> Rows:
        """Opens or creates `path`. Raises Unavailable or IntegrityFailure("database_damaged")."""
        with told_in_words():
            prepare(path)
        rows = cls(_engine(path), key)
        with _database_in_words():
            METADATA.create_all(rows._engine)
        with rows.write() as connection:
            if not any(connection.execute(select(table).limit(1)).first() for table in (TALLIES, *WATCHED)):
                for table in WATCHED:  # a new catalogue only: a tally that is lost must not begin anew at nothing
                    connection.execute(_insert(TALLIES), self_maced(key, TALLIES, _tally(table.name, 0, _ZERO)))
        return rows

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One durable transaction, undone if the block raises; nested blocks join the outer one."""
        current: Connection | None = getattr(self._local, "connection", None)
        if current is not None:
            yield current
            return
        with self._lock, _database_in_words(), self._engine.connect() as connection:
            connection = connection.execution_options(lantai_write=True)
            with connection.begin():
                self._local.connection, self._local.changes = connection, {}
                try:
                    yield connection
                    self._settle(connection)
                finally:
                    self._local.connection = None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of what is committed; inside this thread's own transaction, that one."""
        current: Connection | None = getattr(self._local, "connection", None)
        if current is not None:
            yield current
            return
        with _database_in_words(), self._engine.connect() as connection:
            yield connection

    def fetch(self, table: Table, *where: Any, limit: int | None = None) -> list[dict[str, Any]]:
        """Authentic rows in the order of the primary key. Raises IntegrityFailure("row_altered")."""
        query = select(table).where(*where).order_by(*table.primary_key.columns).limit(limit)
        with self.read() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        for row in rows:
            if not self.authentic(table, row):
                words = (
                    f"A row of {table.name} in {FILE} was altered ({name_of(table, row)}); restore it from a backup."
                )
                raise IntegrityFailure("row_altered", words)
        return rows

    def one(self, table: Table, *where: Any) -> dict[str, Any] | None:
        """The first such row, or None."""
        return next(iter(self.fetch(table, *where, limit=1)), None)

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """A new row."""
        with self.write() as connection:
            row = self_maced(self._key, table, values)
            connection.execute(_insert(table), row)
            self._tell(table, None, row["mac"])

    def update(self, table: Table, old: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """Replaces a fetched row by itself with `changes`; returns it. Raises Unavailable("row_changed")."""
        with self.write() as connection:
            row = self_maced(self._key, table, {**old, **changes})
            done = connection.execute(_update(table), row | _where(table, old))
            _exactly_one(done.rowcount, table)
            self._tell(table, old["mac"], row["mac"])
            return row

    def delete(self, table: Table, old: Mapping[str, Any]) -> None:
        """Removes a fetched row. Raises Unavailable("row_changed")."""
        with self.write() as connection:
            done = connection.execute(_delete(table), _where(table, old))
            _exactly_one(done.rowcount, table)
            self._tell(table, old["mac"], None)

    def authentic(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Whether the row is one that was written here."""
        try:
            return bool(self_maced(self._key, table, row)["mac"] == row["mac"])
        except (TypeError, ValueError):
            return False

    def verify(self) -> list[Problem]:
        """SQLite's structure, every row's MAC, every table's tally."""
        found: list[Problem] = []
        with self.read() as connection:
            lines = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars()
            found += [problem(FILE, "", f"structure: {line}") for line in lines if line != "ok"]
            tallies = {row["name"]: dict(row) for row in connection.execute(select(TALLIES)).mappings()}
            for table in WATCHED:
                count, total = 0, _ZERO
                for row in connection.execute(select(table)).mappings():
                    if not self.authentic(table, dict(row)):
                        found.append(problem(FILE, name_of(table, row), f"a row of {table.name} was altered"))
                    count, total = count + 1, _sum(total, row["mac"], +1)
                tally = tallies.get(table.name)
                if tally is None or not self.authentic(TALLIES, tally):
                    found.append(problem(FILE, "", f"the tally of {table.name} was altered"))
                elif (tally["rows"], tally["total"]) != (count, total):
                    found.append(
                        problem(FILE, "", f"{table.name}: {count} rows do not match the tally of {tally['rows']}")
                    )
        return found

    def _tell(self, table: Table, out: bytes | None, into: bytes | None) -> None:
        """Notes, for the end of the transaction, the MAC of a row that went out of a table and of one that came in."""
        count, total = self._local.changes.get(table.name, (0, _ZERO))
        count += (into is not None) - (out is not None)
        self._local.changes[table.name] = count, _sum(_sum(total, out, -1), into, +1)

    def _settle(self, connection: Connection) -> None:
        """Brings the tallies of the changed tables up to date."""
        for name, (more, change) in self._local.changes.items():
            row = connection.execute(_TALLY_OF, {"of": name}).mappings().one_or_none()
            if row is None or not self.authentic(TALLIES, dict(row)):
                words = f"The tally of {name} in {FILE} was altered; restore the catalogue from a backup."
                raise IntegrityFailure("row_altered", words)
            values = _tally(name, row["rows"] + more, _sum(row["total"], change, +1))
            new = self_maced(self._key, TALLIES, values)
            _exactly_one(connection.execute(_update(TALLIES), new | _where(TALLIES, row)).rowcount, TALLIES)


@cache
def _insert(table: Table) -> Insert:
    return table.insert()


@cache
def _update(table: Table) -> Update:
    """Of the one row with the old key and the old MAC."""
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in table.columns}
    return table.update().where(*_is_old(table)).values(values)


@cache
def _delete(table: Table) -> Delete:
    return table.delete().where(*_is_old(table))


def _is_old(table: Table) -> list[ColumnElement[bool]]:
    return [column == bindparam(f"old_{column.name}") for column in (*table.primary_key.columns, table.c.mac)]


def _where(table: Table, old: Mapping[Any, Any]) -> dict[str, Any]:
    return {f"old_{column.name}": old[column.name] for column in (*table.primary_key.columns, table.c.mac)}


def self_maced(key: bytes, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its MAC over table, column names and values."""
    row = {column.name: values.get(column.name) for column in table.columns if column.name != "mac"}
    plain = {name: {"hex": value.hex()} if isinstance(value, bytes) else value for name, value in row.items()}
    return row | {"mac": hmac_sm3(key, canonical([table.name, plain]))}


def name_of(table: Table, row: Mapping[Any, Any]) -> str:
    """What to call a row in a problem: its record, else its primary key."""
    return str(row["record"]) if "record" in table.c else "/".join(str(row[c.name]) for c in table.primary_key.columns)


def _tally(name: str, rows: int, total: bytes) -> dict[str, Any]:
    return {"name": name, "rows": rows, "total": total}


def _sum(total: bytes, mac: object, sign: int) -> bytes:
    """Modulo 2**256; a damaged MAC counts as nothing, so its table's tally fails too."""
    number = int.from_bytes(mac, "big") if isinstance(mac, bytes) else 0
    return ((int.from_bytes(total, "big") + sign * number) % (1 << 256)).to_bytes(32, "big")


def _exactly_one(count: int, table: Table) -> None:
    if count != 1:
        raise Unavailable("row_changed", f"A row of {table.name} was changed meanwhile; try again.")


@contextlib.contextmanager
def _database_in_words() -> Iterator[None]:
    """Like disk.sqlite_in_words, for errors that SQLAlchemy has wrapped."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise sqlite_failure(
                error.orig, "catalogue.db"
            ) from None  # SQLAlchemy's own message quotes the values of the row
        raise


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True, max_overflow=-1)  # a reader a thread

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below, not the driver's
        connection.text_factory = lenient_text
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("lantai_write") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
