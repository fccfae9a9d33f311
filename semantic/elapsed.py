"""How long something has lasted, or how long ago it was (病程, 距今): "糖尿病史十余年", "MI 5 years ago".
Kept as a value of the concept it stands beside, in days (lab_values.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from records.ids import ConceptId
from records.mentions import Mention
from semantic.cues import number
from semantic.labs import LAB

ONSET: Final = "since/*"  # beside no name: how long ago it all began
_DAYS: Final = {
    **dict.fromkeys(("年", "载", "year", "yr", "y"), 365.0),
    **dict.fromkeys(("月", "month", "mo"), 30.0),
    **dict.fromkeys(("周", "星期", "礼拜", "week", "wk", "w"), 7.0),
    **dict.fromkeys(("天", "日", "day", "d"), 1.0),
    **dict.fromkeys(("小时", "时", "h", "hour", "hr"), 1 / 24),
    **dict.fromkeys(("分钟", "分", "minute", "min"), 1 / 1440),
}
_COUNTS: Final = {
    "廿": 20,
    "卅": 30,
    "半": 0.5,
    "half a": 0.5,
    "half an": 0.5,
    "a": 1,
    "an": 1,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
}
_HALF: Final = 0.5
_FULLER: Final = 1.02  # 十余年
_UNITS: Final = r"年|载|月|周|星期|礼拜|天|日|小时|分钟|h(?![a-z])|d(?![a-z])|w(?![a-z])|min"
_ENGLISH: Final = r"half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty"
SPAN: Final = (
    r"(?:(?<![0-9.+一二两三四五六七八九十廿卅])(?P<n>[0-9]{1,3}(?:\.[0-9])?|半|[廿卅]|[一二两三四五六七八九十]{1,3})\s*+"
    rf"(?P<more>[余多来])?\s*+个?(?P<half>半)?(?P<unit>{_UNITS})(?P<half2>半)?(?P<more2>[余多])?整?"
    rf"|\b(?P<n2>[0-9]{{1,3}}(?:\.[0-9])?|{_ENGLISH})"
    r"[\s-]*(?P<unit2>year|yr|month|mo|week|wk|day|hour|hr|minute|min|[ydwh])s?\b)"
)
_SPAN: Final = re.compile(SPAN)
_DATE: Final = re.compile(r"[年月去今/.\-][0-9]{0,2}$")  # "2020年3月", "去年3月": a month of the calendar
_NOT_BEHIND: Final = re.compile(
    r"[余多]?\s*(?:岁|期|疗程|周期|换药|次|一次|复查|随访|一[次回]|后(?:再|复|来|回|返|随|行|择|拟|转|改|停|可|予|如)|内|龄|胎|间|/)|\s*(?:later|old|apart)"
)
_NOT_AHEAD: Final = re.compile(
    r"(?:每|隔|孕|孕周[^,，。]{0,4}|拟|约[定好]|预约|疗程|共|再|待|q|every\s?|for the next\s?|gestation\s?)$"
)
_AGO: Final = re.compile(r"\s*(?:之?前|\s?(?:ago|earlier|before|previously|prior)\b)")
# What may stand between a name and the time behind it ...
_BEHIND: Final = re.compile(
    r"(?:[,，(]?\s*(?:病史|史|病程|患病|发病|起病|确诊|诊断|距今|history|hx|for|since|diagnosed|known|x|×|day|d|post-?op\w*|\d)"
    r"|术|手术|治疗|置入|植入|矫治|切除|根治|康复|移植|搭桥|分娩|出院|发作|后|已|达|约|近|逾|有|又|至今|迄今|满|第|的|了|为|:|(?<=后)随访|\s|\()*"
)
# ... or between "3 years ago", "a 15-year history of" and the name behind it.
_BEFORE: Final = re.compile(
    r"\s*(?:[因行曾患诊断确发突出现检查于在外院我接受做了过的有得起始初首次又右左双侧晨夜间无明显诱由]|,\s?(?=因|行|曾)|(?:had|has|an?|the|of|underwent|with|history|hx)\b|\s)*"
)
_HISTORY: Final = re.compile(r"\s*的?(?:history of\s|hx of\s|post[\s-]|after\s|since\s|s/p\s|of\s)?\s*")
_LASTING: Final = re.compile("(?:病?史|病程)")
_BEGAN: Final = re.compile(
    r"(?:发病|起病|症状出现|症状|末次正常|最后正常|出现症状|onset|lkw|last\s(?:known|seen)\s(?:well|normal))(?:至今|后|时间|到院|于)?[:\s]*(?:约|已)?$"
)
_TERM: Final = (20, 44)  # weeks
_LASTED: Final = re.compile("[后史程]|post|after|history|for|since")
_FAR: Final = 14  # characters between a name and its time at most


def since(concept: ConceptId) -> str:
    """The name under which a concept's time is kept."""
    return f"since/{concept}"


def days(match: re.Match[str]) -> float:
    """The days of a match of SPAN."""
    words = match["n"] or match["n2"]
    count = _COUNTS.get(words) or _about(words)
    if match["half"] or match["half2"]:
        count += _HALF
    if match["more"] or match["more2"]:
        count *= _FULLER
    return count * _DAYS[match["unit"] or match["unit2"]]


def _about(words: str) -> float:
    """A count in digits or words; 三四 is between three and four."""
    if words[0].isdigit():
        return float(words)
    few = len(words) > 1 and not words.isascii() and "十" not in words
    return sum(map(number, words)) / len(words) if few else float(number(words))


def gestational(span: re.Match[str], before: str) -> bool:
    """Whether these weeks are a pregnancy's, or a child's at birth ("早产儿32周")."""
    weeks = days(span) / _DAYS["周"] if span["unit"] == "周" or span["unit2"] in ("week", "wk", "w") else 0
    return _TERM[0] <= weeks <= _TERM[1] and not _LASTED.search(before)


def elapsed(flat: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, Mention | None, float]]:
    """(name under which it is kept, mention it belongs to, days) for each time that stands beside a mention; none has
    it where only the beginning of all is told."""
    named = [one for one in mentions if not one.rule.startswith(LAB)]
    for span in _SPAN.finditer(flat):
        if _is_date(flat, span) or _NOT_AHEAD.search(flat[max(0, span.start() - 8) : span.start()]):
            continue
        value = days(span)
        owners = _owners(flat, span, named)
        for one in owners:
            yield since(one.concept), one, value
        if not owners and _BEGAN.search(flat[max(0, span.start() - 24) : span.start()]):
            yield ONSET, None, value


def _is_date(flat: str, span: re.Match[str]) -> bool:
    calendar = span["unit"] in ("月", "日") and _DATE.search(flat[max(0, span.start() - 4) : span.start()]) is not None
    return calendar or (span["unit"] == "年" and len(span["n"]) > 2)


def _owners(flat: str, span: re.Match[str], named: Sequence[Mention]) -> list[Mention]:
    """The mentions, all in one place, that a time stands beside."""
    start, end = span.span()
    ago = _AGO.match(flat, end)
    if gestational(span, flat[max(0, start - _FAR) : start]) and ago is None:
        return []
    behind = [one for one in named if one.end <= start <= one.end + _FAR and _BEHIND.fullmatch(flat, one.end, start)]
    if behind and (ago or not _NOT_BEHIND.match(flat, end)):
        nearest = max(one.end for one in behind)
        return [one for one in behind if one.end == nearest]
    if ago:
        glue, left = _BEFORE, ago.end()
    elif _NOT_BEHIND.match(flat, end):
        return []
    else:
        glue, left = _HISTORY, end
    ahead = [one for one in named if left <= one.start <= left + _FAR and glue.fullmatch(flat, left, one.start)]
    if ago is None:
        ahead = [one for one in ahead if flat[left : one.start].strip() or _LASTING.match(flat, one.end)]
    nearest = min((one.start for one in ahead), default=0)
    return [one for one in ahead if one.start == nearest]
