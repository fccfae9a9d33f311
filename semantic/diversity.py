"""Spreads the first hits over the kinds of answer a question asks for, so that ten hits are not ten of one kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def spread(ranked: Integers, kinds: Sequence[Floats], floor: float) -> Integers:
    """Reorder ranked places; `kinds` are the strengths of each kind at them. Each next one is the best that shows a
    kind not shown in this round; when all have been shown a new round begins; what shows no kind comes last."""
    shows = [0] * len(ranked)
    for bit, kind in enumerate(kinds):
        for at in np.flatnonzero(kind >= floor).tolist():
            shows[at] |= 1 << bit
    left = [at for at, bits in enumerate(shows) if bits]
    out: list[int] = []
    while left:
        shown = 0
        rest: list[int] = []
        for at in left:
            if shows[at] & ~shown:
                shown |= shows[at]
                out.append(at)
            else:
                rest.append(at)
        left = rest
    out += [at for at, bits in enumerate(shows) if not bits]
    return ranked[np.array(out, dtype=np.int64)]
