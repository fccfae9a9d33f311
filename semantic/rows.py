"""Rows, facets and counts of an edition: DuckDB in memory over Arrow, parameters only, no files, no extensions."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import RecordId

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
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


Coded = Callable[[str], tuple[tuple[str, ...], npt.NDArray[np.int32]]]


class Rows:
    """The rows of an edition; `place` is the number of a row, 0-based. DuckDB reads the Arrow table as it stands, so
    that an edition opens at once. Rows that are not `live` (bool [rows]: superseded or withdrawn) are in no mask."""

    def __init__(self, table: pa.Table, coded: Sequence[Coded], live: Mask) -> None:
        """`coded` gives for each segment the values of a column and which of them each row has."""
        self.size = table.num_rows
        self._table = table
        self._coded = coded
        self._live = live
        self._lock = threading.Lock()
        self._masks: OrderedDict[tuple[Scope, Filters, Filters], Mask] = OrderedDict()
        self._departments: deque[tuple[Mask, tuple[str, ...]]] = deque(maxlen=_KEPT_MASKS)
        self._codes: dict[str, tuple[tuple[str, ...], npt.NDArray[np.int32]]] = {}
        self._usual: dict[tuple[Scope, int], dict[str, tuple[str, ...]]] = {}

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
            mask[self._fetch(query, values, wanted)] = True
        else:
            mask[:] = True
        mask &= self._live
        mask.flags.writeable = False
        with self._lock:
            self._masks[key] = mask
            while len(self._masks) > _KEPT_MASKS:
                self._masks.popitem(last=False)
        return mask

    def facets(self, places: Places) -> dict[str, dict[str, int]]:
        """Raw counts of these rows for each of FACETS; "" stands for unknown. Counted over value codes, since this runs
        with every search."""
        found: dict[str, dict[str, int]] = {}
        for name in FACETS:
            values, codes = self._column(name)
            counts = np.bincount(codes.take(places), minlength=len(values))
            found[name] = {value: int(n) for value, n in zip(values, counts, strict=True) if n}
        return found

    def values(self, name: str, places: Places) -> list[str]:
        """The values of a column at these places, in their order; "" for unknown."""
        values, codes = self._column(name)
        return [values[code] for code in codes.take(places).tolist()]

    def among(self, name: str, wanted: Sequence[str]) -> Mask:
        """bool [rows]: whose value in a column, as text, is one of these."""
        values, codes = self._column(name)
        return np.isin(np.array(values, dtype=np.str_), wanted)[codes] if values else np.zeros(self.size, dtype=bool)

    def usual(self, scope: Scope, least: int) -> dict[str, tuple[str, ...]]:
        """For each of FACETS the values that at least so many rows of the scope have, ascending: what may be named in
        an answer whatever the question was."""
        with self._lock:
            if (scope, least) in self._usual:
                return self._usual[scope, least]
        counted = self.facets(np.flatnonzero(self.mask(scope, Filters())))
        found = {name: tuple(value for value, n in counts.items() if n >= least) for name, counts in counted.items()}
        with self._lock:
            if len(self._usual) >= _KEPT_MASKS:
                self._usual.clear()
            self._usual[scope, least] = found
        return found

    def departments(self, mask: Mask) -> tuple[str, ...]:
        """The departments of the marked rows, ascending; kept for the masks used last."""
        with self._lock:
            for kept, names in self._departments:
                if kept is mask:
                    return names
        values, codes = self._column("department")
        counts = np.bincount(codes.compress(mask), minlength=len(values))
        names = tuple(value for value, n in zip(values, counts, strict=True) if n and value)
        with self._lock:
            self._departments.append((mask, names))
        return names

    def _column(self, name: str) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
        """The values of a column, ascending, and the place of each row's value among them."""
        with self._lock:
            if name not in self._codes:
                parts = [coded(name) for coded in self._coded]
                values = tuple(sorted({value for own, _ in parts for value in own}))
                place = {value: at for at, value in enumerate(values)}
                moved = [np.array([place[value] for value in own], dtype=np.int32).take(codes) for own, codes in parts]
                self._codes[name] = values, np.concatenate(moved) if moved else np.zeros(0, dtype=np.int32)
            return self._codes[name]

    @cached_property
    def _db(self) -> duckdb.DuckDBPyConnection:
        db = duckdb.connect(":memory:", config=dict(_SETTINGS))
        db.execute("SET enable_external_access = false")
        db.register("rows", self._table.append_column("place", pa.array(np.arange(self.size, dtype=np.int64))))
        return db

    def _fetch(self, query: str, values: list[Any], wanted: pa.Table | None) -> npt.NDArray[np.int64]:
        with self._lock:
            if wanted is not None:
                self._db.register("wanted", wanted)
            try:
                found: npt.NDArray[np.int64] = self._db.execute(query, values).fetchnumpy()["place"]
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
