"""Addresses from province to door plate and village group, from a place name, a street with its number, or a field."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.lists import lines_of, places
from deid.phrases import Phrases
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
_NO: Final = r"(?![的了在于时因从到与及和为是被把后前有无年月日患行予给诊查病症痛未不均曾家属])"
_NAME: Final = rf"(?:{_NO}[{_HAN}A-Za-z0-9]){{1,8}}?"
_NUM: Final = r"(?:[0-9A-Za-z甲乙丙丁東西南北中][0-9A-Za-z\-#之]{0,7}|[一二三四五六七八九十百零〇]{1,5})"
_AREA: Final = (
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|开发区|经开区|高新区|度假区|工业区"
    r"|工业园区?|产业园|科技园|省|市|盟|县|旗|区|街道办事处|街道|镇|乡|苏木|农场|林场|团场)"
)
_PLACE: Final = (
    r"(?:社区|居委会|行政村|自然村|新村|村委会|村民?小组|村|屯|庄|寨|堡|坪|塘|湾|垸|坝|沟|岭|坡|冲|组|队"
    r"|连|营|路口|大路|路|大街|街|大道|道|胡同|巷|弄|里|坊|桥头|桥|码头|小区|花园|公寓|家园|家苑|苑|园|城"
    r"|庭|府|邸|湾|轩|阁|大厦|大楼|广场|中心|别墅|新城|名城|华府|雅居|嘉园|佳苑|公馆|宿舍区?|家属[院楼]"
    r"|大院|院|校区|号院|片区|中路|东路|西路|南路|北路|段)"
)
_DOOR: Final = r"(?:号楼|号院|号|栋|幢|座|单元|室|层|楼|户|门|组|队|弄|房|舍|期|区|支|梯)"
_STEP: Final = (
    rf"(?:{_NUM}\s?{_DOOR}(?:[东西南北]侧)?(?![\u4e00-\u9fff]?[床诊])|{_NAME}(?:{_AREA}|{_PLACE})|(?:附近"
    rf"|旁|东侧|西侧|南侧|北侧)?\s?{_NUM}(?:-\d{{1,4}}){{1,3}}(?:室|号)?|(?<=[室号栋幢单元楼]){_NUM}"
    rf"(?=[,。;\s)]|$))"
)
_CHAIN: Final = re.compile(rf"(?:[ ,]?{_STEP}){{1,10}}")
_STREET: Final = re.compile(
    rf"(?:{_NO}[{_HAN}]){{2,7}}?(?:大道|路|街|巷|弄|胡同|里|坊|村|小区|花园|公寓|苑|新村)\s?(?:{_NUM}\s?"
    rf"(?:号楼|号|弄|栋|幢|座|组|队|单元|室|层楼?)(?![床线码]))(?:[ ,]?{_STEP}){{0,6}}"
)
_FIELD: Final = re.compile(
    r"(?:(?:现|家庭|户籍|户口|常住|居住|通讯|通信|联系|联系人|单位|暂住|工作|邮寄|收件|永久|身份证|学校"
    r"|出生|发病|事发|事故|详细|患者|家属)?\s?(?:住\s?址|地\s?址|住所|住地|地点|所在地)|籍\s?贯|出生地点?"
    r"|户籍地|户口所在地?|户\s?籍|现\s?住|家\s?住|现居(?:住地?)?|居住地|常住地|[Aa]ddress|ADDRESS|祖籍"
    r"|原籍|生源地|派出所)"
    rf"(?:\([^()\n]{{0,10}}\))?\s?[:]\s{{0,4}}(?P<value>[{_HAN}A-Za-z0-9][{_HAN}A-Za-z0-9\-#()·. ]{{1,60}})"
)
_FIELD_END: Final = re.compile(
    r"\s{2,}|\s(?=[\u4e00-\u9fff]{1,6}\s?:)|(?:电\s?话|联系|邮\s?编|邮政编码|手机|单位|职\s?业|民\s?族"
    r"|性\s?别|年\s?龄|婚姻|婚\s?否|婚|工作|病史|入院|国籍|身份证|住院|户口地址|户籍地址|现住址|出生|供史"
    r"|主诉|姓名|科室|床号|记录|与患者|关系|宗教|文化|血型|医保|病案|身高|血压|因|患者|可靠|日期|登记|就诊"
    r"|来源)"
)
_NOT: Final = re.compile(
    r"^(?:(?:[\u4e00-\u9fff]{0,4}(?:办公室|会议室|示教室|谈话间|手术室|诊室|病房|床旁|抢救室|监护室|值班室"
    r"|护士站|ICU|科室))|本院|我院|院内|家中|现场|同上|同前|不详|无|未知|本市|本县|本地|当地|城市|农村"
    r"|城镇|乡村|外地|中国|汉|其他|住院部|门诊|地址|同户籍|同现住址|略|见上|[0-9]{1,2}$)"
)
_ZIP: Final = re.compile(
    r"(?:邮\s?编|邮政编码|[Zz]ip(?:\s?[Cc]ode)?)\s?[:为是]?\s{0,3}"
    r"(?P<value>[0-9OolI][\dOolI ]{4,7}[0-9OolI])(?![0-9])"
)
_VILLAGE: Final = re.compile(
    rf"(?:{_NO}[{_HAN}]){{1,5}}?(?:村|屯|社区)(?:第?(?:[一二三四五六七八九十]{{1,3}}|\d{{1,3}})(?:村民)?"
    rf"(?:小?组|队|社|屯)|\d{{1,4}}号)(?:\d{{1,4}}号)?"
)
_COMMUNITY: Final = re.compile(
    rf"(?<=[住在于])(?:{_NO}[{_HAN}]){{2,7}}?(?:小区|花园|公寓|家园|新村|大厦|胡同|村|镇|乡|街道|县|社区)"
    rf"(?!卫|医|院|获|感)(?:[ ,]?{_STEP}){{0,6}}"
)
_TAIL_STOP: Final = re.compile(
    r"^(?:白药|阿胶|霉素|管圆线虫|时间|标准|型|株|鸭|大枣|话|红花|菜|方言|口音|籍|牛黄|版|普通话|分型|分期"
    r"|评分|共识|指南|麝香|膏药|杂交|肉|米|面|酒|烟|茶|柳|梨|蜜|枣|核桃|产|黄芪|党参|人参|牌|药业|制药"
    r"|脑炎|出血热|肝炎|量表|方案|会议)"
)
_BEFORE_STOP: Final = re.compile(r"(?:版|指南|共识|《)$")
_RESIDENT: Final = re.compile(r"^(?:人(?![民均工参])|籍)")


@cache
def _bare() -> dict[str, str]:
    """Short name -> level: provinces, prefectures, and those counties whose short form is no ordinary word."""
    forms: dict[str, str] = {}
    ambiguous = frozenset(lines_of("place_words.txt"))
    for name, level in places().items():
        forms[name] = level
        short = re.sub(
            r"(?:壮族|回族|维吾尔|土家族|苗族|藏族|彝族|傣族|白族|哈尼族|蒙古族|蒙古|朝鲜族|侗族|布依族|羌族"
            r"|傈僳族|景颇族|哈萨克|柯尔克孜|瑶族|黎族|满族|畲族)*(?:特别行政区|自治区|自治州|自治县|自治旗|地区"
            r"|林区|省|市|县|区|盟|旗)$",
            "",
            name,
        )
        if len(short) >= 2 and level != "county" and short not in ambiguous:
            forms.setdefault(short, level)
        elif len(short) >= 2 and level == "county" and name[-1] in "县市" and short not in ambiguous:
            forms.setdefault(short, "short_county")
    return forms


@cache
def place_names() -> Phrases:
    """All names of places, full and short."""
    return Phrases(_bare())


class Address:
    """Steps are chained from a known place or a field; a street needs its number, a bare county its suffix."""

    name = "address"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = self._from_places(text)
        for match in _FIELD.finditer(text):
            value = match["value"]
            cut = _FIELD_END.search(value, 2)
            end = match.start("value") + len(value[: cut.start() if cut else None].rstrip(" .-("))
            if end - match.start("value") >= 2 and not _NOT.match(value):
                found.append(
                    Finding(match.start("value"), end, self.entity, "address.field", 0.9, "value of an address field")
                )
        for pattern, rule, why in (
            (_STREET, "address.street", "street with a number"),
            (_VILLAGE, "address.village", "village with its group"),
            (_COMMUNITY, "address.lives_at", "place after a verb of living or being"),
        ):
            found += [Finding(*m.span(), self.entity, rule, 0.75, why) for m in pattern.finditer(text)]
        found += [
            Finding(*m.span("value"), self.entity, "address.postcode", 0.85, "postal code") for m in _ZIP.finditer(text)
        ]
        return found

    def _from_places(self, text: str) -> list[Finding]:
        found: list[Finding] = []
        reached = 0
        forms = _bare()
        names = place_names()
        for start, last in names.find(text):
            if start < reached:
                continue
            level, end = forms[last], start + len(last)
            while more := names.at(text, end):
                last, end, level = more, end + len(more), "chain"
            suffixed = last[-1] in "省市县区州盟旗"
            chain = _CHAIN.match(text, end)
            if chain and (suffixed or level != "short_county"):
                end, level = chain.end(), "chain"
            elif level == "short_county" or _TAIL_STOP.match(text[end : end + 4]):
                continue
            if _BEFORE_STOP.search(text[max(0, start - 3) : start]):
                continue
            reached = end
            while text[end - 1] in " ,":
                end -= 1
            found.append(Finding(start, end, self.entity, f"address.{level}", 0.8, "begins with a known place"))
        return found
