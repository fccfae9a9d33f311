"""Spreads the first hits over the kinds of answer a question asks for, so that ten hits are not ten of one kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def spread(ranked: Integers, kinds: Sequence[Floats], floor: float) -> Integers:
    """Reorder ranked places: each next one is the best that shows a kind not shown in this round; when all kinds have
    been shown a new round begins; what shows no kind keeps its place at the end. Kinds held by more come first."""
    if not len(ranked):
        return ranked
    held = np.array([kind[ranked] >= floor for kind in kinds]).T
    bearing = np.flatnonzero(held.any(axis=1))
    left: list[int] = [int(at) for at in bearing]
    out: list[int] = []
    while left:
        shown = np.zeros(held.shape[1], dtype=bool)
        rest: list[int] = []
        first_round = len(out)
        for at in left:
            if (held[at] & ~shown).any():
                shown |= held[at]
                out.append(at)
            else:
                rest.append(at)
        if len(out) == first_round:
            break
        left = rest
    chosen = np.array(out, dtype=np.int64)
    others = np.setdiff1d(np.arange(len(ranked)), chosen)
    reordered: Integers = ranked[np.concatenate([chosen, others])]
    return reordered
