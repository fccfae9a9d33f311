"""The best passage of each record, all records in step: their first passages, their second, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
_TURNS: Final = 4


@dataclass(frozen=True, slots=True)
class Turns:
    """Where the passages of records lie that follow each other. `turns` int64 [records] each: their first passages,
    their second, ..., the last one again where there are fewer; `more`: the passages behind those, and `owners` the
    record of each; `bare`: the records that have none."""

    turns: tuple[Integers, ...]
    more: Integers
    owners: Integers
    bare: Integers

    @classmethod
    def of(cls, sizes: Integers) -> Turns:
        """From how many passages each record has."""
        ends, left = np.cumsum(sizes), np.maximum(sizes - _TURNS, 0)
        turns = tuple(np.minimum(ends - sizes + turn, np.maximum(ends - 1, 0)) for turn in range(_TURNS))
        owners = np.repeat(np.arange(len(sizes)), left)
        more = np.arange(len(owners)) + np.repeat(ends - np.cumsum(left), left)
        return cls(turns, more, owners, np.flatnonzero(sizes == 0))

    def best(self, scores: Floats) -> Floats:
        """float32 [records]: the highest of each record's `scores` float32 [passages], 0 where it has none."""
        found = scores.take(self.turns[0])
        for turn in self.turns[1:]:
            np.maximum(found, scores.take(turn), out=found)
        np.maximum.at(found, self.owners, scores.take(self.more))
        found[self.bare] = 0
        return found
