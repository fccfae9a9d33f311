"""Month and day without a year by where they stand: under a heading, in a numbered row, beside a film or an event."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import Ended, led, matches
from deid.recognizers.date_parts import is_day, number
from deid.recognizers.date_slash import HIGH, SLASH_NOT, UNIT
from deid.spans import Finding
from records.entities import Entity

# A month and a day in either order, also torn at the end of a line.
_PAIR: Final = led(
    r"(?<![0-9A-Za-z.\-/%+×*])(?<!\d:)(?P<one>[0-3OlI]?[0-9OlI])(?P<sep>[/\-.])(?P<torn>\n\s{0,4})?(?P<two>[0-3OlI]?[0-9OlI])"
    r"(?![0-9%/℃]|(?!CT|MR|DR|PET)[A-Za-z]|[.\-:~]\d)"
)
# What a day follows, by what must follow it.
_CHAT: Final = Ended(r"(?:群|[夜白早晚中]班|交班|值班|晨会|查房)\s?\(?$")
_CHAT_RIGHT: Final = re.compile(r"\)?\s?[】\]]|\)\s?(?:\n|$|交|接)|\s?(?:\n|$)|\s全天")
_TAKEN: Final = re.compile(r" ?[摄拍描切采留出做查抽取送收测测画]\)")
_TURN: Final = Ended(r"(?:第[一二三四五六七八九十\d]{1,2}次|[一二三四五六首末][访诊]|[首末]次)\s{1,3}$")
_TURN_RIGHT: Final = re.compile(r"\s{1,3}[\u4e00-\u9fff]{2}(?<!疗程)(?<!周期)|\s?[:,;]")
_COMPARED: Final = Ended(r"(?:[与和较比同参照]|对比|参照|参考)\s?$")
_FILM: Final = re.compile(
    r"\s?(?:[术治放化]?[术疗][前后]|[入出]院|外院)?(?:[前旧老原]?片(?!区)|[前旧老]?(?:CT|MRI?|DR|PET|B超"
    r"|彩?超|心电图|胃镜|肠镜|造影)"
    r"|(?:报告|结果|化验|检查)(?=[比相，,。]))"
)
_WHEN: Final = Ended(
    r"(?:(?:化疗|放疗|治疗|透析|手术|术|[入出]院|拔管|输血|穿刺|移植|介入|用药|停药|采血|换药)[前后时日]|复查"
    r"|送检|化验)\s?\($"
)
_EVENT: Final = Ended(
    r"(?:(?:随访|复[核查诊]|拆线|[停撤上]泵|[回来去致]电|[开启]封|开瓶|贴于|置管|换管|更换|上环|取环|换药|停药"
    r"|用药|维护|留置|[入出转]院|[首二三]诊"
    r"|欠费单|采[血样]|送检|接收|回报|签收|拔[管针]|[导尿胃引流]{1,2}管|送修|归还|借阅|归档|用至|效期至|截至)\s{1,2}"
    r"|\d ?天\s{0,2})$"
)
_EVENT_RIGHT: Final = re.compile(r"\s{1,2}[\u4e00-\u9fff(]|\s?[:,;。]|\s?(?:\n|$)")
_WEEKDAY: Final = re.compile(r" ?\((?:周|星期)?[一二三四五六日天]\)")
_PART: Final = re.compile(r"[晨夜](?![尿盲班间啼惊僵勃])|[晚早](?![期产熟饭餐搏泄])")
_CLOCK: Final = re.compile(r" (?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_BREAK: Final = re.compile(r"(?:^|[\n,。;、(【\[])\s{0,3}$")
_TORN_LEFT: Final = re.compile(r"[\u4e00-\u9fff:,;。 \n(]$")
# A day before its month: where it stands, and what is measured by such numbers.
_SWAPPED: Final = re.compile(r"(?:^|\n|[\u4e00-\u9fff:,、;。(]|LMP|EDD|EDC|\d ?元|\d ?周|C\d{1,2}D\d{1,2})\s{0,3}$")
_MEASURED: Final = re.compile(
    r"(?:压|BP|断食|比|按压|通气|视力|层厚?|间[距隔]|频|呼吸|GCS|分|敏度|剂量|规格|滴|[RL] ?$)[^\n。;]{0,4}$"
)
_EXAMINED: Final = (
    r"\s?的(?:增强|平扫|复查|外院|我院|门诊|急诊|床旁|腹部|胸部|头颅)?(?:CT|MRI?|DR|PET|B超|彩?超|[胸平]?片|报告|结果|化验|检[查验]|血|尿|心电图|[胃肠]镜"
    r"|病理|造影)"
)
_OF_DAY: Final = re.compile(_EXAMINED)
# A value with the name of what was measured: 6/5 INR 3.8.
_READ: Final = re.compile(
    r"\s(?:INR|WBC|RBC|H[Gg]?[Bb]|PLT|CRP|hs-CRP|PCT|ESR|K|Na|Cr|Scr|BUN|ALT|AST|ALB|Alb|T?BIL|BNP|NT-proBNP|(?:hs-)?c?Tn[IT]|CK(?:-MB)?"
    r"|LDH|HbA1c|Glu|GLU|FBG|TSH|FT[34]|AFP|CEA|CA\d{2,3}|PSA|β?-?[Hh][Cc][Gg]"
    r"|APTT|PT|FIB|UA|eGFR|Lac|LAC|BP|HR|T|SpO2)\+? ?[:<>]? ?\d"
)
_FIGURES: Final = re.compile(
    rf"{_EXAMINED}|"
    r"\s?(?:$|\n|[,;。:、)])|\s{1,3}[\u4e00-\u9fffA-Z](?!\w?Pa)|\s(?:[01]?\d|2[0-3]):[0-5]\d"
)
_PLANNED: Final = Ended(r"(?:拟|计划|安排|预约|定于)\s?$")
_PLAN: Final = re.compile(
    r"\s?(?:[胃肠喉膀]{1,2}镜|手术|[出入转]院|拆线|化疗|放疗|造影|穿刺|复[查诊]|拔管|介入|[CM][TR]|开颅|剖宫)"
)
_COUNTED: Final = re.compile(
    r"\s{1,3}(?:(?:入院|术后|住院|产后)第?\d|(?:首|[一二三四五六末]|第[\d一二三四五六])[剂针程疗]"
    r"|取模|戴冠|备牙|试戴|粘接|根充|封药|充填|种植|洗牙)"
)
_SINGLE: Final = Ended(r"(?:(?<![\u4e00-\u9fff])[检签采收发借还交]|[归限]还|借出|考核|通知:|签收|失效)\s?$")
_SINGLE_RIGHT: Final = re.compile(r"\s?(?:$|\n|[,;。、)]|[\u4e00-\u9fff]{2})")
_VALUES: Final = re.compile(r" ?:(?:[A-Z]{2,}|[\u4e00-\u9fff]{2})")
_COUNTS: Final = re.compile(r"(?:第|术后|产后|病程|[住入]院|孕|每月?|疗程|周期)[^\n。,;]{0,4}$")
_ROMAN: Final = led(
    r"(?<![0-9A-Za-z/.\-])(?:3[01]|[12]\d|0?[1-9])/(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2}|[Ⅰ-Ⅻ])(?![0-9A-Za-z/]| ?[级度期型])"
)
_ROMAN_SIGN: Final = re.compile("/[IVXⅠ-Ⅻ]")
_MURMUR: Final = re.compile(r"(?:杂音|闻及|SM|DM|收缩|舒张|期|级|NYHA|心)[^\n。;]{0,6}$")
# What stands before month and day, hour and minute in figures: 0316 2140.
_STAMP_LEFT: Final = re.compile(
    r"(?:^|[\n;。,(]|录入|采[样集血]?|抽血?|开(?:医嘱)?|停|报告?|收样?|送检?|签收?|[入出]室?|转[入出]|医嘱"
    r"|执行|记录|带入|[上下]机|[交接]班)\s?$"
)
# Values by their days: CRP 3/14 56 → 3/16 22.
_TREND: Final = led(
    r"(?<![0-9A-Za-z.\-/%+×*])(?P<days>(?:(?:1[0-2]|0?[1-9])(?P<sep>[/\-])(?:3[01]|[12]\d|0?[1-9])[ :]{1,2}"
    r"\d{1,4}(?:\.\d{1,2})?[^\d\n/]{1,12}){1,8}(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|0?[1-9])(?=[ :]{1,2}\d))"
)
_TREND_DAY: Final = re.compile(r"(?<![0-9.])(\d{1,2})[/\-](\d{1,2})(?=[ :])")
# A day of a course with a blank before its date, a day of values where a line begins, and days listed before 日.
_NTH: Final = Ended(r"(?:第\d{1,3}[天日]|POD ?\d{1,2}|(?<![A-Za-z])[Dd]\d{1,2})\s{1,2}$")
_LINE: Final = re.compile(r"(?:^|\n)\s{0,4}$")
_DAYS: Final = led(
    r"(?<![0-9.\-/第月])(?<!术后)(?<!每月)(?:3[01]|[12]\d|[1-9])(?:[、和及](?:3[01]|[12]\d"
    r"|[1-9])){1,4}[日号](?![龄床楼线染]|均(?![未无有正在可]))"
)
_DAYS_SIGN: Final = re.compile("[、和及][0-9]{1,2}[日号]")
_MOON: Final = Held(r"(?:[农阴旧夏古]历)\s?(?:1[0-2]|0?[1-9])[./\-](?:30|[12]\d|0?[1-9])(?![0-9.])")
# Rows of a register: what numbers them, then the day.
_ROW: Final = re.compile(
    r"\n[ ]{0,4}(?:(?:序号?|编号|例|N[oO]\.?|第|#)?\s?(?P<no>\d{1,3})\s?(?:例|号|项|[.、)])?|[①-⑳])[ ]{1,4}"
    r"(?P<day>(?P<m>1[0-2]|0?[1-9])[\-/.](?P<d>3[01]|[12]\d|0?[1-9]))(?=[ ]{1,4}[\u4e00-\u9fff(\"“])"
)
_LEAST_ROWS: Final = 2
# A heading for days, in a line of headings, and what stands under it.
_HEADING: Final = re.compile(r"日(?: ?期)?(?=[ |])")
_DAY_HEAD: Final = re.compile(r"[\u4e00-\u9fff]{0,4}日期|[\u4e00-\u9fff]{1,3}日|日")
_NO_HEADING: Final = re.compile(r"[0-9。]")
_UNDER: Final = re.compile(
    r"(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])|(?P<m2>1[0-2]|0?[1-9]|[1lI][0-2OlI])[/.\-](?P<d2>3[01OlI]|[12lI][0-9OlI]|0?[1-9lI])[日曰]?"
    r"|(?:3[01]|[12]\d|0?[1-9])[日号]"
)
_CELL: Final = re.compile(r"[^ |\n]+")
_ROWS: Final = 40
# Four figures in the name of a chat, or before a shift (a clock time there ends in a round minute).
_FOUR: Final = led(r"(?<![0-9A-Za-z.\-/:])[01]\d[0-3]\d(?=[ 夜白早晚中日晨上下凌】\])])")
_FOUR_RIGHT: Final = re.compile(
    r"(?P<close> ?[】\])])|(?P<shift> ?(?:[夜白早晚中日]班|晨会?(?![间起])|[早晚夜](?=[ ,:查测抽急入转因突发]|班)))"
    r"|(?P<timed>(?:夜里?|晚上?|早上?|清?晨|凌晨|[上中下]午) ?(?:[01]?\d|2[0-3])(?:[点时](?:半|[0-5]?\d分?)?|:[0-5]\d))"
    r"|(?P<clock> (?:[01]\d|2[0-3]):?[0-5]\d(?![0-9A-Za-z:.\-/]| ?\d))"
)
_CHAT_LEFT: Final = re.compile("[群班【] ?$")
_FOUR_LEFT: Final = re.compile(r"(?:^|[群班] ?|[\n,。;【(])$")
_WEEK: Final = led(r"(?:W(?:0[1-9]|[1-4]\d|5[0-3])(?:-[1-7])?(?![0-9A-Za-z])|第 ?(?:[1-4]\d|5[0-3]|0?[1-9]) ?周)")
_YEAR_LEFT: Final = re.compile(r"(?<![0-9A-Za-z])20[0-4]\d(?:-?$| ?年 ?$)")


class ShortDate:
    """Each place has its own test; a fraction or a range stands in none of them."""

    name = "date_short"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        text = doc.text
        pairs = list(matches(_PAIR, text, doc.pairs))
        found = [self._found(start, end, "pair", why) for start, end, why in _pairs(text, pairs)]
        if len(pairs) > 1:
            found += [self._found(*place, "row", "day of a row of a register") for place in _rows(text)]
            found += [
                self._found(*place, "trend", "day of a value in a row of them") for place in _trends(text, doc.pairs)
            ]
        found += [self._found(*place, "column", "day under its heading") for place in _under(text)]
        found += [self._found(*place, "four", "month and day in four figures") for place in _fours(text)]
        if _DAYS_SIGN.search(text):
            found += [
                self._found(*m.span(), "days", "days in a list")
                for m in _DAYS.finditer(text)
                if not _COUNTS.search(text, max(0, m.start() - 8), m.start())
            ]
        found += [self._found(*m.span(), "moon", "day of the moon's year") for m in _MOON.finditer(doc)]
        if _ROMAN_SIGN.search(text):
            found += [
                self._found(*m.span(), "roman", "day with its month in Roman figures")
                for m in _ROMAN.finditer(text)
                if not _MURMUR.search(text, max(0, m.start() - 12), m.start())
            ]
        if "W" in text or ("周" in text and "第" in text):
            found += [
                self._found(year.start(), m.end(), "week", "week of a year")
                for m in _WEEK.finditer(text)
                if (year := _YEAR_LEFT.search(text, max(0, m.start() - 7), m.start()))
            ]
        return found

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_short.{rule}", 0.6, why)


def _pairs(text: str, pairs: Iterable[re.Match[str]]) -> Iterable[tuple[int, int, str]]:
    """Months with days by a slash, a hyphen or a full stop, with what makes each of them one."""
    for match in pairs:
        start, end = match.span()
        one, two = number(match["one"]), number(match["two"])
        swapped = not is_day(one, two)
        if swapped and not (match["sep"] == "/" and is_day(two, one) and len(match["one"]) == len(str(one))):
            continue
        part = _PART.match(text, end) or (_CLOCK.match(text, end) if swapped else None)
        if why := _why(text, match, swapped, part is not None):
            yield start, part.end() if part else end, why


def _why(text: str, match: re.Match[str], swapped: bool, part: bool) -> str:
    """What makes a day of two numbers, "" if nothing does."""
    start, end = match.span()
    left, slash = text[max(0, start - 12) : start], match["sep"] == "/"
    if _COMPARED.ends(left) and _FILM.match(text, end) and not swapped:
        return "day of an examination"
    if UNIT.match(text, end):
        return ""
    if slash and _EVENT.ends(left) and _EVENT_RIGHT.match(text, end):
        return "day after an event"
    if slash and ((_PLANNED.ends(left) and _PLAN.match(text, end)) or _COUNTED.match(text, end)):
        return "day of what is done then"
    if SLASH_NOT.search(left):
        return ""
    if swapped:
        placed = _SWAPPED.search(left) and _FIGURES.match(text, end)
        return "day before its month" if placed and not _MEASURED.search(left) else ""
    if match["torn"] and not slash:
        return ""
    if match["torn"]:
        return "day torn at the end of a line" if _TORN_LEFT.search(left) else ""
    if _CHAT.ends(left) and _CHAT_RIGHT.match(text, end):
        return "day in the name of a chat or a shift"
    if left[-1:] == "(" and _TAKEN.match(text, end):
        return "day on which something was taken"
    if (slash or left.rstrip().endswith("诊")) and _TURN.ends(left) and _TURN_RIGHT.match(text, end):
        return "day of a call or a visit"
    if _WHEN.ends(left) and text.startswith("):", end):
        return "day before values"
    if two_figures(match) and _SINGLE.ends(left) and _SINGLE_RIGHT.match(text, end):
        return "day of what was done"
    high = two_figures(match) and match["sep"] != "."
    if high and (
        (_NTH.ends(left) and _SINGLE_RIGHT.match(text, end)) or (_LINE.search(left) and _VALUES.match(text, end))
    ):
        return "day of a course or of values"
    if slash and _BREAK.search(left) and (part or _WEEKDAY.match(text, end)):
        return "day with its part or its weekday"
    if slash and _BREAK.search(left) and (_READ.match(text, end) or _OF_DAY.match(text, end)):
        return "day of what was measured"
    return ""


def two_figures(match: re.Match[str]) -> bool:
    """Whether the day is written with two figures, as no part of something is."""
    return len(match["two"]) > 1 and match["two"][0] != "0"


def _trends(text: str, places: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Days that rise from value to value, one of them after the twelfth."""
    for match in matches(_TREND, text, places):
        days = list(_TREND_DAY.finditer(text, match.start(), match.end() + 1))
        dates = [(int(day[1]), int(day[2])) for day in days]
        if (
            len(days) > 1
            and dates == sorted(set(dates))
            and max(d for _, d in dates) >= HIGH
            and all(map(is_day, *zip(*dates, strict=True)))
        ):
            yield from (day.span() for day in days)


def _rows(text: str) -> list[tuple[int, int]]:
    """Days that follow each other in numbered rows of a register."""
    rows = [match for match in _ROW.finditer("\n" + text) if is_day(int(match["m"]), int(match["d"]))]
    days = [(int(match["m"]), int(match["d"])) for match in rows]
    measured = any(UNIT.match(text, match.end() - 1) for match in rows)
    if len(rows) < _LEAST_ROWS or measured or days != sorted(days) or max(day for _, day in days) < HIGH:
        return []
    return [(match.start("day") - 1, match.end("day") - 1) for match in rows]


def _under(text: str) -> Iterable[tuple[int, int]]:
    """What stands under the heading of a day, row by row, while there are such cells."""
    for heading in _HEADING.finditer(text):
        begin = text.rfind("\n", max(0, heading.start() - _LONGEST), heading.start()) + 1
        at = text.find("\n", heading.end(), heading.end() + _LONGEST) + 1
        if not at or at - begin > _LONGEST or _NO_HEADING.search(text, begin, at):
            continue
        heads = text[begin:at].replace("日 期", "日期").replace("|", " ").split()
        column = next((place for place, head in enumerate(heads[:4]) if _DAY_HEAD.fullmatch(head)), None)
        for _ in range(_ROWS if column is not None and len(heads) > 1 else 0):
            stop = text.find("\n", at) % (len(text) + 1)  # the end of the text behind the last line
            cells = list(_CELL.finditer(text, at, min(stop, at + _LONGEST)))
            if len(cells) <= (column or 0):
                break
            cell = cells[column or 0]
            day = _UNDER.fullmatch(cell.group())
            if day and ((m := day["m"] or day["m2"]) is None or is_day(number(m), number(day["d"] or day["d2"]))):
                yield cell.span()
            at = stop + 1


_LONGEST: Final = 120  # characters of a line of headings, and as many are read of a row


def _fours(text: str) -> Iterable[tuple[int, int]]:
    """Month and day in four figures: with a clock time behind them, before a shift, in the name of a chat."""
    for match in _FOUR.finditer(text):
        at, end = match.span()
        month, day = int(text[at : at + 2]), int(text[at + 2 : end])
        right = _FOUR_RIGHT.match(text, end)
        if right is None or not is_day(month, day):
            continue
        if right["clock"]:
            if not _BESIDE.search(text, max(0, at - 2), at) and _STAMP_LEFT.search(text, max(0, at - 8), at):
                yield at, right.end()
        elif right["close"]:
            if _CHAT_LEFT.search(text[max(0, at - 2) : at]):
                yield at, end
        elif right["timed"]:
            if not _BESIDE.search(text, max(0, at - 2), at):
                yield at, right.end()
        elif day % _ROUND and _FOUR_LEFT.search(text[max(0, at - 2) : at]):
            yield at, end


_BESIDE: Final = re.compile("[0-9] $")
_ROUND: Final = 5
