"""Addresses after their label, with a colon, a blank or nothing between, over a line break too; postal codes."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import led
from deid.recognizers.address import place_names
from deid.spans import Finding
from records.entities import Entity

_LABEL: Final = led(
    r"(?:(?:(?:现|家庭|户籍|户口|常住|居住|通讯|通信|联系|联系人|单位|暂住|工作|邮寄|收件|永久|身份证|学校"
    r"|出生|发病|事发|事故|详细|患者|家属|寄送|快递|送货|公司)\s?)?(?:住\s?址|地\s?址|住所地?|住地|地点|所在地)"
    r"|籍\s?贯|出生地点?"
    r"|户籍地|户口所在地?|户\s?籍|现\s?住|家\s?住|现居(?:住(?:地|于)?)?|居住(?:地|于)|常住地?|"
    r"(?<![A-Za-z])[Aa]ddress|ADDRESS|祖籍"
    r"|原籍|生源地|派出所|老家|暂住|寄居|久居(?!留)|门牌号?|宿舍楼?(?=:)|寝室(?=:)|上门地址|定居(?:于)?|迁居|世居|酒店|收货地)"
    r"(?:\([^()\n]{0,10}\))?(?P<sep>\s?[:]\s{0,4}(?:\n\s{0,4})?|\s{1,6}|)"
)
_VALUE: Final = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9][\u4e00-\u9fffA-Za-z0-9\-#()·. ]{1,60}"
    r"(?:\n {0,4}[\u4e00-\u9fffA-Za-z0-9][\u4e00-\u9fffA-Za-z0-9\-#() ]{1,30})?"
)
_END: Final = re.compile(
    r"\s{2,}|\s(?=[\u4e00-\u9fff]{1,6}\s?:)|\s主持|(?:电\s?话|联\s?系|邮\s?编|邮政编码|手\s?机|单\s?位(?![宿0-9])"
    r"|职\s?业|民\s?族"
    r"|性\s?别|年\s?龄|婚姻|婚\s?否|婚|工作|病\s?史|入\s?院|国籍|身份证|住\s?院|户口地址|户籍地址|现住址|出生|供史"
    r"|主诉|姓\s?名|科\s?室|床\s?号|记录|与患者|关\s?系|宗教|文化|血型|医保|病\s?案|身高|血压|因|患者|可靠"
    r"|日\s?期|登记|就诊"
    r"|来源|务农|务工|打工|经商|养老|多人|(?<=[镇乡村市县区路号])患|退休|离休|从事|多年|至今|\d{1,2}年(?!代)|独居|与[子女夫妻父母家]|人,|人。"
    r"|微信|QQ|邮\s?箱|电\s?邮|电子邮|[Ee]-?mail)"
)
_BREAK: Final = re.compile(r"\n {0,4}")
_GOES_ON: Final = re.compile(
    r"[^\n:]{0,14}(?:村|组|号|室|栋|幢|单元|小区|街道|路|街|巷|弄|楼|社区|镇|乡|园|苑|里|区|县|市)(?![^\n]{0,4}:)"
)
_SUFFIX: Final = re.compile(r"省|市|县|区|镇|乡|村|路|街|巷|弄|号|室|栋|幢|小区|花园|屯|旗|州|里|庄|寨")
_NOT: Final = re.compile(
    r"^(?:\d?(?:养老服务机构|医疗卫生机构|家中|来院途中|其他场所)|(?:[\u4e00-\u9fffA-Z0-9]{0,12}(?:卫生间|洗手间|谈[心话]室|走廊|大厅|浴室|厕所|电梯|办公室|会议室|会诊中心|报告厅|活动室|示教室|谈话间|手术室|诊室|病房|床旁|抢救室|监护室|值班室"
    r"|护士站|ICU|科室|医生办))|本院|我院|院内|家中|现场|同上|同前|不详|无|未知|本市|本县|本地|当地|城市|农村"
    r"|城镇|乡村|外地|中国|汉|其他|住院部|门诊|地址|同户籍|同现住址|略|见上|[0-9.]{1,4}$|地\b|史|条件|环境|空调"
    r"|楼房|平房|电话|手机|未|否|有无|在家|方式|多年)"
)
# An address in English: words and numbers with commas between, until the line ends or Chinese begins.
_LATIN: Final = re.compile(
    r"(?=[^\n]{0,30},)(?=[^\n]{0,30}[A-Za-z]{3})[A-Za-z0-9][A-Za-z0-9,.#/'\- ]{7,90}(?![\u4e00-\u9fff])"
)
_FLOOR: Final = re.compile(r"[一二三四五六七八九十0-9]{1,3}\s?[楼层F]")  # a place inside the hospital
_ZIP: Final = Held(
    r"(?:邮\s?编|邮政编码|[Zz]ip(?:\s?[Cc]ode)?)\s?[:为是]?\s{0,3}(?P<value>[0-9OolI][\dOolI ]{4,8}[0-9OolI])"
    r"(?![0-9])"
)

# An address in a message between systems: its parts stand between carets, the postal code among them.
_CARETS: Final = led(
    r"(?<=\|)[\u4e00-\u9fff](?=[^|\n^]{1,40}\^)[^|^\n]{1,40}(?:路|街|\d号|弄|村|镇|乡|巷|栋)[^|\n]{0,60}(?=\||\n|$)"
)


class AddressField:
    """With a colon or blank the label vouches; glued to it, the value must show a place or a suffix of one."""

    name = "address_field"
    entity = Entity.ADDRESS

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in _LABEL.finditer(text):
            inside = "地点" in match.group() and _FLOOR.match(text, match.end())
            end = None if inside else self._value(text, match.end(), match["sep"])
            if end is not None:
                found.append(Finding(match.end(), end, self.entity, "address.field", 0.9, "value of an address field"))
        if doc.is_message:
            why = "parts of an address between carets"
            found += [Finding(*m.span(), self.entity, "address.carets", 0.85, why) for m in _CARETS.finditer(text)]
        found += [
            Finding(*m.span("value"), self.entity, "address.postcode", 0.85, "postal code") for m in _ZIP.finditer(doc)
        ]
        return found

    @staticmethod
    def _value(text: str, at: int, sep: str) -> int | None:
        latin = _LATIN.match(text, at)
        if latin and ":" in sep:
            return at + len(latin.group().rstrip(" ,."))
        match = _VALUE.match(text, at)
        if match is None or _NOT.match(match.group()):
            return None
        value = match.group()
        broken = _BREAK.search(value)
        if broken and not _GOES_ON.match(value, broken.end()):
            value = value[: broken.start()]
        cut = _END.search(value, 2)
        if cut and not (broken and cut.start() == broken.start()):
            value = value[: cut.start()]
        value = value.rstrip(" .-(\n")
        if value.count("(") > value.count(")"):
            value = value[: value.rindex("(")].rstrip()
        if len(value) < 2:
            return None
        if ":" not in sep and not (place_names().at(value, 0) or _SUFFIX.search(value[:12])):
            return None
        return at + len(value)
