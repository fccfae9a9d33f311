"""Rows, facets and counts of an edition: DuckDB in memory over Arrow, parameters only, no files, no extensions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import RecordId

Mask = npt.NDArray[np.bool_]
_KEPT_MASKS: Final = 32
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
    """The rows of an edition in DuckDB; `place` is the number of a row, 0-based. Rows that are not `live`
    (bool [rows]: superseded or withdrawn) are in no mask."""

    def __init__(self, table: pa.Table, live: Mask) -> None:
        self.size = table.num_rows
        self._live = live
        self._lock = threading.Lock()
        self._db = duckdb.connect(":memory:", config=dict(_SETTINGS))
        self._db.execute("SET enable_external_access = false")
        numbered = table.append_column("place", pa.array(np.arange(self.size, dtype=np.int64)))
        self._db.register("given", numbered)
        self._db.execute("CREATE TABLE rows AS SELECT * FROM given")
        self._db.unregister("given")
        self._masks: OrderedDict[tuple[Scope, Filters, Filters], Mask] = OrderedDict()
        self._codes = {name: self._coded(name) for name in FACETS}

    def mask(self, scope: Scope, filters: Filters, soft: Filters | None = None) -> Mask:
        """bool [rows], read-only: inside the scope and the filters. `soft` filters, read from a question, spare unknown
        values."""
        key = (scope, filters, soft or Filters())
        with self._lock:
            if key in self._masks:
                self._masks.move_to_end(key)
                return self._masks[key]
        where, values = _conditions(*key)
        mask = np.zeros(self.size, dtype=bool)
        wanted = None
        if scope.records is not None:
            wanted = pa.table({"record": pa.array(list(scope.records), type=pa.string())})
            where.append("record IN (SELECT record FROM wanted)")
        if where:
            query = " WHERE ".join(["SELECT place FROM rows", " AND ".join(where)])
            mask[self._fetch(query, values, wanted)["place"]] = True
        else:
            mask[:] = True
        mask &= self._live
        mask.flags.writeable = False
        with self._lock:
            self._masks[key] = mask
            while len(self._masks) > _KEPT_MASKS:
                self._masks.popitem(last=False)
        return mask

    def facets(self, mask: Mask) -> dict[str, dict[str, int]]:
        """Raw counts of the marked rows for each of FACETS; "" stands for unknown. Counted over value codes, since this
        runs with every search."""
        found: dict[str, dict[str, int]] = {}
        for name, (values, codes) in self._codes.items():
            counts = np.bincount(codes[mask], minlength=len(values))
            found[name] = {value: int(n) for value, n in zip(values, counts, strict=True) if n}
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
        values, codes = self._codes["department"]
        counts = np.bincount(codes[mask], minlength=len(values))
        return tuple(value for value, n in zip(values, counts, strict=True) if n and value)

    def _coded(self, name: str) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
        """The values of a column, ascending, and the place of each row's value among them."""
        query = f"SELECT coalesce(CAST({name} AS VARCHAR), '') AS value FROM rows ORDER BY place"  # noqa: S608  of FACETS
        column = np.asarray(self._fetch(query, [], None)["value"], dtype=np.str_)
        values, codes = np.unique(column, return_inverse=True)
        return tuple(str(value) for value in values), codes.astype(np.int32)

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
