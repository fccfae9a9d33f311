"""Addresses that no list knows: a named road, village or block where somebody is, goes or was hurt; highways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.lists import words
from deid.recognizers.address import GAP, STEP, in_medicine
from deid.recognizers.organisation import all_generic
from deid.spans import Finding
from records.entities import Entity

# A character of a name: Chinese, and none that stands between words.
_NAME: Final = (
    r"[^\x00-\u4dff\ua000-\U0010ffff的了在于时因从到与及和为是被把有无年月日患行予给诊查病症痛未不曾我你他她籍]"
)
_NO_NAME: Final = re.compile("再转|转[院至到入往诊]|家属|家中|协作|课题|外务|[过了着由]")
_LIVES: Final = led(
    r"(?:住(?![院址宅所房]|地[址点区])[在于到进]?|居(?:住[在于]?|于|在)|[寄世旅独现]居|搬[到至回进]|迁[到至]|移居|定居|家在|老家在?|宿于|租(?![金房赁约户期借]))[:\s]?(?=[\u4e00-\u9fff0-9A-Z])"
)
_NOT_LIVES: Final = frozenset("入出收留同科院转承招")  # before 住: 收住, 入住, 同住
# What a named place may be called where somebody goes, and what else where somebody lives.
_ENDS: Final = (
    r"街道办事处|街道|镇(?![静痛咳吐定惊])|乡(?![下村亲间])|苏木|嘎查|村|屯|寨|大道|大街|街|路|巷|胡同|高架桥|天桥|立交桥?|大桥"
    r"|地下通道|夜市|早市|(?:农贸|批发|果菜|水产|小商品|服装|建材)市场|水库|口岸|码头|渡口|火车站|汽车站|客运站|高铁站|地铁站|[东西南北]站"
    r"|机场|古镇|古城|景区|湿地|草原|收费站|服务区|林场|农场|牧场|矿区|度假村|(?<!香)港(?!口)|湖|[江河湖海][边畔]|社区|小区|花园|新村|公园|广场|工业园区?|开发区|步道"
    r"|家属[院楼阮]|大[院阮]|工地|(?:清真|礼拜)?寺|庙|教堂"
)
_HOMES: Final = (
    r"|宿舍楼?|住宅楼|生活区|公寓|家园|花苑|佳苑|公馆|[一二三四五六七八九][区匹]"
    r"|[苑庭府城里坊庄沟湾坡岭桥铺店口台营观塘沙郊楼](?=$|[\s,.。;、:)(0-9A-Z附旁边的与东西南北一二三四五六七八九十])"
)
_GOES: Final = re.compile(rf"[在于从由自到至往去赴回沿经过登抵步停靠泊][:\s]?(?P<name>{_NAME}{{2,6}}?)(?P<end>{_ENDS})")
# The shortest name first, then longer ones, as 十里铺 begins with a word that would do.
_HEAD: Final = re.compile(rf"(?P<name>{_NAME}{{3,6}}?)(?P<end>{_ENDS})")
_HOME: Final = tuple(re.compile(rf"(?P<name>{_NAME}{{{least},6}}?)(?P<end>{_ENDS}{_HOMES})") for least in (1, 2, 3))
_ROOM: Final = re.compile(
    r"(?:[0-9A-Z]{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|号院|栋|幢|单元|座)(?:[0-9A-Z一二三四五六七八九十]{1,4}"
    r"(?:号楼|栋|幢|单元|座|层|楼|室|号|户|门)?){1,3}"
)
_MORE: Final = re.compile(rf"(?:天桥|高架桥?|立交桥?|夜市|早市|地下通道|路口|步道)?(?:{GAP}{STEP}){{0,8}}")
# A town and a village of it need no cue where nothing Chinese stands before them; blanks come from the scanner.
_TOWN: Final = led(
    rf"(?:[镇乡]|苏木|街道)(?![静痛咳吐定惊下]) ?(?:{_NAME} ?){{1,6}}?"
    r"(?:村委会|牧委会|村|社区|居委会|嘎查|屯|寨|庄|组|路|街)"
)
_BEFORE_TOWN: Final = re.compile(rf"(?<![\u4e00-\u9fff])(?:{_NAME} ?){{1,4}}$")
_REACH: Final = 8
_LINES: Final = (
    "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕甘青宁新蒙港澳台沈哈连霍二广兰成绵雅昆包茂厦蓉杭甬合武"
)
_HIGHWAY: Final = Held(
    rf"(?:[GSX]\s?\d{{1,4}}\s?(?:国道|省道|县道|高速(?:公路)?)|[GS]\d{{1,4}}(?=\s?K\d)|(?<!\d)\d{{3}}(?:国道|省道)"
    rf"|(?:[{_LINES}]{{2}}|绕城|环城|机场|京藏|[{_LINES}][\u4e00-\u9fff](?=高速))(?:高速公路|高速|复线|快速路|线(?=K\d)))"
    r"(?:[\u4e00-\u9fff]{2,4}段)?(?:K\s?\d{1,4}(?:\s?\+\s?\d{1,4})?|\d{1,4}(?:公里|km)(?:\d{1,4}米)?)?处?"
    r"|[东西南北][二三四五六]环(?:[东西南北]?路)?(?:[\u4e00-\u9fff]{2,4}?桥)?|地铁\s?\d{1,2}号线[\u4e00-\u9fff]{2,6}?站"
    r"|(?:兵团)?[第农]?[一二三四五六七八九十]{1,3}师(?:(?:\d{1,3}|[一二三四五六七八九十百零〇]{1,5})团|[\u4e00-\u9fff]{1,4}?(?:总场|团场|农场))(?:[一二三四五六七八九十\d]{1,3}连)?"
    r"|农[一二三四五六七八九十]{1,2}师|(?<!\d)\d{2,3}团(?:场|[一二三四五六七八九十\d]{1,3}连|(?=职工|退休|人))"
)
_BEHIND, _AHEAD = 14, 30
_PLAIN: Final = re.compile(
    r"(?:[东西南北上下一两]|中央|新型|农|本|我们?|邻|同|外|该|某|山|乡|城|全|各|老|新|大|小|半|走|马|公|高速公|高速|水泥|柏油|盘山|乡间|田间|林荫|人行|单位|学校|公司|职工|员工"
    r"|学生|工地|所在|当地|附近|就近|隔壁|自家|家|娘家|婆家|门口|小区|社区|居民|商业|步行|美食|海鲜|菜|果蔬|县城|镇上|城区|市区|郊区|郊外"
    r"|市中心|火车|汽车|长途|国际|服务|收费|跨海|跨江|过江|立交|自然|行政|贫困|居住|住宅|生活|旅游|风景|森林|动物|植物|城市|街心|村|镇|县"
    r"|旁边?|边|前|后|里|内|外面?|河|江|湖|海|桥|路|街|十字|三岔|丁字|交叉|对面|楼下|楼上|院|建筑|施工|装修|煤矿|教师|集体|男生|女生|民工|工人"
    r"|平房|楼房|自建|廉租|出租|老旧|高档|封闭|学区|儿童|人民|中心|文化|体育|休闲|娱乐|老年)+"
)
_APPROACH: Final = re.compile(
    r"[前后侧入径通旁尿气管水血电油回思线出短弯半胆消呼神平弯山]路$|[伤创切瘘开裂缺断瓣]口$|[液药]港$|[瓣窦孔肝肾肺胃肠胰脾脑心胆颈胸腰骨腹盆膜管腔壁侧]"
)
_WITHIN: Final = re.compile(r"[病科室床院患诊术医护药]")


def _general(name: str) -> bool:
    """Whether many a place may be called so, or it is no name."""
    return bool(_PLAIN.fullmatch(name) or _WITHIN.search(name) or _NO_NAME.search(name)) or all_generic(name)


def _common(step: re.Match[str]) -> bool:
    """Whether a name and what it is called are an ordinary word, or of medicine."""
    text, at = step.string, step.end()
    name, end, whole = step["name"], step["end"], step.group("name") + step["end"]
    if whole in words() and (len(whole) < _LONG or end not in _VILLAGES):
        return True
    if end == "路" and text.startswith("上", at) and name in words():
        return True
    if _APPROACH.search(whole) or in_medicine(text, at - 1, at):
        return True
    return len(name) > 1 and name in words() and end in _ALSO_WORDS


_LONG: Final = 3
_VILLAGES: Final = frozenset("铺庄沟湾坡岭营塘郊沙")
_ALSO_WORDS: Final = frozenset("城里府庭口台店楼观桥坊")


class AddressFree:
    """Addresses found by what their steps are called."""

    name = "address_free"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        return _find(doc)


def _find(doc: Document) -> list[Finding]:
    text = doc.text
    found = [_finding(at, end, "named", "a named step where somebody lives") for at, end in _homes(text)]
    found += [_finding(at, end, "named", "a named step where somebody goes") for at, end in _visited(text)]
    for town in _TOWN.finditer(text) if "镇" in text or "乡" in text or "街道" in text or "苏木" in text else ():
        begin = max(0, town.start() - _REACH)
        before = _BEFORE_TOWN.search(text[begin : town.start()])
        if before:
            end = _more(text, town.end())
            found.append(_finding(begin + before.start(), end, "steps", "a town and a part of it"))
    found += [_finding(at, end, "highway", "a highway, a line or a regiment's farm") for at, end in _highways(doc)]
    return found


def _highways(doc: Document) -> Iterator[tuple[int, int]]:
    """Looked for only around the words that they hold."""
    text = doc.text
    reached = 0
    for at, _ in doc.listed(_HIGHWAY.words):
        begin, end = max(reached, at - _BEHIND), min(len(text), at + _AHEAD)
        if at >= reached and (road := _HIGHWAY.pattern.search(text, begin, end)):
            yield road.span()
            reached = road.end()


def _homes(text: str) -> Iterator[tuple[int, int]]:
    for cue in _LIVES.finditer(text):
        if text[cue.start()] in "住租" and text[max(0, cue.start() - 1) : cue.start()] in _NOT_LIVES:
            continue
        room = _ROOM.match(text, cue.end())
        end = room.end() if room else _headed(text, cue.end(), _HOME)
        if end:
            yield cue.end(), end


def _visited(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _GOES.search(text, at):
        at = match.start() + 1
        if _general(match["name"]):
            continue
        end = _more(text, match.end())
        if _common(match):
            end = _headed(text, match.start("name"), (_HEAD,)) or 0
        if end:
            yield match.start("name"), end
            at = end


def _finding(start: int, end: int, rule: str, why: str) -> Finding:
    return Finding(start, end, Entity.ADDRESS, f"address.{rule}", 0.6, why)


def _headed(text: str, at: int, heads: tuple[re.Pattern[str], ...]) -> int | None:
    """The end of the address that begins here with a named step."""
    for head in heads:
        match = head.match(text, at)
        if match is None or _general(match["name"]):
            return None
        if not _common(match):
            return _more(text, match.end())
    return None


def _more(text: str, end: int) -> int:
    """Where an address ends whose first step ends here."""
    more = _MORE.match(text, end)
    end = more.end() if more else end
    while text[end - 1] in " ,\n":
        end -= 1
    return end
