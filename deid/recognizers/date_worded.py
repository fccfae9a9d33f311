"""Days told half in words: 3月廿, 4月初2号, 初九夜里, 大年初三, 十六下午, and days before the values of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.recognizers.date_parts import TIME
from deid.spans import Finding
from records.entities import Entity

_CN: Final = "[一二三四五六七八九]"
_MONTH: Final = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正冬腊])"
_MOON: Final = rf"(?:初(?:{_CN}|十)|[廿卄卅]{_CN}?|[二三]?十{_CN}?)"
_PART: Final = "(?:[上下]午|晚上|早上|夜里|凌晨|中午|傍晚|清早|一早|早晨|[前后上下]半夜)"
_DONE: Final = "(?:来|去|复[诊查]|拆|换|取|手术|再|出院|入院|转|抽|做|行|到|在|拔|住院|上午|打)"
_NOT_COUNTED: Final = r"(?![天个次日年岁分周月余多几])"
# A month, a part of it and the day (4月初2号); a month with a day in numerals; the first or the last day of one.
_OF_MONTH: Final = Held(
    rf"(?<![0-9A-Za-z.个零〇年满近半约第每一二三四五六七八九十]){_MONTH}月(?:(?:初|底|[上中下]旬|中|末尾?"
    rf"|头上?)的? ?(?:3[01]|[12]\d|[1-9])[日号]{TIME}"
    rf"|(?<=\d月){_MOON}[日号]?(?<!月十)(?<!月三十){_NOT_COUNTED}{TIME}|(?<=\d月)三?十[日号]{TIME}|卅[日号]?"
    rf"|(?:头一|第一|最后一|最末一|末)天"
    r"|(?<=[一二三四五六七八九十冬腊正]月)(?:[12]\d|3[01])(?![0-9.%/:]"
    r"| ?[日号天个次日年岁分周月余多几例片粒支床级期度克元mg])(?= ?[\u4e00-\u9fff]|[,。;)\s]|$))"
    rf"|(?<![\u4e00-\u9fff0-9])闰月{_MOON}|五月端[午阳]|八月中秋|九月重阳|七月七夕"
    r"|(?<![0-9零〇一二三四五六七八九十百])[廿卄]"
    rf"{_CN}?年(?:闰?{_MONTH}月(?:[底初末]|[上中下]旬)?(?:{_MOON}[日号]?)?|[初底末春夏秋冬])"
    r"|(?<![孕满近约个龄患儿病闰])(?:七|八|正|腊)月半(?![年个月岁后前来内流天])"
)
# Days of the new year's feast, of the moon's month without a verb, and in numerals with the part of the day.
_OF_MOON: Final = Held(
    rf"(?<![\u4e00-\u9fff0-9A-Za-z])初[1-9](?= ?(?:拆|换药|取药|来|复[诊查]|手术|{_PART}))|大年(?:初(?:{_CN}"
    rf"|十)|三十|夜)[日号]?{TIME}|(?<![今去前明每整一二三四五六七八九十0-9])年(?:三十"
    rf"|初[一二三四五六七八](?![中次]))(?={_PART}| |晚|$)"
    rf"|(?:(?<![\s\S])|(?<=[\s,。;:(、约定在于第针]))初(?:[四五六七八九十](?=[日号]|{_PART}| ?{_DONE}"
    rf"| ?[,。;)]|\s|$)|{_CN}(?={_PART}"
    rf"| ?(?:拆|换药|取药|抽血|手术)))[日号]?{TIME}"
    rf"|(?:(?<![\s\S])|(?<=[\s,。;:(于到至从约在]))(?:廿{_CN}|[二三]?十{_CN}|二十)(?:日午(?![餐饭休])"
    rf"|(?:[日号])?{_PART}(?![茶])|号 (?=[拔拆换复手取抽出入来转做]))"
    rf"|(?<=约)(?:十{_CN}|廿{_CN}?|二十{_CN})(?=[再来复取换拆])|(?<![第约共近满])(?:廿|卅){_CN}?日(?![后内余来均])"
)
_DAY_OF_VALUE: Final = led(
    r"(?<![0-9A-Za-z.\-~/月第每共约满近过后隔])(?P<day>(?P<d>3[01]|[12]\d"
    r"|0?[1-9])[日号曰]) ?:? ?(?=[1-9]\d{0,3}(?:\.\d{1,2})?"
    r"(?![0-9]|[:点时\-~]| ?(?:[次片粒支包袋日号床楼天]|mg(?!/)|g(?!/)|μg|u(?![a-z]))))"
)
_DAY_SIGN: Final = re.compile("[日号曰] ?:? ?[1-9]")
_COUNTED: Final = re.compile(r"(?:[术产伤病疗药食][后前]|每|隔|第|[连持]续|疗程|针|线|导管|\d[次片])[ :]{0,2}$")
_NEAR: Final = 24  # characters from one day to the next value's
# From one day to another by 号, or by 日 at both ends.
_DAYS: Final = led(
    r"(?<![0-9A-Za-z.\-/~月第每隔约近满后])(?:(?P<one>3[01]|[12]\d|[1-9])(?:[日号] ?[\-~至到—] ?(?P<two>3[01]"
    r"|[12]\d|[1-9])[日号]"
    r"|[\-~至到](?P<three>3[01]|[12]\d|[1-9])号)(?= ?(?:停|休|来|复|住|值|出|放|取|入|在|于|转|用|体|均"
    r"|[,。;、)\n]|$)))"
)
_DAYS_SIGN: Final = re.compile(r"[\-~至到—] ?[0-9]{1,2}[日号]")
# A day of last year or this one: 去年11.20.
_OF_YEAR: Final = Held(
    r"(?<![较比期])[去今前明]年 ?(?:1[0-2]|0?[1-9])(?:[\-/](?:3[01]|[12]\d|0?[1-9])|\.(?:3[01]|[12]\d"
    r"|0[1-9]))(?![0-9.%/万]|-\d)"
)
# A year and the feast of a day in it, or what the moon says: 2024五一.
_FEAST: Final = Held(
    r"(?<![0-9A-Za-z.\-])(?:20[0-4]\d|[’'][0-2]\d) ?(?:五一|十一(?![月点时日个年岁])|国庆|春节|元旦|中秋|端午"
    r"|清明|元宵|除夕|圣诞)节?"
)
# An appointment on a day by its number: 约19号来.
_MADE: Final = led(r"[约拟定改](?P<day>(?:3[01]|[12]\d|[1-9]) ?[号曰])(?=来|复|取|做|手|拆|换|抽|入|出|转|拔|住|查)")
# By a day, or up to one: 15号前交, 等到15号.
_BY: Final = led(
    r"(?<![0-9A-Za-z.\-/第机仪泵器室])(?:3[01]|[12]\d|[1-9])号(?=之?前(?![方面臂壁列牙区])|那天|当天|以[前后]|开始|[我他她]|断)"
    r"|(?<=[到等]到|过了|到了|定在|改[到在]|约在|[推拖挪]到|截[止至])(?:3[01]|[12]\d|[1-9])[日号]"
    r"|(?:(?<=周[一二三四五六日])|(?<=周[一二三四五六日][ (])|(?<=(?:星期|礼拜)[一二三四五六日天])"
    r"|(?<=(?:星期|礼拜)[一二三四五六日天][ (]))(?:3[01]|[12]\d|[1-9])[日号]"
)
# Forms with their brackets and lines, and other signs between the figures: (3)月(13)日, 2026'3'14.
_FORM: Final = re.compile(
    r"(?:(?:19|20)\d\d ?年[_ ]{0,4})?[_(]{1,4} ?(?:1[0-2]|0?[1-9]) ?[_)]{1,4} ?月 ?[_(]{0,4} ?(?:3[01]|[12]\d"
    r"|0?[1-9]) ?[_)]{0,4} ?[日号]"
)
_FORM_SIGN: Final = re.compile("月(?:(?<=[_)]月)|(?<=[_)] 月))")
_SIGNS: Final = led(
    r"(?<![0-9A-Za-z'])(?:19|20)\d\d(?P<sep>')(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|0?[1-9])(?![0-9A-Za-z'.])"
)
_RINGED: Final = re.compile("[①-⑫]月[①-⑳㉑-㉟][日号]?")
_POINTED: Final = led(
    rf"(?:(?<![\s\S])|(?<=[\s,。;:(])){_MONTH}(?<!\d)[.·](?:初{_CN}|廿{_CN}?|二?十{_CN})(?=[日号]?(?:[ ,。;)]"
    rf"|$|诊))[日号]?"
)
_POINT_SIGN: Final = re.compile("[一二三四五六七八九十正冬腊][.·][初廿二十]")
# Smaller roman figures for months, as obstetric sheets write them: 11.vi, 14.iii.26.
_SMALL_ROMAN: Final = re.compile(
    r"(?<![0-9A-Za-z.\-])(?:(?:3[01]|[12]\d)\.(?:iv|vi{0,3}|ix|xi{0,2}|i{1,3})(?:\.(?:20)?\d\d)?"
    r"|0?[1-9]\.(?:iv|vi{0,3}|ix|xi{0,2}|i{1,3})\.(?:20)?\d\d)"
    r"(?![0-9A-Za-z.])"
)
_SMALL_SIGN: Final = re.compile(r"\.(?<=[0-9]\.)[ivx]")


class WordedDate:
    """Each way of telling a day by what it must say; counts of days and months stay."""

    name = "date_worded"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = self._all(_OF_MONTH.finditer(doc), "month", "month with its day in words")
        found += self._all(_OF_MOON.finditer(doc), "moon", "day in words")
        if _POINT_SIGN.search(text):
            found += self._all(_POINTED.finditer(text), "pointed", "month and day in numerals")
        if " 月" in text and len(doc.input) == len(text):  # the figures in rings are gone from what was folded
            found += self._all(_RINGED.finditer(doc.input), "ringed", "month and day in rings")
        if not doc.has_digit:
            return found
        found += [self._found(*m.span("day"), "value", "day before its value") for m in _valued(text)]
        if _FORM_SIGN.search(text):
            found += self._all(_FORM.finditer(text), "form", "day on the lines of a form")
        if "'" in text:
            found += self._all(_SIGNS.finditer(text), "signs", "day with its figures set apart")
        if _BY_SIGN.search(text):
            found += self._all(_BY.finditer(text), "by", "day up to which or by which")
        if _SMALL_SIGN.search(text):
            found += self._all(_SMALL_ROMAN.finditer(text), "roman", "day with its month in Roman figures")
        found += self._all(_FEAST.finditer(doc), "feast", "feast of a year")
        found += self._all(_OF_YEAR.finditer(doc), "year", "day of this year or the last")
        if _DAYS_SIGN.search(text):
            for match in _DAYS.finditer(text):
                if int(match["one"]) < int(match["two"] or match["three"]):
                    found.append(self._found(*match.span(), "days", "from one day to another"))
        if "号" in text or "曰" in text:
            found += [self._found(*m.span("day"), "made", "day of an appointment") for m in _MADE.finditer(text)]
        return found

    def _all(self, matches: Iterable[re.Match[str]], rule: str, why: str) -> list[Finding]:
        return [self._found(*match.span(), rule, why) for match in matches]

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_worded.{rule}", 0.6, why)


_BY_SIGN: Final = led(
    "号[之前那当以开我他她断]|[到等过][到了][0-9]|[定改约]在[0-9]|[改推拖挪]到[0-9]|截[止至][0-9]"
    "|[周期拜][一二三四五六日天][ (]?[0-9]"
)


def _valued(text: str) -> Iterator[re.Match[str]]:
    """Days that rise from value to value, at least two of them near each other."""
    chain: list[re.Match[str]] = []
    for sign in _DAY_SIGN.finditer(text):
        at = sign.start()
        while at and text[at - 1].isdigit() and at > sign.start() - 2:
            at -= 1
        match = _DAY_OF_VALUE.match(text, at)
        if match is None:
            continue
        follows = chain and match.start() - chain[-1].end() <= _NEAR and int(match["d"]) > int(chain[-1]["d"])
        if follows and match.group().rstrip(": ")[-1] == chain[-1].group().rstrip(": ")[-1]:
            chain.append(match)
            continue
        yield from chain if len(chain) > 1 else ()
        chain = [] if _COUNTED.search(text, max(0, match.start() - 6), match.start()) else [match]
    yield from chain if len(chain) > 1 else ()
