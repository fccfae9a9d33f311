"""One data key per record, wrapped under the vault's purpose key with the record id bound. Removing the key is what
makes a disposed record unreadable for ever, so this file must never travel in a backup of data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from archive.database import Database
from archive.keys import Keys, Purpose
from archive.problem import Problem, problem
from records.errors import IntegrityFailure, Refused
from records.ids import RecordId
from records.seal import KEY_BYTES, new_key, seal, unseal

FILE = "strong/keyring.db"
_SCHEMA = ("CREATE TABLE IF NOT EXISTS data_keys (record TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",)


class Keyring:
    """The wrapped data keys. A shredded one leaves a sealed mark, so that its record is not mistaken for a loss."""

    def __init__(self, database: Database, wrapping: bytes) -> None:
        self._database = database
        self._wrapping = wrapping

    @classmethod
    def open(cls, path: Path, keys: Keys) -> Keyring:
        """`path` of keyring.db, created if absent."""
        return cls(Database(path, _SCHEMA), keys.purpose(Purpose.VAULT))

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @property
    def in_batch(self) -> bool:
        """Whether this thread has keys that are not yet on the disk."""
        return self._database.writing_here

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Keys made inside are durable when the block ends."""
        with self._database.write():
            yield

    def obtain(self, record: RecordId) -> bytes:
        """The record's 16-byte data key, made on first use. Raises Refused("record_disposed")."""
        wrapped = self._wrapped(record)
        if wrapped is not None:
            return self._open(record, wrapped)
        with self._database.write() as connection:
            wrapped = self._wrapped(record)  # another thread may have been quicker
            if wrapped is not None:
                return self._open(record, wrapped)
            key = new_key()
            sealed = seal(self._wrapping, key, _aad(record))
            connection.execute("INSERT INTO data_keys VALUES (?, ?)", (record, sealed))
            return key

    def key(self, record: RecordId) -> bytes:
        """The record's data key. Raises IntegrityFailure("key_missing" | "key_damaged"), Refused("record_disposed")."""
        wrapped = self._wrapped(record)
        if wrapped is None:
            words = f"Record {record} has no data key; restore keyring.db from its mirror."
            raise IntegrityFailure("key_missing", words)
        return self._open(record, wrapped)

    def shredded(self, record: RecordId) -> bool:
        """Whether the record's key was removed on purpose."""
        wrapped = self._wrapped(record)
        return wrapped is not None and self._is_mark(record, wrapped)

    def shred(self, record: RecordId) -> None:
        """Removes the record's key for ever and leaves the mark; a second call changes nothing."""
        mark = seal(self._wrapping, b"", _mark_aad(record))
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO data_keys VALUES (?, ?) ON CONFLICT (record) DO UPDATE SET wrapped = excluded.wrapped",
                (record, mark),
            )
        self._database.forget_deleted()

    def records(self) -> dict[RecordId, bool]:
        """Every record with a key (True) or the mark of a shredded one (False). Raises on a damaged row."""
        return {record: not self._is_mark(record, wrapped) for record, wrapped in self._rows()}

    def verify(self) -> list[Problem]:
        """Unwraps every key; names each row that does not open."""
        found = [problem(FILE, "", f"structure: {words}") for words in self._database.integrity()]
        for record, wrapped in self._rows():
            if not self._is_mark(record, wrapped):
                try:
                    self._open(record, wrapped)
                except IntegrityFailure:
                    found.append(problem(FILE, record, "the wrapped data key was altered"))
        return found

    def _rows(self) -> list[tuple[RecordId, bytes]]:
        with self._database.read() as connection:
            rows = connection.execute("SELECT record, wrapped FROM data_keys").fetchall()
        return [(RecordId(_text(record)), _bytes(wrapped)) for record, wrapped in rows]

    def _wrapped(self, record: RecordId) -> bytes | None:
        with self._database.read() as connection:
            row = connection.execute("SELECT wrapped FROM data_keys WHERE record = ?", (record,)).fetchone()
        return None if row is None else _bytes(row[0])

    def _open(self, record: RecordId, wrapped: bytes) -> bytes:
        try:
            key = unseal(self._wrapping, wrapped, _aad(record))
        except IntegrityFailure:
            if self._is_mark(record, wrapped):
                raise Refused("record_disposed", f"Record {record} was disposed of and cannot be opened.") from None
            words = f"The data key of record {record} was altered; restore keyring.db from its mirror."
            raise IntegrityFailure("key_damaged", words) from None
        if len(key) != KEY_BYTES:
            raise IntegrityFailure("key_damaged", f"The data key of record {record} is not a key.")
        return key

    def _is_mark(self, record: RecordId, wrapped: bytes) -> bool:
        try:
            return unseal(self._wrapping, wrapped, _mark_aad(record)) == b""
        except IntegrityFailure:
            return False


def _aad(record: RecordId) -> bytes:
    return f"lantai/data-key/1/{record}".encode()


def _mark_aad(record: RecordId) -> bytes:
    return f"lantai/shredded/1/{record}".encode()


def _bytes(value: object) -> bytes:
    """A damaged cell may come back as another type; no such value opens."""
    return value if isinstance(value, bytes) else b""


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)
