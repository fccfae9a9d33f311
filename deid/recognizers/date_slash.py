"""Month and day by a slash, a hyphen or a full stop (8/14, 8-14, 8.14): both neighbours must speak for a date."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from deid.leads import Ended, led
from deid.recognizers.date_parts import TIME_BESIDE, is_day, number

_SLASH: Final = re.compile(
    r"(?:(?<![0-9A-Za-z.\-/%])(?<!\d:)|(?<=--)|(?<=[/.]\d-)|(?<=[/.]\d\d-)|(?<=CT)|(?<=MR)|(?<=MRI))"
    r"(?P<m>[0O]?[1-9]|1[0-2]|[1lI]?[0-9OlI])(?P<sep>[/\-.])(?P<d>[0-3OlI]?[0-9OlI])"
    r"(?P<mark>(?<!-\d)(?<!-\d\d)[日号](?![内后前均线床楼管针球导气喉胃尿刀片]))?(?![0-9A-Za-z%/]"
    r"|[.\-:]\d(?!\d?(?P=sep)\d{1,2}(?![0-9%]|\s?[片支粒级量]))|~\d{1,2}(?!\d?(?P=sep)\d))"
    rf"(?:\(周[一二三四五六日天]\))?(?: {{1,2}}(?:[01]\d|2[0-3])h(?![0-9A-Za-z/后内前尿入出总]| [尿入出总])"
    rf"|{TIME_BESIDE})"
)
_SLASH_LEFT: Final = Ended(
    r"(?:[\n。;,、:(→\[]\s{0,4}|-{2}|[入出转]院\s?|[\u4e00-\u9fff)]\s{1,4}|(?<=\d)\s{1,4}"
    r"|[于自至到从期间经诊次约始印录后前夫生士师疗术者检]\s?|→[\u4e00-\u9fff]{1,4}[::]\s?)$"
)
_SLASH_RIGHT: Final = re.compile(
    r"\s{0,4}(?:$|\n|[:,、;。)→\-~至](?!\d)|或|[、,\-~至](?=\d{1,2}[/\-.]\d)|\d{1,2}[:时点]|[晨晚早夜]|[上下中]午"
    r"|凌晨|复[查诊]|行|送|入|出|手术|家属|患|无人|未接|接听|其|[置建植]|V[oO][dDsSuU]|来|看|"
    r"起|开始|发|拆|换|查|服|停|予|转|面诊|因|再|到|见|示|报|术|门诊|随访|电话|加|改|签|输|化疗|放疗|超声|彩超"
    r"|[CM][TR]|胃镜|肠镜|血|体温|交|接|"
    r"考虑|给|由|在|请|会诊|查房|第[一二三四五\d]|[\u4e00-\u9fff]{2,4}(?:医|院|科|护|主任))"
)
SLASH_NOT: Final = led(
    r"(?:(?<!末次)月经|周期|[大小]弯|贲门|系膜|腋窝|[血管肠]旁|肌力|视力|评分|得分|阳性|转移|淋巴结|LN|杂音|切缘"
    r"|血压|BP|mmHg|比例|滴速|[左右]眼|(?<![A-Za-z])O[DS](?![A-Za-z])"
    r"|牙|齿|比|率"
    r"|约占|Apgar|分级|Ⅱ|级别|肋间|[Kk]i-?67"
    r"|\+|N[0-3x]?[a-c]?\(|肠鸣|心率|(?<![静动])脉|呼吸|体温|HP|视野|尿|频率|范围|参考|蜡块|孔径|考核|导联"
    r"|(?<![\u4e00-\u9fff])(?:盒|[左右])\s)[^\n。;]{0,8}$|(?:PAGE|Page|page|页码)[: ]{0,2}\Z"
)
UNIT: Final = re.compile(
    r"\s?(?:级|分(?!钟内)|片|视野|量(?!表)|支|次|个|例|倍|粒|枚|杯|[周天岁年月]|°|℃|小时|肋|导联"
    r"|(?:HP|mm|mmHg|cm|m[lL]|L|g|kg|U|h|min)(?![A-Za-z]))"
)
_CUED: Final = Ended(
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
_ANNOUNCED_DAY: Final = Ended(
    r"(?:[明今昨][日天]|周[一二三四五六日]|星期[一二三四五六日天]|[入出转]院日|交班|[夜白晚早中]班|拟|定"
    r"|体温单)\s?[(:]?\s?$"
)
# The day of a course of treatment, and its date: C1D1:3/5, POD3(3/8), 第7天(5.8).
_COURSE: Final = Ended(r"(?:(?:POD|[Dd]ay|C\d{1,2}D|(?<![A-Za-z])[Dd]) ?\d{1,3}|第\d{1,3}[天日])\s?[(:=]\s?$")
_PAGES: Final = 5  # (1/2): a page of some
_FALLEN: Final = Ended(r"(?:\d ?→ ?|\d:\d\d )$")
_PARTS: Final = 10  # 约1/3, 约3/10: a part of something
_BREAK: Final = frozenset([*"\n ,。;、)-~", ""])
_EXAMINED: Final = Ended(
    r"(?:[血尿便]常规|[CM][TRI]{1,2}|生化|凝血|肝肾功|血气|[胸平]片|[BＢ彩]超|超声|心电图|[胃肠]镜|病理|培养|复查"
    r"|出入量|引流量|POD ?\d{1,2}"
    r"|化验|检[查验])\s?[(:=]?$"
)


class _Seen(NamedTuple):
    """A month and a day: whether its left neighbour allows a date, whether both do, and whether they prove it."""

    match: re.Match[str]
    begun: bool
    good: bool
    strong: bool


def slashes(text: str, starts: list[int]) -> list[re.Match[str]]:
    """The days among what begins at these places, left to right."""
    likely = [seen for at in starts if (seen := _seen(text, at))]
    if not likely:
        return []
    headings = _headings(text, likely)
    sure = [seen.strong or seen.match.start() in headings for seen in likely]
    last = {"/": -99, "-": -99, ".": -99}
    for place, (match, _, good, _) in enumerate(likely):
        sep = match["sep"]
        near = place + 1 < len(likely) and likely[place + 1].good and _follows(match, likely[place + 1].match)
        if good and (sep == "/" or near or match.start() - last[sep] < 60 or _date_before(text, match.start(), sep)):
            sure[place] = True
        if sure[place]:
            last[sep] = match.end()
    for place in range(1, len(likely)):
        if _soon(text, likely[place - 1], likely[place]):
            sure[place - 1] = sure[place] = True
    for place in range(len(likely) - 1, 0, -1):  # a list of days is one where its last is
        sure[place - 1] = sure[place - 1] or (
            sure[place] and _listed(text, likely[place - 1].match, likely[place].match)
        )
    for place in range(1, len(likely)):
        sure[place] = sure[place] or (sure[place - 1] and _listed(text, likely[place - 1].match, likely[place].match))
    return [seen.match for seen, is_one in zip(likely, sure, strict=True) if is_one]


def _seen(text: str, at: int) -> _Seen | None:
    """A month and a day at a place, whether both neighbours allow a date, and whether they prove it."""
    match = _SLASH.match(text, at)
    if not match or not is_day(number(match["m"]), number(match["d"])):
        return None
    start, end = match.span()
    left, right = text[max(0, start - 12) : start], text[end : end + 14]
    if right[:1] == "床" or UNIT.match(text, match.end("d")):  # 3-22床: of a ward and its bed
        return None
    if match["sep"] == "." and (_READING.search(left) or _VALUES.stands(text, start, 40) or _TO_VALUE.match(text, end)):
        return None
    if (match["sep"] == "." and _LIMIT.search(left)) or (match["mark"] == "号" and _SIZED.search(left)):
        return None
    part = match["sep"] == "/" and left[-1:] == "约" and number(match["m"]) < number(match["d"]) <= _PARTS
    whole = left[-2:] in ("(", "\n(", " (") and right[:2] in (")", ")\n", ") ")
    if part or (whole and _few(match)) or SLASH_NOT.search(left):
        return None
    timed, sep = end > match.end("mark" if match["mark"] else "d"), match["sep"]
    before = not left or _SLASH_LEFT.ends(left)
    happened = _HAPPENED.match(right) is not None
    fraction = sep == "/" and not right.strip() and left[-1:] == " " and _few(match)
    fallen = sep == "." and _FALLEN.ends(left)
    begun = before and not fraction and not fallen
    good = begun and (timed or happened or _SLASH_RIGHT.match(right) is not None)
    return _Seen(match, begun, good, _proved(match, left, right, timed, before, good, happened))


_VALUES: Final = Ended(  # a row of one reading: 血钾 3.2、3.5、3.8, 分别3.2、3.4
    r"(?:[糖钾钠钙氯镁磷酐酸氮酶素脂醇][ :]{0,2}(?:\d{1,3}\.\d{1,2}[、,→ ]{1,2}){1,9}"
    r"|(?:分别|依次|[两二三]次)[为是]?[ :]{0,2}(?:\d{1,3}\.\d{1,2}[、,→ ]{1,2}){0,9})$"
)
_LIMIT: Final = re.compile("[低高大小等多少优不]于 ?$")  # 低于5.6
_SIZED: Final = re.compile("[管针线锉钻镜刀] ?$")  # 插管7.5号
_TO_VALUE: Final = re.compile(r" ?[\-~至] ?\d{1,3}(?:\.\d{1,2})? ?(?:℃|°|%|[cm]m|m[lL]|[km]?g|mmol)")
_READING: Final = led(
    r"(?:黄疸|胆红素|血[糖钾钠钙氧压脂]|体[温重]|\d:\d\d ?复[查测])[^\n。;,]{0,3}$"
    r"|(?:F?T[34]|CA\d{2,3}|(?<![A-Za-z])C[34]|B12|IL-?\d{1,2}|CD\d{1,2}|A1c?|O2|HCO3|NH3)[ :]{0,2}$"
)  # a value follows


def _few(match: re.Match[str]) -> bool:
    """Whether it may be a page or a part: 1/2, 3/5."""
    return number(match["m"]) <= number(match["d"]) <= _PAGES


def _proved(match: re.Match[str], left: str, right: str, timed: bool, before: bool, good: bool, happened: bool) -> bool:
    """Whether a place leaves no doubt."""
    sep = match["sep"]
    figures = match["m"] + match["d"]
    padded = sep == "-" and len(match["m"]) == len(match["d"]) == 2 and not {"0", "O"}.isdisjoint(figures[::2])
    alone = right[:1] in ("", "\n", " ")
    return (
        (sep == "/" and left[-1:] in ("", "\n") and right[:1] == " ")
        or (timed and (good or (sep != "." and left[-1:] == " ")))
        or (padded and (good or right[:1] in (" ", ",", "、") or (before and "\u4e00" <= right[:1] <= "\u9fff")))
        or match["mark"] is not None
        or ((good or happened or right[:1] in _BREAK) and _ANNOUNCED_DAY.ends(left))
        or (sep == "/" and left[-1:] == "(" and re.match(r"\) ?\d", right) is not None)
        or (good and (happened or _CUED.ends(left)))
        or (sep == "/" and before and not figures.isdigit() and (alone or good))
        or (right[:1] in _BREAK and _COURSE.ends(left))
        or (right[:1] in (")", ":") and _EXAMINED.ends(left))
    )


def _follows(match: re.Match[str], later: re.Match[str]) -> bool:
    """Whether a later day of the same writing stands shortly after."""
    near = match["sep"] == later["sep"] and later.start() - match.start() < 60
    return near and _date_of(match) <= _date_of(later)


def _soon(text: str, seen: _Seen, later: _Seen) -> bool:
    """Whether two days stand before words on one line, a week apart at most: scores and parts have one whole."""
    match, other = seen.match, later.match
    if not (seen.begun and later.begun and match["sep"] == other["sep"] == "/"):
        return False
    if other.start() - match.end() > _NEAR or "\n" in text[match.end() : other.start()]:
        return False
    days = _date_of(match), _date_of(other)
    apart = (days[1][0] - days[0][0]) * 31 + days[1][1] - days[0][1]
    worded = all(_WORDED.match(text, one.end()) for one in (match, other))
    return 0 < apart <= _WEEK and min(day for _, day in days) >= _HIGH and worded


_NEAR: Final = 60
_HIGH: Final = 13  # a day after the twelfth of a month
_WEEK: Final = 7
_WORDED: Final = re.compile(r" {1,2}[\u4e00-\u9fff]{2}")


def _listed(text: str, match: re.Match[str], later: re.Match[str]) -> bool:
    """Whether two days of one writing stand in a list or make a range."""
    between = text[match.end() : later.start()]
    return match["sep"] == later["sep"] and len(between) <= 3 and between.strip() in _BETWEEN


_BETWEEN: Final = frozenset([*"、,-~至到和及或", ""])


def _headings(text: str, likely: list[_Seen]) -> set[int]:
    """Where lines begin with days, one after the other, that are no numbers of paragraphs (1.1, 1.2, 2.1)."""
    first = [
        match
        for match, *_ in likely
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


def _date_before(text: str, at: int, sep: str) -> bool:
    """Whether a full date with the same separator stands shortly before."""
    return (
        re.search(
            rf"(?:(?:19|20)|(?<![0-9.\-/]))\d\d{re.escape(sep)}\d{{1,2}}{re.escape(sep)}\d", text[max(0, at - 60) : at]
        )
        is not None
    )
