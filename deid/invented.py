"""Invented names, addresses and institutions, drawn from the productions of data/deid/frames/values.txt."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache
from itertools import accumulate
from typing import Final

from deid.lists import given, given_pairs, lines_of, medical_words, places, single_surnames, surnames, words

_SYMBOL: Final = re.compile(r"\{([A-Za-z0-9]+)\}")
_TRANSLITERATED: Final = (
    "阿埃艾安奥巴贝本比伯博布查达戴德迪蒂杜多厄恩法费弗福盖格古哈海亨胡基吉加杰金卡凯柯科克库拉莱兰勒雷里利丽莉林卢鲁路罗洛马玛麦曼梅米密莫穆娜内尼诺"
    "帕佩皮普奇乔琼热萨塞赛瑟沙史斯苏索塔泰汤特提托瓦威韦维文沃乌西希夏谢辛休雅亚扬耶伊尤于约泽扎詹珍朱兹佐"
)


class Pool:
    """Entries drawn by their weights."""

    def __init__(self, weighted: Iterable[tuple[str, int]]) -> None:
        rows = list(weighted)
        self._entries = [entry for entry, _ in rows]
        self._reached = list(accumulate(weight for _, weight in rows))

    def draw(self, rng: random.Random) -> str:
        """One entry."""
        return self._entries[bisect_right(self._reached, int(rng.random() * self._reached[-1]))]


def _even(entries: Iterable[str]) -> Pool:
    return Pool((entry, 1) for entry in entries)


def _named_like_words() -> list[tuple[str, int]]:
    """Words that are names as well (高峰, 白雪): people are called so, and the tagger must follow the context."""
    chars, family = given(), surnames()
    return [
        (w, family[w[0]])
        for w in sorted(words())
        if len(w) in (2, 3) and w[0] in single_surnames() and family[w[0]] >= 100 and all(c in chars for c in w[1:])
    ]


def _places(level: str) -> list[str]:
    return [name for name, kind in places().items() if kind == level]


def _short(names: Iterable[str]) -> list[str]:
    cut = (re.sub(r"(?:地区|自治州|自治县|[市县区盟旗])$", "", name) for name in names)
    return [name for name in cut if 2 <= len(name) <= 3]


@cache
def pools() -> dict[str, Pool]:
    """Pools that the productions may name."""
    chars = sorted(given())
    counts = given()
    family = sorted(surnames())
    common = [w for w in lines_of("common_words.txt") if len(w) == 2]
    return {
        "surname": Pool((s, max(4, int(surnames()[s] * 10) // (20 + surnames()[s] // 40))) for s in family),
        "anysurname": _even(family),
        "first": Pool((c, counts[c][0] * 2 + 1) for c in chars),
        "second": Pool((c, counts[c][1] * 2 + 1) for c in chars),
        "alone": Pool((c, counts[c][2] * 4 + 1) for c in chars),
        "pair": _even(sorted(given_pairs())),
        "rare": _even(chars),
        "wordname": Pool(_named_like_words()),
        "word2": _even(common),
        "term": _even(lines_of("frames/terms.txt")),
        "c": _even(lines_of("common_words.txt")),
        "w": _even(sorted(words())),
        "m": _even(sorted(medical_words())),
        "tr": _even(_TRANSLITERATED),
        "province": _even(_places("province")),
        "city": _even(_places("city")),
        "county": _even(_places("county")),
        "cityshort": _even(_short(_places("city"))),
        "countyshort": _even(_short(c for c in _places("county") if c[-1] in "县市")),
    }


@cache
def _productions() -> dict[str, Pool]:
    """Symbol -> its productions as text."""
    found = {}
    for line in lines_of("frames/values.txt"):
        symbol, _, rest = line.partition("\t")
        found[symbol] = Pool(map(_weighted, rest.split(" | ")))
    return found


def _weighted(production: str) -> tuple[str, int]:
    body, _, weight = production.rpartition("*")
    return (body, int(weight)) if body and weight.isdigit() else (production, 1)


class Invented:
    """Values from one stream of chance: the same seed gives the same values on any machine."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._special: dict[str, Callable[[], str]] = {
            "c1": lambda: pools()["second"].draw(rng) * 2,
            "c2": lambda: pools()["first"].draw(rng) * 2,
            "Sy": lambda: self.value("sy").title(),
            "Gy": lambda: self.value("gy").title(),
            "SY": lambda: self.value("sy").upper(),
            "GY": lambda: self.value("gy").upper(),
            "ENG": lambda: self.value("Eng").upper(),
            "ENG2": lambda: self.value("Eng2").upper(),
        }

    def value(self, symbol: str) -> str:
        """One value of a symbol or pool."""
        if symbol in pools():
            return pools()[symbol].draw(self._rng)
        if symbol in self._special:
            return self._special[symbol]()
        return _SYMBOL.sub(lambda m: self.value(m[1]), _productions()[symbol].draw(self._rng))
