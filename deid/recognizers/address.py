"""Addresses that begin with a known place, from the province to the door plate."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.leads import led
from deid.likeness import name_score
from deid.lists import common_words, lines_of, medical_words, places, words
from deid.phrases import Phrases, shared
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
NO: Final = (
    r"(?![的了在于时因从到与及和为是被把后前有无年月日患行予给诊查病症痛未不均曾我你他她]|再转|转[院至到入往诊]|家属"
    r"|家中|籍|协作|课题|治疗|预防|获得)"
)
_NAME: Final = rf"(?:{NO}[{_HAN}A-Za-z0-9]){{1,8}}?"
_NUM: Final = r"(?:[0-9A-Za-z甲乙丙丁戊东西南北中][0-9A-Za-z\-#之]{0,7}|[一二三四五六七八九十百零〇]{1,5})"
_AREA: Final = (
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|开发区|经开区|高新区|度假区|工业区"
    r"|工业园区?|产业园|科技园|省|市|盟|县|旗|区|街道办事处|街道|镇|乡|苏木|嘎查|农场|林场|牧场|团场|分场"
    r"|巿|(?<![支道用工器玩家文面模刀卧餐洁茶农渔雨])具(?![有备体])|填(?![写报空充补塞])|匹(?!配)|衔道)"
)
PLACE: Final = (
    r"(?:社区|居委会|行政村|自然村|新村|村委会|村民?小组|村|屯|庄|寨|堡|坪|塘|湾|垸|坝|沟|岭|坡|冲|组|队"
    r"|连|营地|营|路口|大路|路|大街|街|大道|道|胡同|巷|弄堂|弄|里|坊|桥头|桥|码头|小区|花园|公寓|家园|家苑|花苑|苑|园|城"
    r"|庭|府|邸|轩|阁|大厦|大楼|广场|中心|别墅|新城|名城|名都|华府|雅居|嘉园|佳苑|公馆|宿舍区?|家属[院楼]"
    r"|大院|(?<![医住出入转回来到本外我各贵全法学影剧戏养敬福病产])院|校区|号院|片区|中路|东路|西路|南路|北路|段|酒店|宾馆|市场|商场|坳|闸|墩|岛|港|埠|滩|浜|浦|泾|圩|埭"
    r"|墟|垌"
    r"|出口|入口|收费站|服务区|立交|隧道|水库|口岸|夜市|早市|货场|渡口|火车站|汽车站|客运站|高铁站|地铁站|机场|高架桥?|天桥"
    r"|景区|古镇|工地|矿区|草原|湿地|牧委会|公园|邨|电站|盐湖|[金铁铜锡钨煤]?矿)"
)
_DOOR: Final = r"(?:号楼|号院|号房|号|栋|幢|憧|座|单元|室|层|楼|户|门|组|队|弄|房|舍|期|区|支|梯|铺|档|房间)"
STEP: Final = (
    r"(?!\s?(?:0\d{2,3}[\- ]?[2-9]\d{6,7}|1[3-9]\d{9})(?!\d))"
    rf"(?:[增附内]?(?:\d \d{{1,3}}(?=号|幢|栋)|{_NUM})\s?{_DOOR}(?:[东西南北](?:侧|单元)?)?(?![\u4e00-\u9fff]?[床诊])"
    rf"|[东西南北中]单元|{_NAME}"
    rf"(?:{_AREA}|{PLACE})|(?:附近"
    rf"|旁|东侧|西侧|南侧|北侧)?\s?{_NUM}(?:-[0-9OlI]{{1,4}}){{1,3}}(?:室|号)?|-[0-9]{{1,4}}"
    rf"(?:-[0-9]{{1,5}}){{0,3}}(?:室|号)?"
    rf"|(?<=[室号栋幢憧单元楼]){_NUM}(?=[,.。;\s)]|$)|(?:乡|镇|村|街道|街|路|社区|小区|庄|屯|区(?![域别分间段组长])"
    rf"|县(?![级长]))|口岸|火车站|机场|[水火]?电站|水库|大桥|服务区|收费站|开发区|工业园"
    rf"|[东西南北][头口]"
    rf"|第[一二三四五六七八九十\d]{{1,3}}家"
    rf"|[与和][{_HAN}]{{1,6}}?(?:路|街|大道|巷)(?:交叉路?口|交汇处|交界处?|路?口)"
    rf"|(?<=村)\s?(?:{NO}[{_HAN}]){{2,3}}\d{{1,4}}\s?号(?![线床楼院])"
    r"|K\d{1,4}\+\d{1,4}|(?<=[号室户])\s{1,2}[1-8]\d{5}(?![0-9A-Za-z\-]))"
)
_COMMA: Final = rf",(?=[{_HAN}0-9]{{1,6}}(?:省|市|县|镇|乡|街道|村|路|街|号|室|栋|幢|楼)|[{_HAN}]{{2,3}}区)"
GAP: Final = rf"(?: |{_COMMA}|\n {{0,4}}(?![^\n]{{0,10}}:))?"
_CHAIN: Final = led(rf"(?:{GAP}{STEP}){{1,12}}")

_TAIL_STOP: Final = re.compile(
    r"^(?:大略|\s?新碱|花碱|脚(?![下边])|白药|阿胶|霉素|管圆线虫|时间|标准|型|株|鸭|大枣|话|红花|菜|方言|口音|籍|牛黄|版|普通话|分型|分期"
    r"|评分|共识|指南|麝香|膏药|杂交|肉|米|面|酒|烟|茶|柳|梨|蜜|枣|核桃|产|黄芪|党参|人参|牌|药业|制药"
    r"|脑炎|出血热|肝炎|量表|方案|会议|式|热(?!线|电)|枸杞|雪莲|虫草|三七|天麻|灵芝|苹果|葡萄|哈密瓜|火锅|米粉|拉面|凉茶|豆腐|泡菜|榨菜"
    r"|[牛羊]肉|神奇|队列|协作)"
)
_BEFORE_STOP: Final = re.compile(r"(?:版|指南|共识|《)$")


def _former(name: str, short: str) -> list[str]:
    """What an autonomous prefecture or county, or a banner, is called for short: 德宏州, 互助县, 科左后旗."""
    unit = re.search("自治州|自治县|自治旗", name)
    found = [short + unit.group()[-1]] if unit and len(short) > 1 else []
    wing = re.fullmatch("(.).*([左右]).*?(翼)(.)(旗)", name)
    return [*found, "".join(wing.group(1, 2, 4, 5))] if wing else found


def _damaged(name: str) -> list[str]:
    """The full name as scanners read its last character: 织金具, 番禺匹."""
    return [name[:-1] + wrong for wrong in _WRONG.get(name[-1], "")] if len(name) > _SHORTEST else []


_SHORTEST: Final = 2
_WRONG: Final = {"县": "具", "市": "巿", "区": "匹", "旗": "旅"}


@cache
def _bare() -> dict[str, str]:
    """Short name -> level: provinces, prefectures, and those counties whose short form is no ordinary word."""
    forms: dict[str, str] = {}
    ambiguous = frozenset(lines_of("place_words.txt"))
    for name, level in places().items():
        forms[name] = level
        short = re.sub(
            r"(?:壮族|回族|维吾尔|土家族|苗族|藏族|彝族|傣族|白族|哈尼族|蒙古族|蒙古|朝鲜族|侗族|布依族|羌族"
            r"|傈僳族|景颇族|哈萨克|柯尔克孜|瑶族|黎族|满族|畲族"
            r"|拉祜族|佤族|纳西族|仡佬族|水族|土族|撒拉族|保安族|东乡族|裕固族|塔吉克|锡伯|怒族|独龙族|仫佬族|毛南族|普米族|布朗族|各族)*"
            r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区"
            r"|林区|省|市|县|区|盟|旗)$",
            "",
            name,
        )
        if len(short) >= 2 and level != "county" and short not in ambiguous:
            forms.setdefault(short, level)
        elif len(short) >= 2 and level == "county" and name[-1] in "县市" and short not in ambiguous:
            forms.setdefault(short, "short_county")
        elif len(short) >= 2:
            forms.setdefault(short, "doubtful")
        forms |= dict.fromkeys([*_former(name, short), *_damaged(name)], level)
    for file, level in (("foreign_cities.txt", "foreign"), ("quarters.txt", "quarter")):
        for line in lines_of(file):
            whole, *parts = line.split()
            for part in parts:
                if part[0] != "~":
                    forms.setdefault(part, "known")
                if whole != "-":
                    forms.setdefault(whole + part.lstrip("~"), level)
                elif part[0] == "~":
                    forms.pop(part[1:], None)
    return forms


_THERE_LEFT: Final = re.compile(
    r"(?:[从在自往赴到回至由来住居经去飞抵登游]|去了|籍贯|出生于|来自|前往|旅居|老家|祖籍|原籍|生于|返回|途经|户籍|现居|家住"
    r"|长期居住|嫁到|徒步)[:\s]{0,3}$"
)
_THERE_RIGHT: Final = re.compile(
    r"\s?(?:$|[,.。;、)\n]|人(?![民均工参])|籍|打工|务工|工作|做|赶|来|返|出差|旅|经商|读|上[班学]|居|生活"
    r"|生[人长]|长大|转|回|当兵|服役|境内|的|等地|方向|某|一带|乡下|农村|途中|路上|开|摆|种|挖|放[牧羊]|养|[坐乘搭][车船飞火高]|打车|念|教书|当[过地老]|修|援|支[教边]|插队|落户|安家|带|看)"
)
_NAMED_AFTER: Final = re.compile(
    r"标准|\(?分[型级类期]|昏迷|克|评分|评价|量表|共识|指南|认知|瘢痕|支具|颈托|会议|定义|宣言|法|型|热|病毒|综合征|协议|研究|系统|测验|睡眠|产后|式|条件|染色体|病|线|综合|[ⅠⅡⅢⅣIV]"
)


# What follows the name of a place whoever is there: 绥芬河入境, 闸北人,
_THERE_ALONE: Final = re.compile(r"入境|打工|务工|经商|留学|出差|归来|回国|籍(?!贯)|人[,.。;、](?!\d)")


def _there(text: str, start: int, end: int, level: str) -> bool:
    """Whether somebody is, goes or comes there: then also a name that is an ordinary word is a place."""
    if level != "doubtful" and _THERE_ALONE.match(text, end):
        return True
    if not _THERE_LEFT.search(text[max(0, start - 6) : start]):
        return False
    return not _NAMED_AFTER.match(text, end) if level == "known" else bool(_THERE_RIGHT.match(text, end, end + 4))


_DOUBTFUL: Final = ("short_county", "doubtful", "known")


_UNITS: Final = "省市县区州盟旗具巿匹旅"
_VILLAGE: Final = re.compile(r"[镇乡村屯]|街道|苏木|嘎查|社区|口岸")
_BEGINS: Final = re.compile(r"(?:^|[\s,.。;、:(])$")


def _goes_on(text: str, start: int, end: int, chain: str) -> bool:
    """Whether a short name goes on as an address does: with a village, or so that a clause begins with it."""
    if _VILLAGE.search(chain):
        return True
    begins = _BEGINS.search(text[max(0, start - 1) : start]) is not None
    return begins and text[start:end] not in common_words() and text[end - 1 : end + 1] not in words()


_PART: Final = re.compile(
    rf"(?:{NO}[{_HAN}]){{2,3}}?(?=[,.。;)\n]|的|人[,.。;)]|[卖做种开养](?!过)|接[回来]|[赶送转][来到]|来院)"
)


def _part(text: str, start: int, end: int) -> int | None:
    """Where a place ends that goes on with one no list knows (荆州洪湖螺山): no word and no name of somebody."""
    part = _PART.match(text, end)
    if part is None or part.group() in words() or name_score(part.group(), rare=False) >= _PERSON:
        return None
    if part.group()[:2] in words() or part.group()[-2:] in words() or text[end - 1 : end + 1] in words():
        return None
    return part.end() if _BEGINS.search(text[max(0, start - 1) : start]) else None


_PERSON: Final = 1.8


def in_medicine(text: str, start: int, end: int) -> bool:
    """Whether a stretch is a part of a longer word of medicine, or runs into one (阿那曲唑, 生长治疗)."""
    known = medical_words()
    if text[end - 1 : end + 1] in known:
        return True
    size, heads = end - start, _medical_heads()
    for at in range(max(0, start - 3), start + 1):
        if text[at : at + 2] in heads:
            for last in range(max(end, at + size + 1), min(len(text), at + size + _LONGER) + 1):
                if text[at:last] in known:
                    return True
    return False


@cache
def _medical_heads() -> frozenset[str]:
    return frozenset(word[:2] for word in medical_words())


_LONGER: Final = 5


@shared
def place_names() -> Phrases:
    """All names of places, full and short."""
    return Phrases(_bare())


# What cities and provinces are called by one letter, where somebody goes or lives.
_LETTERS: Final = "京沪津渝粤皖闽赣豫鄂湘桂琼黔滇陕冀穗蓉甬浙鲁深"
_GOING: Final = "回返来赴抵离在"
_LETTER: Final = led(
    rf"[{_LETTERS}](?<=[{_GOING}].)"
    r"(?=[,。;、]|[前后](?![\u4e00-\u9fff]?[列沿])|务工|工作|打工|居住|生活|就[诊医]|治疗|求医|看病|途中|当日|过年|休养"
    r"|探亲|上学|读书|$)"
)


@shared
def _gone_to() -> Phrases:
    return Phrases(going + letter for going in _GOING for letter in _LETTERS)


class Address:
    """Steps are chained from a known place; an ambiguous name needs a suffix or a word of being there."""

    name = "address"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        reached = 0
        forms = _bare()
        names = place_names()
        for start, last in doc.listed(place_names):
            if start < reached:
                continue
            level, end = forms[last], start + len(last)
            while more := names.at(text, end):
                weak = level == "known" and forms[more] == "known"
                last, end, level = more, end + len(more), "known" if weak else "chain"
            sure = last[-1] in _UNITS or level not in _DOUBTFUL
            chain = _CHAIN.match(text, end)
            known = level not in ("doubtful", "known") and last not in common_words()
            part = _part(text, start, end) if known and not chain else None
            goes_on = sure or (level != "doubtful" and _goes_on(text, start, end, chain.group())) if chain else part
            doubtful = level in _DOUBTFUL and not goes_on
            if doubtful and not _there(text, start, end, level):
                continue
            if last not in places() and in_medicine(text, start, end):
                continue
            reach = chain.end() if chain else part
            if reach:
                end, level = reach, "chain"
            elif last not in places() and _TAIL_STOP.match(text[end : end + 4]):
                continue
            if _BEFORE_STOP.search(text[max(0, start - 3) : start]):
                continue
            reached = end
            while text[end - 1] in " ,":
                end -= 1
            found.append(Finding(start, end, self.entity, f"address.{level}", 0.8, "begins with a known place"))
        why = "letter that stands for a city or a province"
        letters = _LETTER.finditer(text) if doc.listed(_gone_to) else ()
        found += [Finding(*m.span(), self.entity, "address.letter", 0.6, why) for m in letters]
        return found
