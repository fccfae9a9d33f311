"""Measured values as an edition keeps them: beside the concepts of its mentions, each under a name of its own."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from records.ids import ConceptId

_MARK: Final = "="  # no concept's id begins so
_FIGURES: Final = ".4g"
_PAST: Final = ";"  # the character behind ":"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Values of some tests, in the unit of their rules, between `low` and `high`; the ends are among them where
    `low_in` and `high_in` say so, and an infinite one is no end. Who has a `contrary` finding lies elsewhere. Values
    within one of `also`, the limits of other tests, will do as well; only of what is `paired`, measured together, do
    values elsewhere tell anything then. With `every`, one value elsewhere outweighs all within."""

    tests: tuple[str, ...]
    low: float = -math.inf
    high: float = math.inf
    low_in: bool = False
    high_in: bool = False
    contrary: tuple[ConceptId, ...] = ()
    also: tuple[Bounds, ...] = ()
    paired: bool = False
    every: bool = False

    def hold(self, value: float) -> bool:
        """Whether a value lies within, to the figures that are kept."""
        value, low, high = (float(f"{each:{_FIGURES}}") for each in (value, self.low, self.high))
        above = value > low or (self.low_in and value == low)
        return above and (value < high or (self.high_in and value == high))

    def among(self, names: Sequence[str]) -> tuple[tuple[ConceptId, ...], tuple[ConceptId, ...]]:
        """Of names in ascending order those of the tests' values that lie within, and those that do not."""
        if self.also:
            parts = [each.among(names) for each in (replace(self, also=()), *self.also)]
            met, missed = ({name: None for part in parts for name in part[side]} for side in (0, 1))
            return tuple(met), tuple(name for name in missed if self.paired and name not in met)
        kept = [
            ConceptId(name)
            for test in self.tests
            for name in names[bisect_left(names, f"{_MARK}{test}:") : bisect_left(names, f"{_MARK}{test}{_PAST}")]
        ]
        held = [self.hold(float(name.rpartition(":")[2])) for name in kept]
        within = tuple(name for name, holds in zip(kept, held, strict=True) if holds)
        return within, tuple(name for name, holds in zip(kept, held, strict=True) if not holds)


def kept_as(test: str, value: float) -> ConceptId:
    """The name of a value of a test, in the unit of its rules, to four figures."""
    return ConceptId(f"{_MARK}{test}:{value:{_FIGURES}}")


def is_of(name: str, test: str) -> bool:
    """Whether this is the name of a value of one test."""
    return name.startswith(f"{_MARK}{test}:")


def is_value(name: str) -> bool:
    """Whether this is the name of a value, and no concept."""
    return name.startswith(_MARK)
