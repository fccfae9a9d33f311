"""Reading and writing rows within one transaction: every row read is proved against the register, every row written is
entered in it. Only approvals.ledger opens such a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, insert, select, update

from approvals import schema
from approvals.chain import GENESIS, WITHHELD, Entry, Link, mac, safe
from approvals.times import stamp
from approvals.typed import QUERY, opened, sealed
from records.canonical import canonical, fingerprint
from records.errors import IntegrityFailure

Row = dict[str, Any]
BATCH: Final = 500


def row_name(table: Table, row_id: str) -> str:
    """How the register and `verify` name a row: "grants/G1"."""
    return f"{table.name}/{row_id}"


def _place(table: Table, row_id: str, column: str) -> str:
    return f"{row_name(table, row_id)}/{column}"


def _typed_columns(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.info.get(schema.TYPED))


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
            if self._last_entries([row_name(table, row_id)]):
                raise _altered(row_name(table, row_id))  # it was there once and nobody ever deletes
            return None
        row = dict(found)
        self._prove(table, [row])
        return self._opened(table, row)

    def rows(self, query: Select[Any], table: Table) -> list[Row]:
        """Rows of `table` that `query` (a select of all its columns) finds, each proved."""
        found = [dict(row) for row in self._connection.execute(query).mappings()]
        for start in range(0, len(found), BATCH):
            self._prove(table, found[start : start + BATCH])
        return [self._opened(table, row) for row in found]

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

    def _opened(self, table: Table, row: Row) -> Row:
        """The row with what people typed to be read."""
        typed = {name: opened(self._key, _place(table, row["id"], name), row[name]) for name in _typed_columns(table)}
        return {**row, **typed}

    def _prove(self, table: Table, rows: Sequence[Row]) -> None:
        """Raises IntegrityFailure unless each row is what the last register entry that wrote it says."""
        names = {row_name(table, str(row["id"])): row for row in rows}
        last = self._last_entries(list(names))
        register = schema.register
        query = select(register).where(register.c.seq.in_({row["entry"] for row in rows}))
        entries = {entry["seq"]: dict(entry) for entry in self._connection.execute(query).mappings()}
        genuine = {seq for seq, entry in entries.items() if is_genuine(entry, self._key)}
        for name, row in names.items():
            seq = row["entry"]
            if seq != last.get(name) or seq not in genuine or not says(entries[seq], name, row_hash(table, row)):
                raise _altered(name)

    def _last_entries(self, names: list[str]) -> dict[str, int]:
        table = schema.row_entries
        query = select(table.c.row, func.max(table.c.seq)).where(table.c.row.in_(names)).group_by(table.c.row)
        return {str(name): int(seq) for name, seq in self._connection.execute(query)}


def is_genuine(entry: Row, key: bytes) -> bool:
    """Whether this register row is as it was written, under this key."""
    return link_of(entry).hash == str(entry["hash"]) and mac(key, str(entry["hash"])) == str(entry["mac"])


def says(entry: Row, name: str, hashed: str) -> bool:
    """Whether a genuine register row says that `name` was written with this hash."""
    # A plain search of canonical JSON: quotation marks inside strings are escaped, so nothing else can look like this.
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
        self._prove_head()
        self.seq: int = (self._head["seq"] if self._head else 0) + 1
        self.now = now
        self.at = stamp(now)
        self._entry = entry
        self._subject = entry.subject
        self._detail: dict[str, Any] = dict(entry.detail)
        self._written: dict[str, tuple[Table, str]] = {}

    def _prove_head(self) -> None:
        """A chain goes on from its end only: an entry after a forged or rolled-back head would be a second chain."""
        table = schema.register
        query = select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)
        last = self._connection.execute(query).mappings().first()
        if (last and dict(last)) != (self._head and {"seq": self._head["seq"], "hash": self._head["hash"]}):
            raise _altered("register_head")

    def insert(self, table: Table, row_id: str, **values: Any) -> None:
        """A new row."""
        self._ours(table)
        stored = self._sealed(table, row_id, values)
        self._connection.execute(insert(table).values(id=row_id, entry=self.seq, **stored))
        self._written[row_name(table, row_id)] = (table, row_id)

    def update(self, table: Table, row_id: str, **values: Any) -> None:
        """Changes a row that exists and is proved."""
        self._ours(table)
        if row_name(table, row_id) not in self._written and self.one(table, row_id) is None:
            raise KeyError(row_name(table, row_id))
        stored = self._sealed(table, row_id, values)
        self._connection.execute(update(table).where(table.c.id == row_id).values(entry=self.seq, **stored))
        self._written[row_name(table, row_id)] = (table, row_id)

    def _prove(self, table: Table, rows: Sequence[Row]) -> None:
        super()._prove(table, [row for row in rows if row_name(table, str(row["id"])) not in self._written])

    def next_number(self, table: Table) -> int:
        """One more than the highest number in the table; safe because writers take turns."""
        return int(self._connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()) + 1

    def note(self, subject: str | None = None, **detail: Any) -> None:
        """Adds to the register entry what is known only inside the transaction (a new id, a state, a hash)."""
        if subject is not None:
            self._subject = subject
        self._detail.update(detail)

    def _sealed(self, table: Table, row_id: str, values: Mapping[str, Any]) -> Row:
        typed = _typed_columns(table) & values.keys()
        return {**values, **{name: sealed(self._key, _place(table, row_id, name), values[name]) for name in typed}}

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
        if QUERY in detail:
            detail[QUERY] = sealed(self._key, f"register/{self.seq}/{QUERY}", str(detail[QUERY]))
        entry = self._entry
        link = Link(
            self.seq,
            self.at,
            str(safe(entry.actor)),
            str(safe(entry.action)),
            str(safe(self._subject)),
            sealed(self._key, f"register/{self.seq}/reason", _cleaned(entry.reason, clean)),
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


def _altered(name: str) -> IntegrityFailure:
    return IntegrityFailure(
        "row_altered", f"The ledger row {name} is not what was written; run `lantai verify` and restore the ledger."
    )


def _cleaned(reason: str, clean: Callable[[str], str]) -> str:
    if not reason:
        return ""
    try:
        return clean(reason)
    except Exception:  # noqa: BLE001 - a revocation must not fail because its reason could not be cleaned
        return WITHHELD
