"""The second look at clean or rendered text, with rules of its own: what the first pass cannot see is not missed twice.

It imports none of the first pass's rules, and it errs towards silence on slots, surrogates and measures only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from deid.places import without_shown
from deid.spans import Span
from deid.surrogates import SURROGATE
from records.entities import Entity
from records.paths import data_dir
from records.slots import SLOT
from records.texts import CleanText

_HIDE: Final = "\x1a"
_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z.])(?:\d[ \-]?){6,24}\d(?![0-9A-Za-z]|\.\d)")
_UNIT_AFTER: Final = re.compile(r"\s?(?:/|×|x10|\*10|IU|U|copies|拷贝|个|元|mL|ml|万|步)")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,64}\.[A-Za-z]{2,12}")
_WEB: Final = re.compile(r"https?://[^\s]{4,200}|(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_DAY: Final = re.compile(
    r"(?:19|20)\d\d\s?(?:年|[\-/.])\s?(?:1[0-2]|0?[1-9])\s?(?:月|[\-/.])\s?(?:3[01]|[12]\d|0?[1-9])(?!\d)|"
    r"(?<![\d个])(?:1[0-2]|[1-9])月(?:3[01]|[12]\d|[1-9])[日号]"
    r"|[一二][〇零九][〇零一二三四五六七八九]{2}年"
)
_DOOR: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:路|街|大道|巷|弄|胡同|村|小区|新村)\d{1,5}(?:号|弄|幢|栋|组)(?![线床])"
)
# A place in a stand-in's brackets that is neither a city nor a province.
_FINER: Final = re.compile(r"〔[^〔〕\n]{0,30}(?:[省市州盟县区旗镇乡村路街号]|地区)[^〔〕\n]{0,12}〕")
_MISREAD: Final = re.compile(r"(?<![0-9A-Za-z])[1lI][3-9](?=(?:[0-9OolI]){9}(?![0-9A-Za-z]))(?:[0-9OolI]){9}")
_VALUE: Final = re.compile(
    r"(?:(?:住院|病案|病历|门诊|就诊|登记|检查|检验|影像|病理|超声|标本|条码|医保|社保|健康卡|血袋|申请单|处方)"
    r"(?:卡|单)?(?:号码|编号|号)"
    r"|身份证(?:号码|号)?|证件号码?|联系电话|电话(?:号码)?|手机(?:号码?)?|微信号?|工号|护照号?"
    r"|车牌号?)\s?[::]?\s{0,3}"
    r"(?P<value>[A-Za-z]{0,4}-?[0-9OolI]*\d[0-9A-Za-z\-]{2,24})(?!\s?(?:mg|ml|cm|mm|年|月|次|例|岁|%))"
)
_LOT: Final = re.compile(r"(?:批号|准字|编码|代码)[^\n,。]{0,6}$")
_KIN: Final = re.compile(
    r"(?:其|患者之?|患儿之?)(?:妻|夫|父|母|子|女|兄|弟|姐|妹|丈夫|妻子|儿子|女儿|父亲|母亲|配偶)"
    r"(?P<name>[\u4e00-\u9fff]{2,3}?)"
    r"(?=陪|签|代|送|来院|提供|表示|同意|[((])"
)
_LABELLED: Final = re.compile(
    r"(?:姓名|患者姓名|病人姓名|联系人|监护人|签名|签字|陈述者|记录者|报告医师|审核医师|手术者|主刀"
    r"|住院医师|主治医师)\s?[::]\s{0,3}(?P<name>[\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"
)
_TITLED: Final = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,3})(?:副?主任医师|主治医师|副?主任|教授|护士长)"
)
_ROLES: Final = re.compile(
    r"医|护|师|主任|科|患|家|本人|父|母|夫|妻|子|女|无|同|未|不|值|责|上级|经|管|首|会诊|麻|手术|质控|副"
    r"|[一二三]线|请|由|随|全|各|某|时|外|内|急|报|指"
)
_HOSPITAL: Final = re.compile(
    r"[\u4e00-\u9fff]{2,4}[省市县区](?:第[一二三四五六七八九十]|人民|中心|中医"
    r"|妇幼)[\u4e00-\u9fff]{0,6}医院"
)


@cache
def _surnames() -> frozenset[str]:
    lines = (data_dir() / "deid" / "surnames.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(
        name for name, weight in (line.split("\t") for line in lines) if len(name) == 1 and int(weight) >= 150
    )


def residual(text: CleanText) -> tuple[Span, ...]:
    """Spans that still look like identifiers; empty is what shelving and release wait for."""
    return scan(text.value)


def scan(value: str) -> tuple[Span, ...]:
    """The same over a rendered string. Offsets are code points of `value`."""
    plain = "".join(_fold(c) for c in value) if not value.isascii() else value
    hidden = SURROGATE.sub(lambda m: _HIDE * len(m.group()), SLOT.sub(lambda m: _HIDE * len(m.group()), plain))
    hidden = without_shown(hidden, _HIDE)
    found: list[Span] = []
    for match in _NUMBER.finditer(hidden):
        digits = re.sub(r"\D", "", match.group())
        lot = _LOT.search(hidden[max(0, match.start() - 12) : match.start()])
        if len(digits) >= 7 and not lot and not _UNIT_AFTER.match(hidden, match.end()):
            entity = (
                Entity.ID_CARD
                if len(digits) >= 17
                else Entity.PHONE
                if _MOBILE.fullmatch(digits)
                else Entity.MEDICAL_ID
            )
            found.append(Span(*match.span(), entity, "residual.number", 0.7, "seven digits or more together"))
    for pattern, entity, rule in (
        (_MAIL, Entity.EMAIL, "mail"),
        (_WEB, Entity.ACCOUNT, "web"),
        (_DAY, Entity.DATE, "day"),
        (_DOOR, Entity.ADDRESS, "door"),
        (_FINER, Entity.ADDRESS, "finer"),
        (_HOSPITAL, Entity.ORGANISATION, "hospital"),
        (_MISREAD, Entity.PHONE, "misread"),
    ):
        found += [
            Span(*m.span(), entity, f"residual.{rule}", 0.7, f"looks like {entity.value}")
            for m in pattern.finditer(hidden)
        ]
    found += [
        Span(*m.span("value"), Entity.MEDICAL_ID, "residual.value", 0.7, "number after the word for one")
        for m in _VALUE.finditer(hidden)
    ]
    for pattern in (_LABELLED, _TITLED, _KIN):
        for match in pattern.finditer(hidden):
            if match["name"][0] in _surnames() and not _ROLES.search(match["name"]):
                found.append(
                    Span(*match.span("name"), Entity.PERSON, "residual.name", 0.7, "surname where a name belongs")
                )
    return _disjoint(found)


@cache
def _fold(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _disjoint(found: list[Span]) -> tuple[Span, ...]:
    out: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return tuple(out)
