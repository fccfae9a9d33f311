"""Which records stand in a segment (名册): found by a number made from the id, then compared letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


def row_keys(names: Iterable[str]) -> Keys:
    """uint64 [n]: a number of each record id, the same in every segment. Records that tie are ranked by it, so that no
    other record has a say."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


class Roll:
    """The record ids of a segment, in Arrow, with their numbers uint64 [records]."""

    def __init__(self, names: pa.ChunkedArray, keys: Keys) -> None:
        self.column = names
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def names(self, places: npt.NDArray[np.integer]) -> list[str]:
        """The ids at these places."""
        found: list[str] = self.column.take(pa.array(places)).to_pylist()
        return found

    def find(self, names: Sequence[str]) -> Places:
        """int64 [n]: the place of each id, -1 for one that is not here."""
        wanted = row_keys(names)
        order, keys = self._sorted
        places = np.full(len(wanted), -1, dtype=np.int64)
        first, last = keys.searchsorted(wanted), keys.searchsorted(wanted, side="right")
        owner = np.repeat(np.arange(len(wanted)), last - first)  # more than one only where two ids share a number
        here = order[np.repeat(first - np.cumsum(last - first) + (last - first), last - first) + np.arange(len(owner))]
        for at, place, name in zip(owner.tolist(), here, self.names(here), strict=True):
            if names[at] == name:
                places[at] = place
        return places

    def held_by(self, other: Roll) -> Places:
        """The places here of records that stand in the other segment too, ascending."""
        keys, (order, theirs) = self._sorted[1], other._sorted
        shared = keys.searchsorted(theirs, side="right") > keys.searchsorted(theirs)
        found = self.find(other.names(order[shared]))
        return np.sort(found[found >= 0])

    @cached_property
    def _sorted(self) -> tuple[Places, Keys]:
        order = np.argsort(self.keys, kind="stable")
        return order, self.keys[order]
