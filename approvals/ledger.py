"""The ledger (accounts, sessions, requests, reviews, grants, releases, register) and the one road by which it is
written.

`with ledger.write(Entry(...)) as tx:` appends the register entry in the same transaction as the rows; there is no
other way to write a row, and no way to delete one.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from approvals import schema
from approvals.chain import GENESIS, WITHHELD, Entry, Link, mac, safe
from approvals.times import Clock, stamp, system_clock
from records.canonical import canonical, fingerprint
from records.errors import BadInput, IntegrityFailure, LantaiError, Unavailable

__all__ = ["Entry", "Ledger", "Reader", "Row", "Tx"]

Row = dict[str, Any]
log = logging.getLogger(__name__)
BUSY_SECONDS: Final = 15


class Anchor(Protocol):
    """A second place that remembers how far the register had come (approvals.checkpoints, or none)."""

    def note(self, seq: int, head: str, at: str) -> None:
        """Called after every commit."""


def row_name(table: Table, row_id: str) -> str:
    """ "grants/G1": how the register and `verify` name a row."""
    return f"{table.name}/{row_id}"


def row_hash(table: Table, row: Mapping[str, Any]) -> str:
    """SM3 over all columns of the row."""
    return fingerprint([table.name, {column.name: row[column.name] for column in table.columns}])


class Reader:
    """Reads within one transaction. `one` and `rows` prove every row against the register before handing it out."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def one(self, table: Table, row_id: str) -> Row | None:
        """The row, or None. Raises IntegrityFailure("row_altered") if it is not what the register says was written."""
        found = self._connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
        if found is None:
            if self._last_entry(row_name(table, row_id)) is not None:
                raise _altered(row_name(table, row_id))
            return None
        return self._proved(table, dict(found))

    def rows(self, query: Select[Any], table: Table) -> list[Row]:
        """Rows of `table` that `query` (a select of all its columns) finds, each proved."""
        return [self._proved(table, dict(row)) for row in self._connection.execute(query).mappings()]

    def count(self, query: Select[Any]) -> int:
        """How many rows a query finds."""
        return int(self._connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())

    def plain(self, query: Select[Any]) -> list[Row]:
        """Rows as they stand, unproved: the register, and what `verify` compares. Never for a decision."""
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def seen(self, session_id: str) -> str | None:
        """When the session was last used, or None if that note is missing or forged."""
        table = schema.session_activity
        row = self._connection.execute(select(table).where(table.c.id == session_id)).mappings().first()
        if row is None or row["mac"] != mac(self._key, f"seen/{session_id}/{row['seen']}"):
            return None
        return str(row["seen"])

    def _last_entry(self, name: str) -> int | None:
        table = schema.row_entries
        found = self._connection.execute(select(func.max(table.c.seq)).where(table.c.row == name)).scalar()
        return None if found is None else int(found)

    def _proved(self, table: Table, row: Row) -> Row:
        name = row_name(table, str(row["id"]))
        if self._last_entry(name) != row["entry"]:
            raise _altered(name)
        found = (
            self._connection.execute(select(schema.register).where(schema.register.c.seq == row["entry"]))
            .mappings()
            .first()
        )
        if found is None or not proves(dict(found), self._key, name, row_hash(table, row)):
            raise _altered(name)
        return row


def proves(entry: Row, key: bytes, name: str, hashed: str) -> bool:
    """Whether this register row is genuine and says that `name` was written with this hash."""
    if link_of(entry).hash != entry["hash"] or mac(key, entry["hash"]) != entry["mac"]:
        return False
    # The text is authenticated by now; a plain search is enough and ten times as quick as parsing it.
    return f'"{name}":"{hashed}"' in entry["detail"]


def link_of(entry: Row) -> Link:
    """The chained part of a register row."""
    return Link(**{name: entry[name] for name in Link.__slots__})


class Tx(Reader):
    """A write transaction. Rows go in through `insert` and `update` only; their hashes go into the register entry."""

    def __init__(self, connection: Connection, key: bytes, entry: Entry, now: datetime) -> None:
        super().__init__(connection, key)
        head = connection.execute(select(schema.register_head).with_for_update()).mappings().first()
        self._head: Row | None = dict(head) if head else None
        self.seq: int = (self._head["seq"] if self._head else 0) + 1
        self.now = now
        self.at = stamp(now)
        self._entry = entry
        self._subject = entry.subject
        self._detail: dict[str, Any] = dict(entry.detail)
        self._written: dict[str, tuple[Table, str]] = {}

    def insert(self, table: Table, row_id: str, **values: Any) -> None:
        """A new row."""
        self._ours(table)
        self._connection.execute(insert(table).values(id=row_id, entry=self.seq, **values))
        self._written[row_name(table, row_id)] = (table, row_id)

    def update(self, table: Table, row_id: str, **values: Any) -> None:
        """Changes a row that exists and is proved."""
        self._ours(table)
        if row_name(table, row_id) not in self._written and self.one(table, row_id) is None:
            raise KeyError(row_name(table, row_id))
        self._connection.execute(update(table).where(table.c.id == row_id).values(entry=self.seq, **values))
        self._written[row_name(table, row_id)] = (table, row_id)

    def one(self, table: Table, row_id: str) -> Row | None:
        """As Reader.one; a row written in this transaction is not in the register yet and is taken as it stands."""
        if row_name(table, row_id) not in self._written:
            return super().one(table, row_id)
        found = self._connection.execute(select(table).where(table.c.id == row_id)).mappings().one()
        return dict(found)

    def _proved(self, table: Table, row: Row) -> Row:
        return row if row_name(table, str(row["id"])) in self._written else super()._proved(table, row)

    def next_number(self, table: Table) -> int:
        """One more than the highest number in the table; safe because writers take turns."""
        return int(self._connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()) + 1

    def note(self, subject: str | None = None, **detail: Any) -> None:
        """Adds to the register entry what is known only inside the transaction (a new id, a state, a hash)."""
        if subject is not None:
            self._subject = subject
        self._detail.update(detail)

    def _ours(self, table: Table) -> None:
        if table not in schema.LEDGER_TABLES:
            raise ValueError(f"{table.name} is not written by hand")

    def close(self, clean: Callable[[str], str]) -> Row:
        """Writes the register entry; returns the new head."""
        hashes: dict[str, str] = {}
        for name, (table, row_id) in sorted(self._written.items()):
            row = self._connection.execute(select(table).where(table.c.id == row_id)).mappings().one()
            hashes[name] = row_hash(table, dict(row))
            self._connection.execute(insert(schema.row_entries).values(row=name, seq=self.seq))
        detail = {**{key: value for key, value in safe(self._detail).items() if key != "rows"}, "rows": hashes}
        entry = self._entry
        link = Link(
            self.seq,
            self.at,
            str(safe(entry.actor)),
            str(safe(entry.action)),
            str(safe(self._subject)),
            clean(entry.reason) if entry.reason else "",
            canonical(detail).decode(),
            self._head["hash"] if self._head else GENESIS,
        )
        hashed = link.hash
        fields = {name: getattr(link, name) for name in Link.__slots__}
        self._connection.execute(insert(schema.register).values(**fields, hash=hashed, mac=mac(self._key, hashed)))
        if self._head is None:
            self._connection.execute(insert(schema.register_head).values(id=1, seq=self.seq, hash=hashed))
        else:
            self._connection.execute(update(schema.register_head).values(seq=self.seq, hash=hashed))
        return {"seq": self.seq, "hash": hashed, "at": self.at}


class Ledger:
    """The open ledger. One object per process is enough; threads may share it."""

    def __init__(
        self, engine: Engine, clock: Clock, key: bytes, clean: Callable[[str], str], anchor: Anchor | None, where: str
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._key = key
        self._clean = clean
        self._anchor = anchor
        self.where = where

    @classmethod
    def open(
        cls,
        where: str | Path,
        clock: Clock = system_clock,
        *,
        key: bytes,
        clean: Callable[[str], str] | None = None,
        anchor: Anchor | None = None,
        demo: bool = False,
    ) -> Ledger:
        """Opens the ledger at a path (SQLite) or a database URL, and creates it when absent.

        `key` seals register entries; `clean` turns a typed reason into text fit for the register (without it
        reasons are withheld there); `demo` counts at creation only. Raises IntegrityFailure("ledger_key") when the
        key does not fit.
        """
        url, name = _place(where)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {})
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        ledger = cls(engine, clock, key, clean or (lambda _: WITHHELD), anchor, name)
        with _plain_errors():
            schema.metadata.create_all(engine)
            ledger._begin(demo)
        return ledger

    def _begin(self, demo: bool) -> None:
        with self.read() as reader:
            head = reader.plain(select(schema.register).order_by(schema.register.c.seq.desc()).limit(1))
        if not head:
            with self.write(Entry("system", "ledger.created", detail={"demo": demo})) as tx:
                if tx.seq == 1:
                    tx.insert(schema.meta, "demo", value="yes" if demo else "no")
                    tx.insert(schema.meta, "schema", value="1")
        elif mac(self._key, head[0]["hash"]) != head[0]["mac"]:
            raise IntegrityFailure(
                "ledger_key",
                "The ledger's last entry is not sealed with this archive's key; run `lantai verify` and restore it.",
            )

    @property
    def key(self) -> bytes:
        """The key that seals entries; for `register.verify`."""
        return self._key

    def now(self) -> datetime:
        """The injected clock's time."""
        return self._clock()

    def is_demo(self) -> bool:
        """Whether this ledger was created for a demo."""
        with self.read() as reader:
            row = reader.one(schema.meta, "demo")
        return row is not None and row["value"] == "yes"

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent view for several reads."""
        with _plain_errors(), self._engine.connect() as connection, connection.begin():
            yield Reader(connection, self._key)

    @contextmanager
    def write(self, entry: Entry) -> Iterator[Tx]:
        """The only road in: rows and their register entry, all or nothing. An exception inside leaves no trace."""
        with _plain_errors():
            with self._engine.connect().execution_options(lantai_write=True) as connection, connection.begin():
                tx = Tx(connection, self._key, entry, self._clock())
                yield tx
                head = tx.close(self._clean)
            self._note(head)

    def record(self, entry: Entry) -> None:
        """Registers something that changes no row: a search, a view, a refusal."""
        with self.write(entry):
            pass

    def touch(self, session_id: str) -> None:
        """Notes that a session was used just now. Changes nothing but how long it may stay idle."""
        at = stamp(self._clock())
        table = schema.session_activity
        sealed = mac(self._key, f"seen/{session_id}/{at}")
        with (
            _plain_errors(),
            self._engine.connect().execution_options(lantai_write=True) as connection,
            connection.begin(),
        ):
            changed = connection.execute(update(table).where(table.c.id == session_id).values(seen=at, mac=sealed))
            if changed.rowcount == 0:
                connection.execute(insert(table).values(id=session_id, seen=at, mac=sealed))

    def close(self) -> None:
        """Gives the connections back; SQLite folds its journal into the file."""
        self._engine.dispose()

    def problems_of_the_file(self) -> list[str]:
        """What the database itself says of its pages and indexes; [] for a server, which checks its own."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self._engine.connect() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def _note(self, head: Row) -> None:
        if self._anchor is None:
            return
        try:
            self._anchor.note(head["seq"], head["hash"], head["at"])
        except (OSError, LantaiError) as problem:
            # The entry is committed: failing now would tell the person that nothing happened.
            log.error("checkpoint_not_written seq=%d kind=%s", head["seq"], type(problem).__name__)


def _place(where: str | Path) -> tuple[str, str]:
    if isinstance(where, str) and "://" in where:
        return where, "ledger"
    path = Path(where)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        raise Unavailable(
            "ledger_unavailable", "The ledger cannot be opened; check that the home is mounted and writable."
        ) from None
    return f"sqlite:///{path}", path.name


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would start writers as readers
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("lantai_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _altered(name: str) -> IntegrityFailure:
    return IntegrityFailure(
        "row_altered", f"The ledger row {name} is not what was written; run `lantai verify` and restore the ledger."
    )


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turns a database failure into one sentence; never lets a statement's values into a message."""
    try:
        yield
    except OperationalError as problem:
        text = str(problem.orig).lower()
        if "full" in text:
            raise Unavailable(
                "disk_full", "The disk is full and nothing was changed; free some space and try again."
            ) from None
        if "locked" in text or "busy" in text:
            raise Unavailable(
                "ledger_busy", "The ledger is busy and nothing was changed; try again in a moment."
            ) from None
        raise Unavailable("ledger_unavailable", "The ledger cannot be read or written; run `lantai verify`.") from None
    except DBAPIError as problem:
        if type(problem.orig).__name__ == "IntegrityError":
            raise BadInput(
                "already_exists", "That already exists; choose another name or look at the one there is."
            ) from None
        raise IntegrityFailure(
            "ledger_unreadable", "The ledger is damaged; run `lantai verify` and restore it."
        ) from None
