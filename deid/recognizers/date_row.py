"""Months with days by the others of their line or kind: several of one writing that go up as days do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from deid.document import Document
from deid.leads import led, matches
from deid.recognizers.date_event import MEASURED
from deid.recognizers.date_parts import is_day
from deid.recognizers.date_slash import READING, SLASH_NOT, UNIT
from deid.spans import Finding
from records.entities import Entity

_M: Final = r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|[1-9])"
_BARE: Final = r"(?<![0-9A-Za-z.\-%+×*<>=≤≥±^/])"  # nothing of a number or a comparison before it
_DAY: Final = led(
    rf"(?:{_BARE}|(?<=\.\d[/~\-])|(?<=\.\d\d[/~\-]))(?P<m>1[0-2]|[1-9])\.(?P<d>3[01]|[12]\d|[1-9])"
    r"(?![0-9%°℃μ.^×*+±]|[A-Za-z]{2}|[a-z]|[/~\-]\d{1,3}(?![0-9.]))"
)
_ROW: Final = led(rf"{_BARE}{_M}(?:[/~\-]{_M}){{1,7}}(?![0-9%°℃μ./~\-^×*+±]|[A-Za-z])")  # 3.2/3.5/3.8, 3.7~3.12
_LABEL: Final = led(rf"日期\s?:\s?(?P<row>{_M}(?:[ 、,;/]{{1,2}}{_M}(?![0-9.%])){{1,11}})")
# A day that somebody kept, or did not: 11/20√ 11/21√ 11/23×.
_TICKED: Final = led(
    r"(?<![0-9A-Za-z./\-])(?P<m>1[0-2]|0?[1-9])(?P<sep>[/.\-])(?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?: ?[√✓✔☑✗✘]| ?[×xX](?=[ ,、;。\n]|$))"
)
_CLAUSE: Final = re.compile(r"(?:^|[。;:,、(\[→ ])$")
_WORD: Final = re.compile(r"[\u4e00-\u9fff]{2}")
_PARTS: Final = re.compile(r"(\d{1,2})\.(\d{1,2})")
_FEWEST: Final = 3  # days of a line that need no word beside each
_WIDEST: Final = 70  # days from the first to the last, months counted as thirty-one


class DateRow:
    """Decimals of one reading have as many places; days of a course go up and have one figure or two, ticked or not."""

    name = "date_row"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text, places = doc.text, doc.pairs
        if not places:
            return []
        found = [self._found(m.start(), m.end("d"), "days that were ticked") for m in _ticked(text, places)]
        if "." not in text:
            return found
        found += [self._found(*m.span("row"), "days after their label") for m in _LABEL.finditer(text)]
        for match in matches(_ROW, text, places):
            days = [(int(m), int(d)) for m, d in _PARTS.findall(match.group())]
            if _course(days) and not _read(text, match.start(), match.end()):
                found.append(self._found(*match.span(), "days that go up"))
        for line in _lines(text, places):
            found += [self._found(m.start(), m.end("d"), "days of one line that go up") for m in line]
        return found

    def _found(self, start: int, end: int, why: str) -> Finding:
        return Finding(start, end, self.entity, "date_row.course", 0.6, why)


_TICKS: Final = "√✓✔☑✗✘×xX"


def _ticked(text: str, places: list[int]) -> Iterator[re.Match[str]]:
    """What was ticked, where it goes up as days do: marks of a score (3/5√ 4/5√) have one whole."""
    row: list[re.Match[str]] = []
    for match in matches(_TICKED, text, places) if any(mark in text for mark in _TICKS) else ():
        if not is_day(int(match["m"]), int(match["d"])):
            continue
        if row and not _goes_on(row[-1], match):
            yield from _of_days(row)
            row = []
        row.append(match)
    yield from _of_days(row)


def _goes_on(day: re.Match[str], later: re.Match[str]) -> bool:
    """Whether a later day comes soon enough: within two weeks where both may be parts of a whole (2/5√ 3/4√)."""
    parts = all(int(one["m"]) <= int(one["d"]) for one in (day, later))
    apart = (_count(later) - _count(day)) % _YEAR
    return day["sep"] == later["sep"] and 0 < apart <= (_WEEKS if parts else _MONTH)


def _of_days(row: list[re.Match[str]]) -> list[re.Match[str]]:
    return row if len({match["d"] for match in row}) > 1 else []


def _count(day: re.Match[str]) -> int:
    return int(day["m"]) * 31 + int(day["d"])


_YEAR: Final = 12 * 31  # days as they are counted here
_WEEKS, _MONTH = 14, 31  # days from one tick to the next


def _lines(text: str, places: list[int]) -> Iterator[list[re.Match[str]]]:
    """The days of each line that make a course."""
    row: list[re.Match[str]] = []
    reached = 0
    for match in matches(_DAY, text, places):
        if "\n" in text[reached : match.start()]:
            if _kept(text, row):
                yield row
            row = []
        reached = match.end()
        if not _read(text, match.start(), match.end()):
            row.append(match)
    if _kept(text, row):
        yield row


def _kept(text: str, row: list[re.Match[str]]) -> bool:
    if not _course([(int(m["m"]), int(m["d"])) for m in row]):
        return False
    if len(row) >= _FEWEST:
        return True
    lefts = [text[max(0, m.start() - 12) : m.start()] for m in row]
    begun = all(_CLAUSE.search(left) and not SLASH_NOT.search(left) for left in lefts)
    return begun and all(_WORD.match(text, m.end()) for m in row)


def _course(days: list[tuple[int, int]]) -> bool:
    """Whether they go up within weeks, some of one figure and some of two."""
    if len(days) < 2 or not all(is_day(month, day) for month, day in days):
        return False
    counts = [month * 31 + day for month, day in days]
    mixed = len({day > 9 for _, day in days}) == 2
    return mixed and all(one < other for one, other in pairwise(counts)) and counts[-1] - counts[0] <= _WIDEST


def _read(text: str, start: int, end: int) -> bool:
    """Whether what stands beside it says that it measures something."""
    left = text[max(0, start - 12) : start]
    return bool(UNIT.match(text, end) or MEASURED.ends(left) or READING.search(left))
