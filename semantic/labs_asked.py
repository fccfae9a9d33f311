"""Limits of values in a question or a criterion: "eGFR < 45", "haemoglobin from 60 to 90", "high prolactin"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from records.ids import ConceptId
from semantic.lab_values import Bounds
from semantic.labs import LabRules, Limit, Test, measure, mildest_first
from semantic.lexicon_fold import Folded, fold

OR: Final = re.compile(
    r"\s*[,，]?\s*(?:或者?|or|and/or|和/或|和[(]或[)])\s*(?:an?\s|the\s)?"
)  # joins what one will do of
LISTED: Final = re.compile(r"\s*[、,，]\s*")  # parts what is listed before it ("A、B或C")
_JOINT: Final = re.compile(f"{OR.pattern}|{LISTED.pattern}")
_NUMBER: Final = r"(?:负|-)?[0-9]+(?:\.[0-9]+)?"
_UNIT: Final = re.compile(
    r"(?:\s?[%‰℃μ×*/^][a-z0-9%μ/^.]*|\s?(?!or\b|and\b|in\b|with\b|to\b|as\b|at\b|for\b)[a-z][a-z0-9%μ/^.]*|度|分(?!钟)|次(?:/分)?|个|[厘毫]米|公?[斤克]|秒|万)?"
)
_ALIAS: Final = r"\s*+(?:[(][^()]{1,20}[)]|[)])?\s*+"  # "射血分数(LVEF)不到40%"
_NAMED: Final = (
    _ALIAS + r"(?:绝对值|值|水平|浓度|计数|levels?|counts?)?\s*+(?:of\s+)?(?:(?:is|was|are|were|that)\s+)*[(]?\s*+"
)
_ABOVE: Final = (
    r">|不低于|不少于|不小于|大于等于|大于或等于|高于|大于|超过|多于|超|至少|above|over|at least|"
    r"(?:more|greater|higher) than|exceeding|exceeds|no less than|not (?:below|under)"
)
_LOWER: Final = r"(?:\s?(?:mmhg)?\s?/\s?(?P<lower>[0-9]{2,3})(?![0-9]))?+"  # of a pressure, as 180/110
_BELOW: Final = (
    r"<|不高于|不超过|不大于|小于等于|小于或等于|低于|小于|少于|不足|不到|不满|未达|未到|至多|at most|"
    r"(?:falling |fell |dropped )?(?:below|under)|(?:less|lower|fewer) than|no more than|not (?:above|over)"
)
_WITH_ITS_END: Final = re.compile(
    "不低于|不少于|不小于|等于|至少|不高于|不超过|不大于|至多|at least|at most|no less|no more|not "
)
_LIMIT: Final = re.compile(
    rf"{_NAMED}(?:[≥≤]|>=|<=|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\s*+(?:了|过)?\s*+(?:=\s*+)?(?P<limit>{_NUMBER})"
    rf"{_LOWER}"
)
_SIGN: Final = re.compile(r"(?P<above>[>≥])|(?P<below>[<≤])")
_MOVED: Final = r"(?:[降升跌掉涨低高][低高]?[至到过]|达到?了?|在|等于|fell to|of|to)?\s*+"
_BEHIND: Final = re.compile(
    rf"{_NAMED}{_MOVED}(?P<limit>{_NUMBER}){_LOWER}"
    rf"{_UNIT.pattern}\s*+(?:(?P<above>及?或?以上|之上|or (?:more|higher|above|over|greater)|and (?:above|over|higher))"
    r"|(?P<below>及?或?以下|之下|以内|or (?:less|lower|below|under|fewer)|and (?:below|under|lower)))"
)
_SPAN: Final = re.compile(
    rf"{_NAMED}(?:在|介于|波动于|between\s+|from\s+)?\s*+(?P<low>{_NUMBER}){_UNIT.pattern}\s*+(?:[-~～—–至到和]{{1,2}}|and|to)\s*+"
    rf"(?P<limit>{_NUMBER})"
)
_UPPER: Final = 120  # from here on a limit from below is of the upper number of a pressure, and below it one from above
_TOWARDS: Final = re.compile(r"\s*+(?:之间|范围)")
_HIGH: Final = r"(?P<high>high|raised|elevated|increased|excess(?:ive)?|too much)"
_LOW: Final = r"(?:low|reduced|decreased|too little|lack of)"
_CALLED_BEFORE: Final = re.compile(
    rf"\b(?:{_HIGH}|{_LOW})\s+(?:(?:serum|blood|plasma|urine|urinary)\s+)?(?:levels?\s+of\s+)?$"
)
_CALLED: Final = re.compile(
    rf"s?\s*+(?:levels?|counts?)?\s*+(?:(?:is|are|was|too)\s+)*(?:{_HIGH}|{_LOW})\b"
    r"|(?:水平|浓度|计数|值)?(?:明显|显著|轻度|重度|严重|持续|太|过|偏|很)?(?:(?P<up>[高升]高?|增高|增多)|[低降]低?|减[低少]|下降)"
    r"(?![血脂钙钾钠尿热烧])"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A test with a limit in a question; the findings of the rules that imply it, the mildest first; and the one that
    falls `short` of it, for whom it may be so."""

    start: int
    end: int
    bounds: Bounds
    implying: tuple[ConceptId, ...]
    short: ConceptId | None

    @property
    def nearest(self) -> ConceptId | None:
        """The finding to think of where a value is not known, None where the rules have none in that direction."""
        return next(iter(self.implying), self.short)


def limits_in(rules: LabRules, folded: Folded) -> Iterator[Asked]:
    """Each limit in a question, as "haemoglobin below 60"; as one those of which one will do ("HbA1c>9%或eGFR<30"),
    and what is listed before them."""
    run: list[Asked] = []
    for asked in _each(rules, folded):
        if run and not _JOINT.fullmatch(folded.flat, run[-1].end, asked.start):
            yield from _as_one(folded.flat, run)
            run = []
        run.append(asked)
    yield from _as_one(folded.flat, run)


def _as_one(flat: str, run: Sequence[Asked]) -> Iterator[Asked]:
    last = max((at for at in range(1, len(run)) if OR.fullmatch(flat, run[at - 1].end, run[at].start)), default=0)
    if run:
        yield reduce(_joined, run[: last + 1])
        yield from run[last + 1 :]


def _joined(one: Asked, other: Asked) -> Asked:
    """Two limits of which one will do. A finding that falls short of one of them says nothing then."""
    bounds = replace(one.bounds, contrary=(), also=(*one.bounds.also, replace(other.bounds, contrary=())), paired=False)
    return Asked(one.start, other.end, bounds, tuple(dict.fromkeys((*one.implying, *other.implying))), None)


def _each(rules: LabRules, folded: Folded) -> Iterator[Asked]:
    stop = 0
    for start, end, name in rules.named_in(folded):
        written = _written(folded.flat, end) if start >= stop else None
        asked = _asked(rules, folded.flat, name, start, written) if written else None
        while asked and (more := OR.match(folded.flat, asked.end)) and _LIMIT.match(folded.flat, more.end()):
            written = _written(folded.flat, more.end())  # "HbA1c<7或>9"
            other = _asked(rules, folded.flat, name, more.end(), written) if written else None
            if other is None:
                break
            asked = _joined(asked, other)
        if asked:
            stop = asked.end
            yield asked


def _asked(rules: LabRules, flat: str, name: int, start: int, written: _Written) -> Asked | None:
    found = [one for test in rules.tests(name) if (one := _of(test, flat, written))]
    if not found:
        return None
    names = tuple(dict.fromkeys(one for each, *_ in found for one in each.tests))
    bounds = replace(found[0][0], tests=names, contrary=_contrary(found[0][0], rules.tests(name)))
    there = [each for _, _, limits in found for each in limits]
    implying = tuple(dict.fromkeys(each.finding for each in there if _implies(each, bounds)))
    short = [each.finding for each in there if not _implies(each, bounds) and each.finding not in implying]
    return Asked(start, max(each for _, each, _ in found), bounds, implying, short[-1] if short else None)


def _contrary(bounds: Bounds, tests: Sequence[Test]) -> tuple[ConceptId, ...]:
    """The findings of values on the other side of a limit ("羊水过多" for "羊水指数<5")."""
    if math.isinf(bounds.low) is math.isinf(bounds.high):
        return ()
    sign, edge = ("<", bounds.low) if math.isinf(bounds.high) else (">", bounds.high)
    there = (each for test in tests for each in mildest_first(test, sign))
    beyond = (each for each in there if (each.limit <= edge if sign == "<" else each.limit >= edge))
    return tuple(dict.fromkeys(each.finding for each in beyond))


def _implies(limit: Limit, bounds: Bounds) -> bool:
    """Whether every value beyond the limit lies within the bounds."""
    if limit.sign[0] == ">":
        return math.isinf(bounds.high) and limit.limit >= bounds.low
    return math.isinf(bounds.low) and limit.limit <= bounds.high


@dataclass(frozen=True, slots=True)
class _Written:
    """A limit as written: where its number, or its two, begin and end; the smaller one first. `lower`: the second
    number of a pressure."""

    numbers: tuple[tuple[int, int], ...]
    sign: str
    ends_in: bool
    stop: int
    lower: float | None = None


def _written(flat: str, end: int) -> _Written | None:
    if match := _LIMIT.match(flat, end):
        sign = _SIGN.search(match.group())
        above = bool(match["above"]) or bool(sign and sign["above"])
        ends_in = any(each in match.group() for each in "≥≤=") or _WITH_ITS_END.search(match.group()) is not None
        return _Written((match.span("limit"),), ">" if above else "<", ends_in, match.end(), _lower(match))
    if match := _BEHIND.match(flat, end):
        return _Written((match.span("limit"),), ">" if match["above"] else "<", True, match.end(), _lower(match))
    if match := _SPAN.match(flat, end):
        return _Written((match.span("low"), match.span("limit")), "", True, match.end())
    return None


def _lower(match: re.Match[str]) -> float | None:
    return float(match["lower"]) if match["lower"] else None


def _of(test: Test, flat: str, written: _Written) -> tuple[Bounds, int, list[Limit]] | None:
    """(bounds, end, limits of the test in their direction) of a limit as one test's unit reads it; None for a number
    that no unit fits."""
    if written.lower is not None and not test.pair:
        return None
    values, stop = list[float](), written.stop
    for start, end in written.numbers:
        digits = flat[start:end].lstrip("负-")
        minus = len(digits) < end - start
        read = measure(test, flat, digits, written.numbers[-1][1], minus)  # "60-90 g/L"
        value = read[0] if read else _likely(test, float(digits) * (-1 if minus else 1))
        if value is None:
            return None
        values.append(value)
        unit = _UNIT.match(flat, written.stop)
        stop = max(stop, read[1] if read else unit.end() if unit else 0)
    if towards := _TOWARDS.match(flat, stop):
        stop = towards.end()
    if test.pair:
        return _of_a_pair(test, values[0], written, stop)
    ends_in, tests = written.ends_in, (test.kept, *test.covers)
    if written.sign == ">":
        return Bounds(tests, low=values[0], low_in=ends_in), stop, mildest_first(test, ">")
    if written.sign == "<":
        return Bounds(tests, high=values[0], high_in=ends_in), stop, mildest_first(test, "<")
    if values[0] >= values[1]:
        return None
    between = [each for each in (*mildest_first(test, "<"), *mildest_first(test, ">")) if each.holds(sum(values) / 2)]
    return Bounds(tests, values[0], values[1], low_in=True, high_in=True), stop, between


def _of_a_pair(test: Test, upper: float, written: _Written, stop: int) -> tuple[Bounds, int, list[Limit]] | None:
    """The same for "180/110", beyond which is who is so in either number; but below "140/90" only who is in both. One
    number is taken if only the upper can be it."""
    high = written.sign == ">"
    if high and written.lower is None and upper < _UPPER:
        return None
    edges = [edge for edge in (upper, written.lower) if edge is not None]
    ways = [
        Bounds((name,), low=edge, low_in=written.ends_in)
        if high
        else Bounds((name,), high=edge, high_in=written.ends_in)
        for name, edge in zip(test.pair, edges, strict=False)
    ]
    there = [each for each in test.limits if each.sign[0] == written.sign and not each.second]
    every = not high and upper >= _UPPER
    bounds = replace(ways[0], also=tuple(ways[1:]), paired=True, every=every)
    return bounds, stop, sorted(there, key=lambda each: each.limit if high else -each.limit)


def _likely(test: Test, number: float) -> float | None:
    """A number whose unit is not said in the unit of the limits: as it is where it can be measured so, else in the only
    unit in which it can ("haemoglobin less than 8")."""
    if any(unit.bare and unit.low <= number <= unit.high for unit in test.units) or not test.units:
        return number
    fits = {unit.factor for unit in test.units if unit.low <= number <= unit.high}
    return number * fits.pop() if len(fits) == 1 else None


def called(rules: LabRules, folded: Folded) -> Iterator[tuple[int, int, ConceptId]]:
    """(start, end, finding) for each test that a question calls high or low ("high prolactin"): the mildest finding
    in that direction."""
    for start, end, name in rules.named_in(folded):
        before, behind = _CALLED_BEFORE.search(folded.flat[:start]), _CALLED.match(folded.flat, end)
        word = before or behind
        if word is None:
            continue
        sign = ">" if any(word.groupdict().values()) else "<"
        there = [each for test in rules.tests(name) for each in mildest_first(test, sign)]
        if there:
            mildest = min(there, key=lambda each: each.limit if sign == ">" else -each.limit)
            yield before.start() if before else start, behind.end() if behind else end, mildest.finding


def criterion(rules: LabRules, words: str) -> Asked | None:
    """What a criterion such as "eGFR < 45", "HbA1c ≥ 6.5 %" or "HbA1c > 9 % or eGFR < 30" asks, None when it is no test
    with a limit and nothing else."""
    folded = fold(words.strip())
    found = next(limits_in(rules, folded), None)
    return found if found and not found.start and not folded.flat[found.end :].strip() else None
