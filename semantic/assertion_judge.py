"""What the words around a mention say of it where no rule speaks: a linear model, learnt from many authors.

Rules know the words that somebody wrote down; each hospital denies, doubts and plans in more ways. The model's weights
are in data/assertion/judge.tsv, written by `lantai assertion train`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Final

from records.errors import BadInput
from records.mentions import Assertion
from records.paths import data_dir

WAYS: Final = (Assertion.PRESENT, Assertion.NEGATED, Assertion.FAMILY, Assertion.POSSIBLE, Assertion.PLANNED)
JUDGED: Final = "judged"  # the rule that such a verdict names
SCALE: Final = 100  # weights are kept as whole hundredths
_HOLDS: Final = 0.3  # at least this likely the patient's own, it is left as the rules read it
_ZONES: Final = frozenset("rRlL")
_AROUND: Final = "rRlL^$M"
_HIDDEN: Final = "M"  # stands for another mention
_SILENT: Final = "I"  # ... for words that deny nothing, though they look like it
_END: Final = re.compile("[,。;!?\n]")
_MARK: Final = re.compile("[,。;、:!?\n()]")
_REACH: Final = 16  # characters of a clause that are looked at
_FAR: Final = 20  # ... whose characters do something
_LONGEST: Final = 2  # characters of a piece
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")  # a zero says that there is none, any other number does not
# Characters that do one thing: deny, name somebody else, doubt, look ahead, affirm.
_DOING: Final = {
    "N": "未没无不否非勿毋莫免除排阴缺乏拒停撤弃",
    "K": "父母爸妈爹娘兄弟姐妹哥嫂夫妻祖爷奶叔伯舅姨姑婆公岳儿女子孙侄甥媳婿妯娌亲属邻同友室供",
    "Q": "疑待拟或似恐怕虑嫌难辨鉴?",
    "F": "若如旦将再防警惕避预期约择备告险留意宣",
    "Y": "阳有见伴示诊确发现获",
    "M": "M",
    "0": "0",
    "9": "9",
}
_DOES: Final = {char: what for what, chars in _DOING.items() for char in chars}


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its mentions, and words that only look like a cue, hidden: each is one character; `places` says where
    a mention of the text went."""

    text: str
    places: dict[int, int]

    @classmethod
    def of(cls, flat: str, spans: Iterable[tuple[int, int]], silent: Iterable[tuple[int, int]] = ()) -> Line:
        """From a folded text, its mentions and those words; mentions that overlap are hidden together."""
        pieces: list[str] = []
        places: dict[int, int] = {}
        at = length = 0
        for start, end, sign in sorted([*((*span, _HIDDEN) for span in spans), *((*span, _SILENT) for span in silent)]):
            if start >= at:
                gap = _NUMBER.sub(_none_or_some, flat[at:start])
                pieces += gap, sign
                length += len(gap) + 1
            if sign is _HIDDEN:
                places[start] = length - 1
            at = max(at, end)
        pieces.append(_NUMBER.sub(_none_or_some, flat[at:]))
        return cls("".join(pieces), places)


def _none_or_some(number: re.Match[str]) -> str:
    return "0" if not float(number.group()) else "9"


def features(line: Line, start: int, heading: str, kind: str) -> list[str]:
    """What is seen of the mention that begins at `start`: pieces of its clause on both sides and of the next ones, what
    their characters do and in which order, the marks around it, the heading, the kind of concept."""
    return list(_seen(line.text, line.places[start], heading, kind))


def _seen(text: str, at: int, heading: str, kind: str) -> Iterator[str]:
    right, more = _clauses(text[at + 1 : at + 41])
    left, less = (part[::-1] for part in _clauses(text[max(0, at - 40) : at][::-1]))
    yield from _pieces("r", right[:_REACH])
    yield from _pieces("R", more[:_REACH])
    yield from _pieces("l", left[-_REACH:])
    yield from _pieces("L", less[-_REACH:])
    for size in range(1, _LONGEST + 1):
        yield f"r^{right[:size]}"
        yield f"l${left[-size:]}"
    yield f"r${right[-2:]}"
    yield from _doings("r", right, kind)
    yield from _doings("R", more, kind)
    yield from _doings("l", left[::-1], kind)
    yield from _doings("L", less[::-1], kind)
    behind = _MARK.search(text, at + 1)
    yield f">{behind.group() if behind else ''}"
    ahead = _MARK.search(text[max(0, at - 40) : at][::-1])
    yield f"<{ahead.group() if ahead else ''}"
    yield f"k{kind}"
    for pair in pairwise(heading):
        yield f"h{''.join(pair)}"


def _clauses(text: str) -> tuple[str, str]:
    """The clause that a text begins with, and the next one."""
    first = _END.search(text)
    if first is None:
        return text, ""
    second = _END.search(text, first.end())
    return text[: first.start()], text[first.end() : second.start() if second else len(text)]


def _pieces(zone: str, clause: str) -> Iterator[str]:
    for at in range(len(clause)):
        for size in range(1, min(_LONGEST, len(clause) - at) + 1):
            yield zone + clause[at : at + size]


def _doings(zone: str, clause: str, kind: str) -> Iterator[str]:
    """What the characters of a clause do, the nearest first: which, how far away, in which order."""
    done = [(_DOES[char], place) for place, char in enumerate(clause[:_FAR]) if char in _DOES]
    for what, place in done:
        yield f"c{zone}{what}{kind}"
        yield f"d{zone}{what}{min(place, 7) // 2}"
    order = "".join(what for what, _ in done)
    yield f"s{zone}{order[:4]}"
    yield f"t{zone}{order[-2:]}"


class Judge:
    """`weights`: feature -> what speaks for each of WAYS, in hundredths."""

    def __init__(self, weights: dict[str, tuple[int, ...]]) -> None:
        self.weights = weights

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path | None = None) -> Judge:
        """The shipped weights, or those of another file. BadInput names the line that cannot be read."""
        weights: dict[str, tuple[int, ...]] = {}
        path = path or data_dir() / "assertion" / "judge.tsv"
        for number, row in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if row:
                feature, *numbers = row.split("\t")
                if len(numbers) != len(WAYS) or not all(re.fullmatch(r"-?\d+", each) for each in numbers):
                    raise BadInput("judge_invalid", f"Train the judge again; line {number} of {path.name} is damaged.")
                weights[feature] = tuple(map(int, numbers))
        return cls(weights)

    def verdict(self, seen: Sequence[str]) -> tuple[Assertion, str] | None:
        """What is said where the mention is hardly the patient's own, and the words that say most of it; else None."""
        shares = self.shares(seen)
        if shares[0] >= _HOLDS:
            return None
        way = max(range(1, len(WAYS)), key=shares.__getitem__)
        spoken = (each for each in seen if each[0] in _ZONES and (row := self.weights.get(each)) and row[way] > row[0])
        most = max(spoken, key=lambda each: self.weights[each][way] - self.weights[each][0], default="")
        return WAYS[way], f"{JUDGED}:{most.strip(_AROUND)}"

    def shares(self, seen: Iterable[str]) -> list[float]:
        """How likely each of WAYS is, together 1."""
        sums = [0] * len(WAYS)
        for row in filter(None, map(self.weights.get, seen)):
            for way, weight in enumerate(row):
                sums[way] += weight
        most = max(sums)
        raised = [exp((each - most) / SCALE) for each in sums]
        return [each / sum(raised) for each in raised]
