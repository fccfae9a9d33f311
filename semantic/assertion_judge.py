"""What the words around a mention say of it where no rule speaks: a linear model, learnt from many authors.

Rules know the words that somebody wrote down; each hospital denies, doubts and plans in more ways. The model's weights
are in data/assertion/judge.tsv, written by `lantai assertion train`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat, starmap
from operator import add
from pathlib import Path
from typing import Final

from records.mentions import Assertion
from records.paths import data_dir
from records.regression import packed, read, shares
from semantic.assertion_net import Net

Features = Mapping[str, Sequence[str]]  # pieces of text by where they stand, all other features under ""
WAYS: Final = (Assertion.PRESENT, Assertion.NEGATED, Assertion.FAMILY, Assertion.POSSIBLE, Assertion.PLANNED)
_OTHERS: Final = WAYS.index(Assertion.FAMILY)
Judged = tuple[float, tuple[Assertion, str] | None]  # how likely it is his own, and what is said where it hardly is
JUDGED: Final = "judged"  # the rule that such a verdict names
LEAST: Final = 0.3  # at least this likely the patient's own, it is left as the rules read it
_ZONES: Final = "rRlL"  # its clause behind the mention, and its sentence there, and the same before it
_ZEROES: Final = repeat(0)
_HIDDEN: Final = "M"  # stands for another mention
_SILENT: Final = "I"  # ... for words that deny nothing, though they look like it
# Where a sentence ends: also at a blank with the next item of a list behind it ("高血压 2.肺栓塞待排"); either way.
_END: Final = re.compile(rf"[。;!?\n]| (?=(?:9[.、)])?{_HIDDEN})")
_BEGIN: Final = re.compile(rf"[。;!?\n]|^(?:[.、)]9)? (?=[^,。;!?\n]*{_HIDDEN})")
_MARK: Final = re.compile("[,。;、:!?\n()]")
_NEAR: Final = 24  # characters on each side that are looked at
_WORD: Final = re.compile(rf"[^\W\d{_HIDDEN}{_SILENT}]")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")  # a zero says that there is none, any other number does not
KIN: Final = "父母爸妈爹娘兄弟姐妹哥嫂夫妻祖爷奶叔伯舅姨姑婆公岳儿女子孙侄甥媳婿妯娌亲属邻同友室供"
# Characters that do one thing: deny, name somebody else, doubt, look ahead, affirm.
_DOING: Final = {
    "N": "未没无不否非勿毋莫免除排阴缺乏拒停撤弃",
    "K": KIN,
    "Q": "疑待拟或似恐怕虑嫌难辨鉴?",
    "F": "若如旦将再防警惕避预期约择备告险留意宣",
    "Y": "阳有见伴示诊确发现获",
    "M": "M",
    "0": "0",
    "9": "9",
}


class _Does(dict[int, str]):
    """Character -> what it does, a blank for nothing; fills itself."""

    def __missing__(self, code: int) -> str:
        self[code] = " "
        return " "


_DOES: Final = _Does({ord(char): what for what, chars in _DOING.items() for char in chars})


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its mentions, and words that only look like a cue, hidden: each is one character, and the end of a
    line is a semicolon; `places` says where a mention of the text went."""

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
        return cls("".join(pieces).replace("\n", ";"), places)


def _none_or_some(number: re.Match[str]) -> str:
    return "0" if not float(number.group()) else "9"


def features(line: Line, start: int, heading: str, kind: str) -> Features:
    """What is seen of the mention that begins at `start`: pieces of its clause and of its sentence on both sides, what
    their characters do, the marks around it, the heading, the kind of concept."""
    text, at = line.text, line.places[start]
    behind, ahead = text[at + 1 : at + 1 + _NEAR], text[max(0, at - _NEAR) : at][::-1]
    to_end, to_begin = _up_to(_END, behind), _up_to(_BEGIN, ahead)
    right, left = to_end.partition(",")[0], to_begin.partition(",")[0]
    zones = dict(zip(_ZONES, (right, to_end, left, to_begin), strict=True))
    after, before = _MARK.search(behind[: len(right) + 1]), _MARK.search(ahead[: len(left) + 1])
    near = left[:3][::-1]
    rest = [f">{after.group() if after else ''}", f"<{before.group() if before else ''}", f"k{kind}", f"r${right[-2:]}"]
    rest += [f"{side}{piece[:size]}" for size in (1, 2, 3) for side, piece in (("r^", right), ("l$", near[-size:]))]
    rest += ["h" + pair for pair in starmap(add, pairwise(heading))]
    rest += [f"c{zone}{what}{kind}" for zone, said in zones.items() for what in set(said.translate(_DOES)) - {" "}]
    return {zone: _pieces(said, zone in "lL") for zone, said in zones.items()} | {"": rest}


def _up_to(end: re.Pattern[str], text: str) -> str:
    """What a text begins with, up to where its sentence ends."""
    found = end.search(text)
    return text[: found.start()] if found else text


def _pieces(near: str, backwards: bool) -> list[str]:
    """Its characters and their pairs."""
    said = near[::-1] if backwards else near
    return [*said, *starmap(add, pairwise(said))]


def is_open(said: Assertion, rule: str) -> bool:
    """Whether the judge is asked of a mention: rules leave it to the patient, and none says so."""
    return said is Assertion.PAST or (said is Assertion.PRESENT and not rule)


class Judge:
    """`weights`: where, and a feature there -> what speaks for each of WAYS, in hundredths. `net` reads the whole line
    and is believed as much as they are."""

    def __init__(self, weights: Mapping[str, Sequence[int]], net: Net | None = None) -> None:
        self.weights = weights
        self.net = net
        self._packed: dict[str, dict[str, int]] = {zone: {} for zone in (*_ZONES, "")}
        for feature, row in weights.items():
            zone = feature[0] if feature[0] in _ZONES and feature[1:2] not in ("^", "$") else ""
            self._packed[zone][feature[len(zone) :]] = packed(row)

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path | None = None) -> Judge:
        """The shipped weights and network, or weights alone of another file. BadInput names what cannot be read."""
        return cls(read(path or data_dir() / "assertion" / "judge.tsv", len(WAYS)), None if path else Net.load())

    def verdict(self, seen: Features, his: bool = False, told: Sequence[float] | None = None) -> Judged:
        """How likely the mention is the patient's own; and what is said where it hardly is, with the words that say
        most of it, else None. `his`: it is nobody else's. `told`: what the network says of it."""
        shares = self.shares(seen)
        if told is not None:
            shares = [(one + other) / 2 for one, other in zip(shares, told, strict=True)]
        if his:
            shares[_OTHERS] = 0.0
            whole = sum(shares) or 1.0
            shares = [share / whole for share in shares]
        if shares[0] >= LEAST:  # a bare name, as diagnoses are listed, is said as surely as can be
            return shares[0] if _WORD.search("".join((*seen["R"], *seen["L"]))) else 1.0, None
        way = max(range(1, len(WAYS)), key=shares.__getitem__)
        worth: dict[str, int] = {}
        for zone in _ZONES:
            for piece in dict.fromkeys(seen[zone]):
                row = self.weights.get(zone + piece)
                if row and row[way] > row[0]:
                    worth[piece] = worth.get(piece, 0) + row[way] - row[0]
        word = max(worth, key=worth.__getitem__, default="").replace(_HIDDEN, "")
        return shares[0], (WAYS[way], f"{JUDGED}:{word}")

    def shares(self, seen: Features) -> list[float]:
        """How likely each of WAYS is, together 1."""
        return shares(sum(sum(map(self._packed[zone].get, set(seen[zone]), _ZEROES)) for zone in seen), len(WAYS))


def named(seen: Features) -> list[str]:
    """Features under the names that weights have."""
    return [zone + piece for zone, pieces in seen.items() for piece in pieces]
