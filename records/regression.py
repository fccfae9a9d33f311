"""Learns linear judges from examples, writes and reads them: multinomial logistic regression in whole hundredths.

The best weights are one point. A search that stands on it gives, rounded, the same weights everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from records.errors import BadInput

SCALE: Final = 100  # weights are kept as whole hundredths
_STEPS: Final = 5000
_RARE: Final = 2  # features seen less often are left out
_SLACK: Final = 1.0  # the larger, the freer weights may grow
_OFF: Final = 0.1  # of a hundredth: how far from the best weights they may be
_WHOLE: Final = re.compile(r"-?[0-9]{1,6}")

Floats = npt.NDArray[np.float64]
Weights = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Example:
    """What is seen of one thing, which of the ways holds of it, and how much it counts."""

    seen: tuple[str, ...]
    way: int
    weight: float = 1.0


def read(path: Path, ways: int) -> Weights:
    """The weights of a file that `write` wrote. BadInput names the line that cannot be read, or says that some lack."""
    weights: Weights = {}
    try:
        head, *rows = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        raise BadInput("judge_invalid", f"Train the judge again; {path.name} cannot be read.") from None
    for number, row in enumerate(rows, 2):
        if row:
            feature, *columns = row.split("\t")
            if len(columns) != ways or feature in weights or not all(map(_WHOLE.fullmatch, columns)):
                raise BadInput("judge_invalid", f"Train the judge again; line {number} of {path.name} is damaged.")
            weights[feature] = tuple(map(int, columns))
    if head != _head(weights):
        raise BadInput("judge_invalid", f"Train the judge again; {path.name} does not hold what its first line says.")
    return weights


def packed(row: Sequence[int]) -> int:
    """A row of weights as one number: rows are added up by adding these, up to some eight million in one way."""
    return sum(each << _BITS * way for way, each in enumerate(row))


def shares(total: int, ways: int) -> list[float]:
    """How likely each of the ways is, together 1, by the sum of packed rows."""
    sums = []
    for _ in range(ways):
        sums.append(((total + _HALF) & _MASK) - _HALF)
        total = (total - sums[-1]) >> _BITS
    most = max(sums)
    raised = [exp((each - most) / SCALE) for each in sums]
    whole = sum(raised)
    return [each / whole for each in raised]


_BITS: Final = 24  # of one way in a packed row, signed
_HALF, _MASK = 1 << _BITS - 1, (1 << _BITS) - 1


def _head(weights: Mapping[str, Sequence[int]]) -> str:
    return f"# {len(weights)} features"


def write(weights: Mapping[str, Sequence[int]], path: Path) -> None:
    """How many features, then one a line, sorted, and behind it by tabs what it says for each way. BadInput if the file
    cannot be written."""
    rows = ("\t".join([name, *map(str, row)]) for name, row in sorted(weights.items()))
    try:
        path.write_text("\n".join([_head(weights), *rows]) + "\n", encoding="utf-8", newline="\n")
    except OSError:
        raise BadInput("file_unwritable", f"{path.name} cannot be written; check the path.") from None


def learn(examples: Sequence[Example], ways: int, steps: int | None = None, slack: float = _SLACK) -> Weights:
    """What each feature says for each way, found in that many steps, or when the search stands on the best weights.
    The less `slack`, the smaller they are kept.

    BadInput where there is nothing to learn from, or the search did not come so far."""
    from scipy.sparse import csr_array  # only who learns needs it

    counts = Counter(feature for example in examples for feature in set(example.seen))
    names = sorted(name for name, count in counts.items() if count >= _RARE and name.isprintable())
    column = {name: at for at, name in enumerate(names)}
    rows = [sorted({column[name] for name in example.seen if name in column}) for example in examples]
    if not names:
        raise BadInput("examples_missing", "There is nothing to learn from; give more marked lines.")
    starts = np.cumsum([0, *map(len, rows)])
    table = csr_array((np.ones(starts[-1]), np.concatenate(rows), starts), shape=(len(rows), len(names)))
    right = np.zeros((len(rows), ways))
    right[np.arange(len(rows)), [each.way for each in examples]] = 1
    whole = np.rint(_fit(table, right, np.array([each.weight for each in examples]), steps, slack) * SCALE).astype(int)
    return {name: tuple(map(int, row)) for name, row in zip(names, whole, strict=True) if row.any()}


def _fit(table: Any, right: Floats, shares: Floats, steps: int | None, slack: float) -> Floats:
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

    exact = {"maxiter": _STEPS, "maxfun": 2 * _STEPS, "ftol": 0.0, "gtol": 1e-7, "maxcor": 20}
    options = {"maxiter": steps} if steps else exact
    found = minimize(loss, np.zeros(size[0] * size[1]), jac=True, method="L-BFGS-B", options=options)
    # The loss is at least as curved as its penalty, so the best weights are no further off than this.
    if not steps and float(np.linalg.norm(found.jac)) * slack * SCALE > _OFF:
        raise BadInput("training_unfinished", "The search for the best weights did not end; mark more lines alike.")
    best: Floats = found.x
    return best.reshape(size)
