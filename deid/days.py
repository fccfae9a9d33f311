"""Days, months and years that no rule knows: where they may stand in a text, and what is seen of each of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from deid.document import Document
from deid.leads import led
from deid.numbers import Beside, Features, Found, hidden
from deid.recognizers.date import ENGLISH_SIGN, CalendarDate
from deid.recognizers.date_parts import is_day, number
from deid.recognizers.date_slash import SLASH_NOT, UNIT
from records.entities import Entity

_F: Final = "[0-9OolI|]"  # a figure, or what it may have been read as
_M: Final = r"(?:1[0-2OolI]|0?[1-9]|[lI|][0-2OolI]|[OolI|][1-9OlI])"
_D: Final = r"(?:3[01OlI]|[12lI|][0-9OlIS]|[0Oo]?[1-9lI])"
_CN: Final = "[一二三四五六七八九十]"
_CN_DAY: Final = f"(?:初{_CN}|[廿卄卅]{_CN}?|[二三]?十{_CN}?|{_CN})"
_MARK: Final = "[日号曰目]"
_NUMBERED: Final = " ?(?:[A-Z]管|[丝针管导套气喉胃尿线刀片球缝机楼床染]|手[套术]|起搏|诊室|病房)"  # by 号, and no day
_PART: Final = "(?:份|[初底末]|[上中下]旬)?"
_ROMAN: Final = "(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})"
_YEAR: Final = r"(?:19[3-9]\d|20[0-4]\d)"
_SEP: Final = r" ?[.\-/·,。^丿] ?"
_UNIT: Final = (
    r" ?(?:[%‰℃°×*^/xX~\-:.+]|[0-9OolI]|[mkμuncd]?[gLlm](?![A-Za-z])|[A-Za-z]{1,3}/|[次个天周年岁月例人台张片粒支袋]"
    r"|[瓶级度期型分秒时点小克毫升单元米千万余多几倍床楼层室号针者种项组程式维类代位根条枚颗段对只包盒口步岁Ww]|mm|cm|ml|mL"
    r"|[iI]?[uU](?![a-z]))"
)
_MEASURE: Final = (
    r" {0,3}(?:[%‰℃°^#↑↓]|[xX×*] ?[0-9](?! ?[/.\-])|[A-Za-zμ]{1,5}/"
    r"|(?:[mkμuncd]?[gLlm]|m[ml]|c[cm]|mmol|[iIkK]?[uU]|k?Hz|HPF)(?![A-Za-z]))"
)
# By their groups: from one day to another, month and day, days, a day, a month (with its day), a year, year and month,
# figures alone, a month in Roman figures, and what goes on behind a date.
_FIGURES: Final = re.compile(
    rf"(?<![0-9.])(?:(?P<to>(?<![0-9][\-/:~])(?<!\(){_M}[./]{_D} ?[\-~—至到] ?{_M}[./]{_D}(?!{_UNIT}|{_MEASURE}))"
    rf"|(?P<dmy>(?:{_D}[/\-.]{_M}|{_M}[/\-.]{_D})[/\-.][0-2]\d(?![0-9.%]))"
    rf"|(?P<md>(?<![0-9][\-/:~])(?:{_M}{_SEP}{_D}|(?:3[01]|2\d|1[3-9])[./]{_M})(?![0-9OlI]"
    rf"|[.\-/:·]\d|[\-~、至到,/和] ?{_D} ?{_MARK}|{_MEASURE})(?: ?[日号])?)"
    rf"|(?P<dd>{_D} ?[\-~、至到,/和] ?{_D} ?{_MARK})"
    rf"|(?P<d>{_D} ?(?:[日曰目](?!均|间)|号(?!{_NUMBERED})))"
    rf"|(?P<m>{_M} ?月{_PART}(?: ?{_D}(?![0-9]))?)"
    rf"|(?P<y>(?:(?<![A-Za-z\-/])|(?<=[12][09]\d\d-)){_YEAR}(?![0-9])(?: ?年)?|[0-9]\d ?年)"
    r"|(?P<ym>(?<![A-Za-z\-/])[0-2]\d[.\-/](?:1[0-2]|0[1-9])(?![0-9]|[.\-/:]\d))"
    r"|(?P<c>(?<![A-Za-z\-])(?:(?:[0-2]\d)?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![0-9A-Za-z.%])"
    r"|[0-2]\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?: \d\d \d\d)?(?![0-9.])))"
    rf"|(?P<r>{_D}[.·\-]{_ROMAN}(?:[.·\-](?:20)?\d\d)?(?![0-9A-Za-z])))"
    rf"|(?P<t>(?<=[日号月\d][\-~、至到,和及]){_D}(?![0-9.\-/:%月年]))"
)
# What figures that any of these may take stand beside: most readings and doses do not.
_FIGURES_SIGN: Final = re.compile(
    rf"{_F}(?:(?<=[\-~、至到,和及].)|[0-9OolI|S]?(?: ?(?:[.\-/·,。^丿~、至到和] ?[0-9OolI|IVX]|[日曰目号月年]))"
    rf"|[0-9OolI|S]{{3}}|[0-9] [01][0-9] )"
)
_ALONE: Final = re.compile(rf"(?<![0-9A-Za-z.\-/+*×~<>=:])(?P<b>{_D})(?!{_UNIT})")
_WORDS: Final = led(
    rf"(?P<m>(?:十[一二]?|[一二三四五六七八九正腊冬元]) ?月{_PART}(?: ?{_D}(?![0-9]))?)|(?P<y>['’‘][0-9]\d(?!\d)"
    rf"|[OolI|]\d ?年|(?<![一二三四五六七八九十])[一二〇零九八七六五][〇零一二三四五六七八九] ?年)"
    rf"|(?P<md>(?<![0-9A-Za-z.\-/])[OolI|]{_F}?[./\-]{_D}(?![0-9A-Za-z.]))"
    rf"|(?P<cm>(?<![一-鿿])(?:十[一二]?|[一二三四五六七八九正腊冬元])[.·、](?:{_CN_DAY}|{_D})(?![一-鿿0-9]*[.·、%]))"
    rf"|(?P<r>(?<![0-9A-Za-z]){_ROMAN}[·.\-]{_D}(?![0-9A-Za-z.]))"
    rf"|(?P<n>初{_CN}[日号]?|[廿卄]{_CN}?[日号]?|(?<!{_CN})(?:[二三]?十{_CN}?|(?<![一-鿿]){_CN})[日号]"
    rf"|(?:(?<=[,。;:、\s(])|(?<![\s\S]))二?十{_CN}?(?![天次个年岁月余多几分级度指二味周号日种项岁点时小]))"
)
_ENGLISH: Final = re.compile(
    r"(?<![A-Za-z])(?:[0-3]?\d ?-?)?(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
    r"(?![A-Za-z])(?:[. \-]{1,2}[0-3]?\d(?!\d))?"
)
_NUMBERS: Final = re.compile(f"{_F}+")
_SHAPE: Final = str.maketrans("123456789", "0" * 9)
_AGAIN: Final = re.compile(r"(?<=0)0+")
_LABEL: Final = re.compile(r"([\u4e00-\u9fff]{1,4}|[A-Za-z]{1,8})([^\u4e00-\u9fffA-Za-z0-9■]*)$")
_MONTH: Final = re.compile(rf"({_F}{{1,2}}) ?月|(?:{_F}[.\-/年] ?)?({_F}{{1,2}}) ?[.\-/] ?{_F}{{1,2}}")
_CLOCK_BEHIND: Final = re.compile(r"[ ,T]{0,2}(?:[上下]午|早|晚|凌晨)?\d{1,2}[:时点]")
_CLOCK_BEFORE: Final = re.compile(r"\d{1,2}:\d\d[ ,]{0,2}$")
_WEEKDAY: Final = re.compile(r" ?\(?(?:周|星期|礼拜)[一二三四五六日天]")
_FAR: Final = 6  # characters on each side that are looked at
_LINE: Final = 400  # characters of a line on each side, as texts may have no line breaks
_NEAR: Final = 4
_GAPS: Final = (1, 4, 20, 80)  # characters between a day and a date
_FURTHEST: Final = 100  # characters of a gap that are looked at
_HIGH: Final = 12  # no month
_BLANK: Final = " (*-·"
_NOWHERE: Final = Beside(1 << 60, 1 << 60, Entity.OTHER_ID)
_WIDE: Final = 60  # characters behind a date where a number alone may be a day


class Day(NamedTuple):
    """One candidate, half-open places of the folded text, and the form it has (a group of the pattern)."""

    start: int
    end: int
    form: str


def days(doc: Document, found: Sequence[Found]) -> list[Day]:
    """What may be a date and touches nothing found (sorted, no overlaps), left to right."""
    text = doc.text
    out = [_day(match) for match in _WORDS.finditer(text)]
    if ENGLISH_SIGN.likely(doc):
        out += [Day(*match.span(), "e") for match in _ENGLISH.finditer(text)]
    out = [day for day in out if _free(found, day.start, day.end)]
    spans = iter(found)
    one = next(spans, _NOWHERE)
    reached, dated = 0, -_WIDE
    for at, _, _ in doc.runs:
        while one.end <= at:
            if one.entity is Entity.DATE:
                dated = one.end
            one = next(spans, _NOWHERE)
        if one.start <= at or at < reached:
            continue
        figures = _FIGURES.match(text, at) if _FIGURES_SIGN.match(text, at) else None
        match = figures or (at - dated < _WIDE and _ALONE.match(text, at))
        if match and match.end() <= one.start and not _titled(text, match):
            reached = dated = match.end()
            out.append(_day(match))
    return _apart_from_each_other(out)


def _apart_from_each_other(some: list[Day]) -> list[Day]:
    """Left to right, without what begins inside another; of two that begin together the longer one."""
    out: list[Day] = []
    reached = 0
    for day in sorted(some, key=lambda each: (each.start, -each.end)):
        if day.start >= reached:
            out.append(day)
            reached = day.end
    return out


def _titled(text: str, match: re.Match[str]) -> bool:
    """Whether it is the year of an edition."""
    return match.lastgroup == "y" and CalendarDate.edition(text, *match.span())


def _free(found: Sequence[Found], start: int, end: int) -> bool:
    before = bisect_left(found, (end,)) - 1
    return before < 0 or found[before].end <= start


def _day(match: re.Match[str]) -> Day:
    return Day(*match.span(), match.lastgroup or "")


class Calendar:
    """A text as its days are seen in it: what was found beside them, and which dates it has."""

    def __init__(self, text: str, found: Sequence[Found], candidates: Sequence[Day]) -> None:
        self._text = hidden(text, found)
        self._found = found
        self._starts = [one.start for one in found]
        self._dates = [(one.start, one.end, text[one.start : one.end]) for one in found if one.entity is Entity.DATE]
        self._shapes = Counter(_short(value) for *_, value in self._dates)
        self._rows: dict[str, list[tuple[int, int, list[int]]]] = {}
        for day in candidates:
            self._rows.setdefault(day.form, []).append((day.start, day.end, _numbers(text[day.start : day.end])))

    def features(self, day: Day) -> Features:
        """Its shape, what stands around it, its place on its line, the dates beside it and their order."""
        text, (start, end, form) = self._text, day
        line = text.rfind("\n", max(0, start - _LINE), start) + 1 or max(0, start - _LINE)
        stop = text.find("\n", end, end + _LINE)
        stop = min(len(text), end + _LINE) if stop < 0 else stop
        left = text[max(line, start - _FAR) : start].translate(_SHAPE)
        right = text[end : min(stop, end + _FAR)].translate(_SHAPE)
        value = text[start:end]
        row = self._rows[form]
        place = bisect_left(row, (start,))
        figures = row[place][2]
        short = _short(value)
        out = ["", f"s{value.translate(_SHAPE)}", f"s{short}", f"={min(self._shapes[short], 2)}"]
        out += [f"<{left[-size:]}" for size in range(1, min(4, len(left)) + 1)]
        out += [f">{right[:size]}" for size in range(1, min(4, len(right)) + 1)]
        if figures:
            out.append(f"h{figures[-1] > _HIGH:d}{short}")
        if form == "md":
            out.append(f"day{len(figures) > 1 and is_day(*figures[:2]):d}")
            if SLASH_NOT.search(text[max(line, start - 16) : start]):
                out.append("not")
        if UNIT.match(text, end):
            out.append("unit")
        if not text[line:start].strip(_BLANK):
            out.append("^")
        if not text[end:stop].strip():
            out.append("$")
        if _CLOCK_BEHIND.match(text, end):
            out.append("clock>")
        if _WEEKDAY.match(text, end):
            out.append("weekday")
        if _CLOCK_BEFORE.search(text, max(0, start - 8), start):
            out.append("<clock")
        out += self._order(start, end, figures, form)
        out += _in_row(row, place)
        any_form = [f"<{left[-1:]}", f">{right[:1]}", *(f"l{left[at : at + 2]}" for at in range(len(left) - 1))]
        label = _LABEL.search(left)
        if label:
            word, gap = label.groups()
            out += [f"w{word[-2:]}{gap[:2]}", f"w{word[-1]}{gap[:2]}"]
            any_form.append(f"w{word}")
        return [*any_form, *[form + each for each in out]]

    def _order(self, start: int, end: int, figures: list[int], form: str) -> Iterator[str]:
        """What dates stand before and behind it, how far off, and whether it follows from them."""
        text, dates = self._text, self._dates
        at = bisect_left(dates, (start,))
        yield f"dates{min(len(dates), 3)}"
        if at:
            _, reached, value = dates[at - 1]
            gap = text[max(reached, start - _FURTHEST) : start]
            yield f"p{_apart(gap)}"
            if len(gap) <= _NEAR:
                yield f"pg{gap.translate(_SHAPE)}"
            before = _numbers(value)
            month = _MONTH.search(value)
            if form == "md" and month and figures:
                apart = figures[0] - number(month[1] or month[2])
                yield f"pm{apart if 0 <= apart <= 1 else 'x'}"
            if form in ("d", "dd", "t") and before and figures:
                yield f"pd{figures[-1] > before[-1]:d}"
        else:
            yield "p"
        if at < len(dates):
            gap = text[end : min(end + _FURTHEST, dates[at][0])]
            yield f"q{_apart(gap)}"
            if len(gap) <= _NEAR:
                yield f"qg{gap.translate(_SHAPE)}"
        else:
            yield "q"
        other = bisect_left(self._starts, start)
        if other and self._found[other - 1].end >= start - 2:
            yield f"P{self._found[other - 1].entity}"
        if other < len(self._found) and self._found[other].start <= end + 2:
            yield f"Q{self._found[other].entity}"


def _in_row(row: Sequence[tuple[int, int, list[int]]], at: int) -> Iterator[str]:
    """Whether the candidates of one form before and behind a place rise to it and from it."""
    start, end, figures = row[at]
    before = after = "n"
    if at and start - row[at - 1][1] <= _WIDE:
        before = "u" if row[at - 1][2] < figures else "d"
    if at + 1 < len(row) and row[at + 1][0] - end <= _WIDE:
        after = "u" if row[at + 1][2] > figures else "d"
    yield f"row{before}{after}"
    yield f"row{min(len(row), 4)}"


def _numbers(value: str) -> list[int]:
    return [number(each) for each in _NUMBERS.findall(value)]


def _short(value: str) -> str:
    return _AGAIN.sub("", value.translate(_SHAPE))


def _apart(gap: str) -> str:
    return f"{sum(len(gap) > most for most in _GAPS)}{chr(10) in gap:d}"
