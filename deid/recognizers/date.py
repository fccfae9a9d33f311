"""Calendar dates in every form, with the clock times joined to them. Durations and bare times are left alone."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.spans import Finding
from records.entities import Entity

_D: Final = "[0-9OoQlI|ZSB]"
_YEAR: Final = rf"(?:[12lI|][\s]?[90OoQ8][\s]?{_D}[\s]?{_D}|[12]\d{{3}})"
_SHORT_YEAR: Final = r"[0-9OoS][0-9OolS]"
_MONTH: Final = r"(?:[1lI|] ?[0-2OolIZ]|[0Oo] ?[1-9lISBZ]|[1-9lISZB])"
_DAY: Final = r"(?:[12lIZ|] ?[0-9OolIZSB]|3 ?[01OolI]|[0Oo] ?[1-9lIZSB]|[1-9lIZSB])"
_HOUR: Final = r"(?:[01OolI]?\d|[01]?[OolI]|2[0-4OolI])"
_PART: Final = r"(?:上午|下午|中午|晚上|晚间|凌晨|清晨|早晨|早上|傍晚|夜间|午后|夜里|晚|早|AM|PM|am|pm)"
_CLOCK: Final = (
    rf"(?:{_HOUR} ?[:;] ?[0-5OlI]?[0-9OlI](?![0-9])(?: ?[:;.] ?[0-5]\d(?:\.\d{{1,6}})?)?(?:\s?[AaPp]\.?[Mm]\.?)?(?:Z"
    rf"|[+\-]\d\d:?\d\d)?|{_HOUR}\s?[时点]\s?(?:[0-5]?[0-9OlI]\s?分(?:\s?[0-5]?\d\s?秒)?|半|许|整|左右"
    rf"|[一三]刻)?"
    r"|[一二三四五六七八九十]{1,3}[时点](?:[一二三四五六七八九十]{1,3}分|半|许|整|一刻|三刻)?)"
)
_TIME: Final = (
    rf"(?:\s?(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?))?(?:[\s,T~_\-]{{0,3}}(?:{_PART}\s?)?{_CLOCK}"
    rf"|\s?{_PART}(?![期产熟孕饭餐搏泄衰发逝]))?"
)
_PATCH: Final = r"(?:\s?(?:上旬|中旬|下旬|初|底|末|份|间|许|左右))?"
_CN: Final = "[〇零0Oo一二三四五六七八九]"
_CN_MONTH: Final = r"(?:十[一二]?|[一二三四五六七八九元正腊冬])"
_CN_DAY: Final = (
    r"(?:初[一二三四五六七八九十]|[廿卅][一二三四五六七八九]?|三十一?|二?十[一二三四五六七八九]?|二十"
    r"|[一二三四五六七八九])"
)
_DAYMARK: Final = "[日号曰目]"

_FULL: Final = re.compile(
    rf"(?<![0-9.]){_YEAR}\s?年(?![龄级轻来前后余以制均])"
    rf"(?:\s?{_MONTH}\s?月{_PATCH}(?:\s?{_DAY}\s?{_DAYMARK}(?!均|间)|\s?{_DAY}(?=\s?{_CLOCK}))?{_TIME}"
    rf"|\s?{_DAY}{_DAYMARK}|\s?(?:春|夏|秋|冬|年)?(?:初|底|末|中|夏|秋|春|冬)(?![药医心老学国毒])"
    rf"|\s?[上下]半年)?"
)
_MD: Final = re.compile(
    rf"(?<![0-9个半近共满〇零一二三四五六七八九十百每前后余数多几\-~×/])(?:(?:去|今|前|同|当|本|明|次"
    rf"|大前)年\s?)?{_MONTH}\s?月\s?{_DAY}\s?{_DAYMARK}(?!龄|均|间)"
    rf"(?:{_TIME})"
)
_RELATIVE: Final = re.compile(
    rf"(?:去|今|前|同|当|本|明|次|大前)年\s?(?:{_MONTH}|{_CN_MONTH})\s?月(?:份|初|底|末|中旬|上旬|下旬)?"
    rf"(?:\s?(?:{_DAY}|{_CN_DAY})\s?[日号])?|(?<![0-9.个月一二三四五六七八九十])(?:{_MONTH}"
    rf"|{_CN_MONTH})月份"
    rf"|(?:于|自|至|到|从|在|本月|上月|当月|同月)\s?{_DAY}\s?[日号](?=\s?(?:{_PART}|{_CLOCK}|出院|入院|转"
    rf"|行|复查|手术|起))"
)
_NUMERIC: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-/])(?:[12lI][90O8][0-9OlIZSB][0-9OlIZSB])\s?(?P<sep>[\-/.,·、。_~—])\s?"
    rf"(?:{_MONTH})\s?(?P=sep)\s?(?:{_DAY})(?![0-9])(?!(?:\.|-)\d{{3}}(?!\d[.\-/年]))日?{_TIME}"
    rf"|(?<![0-9A-Za-z.\-/])[5-9012]\d(?P<sep2>[\-/.])(?:0?[1-9]|1[0-2])(?P=sep2)(?:0?[1-9]|[12]\d|3[01])"
    rf"(?![0-9]|[\-/.%]\d|\s?(?:cm|mm|mg|ml|g/|%))日?{_TIME}"
    rf"|(?<![0-9A-Za-z.\-/])(?:0?[1-9]|[12]\d|3[01])(?P<sep3>[\-/.])(?:0?[1-9]|[12]\d|3[01])(?P=sep3)(?:19"
    rf"|20)\d\d(?![0-9A-Za-z]){_TIME}"
)
_YM: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?:19[2-9]\d|20[0-4]\d)[./-](?:0[1-9]|1[0-2]|[1-9])"
    r"(?![0-9A-Za-z%]|[.\-/]\d|\s?(?:mg|ml|mL|g|kg|cm|mm|U|IU|×|x|次|岁|元|%|pg|ng|ug|μ|mmol|umol|版|个"
    r"|/))"
)
LOT: Final = re.compile(r"(?:批\s?号|生产日期|有效期至?)[^\n,。;]{0,4}$")  # of a drug: no date of anybody
_COMPACT: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-/])(?:19[2-9]\d|20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d"
    rf"|2[0-3])[0-5]\d(?:[0-5]\d)?)?(?![0-9A-Za-z.]|[\-/]\d){_TIME}"
)
_CHINESE: Final = re.compile(
    rf"(?:(?:[一二]{_CN}{{3}}|[九八七六五〇零]{_CN})\s?年|公元{_CN}{{4}}年)(?:\s?{_CN_MONTH}\s?月(?:份|初"
    rf"|底|中旬|上旬|下旬)?(?:\s?{_CN_DAY}\s?{_DAYMARK}?)?{_TIME}|初|底|末|春|夏|秋|冬)?"
    rf"|(?<![0-9个〇零一二三四五六七八九十]){_CN_MONTH}月{_CN_DAY}[日号]{_TIME}"
    rf"|(?:农历|阴历|旧历)\s?(?:[\u4e00-\u9fff\d]{{2,4}}年)?\s?(?:闰?(?:{_CN_MONTH}|{_MONTH})月)"
    rf"(?:{_CN_DAY}|{_DAY}[日号]?)?|(?:正月|腊月|冬月)(?:初[一二三四五六七八九十]"
    rf"|[廿卅][一二三四五六七八九]?|十[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十"
    rf"|\d{{1,2}}[日号]?)"
    r"|(?:民国|光绪|宣统|昭和|大正|明治|平成|令和|康德)\s?(?:[元一二三四五六七八九十]{1,4}|\d{1,2})年(?:"
    r"(?:[一二三四五六七八九十]{1,2}|\d{1,2})月(?:(?:[一二三四五六七八九十廿]{1,3}|\d{1,2})[日号])?)?"
)
_SHORT: Final = re.compile(
    rf"(?<![0-9.])(?:[5-9]\d|0\d|[12]\d)年\s?{_MONTH}\s?月(?!余|前|后|来|间|内|以)(?:份|初|底|末|中旬|上旬"
    rf"|下旬)?(?:\s?{_DAY}\s?{_DAYMARK})?{_TIME}"
    r"|(?<![0-9.])0\d年(?:初|底|末)?(?![前后来余以间内])|(?<=[于自在从至曾])(?:9\d|8\d|7\d|6\d|5\d|0\d"
    r"|[12]\d)年(?:初|底|末)?(?=[因行患诊曾做在发出入开起确查体外,春夏秋冬])"
)
_STAMP: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/:])(?:0?[1-9]|1[0-2])(?P<sep>[\-/.])(?:0[1-9]|[12]\d|3[01]|[1-9])[ ,]{1,3}"
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d)|(?:^|(?<=\n))\s{0,4}(?P<day>(?:0[1-9]|1[0-2])[\-/.]"
    r"(?:0[1-9]|[12]\d|3[01]))(?=\s|[,、:])",
)
_ENGLISH_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct"
    r"(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)?[ \-/.]?{_ENGLISH_MONTH}[ \-/.,]{{0,2}}(?:\d{{4}}|\d\d)"
    rf"|{_ENGLISH_MONTH}\.? ?\d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{4}}|{_ENGLISH_MONTH}\.?,? (?:19|20)\d\d)"
    rf"(?![0-9]){_TIME}",
    re.IGNORECASE,
)
_MONTH_BEFORE: Final = re.compile(rf"(?<![A-Za-z]){_ENGLISH_MONTH}[., ]{{0,3}}$", re.IGNORECASE)
_NEXT: Final = re.compile(
    rf"\s?(?:[、,及和与至到~\-—]|以及)\s?(?:(?:{_MONTH}\s?月\s?)?{_DAY}\s?{_DAYMARK}(?!均|间|后|内){_TIME}"
    rf"|{_MONTH}\s?月(?:份|(?![前后余来内])){_TIME}|(?:0?[1-9]|1[0-2])[\-/.](?:0?[1-9]|[12]\d|3[01])"
    rf"(?![0-9.%]){_TIME}|{_CN_MONTH}月{_CN_DAY}[日号]|(?:19|20)\d\d[\-/.年]\d{{1,2}}"
    rf"(?:[\-/.月]\d{{1,2}}日?)?(?![0-9]){_TIME}|{_YEAR}年|(?:{_PART}\s?)?{_CLOCK})"
)
_LABEL: Final = re.compile(
    r"(?:日\s?期|时\s?间|生\s?日|出生(?:年月日?|日期|时间)?|入院|出院|手术日|[Dd]ate|DATE|DOB)"
    r"(?:\([^()\n]{0,6}\))?\s?[:为 ]{1,3}$"
)
_LABEL_VALUE: Final = re.compile(
    rf"(?P<value>(?:\d{{4}}|\d\d)[ \-/.年]{{1,2}}{_D}{{1,2}}[ \-/.月]{{1,2}}{_D}{{1,2}}日?{_TIME}|{_D}{{8}}"
    rf"(?![0-9])|{_MONTH}[\-/.]{_DAY}(?![0-9.])(?:[ ,]{{1,2}}{_CLOCK})?|(?:19|20)\d\d(?:[./\-]\d{{1,2}})?"
    rf"(?![0-9]))"
)
_LAST: Final = frozenset("期间日月生院日eEB)")  # what such a label ends with
_EDITION: Final = re.compile(
    r"^\s?(?:年)?\s?(?:版|指南|共识|标准|修订|分期|分类|诊断标准|WHO|AJCC|UICC|ESC|ACC|ACR|AHA|ADA|EULAR|FIGO"
    r"|KDIGO|中国|NCCN|GOLD"
    r"|GINA)"
)
_TITLED: Final = re.compile(
    r"[^\n,。;、]{0,16}(?:学会|协会|诊治|诊疗|防治|管理|治疗|专家)[^\n,。;、]{0,8}(?:指南|共识|规范)"
)
_YEAR_LENGTH: Final = 5
_BEFORE_EDITION: Final = re.compile(
    r"(?:WHO|AJCC|UICC|ESC|ACC|AHA|NCCN|GOLD|GINA|FIGO|KDIGO|ADA|EULAR|ACR|ILAE|McDonald|Lugano|ISPD|版"
    r"|指南|《)\s?[(\[]?$"
)
_PATTERNS: Final = (
    (_FULL, "date.full", "year with month and day, or year alone"),
    (_NUMERIC, "date.numeric", "year, month and day with separators"),
    (_MD, "date.month_day", "month and day"),
    (_YM, "date.year_month", "year and month with a separator"),
    (_COMPACT, "date.compact", "eight digits that are a date"),
    (_SHORT, "date.short_year", "two-digit year"),
)


_DATEISH: Final = re.compile(r"[0-9OoQlI|ZSB ]{1,8}[年月\-/.,·、。_~—]|[0-9]{8}")


class CalendarDate:
    """Each form has its pattern; what is listed after a date is one too."""

    name = "date"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for at, last in doc.runs:
            self._at_run(doc, at, last in _LAST, found)
        if doc.has_digit:
            for match in _RELATIVE.finditer(text):
                self._add(found, text, match.start(), match.end(), "date.relative_year", "month of a named year")
        for match in _CHINESE.finditer(text):
            self._add(found, text, match.start(), match.end(), "date.chinese", "date in Chinese numerals")
        return found

    def _at_run(self, doc: Document, at: int, labelled: bool, found: list[Finding]) -> None:
        text = doc.text
        for pattern, rule, why in _PATTERNS if _DATEISH.match(text, at) else ():
            match = pattern.match(text, at)
            if match and match.end() > at:
                if rule == "date.compact" and LOT.search(doc.before(at, 12)):
                    continue
                if rule in ("date.full", "date.year_month") and self.edition(text, at, match.end()):
                    continue
                if rule == "date.numeric" and text.endswith(("Apgar ", "Apgar", "评分"), 0, at):
                    continue
                self._add(found, text, at, match.end(), rule, why)
        match = _STAMP.match(text, at)
        if match:
            found.append(
                Finding(
                    *match.span("day" if match["day"] else 0),
                    self.entity,
                    "date.stamp",
                    0.85,
                    "month and day with a clock time, or heading a line",
                )
            )
        if labelled and _LABEL.search(doc.before(at, 16)):
            match = _LABEL_VALUE.match(text, at)
            if match:
                found.append(Finding(at, match.end(), self.entity, "date.field", 0.9, "value of a date field"))
        after = text[at : at + 6]
        starts = [at] if not after.isdigit() and any("A" <= c <= "z" for c in after) else []
        if (
            at
            and (text[at - 1] in " .," or text[at - 1].isascii())
            and (begin := self._word_before(text, at)) is not None
        ):
            starts.append(begin)
        for begin in starts:
            match = _ENGLISH.match(text, begin)
            if match:
                self._add(found, text, begin, match.end(), "date.english", "English date")

    @staticmethod
    def _word_before(text: str, at: int) -> int | None:
        """Where an English month before a number begins."""
        match = _MONTH_BEFORE.search(text[max(0, at - 12) : at])
        return max(0, at - 12) + match.start() if match else None

    @staticmethod
    def edition(text: str, start: int, end: int) -> bool:
        """Whether the year belongs to the title of a guideline or a staging system."""
        if text[end - 1] == "年" and end - start <= _YEAR_LENGTH and _TITLED.match(text[end : end + 32]):
            return True
        return bool(_EDITION.match(text[end : end + 6]) or _BEFORE_EDITION.search(text[max(0, start - 10) : start]))

    def _add(self, found: list[Finding], text: str, start: int, end: int, rule: str, why: str) -> None:
        while end > start and text[end - 1] in " ,":
            end -= 1
        found.append(Finding(start, end, self.entity, rule, 0.92, why))
        for _ in range(12):
            more = _NEXT.match(text, end)
            if not more or more.end() == end:
                return
            begin = more.start() + len(more.group()) - len(more.group().lstrip(" 、,及和与至到~-—以"))
            found.append(Finding(begin, more.end(), self.entity, "date.list", 0.85, "day listed after a date"))
            end = more.end()
