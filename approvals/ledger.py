"""The ledger (accounts, sessions, requests, reviews, grants, releases, register) and the one road by which it is
written.

`with ledger.write(Entry(...)) as tx:` appends the register entry in the same transaction as the rows; there is no
other way to write a row, and no way to delete one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, insert, select, update

from approvals import schema
from approvals.chain import WITHHELD, Entry, mac
from approvals.database import engine_of, plain_errors, reading, writing
from approvals.times import Clock, stamp, system_clock
from approvals.transactions import Reader, Row, Tx, link_of
from records.errors import IntegrityFailure, LantaiError

__all__ = ["Entry", "Ledger", "Reader", "Row", "Tx"]

Clean = Callable[[str], str]
log = logging.getLogger(__name__)


class Anchor(Protocol):
    """A second place that remembers how far the register had come (approvals.checkpoints, or none)."""

    def note(self, seq: int, head: str, at: str) -> None:
        """Called after every commit."""


class Ledger:
    """The open ledger. One object per process is enough; threads may share it."""

    def __init__(
        self, engine: Engine, clock: Clock, key: bytes, clean: Clean, anchor: Anchor | None, where: str
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
        clean: Clean | None = None,
        anchor: Anchor | None = None,
        demo: bool = False,
        create: bool = True,
    ) -> Ledger:
        """Opens the ledger at a path (SQLite) or a database URL, and creates it when absent (unless `create` is False).

        `key` seals register entries; `clean` turns a typed reason into text fit for the register (without it reasons
        are withheld there); `demo` counts at creation only. An altered ledger opens, so that `verify` can say what is
        wrong. Raises IntegrityFailure("ledger_key" | "ledger_unreadable"), Unavailable.
        """
        engine, name = engine_of(where, create=create)
        ledger = cls(engine, clock, key, clean or (lambda _: WITHHELD), anchor, name)
        with plain_errors():
            if create:
                schema.metadata.create_all(engine)
            ledger._begin(demo)
        return ledger

    def _begin(self, demo: bool) -> None:
        table = schema.register
        with self.read() as reader:
            ends = [reader.plain(select(table).order_by(order).limit(1)) for order in (table.c.seq, table.c.seq.desc())]
        entries = [row for rows in ends for row in rows]
        if not entries:
            with self.write(Entry("system", "ledger.created", detail={"demo": demo})) as tx:
                if tx.seq == 1:
                    tx.insert(schema.meta, "demo", value="yes" if demo else "no")
                    tx.insert(schema.meta, "schema", value="1")
        elif all(link_of(row).hash == row["hash"] and mac(self._key, row["hash"]) != row["mac"] for row in entries):
            raise IntegrityFailure(
                "ledger_key", "The ledger is not sealed with this archive's key; restore the ledger that belongs to it."
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
        with plain_errors(), reading(self._engine) as connection, connection.begin():
            yield Reader(connection, self._key)

    @contextmanager
    def write(self, entry: Entry) -> Iterator[Tx]:
        """The only road in: rows and their register entry, all or nothing. An exception inside leaves no trace."""
        with plain_errors():
            with writing(self._engine) as connection, connection.begin():
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
        with plain_errors(), writing(self._engine) as connection, connection.begin():
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
        with plain_errors(), reading(self._engine) as connection:
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
