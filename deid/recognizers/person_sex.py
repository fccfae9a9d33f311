"""Names before the sex: a stretch of two to four characters between a break and 男 or 女, also set wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deid.likeness import NO_NAME, name_score, surname_of
from deid.lists import words
from deid.naming import is_placeholder
from deid.recognizers.person_acting import cue_words
from deid.recognizers.person_title import is_role

_SEX: Final = re.compile(r"[男女](?<=[ ,|(/;].)(?:性|孩|婴|童)?(?=[\s,/、。)|;]|[0-9]|$)")
_APART: Final = frozenset(" ,|(/;")
_BEFORE: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|(?<=床))(?:患者|病人|患儿|产妇|孕妇|伤者|死者|逝者|老人|患)?(?P<name>[\u4e00-\u9fff]{2,4})$"
)
_WIDE: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff ] {1,2}|[0-9]床 ?|\n|  )"
    r"(?P<name>[\u4e00-\u9fff]{1,2} [\u4e00-\u9fff]{1,2}(?: [\u4e00-\u9fff])?)$"
)
_LIKELY: Final = 1.0  # what a name set wide must score


def before_sex(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand: whatever they mean, but what stands where no name does."""
    for match in _SEX.finditer(text):
        at = match.start()
        while at > match.start() - 4 and at and text[at - 1] in _APART:
            at -= 1
        left = _BEFORE.search(text, max(0, at - 8), at) or _apart(text, at)
        if (
            left
            and not is_placeholder(left["name"])
            and left["name"] not in cue_words()
            and NO_NAME.isdisjoint(left["name"][1:])
        ):
            yield left.span("name")


def _apart(text: str, at: int) -> re.Match[str] | None:
    """A name set wide, its characters those of names: 李铁 柱 男."""
    left = _WIDE.search(text, max(0, at - 10), at) if " " in text[max(0, at - 3) : at] else None
    name = left["name"].replace(" ", "") if left else ""
    full = 2 <= len(name) <= 4 and surname_of(name, rare=False) > 0
    return left if full and name_score(name) >= _LIKELY and name not in words() and not is_role(name) else None
