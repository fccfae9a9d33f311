"""Learns linear judges from examples: multinomial logistic regression, written as whole hundredths.

The best weights are one point, and the search goes on until it stands on it: rounded, they are the same everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

SCALE: Final = 100  # weights are kept as whole hundredths
_STEPS: Final = 5000

Floats = npt.NDArray[np.float64]
Weights = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Example:
    """What is seen of one thing, which of the ways holds of it, and how much it counts."""

    seen: tuple[str, ...]
    way: int
    weight: float = 1.0


def learn(examples: Sequence[Example], ways: int, rare: int = 2, slack: float = 1.0) -> Weights:
    """What each feature seen `rare` times or more says for each way; the larger `slack`, the freer weights may grow."""
    from scipy.sparse import csr_array  # only who learns needs it

    counts = Counter(feature for example in examples for feature in set(example.seen))
    names = sorted(name for name, count in counts.items() if count >= rare and name.isprintable())
    column = {name: at for at, name in enumerate(names)}
    rows = [sorted({column[name] for name in example.seen if name in column}) for example in examples]
    starts = np.cumsum([0, *map(len, rows)])
    table = csr_array((np.ones(starts[-1]), np.concatenate(rows), starts), shape=(len(rows), len(names)))
    right = np.zeros((len(rows), ways))
    right[np.arange(len(rows)), [each.way for each in examples]] = 1
    whole = np.rint(_fit(table, right, np.array([each.weight for each in examples]), slack) * SCALE).astype(int)
    return {name: tuple(map(int, row)) for name, row in zip(names, whole, strict=True) if row.any()}


def _fit(table: Any, right: Floats, shares: Floats, slack: float) -> Floats:
    """Weights that make what was judged likely, and are no larger than it takes."""
    from scipy.optimize import minimize

    size = (table.shape[1], right.shape[1])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(size)
        sums = table @ weights
        sums -= sums.max(axis=1, keepdims=True)
        logs = sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))
        off = (np.exp(logs) - right) * shares[:, None]
        gradient = table.T @ off + weights / slack
        return float(-(logs * right * shares[:, None]).sum() + (weights**2).sum() / (2 * slack)), gradient.ravel()

    options = {"maxiter": _STEPS, "maxfun": 2 * _STEPS, "ftol": 0.0, "gtol": 1e-7, "maxcor": 20}
    found: Floats = minimize(loss, np.zeros(size[0] * size[1]), jac=True, method="L-BFGS-B", options=options).x
    return found.reshape(size)
