"""Finding records by number and name, where numbers collide, and an edition's rows against plain reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from records.ids import RecordId
from semantic.roll import Roll, row_keys
from semantic.rows import Filters, Scope
from tests.semantic_shelf import record, shelf_with


def _roll(*names: str) -> Roll:
    return Roll(pa.chunked_array([pa.array(names, type=pa.string())]), row_keys(names))


def test_ids_are_found_where_they_stand() -> None:
    assert _roll("c", "a", "b").find(["b", "x", "a", "b"]).tolist() == [2, -1, 1, 2]
    assert _roll().find(["a"]).tolist() == [-1]
    assert _roll("a").find([]).tolist() == []


def test_two_ids_of_one_number_are_told_apart() -> None:
    number = row_keys(["a"])[0]
    roll = Roll(pa.chunked_array([pa.array(["b", "a"])]), np.array([number, number]))
    assert roll.find(["a"]).tolist() == [1]
    alone = Roll(pa.chunked_array([pa.array(["b"])]), np.array([number]))
    assert alone.find(["a"]).tolist() == [-1]
    assert alone.held_by(_roll("a")).tolist() == []


def test_records_held_anew() -> None:
    assert _roll("a", "b", "c", "d").held_by(_roll("d", "x", "b")).tolist() == [1, 3]


def test_rows_over_several_segments(tmp_path: Path) -> None:
    first = [record(1, ("诊断", "肺炎"), year=None), record(2, ("诊断", "肺炎"), department="肾内科", year=2020)]
    shelf = shelf_with(tmp_path, first, [record(3, ("诊断", "肺炎"), sex="")], [record(2, ("诊断", "肺炎好转"))])
    edition = shelf.edition()
    assert edition.live.tolist() == [True, False, True, True]
    assert edition.rows.facets(np.flatnonzero(edition.live))["year"] == {"": 1, "2024": 2}
    assert edition.rows.facets(np.flatnonzero(edition.live))["department"] == {"内分泌科": 3}
    assert edition.rows.departments(np.array([True, True, False, False])) == ("内分泌科", "肾内科")
    assert edition.rows.mask(Scope(), Filters(since=2021)).tolist() == [False, False, True, True]
    assert edition.rows.mask(Scope(), Filters(), Filters(since=2021)).tolist() == [True, False, True, True]
    chosen = Scope(records=frozenset({RecordId(f"R{1:020d}"), RecordId(f"R{2:020d}")}))
    assert edition.rows.mask(chosen, Filters(sex="F")).tolist() == [True, False, False, True]
    assert [row["year"] for row in edition.facts([3, 0], ("year",))] == [2024, None]
