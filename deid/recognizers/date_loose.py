"""Dates that need their surroundings: damaged digits, ranges, month and day by a slash, English dates with gaps."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import pairwise
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.recognizers.date import ENGLISH_MONTH, ENGLISH_SIGN, LOT, PROTEIN, CalendarDate
from deid.recognizers.date_partial import (
    MONTH_YEAR,
    RANGE,
    day_alone,
    in_words,
    listed_months,
    months_alone,
    on_tubes,
    short_year,
)
from deid.recognizers.date_parts import (
    CLOCK,
    COLON_CLOCK,
    DAY,
    DIGIT,
    GAP,
    MARK,
    MONTH,
    TIME,
    TIME_OF_WHOLE,
    YEAR,
    is_day,
    number,
)
from deid.recognizers.date_slash import slashes
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
_BOXED: Final = Held(r"[12][|│1][09][|│1]\d[|│1]\d[|│]年[|│](?:\d[|│1]){1,2}月(?:[|│](?:\d[|│1]){1,2}日)?")
_KOREAN: Final = Held(r"(?:19|20)\d\d\s?년(?:\s?\d{1,2}\s?월(?:\s?\d{1,2}\s?일)?)?")
_BORN: Final = re.compile(r"(?:19[2-9]|20[0-2])\d(?=生(?![产理活命长物化]))")
_YEAR_ALONE: Final = re.compile(
    r"(?<![0-9A-Za-z.\-])[12lIZ|] ?[90OoQD8] ?[0-9OoQDlI|ZSB] ?[0-9OoQDlI|ZSB] ?年(?![龄级])"
)
_WORN_MONTH: Final = re.compile(r"[12lI][90OoQ][0-9OlI]{2}[./\-](?:[0O][1-9lI]|[1lI][0-2OlI])(?![0-9A-Za-z.\-/])")
_MONTH_DAY: Final = re.compile(
    rf"(?<![0-9A-Za-z个\-年岁])[01OolI|]? ?{_D} ?月(?:{GAP}[0-3OolIZ|]? ?{_D} ?{MARK}"
    rf"| ?[0-3OolIZ|]? ?{_D}(?=[,。;、\s)]|$|\(周"
    rf"|[\u4e00-\u9fff])(?! ?[天个周年次余岁月至到支片粒期级度例人名处份点时分])){TIME}"
)
_CAPITAL_MONTH: Final = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_ANY_MONTH: Final = rf"(?:{ENGLISH_MONTH}|{_CAPITAL_MONTH})"
_ENGLISH: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{{0,6}}[.,]{{0,2}} )?(?:\d{{1,2}}(?:st|nd|rd"
    rf"|th)?[ \-/](?:of )?{ENGLISH_MONTH}\.?(?:[ ,\-]{{1,2}}(?:19"
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
# What a number of one, two, three or four figures must go on with to be a date or a part of one.
_DATED_SIGN: Final = re.compile(
    rf"{_D}(?:[月日号曰/\-~、至到 \n]"
    rf"|{_D}(?:[年月日号曰\-/.一~·、至到 \n]|,(?=[年\-/.一~·,、 \n0-9OolI|])|{_D}[.\s年]))"
    rf"|[12lIZ|][90OoQD8]{_D}{_D}"
)
# A whole date without any damage, which `deid.recognizers.date` reads as well.
_CLEAN: Final = re.compile(
    r"(?<![0-9A-Za-z.\-/~至到])20[0-4]\d(?:(?P<sep>[\-/.])(?:0[1-9]|1[0-2])(?P=sep)(?:0[1-9]|[12]\d|3[01])"
    r"|年(?:1[0-2]|0?[1-9])月(?:[12]\d|3[01]|0?[1-9])日)(?: \d\d:\d\d(?::\d\d)?)?"
    r"(?=[,。;、)\n]|$| [^0-9日号曰目囗口白臼旦]|[\u4e00-\u9fff](?<![至到日号曰目口白臼旦]))"
)


class LooseDate:
    """Each form with its own conditions; day and month by a slash need both neighbours to speak for a date."""

    name = "date_loose"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        found += in_words(doc)
        if "月" in text:
            found += months_alone(text) + listed_months(text)
        if not doc.has_digit:
            return found
        starts = dict.fromkeys([at for at, _, _ in doc.runs])
        if "|" in text:
            starts.update(
                dict.fromkeys(at + 1 for at, _, _ in doc.runs if text[at] == "|" and text[at + 1 : at + 2].isalnum())
            )
        starts.update(dict.fromkeys(match.start() for match in _LETTERS.finditer(text)))
        for at in starts:
            if _DATED_SIGN.match(text, at) and not _CLEAN.match(text, at):
                self._at(text, at, found)
        why = "month and day with neighbours of a date"
        days = slashes(text, [at for at in doc.pairs if at in starts])
        found += [self._trimmed(text, *match.span(), "date.slash", why) for match in days]
        found += [
            self._trimmed(text, one.start(), other.end(), "date.range", "from one day to another")
            for one, other in pairwise(days)
            if text[one.end() : other.start()].strip() in _TO
        ]
        found += on_tubes(doc)
        if ENGLISH_SIGN.likely(doc):
            for pattern, why in ((_ENGLISH, "English date"), (_ENGLISH_WORN, "English date, damaged or in part")):
                found += [
                    Finding(*m.span(), self.entity, "date.english_loose", 0.85, why) for m in pattern.finditer(text)
                ]
        for match in _KOREAN.finditer(doc):
            found.append(Finding(*match.span(), self.entity, "date.korean", 0.9, "Korean date"))
        for match in _BOXED.finditer(doc):
            found.append(Finding(*match.span(), self.entity, "date.boxed", 0.9, "date with each digit in a box"))
        return found

    def _at(self, text: str, at: int, found: list[Finding]) -> None:
        """What a number at a place begins: a whole date with damage, a range, a month with its day, a day alone."""
        ahead, left = text[at : at + 12], text[at - 1 : at]
        if ahead[0] in _FIRST and ahead[1:2] in _SECOND:
            if ahead[0] in "12lIZ|" and ahead[1] in _SECOND_OF_YEAR and _YEAR_SIGN.match(text, at):
                apart = ahead[:4].isalnum() and ahead[4:5] not in _JOINED_LEFT
                if not self._damaged(text, at, _APART if apart else _WITH_YEAR, found):
                    self._with_year(text, at, found)
            elif left not in _INSIDE and (ahead[1] == " " or ahead[2:3] in _AFTER_SHORT or left in _ROW_LEFT):
                self._short(text, at, found)
            elif left in _INSIDE and ahead[2:3] == " ":
                self._spaced(text, at, found)
        likely = "月" in ahead or "年" in ahead or ahead[:2] in _CENTURIES or left in _FROM
        spanned = RANGE.match(text, at) if likely and _RANGE_SIGN.match(text, at) else None
        if spanned or "/" in ahead[:3]:
            spanned = spanned or MONTH_YEAR.match(text, at)
            if spanned:
                self._kept(text, *spanned.span(), "date.range", "from one day, month or year to another", found)
        if "月" in ahead:
            month = _MONTH_DAY.match(text, at)
            if month:
                why = "month and day, damaged or without its last character"
                self._kept(text, *month.span(), "date.month_day_loose", why, found)
        elif ("日" in ahead or "号" in ahead or "曰" in ahead) and (alone := day_alone(text, at)):
            found.append(alone)
        if "年" in ahead:
            republic = _REPUBLIC.match(text, at)
            if republic:
                self._kept(text, *republic.span(), "date.republic", "day of the republican calendar", found)
            if short := short_year(text, at):
                found.append(short)

    def _short(self, text: str, at: int, found: list[Finding]) -> None:
        """A date with a year of two figures, however torn or misread, if there is such a day."""
        if _SHORT_SIGN.match(text, at) and self._damaged(text, at, _WITH_SHORT, found):
            return
        if text[at + 2 : at + 3] == " " and self._spaced(text, at, found):
            return
        rowed = _ROWED.match(text, at) if text[at - 1 : at] in _ROW_LEFT else None
        if rowed:
            self._kept(text, *rowed.span("day"), "date.rowed", "date glued to the number of its row", found)

    def _spaced(self, text: str, at: int, found: list[Finding]) -> bool:
        """A date with a year of two figures and blanks between its parts."""
        spaced = _SPACED_SHORT.match(text, at)
        if not spaced or not is_day(number(spaced["m"]), number(spaced["d"])):
            return False
        self._kept(text, *spaced.span(), "date.spaced", "date with blanks between its parts", found)
        return True

    def _damaged(self, text: str, at: int, tries: Iterable[_Try], found: list[Finding]) -> bool:
        """Whether a date begins here that any of these finds and that there is."""
        for pattern, years in tries:
            match = pattern.match(text, at)
            if match and number(match["y"]) in years and is_day(number(match["m"]), number(match["d"])):
                figures = match["y"] + match["m"] + match["d"]
                real = figures.isdigit() or sum(map(str.isdigit, figures)) >= 2
                if real and (years is _YEARS or self._placed(text, match)) and not PROTEIN.match(text, at):
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
        if text[at + 4 : at + 5] == "生" and (born := _BORN.match(text, at)):
            self._kept(text, *born.span(), "date.born", "year of birth", found)
        bare = _BARE_YEAR.match(text, at) if text[at - 1 : at] == " " else None
        if bare and _IN_YEAR.search(text[max(0, at - 9) : at]):
            self._kept(text, *bare.span(), "date.english_year", "year in an English sentence", found)
        worn = _WORN_MONTH.match(text, at) if text[at + 4 : at + 5] in _INSIDE else None
        if worn and not worn.group()[5:].isdigit():
            self._kept(text, *worn.span(), "date.damaged", "month with misread characters", found)
        year = _YEAR_ALONE.match(text, at) if "年" in text[at + 4 : at + 9] else None
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


_YEARS: Final = range(1880, 2050)
_SHORT_YEARS: Final = frozenset([*range(30), *range(50, 100)])
_Try = tuple[re.Pattern[str], Container[int]]  # a form, and the years it may name
_WITH_SHORT: Final[tuple[_Try, ...]] = ((_SHORT_WHOLE, _SHORT_YEARS),)
_APART: Final[tuple[_Try, ...]] = ((_WHOLE, _YEARS),)  # with nothing in its year, and no month right after it
_WITH_YEAR: Final[tuple[_Try, ...]] = (*_APART, (_JOINED, _YEARS), *_WITH_SHORT)
_JOINED_LEFT: Final = frozenset("0OoQD1lI| ")
_INSIDE: Final = frozenset(".-/")  # what only a part of a number follows
_YEAR_SIGN: Final = re.compile(YEAR)
_SHORT_SIGN: Final = re.compile(  # with what parts the month from the day
    rf"{_D} ?{_D} ?(?:年|[\-/.一~·,、]{{1,2}}) ?\n?[01OolI|]? ?{_D} ?[\-/.一~·,、]"
)
_ANNOUNCED: Final = re.compile(
    r"(?:^|[\n([,。;:|│于自至到从在生]|日期|时间|[入出转]院|复查|[复就初]诊|随访|手术|Date|DATE|DOB)\s{0,3}['‘’]?$"
)
_TO: Final = frozenset("-~至到")
_CENTURIES: Final = ("19", "20")
_RANGE_SIGN: Final = re.compile(r"[\d年月日号\s]{1,18}[\-~、,至到和及与/.]{1,2}\s?\d")
_FROM: Final = ("于", "自", "至")
# Characters of a year: the first, the second, that of one of four figures; what follows one of two.
_FIRST: Final = frozenset("0123456789lIZO|")
_SECOND: Final = frozenset("0123456789OoQDlI|ZSB \n")
_SECOND_OF_YEAR: Final = frozenset("90OoQD8 \n")
_ROW_LEFT: Final = ("\n", "")
_AFTER_SHORT: Final = frozenset(" 年-/.一~·,、")
