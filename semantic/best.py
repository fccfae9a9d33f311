"""The highest of many scores, ties broken by a number that belongs to the record alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
_GROUP: Final = 64


def best(scores: Floats, limit: int, order: Integers) -> Integers:
    """Places of the `limit` highest positive scores, best first; ties by `order`."""
    found = np.flatnonzero(scores >= _floor(scores, limit)) if len(scores) > limit * _GROUP else np.arange(len(scores))
    values = scores[found]
    found, values = found[values > 0], values[values > 0]
    if len(found) > limit:
        high = values >= np.partition(values, len(found) - limit)[len(found) - limit]
        found, values = found[high], values[high]
    ranked: Integers = found[np.lexsort((order[found], -values))][:limit]
    return ranked


def _floor(scores: Floats, limit: int) -> np.float32:
    """A score that at least `limit` of the scores reach, since each of so many groups of them has one that does."""
    groups = len(scores) // _GROUP
    peaks = scores[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
    floor: np.float32 = np.partition(peaks, groups - limit)[groups - limit]
    return floor
