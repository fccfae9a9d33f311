"""Reads measured values, and what they speak for, by data/concepts/labs.toml. A value of unknown unit says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn

import ahocorasick_rs

from records.errors import BadInput
from records.ids import ConceptId
from records.paths import data_dir
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_match import longest

LAB: Final = "lab:"  # begins the rule of whatever a value said
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
_VALUE: Final = re.compile(_BETWEEN + r"(?P<than>>=|<=|[<>≥≤])?\s*+" + _NUMBER)
_PAIR: Final = re.compile(_BETWEEN + r"(?P<value>[0-9]{2,3})\s*/\s*(?P<second>[0-9]{2,3})")
_POSITIVE: Final = re.compile(_BETWEEN + r"\(?(?:阳性|强阳性|弱阳性|[1-4]?\+{1,4}|\+[1-4]|positive)\)?")
_AIMED: Final = re.compile(
    r"(?:目标|控制在?|维持|保持|使|参考值?[:：]?|正常值?[:：]?|target|goal|keep|若|如果?|当|一旦|if|when|once|until|aim)[^,.;，。；]{0,6}$"
)
_THEN: Final = re.compile(r"\s?(?:时|者|则|再|需|应|可|予|给|即|暂|停|禁|输|口服|及时|then|give|hold|transfuse)")
_BEYOND: Final = 0.01  # a value behind < or > is taken for so much less or more
_RANGE: Final = re.compile(r"\s*(?:[-~～—–至到]{1,2})\s*[0-9]")
_OTHER_UNIT: Final = re.compile(
    r"\s*(?:[%‰μ×*/°℃^万千亿]|[0-9.:]|年|月|日|天|周|时|小时|分|岁|次|片|粒(?!\s?[0-9])|支|个|块|孔|枚|根|层|杯|袋|瓶|盒|只|针|倍|代|级|期|度|元|号|床|-)|[a-z]"
    r"|\s+(?:[munpkf]?(?:mol|g|l|m|eq|iu|u|s|pa|osm)|cm|mm[hg2o]*|cmh2o|copies|cfu|bpm|fl|pp[mb]|[wdhky]|min|sec)(?![a-z])"
)  # what stands apart is a unit only if it is one: "PaCO2 88 pH7.21"
_WHEN: Final = re.compile(r"(?:(?P<part>first|second) )?(?P<sign>>=|<=|>|<) (?P<limit>-?[0-9.]+)")
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
    pair: tuple[str, ...]  # of two values written 160/100, what each is kept as
    kept: str  # the test under which its values are kept
    covers: tuple[str, ...]  # other tests that a question for it asks for too
    clipped: bool  # its names are single characters, which must not stand in a word ("板19", never "钢板10")


@dataclass(frozen=True, slots=True)
class Reading:
    """A test with what stands behind its name: `values` (test, value in the unit of its limits) where they can be
    read, and the finding that they speak for with its rule ("lab:hba1c>=6.5"); `in_order` where one value lies beyond
    no limit."""

    start: int
    end: int
    values: tuple[tuple[str, float], ...]
    finding: ConceptId | None = None
    rule: str = ""
    in_order: bool = False


class LabRules:
    """All rules; `readings` finds what they say of a text."""

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
        self._automaton = ahocorasick_rs.AhoCorasick(names_sorted, store_patterns=False)
        self.targets = frozenset(
            target
            for _, test in tests
            for target in (*(limit.finding for limit in test.limits), *([test.positive] if test.positive else []))
        )

    def readings(self, folded: Folded) -> Iterator[Reading]:
        """What each test's name and the value behind it say, in order."""
        for start, end, name in self.named_in(folded):
            read = list(filter(None, (_read(test, folded.flat, start, end) for test in self._tests[name])))
            found = next((each for each in read if each.finding), next(iter(read), None))
            if found is not None:
                yield found

    def tests(self, name: int) -> tuple[Test, ...]:
        """The tests that share a name of `named_in`."""
        return self._tests[name]

    def named_in(self, folded: Folded) -> list[tuple[int, int, int]]:
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


def _read(test: Test, flat: str, start: int, end: int) -> Reading | None:
    """What the value behind a test's name says, None where it cannot be read."""
    if test.pair:
        return _read_pair(test, flat, start, end)
    if two := _TWO.match(flat, end):
        return _read_two(test, flat, start, two)
    match = _VALUE.match(flat, end)
    if match is not None and not _RANGE.match(flat, match.end()):
        measured = measure(test, flat, match["value"], match.end(), _minus(flat, match))
        if measured is not None:
            value, stop = measured
            held = next((each for each in test.limits if each.holds(value)), None)
            reading = _reading(test, start, stop, (value,), held, in_order=bool(test.limits) and held is None)
            return _told(reading, flat, match["than"] or "", value)
        if (beyond := _beyond_reference(test, flat, start, match)) is not None:
            return beyond
    if test.positive is not None and (sign := _POSITIVE.match(flat, end)):
        return Reading(start, sign.end(), (), test.positive, f"{LAB}{test.id}+")
    return None


def _told(reading: Reading, flat: str, than: str, value: float) -> Reading:
    """A reading without the value where it is only aimed at, or a condition ("若血糖<3.9"); beyond it where a sign says
    so ("eGFR>90"), which shows nothing on the other side."""
    if _AIMED.search(flat[max(0, reading.start - 12) : reading.start]) or (than and _THEN.match(flat, reading.end)):
        return replace(reading, values=())
    if not than:
        return reading
    above = than[0] in ">≥"
    moved = value if "=" in than or than in "≥≤" else value * (1 + _BEYOND if above == (value > 0) else 1 - _BEYOND)
    named = tuple((name, moved) for name, _ in reading.values)
    wrong = bool(reading.rule) and (">" in reading.rule) is not above
    return replace(reading, values=named, finding=None, rule="") if wrong else replace(reading, values=named)


def _reading(
    test: Test, start: int, stop: int, values: tuple[float, ...], held: Limit | None, *, in_order: bool = False
) -> Reading:
    rule = f"{LAB}{test.id}{held.sign}{held.limit:g}" if held else ""
    names = test.pair or (test.kept,) * len(values)
    return Reading(start, stop, tuple(zip(names, values, strict=True)), held.finding if held else None, rule, in_order)


def _read_two(test: Test, flat: str, start: int, match: re.Match[str]) -> Reading | None:
    """What two values say: of a range, what both lie beyond; of a value that moved, what the last does."""
    minus = _minus(flat, match)
    first = measure(test, flat, match["value"], match.end(), minus)
    last = measure(test, flat, match["second"], match.end())
    moved = match["from"] or match["moves"]
    if not first or not last or (not moved and _GOAL.search(flat[max(0, match.start() - 12) : match.start()])):
        return None
    values = (last[0],) if moved else (first[0], last[0])
    held = next((each for each in test.limits if all(map(each.holds, values))), None)
    return _reading(test, start, max(first[1], last[1]), values, held)


def _beyond_reference(test: Test, flat: str, start: int, match: re.Match[str]) -> Reading | None:
    """The mildest finding of a value beyond the limits written behind it, whatever its unit."""
    written = _REFERENCE.match(flat, match.end())
    if written is None or match["sign"]:
        return None
    value, low = float(match["value"]), float(written["low"] or 0)
    sign = ">" if value > float(written["high"]) else "<" if value < low else ""
    there = mildest_first(test, sign) if sign else []
    return _reading(test, start, written.end(), (), there[0]) if there else None


def _read_pair(test: Test, flat: str, start: int, end: int) -> Reading | None:
    match = _PAIR.match(flat, end)
    if match is None:
        return None
    values = (float(match["value"]), float(match["second"]))
    if not all(test.units[0].low <= value <= test.units[0].high for value in values) or values[0] <= values[1]:
        return None
    held = next((each for each in test.limits if each.holds(values[each.second])), None)
    return _reading(test, start, match.end(), values, held)


def mildest_first(test: Test, sign: str) -> list[Limit]:
    """The limits of a test in one direction (">" or "<"), the mildest first."""
    there = [each for each in test.limits if each.sign[0] == sign and not each.second]
    return sorted(there, key=lambda each: each.limit if sign == ">" else -each.limit)


def _minus(flat: str, match: re.Match[str]) -> bool | None:
    """Whether a minus stands before the value; None where it may be a hyphen."""
    if not match["sign"]:
        return False
    at = match.start("sign")
    return None if at and flat[at - 1].isalnum() else True


def measure(test: Test, flat: str, digits: str, end: int, minus: bool | None = False) -> tuple[float, int] | None:
    """(value in the unit of the limits, end) of digits whose unit stands at `end`, None when the unit is unknown,
    missing or the value impossible."""
    if minus is None:
        return None
    value = float(digits) * (-1 if minus else 1)
    for unit in test.units:
        written = unit.pattern.match(flat, end) if unit.pattern else None
        if written is not None:
            return (value * unit.factor, written.end()) if unit.low <= value <= unit.high else None
    if _OTHER_UNIT.match(flat, end):
        return None
    bare = [unit for unit in test.units if unit.bare and ("." in digits or not unit.decimals)]
    fits = [unit for unit in bare if unit.low <= value <= unit.high]
    return (value * fits[0].factor, end) if len(fits) == 1 else None


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
        tuple(str(each) for each in block.get("pair", [])),
        str(block.get("as", identity)),
        tuple(str(each) for each in block.get("covers", [])),
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
