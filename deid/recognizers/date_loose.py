"""Dates that need their surroundings: damaged digits, month and day by a slash, a day or month alone, old calendars."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.recognizers.date import LOT, CalendarDate
from deid.spans import Finding
from records.entities import Entity

_D: Final = "[0-9OoQDlI|ZSB]"
_SEP: Final = r" ?[\-/.一~_·,、:。年] ?"
_MARK: Final = "[日号曰目囗口白臼旦]"
_TIME: Final = (
    rf"(?:[ ,T]{{0,4}}(?:[上下中]午|凌晨|清晨|早"
    rf"|晚上?|夜间?)?\s?(?:[0-2OolI|Z]? ?{_D} ?[:;时点] ?(?:[0-5OolISZ|] ?{_D}"
    rf"(?: ?[:;分] ?[0-5OolIS]? ?{_D}?)?)?分?|{_D}{{2}}[0-5O]{_D}(?![0-9A-Za-z年月日])))?"
)
_DAMAGED: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-])[12lIZ|] ?[90OoQD8] ?{_D} ?{_D}"
    rf"(?:{_SEP}[0OoQD1lI|]? ?{_D} ?[\-/.一~_·,、:。月] ?[0-3OoQlIZ|]? ?{_D}"
    rf"(?![0-9A-Za-z]) ?{_MARK}?{_TIME}|[0OoQ1lI] ?{_D} ?[0-3OoQlIZ|] ?{_D}(?![0-9A-Za-z]){_TIME}| ?年)"
)
_WORN_MONTH: Final = re.compile(r"[12lI][90OoQ][0-9OlI]{2}[./\-](?:[0O][1-9lI]|[1lI][0-2OlI])(?![0-9A-Za-z.\-/])")
_MONTH_DAY: Final = re.compile(
    rf"(?<![0-9A-Za-z个\-])[01OolI|]? ?{_D} ?月 ?[0-3OolIZ|]? ?{_D} ?(?:{_MARK}|(?=[,。;、\s)]|$)){_TIME}"
)
_SLASH: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/%])(?<!\d:)(?P<m>[0O]?[1-9]|1[0-2]|[1lI]?[0-9OlI])(?P<sep>[/\-.])(?P<d>[0-3OlI]?[0-9OlI])"
    r"(?![0-9A-Za-z%/]|[.\-:]\d)"
    rf"{_TIME}"
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
_SLASH_NOT: Final = re.compile(
    r"(?:肌力|视力|评分|得分|阳性|转移|淋巴结|LN|杂音|切缘|血压|BP|mmHg|比例|滴速|[左右]眼|OD|OS|牙|齿|比|率"
    r"|约占|Apgar|分级|Ⅱ|级别|肋间|[Kk]i-?67"
    r"|\+|肠鸣|心率|(?<![静动])脉|呼吸|体温|HP|视野|尿|频率|范围|参考)[^\n。;]{0,8}$"
)
_UNIT: Final = re.compile(
    r"\s?(?:级|分(?!钟内)|片|HP|视野|量|支|mm|cm|m[lL]|次|L|g|个|例|倍|粒|枚|杯|[周天岁年月]|°|℃|kg|U|h|小时|min|肋)"
)
_DAY_ALONE: Final = re.compile(
    r"(?:(?<=[,。;:\n(、于至到自从])|(?<=^))\s{0,3}(?P<value>(?:[12lI]?[1-9OlI]|[123]0|3[01O])(?:日|号"
    r"(?=[上下晚早凌出入行去来复]))(?!内|后|前|均|龄|间|以|来|余|疗|用量|尿|量|入|三|[1-9]|[剂用]|未解|一次)"
    r"(?:\s{0,2}(?:[01]?\d|2[0-3]):[0-5]\d)?)"
    r"(?=[\u4e00-\u9fff,。;、)\s]|$|\d)"
)
_COUNTED: Final = re.compile(
    r"(?:住院|服药|用药|治疗|发热|连[用服续]|间隔|持续|术后|病程|共|每|第|疗程|[0-9一二三四五六七八九十][剂付帖]"
    r"|煎服|分)[^\n。]{0,4}$"
)
_MONTH_ALONE: Final = re.compile(
    r"(?<![0-9个A-Za-z.十零〇年满近半约])(?P<value>(?:1[0-2]|[1-9lI]|十[一二]?|[一二三四五六七八九])月(?:份|初"
    r"|底|末|上旬|中旬|下旬))"
    r"|(?:[于自从至到]|[。;,\n]\s{0,4})(?P<bare>(?:1[0-2]|[1-9])月(?=\s?起|\s?(?:在|因|于|行|曾|又|再次|经|赴|回"
    r"|开始|出现|住院)))(?<!\d)"
)
_OLD: Final = re.compile(
    r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?(?:闰?[一二三四五六七八九十正冬腊]{1,2}月)?"
    r"(?:初[一二三四五六七八九十]|[廿卅][一二三四五六七八九]?|二?十[一二三四五六七八九]?日?"
    r"|[一二三四五六七八九]日|[上中下]旬)?(?<=[年月日旬一二三四五六七八九十])"
    r"(?<![子丑寅卯辰巳午未申酉戌亥])"
    r"|[贰壹](?:[零〇]|玖)[零〇壹贰叁肆伍陆柒捌玖拾]{2}年(?:[零壹贰叁肆伍陆柒捌玖拾一二三四五六七八九十]{1,3}月"
    r"(?:[零壹贰叁肆伍陆柒捌玖拾廿一二三四五六七八九十]{1,4}[日号]?)?)?"
    r"|(?<=[\u4e00-\u9fff,。;:\s(])[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}"
    r"|廿[一二三四五六七八九]?|初[一二三四五六七八九十])(?![日号天个次年分岁周月余多几十]"
    r"|[一二三四五六七八九]?[次周天])"
)
_RANGE: Final = re.compile(
    r"(?:(?:19|20)\d\d\s?年\s?)?(?<![0-9.])\d{1,2}\s?月\s?\d{1,2}"
    r"(?:\s?[日号])?(?:\s?[\-~、,至到和及]\s?\d{1,2}){1,6}\s?[日号]"
    r"|(?<![0-9A-Za-z.])(?:19|20)\d\d\s?年?\s?[\-~至到]{1,2}\s?(?:19|20)?\d\d\s?年(?![龄级前后])"
    r"|(?<![0-9.])(?:19|20)\d\d\s?年\s?\d{1,2}\s?[\-~至到]\s?\d{1,2}\s?月"
    r"|(?<![0-9A-Za-z.])(?:19|20)\d\d[./]\d{1,2}\s?[\-~至到]{1,2}\s?(?:(?:19|20)\d\d[./])?\d{1,2}(?![0-9./])"
)
_MONTH_YEAR: Final = re.compile(r"(?<![0-9A-Za-z/.\-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![0-9/.])")
_SHORT_YEAR: Final = re.compile(
    r"(?:^|(?<=[,。;:(\s自于在从至到]))['’]?(?P<value>(?:[6-9]\d|0\d)年)"
    r"(?=[因行患诊曾做在发出入开起确查体外春夏秋冬初底末,。、])"
)
_ENGLISH_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct"
    r"(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)?[ \-](?:of )?{_ENGLISH_MONTH}\.?(?:[ ,\-]{{1,2}}(?:19"
    rf"|20)?\d\d)?|{_ENGLISH_MONTH}[. \-]{{1,2}}\d{{1,2}}"
    rf"(?:st|nd|rd|th)?(?:[, \-]{{1,2}}(?:19|20)\d\d)?|{_ENGLISH_MONTH}\.?,? (?:of )?(?:19|20)\d\d)(?![0-9A-Za-z])"
    rf"(?:[ ,]{{1,2}}\d{{1,2}}:\d\d(?: ?[AaPp]\.?[Mm])?)?"
)


_REPUBLIC: Final = re.compile(
    r"(?<![0-9])(?:1[01]\d|[6-9]\d)\s?年\s?(?:1[0-2]|0?[1-9])\s?月(?:\s?(?:3[01]|[12]\d|0?[1-9])\s?[日号])?"
)
_OLD_SIGN: Final = re.compile(
    r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|[贰壹][零〇玖]|月[初廿卅一二三四五六七八九十]"
)
_LETTER_MONTH: Final = re.compile(r"(?<![0-9A-Za-z])[OolI|]{1,2} ?月")
_SLASH_SIGN: Final = re.compile(r"[0-9lIO]{1,2}[/\-.][0-9lIO]")
_MONTH_SIGN: Final = re.compile(r"月(?:份|初|底|末|[上中下]旬|\s?[起在因于行曾又再经赴回开出住])")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class LooseDate:
    """Each form with its own conditions; day and month by a slash need both neighbours to speak for a date."""

    name = "date_loose"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        if _OLD_SIGN.search(text):
            found += [
                Finding(*match.span(), self.entity, "date.old_calendar", 0.8, "old calendar or formal numerals")
                for match in _OLD.finditer(text)
            ]
        if not doc.has_digit:
            return found
        starts = dict.fromkeys(at for at, _ in doc.runs)
        starts.update(dict.fromkeys(at + 1 for at, _ in doc.runs if text[at] == "|"))
        starts.update(dict.fromkeys(match.start() for match in _LETTER_MONTH.finditer(text)))
        for at in starts:
            self._at(text, at, found)
        self._slashes(text, [at for at in starts if _SLASH_SIGN.match(text, at)], found)
        if _MONTH_SIGN.search(text):
            for match in _MONTH_ALONE.finditer(text):
                group = "value" if match["value"] else "bare"
                found.append(Finding(*match.span(group), self.entity, "date.month", 0.6, "month alone"))
        if any(month in text for month in _MONTHS):
            found += [
                Finding(*m.span(), self.entity, "date.english_loose", 0.85, "English date")
                for m in _ENGLISH.finditer(text)
            ]
        return found

    def _at(self, text: str, at: int, found: list[Finding]) -> None:
        """What a number at a place begins: a whole date with damage, a range, a month with its day, a day alone."""
        ahead = text[at : at + 8]
        damaged = _DAMAGED.match(text, at) if ahead[0] in "12lIZ|" else None
        if damaged and sum(map(str.isdigit, damaged.group())) >= 2:
            self._kept(text, *damaged.span(), "date.damaged", "day with misread characters or blanks", found)
        worn = _WORN_MONTH.match(text, at) if ahead[0] in "12lI" else None
        if worn and not worn.group()[5:].isdigit():
            self._kept(text, *worn.span(), "date.damaged", "month with misread characters", found)
        if "月" in ahead or "年" in ahead or ("." in ahead or "/" in ahead or "-" in ahead):
            spanned = _RANGE.match(text, at)
            if spanned:
                self._kept(text, *spanned.span(), "date.range", "from one day, month or year to another", found)
        if "月" in ahead:
            month = _MONTH_DAY.match(text, at)
            if month:
                why = "month and day, damaged or without its last character"
                self._kept(text, *month.span(), "date.month_day_loose", why, found)
        elif "日" in ahead or "号" in ahead:
            alone = _DAY_ALONE.search(text, max(0, at - 4), at + 14)
            if alone and not _COUNTED.search(text[max(0, alone.start() - 8) : alone.start("value")].rstrip(" ,。;:")):
                found.append(Finding(*alone.span("value"), self.entity, "date.day", 0.6, "day of the month alone"))
        if "年" in ahead:
            republic = _REPUBLIC.match(text, at)
            if republic:
                self._kept(text, *republic.span(), "date.republic", "day of the republican calendar", found)
            short = _SHORT_YEAR.search(text, max(0, at - 2), at + 8)
            if short:
                why = "year of two digits where a clause begins"
                found.append(Finding(*short.span("value"), self.entity, "date.short_year", 0.6, why))

    def _kept(self, text: str, start: int, end: int, rule: str, why: str, found: list[Finding]) -> None:
        if not CalendarDate.edition(text, start, end) and not LOT.search(text[max(0, start - 12) : start]):
            found.append(self._trimmed(text, start, end, rule, why))

    def _trimmed(self, text: str, start: int, end: int, rule: str, why: str) -> Finding:
        while end > start and text[end - 1] in " ,:;":
            end -= 1
        return Finding(start, end, self.entity, rule, 0.8, why)

    def _slashes(self, text: str, starts: list[int], found: list[Finding]) -> None:
        """Month and day by a slash, a hyphen or a full stop; the last two only beside another date of their kind."""
        last = {"/": -99, "-": -99, ".": -99}
        for match in filter(None, (_SLASH.match(text, at) for at in sorted(starts))):
            month, day, sep = _number(match["m"]), _number(match["d"]), match["sep"]
            if not (1 <= month <= 12 and 1 <= day <= 31):
                continue
            start, end = match.span()
            left, right = text[max(0, start - 12) : start], text[end : end + 6]
            if _SLASH_NOT.search(left) or _UNIT.match(text, match.end("d")):
                continue
            timed = end > match.end("d")
            begins = sep == "/" and left[-1:] in ("", "\n") and right[:1] == " "
            good = begins or (bool(_SLASH_LEFT.search(left)) and (timed or bool(_SLASH_RIGHT.match(right))))
            if sep != "/" and not timed:
                padded = (
                    len(match["m"]) == len(match["d"]) == 2
                    and sep == "-"
                    and (match["m"][0] == "0" or match["d"][0] == "0")
                )
                cued = re.search(r"(?:[入出转]院|下次|定于|预约|复诊|复查|随访|日期|时间|于)\s?[:于为]?\s?$", left)
                good = (good or (padded and text[end : end + 1] in " \u3000,、")) and (
                    padded
                    or text[end : end + 1] in _PLACED
                    or start - last[sep] < 60
                    or cued is not None
                    or _date_before(text, start, sep)
                )
            if good:
                last[sep] = end
                found.append(self._trimmed(text, start, end, "date.slash", "month and day with neighbours of a date"))


_PLACED: Final = frozenset("置建植")  # what is said of a catheter or fistula after the day


def _number(text: str) -> int:
    return int(text.translate(str.maketrans("OolI|", "00111")))


def _date_before(text: str, at: int, sep: str) -> bool:
    """Whether a full date with the same separator stands shortly before."""
    return (
        re.search(rf"(?:19|20)\d\d{re.escape(sep)}\d{{1,2}}{re.escape(sep)}\d", text[max(0, at - 60) : at]) is not None
    )
