"""A small SQLite file of the archive: one writer at a time, many readers, durable at commit. It must never be shared
between two strong rooms (the home's lock sees to that)."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive.disk import private_folder, sqlite_in_words, told_in_words

PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA secure_delete=ON",  # a shredded key must not stay in a free page
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA foreign_keys=ON",
)


def prepare(path: Path) -> None:
    """Creates an empty file of mode 0600 where none is, so that SQLite makes its side files alike."""
    private_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))


def lenient_text(data: bytes) -> str:
    """Damaged text comes back as text that matches nothing, so that verification can name its row."""
    return data.decode("utf-8", "replace")


class Database:
    """Two connections: one writes, under a lock that the same thread may take again; one reads what is committed."""

    def __init__(self, path: Path, schema: tuple[str, ...]) -> None:
        """Opens or creates. Raises Unavailable or IntegrityFailure("database_damaged")."""
        self.path = path
        self._write_lock = threading.RLock()
        self._read_lock = threading.Lock()
        self._depth = 0
        self._owner = 0
        with told_in_words(path.name):
            prepare(path)
            self._writer = self._connect()
            with self.write() as connection:
                for statement in schema:
                    connection.execute(statement)
            self._reader = self._connect()
            self._reader.execute("PRAGMA query_only=ON")

    @property
    def writing_here(self) -> bool:
        """Whether this thread is inside a transaction."""
        return self._depth > 0 and self._owner == threading.get_ident()

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends, undone if it raises; nested blocks join the outer one."""
        with self._write_lock:
            outermost = self._depth == 0
            with sqlite_in_words(self.path.name):
                if outermost:
                    self._owner = threading.get_ident()
                    self._writer.execute("BEGIN IMMEDIATE")
                self._depth += 1
                try:
                    yield self._writer
                    if outermost:
                        self._writer.execute("COMMIT")
                except BaseException:
                    if outermost and self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
                finally:
                    self._depth -= 1

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """What is committed; inside this thread's own transaction, that too."""
        if self.writing_here:
            with sqlite_in_words(self.path.name):
                yield self._writer
        else:
            with self._read_lock, sqlite_in_words(self.path.name):
                yield self._reader

    def integrity(self) -> list[str]:
        """SQLite's own findings about the file's structure; empty when it has none."""
        with self.read() as connection:
            rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        return [row for row in rows if row != "ok"]

    def forget_deleted(self) -> None:
        """Empties the write-ahead log, so that nothing deleted stays in it."""
        with self._write_lock, self._read_lock, sqlite_in_words(self.path.name):  # a reader would keep the log alive
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Closes both connections."""
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, cached_statements=64)
        connection.text_factory = lenient_text
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection
