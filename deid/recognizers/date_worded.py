"""Days told half in words: 3月廿, 4月初2号, 初九夜里, 大年初三, 十六下午, and days on the lines of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
# Forms with their brackets and lines, and other signs between the figures: (3)月(13)日, 2026'3'14.
_FORM: Final = re.compile(
    r"(?:(?:19|20)\d\d ?年[_ ]{0,4})?[_(]{1,4} ?(?:1[0-2]|0?[1-9]) ?[_)]{1,4} ?月 ?[_(]{0,4} ?(?:3[01]|[12]\d"
    r"|0?[1-9]) ?[_)]{0,4} ?[日号]"
)
_FORM_SIGN: Final = Held("月(?:(?<=[_)]月)|(?<=[_)] 月))")
_SIGNS: Final = led(
    r"(?<![0-9A-Za-z'])(?:19|20)\d\d(?P<sep>')(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|0?[1-9])(?![0-9A-Za-z'.])"
)
_RINGED: Final = re.compile("[①-⑫]月[①-⑳㉑-㉟][日号]?")


class WordedDate:
    """Each way of telling a day by what it must say; counts of days and months stay."""

    name = "date_worded"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = self._all(_OF_MONTH.finditer(doc), "month", "month with its day in words")
        found += self._all(_OF_MOON.finditer(doc), "moon", "day in words")
        if " 月" in text and len(doc.input) == len(text):  # the figures in rings are gone from what was folded
            found += self._all(_RINGED.finditer(doc.input), "ringed", "month and day in rings")
        if not doc.has_digit:
            return found
        if _FORM_SIGN.likely(doc):
            found += self._all(_FORM.finditer(text), "form", "day on the lines of a form")
        if "'" in text:
            found += self._all(_SIGNS.finditer(text), "signs", "day with its figures set apart")
        found += self._all(_FEAST.finditer(doc), "feast", "feast of a year")
        found += self._all(_OF_YEAR.finditer(doc), "year", "day of this year or the last")
        return found

    def _all(self, matches: Iterable[re.Match[str]], rule: str, why: str) -> list[Finding]:
        return [self._found(*match.span(), rule, why) for match in matches]

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_worded.{rule}", 0.6, why)
