"""Texts that a pattern matches, drawn by walking through it as Python reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from random import Random
from typing import Any, Final

_PARSER: Final[Any] = import_module("re._parser")
# Characters for classes of thousands, and for all but a few: surnames most.
_POOL: Final = "王李张王李张王李张欧伟秀芳国庆明华小丽医院区路号年月日床十三某1290aZ ,。:-./("
_MOST: Final = 3  # times that something is repeated beyond what it must
_TRIES: Final = 6


def drawn(pattern: str, count: int, seed: int = 0) -> Iterator[str]:
    """Texts in each of which the pattern finds something, from `count` walks."""
    compiled, tree = re.compile(pattern), _PARSER.parse(pattern)
    for number in range(count):
        one = _Drawing(Random(f"{seed} {number} {pattern}"))
        text = one.sequence(tree, "")
        yield from filter(compiled.search, (text if one.place < len(text) else "", text[: one.place] + one.ahead))


class _Drawing:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.groups: dict[int, str] = {}
        self.ahead, self.place = "", 0  # what must follow, and where

    def sequence(self, items: Iterable[tuple[Any, Any]], text: str) -> str:
        """The text with what a sequence matches at its end."""
        for kind, value in items:
            text = self._one(str(kind), value, text)
        return text

    def _one(self, kind: str, value: Any, text: str) -> str:
        match kind:
            case "LITERAL":
                return text + chr(value)
            case "NOT_LITERAL" | "IN" | "ANY" | "CATEGORY":
                return text + self._char(kind, value)
            case "BRANCH":
                return self.sequence(self.random.choice(value[1]), text)
            case "SUBPATTERN":
                grown = self.sequence(value[-1], text)
                self.groups[value[0]] = grown[len(text) :]
                return grown
            case "GROUPREF":
                return text + self.groups.get(value, "")
            case "MAX_REPEAT" | "MIN_REPEAT":
                times = self.random.randint(value[0], min(int(value[1]), value[0] + _MOST))
                name = self.random.choice(_NAMES)[:times]
                if len(name) > 1 and self.random.random() < _NAMED and _may_be(value[2], name):
                    return text + name
                for _ in range(times):
                    text = self.sequence(value[2], text)
                return text
            case "ASSERT" if value[0] > 0:
                self.ahead, self.place = self.sequence(value[1], text)[len(text) :], len(text)
                return text
            case "ASSERT":
                return self._behind(value[1], text)
            case _:
                return text

    def _behind(self, items: Any, text: str) -> str:
        """The text where it ends as it must, which nothing else was drawn for or which it can be made to."""
        for _ in range(_TRIES):
            left = self.sequence(items, "")
            if text.endswith(left):
                return text
            if left.endswith(text):
                return left
        return text

    def _char(self, kind: str, value: Any) -> str:
        if kind == "NOT_LITERAL":
            return self.random.choice(_POOL.replace(chr(value), ""))
        if kind == "ANY":
            return self.random.choice(_POOL)
        if kind == "CATEGORY":
            return self.random.choice(_OF_CATEGORY[str(value)])
        if str(value[0][0]) == "NEGATE":
            those = [self._member(str(op), one) for op, one in value[1:]]
            return self.random.choice([char for char in _POOL if not any(char in some for some in those)])
        op, one = self.random.choice(value)
        return self.random.choice(self._member(str(op), one))

    @staticmethod
    def _member(op: str, value: Any) -> str:
        if op == "LITERAL":
            return chr(value)
        if op == "CATEGORY":
            return _OF_CATEGORY[str(value)]
        first, last = value
        if last - first < _WIDE:
            return "".join(map(chr, range(first, last + 1)))
        return "".join(char for char in _POOL if first <= ord(char) <= last) or chr(first)


def _may_be(items: Any, name: str) -> bool:
    """Whether a part that is repeated is a class of thousands of characters, among them those of a name."""
    ranges = [one for kind, value in items if str(kind) == "IN" for op, one in value if str(op) == "RANGE"]
    wide = any(first <= ord(char) <= last for first, last in ranges if last - first > _WIDE for char in name[:1])
    return wide and len(items) == 1 and str(items[0][1][0][0]) != "NEGATE"


_NAMES: Final = ("王伟", "李国庆", "张秀芳", "欧阳明华")
_NAMED: Final = 0.5  # how often a name is drawn where one may be
_WIDE: Final = 100
_OF_CATEGORY: Final = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_NOT_DIGIT": "年 a。",
    "CATEGORY_SPACE": " \n",
    "CATEGORY_NOT_SPACE": "年1a。",
    "CATEGORY_WORD": "年1a",
    "CATEGORY_NOT_WORD": " 。-",
}
