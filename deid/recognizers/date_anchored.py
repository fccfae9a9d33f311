"""Month and day without a year, where the document's own dates are near: 9-14 术后第1天, beside 2026年9月12日.

Most numbers of this shape are values, scores and ranges. A document that says when it was written says which of them
are days: those within weeks of its dates, in a place where an entry begins or something happens on a day.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from deid.document import Document
from deid.leads import Ended, led, matches
from deid.lists import single_surnames, words
from deid.recognizers.date_parts import is_day, number
from deid.spans import Finding
from records.entities import Entity

_YEARLY: Final = led(
    r"(?<![0-9])(?:(?:19"
    r"|2[0O])?[0-9O]{2}\s?[./\-年·])\s?(?P<m>[01OolI]?[0-9OolI])\s?[./\-月·]\s?(?P<d>[0-3OlI]?[0-9OolI])"
    r"(?![0-9])|(?<![0-9.])(?P<m2>[01OlI]?[0-9OlI])\s?月\s?(?P<d2>[0-3OlI]?[0-9OlI])\s?[日号曰]"
    r"|(?:19|20)\d\d(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?!\d)"
)
_DAY: Final = led(
    r"(?<![0-9A-Za-z.\-/%+~<>=×*#^])(?<!\d:)(?P<m>1[0-2]|0?[1-9]|[lIOo][0-9lIO]|[01][lIOo])(?P<sep>[./\-·])"
    r"(?P<d>[12lI][0-9OolI]|3[01OolI]|[0Oo]?[1-9lI])(?![0-9A-Za-z%°℃]|[./·+×^:\-]\d)"
    r"(?P<time> ?(?:[上下]午|凌晨|清?晨|早上?|晚上?|夜间?|中午|傍晚)?"
    r"(?: {0,2}[0-2OlI]?[0-9OlI]:[0-5O][0-9OlI](?::\d\d)?(?![0-9]))?)"
)
_BEGINS: Final = re.compile(r"(?:^|\n|[。;!?:,、(\[→—~]|\b\d[.、)]|[一-龥)\]]|-{2})[ ]{0,4}$")
_LINE: Final = re.compile(r"(?:^|\n)\s{0,6}(?:[\d①-⑳][.、)]\s?)?$")
_CUE: Final = Ended(
    r"(?:[于自至到从在约至]|日期|时间|采集|接收|报告|下次|复[诊查]|随访|初诊|[二三四五六七八九]诊"
    r"|[入出转]院|注销|办理|签收|签发|送达|火化|去世|死亡|拆线|签名?|医师|护士|记录|送检|至|切取|定于"
    r"|预约|开始|上次|末次|片|CT|MRI?|DR|B超|超声|病理)[ :]{0,3}$"
)
_VALUE: Final = Ended(
    r"(?:肌力|视力|评分|得分|分值|比值?|率|指数|浓度|血[压糖钾钠钙磷氧酸红]|[钾钠氯钙镁磷糖酐氮酸酶]"
    r"|白细胞|蛋白|中性|血小板|体温|脉搏?|心率|呼吸|尿量"
    r"|直径|大小|厚|宽|长|深|距|约[占]?|共|每次?|剂量|评级|级|杂音|切缘|转移|淋巴结|[左右]眼|[左右]耳|牙"
    r"|齿|肋间?|椎|腰|胸|颈|骶|滴速|参考值?|范围"
    r"|\d\.\d{1,2}\(复[查测]|正常|偏|升至|降至|增至|减至|高|低|为|达|用量|比|第"
    r"|阳性|型|期|版|号|图|表|步|组|[A-Za-z%])[ :(]{0,2}$"
)
_UNIT: Final = re.compile(
    r"\s?(?:级|分(?!诊)|片|HP|视野|量|支|[mckμ]?[mgLl](?![A-Za-z]*[a-z]{3})|mm|cm|ml|IU|U(?![A-Za-z])|次"
    r"|个|例|倍|粒|枚|杯|[周天岁年月](?![一二三四五六日])|°|℃|小时|h(?![a-z])|min|肋|期|型|度|秒|元"
    r"|分钟|×|\*|/|以[上下内]|左右|倍|点位|杂音|阳|椎|节|间隙|号)"
)
_EVENT: Final = re.compile(
    r"\s?(?:$|\n|[,。;:、()\]~—至到]|[\u4e00-\u9fff]|[A-Z]{2,}|[lI]?\d{1,2}[.、)]|\s{0,3}\d{1,2}天)"
)
_DONE: Final = re.compile(
    r"\s?(?:复[查诊评测]|随访|拔|换|拆|行|做|查|抽|送|转|入|出|来|去|回|到|再|已|未|起|停|改|加|减|予|给"
    r"|术|手术|化疗|放疗|透析|检|接|通知|签|约|见|仍|今|排气|进食|下床|请|让|叫|带|陪|领|取|打|接种|宣教|电话|外出)"
)
# The one who wrote a line, and the day behind the name, where the line ends.
_SIGNED: Final = re.compile(
    rf"(?:^|[\s。;,:)])(?P<who>[{''.join(sorted(single_surnames()))}][\u4e00-\u9fff]{{1,2}}) {{1,4}}$"
)
_ENDS: Final = re.compile(r"\s*(?:$|\n)")
# From one day to another of the same writing: 8.10-8.18, 10.23～10.26, 1O.9一1O.ll.
_SPAN: Final = led(
    r"(?<![0-9A-Za-z.\-/%+~<>=×*#^])(?<!\d:)(?P<m>1[0-2]|[0Oo]?[1-9]|1[Oo]|[lI][0-2Oo])(?P<sep>[./])(?P<d>[12lI][0-9OolI]"
    r"|3[01]|[0Oo]?[1-9])"
    r" ?[\-~至到一] ?(?P<m2>1[0-2]|[0Oo]?[1-9]|1[Oo]|[lI][0-2Oo])(?P=sep)\n?(?P<d2>[12lI][0-9OolI]|3[01]|[0Oo]?[1-9])"
    r"(?![0-9A-Za-z%°℃]|[./·+×^:\-]\d)"
)
_DOSE: Final = Ended(r"/[a-z.]{1,4} {1,3}$")
_SPAN_LEFT: Final = re.compile(r"(?:^|[\n,。;:(、]|[\u4e00-\u9fff)]|/[a-z.]{1,4} )\s{0,3}$")
_LISTED: Final = re.compile(r"(?:[、和及](?:[12]\d|3[01]|0?[1-9])(?![0-9.%/:~\-]|\s?[次个天周月年例片级粒支分度小]))+")
# Set with a blank, a figure misread: 09 l6.
_BLANK: Final = led(
    r"(?<![0-9A-Za-z.:\-/%])(?P<m>[0Oo][1-9]|[1lI][0-2OolI]) (?P<d>[0-3OlI][0-9OolI])(?="
    r" ?[\u4e00-\u9fff]|[,。;\n]|$)"
)
_BLANK_SIGN: Final = re.compile(r" (?<=[0-9OolI]{2} )[0-3OlI][0-9OolI]")
# A clause may begin with a day of two figures and a word; a number after a number is one of a row of values.
_CLAUSE: Final = frozenset(",、;:(")
_WORD: Final = re.compile(r" ?[\u4e00-\u9fff](?<![口位名只条块袋瓶包项份遍圈步米秒行页])")
_LISTING: Final = Ended(r"\d[%℃]? ?[,、;:(] ?$")
_NEAR: Final = 62  # days between a day without a year and a date of the document
_LEAST: Final = 3


class AnchoredDate:
    """Each mark of a day adds to what speaks for it; a point needs more than a hyphen or a slash."""

    name = "date_anchored"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        text = doc.text
        seen = [match for match in matches(_DAY, text, doc.pairs) if _of(match["m"], match["d"]) is not None]
        spans = list(matches(_SPAN, text, doc.pairs))
        torn = [match for match in matches(_BLANK, text, _blanks(text)) if not (match["m"] + match["d"]).isdigit()]
        anchors = _anchors(text) if seen or spans or torn else []
        if not anchors:
            return []
        points = [_speaks(text, match, anchors) for match in seen]
        out = []
        for place, match in enumerate(seen):
            beside = max((points[other] for other in (place - 1, place + 1) if _alike(seen, place, other)), default=0)
            if points[place] and points[place] + (beside > 0) + (beside >= _LEAST) >= _LEAST:
                end = match.start() + len(match.group().rstrip())
                listed = _LISTED.match(text, end) if match["sep"] != "." else None
                end = listed.end() if listed else end
                why = "month and day within weeks of the document's dates"
                out.append(Finding(match.start(), end, self.entity, "date.anchored", 0.6, why))
        for match in torn:
            day = _of(match["m"], match["d"])
            if day is not None and _close(day, anchors):
                why = "misread month and day within weeks of the document's dates"
                out.append(Finding(*match.span(), self.entity, "date.anchored", 0.6, why))
        return out + self._spans(text, spans, anchors)

    def _spans(self, text: str, spans: list[re.Match[str]], anchors: list[int]) -> list[Finding]:
        """Ranges of days: a month at most, near the document's dates, two figures for one of the days."""
        out = []
        for match in spans:
            first, last = _of(match["m"], match["d"]), _of(match["m2"], match["d2"])
            if first is None or last is None or not 0 < last - first <= _MONTH or len(match["d"] + match["d2"]) < 3:
                continue
            left = text[max(0, match.start() - 12) : match.start()]
            if not _close(first, anchors) or not _SPAN_LEFT.search(left):
                continue
            measured = _VALUE.ends(left) and not _DOSE.ends(left)
            if not measured and not _UNIT.match(text, match.end()):
                why = "from one day to another within weeks of the document's dates"
                out.append(Finding(*match.span(), self.entity, "date.anchored_range", 0.6, why))
        return out


_MONTH: Final = 31


def _blanks(text: str) -> Iterator[int]:
    """Where two figures before a blank and two more begin."""
    return (sign.start() - 2 for sign in _BLANK_SIGN.finditer(text))


def _alike(seen: list[re.Match[str]], place: int, other: int) -> bool:
    """Whether a neighbour is written alike and names a day within weeks."""
    if not 0 <= other < len(seen) or seen[place]["sep"] != seen[other]["sep"]:
        return False
    days = [_of(seen[at]["m"], seen[at]["d"]) or 0 for at in (place, other)]
    return abs(days[0] - days[1]) <= _NEAR


def _speaks(text: str, match: re.Match[str], anchors: list[int]) -> int:
    """How much speaks for a day: its place, what follows, its writing, a clock time."""
    start, end = match.span()
    left, right = text[max(0, start - 12) : start], text[match.end("d") : end + 6]
    day = _of(match["m"], match["d"])
    if day is None or not _close(day, anchors) or _UNIT.match(right):
        return 0
    if match["time"].strip():
        return _LEAST if _BEGINS.search(left) or left[-1:] in (" ", "") else 2
    if _VALUE.ends(left) or not _BEGINS.search(left) or not _EVENT.match(right):
        return 0
    points = 1
    signed = _SIGNED.search(left) if _ENDS.match(text, match.end()) else None
    points += 2 if signed and signed["who"] not in words() else 0
    points += 1 if not (match["m"] + match["d"]).isdigit() else 0
    points += 2 if _LINE.search(left) else 1 if left.rstrip()[-1:] in "。;" else 0
    points += 1 if _CUE.ends(left) else 0
    if len(match["d"].lstrip("0Oo")) > 1 and _WORD.match(right) and (match["sep"] != "-" or left[-1:] in _CLAUSE):
        points += 1 + (left.rstrip()[-1:] in _CLAUSE and not _LISTING.ends(left))
    points += 1 if match["m"][0] in "0O" or match["d"][0] in "0O" else 0
    points += 1 if match["sep"] != "." else 0
    points += 1 if _DONE.match(right) else 0
    return points


def _anchors(text: str) -> list[int]:
    """The days of the year, sorted, that whole dates of the text name."""
    days = set()
    for match in _YEARLY.finditer(text):
        day = _of(match["m"] or match["m2"] or match["m3"], match["d"] or match["d2"] or match["d3"])
        if day is not None:
            days.add(day)
    return sorted(days)


def _close(day: int, anchors: list[int]) -> bool:
    """Whether one of the days of the year is near, over the turn of the year as well."""
    at = bisect_left(anchors, day)
    around = (anchors[at - 1], anchors[at % len(anchors)])
    return any(min(abs(day - one), _YEAR - abs(day - one)) <= _NEAR for one in around)


_YEAR: Final = 366
_STARTS: Final = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)  # days of a leap year before each month


def _of(month: str, day: str) -> int | None:
    """The day of a leap year, None if there is none."""
    m, d = number(month), number(day)
    return _STARTS[m - 1] + d if is_day(m, d) else None
