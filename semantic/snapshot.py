"""One edition opened for search: its segments, its rows, and which of them count. Read-only; holds no narrative."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from records.ids import EditionNumber, RecordId
from semantic.manifest import Manifest
from semantic.rows import Rows
from semantic.segment import ROWS, Segment

Mask = npt.NDArray[np.bool_]


class Edition:
    """An immutable snapshot. A record's place (`at`) is its segment's base plus its place there."""

    def __init__(self, manifest: Manifest, segments: Sequence[Segment], withdrawn: frozenset[RecordId]) -> None:
        self.manifest = manifest
        self.number: EditionNumber = manifest.number
        self.segments = tuple(segments)
        sizes = [segment.records for segment in self.segments]
        self.bases: tuple[int, ...] = tuple(int(base) for base in np.concatenate([[0], np.cumsum(sizes)]))
        self.live = self._live(withdrawn)
        self.withdrawn = sum(1 for name in withdrawn if name in self._last)

    @cached_property
    def table(self) -> pa.Table:
        """Rows of every segment, superseded and withdrawn ones included; mask it with `live`."""
        if not self.segments:
            return ROWS.empty_table()
        return pa.concat_tables([segment.rows for segment in self.segments]).combine_chunks()

    @cached_property
    def rows(self) -> Rows:
        """The same rows in DuckDB."""
        return Rows(self.table, self.live)

    @cached_property
    def record_ids(self) -> npt.NDArray[np.str_]:
        """Record id of each place."""
        names = [name for segment in self.segments for name in segment.record_ids]
        return np.array(names, dtype=np.str_)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Rank of each place by record id: the tie-break that no other record can change."""
        ranks = np.empty(len(self.record_ids), dtype=np.int64)
        ranks[np.argsort(self.record_ids, kind="stable")] = np.arange(len(self.record_ids))
        return ranks

    @property
    def records(self) -> frozenset[RecordId]:
        """Every record that counts."""
        return frozenset(RecordId(str(name)) for name in self.record_ids[self.live])

    @property
    def passages(self) -> int:
        """Passages in all segments."""
        return sum(segment.passages for segment in self.segments)

    def live_of(self, name: str) -> Mask:
        """bool [records] of one segment: which of its records count."""
        at = next(index for index, segment in enumerate(self.segments) if segment.name == name)
        return self.live[self.bases[at] : self.bases[at + 1]]

    def place(self, record: RecordId) -> int | None:
        """Where a record that counts stands, or None."""
        at = self._last.get(record)
        return at if at is not None and self.live[at] else None

    def _live(self, withdrawn: frozenset[RecordId]) -> Mask:
        self._last: dict[str, int] = {}
        for base, segment in zip(self.bases, self.segments, strict=False):
            self._last.update({name: base + at for at, name in enumerate(segment.record_ids)})
        live = np.zeros(self.bases[-1], dtype=bool)
        live[[at for name, at in self._last.items() if name not in withdrawn]] = True
        return live
