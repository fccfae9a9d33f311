"""Employers and universities by their short names, which are often ordinary words: beside a word of work or study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from deid.document import Document
from deid.held import Held
from deid.lists import common_words, lines_of, words
from deid.phrases import Phrases, shared
from deid.recognizers.address import in_medicine, place_names
from deid.recognizers.organisation import all_generic
from deid.spans import Finding
from records.entities import Entity

_JOB: Final = (
    r"上班|上[白夜早晚中]班|[白夜]班|打工|务工|做工|工作(?![日站])|任职|实习|兼职|值班|下井|干活|干了|干过|做过|做了|"
    r"(?:退|离)休|下岗|返聘|职工|员工|工人|女工|男工|矿工|技工|[焊电钳车铣瓦木油刨磨漆]工|[\u4e00-\u9fff]{2}工(?=[,.。;、\s人]|$)"
    r"|技[师术]员?|工程师|程序员|司机|骑手|快递员|外卖|保安|保洁|服务员|收银|理货|导购|店[长员]|经理|主管|厨师|后厨|车间|流水线"
    r"|仓库|工地|门店|分拣|打螺丝|写代码|[跑送开扛搬做当学][\u4e00-\u9fff]|炼[钢铁油]|[\u4e00-\u9fff]厂(?:上|工)"
)
_UNIT: Final = r"(?:集团|公司|工厂|总厂|分厂|厂|超市|酒店|门店|[\u4e00-\u9fff]{2,4}店)?"
_WORK: Final = re.compile(rf"{_UNIT}\s?(?:的\s?)?(?:{_JOB})")
_STAFF: Final = re.compile(
    rf"{_UNIT}(?:退休|离休|下岗|家属|[男女]工|仓库|工地|车间|后厨|物流|老?职工|员工|工人|技师|保安|收银员|服务员|骑手|快递员|司机|工程师|矿工|下井|[焊电钳车]工"
    r"|[\u4e00-\u9fff]{1,3}工(?=[,.。;、\s人]|$))"
)
# What is done with an application and not at a firm: 在抖音发视频, 在京东买了.
_USED: Final = re.compile(
    r"(?:上|里|平台|APP|app)?(?:发(?=视频|帖|文|布|图|消息|的|了|过)|[网团代]?购|买|下单|刷|直播|搜|看(?=[到见过了]|视频)|曝光|评论|留言|投诉|关注)"
)
_AT: Final = re.compile(r"(?:[在于到进去住]|入职|受雇|应聘|[给为]|单位[:\s]|职业[:\s]|原|系|是)$")
_BEGINS: Final = re.compile(r"(?:^|[\s,.。;、:(])$")
_STUDY: Final = re.compile(
    r"大[一二三四五](?![次便小])|研[一二三究]|学生|硕士|博士|在读|本科|毕业|教[授师]|讲师|退休|附[中小]|宿舍|食堂|校区|读[博研书大本]"
    r"|上学|求学|任教|教书|实验室|保安|[\u4e00-\u9fff]{1,6}(?:系|专业|学院)(?![统列])"
)
_ENROLLED: Final = re.compile(r"(?:就读于?|考[上入取到]|录取[到至于]?|毕业于|任教于?|在读于?|保研|来自)$")
_SOMEWHERE: Final = Held(
    r"[在于](?P<name>[\u4e00-\u9fff]{2,4}?)(?:上班|打工|务工|任职|做工|上夜班|当保安|做保洁|当厨师|当服务员|做收银|送外卖|送快递|打螺丝)"
)
_SCHOOL: Final = Held(
    r"[一二三四五六七八九附外](?:[中小幼校]|国语)"
    r"(?=[高初]?[一二三四五六]年级|学生|[高初][一二三]|[大中小]班|[教老]师|班主任|读)"
)
_SCHOOL_NAME: Final = re.compile(
    r"(?:(?<=[\n,.。;、:\s(])|(?<=[在于读系是])|^)(?:[市县区]|[\u4e00-\u9fff]{2,4}?|)[十]?$"
)
_TRADE_NAME: Final = re.compile(r"(?:(?P<at>[在于])|(?:^|(?<=[\n,.。;、:\s(])))(?P<name>[\u4e00-\u9fff]{2,4}?)$")
# What shows that no name stands between 在 and the work: words for somewhere, somebody or some time.
_NO_NAME: Final = re.compile(
    r"[的了是有住我你他她它们这那哪家里外上下内中时天日年月期间后前还仍再也都正就能不没无可自己一各每某该本老新旧旁边处附近坚持继续正常"
    r"乡村镇市县省区厂店院队局所站馆场校班岗地海南北东西人夫妻父母子女兄弟姐妹叔伯舅姑友]"
)


_LONGEST_WORD: Final = 3


class _Listed(NamedTuple):
    """Short names of employers and of universities, and the trades that names of firms end with."""

    work: frozenset[str]
    study: frozenset[str]
    trades: frozenset[str]


@cache
def _listed() -> _Listed:
    kinds: dict[str, set[str]] = {"W": set(), "S": set(), "T": set()}
    for line in lines_of("employers.txt"):
        letter, *names = line.split()
        kinds[letter].update(names)
    return _Listed(*(frozenset(kinds[letter]) for letter in "WST"))


@shared
def _every() -> Phrases:
    names = _listed()
    return Phrases(names.work | names.study | names.trades)


class Employer:
    """Listed short names beside their cue, and what stands between 在 and 上班 and is no word."""

    name = "employer"
    entity = Entity.ORGANISATION

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        names = _listed()
        for start, name in doc.listed(_every):
            end = start + len(name)
            if in_medicine(text, start, end):
                continue
            if name in names.trades:
                firm = _firm(text, start, end)
                if firm is not None:
                    found.append(self._finding(firm, end, "trade", "short name of a firm beside work"))
                continue
            before = text[max(0, start - 4) : start]
            if name in names.work and self._works(text, end, before, name):
                found.append(self._finding(start, end, "listed", "short name of an employer beside work"))
            elif name in names.study and (_ENROLLED.search(before) or _STUDY.match(text, end)):
                found.append(self._finding(start, end, "university", "short name of a university beside study"))
        found += [
            self._finding(*match.span("name"), "unknown", "what stands between 在 and work")
            for match in _SOMEWHERE.finditer(doc)
            if _is_name(match["name"])
        ]
        found += [
            self._finding(start, end, "school", "short name of a school beside its class")
            for start, end in _schools(doc)
            if end - start > _LONGEST_WORD or text[start:end] not in words()
        ]
        return found

    @staticmethod
    def _works(text: str, end: int, before: str, name: str) -> bool:
        if _AT.search(before):
            return (name not in words() and not _USED.match(text, end)) or _WORK.match(text, end) is not None
        return (name not in words() or _BEGINS.search(before) is not None) and _STAFF.match(text, end) is not None

    def _finding(self, start: int, end: int, rule: str, why: str) -> Finding:
        return Finding(start, end, self.entity, f"employer.{rule}", 0.6, why)


def _firm(text: str, trade: int, end: int) -> int | None:
    """Where the name of a firm begins that ends with its trade and has work after it."""
    begin = max(0, trade - 5)
    name = _TRADE_NAME.search(text[begin:trade])
    work = _WORK if name and name["at"] else _STAFF
    return begin + name.start("name") if name and work.match(text, end) and _is_firm(name["name"]) else None


def _is_firm(name: str) -> bool:
    return not (name in common_words() or _NO_NAME.search(name) or all_generic(name))


def _schools(doc: Document) -> Iterator[tuple[int, int]]:
    text = doc.text
    for match in _SCHOOL.finditer(doc):
        begin = max(0, match.start() - 6)
        name = _SCHOOL_NAME.search(text[begin : match.start()])
        if name and (name.group() or text[match.end() : match.end() + 1] in "高初"):
            yield begin + name.start(), match.end()


def _is_name(name: str) -> bool:
    return not (name in words() or _NO_NAME.search(name) or place_names().at(name, 0) or all_generic(name))
