"""Years by what happened in them: 2023人流1次, 胆囊切除(2015), 2018、2021各一次, 22年阑尾切除, ’98.7."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import Ended, led
from deid.recognizers.date import CalendarDate
from deid.spans import Finding
from records.entities import Entity

_FOUR: Final = r"(?:19[3-9]\d|20[0-4]\d)"
_DONE: Final = (
    "切除|摘除|修补|置换|内固定|支架|搭桥|移植|骨折|脑?梗[死塞]?|卒中|[脑血]?出血|结核|肺炎|化疗|放疗|消融|全切"
    "|结扎|剥除|造口|成形|缝合|根治|去世|手术|术(?![前中后者野区])"
)
_EVENT: Final = (
    r" ?(?:因|起(?![效伏搏病坐立床])|行(?![为走])|做(?!操)|确诊(?!试)|诊断(?!标准)|查[出体]|体检|发[现病作]|曾"
    r"|剖宫|剖腹|顺产|足月|早产|引产|[人药]流|清宫|流产|宫外孕|[绝取上]环|绝[育经]|结[扎婚]|再?[住入出]院"
    r"|复[发查诊]|随访|离[婚异]|退休|生(?:育|一|二|女|子)|丧[偶夫妻]|剖(?=[、,;。)]|$)|在[\u4e00-\u9fff]{0,4}[院医科]"
    r"|车祸|摔|外伤|放(?:置|(?=,))|[置植][管入]|装起搏|心梗|PCI|CABG|输血史|新冠|接种"
    rf"|[\u4e00-\u9fff]{{0,5}}?(?:{_DONE}))"
)
# A year, a year of two figures with its month or with 年, at the beginning of a clause.
_YEAR: Final = led(
    rf"(?<![0-9A-Za-z.\-/~+×*#%<>=])(?<!\d\d:)(?P<year>{_FOUR}(?:[、+/及和]{_FOUR}){{0,5}}"
    r"|(?:1[3-9]|2\d|[5-9]\d)\.(?:0[1-9]|1[0-2])|(?P<short>[012]\d年(?![前后来余以间内史龄多制])))"
    r"(?![\-./:]| ?(?:[例次台多余名年个份只元毫步]|人(?!流))| ?[\u4e00-\u9fff]{0,12}(?:指南|共识|标准|分[类期级型]|版))"
    rf"(?={_EVENT}|(?<=\d{{4}}[、+/及和]\d{{4}}) ?(?:各|[两二三四]次|分别|年))"
)
_LEFT: Final = re.compile(r"(?:^|[\n。;,:、(]|(?P<space>[\u4e00-\u9fff)] )|(?P<word>[于自从在及和与])) {0,3}$")
# What numbers measure or count.
_MEASURED: Final = re.compile(
    r"(?:[量度率值数分级比压糖钾钠钙氯镁磷酐酸氮酶素脂固醇蛋白红胞板液尿奶水温脉重长约达近共号名编]"
    r"|[A-Za-z][+\-]?)[ :(]{0,2}$"
)
# What happened before the year: 胆囊切除(2015), PCI 2021, 青霉素过敏2003.
_BARE: Final = led(rf"(?<![0-9A-Za-z.\-/])(?:{_FOUR}|['‘’][0-2]\d)(?P<end> ?(?:起|至今|$|[),;、。\n]))")
_AFTER: Final = Ended(
    rf"(?:{_DONE}|剖宫产|顺产|[人药]流|绝经|过敏|[史于]|确诊|诊断|发现|PCI|CABG|T[KH]A|TAVI|ERCP"
    rf"|(?<![A-Za-z])LC|高血压|糖尿病"
    r"|冠心病|房颤|哮喘|乙肝|甲亢|肿瘤|癌)(?P<open>[ :]{0,2}\()?[ :]{0,2}$"
)
_BLED: Final = re.compile(r"(?<![脑膜])出血[ :(]{0,3}$|手术[ :]{1,3}$")
_QUOTED: Final = led(
    r"(?<![0-9A-Za-z])['‘’](?:[5-9]\d|[0-2]\d)(?:[./](?:1[0-2]|0?[1-9])(?![0-9./])"
    rf"|(?={_EVENT}))"
)
_BORN: Final = led(
    r"(?<![0-9A-Za-z.\-/])(?:[3-9]\d|[01]\d)(?:\.(?:1[0-2]|0?[1-9])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
    r"|3[01]))(?=生(?![产理活命长物化]))"
)
_BORN_SIGN: Final = re.compile("生(?<=[0-9]生)")
_EXAMINED: Final = Held(
    r"(?:[胃肠喉]镜|病理|造影|活检)[ (]{1,2}(?P<month>(?:1[3-9]|2\d)\.(?:1[0-2]|0?[1-9]))(?=[):,;]|\s(?!\d)|$)"
)
_ROUND: Final = 50


class EventYear:
    """A year and the event beside it; counts, amounts and editions of guidelines are none."""

    name = "date_year"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        text = doc.text
        found = []
        for match in _YEAR.finditer(text):
            at, end = match.span("year")
            left = text[max(0, at - 8) : at]
            begins = _LEFT.search(left)
            loose = begins and (begins["space"] or begins["word"]) and match["short"]
            if begins and not loose and not _MEASURED.search(left) and not CalendarDate.edition(text, at, end):
                found.append(self._found(at, end, "event", "year of what happened"))
        if _BORN_SIGN.search(text):
            found += [self._found(*m.span(), "born", "year and month of birth") for m in _BORN.finditer(text)]
        found += [self._found(*m.span("month"), "examined", "month of an examination") for m in _EXAMINED.finditer(doc)]
        for match in _BARE.finditer(text):
            at, end = match.start(), match.start("end")
            left = text[max(0, at - 12) : at]
            after = _AFTER.search(left)
            amount = text[at].isdigit() and int(text[at:end]) % _ROUND == 0
            if after and not (amount and not after["open"]) and not _BLED.search(left):
                found.append(self._found(at, end, "after", "year behind what happened"))
        if "'" in text or "‘" in text or "’" in text:
            found += [self._found(*m.span(), "quoted", "short year") for m in _QUOTED.finditer(text)]
        return found

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_year.{rule}", 0.6, why)
