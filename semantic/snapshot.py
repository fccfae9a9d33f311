"""One edition opened for search: its segments, its rows, and which of them count. Read-only; holds no narrative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import ConceptId, EditionNumber, RecordId
from semantic.lab_values import Bounds
from semantic.manifest import Manifest
from semantic.roll import Places
from semantic.rows import Rows
from semantic.segment import NO_DAY, ROWS, Segment

Mask = npt.NDArray[np.bool_]


class Edition:
    """An immutable snapshot. A record's place (`at`) is its segment's base plus its place there. Opening one costs what
    is new in it: everything that is large is kept with the segments."""

    def __init__(self, manifest: Manifest, segments: Sequence[Segment], withdrawn: frozenset[RecordId]) -> None:
        self.manifest = manifest
        self.number: EditionNumber = manifest.number
        self.segments = tuple(segments)
        sizes = [segment.records for segment in self.segments]
        self.bases: tuple[int, ...] = tuple(int(base) for base in np.concatenate([[0], np.cumsum(sizes)]))
        self.live = self._live()
        gone = self._last(sorted(withdrawn))
        self.live[gone[gone >= 0]] = False
        self.withdrawn = int(np.count_nonzero(gone >= 0))

    @cached_property
    def table(self) -> pa.Table:
        """Rows of every segment, superseded and withdrawn ones included; mask it with `live`."""
        return pa.concat_tables([segment.rows for segment in self.segments]) if self.segments else ROWS.empty_table()

    @cached_property
    def rows(self) -> Rows:
        """The same rows, to filter and count."""
        return Rows(self.table, [segment.coded for segment in self.segments], self.live)

    @cached_property
    def order(self) -> Places:
        """int64 [places]: a number made from the record id: the tie-break that no other record can change."""
        keys = [segment.roll.keys.view(np.int64) for segment in self.segments]
        return np.concatenate(keys) if keys else np.zeros(0, dtype=np.int64)

    @cached_property
    def patients(self) -> npt.NDArray[np.int32]:
        """int32 [places]: the patients numbered from 0."""
        column = self.table.column("patient").combine_chunks()
        codes: npt.NDArray[np.int32] = column.dictionary_encode().indices.to_numpy(zero_copy_only=False)
        return codes

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """int64 [places]: days from the patient's first contact, NO_DAY unknown."""
        column = self.table.column("day").combine_chunks().fill_null(NO_DAY)
        return column.to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]

    @property
    def records(self) -> frozenset[RecordId]:
        """Every record that counts."""
        return frozenset(self.names(np.flatnonzero(self.live)))

    @property
    def passages(self) -> int:
        """Passages in all segments."""
        return sum(segment.passages for segment in self.segments)

    def values(self, bounds: Bounds) -> tuple[tuple[ConceptId, ...], tuple[ConceptId, ...]]:
        """The names of the values of the bounds' tests in any segment, ascending: those within, and those not."""
        found = [bounds.among(segment.mentions.concepts) for segment in self.segments]
        within, outside = ({name for part in found for name in part[side]} for side in (0, 1))
        return tuple(sorted(within)), tuple(sorted(outside))

    def live_of(self, name: str) -> Mask:
        """bool [records] of one segment: which of its records count."""
        at = next(index for index, segment in enumerate(self.segments) if segment.name == name)
        return self.live[self.bases[at] : self.bases[at + 1]]

    def names(self, places: Sequence[int] | Places) -> list[RecordId]:
        """The record ids at these places, in their order."""
        found = [RecordId("")] * len(places)
        for number, mine, here in self._by_segment(places):
            for at, name in zip(mine, self.segments[number].roll.names(here), strict=True):
                found[at] = RecordId(name)
        return found

    def facts(self, places: Sequence[int] | Places, columns: Sequence[str] = tuple(ROWS.names)) -> list[dict[str, Any]]:
        """The coarse columns at these places, in their order."""
        found: list[dict[str, Any]] = [{}] * len(places)
        for number, mine, here in self._by_segment(places):
            rows = self.segments[number].rows.select(list(columns)).take(pa.array(here))
            for at, row in zip(mine, rows.to_pylist(), strict=True):
                found[at] = row
        return found

    def denying(self, places: Places) -> npt.NDArray[np.float32]:
        """float32 [n]: how much of each record at these places denies something, in [0, 1]."""
        found = np.zeros(len(places), dtype=np.float32)
        for number, mine, here in self._by_segment(places):
            found[mine] = self.segments[number].denying.take(here)
        return found

    def _by_segment(self, places: Sequence[int] | Places) -> Iterator[tuple[int, list[int], Places]]:
        """For each segment that holds some: its number, which of the places those are, and where they are there."""
        wanted = np.asarray(places, dtype=np.int64)
        numbers = np.searchsorted(self.bases, wanted, side="right") - 1
        for number in np.unique(numbers).tolist():
            mine = np.flatnonzero(numbers == number)
            yield number, mine.tolist(), wanted[mine] - self.bases[number]

    def places(self, records: Sequence[RecordId]) -> Places:
        """int64 [n]: where each record stands that counts, -1 for any other."""
        found = self._last(records)
        return np.where((found >= 0) & self.live[found], found, -1) if len(self.live) else found

    def place(self, record: RecordId) -> int | None:
        """Where a record that counts stands, or None."""
        at = int(self.places([record])[0])
        return at if at >= 0 else None

    def _last(self, records: Sequence[RecordId]) -> Places:
        """Where each record stands last, counting or not; -1 for one that no segment holds."""
        found = np.full(len(records), -1, dtype=np.int64)
        for base, segment in zip(self.bases, self.segments, strict=False):
            here = segment.roll.find(records) if len(records) else found
            found = np.where(here >= 0, here + base, found)
        return found

    def _live(self) -> Mask:
        live = np.ones(self.bases[-1], dtype=bool)
        for number, later in enumerate(self.segments):
            for base, earlier in zip(self.bases, self.segments[:number], strict=False):
                live[earlier.replaced_by(later) + base] = False
        return live
