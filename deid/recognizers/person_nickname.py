"""What people call each other: 老周, 小罗, 阿珍, 豆豆, 芬姐, 言老, 吴氏, where a person can stand."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import behind, led
from deid.likeness import NO_NAME, rare_surnames, right_edge
from deid.lists import given, medical_words, surnames, words
from deid.naming import is_placeholder
from deid.spans import Finding
from records.entities import Entity

_BEFORE: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[由和与给让叫跟请向对找据经及为将把陪替帮随说问喊嘱之其的]"
    r"|[勤司护签父母夫妻子女儿兄弟姐妹哥嫂婿媳孙侄甥叔伯姑姨舅婆公爷奶友邻事学工员人者属士师医长客主民])$"
)
_PREFIXED: Final = re.compile(r"[老小大阿](?P<who>[\u4e00-\u9fff])(?:(?<=老.)头(?![部痛晕皮发疼昏]))?")
# Size, age and places: 最小方差, 衰老于, 小葛庄.
_NOT_CALLED: Final = frozenset("大较最更缩细微弱矮短幼偏略稍极很太渐变增减宽狭窄胆衰古苍养敬元长陈年多家")
_OF_THINGS: Final = re.compile("[庄村塔镇乡屯沟河桥湾酒窖坑字]")
_LED_BY: Final = re.compile("[班组队站科所村校院部店社厂连排]长老")  # 班长老尚, in which no 长老 stands
_DRUG: Final = re.compile(
    r"小梁[切网细区]|老陈[醋皮]|阿[卡奇托莫司替普昔米法洛贝](?=\s?\d|[加唑霉西匹伐昔])"
)  # no people
_SUFFIX: Final = led(
    r"(?<=[\u4e00-\u9fff])(?:老(?:师|太|汉|伯)?|总|姐|哥|嫂|姨|叔|伯|婶|爷|奶|婆|妹|弟|氏|工|公|队|导|师(?!傅|长|资|范|生)"
    r"|大姐|大哥|大叔|大妈|大爷|阿婆|阿公)"
)
_CALLED: Final = Held(  # what somebody is called, whatever it means: 小名糯米, 都叫他石头, 唤作招财
    r"(?:小名|乳名|奶名|[小大]名叫|外号|绰号|诨名|诨号|都称|人称(?!代)|[都就][叫喊]|(?<![药病菌方院校村店曲歌剧书物品])名叫|名唤|唤作|取名|起名|拟名"
    r"|[孩儿女妹弟哥姐]叫|[个位]叫|[她他我俺]叫)(?:叫[做作]?|是|为|作|[她他][叫]?)?\s?[:“\"「]?(?P<name>[\u4e00-\u9fff]{2,3}?)"
    r"(?=[”\"」,。;、)\n]|的(?!是)|$)"
)
_NO_CALL: Final = re.compile(
    r".*[了着过的不停救起来去疼痛苦醒声人门车号名].*|[大小二三老]?[爸妈爷奶哥姐弟妹叔姨舅姑婆公]{1,2}|[她他它我你俺咱这那什怎医护].*|.*(?:医生|护士|大夫|家属|外卖|先生)"
)
_NOT_TWICE: Final = frozenset(
    "天人个次日夜年月时常慢渐轻微稍略偶多少好大小长高深重明白刚仅单各种样点滴层条片块段步件家处种每回阵爸妈爷奶哥"
    "姐弟妹叔姑舅公婆太宝往说看想试问谈走坐想听动摸揉捏敲数摇晃统偏恰刚刚默久"
)
_QUOTES: Final = frozenset('”"」’')
_CHILDREN: Final = frozenset("豆妞果糖朵淘乐欢笑萌彤桐涵轩琪琳珊蕾菲囡囝壮胖毛牛虎龙")
_NO_OLD: Final = frozenset("年人式化者是总想有要家师板乡伴公婆大二三实练少百鼠虎花龄弱病残幼路账")
_NO_LITTLE: Final = frozenset(
    "时便腿肠脑儿孩学心米麦指趾量于型剂叶区组声结灶片块子腹舌圆球泡关静动脉节管骨细胞夜雪暑寒满说吃费数写卖本人号名姐姑叔姨舅婶"
)
_ELDERS: Final = frozenset("公婆爷爸妈爹娘奶嬷伯叔姨")  # 阿公, 阿爷: whose


@cache
def _twice() -> re.Pattern[str]:
    """A character twice that children are called by."""
    usual = {char for char, row in given().items() if sum(row) >= _CHILDLIKE}
    return re.compile(f"(?P<who>[{''.join(sorted((usual | _CHILDREN) - _NOT_TWICE - NO_NAME))}])(?P=who)")


_CHILDLIKE: Final = 20  # how often such a character stands in given names


class PersonNickname:
    """Left: a break, a preposition or a word for a person; right: a break or what people do."""

    name = "person_nickname"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = [
            self._finding(*match.span(), "prefix", "老, 小, 大 or 阿 with a name")
            for match in _PREFIXED.finditer(text)
            if (prefixed(match.group()[:2]) or _meant(text, match))
            and match.group()[1:] not in words()
            and self._stands(text, match.start(), match.end(), 2.0, bare=_so_called(text, match))
            and text[match.end() - 1 : match.end() + 1] not in {"孙女", "孙子"}
            and not _DRUG.match(text, match.start())
        ]
        for match in _twice().finditer(text):
            after = text[match.end() : match.end() + 1]
            called = match.group() not in words() or after in _QUOTES or (match["who"] in _CHILDREN and after != "的")
            if called and self._stands(text, match.start(), match.end(), 2.0):
                found.append(self._finding(*match.span(), "twice", "one character twice, as children are called"))
        found += [
            Finding(*match.span("name"), self.entity, "person_nickname.called", 0.75, "what somebody is called")
            for match in _CALLED.finditer(doc)
            if not _NO_CALL.fullmatch(match["name"]) and not _no_name(match["name"])
        ]
        found += [
            self._finding(match.start() - 1, match.end(), "suffix", "surname or name with a form of address")
            for match in behind(1, _SUFFIX, text)
            if self._suffixed(text, match.start(), match.end())
        ]
        return found

    def _finding(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"person_nickname.{rule}", 0.7, why)

    @staticmethod
    def _stands(text: str, start: int, end: int, edge: float, *, bare: bool = False) -> bool:
        """Whether no word crosses the edges; `bare`: more is not asked."""
        known = words()
        if text[start : end + 1] in known or text[end - 1 : end + 1] in known or text[start : end + 2] in known:
            return False
        if not _LED_BY.fullmatch(text, max(0, start - 2), start + 1) and (
            text[start - 1 : start + 1] in known
            or text[start - 2 : start + 1] in known
            or text[start - 1 : end] in known
        ):
            return False
        return bare or (
            bool(_BEFORE.search(text[max(0, start - 1) : start]))
            and (right_edge(text, end) >= edge or _ON_DAY.match(text, end) is not None)
        )

    def _suffixed(self, text: str, suffix: int, end: int) -> bool:
        start = suffix - 1
        who, called = text[start], text[suffix:end]
        weight = surnames().get(who, 0)
        if called == "氏":
            if weight and _HERSELF.match(text, end):
                return _BEFORE.search(text[max(0, start - 1) : start]) is not None
            if _OF_SCIENCE.match(text, end):
                return False
        kin = called in _KIN
        if weight < _CERTAIN and not (kin and (sum(given().get(who, (0, 0, 0))) >= _OFTEN or who in rare_surnames())):
            return False
        if text[start:end] in words() or (kin and who in _NO_KIN):
            return False
        return self._stands(text, start, end, 2.0)


_ON_DAY: Final = re.compile(r"[0-9]{1,2}(?:月[0-9]|[日号点时:])")  # 阿昌2月21日前铺完
_OF_SCIENCE: Final = re.compile("[A-Za-z0-9征病法试液染]")  # 唐氏征
_KIN: Final = frozenset([*"姐哥嫂婶妹弟婆", "大姐", "大哥", "大叔", "大妈", "大爷", "阿婆", "阿公"])
_NO_KIN: Final = frozenset("听叫喊之其家一大二三四五小老表堂胞师学哥姐弟妹外曾")
_CERTAIN: Final = 20  # how usual a surname is that needs no word for kin after it
_OFTEN: Final = 30  # how often a character stands in given names


def _so_called(text: str, match: re.Match[str]) -> bool:
    """Whether 老 or 小 and a surname stand where they are hardly anything but what somebody is called."""
    left, who = text[match.start() - 1 : match.start()], match["who"]
    usual = surnames().get(who, 0) >= _SO_USUAL and match.group()[0] in "老小"
    return usual and left not in _NOT_CALLED and not _OF_THINGS.match(text, match.end())


_SO_USUAL: Final = 20


def _meant(text: str, match: re.Match[str]) -> bool:
    """Whether somebody is meant by what is a word as well: 13800000000找小马), 赢了老柴头."""
    asked = text[match.start() - 1 : match.start()] in _ASKED and text[match.end() : match.end() + 1] in _CLOSED
    return (
        (asked or match.group()[2:] == "头")
        and match.group()[0] in "老小"
        and surnames().get(match["who"], 0) >= _SO_USUAL
        and match["who"] not in _NO_OLD
    )


_ASKED: Final = frozenset("找叫问喊由让")
_CLOSED: Final = frozenset([*"),。;、\n", ""])


def _no_name(value: str) -> bool:
    """Whether what somebody or something is called is a word of medicine or a role."""
    return value in medical_words() or is_placeholder(value) or not NO_NAME.isdisjoint(value[1:])


_USUAL_OLD: Final = 150  # surnames so usual make 老周 and 小李 names, though dictionaries have them as words
_USUAL_LITTLE: Final = 1500
_HERSELF: Final = re.compile(r"[照陪诉说称因于女男今已]|,[男女0-9六七八九]")


def prefixed(value: str) -> bool:
    """Whether 老, 小, 大 or 阿 and the character after it are what somebody may be called."""
    prefix, who = value[0], value[1]
    weight = surnames().get(who, 0)
    if value in words() and weight < (_USUAL_OLD if prefix == "老" else _USUAL_LITTLE):
        return False
    if who in NO_NAME and who not in "于时":
        return False
    named = sum(given().get(who, (0, 0, 0))) >= 40
    if prefix == "老":
        return weight >= 10 and who not in _NO_OLD
    if prefix == "小":
        return (weight >= 20 or named) and who not in _NO_LITTLE
    if prefix == "大":
        return weight >= 60 and who not in "方安关双单金黄白红花伯华高山江海石牛马任管连能成量便汗"
    return (named or weight >= 10) and who not in _ELDERS
