"""Numbers and codes that no rule speaks of: where they stand in a text, and what is seen of each of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import pairwise
from typing import Final, NamedTuple

from deid.document import Document
from deid.recognizers.code import NO_ID, PROTOCOL
from deid.spans import Finding, place_of
from records.entities import Entity

Features = list[str]
_TOKEN: Final = re.compile(r"\d(?: \d){3,17}(?![\d.])|[0-9A-Za-z]+(?:[\-_/.:+*#]{1,2}[0-9A-Za-z]+)*")
_D: Final = "[0-9OolI|]"  # what a digit may have been read as
_UNITS: Final = (
    "[munpfμk]?g|ml|mL|mI|m1|m2|uL|ul|L|cm|mm|nm|m|MHz|k?Hz|kV|mA|mAs|mSv|[mk]?c?Gy|[mk]?I?U|[muμpn]?mo[l1]|k?Pa|bpm"
    "|kcal|kJ|MBq|mCi|HU|dB|MPa|[cm]mH2O|A?XaI?U|mm[Hh]g|J|HPF|copies|h|min|s|ms|d|mV|W|F|Fr|G|Y|y|w|N"
)
_PLAIN: Final = re.compile(  # nothing but a quantity, a ratio, a range, a time, a service, a version, a medical code
    rf"{_D}+(?:\.{_D}+)?(?:[\-/:+*]{_D}+(?:\.{_D}+)?)*(?:{_UNITS})(?:/.*)?(?:\d|\*\d+)?"
    rf"|{_D}+\.{_D}+|{_D}{{1,2}}(?:-{_D}{{1,2}}){{2,3}}|\d{{1,4}}(?:\.\d+)?/(?:-\d{{1,3}}|\d{{1,3}}\.\d+)(?:/.*)?"
    rf"|{PROTOCOL}|{_D}*\.{_D}+[\-/:+]{_D}+(?:\.{_D}+)?.*|{_D}{{1,2}}:{_D}{{2}}(?:[:\-+].*)?|\d+\*\d.*|\d+(?:\.\d+)?[eE][+\-]?\d+"
    rf"|(?!0\d\d)(?![1-9]\d*[-/]0){_D}{{1,4}}(?:[/:+]{_D}{{1,3}})+|[1-9]\d{{0,4}}/[A-Za-zμ]{{1,5}}[23]?|\d{{1,2}}-0|\d//\d"
    r"|1(?:10|19|2[02])|123\d\d|[vV]\d+(?:\.\d+)*|[A-Za-z]-\d|[A-Za-z]{1,3}\d|rs\d{3,12}|NCT\d{8}|ChiCTR.*|COSM\d+"
    r"|\d{1,2}-[A-Z]{2,4}|(?:1[138]|14|32|67|68|89|90|99m|1(?:11|23|24|25|31)|177|223)(?:[FCNPYI]|Ga|Zr|Tc|In|Lu|Ra)(?:-\w{2,9})?"
    r"|[A-TV-Z]\d\d\.(?:\d{1,3}|(?:\d{3})?x\d{2,3})|M\d{4,5}/\d|[cp]\.\w.*|WS/T.*|HLA.*|Pa[OC]\w*/F\w*|\d+(?:\.\d+)?[cm]?m[xX*]\d.*|\d{2,3}\.\d{0,3}x\d{2,3}|1\.2\.840\.10008\..*"
    r"|(?:COVID|SARS|HPV|CYP|DRB1|DQB1|NM_|GB|SF|PHQ|GAD|PCL|MNA|CES|DASS|IES|DSM|QLQ|SCL|HAM[AD]|RASS|CA|KL|EQ|NRS|APACHE|SOFA|ICD|R?-?CHOP|CURB"
    r"|FOLFOX|pH)\W?\d{1,5}(?!\d).*|(?:C|I|Y|Tc|F|Ga|Lu|Sr|P)-?(?:1[138-9]|14|32|67|68|89|90|99m?|125|131|177)|[pP]\d\d"
    r"|B\d\d?|[A-Z]{4,8}\d{1,2}|E\d{4}V\d\d|[A-Z]{2,6}\d{0,2}(?:/[A-Z]{2,6}\d{0,2}){1,6}|[O0]\d{1,3}:[HK]\d{1,2}|(?:ATCC|CMCC|NCTC)\W?\d+|M[01]E[01]S[01]T\d.*|(?:(?<=品码)|(?<=品码.))E\d{4}|[cpyra]{1,3}T[\dix]s?[a-d]?N.*|[TLCS]\d{1,2}(?:[\-/][TLCS]?\d{1,2})+|(?:BP|HR|RR|PEEP|SpO2?|FiO2?|PaO2|PaCO2|SaO2|CVP|GCS|EtCO2?|BMI|EF)"
    r"\d{1,3}(?!\d).*|E\d?V\w?M\d|\d\d[Ww]\d?[Dd]?|[RPT][1-9]\d{0,2}(?:\.\d)?"
)
_ABOUT: Final = re.compile(  # what stands before a number of two figures that may be somebody's
    r"(?:[\u4e00-\u9fff][\-·+]|[号序签位牌柜框筐册本袋盒卡]:?[ \u3000]?|[\u4e00-\u9fff](?=0)|[A-Za-z]-(?=0)|#)$"
)
_NEAR: Final = 4
_SHORT: Final = 2  # characters
_CODE: Final = 6  # characters of what is more than a quantity
_GROUP: Final = 3  # figures of a number in a series of its own
_RANGE: Final = re.compile(r"(0|[1-9]\d{0,3})-([1-9]\d{0,3})")
_LONGEST: Final = 80  # characters of a number
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?=\)?\s?(?:版|年|标准|指南|共识|规范|\)))")
_UNIT: Final = re.compile(
    r" ?(?:[%‰℃°×^万亿千余多元岁克升倍米毫℉]|[年月天周次秒步例片粒支滴只帧卷级](?![号证卡])|小时|公[里斤分]"
    r"|[日分人个张层度期组型项种条块袋瓶盒包名位页点时代](?![\u4e00-\u9fff]?号)|[.,]\d|\s?[x*~±] ?\d|,[0-9A-Fa-f]{4}\)"
    r"|(?:mg|ml|mL|ug|μg|kg|mm|cm|nm|MHz|Hz|kV|mA|mSv|IU|KU|mmol|umol|pmol|copies|Pa|kPa|bpm|kcal|kJ|MBq|mCi|g|L|U|h|min"
    r"|s|d)(?![A-Za-z0-9])|[a-zA-Zμ]{1,5}/[a-zA-Z0-9]|/(?:ul|uL|μL|mm|L|ml|mL|HP|LP|min|h|d)(?![A-Za-z0-9]))"
)
_COUNTED: Final = frozenset("<>≤≥≈~±×^¥$￥μ.%")  # what stands right before a quantity
_MEDICAL: Final = re.compile(
    r"[A-TV-Z]\d{2}(?:\.[0-9xX]{1,4})?(?:[xX+*]\d{0,5})?|M\d{4,5}/\d|\d{2}\.\d{2,4}|rs\d{3,12}|N[MPCGR]_\d{5,10}(?:\.\d+)?"
    r"|[cgp]\.[0-9A-Za-z_+\->*]{3,30}|chr\d.*|(?:HLA|HPV|CVA|PD|IL|CD|CK|CYP|SF|PHQ|GAD|SCL|CA|EV)-?[A-Z]?\d.*"
    r"|p?T\d[a-z]?N\d?.*|[TLCS]\d{1,2}(?:[\-/][TLCS]?\d{1,2})+|(?:GB|WS|YY|ISO|YZB)[/\-]?T?[\-]?\d.*|[A-Z]\d+[A-Z]"
)
_HEAD: Final = re.compile(r"(?<![0-9A-Za-z\-_/])(?:[A-Za-z]{1,12}[\-_/]){1,3}$")
_LONGEST_HEAD: Final = 24
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/"
_VETO: Final = 24  # characters in which the rules look for words of what numbers nobody
_FAR: Final = 6  # characters on each side that are looked at
_CLOSE: Final = 3  # characters between a number and what was found beside it
_HIDDEN: Final = "■"
_LABEL: Final = re.compile(
    rf"([\u4e00-\u9fff]{{1,6}}|[A-Za-z][A-Za-z0\-]{{0,11}})([^\u4e00-\u9fffA-Za-z0-9{_HIDDEN}]*)$"
)
_PLACE: Final = str.maketrans("123456789", "0" * 9)
_RUNS: Final = re.compile(r"0+|A+|a+")
_AGAIN: Final = re.compile(r"(?<=0)0+|(?<=A)A+|(?<=a)a+")
_SHAPES: Final = str.maketrans(
    "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "0" * 9 + "A" * 26 + "a" * 26
)
_DATE: Final = re.compile(r"(?:20)?[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_GAP: Final = re.compile(r"\s{2,}|[|\t]")


class Number(NamedTuple):
    """One candidate, half-open places of the folded text."""

    start: int
    end: int


class Beside(NamedTuple):
    """What has been found in the text already, left to right."""

    start: int
    end: int
    entity: Entity


Found = Beside | Finding
_NOWHERE: Final = (1 << 60, 1 << 60)


def numbers(doc: Document, found: Sequence[Found], people: Set[int]) -> Iterator[Number]:
    """Runs of letters, digits and the marks between them that hold a digit, touch nothing found (sorted, no overlaps)
    and are not dismissed by their shape or by what stands beside them. One or two digits count only before one of
    `people`, where names begin."""
    text = doc.text
    spans = map(place_of, found)
    last, (first, end) = 0, next(spans, _NOWHERE)
    reached = 0
    for at, _, _ in doc.runs:
        if at < reached:
            continue
        while end <= at:
            last, (first, end) = end, next(spans, _NOWHERE)
        if first <= at:
            reached = end
            continue
        token = _TOKEN.match(text, at)
        if token is None:
            continue
        reached = token.end()
        if token.group().isalpha():  # a name in a table, and its value behind a bar: PLT|96
            continue
        size = reached - at
        if size <= _SHORT and not _of_somebody(text, at, reached, people):
            continue
        if size > _LONGEST or first < reached or _PLAIN.fullmatch(text, at, reached):
            continue
        if _marked(text, at) or _measured(text, at, reached) or _YEAR.match(text, at) or _counts(text, at, reached):
            continue
        start = _back(text, at)
        if start < last or _marked(text, start) or (start < at and _PLAIN.fullmatch(text, start, reached)):
            continue
        if not NO_ID.search(text[max(0, start - _VETO) : start]):
            yield Number(start, reached)


def _marked(text: str, at: int) -> bool:
    """Whether a mark of a quantity stands before it: no full stop of a label (No.316)."""
    mark = text[at - 1 : at]
    return mark in _COUNTED and not (mark == "." and text[at - 2 : at - 1].isalpha())


def _measured(text: str, at: int, end: int) -> bool:
    """Whether a unit, or what is counted, stands behind it; behind a long number none stands after a gap."""
    if end - at >= _CODE and text[end : end + 1] in " ,":
        return False
    return _UNIT.match(text, end) is not None


def _counts(text: str, at: int, end: int) -> bool:
    """Whether it is a range that goes up, in no series of an office (消26-611), or the end of a number in
    groups of three."""
    span = _RANGE.fullmatch(text, at, end)
    if span is not None:
        return int(span[1]) < int(span[2]) and not (len(span[2]) >= _GROUP and _is_han(text[at - 1 : at]))
    return text[at - 1 : at] == "," and text[at - 2 : at - 1].isdigit() and text[at:end].isdigit()


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _of_somebody(text: str, at: int, end: int, people: Set[int]) -> bool:
    """Whether one or two figures stand before a name, or behind what makes two of them somebody's."""
    if end in people or (end + 1 in people and text[end] in " -|"):
        return True
    return end - at == _SHORT and _ABOUT.search(text, max(0, at - _NEAR), at) is not None


def _back(text: str, at: int) -> int:
    """Where it begins, with its parts that hold no digit (LNCH-PD-0087)."""
    head = _HEAD.search(text, max(0, at - _LONGEST_HEAD), at) if text[at - 1 : at] in "-_/" else None
    return head.start() if head else at


def shape(value: str) -> str:
    """A value with its digits, capitals and small letters alike."""
    return value.translate(_SHAPES)


def _line_start(text: str, at: int) -> int:
    """Where the line of a place begins, or what of it is looked at."""
    first = max(0, at - _LINE)
    return max(first, text.rfind("\n", first, at) + 1)


def hidden(text: str, found: Iterable[Found]) -> str:
    """A text without the characters of what was found in it: a judge must learn no name and needs none."""
    pieces: list[str] = []
    at = 0
    for start, end in map(place_of, found):
        pieces += text[at:start], _HIDDEN * (end - start)
        at = end
    return "".join([*pieces, text[at:]])


class View:
    """A text as its numbers are seen in it: what was found beside them, and which shapes it had."""

    def __init__(self, text: str, found: Sequence[Found], candidates: Sequence[Number]) -> None:
        self._text = hidden(text, found)
        self._found = found
        self._starts = [one.start for one in found]
        self._shapes: dict[str, Entity] = {}
        for one in found:
            if one.entity in NUMBERED:
                self._shapes.setdefault(shape(text[one.start : one.end]), one.entity)
        self._clocks = min(sum(_CLOCK.fullmatch(text, a, b) is not None for a, b in candidates), 3)
        self._alike = Counter(shape(value) for value in {text[a:b] for a, b in candidates})

    def features(self, start: int, end: int) -> Features:
        """Shape, label, what stands around it, its line, its column, what is like it in the text."""
        text = self._text
        value = text[start:end]
        form = shape(value)
        short = _AGAIN.sub("", form)
        line = _line_start(text, start)
        stop = text.find("\n", end, end + _LINE)
        stop = min(len(text), end + _LINE) if stop < 0 else stop
        left = text[max(line, start - _FAR) : start].translate(_PLACE)
        right = text[end : min(stop, end + _FAR)].translate(_PLACE)
        digits = form.count("0")
        out = ["", f"s{form}", f"t{short}", f"n{min(len(value), 16)}", f"d{min(digits, 12)}"]
        out += [f"t{short}d{min(digits, 9)}", f"h{value[: len(value) - len(value.lstrip(_LETTERS))]}"]
        if value[0] == "0":
            out.append("z")
        if value.endswith("00"):
            out.append("00")
        if _DATE.search(value):
            out.append("y")
        if _CLOCK.fullmatch(value):
            out += ["T", "T^" if start == line else f"T{left[-1:]}", f"T#{self._clocks}"]
        if _MEDICAL.fullmatch(value):
            out.append("m")
        label = _LABEL.search(left)
        if label:
            word, gap = label.groups()
            gap = " ".join(gap.split())[:3]
            word = word[-4:] if word[0] > "z" else word.lower()
            out += [f"g{gap}", *(f"w{word[-size:]}" for size in {1, 2, 3, len(word)} if size <= len(word))]
            out += [f"w{word[-1]}t{short}", f"w{word[-2:]}g{gap}"]
        else:
            out.append("w")
        out += [f"<{left[-size:]}" for size in (1, 2, 3)] + [f">{right[:size]}" for size in (1, 2, 3)]
        out += ["l" + a + b for a, b in pairwise(left)] + ["r" + a + b for a, b in pairwise(right)]
        out += [f"<{left[-1:]}t{short}", f">{right[:1]}t{short}", f"<>{left[-1:]}|{right[:1]}"]
        if start == line or not text[line:start].strip():
            out.append("^")
        if not text[end:stop].strip():
            out.append("$")
        out += self._beside(start, end, line, stop)
        out += self._column(start, line, stop)
        if form in self._shapes:
            out.append(f"={self._shapes[form].value}")
        out.append(f"#{min(self._alike[form], 3)}")
        return out

    def _beside(self, start: int, end: int, line: int, stop: int) -> Iterator[str]:
        """What was found right before and behind it, and how much on its line."""
        at = bisect_left(self._starts, start)
        if at and self._found[at - 1].end > line:
            before = self._found[at - 1]
            yield f"p{before.entity}"
            if start - before.end <= _CLOSE:
                yield f"p{before.entity}{self._text[before.end : start].translate(_PLACE)}"
        if at < len(self._found) and self._found[at].start < stop:
            after = self._found[at]
            yield f"q{after.entity}"
            if after.start - end <= _CLOSE:
                yield f"q{after.entity}{self._text[end : after.start].translate(_PLACE)}"

    def _column(self, start: int, line: int, stop: int) -> Iterator[str]:
        """The heading of its column, in a table."""
        row = self._text[line:stop]
        if not _GAP.search(row.strip()):
            return
        number = len(_GAP.findall(self._text[line:start].lstrip()))
        count = len(_GAP.findall(row.strip()))
        top = line
        for _ in range(_ROWS):
            if top <= 0:
                return
            end, top = top - 1, _line_start(self._text, top - 1)
            heading = self._text[top:end].strip()
            if heading and not any(map(str.isdigit, heading)):
                cells = _GAP.split(heading)
                if len(cells) == count + 1:
                    cell = cells[number].strip() if number < len(cells) else ""
                    yield f"c{cell[-2:]}"
                    yield f"c{cell}"
                    yield f"c{cell[-1:]}"
                return


class Step(NamedTuple):
    """What stands beside a number and may belong to it: where the number would begin and end with it."""

    start: int
    end: int
    seen: Features


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a label or a break is on both sides of a number, or what is no piece: nothing there belongs to it."""
    behind = text[end : end + 1] not in _BREAKS and _RIGHT.match(text, end) is not None
    return not behind and _before(text, start) in _BEFORE


def _before(text: str, start: int) -> str:
    before = text[start - 1 : start]
    return text[start - 2 : start - 1] if before == " " else before


def steps(text: str, start: int, end: int) -> Iterator[Step]:
    """The pieces right before and right behind a number on its line: characters of an office, parts across a blank."""
    form = shape(text[start:end])
    if _before(text, start) not in _BEFORE:
        for side, piece in (("+<", _LEFT), *_ENDINGS):
            if left := piece.search(text, max(0, start - _WIDE), start):
                beyond = text[max(0, left.start() - len(side) + 1) : left.start()]
                yield Step(left.start(), end, _of_step(side, left, beyond, form[:6], form))
    if text[end : end + 1] not in _BREAKS and (right := _RIGHT.match(text, end)):
        yield Step(start, right.end(), _of_step("+>", right, text[right.end() : right.end() + 2], form[-6:], form))


def _of_step(side: str, beside: re.Match[str], beyond: str, edge: str, form: str) -> Features:
    word, gap, part, mark, sign = beside.group("word", "gap", "part", "mark", "sign")
    gap = f"g{gap or mark or ''}"
    kind = f"k{f'H{len(word)}' if word else sign or _RUNS.sub(_counted, shape(part))}"
    edge = f"{side}e{_AGAIN.sub('', edge)}"
    beyond = f"{side}b{beyond.translate(_PLACE)}"
    next_to = beyond[: len(side) + 2]
    figures = f"{side}d{min(form.count('0'), 9)}"
    out = [side, side + gap, side + kind, f"{side}{kind}{gap}", beyond, next_to, edge, f"{edge}{kind}{gap}"]
    out += [f"{side}n{min(len(form), 12)}{gap}", figures + kind, f"{next_to}{kind}{gap}"]
    if word:
        out += [f"{side}p{word}", f"{side}a{word[0]}", f"{side}z{word[-1]}"]
    return out


def _counted(run: re.Match[str]) -> str:
    return run.group()[0] + str(min(len(run.group()), 6))


_WIDE: Final = 18  # characters of a piece and what stands before it
_BREAKS: Final = frozenset([*":,。;、\n|", ""])
_BEFORE: Final = _BREAKS | frozenset("号码话机卡证单 ")  # what labels end with
_HAN: Final = "\u4e00-\u9fff"
_LEFT: Final = re.compile(
    rf"(?<![{_HAN}])(?P<word>[{_HAN}]{{1,4}})(?P<gap>[\-·. /+#(]?)$|(?P<sign>[=#*+|.…])$"
    r"|(?<![0-9A-Za-z.])[\[(〔]?(?P<part>[0-9A-Za-z]{1,12})(?P<mark> ?[\-/·#_(\])〕+] ?| )$"
)
_ENDINGS: Final = tuple(  # the last characters of a longer word
    (
        f"+<{size}",
        re.compile(rf"(?<=[{_HAN}])(?P<word>[{_HAN}]{{{size}}})(?P<gap>[\-·/+#]?)(?P<part>)(?P<mark>)(?P<sign>)$"),
    )
    for size in (1, 2)
)
_RIGHT: Final = re.compile(
    rf"(?P<gap>[\-/]?)(?P<word>[{_HAN}]{{1,2}})(?![{_HAN}])|(?P<sign>[#*|)\]])"
    r"|(?P<mark> ?[\-/·#_~(\[〔] ?| )(?P<part>[0-9A-Za-z]{1,12})(?![0-9A-Za-z])"
)
_LINE: Final = 400  # characters of a line on each side of a number, as texts may have no line breaks
_ROWS: Final = 30  # rows under a heading
NUMBERED: Final = frozenset(
    {Entity.MEDICAL_ID, Entity.PHONE, Entity.ACCOUNT, Entity.OTHER_ID, Entity.ID_CARD, Entity.EMAIL}
)
KINDS: Final = (Entity.MEDICAL_ID, Entity.PHONE, Entity.ACCOUNT, Entity.OTHER_ID)
WAYS: Final = (None, *KINDS)  # what a number can be
JOINS: Final = 1  # the way that says of a piece beside a number that it belongs to it
