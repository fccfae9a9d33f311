"""What a date in a record says: the day it names and how exactly. Reads forms, decides nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

_CONFUSED: Final = str.maketrans("OoQlI|ZSB曰目", "000111258日日")
_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "正": 1, "两": 2}
_ISO: Final = re.compile(
    r"(?P<y>\d{4}|\d\d)\s?[年\-/.,·、。_~—\\]\s?(?:(?P<m>\d{1,2})\s?(?:[月\-/.,·、。_~—\\]\s?(?:"
    r"(?P<d>\d{1,2}))?)?)?"
)
_COMPACT: Final = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_MD: Final = re.compile(r"(?P<m>\d{1,2})\s?月\s?(?:(?P<d>\d{1,2})\s?[日号])?")
_PAIR: Final = re.compile(r"(?P<m>\d{1,2})[\-/.](?P<d>\d{1,2})(?!\d)")
_DMY: Final = re.compile(r"^(?P<a>\d{1,2})[\-/.](?P<b>\d{1,2})[\-/.](?P<y>(?:19|20)\d\d)")
_DAY: Final = re.compile(r"^(?P<d>\d{1,2})\s?[日号]")
_CHINESE_YEAR: Final = re.compile(
    r"([〇零一二三四五六七八九]{4}|[〇零一二三四五六七八九]{2}|\d{4}(?=\s?年\s?[一二三四五六七八九十元正]{1,2}\s?月))\s?年"
)
_CHINESE_MONTH: Final = re.compile(
    r"([一二三四五六七八九十元正]{1,2})\s?月(?:\s?([一二三四五六七八九十廿卅]{1,3})\s?[日号]?)?"
)
_ENGLISH: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED: Final = re.compile(
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[ \-/.]?)?(?P<m>[A-Za-z]{3,9})\.?[ ,\-/.]*(?:the )?(?:(?P<d2>\d{1,2})(?:st"
    r"|nd|rd|th)?,? )?(?P<y>\d{4}|\d\d)"
)
_YEAR_NAMED: Final = re.compile(r"(?P<y>\d{4})[ \-/.,]{1,2}(?P<m>[A-Za-z]{3,9})(?:[ \-/.](?P<d>\d{1,2}))?")
_LEAD: Final = re.compile(r"^(?:(?:公元|西元)\s?|['‘’]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}[.,]{0,2} {1,2})")
_OTHER_CALENDAR: Final = re.compile(
    r"[农阴旧古夏藏傣回彝]历|正月|腊月|冬月|民国|光绪|宣统|昭和|大正|明治|平成|令和|康德"
)
# From one day to another without their year, of which the first is read; a short year and its month is no day.
_SPAN: Final = re.compile(r"(?P<first>\d{1,2}[/.\-]\d{1,2}) ?[\-~至到一] ?\d{1,2}[/.\-]\d{1,2}$")
_SHORT: Final = re.compile(r"['‘’]\d\d[./]\d{1,2}$")
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")
_TORN: Final = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])|(?<=[0-9])\n\s*(?=[0-9])")


class Reading(NamedTuple):
    """The first day the expression covers and its precision: "" day, "月" month, "年" year."""

    day: date
    unit: str


def read(text: str, near: date | None) -> Reading | None:
    """The date that a span says; `near` supplies a missing year. None when it cannot be told (lunar, damaged)."""
    if _OTHER_CALENDAR.match(text) or _SHORT.match(text):
        return None
    plain = _LEAD.sub("", _TORN.sub("", text.strip()))
    if re.match(r"^[\dOoQlI|ZSB年月日号曰目\s\-/.,·、。_~:;TZ+时分秒点]", plain) and not re.search(
        r"[A-Za-z]{3}", plain
    ):
        plain = re.sub(r"[OoQlI|ZSB曰目]", lambda m: m.group().translate(_CONFUSED), plain)
    if span := _SPAN.match(plain):
        plain = span["first"]
    if _YEAR.match(plain):
        return _make(int(plain), None, None)
    for reader in (_compact, _day_first, _english, _chinese, _iso, _month_day):
        reading = reader(plain, near)
        if reading:
            return reading
    return None


def _make(year: int, month: int | None, day: int | None) -> Reading | None:
    if year < 100:
        year += 1900 if year >= 40 else 2000
    try:
        return Reading(date(year, month or 1, day or 1), "" if day else "月" if month else "年")
    except ValueError:
        return None


def _number(match: re.Match[str], group: str) -> int | None:
    return int(match[group]) if match[group] else None


def _compact(text: str, near: date | None) -> Reading | None:  # noqa: ARG001
    match = _COMPACT.match(text)
    return _make(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def _day_first(text: str, near: date | None) -> Reading | None:  # noqa: ARG001
    match = _DMY.match(text)
    if not match:
        return None
    a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
    return _make(year, b, a) if a > 12 else _make(year, a, b)


def _iso(text: str, near: date | None) -> Reading | None:  # noqa: ARG001
    match = _ISO.match(re.sub(r"(?<=\d) (?=\d)", "", text))
    if match and len(match["y"]) == 2 and not match["d"] and text[2:3] != "年":
        return None  # a month and a day
    return _make(int(match["y"]), _number(match, "m"), _number(match, "d")) if match else None


def _english(text: str, near: date | None) -> Reading | None:  # noqa: ARG001
    match = _YEAR_NAMED.match(text)
    if match and match["m"][:3].lower() in _ENGLISH:
        return _make(int(match["y"]), _ENGLISH.index(match["m"][:3].lower()) + 1, _number(match, "d"))
    match = _NAMED.match(text)
    if not match or match["m"][:3].lower() not in _ENGLISH:
        return None
    return _make(
        int(match["y"]), _ENGLISH.index(match["m"][:3].lower()) + 1, _number(match, "d") or _number(match, "d2")
    )


def _chinese(text: str, near: date | None) -> Reading | None:
    year_match = _CHINESE_YEAR.search(text)
    month_match = _CHINESE_MONTH.search(text)
    if year_match:
        year = int("".join(str(_DIGITS.get(c, c)) for c in year_match[1]))
    elif month_match and near:
        year = near.year + _shift(text)
    else:
        return None
    if not month_match:
        return _make(year, None, None)
    return _make(year, _ten(month_match[1]), _ten(month_match[2]) if month_match[2] else None)


def _ten(numeral: str) -> int:
    """A numeral below one hundred."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return _DIGITS.get(numeral, 0)


def _month_day(text: str, near: date | None) -> Reading | None:
    """A date without its year: the one of the last date read, shifted by 去年 and the like."""
    if near is None:
        return None
    match = _MD.search(text) or _PAIR.match(text)
    if match:
        return _make(near.year + _shift(text), int(match["m"]), _number(match, "d"))
    match = _DAY.match(text)
    if match:
        return _make(near.year, near.month, int(match["d"]))
    return None


def _shift(text: str) -> int:
    return -1 if "去年" in text else -2 if "前年" in text else 1 if "明年" in text else 0


def days_between(anchor: date, day: date) -> int:
    """Days from the anchor to the day."""
    return (day - anchor) // timedelta(days=1)
