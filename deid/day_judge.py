"""Which days, months and years that no rule knows are dates: a linear model, learnt from texts by many authors.

Rules know the ways of telling a day that somebody wrote down; each hand has others. The weights are in
data/deid/days.tsv, written by `lantai deid train`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from math import exp
from pathlib import Path
from typing import Final

from deid.days import Calendar, days
from deid.document import Document
from deid.spans import Finding, Tier
from records.entities import Entity
from records.paths import data_dir
from records.regression import SCALE, read

RULE: Final = "date.judged"
WAYS: Final = 2  # no date, a date
LEAST: Final = 0.65  # how likely a date it must be
_PASSES: Final = 3
_MOST: Final = 700.0  # what `exp` can raise
_ZEROES: Final = repeat(0)


class DayJudge:
    """`weights`: feature -> what speaks for no date and for a date, in hundredths."""

    def __init__(self, weights: Mapping[str, Sequence[int]]) -> None:
        self._worth = {name: row[1] - row[0] for name, row in weights.items()}

    @classmethod
    @cache
    def load(cls, path: Path | None = None) -> DayJudge:
        """The shipped weights, or those of another file. BadInput names the line that cannot be read."""
        return cls(read(path or data_dir() / "deid" / "days.tsv", WAYS))

    def share(self, seen: Iterable[str]) -> float:
        """How likely it is a date."""
        return 1 / (1 + exp(min(_MOST, -sum(map(self._worth.get, set(seen), _ZEROES)) / SCALE)))

    def find(self, doc: Document, found: list[Finding]) -> list[Finding]:
        """The findings (sorted, not overlapping), and what more is a date: looked at again beside what was found."""
        for _ in range(_PASSES):
            more = list(self._more(doc, found))
            if not more:
                break
            found = sorted([*found, *more])
        return found

    def _more(self, doc: Document, found: list[Finding]) -> Iterator[Finding]:
        candidates = days(doc, found)
        if not candidates:
            return
        calendar = Calendar(doc.text, found, candidates)
        for day in candidates:
            share = self.share(calendar.features(day))
            if share >= LEAST:
                why = "day, month or year by what stands beside it"
                yield Finding(day.start, day.end, Entity.DATE, RULE, round(share, 3), why, Tier.MODEL)
