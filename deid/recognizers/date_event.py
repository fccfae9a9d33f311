"""Dates that only what happened says are dates: a month and a day, or a year, beside a vaccine, a removal, a birth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from deid.document import Document
from deid.leads import Ended, led
from deid.recognizers.date import CalendarDate
from deid.recognizers.date_parts import is_day, number
from deid.recognizers.date_slash import SLASH_NOT, UNIT
from deid.spans import Finding
from records.entities import Entity

_PAIR: Final = led(
    r"(?<![0-9A-Za-z.\-/%+×*~<>=#^·])(?<![0-9][,:])(?P<m>1[0-2]|0?[1-9]|[1lI][0-2OolI]|[0Oo][1-9lISBZ]"
    r"|[lI])(?P<sep>[.\-/·,])"
    r"(?P<d>3[01OolI]|[12lIZ][0-9OolISBZ]|[0Oo]?[1-9lISBZ])"
    r"(?![0-9%°℃μ]|(?!CT|MR|DR|PET|PICC|B超)[A-Za-z]|[./·,+×^:\-~]\d)"
)
# What happens on one day, ending right before it; what is measured in numbers of this shape is not among it.
_VACCINE: Final = (
    "[\u4e00-\u9fff]苗|百白破|麻腮风|麻风腮|乙脑|流脑|脊灰|水痘|轮状|五联|破伤风|狂免|13价肺炎|23价肺炎|白破|HPV"
)
_LEFT: Final = Ended(
    rf"(?:(?:{_VACCINE})(?: ?第?[一二三四五首末1-5][针剂次])?|(?:第?[一二三四五首末]|第[1-5])[针剂]"
    rf"|[头初二中三末]伏|接种"
    r"|拔[管针除]|拆线|换药|[取领]药|取[片环模件]|上环|维护|预约|[诊定已]约|约[诊定好]?|复诊|[下上末]次"
    r"|开[瓶封]|[置换]管|借[出阅走]"
    r"|归还|回收|缴费|交费|上报|家访|随访|停[药泵机]|[入出转]院|转[科入出]|送[检修]|末次月经|LMP|EDD|门诊"
    r"|急诊|签[收字名]|销毁|启用|安装"
    r"|戴[牙冠镜]|试戴|手术|穿刺|造影|分娩|出生|死亡|发病|起病|首诊|末诊|会诊|查房|置换)[: ]{0,3}$"
)
_AFTER_LEFT: Final = re.compile(r"\s*(?:$|\n)|[,;。、)(]|\s{0,2}[\u4e00-\u9fff]|\s(?:[A-Z]{2,}|[RL] )")
# What happens on one day, beginning right behind it.
_RIGHT: Final = re.compile(
    r" ?(?:[入出转来回返离到外]院|转[科入出上至回IC]|手术(?!时间)|拔(?:[管针除]|尿管?|引流|导|胃管|T管|深静)"
    r"|拆[线除]|换[药管]|更换|约[取诊复来做查手住拆到]"
    r"|取[模片环药]|试?戴[牙冠]|复[诊查片]|会诊|查房|排[气便]|下[床地]|进食|[半全]?流食|半流|禁食|开奶"
    r"|[抽采]血|采样|送检"
    r"|造影|穿刺|活检|介入|脱机|[上停]机|插管|气切|死亡|去世|病故|停(?:药|泵|抗|激素|氧)|改(?:口服|静|为|用)"
    r"|加用|签[字名]|谈话|[交缴]费|结[账算]"
    r"|接种|补种|首[剂针]|第[一二三四1-4][针剂次]|左上?臂|右上?臂|[左右](?:三角肌|大?腿|臀|上肢)|B超|彩超"
    r"|胸片|拍片|心电图|[胃肠]镜|输[血液]|[化放]疗|透析"
    r"|[上取]环|人流|分娩|剖宫|顺产|出生|见红|破水|临产|摔|跌倒|车祸|突发|晕倒|家属|家访|电话|护士节|医师节"
    r"|妇女节|国际|劳动节|青年节|儿童节|教师节"
    r"|国庆|圣诞|元旦|爱[牙眼耳肝]日|世界|平安夜|感恩节|[建植][军树]节"
    r"|(?:[抽采送报留](?=[、,;。 ]|$|出|回|到)|[入出转](?= ?\d{1,2}:\d\d)))"
)
_BEGINS: Final = re.compile(r"(?:^|\n|[。;:,、(\[→]|[\u4e00-\u9fff)] |第一天)\s{0,3}$")
_LINE: Final = re.compile(r"(?:^|\n)\s{0,4}$")
_LISTED: Final = re.compile(r"\d[%℃]? ?[,、→/] ?$")  # one of a row of values
# What numbers measure or count.
_MEASURED: Final = re.compile(
    r"(?:[量度率值数分级比压糖钾钠钙氯镁磷酐酸氮酶素脂固醇蛋白红胞板液尿奶水温脉搏吸力径宽厚深高低重长每约达近共后为至速剂氧第牙齿肋椎段节指趾疗程病孕龄酮醛碱肽球体原脑粪血痰]"
    r"|插管|置管|换管|升|降|[A-Za-z][+\-]?)[ :(]{0,2}$"
)
_TUBED: Final = re.compile(r"[插置换套]管[ :]{0,3}$")
_TEETH: Final = re.compile(r"(?:牙|冠|桥|取模|戴|备牙)")
_CHRONIC: Final = (
    "(?:切除|摘除|修补|置换|内固定|支架|搭桥|移植|骨折|脑?梗|卒中|[脑血]?出血|结核|肺炎|化疗|放疗|消融|全切"
    "|结扎|剥除|造口|成形|缝合|根治"
    "|去世|手术|术(?![前中后者野区]))"
)
_YEAR: Final = led(
    r"(?<![0-9A-Za-z.\-/~+×*#%<>=])(?<!\d\d:)(?P<year>19[3-9]\d|20[0-4]\d|(?:1[3-9]|2\d|[5-9]\d)\.(?:0[1-9]"
    r"|1[0-2]))(?! ?(?:[例次台多余名年个份只元毫步]|人(?!流))| ?[\u4e00-\u9fff]{0,12}(?:指南|共识|标准"
    r"|分[类期级型]|版))"
    r" ?(?:因|起(?![效伏搏病坐立床])|行(?![为走])|做(?!操)|确诊(?!试)|诊断(?!标准)|查[出体]|体检|发[现病作]|曾"
    rf"|剖宫|剖腹|顺产|足月|早产|引产|[人药]流|清宫|流产|宫外孕|[绝取上]环|绝[育经]|结[扎婚]|再?[住入出]院"
    rf"|复发|离[婚异]|退休|生(?:育|一|二|女|子)|丧[偶夫妻]"
    rf"|车祸|摔|外伤|放(?:置|(?=,))|[置植][管入]|装起搏|心梗|PCI|CABG|输血史|新冠|接种"
    rf"|[\u4e00-\u9fff]{{0,5}}?{_CHRONIC})"
)
_YEAR_LEFT: Final = re.compile(r"(?:^|[\n。;,:、(]|[\u4e00-\u9fff)] |[于自从在及和与]) {0,3}$")
_QUOTED: Final = led(r"(?<![0-9A-Za-z])['‘’](?:[3-9]\d|[0-2]\d)[./](?:1[0-2]|0?[1-9])(?![0-9./])")
_QUOTES: Final = re.compile("['‘’]")
_FEW: Final = 5  # a part of something: 3/5
_FAR: Final = 7  # days apart, no range of a few


class EventDate:
    """A number of the shape and the event beside it; what is measured, counted or listed there is none."""

    name = "date_event"
    entity = Entity.DATE

    def find(self, doc: Document) -> list[Finding]:
        if not doc.has_digit:
            return []
        text = doc.text
        found = [self._found(*match.span(), "pair", "day of what happened") for match in _pairs(text)]
        for match in _YEAR.finditer(text):
            at, end = match.span("year")
            left = text[max(0, at - 8) : at]
            if _YEAR_LEFT.search(left) and not _MEASURED.search(left) and not CalendarDate.edition(text, at, end):
                found.append(self._found(at, end, "year", "year of what happened"))
        if _QUOTES.search(text):
            found += [self._found(*m.span(), "quoted", "short year and month") for m in _QUOTED.finditer(text)]
        return found

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_event.{rule}", 0.6, why)


def _pairs(text: str) -> Iterable[re.Match[str]]:
    """Months with their days that an event on either side makes one."""
    for match in _PAIR.finditer(text):
        month, day = number(match["m"]), number(match["d"])
        swapped = match["sep"] == "/" and not is_day(month, day)
        if (is_day(month, day) or (swapped and is_day(day, month))) and _happened(text, match, month, day):
            yield match


def _happened(text: str, match: re.Match[str], month: int, day: int) -> bool:
    """Whether an event stands before or behind, and nothing says it is a number of something."""
    start, end = match.span()
    sep, left = match["sep"], text[max(0, start - 12) : start]
    if UNIT.match(text, end) or _LISTED.search(left):
        return False
    two = len(match["d"]) > 1
    begins = _BEGINS.search(left) is not None
    event = _RIGHT.match(text, end)
    if event and begins and not _MEASURED.search(left) and not SLASH_NOT.search(left):
        if _TEETH.search(event.group()) and "约" not in event.group() and month > 10 and 10 < day < 29:
            return False
        if sep == "-":
            padded = "0" in match["m"][0] + match["d"][0]
            return padded or day < month or day - month >= _FAR or "约" in event.group()
        return two or (sep != "," and (sep != "." or not event.group().endswith("管")))
    if sep == "," or not _LEFT.search(left) or not _AFTER_LEFT.match(text, end):
        return False
    if sep == ".":
        return two and not (_TUBED.search(left) and match["d"][0] == "0")
    return (sep == "/" and (two or day > _FEW)) or day < month or day - month >= _FAR
