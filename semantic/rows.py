"""Rows, facets and counts of an edition: DuckDB in memory over Arrow, parameters only, no files, no extensions."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import RecordId

Mask = npt.NDArray[np.bool_]
FACETS: Final = ("record_type", "department", "year", "sex")
_SETTINGS: Final = {
    "temp_directory": "",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What the asker may see; None means all. Applied before anything is searched or counted."""

    departments: frozenset[str] | None = None
    records: frozenset[RecordId] | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the asker narrows to; None means no wish. Years and ages are inclusive; `department` is its full name."""

    department: str | None = None
    record_type: str | None = None
    since: int | None = None
    until: int | None = None
    sex: str | None = None
    age_min: int | None = None
    age_max: int | None = None

    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return all(getattr(self, field.name) is None for field in fields(self))


_CLAUSES: Final = {
    "department": "department = ?",
    "record_type": "record_type = ?",
    "since": "year >= ?",
    "until": "year <= ?",
    "sex": "sex = ?",
    "age_min": "age >= ?",
    "age_max": "age <= ?",
}
_UNKNOWN: Final = {
    "department": "department = ''",
    "since": "year IS NULL",
    "until": "year IS NULL",
    "sex": "sex = ''",
    "age_min": "age IS NULL",
    "age_max": "age IS NULL",
}


class Rows:
    """The rows of an edition in DuckDB; `place` is the number of a row in the edition, 0-based."""

    def __init__(self, table: pa.Table) -> None:
        self.size = table.num_rows
        self._lock = threading.Lock()
        self._db = duckdb.connect(":memory:", config=dict(_SETTINGS))
        self._db.execute("SET enable_external_access = false")
        numbered = table.append_column("place", pa.array(np.arange(self.size, dtype=np.int64)))
        self._db.register("given", numbered)
        self._db.execute("CREATE TABLE rows AS SELECT * FROM given")
        self._db.unregister("given")

    def mask(self, scope: Scope, filters: Filters, soft: Filters | None = None) -> Mask:
        """bool [rows]: inside the scope and the filters. `soft` filters, read from a question, spare unknown values."""
        where, values = _conditions(scope, filters, soft or Filters())
        mask = np.zeros(self.size, dtype=bool)
        if scope.records is not None:
            wanted = pa.table({"record": pa.array(sorted(scope.records), type=pa.string())})
            where.append("record IN (SELECT record FROM wanted)")
        else:
            wanted = None
        query = " WHERE ".join(["SELECT place FROM rows", *([" AND ".join(where)] if where else [])])
        mask[self._fetch(query, values, wanted)["place"]] = True
        return mask

    def facets(self, mask: Mask) -> dict[str, dict[str, int]]:
        """Raw counts of the marked rows for each of FACETS; "" stands for unknown."""
        chosen = pa.table({"place": pa.array(np.flatnonzero(mask))})
        found: dict[str, dict[str, int]] = {}
        for name in FACETS:
            query = (
                f"SELECT coalesce(CAST({name} AS VARCHAR), '') AS value, count(*) AS n "  # noqa: S608  a name of FACETS
                "FROM rows JOIN wanted USING (place) GROUP BY value ORDER BY value"
            )
            table = self._fetch(query, [], chosen)
            found[name] = {str(value): int(n) for value, n in zip(table["value"], table["n"], strict=True)}
        return found

    def patients(self, mask: Mask) -> int:
        """How many different patients the marked rows belong to."""
        chosen = pa.table({"place": pa.array(np.flatnonzero(mask))})
        query = "SELECT count(DISTINCT patient) AS n FROM rows JOIN wanted USING (place)"
        return int(self._fetch(query, [], chosen)["n"][0])

    def select(self, columns: Sequence[str], mask: Mask) -> pa.Table:
        """The named columns of the marked rows, in the edition's order."""
        known = [name for name in columns if name.isidentifier()]
        chosen = pa.table({"place": pa.array(np.flatnonzero(mask))})
        query = f"SELECT {', '.join(known)} FROM rows JOIN wanted USING (place) ORDER BY place"  # noqa: S608  identifiers only
        with self._lock:
            self._db.register("wanted", chosen)
            try:
                return self._db.execute(query).to_arrow_table()
            finally:
                self._db.unregister("wanted")

    def departments(self, mask: Mask) -> tuple[str, ...]:
        """The departments of the marked rows, ascending."""
        return tuple(name for name in self.facets(mask)["department"] if name)

    def _fetch(self, query: str, values: list[Any], wanted: pa.Table | None) -> dict[str, npt.NDArray[Any]]:
        with self._lock:
            if wanted is not None:
                self._db.register("wanted", wanted)
            try:
                found: dict[str, npt.NDArray[Any]] = self._db.execute(query, values).fetchnumpy()
                return found
            finally:
                if wanted is not None:
                    self._db.unregister("wanted")


def _conditions(scope: Scope, filters: Filters, soft: Filters) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    if scope.departments is not None:
        where.append("department IN (SELECT unnest(?::VARCHAR[]))")
        values.append(sorted(scope.departments))
    for name, clause in _CLAUSES.items():
        hard, spared = getattr(filters, name), getattr(soft, name)
        if hard is not None:
            where.append(clause)
            values.append(hard)
        elif spared is not None:
            where.append(f"({clause} OR {_UNKNOWN[name]})" if name in _UNKNOWN else clause)
            values.append(spared)
    return where, values
