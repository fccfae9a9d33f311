"""Beds and wards: the value after 床号, a number before 床 with its ward, and numbered wards. Counts of beds stay."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import Ended, led
from deid.lists import single_surnames
from deid.spans import Finding
from records.entities import Entity

_CN: Final = "一二三四五六七八九十"
_NUMBER: Final = (
    rf"(?:第\s?)?(?:[加观留抢监暖]\s?|\+\s?|层流|移植|监护|隔离?|日间?|原)?"
    rf"(?:[A-Za-z]{{1,2}}-?)?(?:(?:(?<![0-9:.])[0-9OolI] )?[0-9OolI]{{0,3}}[0-9]"
    rf"[0-9OolI]{{0,2}}(?:-[0-9]{{1,2}}|-[A-Z]|\+)?\s?号?|[{_CN}]{{1,3}}号|(?<=[区科房室楼U])[{_CN}]|十[{_CN}]"
    rf"|[二三四五六七八九]十[{_CN}]?|(?<![A-Za-z0-9.])[lI]{{1,2}}[Oo]?)"
)
_WARD: Final = (
    rf"(?:病\s?区|病\s?房|护理单元|单元|科|楼[东西南北中]?|层|区"
    rf"|(?<=[内外妇儿骨神心消呼肾泌男女产精老干急感康])[{_CN}]{{1,2}}|病?室"
    rf"|房|ICU"
    r"|CCU|NICU|PICU|EICU|RICU|产房|留观|抢救室|监护室)"
)
_NOT_DEPARTMENT: Final = r"(?![入转住在于到至自由是收往从回送为及与和的请经现我])"
_BEFORE: Final = Ended(
    rf"(?P<ward>(?:{_NOT_DEPARTMENT}[\u4e00-\u9fffA-Za-z0-9]){{0,8}}?{_WARD}\s?[,\-的]?\s?(?:"
    rf"(?:第\s?)?\d{{1,4}}\s?(?:病?室|房)\s?[,\-]?\s?)?)?(?P<bed>{_NUMBER})$"
)
_NOT_BED: Final = re.compile(
    r"床(?:位|旁|边(?=[超透摄心拍血胸检护教手])|头(?=[抬摇柜卡灯挂])|上(?=[肢擦洗活坐运排大小便使])|单[元位子被]"
    r"|垫|铺|前(?=[谈教交]))"
)
_COUNTED: Final = frozenset("有设共增开空余约超达多满编近计仅剩展放供留预置配按每两几数加撤减扩张占病临起下卧")
# What lies on beds is counted in 床, and so are beds that are bought.
_LINEN: Final = re.compile(r"(?:[棉毛薄厚凉竹冬夏]被|[絮毯褥垫席套购]|[垫身理架]床)$")
_AFTER_START: Final = re.compile(  # how many there are, what belongs to one, and what is done at one stay
    r"床(?!位|旁|边|头|上|下|单|垫|铺|架|具|罩|栏|幔|尾|沿|前|总|数|以[上下内]|率|使用|占用?|之间|间|规模|建制|编制|开放|定员"
    r"|[全已均]?满|空|可|能|[\u4e00-\u9fff]{0,2}(?:医院|病区|单元))"
)
_DEPARTMENTS: Final = (
    "产男女内外妇儿心骨神干急精东西南北呼消肾泌眼耳口鼻皮肿血感"
    "康老介创脊关普胸脑肝胆胃肠肛乳甲痛中结风免入节诊经液化吸脏染"
)
_LABEL: Final = Held(
    r"(?:床\s?(?:位\s?)?号|床\s?位|床\s?别|床|(?<![A-Za-z])[Bb]ed\s?(?:[Nn]o\.?)?|(?<![A-Za-z])BED"
    r"(?:\s?NO\.?)?)[ :.;|=]{0,4}(?P<value>"
    rf"(?:[\u4e00-\u9fff\dA-Z]{{1,6}}{_WARD}\s?-?\s?|[{_DEPARTMENTS}]{{1,2}}[0-9{_CN}]{{0,2}}[\-\n]?"
    r"|(?<=[号位别][: ])(?:[分待母婴新]|[\u4e00-\u9fff]{2,6}[ \-]{1,2})|(?<=[号别])[\u4e00-\u9fff]{2,6}[ \-]{1,2}"
    rf"|[{_CN}]\n|(?:母婴|走廊|过道|观察|抢救|监护|日间|留观)\s?-?)?"
    rf"[A-Za-z加观留抢监暖+]{{0,3}}-?\s?[0-9OolI]{{1,4}}"
    rf"(?:\s?[A-Za-z+0-9]"
    rf"(?![0-9A-Za-z:年月.])|-[加临]?\d{{1,3}}|\s?[一-]\s?[0-9OolI]{{1,3}}(?=\s?床))?(?:\s?床)?)"
    r"(?![0-9A-Za-z年月.:个级度期类型天晚秒]|日(?!期|间)|分(?![管组级])|\s?(?:[个级度期类型天]|分钟|小时|人次))"
)
_WARD_ALONE: Final = re.compile(
    rf"(?:(?:[内外妇产儿骨心神消呼肾泌康肿男女东西南北]|第|(?<![A-Za-z0-9])[A-Za-z]-?)?(?:[{_CN}]{{1,3}}|\d{{1,2}}[A-Z]?)"
    rf"|(?<![A-Za-z0-9])[A-Z])(?:病\s?区|护理单元)"
    rf"(?![域分])"
)


_STATION: Final = Held(  # a place at a machine of dialysis
    r"(?:机位|床机号?|透析[位机]号?)\s?[:为]?\s{0,2}(?P<value>(?:[A-Z一二三四五六东西南北]\s?[区组室]\s?-?|[A-Z]-?(?=[0-9]))?\d{1,3}\s?号?[机床位]?)(?![0-9A-Za-z.]|\s?[台套例人])"
)
_WARD_NUMBER: Final = re.compile(
    rf"(?:{_NOT_DEPARTMENT}[^\W\d_A-Za-z科室院]){{0,2}}(?:第\s?|(?<![A-Za-z0-9])[A-Za-z]-?)?(?:[{_CN}]{{1,3}}|\d{{1,4}}"
    rf"|[东西南北])\s?号?\s?(?:{_WARD})"
    rf"|\d{{1,4}}\s?(?:病?室|房)|[A-Z]\s?区|[内外妇儿骨神心消呼肾泌男女产精老干急感康][{_CN}]{{1,2}}(?=\s?[,\-]?\s?\Z)"
)  # the part of a ward's name that points to a place: departments stay


_UNIT: Final = re.compile(r"(?:ICU|CCU|NICU|PICU|EICU|RICU)\W?\Z")


# What follows such a word is a place as a whole, its department too.
_FIELD: Final = re.compile(
    rf"(?<![{_CN}0-9A-Za-z东南西北内外妇儿])(?:病\s?区|床\s?[位号])[: ]{{0,4}}(?=[\u4e00-\u9fff])"
)
_PART_OF_BED: Final = frozenset("单位上头旁边垫")
_IN_WORDS: Final = Held(rf"床\s?[号位别]\s?[:.;|=]\s{{0,3}}(?P<value>[{_CN}]{{1,3}})(?=[ ,。;、)\n]|$)")
# Behind the number of its floor, in the brackets of its ward, two that changed: 11F-23床, 内三(12床), 12/13床.
_BESIDE: Final = re.compile(
    rf"(?:(?<![0-9A-Za-z])\d{{1,2}}[FfＦ]-?\d{{1,3}}|(?:[内外妇儿骨神心消呼肾泌男女产精老干急感康][{_CN}]{{1,2}}"
    rf"|\d{{1,2}}[区楼])\(\d{{1,3}}|(?<![0-9./])\d{{1,3}}/\d{{1,3}})$"
)
# 加床2, 3加床, 走廊加床12号; how many there are is no number of one (加床3张).
_EXTRA: Final = Held(
    r"加床\s?(?:[:#]\s?)?\d{1,2}(?![0-9.张个人例名次天余多])(?:\s?[号床]{1,2})?"
    r"|(?<![0-9.])\d{1,2}\s?号?加床(?![0-9张费位])"
)
# What a ward is called for short, whatever its letters: "儿血5床", "甲乳12床", "移3-07床".
_SHORT_WARD: Final = re.compile(
    rf"(?<![\u4e00-\u9fff])(?!患者|病人|家属|男|女)(?:{_NOT_DEPARTMENT}(?![位名号者日月年时分第每该其此这那另换调])[\u4e00-\u9fff]){{1,4}}-?$"
)
# The code of its ward in brackets behind a department: 呼吸科(6A)31床.
_CODED: Final = Held(r"(?<=科\()(?P<value>\d{1,2}[A-Z]|[A-Z]\d{1,2})(?=\))")
# An added bed without its 床: 神内二病区 加5.
_ADDED: Final = Held(
    r"(?P<value>加(?:(?<=[区科楼层足外内骨产妇儿急]加)|(?<=[区科楼层足外内骨产妇儿急] 加)) ?\d{1,2})(?=[ ,;:、。)\n]|$"
    rf"|[{''.join(sorted(single_surnames()))}])"
)
_WARD_IN_ENGLISH: Final = Held(
    r"(?<![A-Za-z])(?:[Ww]ard|WARD) ?(?:[Nn]o\.? ?)?(?P<value>\d{1,2}[A-Z]?|[A-Z]\d{1,2})(?![0-9A-Za-z.])"
)
# Beds of the same line without their ward (骨三7床糖尿病餐, 9床流质), and numbers before the last (15、16、21床).
_ON: Final = re.compile(r"[,;、] ?(?P<bed>[加+]?\d{1,3}床)(?![位旁边头])")
_NUMBERS: Final = re.compile(r"(?<![0-9.])(?P<first>\d{1,3})(?: ?[、/] ?\d{1,3}){0,11} ?[、/] ?$")
_HOUR: Final = re.compile(r"(?<![0-9:])[0-2]?[0-9]:$")
_ROOM: Final = re.compile(r"[间房室]\($")  # how many beds it has stands in brackets behind it
_MISREAD: Final = re.compile(r"[lIO|]{1,2}")
_COUNT: Final = re.compile(r"\s?张")
_OTHERS: Final = (  # a pattern, its rule, score and reason
    (_IN_WORDS, "bed.words", 0.8, "bed in words"),
    (_EXTRA, "bed.extra", 0.8, "extra bed, by its number"),
    (_ADDED, "bed.extra", 0.8, "added bed behind its ward"),
    (_STATION, "bed.station", 0.8, "place at a machine of dialysis"),
    (_CODED, "bed.ward", 0.6, "ward in brackets behind its department"),
    (_WARD_IN_ENGLISH, "bed.ward", 0.7, "ward after its label"),
)


_WARD_SIGN: Final = led(r"病\s?区|护理单元")
_LONGEST_WARD: Final = 5  # characters of its number before the word


def _wards(text: str) -> Iterator[tuple[int, int]]:
    """Wards by their number or letter."""
    reached = 0
    for sign in _WARD_SIGN.finditer(text):
        match = _WARD_ALONE.search(text, max(reached, sign.start() - _LONGEST_WARD), sign.end() + 1)
        if match:
            reached = match.end()
            yield match.span()


class Bed:
    """Starts from the word 床, backwards for its number and ward, forwards for a value."""

    name = "bed"
    entity = Entity.MEDICAL_ID

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        at = text.find("床")
        while at >= 0:
            self._before(text, at, found)
            numbered = text[at - 1 : at].isdigit() or text[at - 1 : at] == "\n"
            beside = _BESIDE.search(text[max(0, at - 10) : at]) if numbered else None
            if beside and text[at + 1 : at + 2] not in _PART_OF_BED:
                start, end = at - len(beside.group()), at + 1 + text.startswith(")", at + 1)
                found.append(Finding(start, end, self.entity, "bed.beside", 0.8, "bed beside its floor or its ward"))
            at = text.find("床", at + 1)
        found += [
            Finding(self._glued(match), match.end("value"), self.entity, "bed.label", 0.85, "bed after its label")
            for match in _LABEL.finditer(doc)
            if (any(c.isdigit() for c in match["value"]) or _MISREAD.fullmatch(match["value"].strip()))
            and self._worded(text, match)
        ]
        found += [
            Finding(*match.span(match.lastgroup or 0), self.entity, rule, score, why)
            for pattern, rule, score, why in _OTHERS
            for match in pattern.finditer(doc)
        ]
        if "区" in text or "护理单元" in text:
            found += [Finding(*span, self.entity, "bed.ward", 0.6, "numbered ward") for span in _wards(text)]
        self._going_on(text, found)
        return found

    def _going_on(self, text: str, found: list[Finding]) -> None:
        """Adds the beds that follow another in its line without their ward."""
        if not found:
            return
        starts = sorted(finding.start for finding in found)
        last = starts[0]
        for match in _ON.finditer(text, last + 1):
            last = max(last, starts[bisect_left(starts, match.start()) - 1])
            if text.find("\n", last, match.start()) < 0:
                last = match.start("bed")
                found.append(Finding(*match.span("bed"), self.entity, "bed.list", 0.8, "bed behind another"))

    @staticmethod
    def _glued(match: re.Match[str]) -> int:
        """Where the value of a label begins; a bare 床 right before its number is part of it (床41)."""
        return match.start() if match.start("value") - match.start() == 1 else match.start("value")

    @staticmethod
    def _worded(text: str, match: re.Match[str]) -> bool:
        """Whether the label is more than the bare word 床, or that word begins what it says; 床号18 张 counts none."""
        if _COUNT.match(text, match.end("value")) and "号" not in match.group():
            return False
        bare = match.start("value") - match.start() <= 1
        left = text[match.start() - 1 : match.start()]
        return not bare or left in "科区室房楼产观U" or not ("\u4e00" <= left <= "\u9fff" or left.isalnum())

    @staticmethod
    def _place(text: str, start: int, bed: int) -> int:
        """Where a bed with its ward begins to point to a place: at the ward's number, not at the department."""
        for pattern in (_WARD_NUMBER, _UNIT):
            match = pattern.search(text, start, bed)
            if match:
                return match.start()
        return bed

    @staticmethod
    def _starts(text: str, number: int, at: int) -> bool:
        """Whether what follows goes on as behind a bed, and no room stands before it that has so many."""
        return _AFTER_START.match(text, at) is not None and not _ROOM.search(text[max(0, number - 2) : number])

    def _before(self, text: str, at: int, found: list[Finding]) -> None:
        begin = max(0, at - 22)
        match = _BEFORE.before(text, at, 22)
        if match is None or _NOT_BED.match(text, at):
            return
        start = begin + match.start()
        number = begin + match.start("bed")
        left = text[number - 1 : number]
        if match["ward"]:
            rule, why = "bed.of_ward", "bed with its ward"
            label = _FIELD.search(text, max(0, start - 6), number)
            start = label.end() if label else self._place(text, start, number)
        elif "\u4e00" <= left <= "\u9fff":
            if left in _COUNTED or _LINEN.search(text, max(0, number - 2), number):
                return
            rule, why = "bed.running", "bed in running text"
            short = _SHORT_WARD.search(text, begin, number)
            start = short.start() if short else start
        elif left in ("", "\n"):
            rule, why = "bed.line", "bed that a line begins with"
        elif (
            left.isalnum()
            or left in {".", "-", "~", "/"}
            or not self._starts(text, number, at)
            or (left == ":" and _HOUR.search(text, max(0, number - 4), number))
        ):
            return
        else:
            rule, why = "bed.start", "bed at the start of a clause, before a name or a break"
        found.append(Finding(start, at + 1, self.entity, rule, 0.8, why))
        others = _NUMBERS.search(text, max(0, start - 40), start)
        if others:
            found.append(Finding(others.start("first"), at + 1, self.entity, "bed.list", 0.8, "beds before the last"))
