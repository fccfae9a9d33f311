"""People named most briefly: a surname alone after a department or a title, and whose mobile number stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from deid.document import Document
from deid.likeness import NO_NAME, rare_surnames, surname_of
from deid.lists import compound_surnames, lines_of, medical_words, place_forms, surnames, words
from deid.naming import is_placeholder
from deid.phrases import Phrases, shared
from deid.recognizers.person_title import is_role
from deid.spans import Finding
from records.entities import Entity

_TWO: Final = (
    "普外骨外胸外神外泌外心外脑外肛外烧外整外肝外血外心内神内消内呼内肾内普内老内肿内血液风湿感染肿瘤肝胆胃肠甲乳胸心手足"
    "脊柱关节创伤骨科外科内科儿科产科妇科眼科口腔皮肤五官急诊麻醉超声放射影像检验病理输血药剂营养康复疼痛介入重症透析内镜一线二线三线"
    "院总医务院感质控信息设备后勤总务保卫财务人事药房血库产房"
)
_MORE: Final = (
    "内分泌",
    "新生儿",
    "耳鼻喉",
    "总值班",
    "总住院",
    "住院总",
    "护理部",
    "手术室",
    "导管室",
    "监护室",
    "ICU",
)


@shared
def _wards() -> Phrases:
    return Phrases([*(_TWO[at : at + 2] for at in range(0, len(_TWO), 2)), *_MORE])


# 普外田、骨科韦国威到; 二线雷到场; 麻醉冉来看过
_CAME: Final = (
    r"(?:已|均|都|同|先|急|刚)?(?:到[场达齐位]?(?:[,。;、:\n ]|床[旁边]|看|$)|来(?:[看会电了过,。;]|$)|赶到|看过"
    r"|会诊(?![意单记时科医专结前])|在场|接手|在位)"
)
_WHO: Final = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{1,2}}?)(?:(?P<came>{_CAME})|[、/和及与]|, ?)")
_OTHER: Final = re.compile(r"[\u4e00-\u9fff]{1,4}(?:[、,。;到来在看]|$)")
_TITLED: Final = (
    r"(?:护士长?|主任|医[师生]|护师|药师|技师|教授|老师|[科站班组队院所处局校园]长|师傅|警官|书记|会计|经理|大夫)"
)
# 交护士长代处, 送主任雷处保管
_AT: Final = re.compile(r"处(?=[,。;、)\s]|$|保[管存]|代[管存]|存放|领取|登记|备案|签字|盖章|报到)")
_HELD: Final = re.compile(rf"{_TITLED}(?P<name>[\u4e00-\u9fff])$")
_MOBILE: Final = re.compile(r"1(?<![0-9A-Za-z].)[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_LABEL: Final = re.compile(r" ?[:(]? ?(?:话电|机手)? ?[:(]? ?(?P<run>[\u4e00-\u9fff]{2,7})")  # read from its end
_NO_SURNAME: Final = frozenset(
    "由经从和向同于让对将把被请与及以单总班台方左右双高原本该各来时未全长家别每药血车床平水管线针包门卜"
)
_JOINS: Final = frozenset("由经让对将把被请与及")
_NOUN_ENDS: Final = frozenset("员师生长者人士工")  # of words for a person
_ENDS: Final = frozenset("诊位队委处站部室班房店所办院科厂司号话机线区县市省州镇乡村路员者人台组期约订询诉费价道")


class PersonBrief:
    """The place must leave no choice: who came from a department, with whom something lies, whose number it is."""

    name = "person_brief"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found = self._all(_of_wards(doc), "ward", 0.7, "surname of somebody who came from a department")
        if "处" in text:
            found += self._all(_held(text), "with", 0.7, "surname of somebody with whom something lies")
        found += self._all(_called(text), "mobile", 0.65, "name before a mobile number")
        return found

    def _all(self, places: Iterable[tuple[int, int]], rule: str, score: float, why: str) -> list[Finding]:
        return [Finding(start, end, self.entity, f"{self.name}.{rule}", score, why) for start, end in places]


def _surname(name: str) -> bool:
    return name not in _NO_SURNAME and (name in surnames() or name in rare_surnames() or name in compound_surnames())


@cache
def _first_of_surnames() -> frozenset[str]:
    return frozenset(name[0] for name in surnames().keys() | rare_surnames()) - _NO_SURNAME


def _of_wards(doc: Document) -> Iterable[tuple[int, int]]:
    text = doc.text
    for at, ward in doc.listed(_wards):
        first = text[at + len(ward) : at + len(ward) + 1]
        match = _WHO.match(text, at + len(ward)) if first in _first_of_surnames() else None
        if match is None or not _surname(match["name"]):
            continue
        start, end = match.span("name")
        other = None if match["came"] else _wards().at(text, match.end())  # 普外田、骨科韦国威到
        if text[start : end + 1] not in words() and (
            match["came"] or (other and _OTHER.match(text, match.end() + len(other)))
        ):
            yield start, end


def _held(text: str) -> Iterable[tuple[int, int]]:
    for match in _AT.finditer(text):
        if text[match.start() - 1 : match.start()] not in _first_of_surnames():
            continue
        left = _HELD.search(text, max(0, match.start() - 4), match.start())
        if left and _surname(left["name"]):
            yield left.span("name")


@cache
def _cues() -> frozenset[str]:
    return frozenset(
        word for file in ("person_cues.txt", "acts.txt") for line in lines_of(file) for word in line.split()
    )


def _called(text: str) -> Iterable[tuple[int, int]]:
    for match in _MOBILE.finditer(text):
        left = _LABEL.match(text[max(0, match.start() - 15) : match.start()][::-1])
        if left is None:
            continue
        start, end = match.start() - left.end(), match.start() - left.start("run")
        for size in (3, 2):
            before = text[start : end - size]
            name = text[end - size : end]
            alone = not before and not "\u4e00" <= text[start - 1 : start] <= "\u9fff" and name not in place_forms()
            cued = before[-1:] in _NOUN_ENDS or any(before[-long:] in _cues() for long in (2, 3, 4))
            if (alone or cued) and _somebody(name):
                yield end - size, end
                break


def _somebody(name: str) -> bool:
    """Whether two or three characters beside a number are somebody, though they may be a word."""
    if not name or is_placeholder(name) or is_role(name) or name in medical_words() or name in _cues():
        return False
    if name[-1] in _ENDS or name[0] in _JOINS or name[1:] in _cues() or not NO_NAME.isdisjoint(name[1:]):
        return False
    return surname_of(name, rare=False) > 0
