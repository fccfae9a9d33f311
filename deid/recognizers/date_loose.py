"""Dates that need their surroundings: damaged digits, ranges, month and day by a slash, English dates with gaps."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Final

from deid.document import Document
from deid.leads import led
from deid.recognizers.date import ENGLISH_MONTH, LOT, PROTEIN, CalendarDate
from deid.recognizers.date_partial import MONTH_YEAR, RANGE, day_alone, in_words, months_alone, on_tubes, short_year
from deid.recognizers.date_parts import (
    CLOCK,
    COLON_CLOCK,
    DAY,
    DIGIT,
    GAP,
    MARK,
    MONTH,
    TIME,
    TIME_BESIDE,
    TIME_OF_WHOLE,
    YEAR,
    is_day,
    number,
)
from deid.spans import Finding
from records.entities import Entity

_D: Final = DIGIT
_SEPARATOR: Final = r"[\-/.一~_·,、:。\\]{1,2}"
# A whole date with any damage: torn, misread, glued to its clock time. What it says is checked afterwards.
_WHOLE: Final = re.compile(
    rf"(?:(?<![0-9.\-])|(?<=[^0-9.]\.)|(?<=[\s。;,]\d\.))(?P<y>{YEAR}){GAP}(?:年"
    rf"|{_SEPARATOR}){GAP}(?P<m>{MONTH}){GAP}(?:月"
    rf"|{_SEPARATOR}){GAP}(?P<d>{DAY})(?! ?月)"
    rf"(?: ?{MARK})?(?!-\d{{3}}(?!\d)|\.\d{{3}}(?!\d))(?:{CLOCK}|(?:[01]\d|2[0-3])\.?[0-5]\d(?![0-9A-Za-z.])"
    rf"|(?![0-9A-SU-Za-z]){TIME_OF_WHOLE})"
)
_SHORT_WHOLE: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-/])(?P<y>[0-9OoQlI|Z] ?{_D}) ?(?:年 ?|(?P<sep>[\-/.一~·,、]{{1,2}}) ?)(?:(?<=[/\-.])\n)?"
    rf"(?P<m>[01OolI|]? ?{_D}) ?(?:(?P=sep)|(?<=年 .)[.\-/]|(?<=年..)[.\-/]|(?<=年.)[.\-/])(?: ?"
    rf"|(?<=[/\-])\n|(?<=\.)\n(?=[0-3lIO][0-9lIO](?:$|[ \n,。)])))(?P<d>[0-3OoQlIZ|]? ?(?!(?<= )\|){_D})日?"
    rf"(?:(?P<glued>{CLOCK})|(?![0-9A-Za-z]|[.\-/%×]\d|\s?(?:cm|mm|mg|ml|g/|%)){TIME_OF_WHOLE})"
)
_JOINED: Final = re.compile(  # year, month and day without any mark between them
    rf"(?<![0-9A-Za-z.\-])(?P<y>{YEAR}) {{0,2}}(?P<m>[0OoQD1lI|] ?{_D}) {{0,2}}(?P<d>[0-3OoQlIZ|] ?{_D})"
    rf"(?:{COLON_CLOCK}|(?![0-9A-Za-z]){TIME_OF_WHOLE}|(?: ?[0-9OolI]){{4,6}}(?![0-9A-Za-z]))"
)
_SPACED: Final = re.compile(  # nothing but blanks between year, month and day
    rf"(?P<y>[12lIZ|][90OoQD]{_D}{_D}) {{1,2}}(?P<m>[01OolI|]?{_D}) {{1,2}}(?P<d>[0-3OolIZ|]?{_D})"
    rf"(?: {{1,2}}{COLON_CLOCK}|(?![0-9A-Za-z.%/:\-×~]| ?[0-9%×~]))"
)
_SPACED_SHORT: Final = re.compile(rf"(?P<y>[0-2OlI]{_D}) (?P<m>[01OolI]{_D}) (?P<d>[0-3OolI]{_D}) {{1,2}}{COLON_CLOCK}")
_SPACED_LEFT: Final = re.compile(r"(?:^|[\n:,。;(、]|[收签期间于到至])\s{0,2}$")
_ROWED: Final = re.compile(  # the number of a row glued to its day: 4 25.6.15
    r"[1-9](?P<day>2\d\.(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9]))(?=\s)"
)
_BOXED: Final = re.compile(r"[12][|│1][09][|│1]\d[|│1]\d[|│]年[|│](?:\d[|│1]){1,2}月(?:[|│](?:\d[|│1]){1,2}日)?")
_KOREAN: Final = re.compile(r"(?:19|20)\d\d\s?년(?:\s?\d{1,2}\s?월(?:\s?\d{1,2}\s?일)?)?")
_BORN: Final = re.compile(r"(?:19[2-9]|20[0-2])\d(?=生(?![产理活命长物化]))")
_YEAR_ALONE: Final = re.compile(
    r"(?<![0-9A-Za-z.\-])[12lIZ|] ?[90OoQD8] ?[0-9OoQDlI|ZSB] ?[0-9OoQDlI|ZSB] ?年(?![龄级])"
)
_WORN_MONTH: Final = re.compile(r"[12lI][90OoQ][0-9OlI]{2}[./\-](?:[0O][1-9lI]|[1lI][0-2OlI])(?![0-9A-Za-z.\-/])")
_MONTH_DAY: Final = re.compile(
    rf"(?<![0-9A-Za-z个\-年岁])[01OolI|]? ?{_D} ?月(?:{GAP}[0-3OolIZ|]? ?{_D} ?{MARK}"
    rf"| ?[0-3OolIZ|]? ?{_D}(?=[,。;、\s)]|$"
    rf"|[\u4e00-\u9fff])(?! ?[天个周年次余岁月至到支片粒期级度例人名处份点时分])){TIME}"
)
_SLASH: Final = re.compile(
    r"(?:(?<![0-9A-Za-z.\-/%])(?<!\d:)|(?<=--)|(?<=[/.]\d-)|(?<=[/.]\d\d-)|(?<=CT)|(?<=MR)|(?<=MRI))"
    r"(?P<m>[0O]?[1-9]|1[0-2]|[1lI]?[0-9OlI])(?P<sep>[/\-.])(?P<d>[0-3OlI]?[0-9OlI])"
    r"(?P<mark>(?<!-\d)(?<!-\d\d)[日号](?![内后前均线床楼]))?(?![0-9A-Za-z%/]"
    r"|[.\-:]\d(?!\d?(?P=sep)\d{1,2}(?![0-9%]|\s?[片支粒级量]))|~\d{1,2}(?!\d?(?P=sep)\d))"
    rf"(?:\(周[一二三四五六日天]\))?{TIME_BESIDE}"
)
_SLASH_LEFT: Final = re.compile(
    r"(?:^|[\n。;,、:(→\[]\s{0,4}|-{2}|[入出转]院\s?|[\u4e00-\u9fff)]\s{1,4}|(?<=\d)\s{1,4}"
    r"|[于自至到从期间经诊次约始印录后前夫生士师疗术者检]\s?|→[\u4e00-\u9fff]{1,4}[::]\s?)$"
)
_SLASH_RIGHT: Final = re.compile(
    r"\s{0,4}(?:$|\n|[:,、;。)→\-~至](?!\d)|[、,\-~至](?=\d{1,2}[/\-.]\d)|\d{1,2}[:时点]|[晨晚早夜]|[上下中]午"
    r"|凌晨|复[查诊]|行|送|入|出|手术|家属|患|无人|未接|接听|其|[置建植]|V[oO][dDsSuU]|来|看|"
    r"起|开始|发|拆|换|查|服|停|予|转|面诊|因|再|到|见|示|报|术|门诊|随访|电话|加|改|签|输|化疗|放疗|超声|彩超"
    r"|[CM][TR]|胃镜|肠镜|血|体温|交|接|"
    r"考虑|给|由|在|请|会诊|查房|第[一二三四五\d]|[\u4e00-\u9fff]{2,4}(?:医|院|科|护|主任))"
)
SLASH_NOT: Final = re.compile(
    r"(?:(?<!末次)月经|周期|[大小]弯|贲门|系膜|腋窝|[血管肠]旁|肌力|视力|评分|得分|阳性|转移|淋巴结|LN|杂音|切缘"
    r"|血压|BP|mmHg|比例|滴速|[左右]眼|(?<![A-Za-z])O[DS](?![A-Za-z])"
    r"|牙|齿|比|率"
    r"|约占|Apgar|分级|Ⅱ|级别|肋间|[Kk]i-?67"
    r"|\+|肠鸣|心率|(?<![静动])脉|呼吸|体温|HP|视野|尿|频率|范围|参考|蜡块|孔径|考核|导联"
    r"|(?<![\u4e00-\u9fff])(?:盒|[左右])\s)[^\n。;]{0,8}$|(?:PAGE|Page|page|页码)[: ]{0,2}\Z"
)
UNIT: Final = re.compile(
    r"\s?(?:级|分(?!钟内)|片|HP|视野|量|支|mm|cm|m[lL]|次|L|g|个|例|倍|粒|枚|杯|[周天岁年月]|°|℃|kg|U|h|小时|min|肋|导联)"
)
_CAPITAL_MONTH: Final = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_ANY_MONTH: Final = rf"(?:{ENGLISH_MONTH}|{_CAPITAL_MONTH})"
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)?[ \-](?:of )?{ENGLISH_MONTH}\.?(?:[ ,\-]{{1,2}}(?:19"
    rf"|20)?\d\d)?|{ENGLISH_MONTH}[. \-]{{1,2}}\d{{1,2}}"
    rf"(?:st|nd|rd|th)?(?:[, \-]{{1,2}}(?:19|20)\d\d)?|{ENGLISH_MONTH}\.?,? (?:of )?(?:19|20)\d\d)(?![0-9A-Za-z])"
    rf"(?:[ ,]{{1,2}}\d{{1,2}}:\d\d(?: ?[AaPp]\.?[Mm])?)?"
)
# With misread digits, without a known day (UN/JAN/2024), or without a year as trials write it (12MAR).
_ENGLISH_WORN: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:[0-3lIOo]?{_D}|UNK?|NK|XX|--)[ \-/.]?\n?{_ANY_MONTH}[ \-/.,\n]{{0,2}}"
    rf"(?:[12lIZ][90OoQ]{_D}{_D}|\d\d)|{_ANY_MONTH}[., \n]{{1,2}}[0-3lIOo]?{_D},? ?[12lIZ][90OoQ]{_D}{_D}"
    rf"|(?:0?[1-9]|[12]\d|3[01]){_CAPITAL_MONTH})(?![0-9A-Za-z]){TIME_OF_WHOLE}",
)
_IN_YEAR: Final = re.compile(r"(?<![A-Za-z])(?:[Ii]n|[Ss]ince|[Ff]rom|[Uu]ntil|[Dd]uring|[Bb]y|[Ss]ummer|[Ww]inter) $")
_BARE_YEAR: Final = re.compile(r"(?:19|20)\d\d(?![0-9A-Za-z\-/:]|\.\d)")


_REPUBLIC: Final = re.compile(
    r"(?<![0-9])(?:1[01]\d|[6-9]\d)\s?年\s?(?:1[0-2]|0?[1-9])\s?月(?:\s?(?:3[01]|[12]\d|0?[1-9])\s?[日号])?"
)
_LETTERS: Final = led(r"(?<![0-9A-Za-z])[OolI|]{1,2}(?= ?月|[/.\-][0-3OolI|]?[0-9OolI|](?![0-9A-Za-z]))")
_SLASH_SIGN: Final = re.compile(r"[0-9lIO|]{1,2}[/\-.][0-9lIO]")
_NAMED_MONTH: Final = re.compile(
    "[JFMASOND](?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec|AN|EB|AR|PR|AY|UN|UL|UG|EP|CT|OV|EC)"
)


class LooseDate:
    """Each form with its own conditions; day and month by a slash need both neighbours to speak for a date."""

    name = "date_loose"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        found += in_words(text)
        if "月" in text:
            found += months_alone(text)
        if not doc.has_digit:
            return found
        starts = dict.fromkeys([at for at, _ in doc.runs])
        if "|" in text:
            starts.update(dict.fromkeys(at + 1 for at, _ in doc.runs if text[at] == "|"))
        starts.update(dict.fromkeys(match.start() for match in _LETTERS.finditer(text)))
        for at in starts:
            self._at(text, at, found)
        self._slashes(text, [at for at in starts if _SLASH_SIGN.match(text, at)], found)
        found += on_tubes(text)
        if _NAMED_MONTH.search(text):
            for pattern, why in ((_ENGLISH, "English date"), (_ENGLISH_WORN, "English date, damaged or in part")):
                found += [
                    Finding(*m.span(), self.entity, "date.english_loose", 0.85, why) for m in pattern.finditer(text)
                ]
        if "년" in text:
            found += [
                Finding(*m.span(), self.entity, "date.korean", 0.9, "Korean date") for m in _KOREAN.finditer(text)
            ]
        if "年|" in text or "年│" in text:
            found += [
                Finding(*m.span(), self.entity, "date.boxed", 0.9, "date with each digit in a box")
                for m in _BOXED.finditer(text)
            ]
        return found

    def _at(self, text: str, at: int, found: list[Finding]) -> None:
        """What a number at a place begins: a whole date with damage, a range, a month with its day, a day alone."""
        ahead = text[at : at + 12]
        if ahead[0] in _FIRST:
            self._whole(text, at, found)
        if "月" in ahead or "年" in ahead or ("." in ahead or "/" in ahead or "-" in ahead):
            spanned = RANGE.match(text, at) or ("/" in ahead[:3] and MONTH_YEAR.match(text, at))
            if spanned:
                self._kept(text, *spanned.span(), "date.range", "from one day, month or year to another", found)
        if "月" in ahead:
            month = _MONTH_DAY.match(text, at)
            if month:
                why = "month and day, damaged or without its last character"
                self._kept(text, *month.span(), "date.month_day_loose", why, found)
        elif ("日" in ahead or "号" in ahead) and (alone := day_alone(text, at)):
            found.append(alone)
        if "年" in ahead:
            republic = _REPUBLIC.match(text, at)
            if republic:
                self._kept(text, *republic.span(), "date.republic", "day of the republican calendar", found)
            if short := short_year(text, at):
                found.append(short)

    def _whole(self, text: str, at: int, found: list[Finding]) -> None:
        """A date with its year, however torn or misread, if there is such a day."""
        if text[at] in "12lIZ|" and _YEAR_SIGN.match(text, at):
            if not self._damaged(text, at, _WITH_YEAR, found):
                self._with_year(text, at, found)
            return
        if _SHORT_SIGN.match(text, at) and self._damaged(text, at, _WITH_SHORT, found):
            return
        spaced = _SPACED_SHORT.match(text, at) if text[at + 2 : at + 3] == " " else None
        if spaced and is_day(number(spaced["m"]), number(spaced["d"])):
            self._kept(text, *spaced.span(), "date.spaced", "date with blanks between its parts", found)
            return
        rowed = _ROWED.match(text, at) if text[at - 1 : at] in ("\n", "") else None
        if rowed:
            self._kept(text, *rowed.span("day"), "date.rowed", "date glued to the number of its row", found)

    def _damaged(self, text: str, at: int, tries: Iterable[_Try], found: list[Finding]) -> bool:
        """Whether a date begins here that any of these finds and that there is."""
        for pattern, years in tries:
            match = pattern.match(text, at)
            if match and number(match["y"]) in years and is_day(number(match["m"]), number(match["d"])):
                real = sum(map(str.isdigit, match["y"] + match["m"] + match["d"]))
                fits = real >= 2 and (years is _YEARS or self._placed(text, match))
                if fits and not PROTEIN.match(text, at):
                    self._kept(text, *match.span(), "date.damaged", "day with misread characters or blanks", found)
                    return True
        return False

    def _with_year(self, text: str, at: int, found: list[Finding]) -> None:
        """What a year of four figures begins that is no whole date: one set with blanks, its month, a year alone."""
        spaced = _SPACED.match(text, at) if text[at + 4 : at + 5] == " " else None
        placed = spaced and _SPACED_LEFT.search(text[max(0, at - 4) : at])
        if spaced and placed and is_day(number(spaced["m"]), number(spaced["d"])):
            self._kept(text, *spaced.span(), "date.spaced", "date with blanks between its parts", found)
            return
        if born := _BORN.match(text, at):
            self._kept(text, *born.span(), "date.born", "year of birth", found)
        bare = _BARE_YEAR.match(text, at) if text[at - 1 : at] == " " else None
        if bare and _IN_YEAR.search(text[max(0, at - 9) : at]):
            self._kept(text, *bare.span(), "date.english_year", "year in an English sentence", found)
        worn = _WORN_MONTH.match(text, at)
        if worn and not worn.group()[5:].isdigit():
            self._kept(text, *worn.span(), "date.damaged", "month with misread characters", found)
        year = _YEAR_ALONE.match(text, at)
        if year and sum(map(str.isdigit, year.group())) >= 2 and number(year.group().rstrip("年 ")) in _YEARS:
            self._kept(text, *year.span(), "date.damaged", "year with misread characters or blanks", found)

    @staticmethod
    def _placed(text: str, match: re.Match[str]) -> bool:
        """Whether three short numbers stand where a date does: before a clock time, or where one is announced."""
        if match["sep"] is None or match["glued"] or len(match.group()) > match.end("d") - match.start() + 1:
            return True
        misread = any(map(str.isalpha, match["y"] + match["m"] + match["d"]))
        if misread and match["sep"] in ("/", ".", "-") and text[match.start() - 1 : match.start()] in (" ", "\n", ""):
            return True
        return match["sep"] != "," and _ANNOUNCED.search(text[max(0, match.start() - 12) : match.start()]) is not None

    def _kept(self, text: str, start: int, end: int, rule: str, why: str, found: list[Finding]) -> None:
        if not CalendarDate.edition(text, start, end) and not LOT.search(text[max(0, start - 12) : start]):
            found.append(self._trimmed(text, start, end, rule, why))

    def _trimmed(self, text: str, start: int, end: int, rule: str, why: str) -> Finding:
        while end > start and text[end - 1] in " ,:;":
            end -= 1
        return Finding(start, end, self.entity, rule, 0.8, why)

    def _slashes(self, text: str, starts: list[int], found: list[Finding]) -> None:
        """Month and day by a slash, a hyphen or a full stop; the last two only with more that speaks for a date."""
        likely = [seen for seen in (self._seen(text, at) for at in sorted(starts)) if seen]
        headings = _headings(text, likely)
        sure = [strong or match.start() in headings for match, _, strong in likely]
        last = {"/": -99, "-": -99, ".": -99}
        for place, (match, good, _) in enumerate(likely):
            sep = match["sep"]
            near = place + 1 < len(likely) and likely[place + 1][1] and _follows(match, likely[place + 1][0])
            if good and (
                sep == "/" or near or match.start() - last[sep] < 60 or _date_before(text, match.start(), sep)
            ):
                sure[place] = True
            if sure[place]:
                last[sep] = match.end()
        for place in range(len(likely) - 1, 0, -1):  # a list of days is one where its last is
            sure[place - 1] = sure[place - 1] or (sure[place] and _listed(text, likely[place - 1][0], likely[place][0]))
        for place in range(1, len(likely)):
            sure[place] = sure[place] or (sure[place - 1] and _listed(text, likely[place - 1][0], likely[place][0]))
        why = "month and day with neighbours of a date"
        found += [
            self._trimmed(text, *match.span(), "date.slash", why)
            for (match, _, _), is_one in zip(likely, sure, strict=True)
            if is_one
        ]

    @staticmethod
    def _seen(text: str, at: int) -> tuple[re.Match[str], bool, bool] | None:
        """A month and a day at a place, whether both neighbours allow a date, and whether they prove it."""
        match = _SLASH.match(text, at)
        if not match or not is_day(number(match["m"]), number(match["d"])):
            return None
        start, end = match.span()
        left, right = text[max(0, start - 12) : start], text[end : end + 14]
        part = match["sep"] == "/" and left[-1:] == "约" and number(match["m"]) < number(match["d"]) <= _PARTS
        whole = left[-2:] in ("(", "\n(", " (") and right[:2] in (")", ")\n", ") ")
        page = whole and number(match["m"]) <= number(match["d"]) <= _PAGES
        if part or page or SLASH_NOT.search(left) or UNIT.match(text, match.end("d")):
            return None
        timed, sep = end > match.end("mark" if match["mark"] else "d"), match["sep"]
        before = _SLASH_LEFT.search(left) is not None
        happened = _HAPPENED.match(right) is not None
        good = before and (timed or happened or _SLASH_RIGHT.match(right) is not None)
        figures = match["m"] + match["d"]
        padded = sep == "-" and len(match["m"]) == len(match["d"]) == 2 and not {"0", "O"}.isdisjoint(figures[::2])
        alone = right[:1] in ("", "\n", " ")
        sure = (
            (sep == "/" and left[-1:] in ("", "\n") and right[:1] == " ")
            or (timed and (good or (sep != "." and left[-1:] == " ")))
            or (padded and (good or right[:1] in (" ", ",", "、") or (before and "\u4e00" <= right[:1] <= "\u9fff")))
            or match["mark"] is not None
            or (_ANNOUNCED_DAY.search(left) is not None and (good or happened or right[:1] in _BREAK))
            or (sep == "/" and left[-1:] == "(" and re.match(r"\) ?\d", right) is not None)
            or (good and (happened or _CUED.search(left) is not None))
            or (sep == "/" and before and not figures.isdigit() and (alone or good))
            or (_COURSE.search(left) is not None and right[:1] in _BREAK)
            or (_EXAMINED.search(left) is not None and right[:1] in (")", ":"))
        )
        return match, good, sure


def _follows(match: re.Match[str], later: re.Match[str]) -> bool:
    """Whether a later day of the same writing stands shortly after."""
    near = match["sep"] == later["sep"] and later.start() - match.start() < 60
    return near and _date_of(match) <= _date_of(later)


def _listed(text: str, match: re.Match[str], later: re.Match[str]) -> bool:
    """Whether two days of one writing stand in a list or make a range."""
    between = text[match.end() : later.start()]
    return match["sep"] == later["sep"] and len(between) <= 3 and between.strip() in _BETWEEN


_BETWEEN: Final = frozenset(["", "、", ",", "-", "~", "至", "到", "和", "及"])


def _headings(text: str, likely: list[tuple[re.Match[str], bool, bool]]) -> set[int]:
    """Where lines begin with days, one after the other, that are no numbers of paragraphs (1.1, 1.2, 2.1)."""
    first = [
        match
        for match, _, _ in likely
        if text[max(0, match.start() - 5) : match.start()].rpartition("\n")[2].strip(" (") == ""
        and (match.start() < 5 or "\n" in text[max(0, match.start() - 5) : match.start()])
        and _AFTER_HEADING.match(text, match.end())
    ]
    days = [_date_of(match) for match in first]
    numbered = bool(days) and days[0] == (1, 1) and "0" not in {match["d"][0] for match in first}
    if len(days) < 2 or numbered or sorted(days) != days or len(set(days)) < 2:
        return set()
    return {match.start() for match in first}


def _date_of(match: re.Match[str]) -> tuple[int, int]:
    return number(match["m"]), number(match["d"])


_AFTER_HEADING: Final = re.compile(r"\)?\s?[:、,]?\s{0,4}[\u4e00-\u9fffA-Z(]")
_YEARS: Final = range(1880, 2050)
_SHORT_YEARS: Final = frozenset([*range(30), *range(50, 100)])
_Try = tuple[re.Pattern[str], Container[int]]  # a form, and the years it may name
_WITH_SHORT: Final[tuple[_Try, ...]] = ((_SHORT_WHOLE, _SHORT_YEARS),)
_WITH_YEAR: Final[tuple[_Try, ...]] = ((_WHOLE, _YEARS), (_JOINED, _YEARS), *_WITH_SHORT)
_YEAR_SIGN: Final = re.compile(YEAR)
_SHORT_SIGN: Final = re.compile(rf"{_D} ?{_D} ?[年\-/.一~·,、]{{1,2}}[ \n]?[0-9OolI|]")
_ANNOUNCED: Final = re.compile(
    r"(?:^|[\n([,。;:|│于自至到从在生]|日期|时间|[入出转]院|复查|[复就初]诊|随访|手术|Date|DATE|DOB)\s{0,3}['‘’]?$"
)
_CUED: Final = re.compile(
    r"(?:[入出转]院|下次|定于|预约|复诊|复查|随访|日期|时间|末次月经|预产期|移植日?|取卵日?|LMP|EDD|EDC|于|签名"
    r"|记录者|[护医]士|[医技]师"
    r"|己阅|已阅)\s?[:于为是]?\s{0,2}$"
)
_HAPPENED: Final = re.compile(
    r"(?:\s?[\-~至到]\s?\d{1,2}[/.\-]\d{1,2})?"
    r"(?:[入出转住]院|手术|术后|死亡|查房|我院|本院|外院|[两二三四五][日天]|化疗|放疗|复[查诊]|[置建植]|起|送检|采"
    r"|留取|[回报]报|[血痰尿]培养"
    r"|出入量|国庆|假期|长假|\s(?:体温|T ?3[5-9]|神志|精神|POD))(?!\d)"
)
_ANNOUNCED_DAY: Final = re.compile(
    r"(?:[明今昨][日天]|周[一二三四五六日]|星期[一二三四五六日天]|[入出转]院日|交班|[夜白晚早中]班|拟|定"
    r"|体温单)\s?[(:]?\s?$"
)
# The day of a course of treatment, and its date: C1D1:3/5, POD3(3/8), 第7天(5.8).
_COURSE: Final = re.compile(r"(?:(?:POD|[Dd]ay|C\d{1,2}D|(?<![A-Za-z])[Dd]) ?\d{1,3}|第\d{1,3}[天日])\s?[(:=]\s?$")
_FIRST: Final = frozenset("0123456789lIZO|")  # characters of a year
_PAGES: Final = 5  # (1/2): a page of some
_PARTS: Final = 10  # 约1/3, 约3/10: a part of something
_BREAK: Final = frozenset([*"\n ,。;、)-~", ""])
_EXAMINED: Final = re.compile(
    r"(?:[血尿便]常规|[CM][TRI]{1,2}|生化|凝血|肝肾功|血气|[胸平]片|[BＢ彩]超|超声|心电图|[胃肠]镜|病理|培养|复查"
    r"|出入量|引流量|POD ?\d{1,2}"
    r"|化验|检[查验])\s?[(:=]?$"
)


def _date_before(text: str, at: int, sep: str) -> bool:
    """Whether a full date with the same separator stands shortly before."""
    return (
        re.search(rf"(?:19|20)\d\d{re.escape(sep)}\d{{1,2}}{re.escape(sep)}\d", text[max(0, at - 60) : at]) is not None
    )
