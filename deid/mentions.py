"""Mentions of a document's people that are no copy of a name: torn or misread, a surname beside a tick, a speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from deid.leads import led
from deid.likeness import NO_NAME, rare_surnames, right_edge, surname_of
from deid.lists import given, lines_of, medical_words, surnames, words
from deid.naming import is_placeholder
from deid.recognizers.person_title import is_role
from deid.spans import Finding
from records.entities import Entity

_TORN: Final = re.compile(r"(?:[\u4e00-\u9fff] ?){2,4}")
_SEX: Final = re.compile(r" +[男女]$")


def squeezed(value: str, *, rare: bool) -> str:
    """A name without the gaps in it and the sex after it, as it stands where it is not torn; `rare` as in likeness."""
    plain = _SEX.sub("", value)
    if " " not in plain or not _TORN.fullmatch(plain):
        return value
    name = plain.replace(" ", "")
    return name if surname_of(name, rare=rare) else value


@cache
def similar() -> dict[str, frozenset[str]]:
    """Characters that scanners take for one another."""
    table: dict[str, set[str]] = {}
    for line in lines_of("lookalikes.txt") + lines_of("lookalikes_more.txt"):
        for group in line.split():
            for char in group:
                table.setdefault(char, set()).update(group)
    return {char: frozenset(group - {char}) for char, group in table.items()}


def torn(name: str) -> Iterator[str]:
    """A name with gaps."""
    for at in range(1, len(name)):
        yield from (f"{name[:at]}{gap}{name[at:]}" for gap in (" ", "  "))
    yield " ".join(name)


def misread(name: str) -> Iterator[str]:
    """A name with one character taken for another; none that is a word."""
    for at, char in enumerate(name):
        for other in similar().get(char, ()):
            form = name[:at] + other + name[at + 1 :]
            if form not in words():
                yield form


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no character of a word stands left of a place, and nothing of one right of it."""
    return not "\u4e00" <= text[start - 1 : start] <= "\u9fff" and right_edge(text, end) >= _ACTING


_ACTING: Final = 2.0  # the edge of a name before what people do
_TICKED: Final = re.compile(r"[✓✔√☑/|] ?(?P<who>[\u4e00-\u9fff])(?= {0,2}(?:[|/,;。)\n✓✔√☑]|$))")
# A tick or bar says these of what is not a person: colours, sides, answers.
_AMBIGUOUS: Final = frozenset("红黄白蓝青紫黑左右双单高低平全时常方正反阴阳男女有无多少好中大小老门车卜包元年月日天位")
_USUAL: Final = 10


def ticked(text: str, people: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Surnames alone beside a tick, a bar or a slash: of people of the document, or after a slash and a name."""
    for match in _TICKED.finditer(text):
        mark, who, at = match.group()[0], match["who"], match.start()
        if surnames().get(who, 0) < _USUAL and who not in rare_surnames():
            continue
        if who in _AMBIGUOUS:
            known = any(text[one.start] == who and text[one.start - 1 : one.start] == mark for one in people)
        else:
            known = any(text[one.start] == who or (mark == "/" and at - 1 <= one.end <= at) for one in people)
        if known:
            yield match.span("who")


_SPEAKER: Final = led(r"[\u4e00-\u9fff]{2,3}(?= ?:(?![0-9]))")
_LEAST: Final = 2  # speakers found that make a text a talk


def speakers(text: str, people: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Who speaks in a text where others do, though the name is one misread, or a word: 雷呜:..., 水清浅:..."""
    said = [one for one in people if text.startswith((":", " :"), one.end) and _begins(text, one.start)]
    if len({text[one.start : one.end] for one in said}) < _LEAST:
        return
    for one in _SPEAKER.finditer(text):
        if _begins(text, one.start()) and could_be(one.group()):
            yield one.span()


def _begins(text: str, at: int) -> bool:
    left = text[at - 1 : at]
    return not left or left in ' \n。;"”|'


def could_be(name: str) -> bool:
    """Whether a stretch of two or three characters where only people stand can be a name."""
    if name[-1] in _OF_LABELS or name in words() or name in medical_words() or is_placeholder(name) or is_role(name):
        return False
    size = surname_of(name, rare=True)
    last = name[-1] in given() or any(char in given() for char in similar().get(name[-1], ()))
    return size > 0 and last and NO_NAME.isdisjoint(name[1:])


_OF_LABELS: Final = frozenset("人者员")  # how words for a part somebody takes end (来访人)


def found(places: Iterable[tuple[int, int]], rule: str, why: str) -> list[Finding]:
    """Those places as people."""
    return [Finding(start, end, Entity.PERSON, f"propagated.{rule}", 0.65, why) for start, end in places]
