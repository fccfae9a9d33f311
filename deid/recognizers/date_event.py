"""Months with days that only what happened says are days: beside a vaccine, a removal, an appointment, a weekday."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from deid.document import Document
from deid.leads import Ended, led, matches
from deid.recognizers.date_parts import is_day, number
from deid.recognizers.date_slash import SLASH_NOT, UNIT
from deid.spans import Finding
from records.entities import Entity

_PAIR: Final = led(
    r"(?:(?<![0-9A-Za-z.\-/%+×*~<>=#^·])|(?<=CT)|(?<=MR)|(?<=MRI)|(?<=DR))(?<![0-9]:)(?P<m>1[0-2]|0?[1-9]|[1lI][0-2OolI]|[0Oo][1-9lISBZ]"
    r"|[lI])(?P<sep>[.\-/·,])"
    r"(?P<d>3[01OolI]|[12lIZ][0-9OolISBZ]|[0Oo]?[1-9lISBZ])"
    r"(?![0-9%°℃μ]|(?!CT|MR|DR|PET|PICC|B超)[A-Za-z]|[./·,+×^:\-~]\d)"
)
# What happens on one day, ending right before it; what is measured in numbers of this shape is not among it.
_VACCINE: Final = (
    "[\u4e00-\u9fff]苗|百白破|麻腮风|麻风腮|乙脑|流脑|脊灰|水痘|轮状|五联|破伤风|狂免|13价肺炎|23价肺炎|白破|HPV"
)
_DAY_OF: Final = "(?:手术|[入出]院|检查|采样|治疗|就诊|透析|[开启]封|开启)日期?|有效至|效期至?"
_LEFT: Final = Ended(
    rf"(?:(?:{_VACCINE})(?: ?第?[一二三四五首末1-5][针剂次])?|(?:第?[一二三四五首末]|第[1-5])[针剂]"
    rf"|[头初二中三末]伏|接种"
    r"|拔[管针除]|拆线|换药|[取领]药|取[片环模件]|上环|维护|预约|[诊定已]约|约[诊定好]?|复诊|[下上末]次"
    r"|开[瓶封]|[置换]管|借[出阅走]"
    r"|归还|回收|缴费|交费|上报|家访|随访|停[药泵机]|[入出转]院|转[科入出]|送[检修]|末次月经|LMP|EDD|门诊"
    r"|急诊|签[收字名]|销毁|启用|安装"
    r"|戴[牙冠镜]|试戴|手术|穿刺|造影|分娩|出生|死亡|发病|起病|首诊|末诊|会诊|查房|置换|[血痰尿]培养|[胃肠]镜"
    r"|病理|心电图|胸片|[生忌]日|预产|末经|ED[DC]|百日|满月"
    r"|[头一二三四五六七]七|采[样血集]?|收样|报告"
    r"|打印|登记|审核|录入|接收|体检|[采检收发]日|发[报药]|第\d{1,3}[天日]|POD ?\d{1,2}"
    rf"|{_DAY_OF})[: (]{{0,3}}$"
)
_AFTER_LEFT: Final = re.compile(
    r"\s*(?:$|\n)|[,;。、)(]|\s{0,2}[\u4e00-\u9fff…]|\s(?:[A-Z]{2,}|[RL] |\d[贴针剂] ?[×x*])"
)
# What happens on one day, beginning right behind it.
_RIGHT: Final = re.compile(
    r" ?(?:[入出转来回返离到外]院|拟[行做于]|[置植]入|取出|洗牙|洁治|刮治|根充|备牙|[骨腰胸腹]穿|流式"
    r"|量表|[复初]评|来潮|取卵|促排|建[档卡]|开始|起病"
    r"|的(?:病程|义诊|化验|报告|片|检查|结果|医嘱|记录|预约|复查|手术|CT|B超)|转[科入出上至回IC]|手术(?!时间)|拔(?:[管针除]|尿管?|引流|导|胃管|T管|深静)"
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
    r"|通气|那[天次日]|当[天日]|(?:[抽采送报留](?=[、,;。 ]|$|出|回|到)|[入出转](?= ?\d{1,2}:\d\d)))"
)
# Somebody was called or visited: that is told of few quantities, so that 高血压 before it says nothing.
_CALLED: Final = re.compile(
    r" ?(?:微信(?!支)|短信|[未已拒]接(?!受)|接通|打通|无人接|空号|关机|家访|上门随?访|入户|电话(?:随访|[未已]|联系|无))"
)
_SCORED: Final = re.compile(r"(?:(?<![高低])血压|[评得积]分|[率度值量力级]|[0-9])[ :]{0,3}$")
_BEGINS: Final = re.compile(r"(?:^|\n|[。;:,、(\[→]|[\u4e00-\u9fff)] |第\d{0,2}[一二三四五六七八九十]?[天日])\s{0,3}$")
_LINE: Final = re.compile(r"(?:^|\n)\s{0,4}$")
_EXAMINED: Final = re.compile(
    r" ?(?:CT|MRI?|DR|PET|血(?:常规|气|培养|糖|沉|型)|[尿便]常规|生化|凝血|[肝肾]功|WBC|CRP|PCT|Hb|[痰尿]培养"
    r"|ECG|BNP)(?![A-Za-z])"
)
_OWN: Final = Ended(
    rf"(?:[生忌]日|{_DAY_OF}|第[1-5一二三四五]针"
    r"|预产期?|末经|末次月经|LMP|ED[DC]|百日|满月|[头一二三四五六七]七)[ :]{0,2}$"
)
_LISTED: Final = Ended(r"\d[%℃]? ?[,、→] ?$")  # one of a row of values
# What numbers measure or count.
MEASURED: Final = Ended(
    r"(?:[量度率值数分级比压糖钾钠钙氯镁磷酐酸氮酶素脂固醇蛋白红胞板液尿奶水温脉搏吸力径宽厚深高低重长每约达近共后为至速剂氧第牙齿肋椎段节指趾疗程病孕龄酮醛碱肽球体原脑粪血痰]"
    r"|插管|置管|换管|升|降|(?<!\d)[A-Za-z][+\-]?|F?T[34]|CA\d{2,3}|C[34]|B12|IL-?\d{1,2}"
    r"|CD\d{1,2}|A1c?|O2|HCO3|D[23]|NH3)[ :(]{0,2}$"
)
_TUBED: Final = Ended(r"[插置换套]管[ :]{0,3}$")
_TEETH: Final = re.compile(r"(?:牙|冠|桥|取模|戴|备牙)")
_WEEKDAY: Final = re.compile(
    r" ?(?:\((?:周|星期|礼拜)[一二三四五六日天]\)|(?:周|星期|礼拜)[一二三四五六日天](?![次个至到、\-~]))"
)
_WEEKS: Final = Ended(r"(?:[Ww周](?:\+\d)?|\d\+\d)\($")  # of a pregnancy, and the day of that
# What is examined or told with its day in brackets: 上次B超(8.14), 12+3周(9.4).
_BRACKETED: Final = Ended(
    r"(?:超声?|回报|[CM][TR]I?|DR|[片图镜单]|报告|病理|化验|复查|检查|上次|外院|前次|培养|常规|生化|NT)\($"
)
# From a day of a month to a later one of it: 11/3-5 输液.
_WITHIN: Final = led(
    r"(?<![0-9A-Za-z.\-/%+×*])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])[\-~至](?P<last>3[01]|[12]\d|[1-9])"
    r"(?![0-9./%])(?= ?(?:住院|输液|放假|停诊|值班|雾化|口服|静滴|休|出差|留观|陪|[化放]疗|用|服|抗|予))"
)
# Month, day and short year, in either order of the first two: 10/31/26.
_FOREIGN: Final = led(
    r"(?<![0-9A-Za-z.\-/])(?P<one>3[01]|[12]\d|0?[1-9])(?P<sep>[/\-])(?P<two>3[01]|[12]\d"
    r"|0?[1-9])(?P=sep)2\d(?![0-9A-Za-z/.%\-]| ?[a-z×])"
)
_FOREIGN_LEFT: Final = re.compile(r"(?:^|[\n。;,:(]|[\u4e00-\u9fff] ?|[A-Za-z]{3}:? )$")
_HIGH: Final = 12
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
        found = [self._found(*span, "pair", "day of what happened") for span in _pairs(text, doc.pairs)]
        for match in matches(_WITHIN, text, doc.pairs):
            first, last = int(match["d"]), int(match["last"])
            if (
                first < last
                and is_day(int(match["m"]), last)
                and _BEGINS.search(text, max(0, match.start() - 6), match.start())
            ):
                found.append(self._found(*match.span(), "within", "days of one month"))
        for match in matches(_FOREIGN, text, doc.pairs):
            one, two = int(match["one"]), int(match["two"])
            if (one > _HIGH) != (two > _HIGH) and _FOREIGN_LEFT.search(text, max(0, match.start() - 6), match.start()):
                found.append(self._found(*match.span(), "foreign", "day with its short year last"))
        return found

    def _found(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"date_event.{rule}", 0.6, why)


def _pairs(text: str, places: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Months with their days that an event on either side makes one, their weekdays with them."""
    for match in matches(_PAIR, text, places):
        month, day = number(match["m"]), number(match["d"])
        swapped = match["sep"] == "/" and not is_day(month, day)
        if not is_day(month, day) and not (swapped and is_day(day, month)):
            continue
        weekday = _WEEKDAY.match(text, match.end())
        if weekday or _happened(text, match, month, day):
            yield match.start(), weekday.end() if weekday else match.end()


def _happened(text: str, match: re.Match[str], month: int, day: int) -> bool:
    """Whether an event stands before or behind, and nothing says it is a number of something."""
    start, end = match.span()
    sep, left = match["sep"], text[max(0, start - 12) : start]
    if UNIT.match(text, end) or (sep in ".," and _LISTED.ends(left)):
        return False
    two = len(match["d"]) > 1
    if _misread(match) and _LINE.search(left):
        return True
    if _shown(left, text, end):
        return True
    if _CALLED.match(text, end) and _BEGINS.search(left) and not _SCORED.search(left):
        return True
    event = _RIGHT.match(text, end) or (_EXAMINED.match(text, end) if two else None)
    if event and _BEGINS.search(left) and not MEASURED.ends(left) and not SLASH_NOT.search(left):
        return _before(match, event.group(), month, day)
    if sep == ",":
        return False
    after = _LEFT.search(left)
    if text.startswith(")", end) and left.endswith("("):
        return bool(after or _WEEKS.ends(left)) or (_BRACKETED.ends(left) and (two or sep != "."))
    if not after or not _AFTER_LEFT.match(text, end):
        return False
    if _OWN.ends(left):
        return True
    if sep == ".":
        return two and not (_TUBED.ends(left) and match["d"][0] == "0")
    return (sep == "/" and (two or day > _FEW or month > day)) or day < month or day - month >= _FAR


def _shown(left: str, text: str, end: int) -> bool:
    """Whether both sides say so: a picture shows (CT3.7示), or is compared (较2.28吸收); 月经2.20来潮."""
    return any(before.ends(left) and behind.match(text, end) for before, behind in _BOTH)


_CAME: Final = (Ended(r"月经\s?$"), re.compile(r"\s?来潮"))
_PICTURE: Final = Ended(r"(?:[CM][TR]I?|DR|超声?|[胸平]片|[胃肠]镜|造影|心电图)\s?$")
_SHOWS: Final = re.compile(r"\s?(?:提?示|未?见|报告)")
_THAN: Final = Ended(r"[较与比同]\s?$")
_CHANGED: Final = re.compile(r"\s?(?:吸收|增[大多]|缩小|进展|变化不|相[仿似]|旧?片|[CM][TR])")
_BOTH: Final = ((_PICTURE, _SHOWS), (_THAN, _CHANGED), _CAME)


def _misread(match: re.Match[str]) -> bool:
    """Whether month and day have two figures each, and one of each was read as a letter: O3-I4."""
    return all(len(match[part]) == 2 and not match[part].isdigit() for part in ("m", "d"))


def _before(match: re.Match[str], event: str, month: int, day: int) -> bool:
    """Whether a clause may begin so before an event: teeth, tubes and ranges of a few days do not."""
    if _TEETH.search(event) and "约" not in event and month > 10 and 10 < day < 29:
        return False
    if match["sep"] == "-":
        padded = "0" in match["m"][0] + match["d"][0]
        return padded or day < month or day - month >= _FAR or "约" in event
    return len(match["d"]) > 1 or (match["sep"] != "," and (match["sep"] != "." or not event.endswith("管")))
