"""Telephone numbers: mobile, landline, extension, service lines. Never a bare short number without a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from deid.document import BETWEEN, Document
from deid.leads import Ended
from deid.spans import Finding
from records.entities import Entity

_HIDE: Final = "*×xX#_〇●•◆■□★…"  # what digits are hidden behind
_D: Final = rf"[0-9OoIil|SBZ{_HIDE}]"
_N: Final = "[0-9OolI|SBZ]"
_S: Final = r"[ \-·._/一]{0,3}"
_EXT: Final = (
    r"(?:\s?(?:转|-|[Ee]xt\.?|EXT\.?|[x×*]|分机号?:?|/)\s?\d{1,6}|、\d{1,4}(?![0-9A-Za-z.年月日%床岁次])"
    r"|\s?\(\s?(?:转|分机)\s?\d{1,6}\s?\))?"
)
_COUNTRY: Final = r"(?:\(?(?:\+|00)?\s?86\)?|\(\+?86-?)"
_MOBILE: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_COUNTRY}{_S})?(?P<value>[1Iil|]{_S}[3-9]{_S}{_D}(?:{_S}{_D}){{8}})(?![0-9A-Za-z*])"
)
_HIDDEN: Final = re.compile(
    rf"1[3-9]\d ?[{_HIDE}.·]{{1,6}} ?\d{{4}}(?![0-9A-Za-z])|1[3-9]\d\(\d{{4}}\)\d{{4}}(?![0-9A-Za-z])"
)
_TORN: Final = re.compile(r"1[3-9]\d[\d \-·]{0,8}\n {0,4}[\d \-·]{2,9}\d(?![0-9A-Za-z\-./:年月日])")
_LOCAL: Final = re.compile(  # eight digits torn apart, as only a number of the town's exchange is written
    r"[2-8](?:\d{3} [0-9OolI]{4}|[0-9OolI](?: [0-9OolI]{2}){2} ?[0-9OolI]{2})(?=\s{0,3}(?:$|\n|[,。;()、]))"
)
_AFTER_WORD: Final = re.compile(r"[\u4e00-\u9fff)] {1,2}$")
_NUMERALS: Final = re.compile(
    r"[〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖](?:[ \-]?[〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖0-9]){6,12}"
)
_WORDS: Final = re.compile(  # digits in words without any label; 幺 is said for one over the telephone only
    r"(?<![〇零一二三四五六七八九十百千万年月])(?=[〇零一二三四五六七八九]{0,10}幺)[〇零幺一二三四五六七八九](?:\n?[〇零幺一二三四五六七八九]){5,11}"
    r"(?![十百千万年月日号个点])"
    r"|(?<![〇零一二三四五六七八九十百千万年月])一[三五七八九][〇零一二三四五六七八九]{9}(?![〇零一二三四五六七八九十百千万年月日号个点])"
    r"|(?<![〇零幺一二三四五六七八九十百千万第年月])(?!一二三|零一二|三四五六"
    r"|五六七八)[二三四五六七八][〇零一二三四五六七八九]{6,7}(?![〇零一二三四五六七八九十百千万亿年月日号个点])"
)
_AREA: Final = rf"(?:[1lI][0O]|2{_N}|[3-9]{_N}{_N})"
_EXCHANGE: Final = rf"[1-9lISB*](?:[ \-]{{0,3}}[0-9OolI|SBZ*]){{6,7}}{_EXT}(?![0-9A-Za-z])"
_LANDLINE: Final = re.compile(
    rf"(?<![0-9A-Za-z.\-])(?<!\d{{4}} )(?:{_COUNTRY}{_S})?"
    rf"(?:\(\s?[0O]{_N}{{2,3}}\s?\)[\s\-]{{0,3}}|[0O]{_AREA}\s?[ \-一._/·]{{0,3}}\s?){_EXCHANGE}"
    rf"|(?<![0-9A-Za-z.\-])\(?(?:\+|00)?86[ \-]?\(?{_AREA}\)?[ \-]{{0,2}}{_EXCHANGE}"
    rf"|(?<![0-9A-Za-z.\-])(?:[48]00|1010|95\d)[ \-]?\d{{3,4}}[ \-]?\d{{3,4}}{_EXT}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z.\-/])(?<![/GWYBJS][TBSZYJ] )[2-8]\d{{2,3}}-\d{{4}}(?:{_EXT})"
    rf"(?![0-9A-Za-z\-/]|\s?(?:mg|ml|g|L|IU|U|%|[元人例米步次]))"
    r"|(?<![0-9A-Za-z.])(?:\+|(?<!\d )00(?=[1-9]\d{0,2} ))\d{1,3}"
    r"[ \-]?\(?\d{1,4}\)?(?:[ \-]?\d{2,4}){2,4}(?![0-9A-Za-z])"
)
_LABEL: Final = Ended(
    r"(?:电\s?话|[申甲由电]\s?话|手\s?机|联系方式|联系号码|联系电?话?(?=:)|热线|传\s?真|座\s?机|宅电|分\s?机"
    r"|短\s?号|内\s?线"
    r"|外\s?线|专\s?线|直\s?线|总\s?机(?:\s?转(?:接|拨)?)?|寻呼|值班室|护士站|服务台|投诉|咨询|急救|客服|联络|联系"
    r"|传呼|报修|虚拟网|家庭号|固话|来电|致电|拨打|回拨|呼叫|小灵通"
    r"|(?<![A-Za-z])(?:Tel|TEL|tel|Phone|PHONE|phone|Mobile|MOBILE|Fax|FAX|Cell)(?![a-z]))"
    r"(?:\s?(?:号\s?码|号|N[o0O]\.?(?=[: ])|及传真|\(?(?:本人|家属|单位|手机|家庭|宅|办公|座机|父亲|母亲|配偶|子女"
    r"|儿子|女儿"
    r"|紧急)\)?))?\s?[:.;,为是]{0,2}\s{0,3}"
    r"(?:\+|\()?$"
)
_NOT_DATE: Final = r"(?!\d{0,2}[年月日岁床])"
_VALUE: Final = re.compile(
    rf"(?P<value>[0-9OoIil|]{_D}{{0,4}}(?:[ \-()转一·.]{{0,4}}{_D}{_NOT_DATE}){{1,16}}"
    rf"(?:[/、]\d{{1,4}}(?![0-9/.:年月日%床岁次]))?)(?![0-9A-Za-z])"
)
_LAST: Final = _LABEL.lasts(BETWEEN)
_MORE: Final = re.compile(
    rf"\s?(?:[、/,;或和]|或者|及)\s?(?P<value>(?:0\d{{2,3}}[ \-]?)?[1-9](?:[ \-]?{_D}){{6,11}})"
    rf"(?![0-9A-Za-z年月日.%])"
)


class Phone:
    """Shape for mobile and landline numbers; anything number-like after a telephone label."""

    name = "phone"
    entity = Entity.PHONE

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        if doc.has_numerals:
            self._spoken(text, found)
        if not doc.has_digit:
            return found
        long = doc.long
        for at, last, before in doc.runs:
            labelled = last in _LAST and _LAST[last][before]
            if labelled or at in long:
                self._at_run(text, at, at in long, labelled, found)
        for pattern, rule, why in (
            (_HIDDEN, "phone.hidden", "mobile number with its middle hidden"),
            (_TORN, "phone.torn", "mobile number over two lines"),
        ):
            found += [
                Finding(*m.span(), self.entity, rule, 0.8, why)
                for m in pattern.finditer(text)
                if pattern is not _TORN or sum(map(str.isdigit, m.group())) == _MOBILE_LENGTH
            ]
        for first in list(found):
            more = _MORE.match(text, first.end)
            if more:
                found.append(
                    Finding(*more.span("value"), self.entity, "phone.list", 0.8, "number listed after a telephone")
                )
        return list(_within_cells(text, found)) if doc.bars else found

    def _spoken(self, text: str, found: list[Finding]) -> None:
        """Digits in words."""
        for match in _NUMERALS.finditer(text):
            if _LABEL.stands(text, match.start(), _REACH):
                why = "Chinese numerals after a telephone label"
                found.append(Finding(*match.span(), self.entity, "phone.numerals", 0.7, why))
        why = "digits in words, as many as a telephone number has"
        found += [Finding(*m.span(), self.entity, "phone.words", 0.6, why) for m in _WORDS.finditer(text)]

    def _at_run(self, text: str, at: int, long: bool, labelled: bool, found: list[Finding]) -> None:
        begin, left = at, text[at - 1 : at]
        if left in _OPENS:
            while begin and text[begin - 1] in _OPENS and begin > at - 4:
                begin -= 1
            while text[begin] == " ":
                begin += 1
        local = _LOCAL.match(text, at) if left == " " else None
        if local and _AFTER_WORD.search(text[max(0, at - 3) : at]):
            why = "eight digits torn apart, after a word and before a break"
            found.append(Finding(*local.span(), self.entity, "phone.local", 0.8, why))
        match = self._first(_MOBILE, text, begin, at) if long and text[at] in "1Iil|08" else None
        if match:
            digits = sum(c.isdigit() for c in match["value"])
            hidden = sum(c in _HIDE for c in match["value"])
            if digits >= 8 or (digits >= 5 and hidden >= 3):
                found.append(Finding(*match.span(), self.entity, "phone.mobile", 0.9, "shape of a mobile number"))
        line = long and (begin < at or text[at] in "0O" or _LINE.match(text, at))
        match = self._first(_LANDLINE, text, begin, at) if line else None
        if match:
            why = "shape of a landline or service number"
            found.append(Finding(*match.span(), self.entity, "phone.landline", 0.85, why))
        if labelled and _LABEL.stands(text, at, _REACH):
            match = _VALUE.match(text, at)
            if (
                match
                and sum(c in "0123456789OolI" for c in match["value"]) >= 3
                and match["value"] not in ("120", "110", "119", "122")
            ):
                found.append(
                    Finding(begin, match.end(), self.entity, "phone.label", 0.92, "number after a telephone label")
                )

    @staticmethod
    def _first(pattern: re.Pattern[str], text: str, begin: int, at: int) -> re.Match[str] | None:
        """The match that takes in most of what stands before the digits: a plus sign, a bracket."""
        for place in range(begin, at + 1):
            if match := pattern.match(text, place):
                return match
        return None


def _within_cells(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Numbers that end with their cell; what only looks like one across cells is none (18|142/78|97)."""
    for one in found:
        bar = text.find("|", one.start, one.end)
        if bar < 0:
            yield one
        elif one.rule == "phone.label" and sum(map(str.isdigit, text[one.start : bar])) >= _LEAST:
            yield one._replace(end=bar)


_LEAST: Final = 3  # figures of a short number behind its label
_MOBILE_LENGTH: Final = 11
_OPENS: Final = frozenset("+( ")  # what such a number may begin with
_REACH: Final = 22  # characters before a number that are looked at for its label
_LINE: Final = re.compile(r"1010|[48]00|95\d|86[0-9OlI]|[2-8]\d\d[\d\-]")  # what one of a landline begins with
