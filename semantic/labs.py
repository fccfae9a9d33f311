"""Turns measured values into findings by the rules of data/concepts/labs.toml. A value of unknown unit says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NoReturn

import ahocorasick_rs

from records.errors import BadInput
from records.ids import ConceptId
from records.paths import data_dir
from semantic.lexicon_concept import Found
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_match import longest

_BETWEEN: Final = (
    r"\s*+(?:\([^()\n]{0,20}\))?\s*+[:=]?\s*+"
    r"(?:检查结果|测定值|结果为|结果|检测|测定|水平|浓度|定量|波动于|波动在|最高达|最高|升高至|升至|下降至|降至|高达|低至|仅为|仅|约为|约|是|为|达|示|在|于"
    r"|长期|反复|持续|一直|多次|最低|峰值|复查|急查|今|现|又|仍|已|[升降掉跌涨减增][至到]|(?:升高|下降|上升)到|绝对值|计数|was|is|of|at)*+"
    r"\s*+[:=]?\s*+[↑↓]?\s*+"
)
_NUMBER: Final = r"(?P<sign>-?)(?P<value>[0-9]{1,7}(?:\.[0-9]{1,4})?)"
_MOVES: Final = (
    r"(?:[渐逐步快速迅又已后最]{0,3}(?:升高|上升|回升|升|涨|增加|增|下降|回落|降低|降|跌|掉|减少|减|恢复|纠正)?[至到]"
    r"|[渐逐步快速迅又已后最]{0,3}(?:升|涨|增|降|跌|掉|减)(?:高|低|加|少)?为|to(?= )|[→➔]|[-=]{1,3}>)"
)
_TWO: Final = re.compile(
    rf"{_BETWEEN}(?P<from>由|从|自|from)?\s*{_NUMBER}(?:[a-zμ%℃/×][a-z0-9μ%/^×.*]{{0,11}}?|\s?[a-z0-9μ^×.*]{{0,6}}/[a-z0-9μ.]{{1,7}}|万)?\s*"
    rf"(?:(?P<moves>{_MOVES})|[-~～—–至到]{{1,2}})\s*(?P<second>[0-9]{{1,7}}(?:\.[0-9]{{1,4}})?)"
)  # "2.7~3.1", "由122升到133", "98→312"
_GOAL: Final = re.compile(r"(?:目标|控制|维持|保持|使|参考|正常|需|target|goal|keep)[^,.;，。；]{0,4}$")
_REFERENCE: Final = re.compile(
    r"\s*(?!m?[lg]\b)(?:[a-zμ/%]{0,10})\s*[(\[](?:参考值?|参考范围|正常值?|正常范围|ref|n)?\s*[:：]?\s*"
    r"(?:(?P<below><=?|≤)|(?P<low>\d+(?:\.\d+)?)\s*[-~～—–])\s*(?P<high>\d+(?:\.\d+)?)[!-'*-Z^-z×μ ]{0,10}[)\]]"
)  # the laboratory's own limits: "12.4(0-0.55)"
_VALUE: Final = re.compile(_BETWEEN + r"(?:>=|<=|[<>≥≤])?\s*" + _NUMBER)
_PAIR: Final = re.compile(_BETWEEN + r"(?P<value>[0-9]{2,3})\s*/\s*(?P<second>[0-9]{2,3})")
_POSITIVE: Final = re.compile(_BETWEEN + r"\(?(?:阳性|强阳性|弱阳性|[1-4]?\+{1,4}|\+[1-4]|positive)\)?")
_RANGE: Final = re.compile(r"\s*(?:[-~～—–至到]{1,2})\s*[0-9]")
_OTHER_UNIT: Final = re.compile(
    r"\s*(?:[%‰μ×*/°℃^万千亿]|[0-9.:]|年|月|日|天|周|时|小时|分|岁|次|片|粒(?!\s?[0-9])|支|个|块|孔|枚|根|层|杯|袋|瓶|盒|只|针|倍|代|级|期|度|元|号|床|-)|[a-z]"
    r"|\s+(?:[munpkf]?(?:mol|g|l|m|eq|iu|u|s|pa|osm)|cm|mm[hg2o]*|cmh2o|copies|cfu|bpm|fl|pp[mb]|[wdhky]|min|sec)(?![a-z])"
)  # what stands apart is a unit only if it is one: "PaCO2 88 pH7.21"
_WHEN: Final = re.compile(r"(?:(?P<part>first|second) )?(?P<sign>>=|<=|>|<) (?P<limit>-?[0-9.]+)")
_ASKED: Final = re.compile(
    r"(?P<name>.+?)\s*(?P<sign>>=|<=|[<>≥≤]|低于|小于|高于|大于|不低于|不高于|below|above|under|over)\s*"
    r"(?P<limit>-?[0-9]+(?:\.[0-9]+)?)\s*(?:[a-z%‰μ×*/^][^<>]*)?"
)
_LIMIT: Final = re.compile(
    r"\s*(?:值|水平|浓度|计数|level|count)?\s*(?:of\s+)?(?:is\s+|was\s+)?"
    r"(?P<sign>>=|<=|[<>≥≤]|低于|小于|不足|高于|大于|超过|不低于|不高于|below|under|less than|lower than|above|over|"
    r"more than|greater than|higher than|exceeding)\s*(?P<limit>负?-?[0-9]+(?:\.[0-9]+)?)"
    r"\s*(?:[a-z%‰μ×*/^][a-z0-9%μ/^]*)?"
)
_HIGH: Final = r"(?P<high>high|raised|elevated|increased|excess(?:ive)?|too much)"
_LOW: Final = r"(?:low|reduced|decreased|too little|lack of)"
_CALLED_BEFORE: Final = re.compile(
    rf"\b(?:{_HIGH}|{_LOW})\s+(?:(?:serum|blood|plasma|urine|urinary)\s+)?(?:levels?\s+of\s+)?$"
)
_CALLED: Final = re.compile(
    rf"s?\s*(?:levels?|counts?)?\s*(?:(?:is|are|was|too)\s+)*(?:{_HIGH}|{_LOW})\b"
    r"|(?:水平|浓度|计数|值)?(?:明显|显著|轻度|重度|严重|持续|太|过|偏|很)?(?:(?P<up>[高升]高?|增高|增多)|[低降]低?|减[低少]|下降)"
    r"(?![血脂钙钾钠尿热烧])"
)
_SIGNS: Final = {
    **dict.fromkeys(("≥", "高于", "大于", "不低于", "超过", "above", "over"), ">"),
    **dict.fromkeys(("more than", "greater than", "higher than", "exceeding"), ">"),
    **dict.fromkeys(("≤", "低于", "小于", "不高于", "不足", "below", "under", "less than", "lower than"), "<"),
}
_TOUCHING: Final = re.compile(r"(?P<whole>[0-9]+)(?P<decimals>\.[0-9]+)?(?![0-9a-z])")
_TOUCHING_LETTERS: Final = 3  # letters and digits together
_BEFORE_CLIPPED: Final = ("查", "今", "示", "晨", "现", "为")
_TEN_TO: Final = re.compile(r"10\^([0-9])/")


@dataclass(frozen=True, slots=True)
class Unit:
    """One way to write the unit: value × factor is in the unit of the limits; `low`..`high` is what can be measured."""

    pattern: re.Pattern[str] | None
    factor: float
    low: float
    high: float
    bare: bool
    decimals: bool  # whether it may be left out only behind a number with decimals ("T 39.6", never "T 39")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and the finding beyond it; `second` applies it to the lower number of a pair such as 160/100."""

    sign: str
    limit: float
    finding: ConceptId
    second: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies beyond the limit."""
        return {
            ">=": value >= self.limit,
            ">": value > self.limit,
            "<=": value <= self.limit,
            "<": value < self.limit,
        }[self.sign]


@dataclass(frozen=True, slots=True)
class Test:
    """One laboratory test or bedside measurement."""

    id: str
    units: tuple[Unit, ...]
    limits: tuple[Limit, ...]
    positive: ConceptId | None
    pair: bool
    clipped: bool  # its names are single characters, which must not stand in a word ("板19", never "钢板10")


@dataclass(frozen=True, slots=True)
class LabFinding:
    """A finding that a value speaks for: where name and value stand, and the rule ("lab:hba1c>=6.5")."""

    found: Found
    rule: str


class LabRules:
    """All rules; find them in a text with `findings`."""

    def __init__(self, tests: list[tuple[tuple[str, ...], Test]]) -> None:
        owners: dict[str, list[Test]] = {}
        for names, test in tests:
            for name in names:
                others = owners.setdefault(flatten(name), [])
                for other in others:
                    if other is not test and _overlap(other, test):
                        _refuse(test.id, f"the name '{name}' also stands at {other.id} with the same values")
                others.append(test)
        names_sorted = sorted(owners)
        self._tests = [tuple(owners[name]) for name in names_sorted]
        self._alone = [any(test.clipped for test in tests) for tests in self._tests]
        self._named = {name: first for name, (first, *_) in owners.items()}
        self._automaton = ahocorasick_rs.AhoCorasick(names_sorted, store_patterns=False)
        self.targets = frozenset(
            target
            for _, test in tests
            for target in (*(limit.finding for limit in test.limits), *([test.positive] if test.positive else []))
        )

    def beyond(self, words: str) -> tuple[ConceptId, ...]:
        """What "eGFR < 60" or "HbA1c ≥ 6.5 %" names: the findings of the test's limits in that direction, from the one
        written to the furthest; empty when it is no test with a limit. BadInput when the test has other limits."""
        asked = _ASKED.fullmatch(flatten(words))
        test = self._named.get(asked["name"].strip()) if asked else None
        if asked is None or test is None:
            return ()
        sign = _SIGNS.get(asked["sign"], asked["sign"])[0]
        limits = [each for each in test.limits if each.sign[0] == sign and not each.second]
        written = float(asked["limit"])
        if written not in {each.limit for each in limits}:
            known = ", ".join(f"{each.sign} {each.limit:g}" for each in limits) or "none"
            raise BadInput("unknown_limit", f"The archive reads '{words}' with other limits: {known}.")
        further = [each for each in limits if (each.limit >= written if sign == ">" else each.limit <= written)]
        further.sort(key=lambda each: abs(each.limit - written))
        return tuple(dict.fromkeys(each.finding for each in further))

    def asked(self, folded: Folded) -> Iterator[tuple[int, int, ConceptId]]:
        """(start, end, finding) for each limit in a question ("haemoglobin below 60"): the mildest finding that lies
        beyond it, else the furthest one in its direction."""
        for start, end, name in self._named_in(folded):
            limit = _LIMIT.match(folded.flat, end)
            if limit is None:
                continue
            sign, written = _SIGNS.get(limit["sign"], limit["sign"])[0], float(limit["limit"].replace("负", "-"))
            known = chain.from_iterable(test.limits for test in self._tests[name])
            there = [each for each in known if each.sign[0] == sign and not each.second]
            beyond = [each for each in there if (each.limit >= written if sign == ">" else each.limit <= written)]
            if there:
                mildest = min(beyond, key=lambda each: abs(each.limit - written)) if beyond else there[0]
                yield start, limit.end(), mildest.finding

    def called(self, folded: Folded) -> Iterator[tuple[int, int, ConceptId]]:
        """(start, end, finding) for each test that a question calls high or low ("high prolactin"): the mildest finding
        in that direction."""
        for start, end, name in self._named_in(folded):
            before, behind = _CALLED_BEFORE.search(folded.flat[:start]), _CALLED.match(folded.flat, end)
            called = before or behind
            if called is None:
                continue
            sign = ">" if any(called.groupdict().values()) else "<"
            known = chain.from_iterable(test.limits for test in self._tests[name])
            there = [each for each in known if each.sign[0] == sign and not each.second]
            if there:
                mildest = min(there, key=lambda each: each.limit if sign == ">" else -each.limit)
                yield before.start() if before else start, behind.end() if behind else end, mildest.finding

    def findings(self, text: str, folded: Folded) -> Iterator[LabFinding]:
        """Findings of a text, in order; one value may speak for one finding only."""
        for start, end, name in self._named_in(folded):
            read = next(filter(None, (_read(test, folded.flat, end) for test in self._tests[name])), None)
            if read is not None:
                finding, stop, rule = read
                yield LabFinding(Found(finding, start, stop, text[start:stop]), rule)

    def in_order(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """(start, end) of each test whose value lies beyond none of its limits."""
        for start, end, name in self._named_in(folded):
            match = None if _TWO.match(folded.flat, end) else _VALUE.match(folded.flat, end)
            if match is None or _RANGE.match(folded.flat, match.end()):
                continue
            for test in self._tests[name]:
                measured = _measured(test, folded.flat, match) if test.limits and not test.pair else None
                if measured is not None:
                    if not any(limit.holds(measured[0]) for limit in test.limits):
                        yield start, measured[1]
                    break

    def _named_in(self, folded: Folded) -> list[tuple[int, int, int]]:
        """Where tests are named: start, end, number of the name."""
        found = self._automaton.find_matches_as_indexes(folded.flat, overlapping=True)
        flat = folded.flat
        stands = (each for each in found if folded.bounded(*each[1:]) or _touches_value(flat, *each[1:]))
        alone = self._alone
        return longest(
            [(start, end, name) for name, start, end in stands if not alone[name] or _apart(flat, start, end)]
        )


def _apart(flat: str, start: int, end: int) -> bool:
    """Whether this is no piece of a Chinese word, and no measure word ("2粒 0.5")."""
    before = flat[:start].rstrip(" ")[-1:]
    measure = before.isdigit() and flat.startswith(" ", end)
    return not measure and (not "一" <= before <= "鿿" or before in _BEFORE_CLIPPED)


def _touches_value(flat: str, start: int, end: int) -> bool:
    """Whether a name stands right before its value ("Hb48"). Short names may be parts of words ("K1", "CK7"): they need
    more of a number."""
    if start and flat[start - 1].isascii() and flat[start - 1].isalnum():
        return False
    value = _TOUCHING.match(flat, end) if flat[start:end].isascii() else None
    if value is None:
        return False
    return value["decimals"] is not None or len(value["whole"]) + end - start > _TOUCHING_LETTERS


def _overlap(one: Test, other: Test) -> bool:
    """Whether a bare number could be a value of both."""
    spans = [[(unit.low, unit.high) for unit in test.units if unit.bare] for test in (one, other)]
    return any(low <= other_high and other_low <= high for low, high in spans[0] for other_low, other_high in spans[1])


def _read(test: Test, flat: str, end: int) -> tuple[ConceptId, int, str] | None:
    """(finding, where the value ends, rule) for the value behind a test's name, None where it says nothing."""
    if test.pair:
        return _read_pair(test, flat, end)
    if two := _TWO.match(flat, end):
        return _read_two(test, flat, two)
    match = _VALUE.match(flat, end)
    if match is not None and not _RANGE.match(flat, match.end()):
        measured = _measured(test, flat, match)
        if measured is not None:
            value, stop = measured
            return next((_finding(test, each, stop) for each in test.limits if each.holds(value)), None)
        if (beyond := _beyond_reference(test, flat, match)) is not None:
            return beyond
    if test.positive is not None and (sign := _POSITIVE.match(flat, end)):
        return test.positive, sign.end(), f"lab:{test.id}+"
    return None


def _finding(test: Test, limit: Limit, stop: int) -> tuple[ConceptId, int, str]:
    return limit.finding, stop, f"lab:{test.id}{limit.sign}{limit.limit:g}"


def _read_two(test: Test, flat: str, match: re.Match[str]) -> tuple[ConceptId, int, str] | None:
    """The finding of two values: of a range, what both lie beyond; of a value that moved, what the last does."""
    both = [_measured(test, flat, match, group) for group in ("value", "second")]
    values = [each[0] for each in both if each is not None]
    moved = match["from"] or match["moves"]
    if len(values) < len(both) or (not moved and _GOAL.search(flat[max(0, match.start() - 12) : match.start()])):
        return None
    stop = max(each[1] for each in both if each is not None)
    first, last = values
    held = (each for each in test.limits if each.holds(last) and (moved or each.holds(first)))
    return next((_finding(test, each, stop) for each in held), None)


def _beyond_reference(test: Test, flat: str, match: re.Match[str]) -> tuple[ConceptId, int, str] | None:
    """The mildest finding of a value beyond the limits written behind it, whatever its unit."""
    written = _REFERENCE.match(flat, match.end())
    if written is None or match["sign"]:
        return None
    value, low = float(match["value"]), float(written["low"] or 0)
    sign = ">" if value > float(written["high"]) else "<" if value < low else ""
    there = [each for each in test.limits if sign and each.sign[0] == sign and not each.second]
    if not there:
        return None
    mildest = min(there, key=lambda each: each.limit if sign == ">" else -each.limit)
    return _finding(test, mildest, written.end())


def _read_pair(test: Test, flat: str, end: int) -> tuple[ConceptId, int, str] | None:
    match = _PAIR.match(flat, end)
    if match is None:
        return None
    values = (float(match["value"]), float(match["second"]))
    if not all(test.units[0].low <= value <= test.units[0].high for value in values) or values[0] <= values[1]:
        return None
    for limit in test.limits:
        if limit.holds(values[limit.second]):
            return _finding(test, limit, match.end())
    return None


def _measured(test: Test, flat: str, match: re.Match[str], group: str = "value") -> tuple[float, int] | None:
    """(value in the unit of the limits, end), None when the unit is unknown, missing or the value impossible. The unit
    stands behind all that matched."""
    if match["sign"] and match.start("sign") and flat[match.start("sign") - 1].isalnum():
        return None
    value = float(match[group]) * (-1 if match["sign"] and group == "value" else 1)
    for unit in test.units:
        written = unit.pattern.match(flat, match.end()) if unit.pattern else None
        if written is not None:
            return (value * unit.factor, written.end()) if unit.low <= value <= unit.high else None
    if _OTHER_UNIT.match(flat, match.end()):
        return None
    bare = [unit for unit in test.units if unit.bare and ("." in match[group] or not unit.decimals)]
    fits = [unit for unit in bare if unit.low <= value <= unit.high]
    return (value * fits[0].factor, match.end()) if len(fits) == 1 else None


@lru_cache(maxsize=2)
def load_labs(path: Path | None = None) -> LabRules:
    """The shipped rules, or those of another file; BadInput names the test that is wrong."""
    document = read_toml(path or data_dir() / "concepts" / "labs.toml")
    return LabRules([_test(block) for block in document.get("test", [])])


def _refuse(test: str, why: str) -> NoReturn:
    raise BadInput("lexicon_invalid", f"Lexicon file labs.toml, test '{test}': {why}.")


def _test(block: Mapping[str, Any]) -> tuple[tuple[str, ...], Test]:
    identity = str(block.get("id", ""))
    names = tuple(str(name) for name in block.get("names", []))
    if not identity or not names or not block.get("units"):
        _refuse(identity, "it needs id, names and units")
    limits = []
    for rule in block.get("rule", []):
        when = _WHEN.fullmatch(str(rule.get("when", "")))
        if when is None:
            _refuse(identity, f"'{rule.get('when')}' is no limit such as '>= 6.5'")
        finding = ConceptId(str(rule.get("finding", "")))
        limits.append(Limit(when["sign"], float(when["limit"]), finding, when["part"] == "second"))
    positive = block.get("positive")
    units = tuple(_unit(each) for each in block["units"])
    test = Test(
        identity,
        units,
        tuple(limits),
        ConceptId(positive) if positive else None,
        bool(block.get("pair", False)),
        bool(block.get("clipped", False)),
    )
    return names, test


def _unit(block: Mapping[str, Any]) -> Unit:
    low, high = block["range"]
    return Unit(
        _unit_pattern(str(block["unit"])),
        float(block["factor"]),
        float(low),
        float(high),
        bool(block.get("bare")),
        bool(block.get("decimals")),
    )


def _unit_pattern(unit: str) -> re.Pattern[str] | None:
    """A unit as a regex over folded text: u may be μ, 10^9 may be ×10⁹, white space may stand anywhere."""
    if not unit:
        return None
    flat = flatten(unit)
    ten = _TEN_TO.match(flat)
    head = ""
    if ten is not None:
        head = rf"[×x*]?\s*10\s*[\^*]?\s*{ten[1]}\s*/\s*"
        flat = flat[ten.end() :]
    body = r"\s*".join("[uμ]" if char == "u" else re.escape(char) for char in flat)
    return re.compile(rf"\s*{head}{body}(?![a-z0-9/])")
