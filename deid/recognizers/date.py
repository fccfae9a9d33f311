"""Calendar dates in every form, with the clock times joined to them. Durations and bare times are left alone."""

from __future__ import annotations

import re
from typing import Final

from deid.document import BETWEEN, Document
from deid.held import Held
from deid.leads import Ended, led
from deid.recognizers.date_parts import CLOCK, CN_DAY, COLON_CLOCK, PART, TERM, TIME, TIME_OF_WHOLE
from deid.spans import Finding
from records.entities import Entity

_D: Final = "[0-9OoQlI|ZSB]"
_YEAR: Final = rf"(?:[12lI|][\s]?[90OoQ8][\s]?{_D}[\s]?{_D}|[12]\d{{3}})"
_MONTH: Final = r"(?:[1lI|] ?[0-2OolIZ]|[0Oo] ?[1-9lISBZ]|[1-9lISZB])"
_DAY: Final = r"(?:[12lIZ|] ?[0-9OolIZSB]|3 ?[01OolI]|[0Oo] ?[1-9lIZSB]|[1-9lIZSB])"
_PATCH: Final = r"(?:\s?(?:上旬|中旬|下旬|初|底|末|份|间|许|左右))?"

_CN: Final = "[〇零0Oo一二三四五六七八九]"
_CN_MONTH: Final = r"(?:十(?:\s?[一二])?|[一二三四五六七八九元正腊冬])"
_DAYMARK: Final = "[日号曰目]"
_CN_END: Final = rf"(?:\s?{CN_DAY}(?:\s?{_DAYMARK})?)?{TIME_OF_WHOLE}"
_FULL: Final = re.compile(
    rf"(?<![0-9.]){_YEAR}\s?年(?:(?<=19[3-9]\d年)|(?<=20[0-4]\d年)|(?![龄级轻来前后余以制均]))(?![龄级])度?"
    rf"(?:\s?{_MONTH}\s?月{_PATCH}(?:\s?{_DAY}\s?{_DAYMARK}(?!均|间)|\s?{_DAY}(?=\s?{CLOCK}))?{TIME_OF_WHOLE}"
    rf"|\s?{_CN_MONTH}\s?月{_PATCH}{_CN_END}|\s?{_DAY}{_DAYMARK}|\s?(?:{TERM}|五一|十一(?!月)"
    rf"|[暑寒]假)节?(?:前?后?(?![一二三四五六七八九十两数]{{1,2}}[日天])"
    rf"|[前后][一二三四五六七八九十两数]{{1,2}}[日天])|\s?(?:春|夏|秋|冬|[深盛仲暮早晚隆孟严金初]"
    rf"|年)?(?:初|底|末|中|夏|秋|春|冬)"
    r"(?![药医心老学国毒])[天季]?|\s?[上下]半年|\s?第?[一二三四1-4]季度|\s?Q[1-4](?![0-9A-Za-z]))?"
)
_MD: Final = re.compile(
    rf"(?<![0-9个半近共满〇零一二三四五六七八九十百每前后余数多几\-~×/])(?:(?:去|今|前|同|当|本|明|次"
    rf"|大前)年\s?)?{_MONTH}\s?月\s?{_DAY}\s?{_DAYMARK}(?!龄|均|间)"
    rf"(?:{TIME})"
)
_RELATIVE: Final = re.compile(
    r"[去今前同当本明次上下翌这大于自至到从在](?:"
    rf"(?<=[去今前同当本明次大])前?年\s?(?:{_MONTH}|{_CN_MONTH})\s?月(?:份|初|底|末|中旬|上旬|下旬)?(?:\s?(?:{_DAY}"
    rf"|{CN_DAY})\s?[日号]|\s?{_DAY}(?![0-9天次余多个年岁周月%.])"
    rf"|[初十廿卄二三][一二三四五六七八九十]{{1,2}}(?![天次余多个年岁周月]))?"
    rf"|(?<=[去今前同当本明次大])前?年\s?(?:{TERM}|五一(?![二三四五六七八九十])|十一(?![月点时日个年岁])|[暑寒]假)节?"
    rf"|(?<=[本上下当这])个?月(?:[初底末](?![梢次一二三四五六七八九十0-9])|[上中下]旬)|(?<=[本上下当同次翌这])上?个?月\s?(?:(?:{_DAY}|{CN_DAY})\s?[日号]{TIME}"
    rf"|(?:[12]\d|3[01]|初[一二三四五六七八九十1-9]|[廿卄][一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?)"
    rf"(?![0-9一二三四五六七八九十天次余多个年岁周例人元床台名月份%.\-~]){TIME})"
    rf"|(?<=[于自至到从在])\s?{_DAY}\s?[日号](?=\s?(?:{PART}|{CLOCK}|出院|入院|转|行|复查|手术|起)))"
)
_MONTH_NAMED: Final = re.compile(rf"(?<![0-9.个月一二三四五六七八九十])(?:{_MONTH}|{_CN_MONTH})月份")
_MONTH_WORD: Final = re.compile(r"[0-9lIZSBOo一二三四五六七八九十元正腊冬]{1,2}月份")
_NUMERIC: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-/])(?:(?:[12lI][90O8][0-9OlIZSB][0-9OlIZSB])\s?(?P<sep>[\-/.,·、。_~—])\s?"
    rf"(?:{_MONTH})\s?(?P=sep)\s?(?:{_DAY})(?![0-9])(?!(?:\.|-)\d{{3}}(?!\d[.\-/年]))日?{TIME_OF_WHOLE}"
    rf"|[5-9012]\d(?P<sep2>[\-/.])(?:0?[1-9]|1[0-2])(?P=sep2)(?:0?[1-9]|[12]\d|3[01])"
    rf"(?![0-9]|[/.%]\d|-\d(?!\d?(?P=sep2)\d{{1,2}}(?P=sep2)\d)|\s?(?:cm|mm|mg|ml|g/|%))日?{TIME_OF_WHOLE}"
    rf"|1[01]\d(?P<sep4>[\-/.])(?:0[1-9]|1[0-2])(?P=sep4)(?:0[1-9]|[12]\d|3[01])(?![0-9A-Za-z]"
    rf"|[\-/.%]\d|\s?(?:cm|mm|mg|ml|g/|%)){TIME_OF_WHOLE}"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?P<sep3>[\-/.])(?:0?[1-9]|[12]\d|3[01])(?P=sep3)(?:19"
    rf"|20)\d\d(?![0-9A-Za-z]){TIME_OF_WHOLE})"
)
_YM: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?:19[2-9]\d|20[0-4]\d)[./-](?:0[1-9]|1[0-2]|[1-9])"
    r"(?![0-9A-Za-z%]|[.\-/]\d|\s?(?:mg|ml|mL|g|kg|cm|mm|U|IU|×|x|次|岁|元|%|pg|ng|ug|μ|mmol|umol|版|个"
    r"|/))"
)
LOT: Final = led(r"(?:批\s?号|批(?=\d|$)|生产日期|有效期至?)[^\n,。;]{0,4}$")  # of a drug: no date of anybody
_COMPACT: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/])(?:19[2-9]\d|20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T_\-. ]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+\-]\d\d:?\d\d)?"
    r"(?![0-9A-Za-z]|[.\-/:]\d|\s?(?:[a-z%×^*/]|[个元次步]))"
    rf"|{COLON_CLOCK}|(?![0-9A-SU-Za-z.]|[\-/]\d){TIME})"
    r"|(?<![0-9A-Za-z.\-/])[0-2]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ \-T_]{1,2}(?:[01]\d"
    r"|2[0-3]):?[0-5]\d(?![0-9A-Za-z])"
)
_CHINESE: Final = re.compile(
    rf"(?:[一二]\s?{_CN}\s?{_CN}\s?{_CN}|(?!五六|六七|七八|八九)[九八七六五〇零]{_CN}"
    rf"|[五六七八][六七八九](?=年\s?"
    rf"{_CN_MONTH}\s?月|年生)|[一二]{_CN[:-1]}](?=年\s?{_CN_MONTH}\s?月(?![余前后来内])))\s?年"
    rf"(?:\s?{_CN_MONTH}\s?月(?:份|初|底|中旬|上旬|下旬)?{_CN_END}"
    rf"|\s?{_MONTH}\s?月(?:\s?{_DAY}\s?[日号])?{TIME}|初|底|末|春|夏|秋|冬)?"
    rf"|(?<=[于自在从])[一二]{_CN}年|(?:(?<=[,。;(\n])|(?<![\s\S]))(?:一[三四五六七八九]"
    rf"|二[零〇一二])年(?=[因于做查确住手退春夏秋冬底])"
    rf"|(?<=生于)[一二]{_CN}{{3}}(?![{_CN[1:-1]}年])"
    rf"|公元{_CN}{{4}}年|[一二]{_CN}{{3}}\s?(?P<sep>[.、\-/·])\s?{_CN_MONTH}\s?(?P=sep)\s?{CN_DAY}{TIME}"
    rf"|(?<![0-9个〇零一二三四五六七八九十])闰?{_CN_MONTH}月\s?{CN_DAY}\s?[日号曰]{TIME}"
    rf"|(?:农历|阴历|旧历|古历|夏历|藏历|傣历|回历|彝历)\s?(?:[\u4e00-\u9fff\d]{{2,4}}年)?\s?(?:闰?(?:{_CN_MONTH}"
    rf"|{_MONTH})月)"
    rf"(?:\s?{CN_DAY}|初?{_DAY}[日号]?|半)?{TIME}|(?:正月|腊月|冬月)(?:\s?{CN_DAY}[日号]?|初?\d{{1,2}}[日号]?){TIME}"
    r"|(?:民国|光绪|宣统|昭和|大正|明治|平成|令和|康德)\s?(?:元"
    r"|[一二三四五六七八九十廿卅](?:\s?[一二三四五六七八九十]){0,3}|\d{1,3})年(?:"
    r"(?:[一二三四五六七八九十]{1,2}|\d{1,2})月(?:(?:[一二三四五六七八九十廿]{1,3}|\d{1,2})[日号])?)?"
)
# Where such a date may begin.
_CHINESE_LEAD: Final = led(
    rf"[一二三四五六七八九〇零十元正腊冬闰农阴旧古夏藏傣回彝民光宣昭大明平令康公](?=[\s\S]{{0,10}}[年月]|{_CN}{{3}})"
)
_SHORT: Final = re.compile(
    rf"(?<![0-9.])(?:[5-9]\d|0\d|[12]\d)年\s?(?:{_MONTH}|[正腊冬])\s?月(?!余|前|后|来|间|内|以)(?:份|初|底|末|中旬|上旬"
    rf"|下旬)?(?:\s?{_DAY}(?:\s?{_DAYMARK}|(?=\s{CLOCK}|[,。;、)\s入出转手复来做行查拆拔]"
    rf"|$)(?! ?[天个周次年岁月日])))?{TIME}"
    rf"|(?<![0-9.岁病约共近满])[0-2]\d年\s?(?:{TERM}|五一(?![二三四五六七八九十])|十一(?![月点时日个年岁]))节?"
    r"|(?<![0-9.])0\d年(?:初|底|末)?(?![前后来余以间内])|(?<=[于自在从至曾])(?:9\d|8\d|7\d|6\d|5\d|0\d"
    r"|[12]\d)年(?:初|底|末)?(?=[因行患诊曾做在发出入开起确查体外置装植切剖摔,春夏秋冬])"
)
_STAMP: Final = re.compile(
    r"(?=\s{0,4}[0-9]{1,2}[\-/.])(?:"
    r"(?<![0-9A-Za-z.\-/:])(?:0?[1-9]|1[0-2])(?P<sep>[\-/.])(?:0[1-9]|[12]\d|3[01]|[1-9])[ ,]{1,3}"
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d)|(?:^|(?<=\n))\s{0,4}(?P<day>(?:0[1-9]|1[0-2])[\-/.]"
    r"(?:0[1-9]|[12]\d|3[01]))(?=\s|[,、:]))",
)
ENGLISH_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct"
    r"(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)?[ \-/.]?{ENGLISH_MONTH}[ \-/.,]{{0,2}}(?:\d{{4}}|\d\d)"
    rf"|{ENGLISH_MONTH}\.? ?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{4}}|{ENGLISH_MONTH}\.?,? (?:19|20)\d\d"
    rf"|(?:19|20)\d\d[ \-/.,]{{1,2}}{ENGLISH_MONTH}(?:[ \-/.]\d{{1,2}})?)"
    rf"(?![0-9]){TIME_OF_WHOLE}",
    re.IGNORECASE,
)
ENGLISH_SIGN: Final = Held(
    "[Jj][Aa][Nn]|[Ff][Ee][Bb]|[Mm][Aa][RrYy]|[Aa][Pp][Rr]|[Jj][Uu][NnLl]|[Aa][Uu][Gg]|[Ss\u017f][Ee][Pp]|[Oo][Cc][Tt]"
    "|[Nn][Oo][Vv]|[Dd][Ee][Cc]"
)
_MONTH_BEFORE: Final = re.compile(rf"(?<![A-Za-z]){ENGLISH_MONTH}[., ]{{0,3}}(?:the )?$", re.IGNORECASE)
_LETTER: Final = re.compile("[A-Za-z]")
# What is written before a date and belongs to it.
_LEAD: Final = Ended(
    r"(?:(?:公元|西元)\s?|['‘’]|(?<![A-Za-z])(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}[.,]{0,2} {1,2})$"
)
_NEXT: Final = re.compile(
    rf"/{_DAY}\s?{_DAYMARK}(?!均|间|后|内)|\s?(?:[、,及和与至到~—一]|-{{1,2}}|以及)\s?(?:(?:{_MONTH}\s?月\s?)?{_DAY}\s?{_DAYMARK}(?!均|间|后|内){TIME}"
    rf"|{_MONTH}\s?月(?:份|(?![前后余来内])){TIME}|(?:[0-2]\d(?P<sep>[\-/.])(?:0?[1-9]|1[0-2])(?P=sep)|(?:0?[1-9]"
    rf"|1[0-2])[\-/.])(?:0?[1-9]|[12]\d|3[01])"
    rf"(?![0-9.%]){TIME}|{_CN_MONTH}月{CN_DAY}[日号]|(?:19|2[0O]){_D}{_D}[\-/.年]{_D}{{1,2}}"
    rf"(?:[\-/.月]{_D}{{1,2}}日?)?(?![0-9OlI]){TIME}|{_YEAR}年|(?<=[\-~至到])(?:0?[1-9]|[12]\d|3[01])"
    r"(?![0-9.%:/\-]|\s?(?:[次个天周月年例级片℃°号床针支粒号岁时点]|[A-Za-z])))"
)
_MARK: Final = re.compile(
    r"\s?(?P<span>[~—\-至到一](?![月日号十]))?[ 、,及和与至到~—一以/-]*?(?=[^ 、,及和与至到~—以/-])"
)
_LABEL: Final = Ended(
    r"(?:(?:日\s?期|(?<![酶原血板缩舒搏程隔续])时\s?间|生\s?日|出生(?:年月日?|日期|时间)?|入院|出院|手术日|[Dd]ate"
    r"|DATE|DOB|D\.O\.B\.?)"
    r"(?:\([^()\n]{0,6}\))?\s?[:为 ]{1,3}|(?:日\s?期|末次月经|末次|预产期|移植日|取卵日|(?<![A-Za-z])(?:LMP|EDD"
    r"|EDC))\s?[:为是 ]{0,3})$"
)
_LABEL_VALUE: Final = re.compile(
    rf"(?P<value>(?:\d{{4}}|\d\d)[ \-/.年]{{1,2}}{_D}{{1,2}}[ \-/.月]{{1,2}}{_D}{{1,2}}日?{TIME_OF_WHOLE}"
    rf"|{_D}{{8}}(?![0-9])"
    rf"|\d{{1,2}}[\-/.]\d{{1,2}}[\-/.]\d\d(?!\d)|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![0-9A-Za-z.\-/]"
    rf"| \d{{4}} \d{{4}}(?!\d)){TIME}"
    rf"|\d{{6}}(?![0-9A-Za-z.\-/])|{_MONTH}[\-/. ]{_DAY}(?![0-9.]){TIME}"
    rf"|(?:19|20)\d\d(?:[./\- ]\d{{1,2}})?(?![0-9])|\d\d[./\-]\d{{1,2}}(?![0-9.]))"
    r"(?!\s?(?:小时|分钟|h|min|秒|s|天|周(?!一)|个|mm|cm|mg|ml|%))"
)
_BREATH: Final = re.compile(r"DOB[^0-9]*\d{1,2}\.\d{1,2}$")  # what a breath test measures
# What was measured, or the time before: a number and a clock time follow, no day (K+ 7.1 10:42).
_VALUE: Final = re.compile(
    r"(?<![A-Za-z])(?!(?:CT|MRI?|DR|US|PET|ICU|LMP|at|on) )[A-Za-z][A-Za-z0-9+\-]{0,5} $|\d:\d\d $"
)
_LAST: Final = _LABEL.lasts(BETWEEN)
_EDITION: Final = re.compile(
    r"^\s?(?:年)?\s?(?:版|指南|共识|标准|修订|分期|分类|诊断标准|WHO|AJCC|UICC|ESC|ACC|ACR|AHA|ADA|EULAR|FIGO"
    r"|KDIGO|中国|NCCN|GOLD"
    r"|GINA)"
)
_TITLED: Final = re.compile(
    r"[^\n,。;、]{0,16}(?:学会|协会|诊治|诊疗|防治|管理|治疗|专家)[^\n,。;、]{0,8}(?:指南|共识|规范)"
)
_YEAR_LENGTH: Final = 5
_BEFORE_EDITION: Final = Ended(
    r"(?:WHO|AJCC|UICC|ESC|ACC|AHA|NCCN|GOLD|GINA|FIGO|KDIGO|ADA|EULAR|ACR|ILAE|McDonald|Lugano|ISPD|版"
    r"|指南|《)\s?[(\[]?$"
)
_Form = tuple[re.Pattern[str], str, str]
_COMPACT_FORM: Final[_Form] = (_COMPACT, "date.compact", "eight digits that are a date")
_NUMERIC_FORM: Final[_Form] = (_NUMERIC, "date.numeric", "year, month and day with separators")
_YM_FORM: Final[_Form] = (_YM, "date.year_month", "year and month with a separator")
# By the first sign behind the digits, beside those that begin with six of them: after a digit or a blank only they are.
_BY_SIGN: Final[dict[str, tuple[_Form, ...]]] = {
    "年": (
        (_FULL, "date.full", "year with month and day, or year alone"),
        (_SHORT, "date.short_year", "two-digit year"),
    ),
    "月": ((_MD, "date.month_day", "month and day"),),
    **dict.fromkeys(",·、。_~—", (_NUMERIC_FORM,)),
    **dict.fromkeys("-/.", (_NUMERIC_FORM, _YM_FORM)),
}
_WORDS: Final = ("年", "月")
_NO_FORM: Final[tuple[_Form, ...]] = ()
_STAMP_SIGN: Final = frozenset("-/.")


PROTEIN: Final = re.compile(r"14-3-3 ?(?:蛋白|protein|[(εζησγβτ])")
_DATEISH: Final = re.compile(
    r"[0-9OoQlI|ZSB ]{1,8}(?:[年月]|[\-/.](?=\s?[0-9OolI|ZSB]))|[12lI][90O8][0-9OlIZSB]{2} ?[,·、。_~—]|[0-9]{8}"
    r"|[0-9]{6}[ \-T_]"
)


class CalendarDate:
    """Each form has its pattern; what is listed after a date is one too."""

    name = "date"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for at, last, before in doc.runs:
            if sign := _DATEISH.match(text, at):
                self._at_run(doc, at, text[sign.end() - 1], found)
            labelled = last in _LAST and _LAST[last][before] and _LABEL.stands(text, at, 16)
            if (
                labelled
                and (value := _LABEL_VALUE.match(text, at))
                and not _BREATH.search(doc.before(at, 16) + value.group())
            ):
                found.append(Finding(at, value.end(), self.entity, "date.field", 0.9, "value of a date field"))
        if ENGLISH_SIGN.likely(doc):  # an English month
            self._english(doc, found)
        for match in _RELATIVE.finditer(text):
            self._add(found, text, match.start(), match.end(), "date.relative_year", "month of a named year")
        for word in _MONTH_WORD.finditer(text) if "月份" in text else ():
            if named := _MONTH_NAMED.match(text, word.start()):
                self._add(found, text, named.start(), named.end(), "date.relative_year", "month by its name")
        reached = 0
        for lead in _CHINESE_LEAD.finditer(text):
            numerals = _CHINESE.match(text, lead.start()) if lead.start() >= reached else None
            if numerals:
                reached = numerals.end()
                self._add(found, text, numerals.start(), reached, "date.chinese", "date in Chinese numerals")
        return found

    def _at_run(self, doc: Document, at: int, sign: str, found: list[Finding]) -> None:
        text = doc.text
        if sign not in _WORDS and text[at - 1 : at] in _STAMP_SIGN:  # inside another date
            return
        forms = _BY_SIGN.get(sign, _NO_FORM)
        for pattern, rule, why in (*forms, _COMPACT_FORM) if text[at + 5 : at + 6].isdecimal() else forms:
            match = pattern.match(text, at)
            if match and match.end() > at:
                if rule == "date.compact" and LOT.search(doc.before(at, 12)):
                    continue
                if rule in ("date.full", "date.year_month") and self.edition(text, at, match.end()):
                    continue
                if rule == "date.numeric" and PROTEIN.match(text, at):
                    continue
                if rule == "date.numeric" and text.endswith(
                    ("Apgar ", "Apgar", "评分", " R ", " L ", "架位 ", "货架 ", "库位 "), 0, at
                ):
                    continue
                self._add(found, text, at, match.end(), rule, why)
        match = _STAMP.match(text, at) if sign in _STAMP_SIGN else None
        if match and not (match["sep"] == "." and _VALUE.search(doc.before(at, 8))):
            span, why = match.span("day" if match["day"] else 0), "month and day with a clock time, or heading a line"
            found.append(Finding(*span, self.entity, "date.stamp", 0.85, why))

    def _english(self, doc: Document, found: list[Finding]) -> None:
        """From a number, or from a month before one."""
        text = doc.text
        for at, _, _ in doc.runs:
            for begin in (at if _LETTER.search(text, at, at + 6) else None, self._word_before(text, at)):
                match = _ENGLISH.match(text, begin) if begin is not None else None
                if match:
                    self._add(found, text, match.start(), match.end(), "date.english", "English date")

    @staticmethod
    def _word_before(text: str, at: int) -> int | None:
        """Where an English month before a number begins."""
        left = text[max(0, at - 16) : at]
        match = _MONTH_BEFORE.search(left) if _LETTER.match(left.rstrip(" .,")[-1:]) else None
        return at - len(left) + match.start() if match else None

    @staticmethod
    def edition(text: str, start: int, end: int) -> bool:
        """Whether the year belongs to the title of a guideline or a staging system."""
        if text[end - 1] == "年" and end - start <= _YEAR_LENGTH and _TITLED.match(text[end : end + 32]):
            return True
        if text[end - 1] in "日号" and end - start > _YEAR_LENGTH + 2:
            return False
        return bool(_EDITION.match(text[end : end + 6]) or _BEFORE_EDITION.stands(text, start, 10))

    def _add(self, found: list[Finding], text: str, start: int, end: int, rule: str, why: str) -> None:
        while end > start and text[end - 1] in " ,":
            end -= 1
        lead = _LEAD.before(text, start, 14)
        first = start - len(lead.group()) if lead else start
        found.append(Finding(first, end, self.entity, rule, 0.92, why))
        for _ in range(12):
            more = _NEXT.match(text, end)
            if not more or more.end() == end:
                return
            mark = _MARK.match(text, end)
            begin = mark.end() if mark else end
            found.append(Finding(begin, more.end(), self.entity, "date.list", 0.85, "day listed after a date"))
            if mark and (mark["span"] or text[end - 1] == text[more.end() - 1] == "月"):
                found.append(
                    Finding(first, more.end(), self.entity, "date.range", 0.9, "from one day or month to another")
                )
            else:
                first = begin
            end = more.end()
