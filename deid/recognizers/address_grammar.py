"""Addresses of places on no list: two levels in a row, a street with its number, a village with its group, a road."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.lists import words
from deid.recognizers.address import GAP, NO, STEP
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
_C: Final = rf"(?:{NO}[{_HAN}])"
_NUM: Final = r"(?:[0-9A-Za-z甲乙丙丁東西南北中][0-9A-Za-z\-#之]{0,7}|[一二三四五六七八九十百零〇]{1,5})"
_MORE: Final = rf"(?:{GAP}{STEP}){{0,8}}"
_STREET: Final = re.compile(
    rf"{_C}{{2,7}}?(?:大道|路|街|巷|弄|胡同|里|坊|村|小区|花园|公寓|苑|新村|家园|大厦|广场)\s?(?:{_NUM}\s?"
    rf"(?:号楼|号院|号|弄|栋|幢|憧|座|组|队|单元|室|层楼?)(?![床线码机])|\d{{1,3}}(?:-\d{{1,4}}){{1,3}}){_MORE}"
)
_VILLAGE: Final = re.compile(
    rf"{_C}{{1,6}}?(?:村|屯|社区|庄|寨|湾|嘎查)(?:第?(?:[一二三四五六七八九十]{{1,3}}|\d{{1,3}})(?:村民)?"
    rf"(?:小?组|队|社|屯)|\d{{1,4}}号|[东西南北]头)(?:\d{{1,4}}号|第[一二三四五六七八九十\d]{{1,3}}家)?"
)
_TWO: Final = re.compile(
    rf"(?P<one>{_C}{{2,5}}?(?:省|市|自治州|州|自治县|县|盟|旗|区|镇|乡|苏木|街道))(?P<two>{GAP}{_C}{{1,6}}?(?:市"
    rf"|县|旗|区|镇|乡|苏木|嘎查|街道|社区|村|屯|庄|寨|大道|路|街|巷|胡同"
    rf"|弄|里|小区|花园|公寓|新村|组|队|坳|坪|湾|塘|冲|坝|沟|岭)(?![长委立级民面内外场]|卫生|医院|派出|公安|法院"
    rf"|政府|中心|疾控)){_MORE}"
)
_AT: Final = re.compile(
    rf"(?:(?<=[住在于到从由自往赴居回至])|(?<=地点[:])|(?<=地点)|(?<=来自)|"
    rf"(?<=位于))\s?(?P<place>{_C}{{2,7}}?(?:小区|花园|公寓|家园|新村|大厦|胡同|村|镇|乡|街道|县|市|旗|社区|路|街"
    rf"|巷|大道|大桥|广场"
    rf"|公园|水库|火车站|码头|渡口|路口|桥头|工地|煤矿|农场|林场|嘎查|苏木|屯|寨|坳|坪|湾|岛|港|弄|里)(?!卫|医|院"
    rf"|获|感|径|线|障|场面|民|长|级|面|内|委|时|过|公司|派出|政府|小学|中学|程|上|由|边|侧|况)){_MORE}"
)
_ROAD: Final = re.compile(
    rf"(?:{_C}{{2,6}}(?:高速(?:公路)?|国道|省道|环线|快速路)|[GS]\d{{1,4}}(?:{_C}{{0,4}}高速|国道|省道)?|\d{{3}}"
    rf"(?:国道|省道|县道))"
    rf"(?:{_C}{{1,6}}?(?:段|出口|入口|路段|收费站|服务区|立交|隧道|枢纽))?(?:K\d{{1,4}}"
    rf"(?:\+\d{{1,4}})?)?(?:公里处|处)?"
)
_GENERIC: Final = re.compile(
    r"^(?:[本我全外该各某贵邻跨同异原出进入下上大小中老新城郊市县乡山林牧病院社片辖景厂矿园灾疫军高多两几"
    r"一二三四五六七八九十]{1,3}|农村|城乡|当地|附近"
    r"|所在|居住|户籍|工业|开发|高新|住宅|生活|商业|办公|公共)"
    r"(?:省|市|县|区|镇|乡|村|旗|州|社区|街道|小区|公寓|路|街)$"
)
_BODY: Final = re.compile(
    r"[肝肺肾脾胃肠脑心胸腹颈背腰骶臀肩肘腕膝踝足手指趾眼耳鼻咽喉口舌额颞顶枕颌面皮骨腔叶段窝沟隙膜腺管瓣室房角缘隐痛压"
    r"无菌危高低]区|[肝胆胰脾脐腹盆椎硬蛛]"
)
_BOTH: Final = (
    (_STREET, "address.street", "street with a number"),
    (_VILLAGE, "address.village", "village with its group"),
)


class AddressGrammar:
    """Suffixes alone: what has two of them in a row, a number, or a word of being there before it."""

    name = "address_grammar"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for pattern, rule, why in _BOTH:
            found += [Finding(*m.span(), self.entity, rule, 0.75, why) for m in pattern.finditer(text)]
        for match in _TWO.finditer(text):
            if not _GENERIC.match(match["one"]) and not _BODY.search(match.group()) and match["one"] not in words():
                found.append(Finding(*match.span(), self.entity, "address.two_levels", 0.65, "two levels in a row"))
        for match in _AT.finditer(text):
            place = match["place"]
            if (
                not _GENERIC.match(place)
                and (place not in words() or place[-1] in "路街巷村镇乡")
                and not _BODY.search(place)
            ):
                found.append(
                    Finding(match.start("place"), match.end(), self.entity, "address.lives_at", 0.65, "place one is at")
                )
        if "道" in text or "高速" in text or "环线" in text or "K" in text:
            found += [
                Finding(*m.span(), self.entity, "address.road", 0.7, "road, with its kilometre or exit")
                for m in _ROAD.finditer(text)
                if len(m.group()) >= 4
                and ("高速" in m.group() or "道" in m.group() or "线" in m.group() or "路" in m.group())
            ]
        return found
