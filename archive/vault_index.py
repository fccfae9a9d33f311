"""Where each object lies in the vault's segments. It can be made again from them and must never be the only place that
knows something."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.database import Database
from records.ids import RecordId

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS objects (
        record TEXT NOT NULL, part TEXT NOT NULL, version INTEGER NOT NULL,
        segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
        PRIMARY KEY (record, part, version)) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS segments (number INTEGER PRIMARY KEY, length INTEGER NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One version of one part: `length` bytes (the whole frame) at `offset` of `segment`."""

    record: RecordId
    part: str
    version: int
    segment: int
    offset: int
    length: int

    def row(self) -> tuple[str, str, int, int, int, int]:
        """The values in the table's order (dataclasses.astuple copies deeply, and slowly)."""
        return self.record, self.part, self.version, self.segment, self.offset, self.length


class VaultIndex:
    """Places of objects and committed lengths of segments."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextlib.contextmanager
    def write(self) -> Iterator[None]:
        """One durable transaction; nested blocks join it."""
        with self._database.write():
            yield

    def add(self, place: Place, segment_length: int) -> None:
        """Notes a frame and the segment's new length; a place that is known already is left as it is."""
        with self._database.write() as connection:
            connection.execute("INSERT OR IGNORE INTO objects VALUES (?, ?, ?, ?, ?, ?)", place.row())
            self._set(connection, place.segment, segment_length)

    def set_length(self, segment: int, length: int) -> None:
        """Notes how much of a segment is committed."""
        with self._database.write() as connection:
            self._set(connection, segment, length)

    def latest(self, record: RecordId, part: str) -> Place | None:
        """The place of the highest version."""
        query = "SELECT * FROM objects WHERE record = ? AND part = ? ORDER BY version DESC LIMIT 1"
        with self._database.read() as connection:
            row = connection.execute(query, (record, part)).fetchone()
        return None if row is None else _place(row)

    def knows(self, place: Place) -> bool:
        """Whether that version of the part has a place, wherever."""
        query = "SELECT 1 FROM objects WHERE record = ? AND part = ? AND version = ?"
        with self._database.read() as connection:
            return connection.execute(query, (place.record, place.part, place.version)).fetchone() is not None

    def parts(self, record: RecordId) -> tuple[str, ...]:
        """Names of the record's parts, sorted."""
        query = "SELECT DISTINCT part FROM objects WHERE record = ? ORDER BY part"
        with self._database.read() as connection:
            return tuple(str(row[0]) for row in connection.execute(query, (record,)))

    def inventory(self) -> dict[RecordId, set[str]]:
        """Every record and its parts."""
        found: dict[RecordId, set[str]] = {}
        with self._database.read() as connection:
            for record, part in connection.execute("SELECT DISTINCT record, part FROM objects"):
                found.setdefault(RecordId(str(record)), set()).add(str(part))
        return found

    def places(self) -> list[Place]:
        """Every version of every part."""
        with self._database.read() as connection:
            return [_place(row) for row in connection.execute("SELECT * FROM objects")]

    def lengths(self) -> dict[int, int]:
        """Committed length of each segment."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT number, length FROM segments").fetchall()
        return {_number(number): _number(length) for number, length in rows}

    def size(self) -> tuple[int, int]:
        """Objects (all versions) and committed bytes."""
        with self._database.read() as connection:
            count = connection.execute("SELECT count(*) FROM objects").fetchone()[0]
            total = connection.execute("SELECT coalesce(sum(length), 0) FROM segments").fetchone()[0]
        return int(count), int(total)

    def integrity(self) -> list[str]:
        """SQLite's findings about the index."""
        return self._database.integrity()

    @staticmethod
    def _set(connection: sqlite3.Connection, segment: int, length: int) -> None:
        connection.execute(
            "INSERT INTO segments VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET length = excluded.length",
            (segment, length),
        )


def _place(row: tuple[object, ...]) -> Place:
    record, part, *numbers = row
    return Place(RecordId(str(record)), str(part), *map(_number, numbers))


def _number(value: object) -> int:
    """A damaged cell may come back as another type; -1 is no place."""
    return value if isinstance(value, int) and 0 <= value < 1 << 62 else -1
