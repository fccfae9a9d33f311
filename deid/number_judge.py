"""What number-like words that no rule speaks of are: a linear model, learnt from lines by many authors.

Rules know the labels and shapes that somebody wrote down; each hospital has others. The weights are in
data/deid/numbers.tsv, written by `lantai deid train`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final

from deid.document import Document
from deid.numbers import JOINS, KINDS, NUMBERED, WAYS, Features, Number, View, numbers, stands_alone, steps
from deid.spans import Finding, Tier
from records.entities import Entity
from records.paths import data_dir
from records.regression import packed, read, shares

RULE: Final = "number.judged"
LEAST: Final = 0.35  # how likely an identifier a number must be: a missed one is worse than a false one
_JOINED: Final = -75  # what must speak for it that a piece beside a number belongs to it: a missed piece is worse
_PIECES: Final = 6  # on both sides of a number together
_TOLD: Final = {  # what can be told, by the first letter of a feature; never its words, which may be a name's
    "w": "the label before it",
    "c": "the head of its column",
    "p": "what was found before it",
    "q": "what was found behind it",
    "=": "what was found in its shape",
}
_ZEROES: Final = repeat(0)
_PERSON, _KNOWN = Entity.PERSON, Tier.KNOWN  # they take long to look up


class NumberJudge:
    """`weights`: feature -> what speaks for each of WAYS, in hundredths."""

    def __init__(self, weights: Mapping[str, Sequence[int]]) -> None:
        self.weights = weights
        self._packed = {name: packed(row) for name, row in weights.items()}
        self._joins = {name: row[JOINS] - row[0] for name, row in weights.items() if name[:1] == "+"}

    @classmethod
    @cache
    def load(cls, path: Path | None = None) -> NumberJudge:
        """The shipped weights, or those of another file. BadInput names the line that cannot be read."""
        return cls(read(path or data_dir() / "deid" / "numbers.tsv", len(WAYS)))

    def shares(self, seen: Iterable[str]) -> list[float]:
        """How likely each of WAYS is, together 1."""
        return shares(sum(map(self._packed.get, set(seen), _ZEROES)), len(WAYS))

    def find(self, doc: Document, found: list[Finding], codes: Set[int]) -> list[Finding]:
        """The findings (sorted, not overlapping), numbers of them with the pieces that belong to them, and what more
        is an identifier. `codes`: where numbers begin that are none (`deid.recognizers.table.charged`)."""
        if not doc.has_digit:
            return found
        people = {one.start for one in found if one.entity is _PERSON}
        candidates = list(numbers(doc, found, people))
        if candidates:
            found = sorted([*found, *self._judged(View(doc.text, found, candidates), candidates, codes)])
        return self._joined(doc.text, found)

    def _judged(self, view: View, candidates: Iterable[Number], codes: Set[int]) -> Iterator[Finding]:
        for start, end in candidates:
            if start in codes:
                continue
            seen = view.features(start, end)
            none, *shares = self.shares(seen)
            if none <= 1 - LEAST:
                entity = KINDS[max(range(len(shares)), key=shares.__getitem__)]
                yield Finding(start, end, entity, RULE, round(1 - none, 3), self._why(seen), Tier.MODEL)

    def _why(self, seen: Features) -> str:
        """What said most of it, as far as it can be told: no word of the record, and none that a name can hold."""
        worth = {each: max(row[1:]) - row[0] for each in seen if each[:1] in _TOLD and (row := self.weights.get(each))}
        best = max(worth, key=worth.__getitem__, default="")
        if not best or worth[best] <= 0:
            return "shape and place of a number like those of identifiers"
        return f"number judged by {_TOLD[best[0]]}"

    def _joined(self, text: str, found: list[Finding]) -> list[Finding]:
        """Numbers with the pieces around them that belong to them; none grows into its neighbours."""
        out: list[Finding] = []
        last = 0
        for at, one in enumerate(found, 1):
            start, end = one.start, one.end
            if one.entity in NUMBERED and not stands_alone(text, start, end):
                first, stop = last, found[at].start if at < len(found) else len(text)
                if one.tier is _KNOWN:  # it is whole, but for what is glued to it
                    first, stop = _unbroken(text, start, end, first, stop)
                grown = self._grown(text, max(start, last), end, first, stop)
                if grown != (start, end):
                    start, end = grown
                    one = one._replace(start=start, end=end)
            out.append(one)
            last = end
        return out

    def _grown(self, text: str, start: int, end: int, first: int, stop: int) -> tuple[int, int]:
        for _ in range(_PIECES):
            grown = start, end
            for begin, until, seen in steps(text, start, end):
                if begin >= first and until <= stop and sum(map(self._joins.get, seen, _ZEROES)) > _JOINED:
                    grown = min(grown[0], begin), max(grown[1], until)
            if grown == (start, end):
                break
            start, end = grown
        return start, end


def _unbroken(text: str, start: int, end: int, first: int, stop: int) -> tuple[int, int]:
    """From the last blank before a place to the next one behind it, between `first` and `stop`."""
    before, behind = _BLANK.split(text[first:start])[-1], _BLANK.split(text[end:stop], maxsplit=1)[0]
    return start - len(before), end + len(behind)


_BLANK: Final = re.compile(r"\s")
