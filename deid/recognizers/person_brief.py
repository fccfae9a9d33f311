"""People named most briefly: a surname alone after a department or a title, and whose mobile number stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from deid.document import Document
from deid.leads import led
from deid.likeness import NO_NAME, rare_surnames, surname_of
from deid.lists import compound_surnames, lines_of, medical_words, place_forms, surnames, words
from deid.naming import is_placeholder
from deid.recognizers.person_title import is_role
from deid.spans import Finding
from records.entities import Entity

_WARD: Final = (
    r"(?:[普骨胸神泌心脑肛烧整肝血]外|[心神消呼肾普内老肿]内|内分泌|血液|风湿|感染|肿瘤|肝胆|胃肠|甲乳|胸心|手足|脊柱|关节|创伤"
    r"|[骨外内儿产妇眼]科|新生儿|口腔|皮肤|耳鼻喉|五官|急诊|麻醉|超声|放射|影像|检验|病理|输血|药剂|营养|康复|疼痛|介入|重症|透析|内镜"
    r"|[一二三]线|总值班|住院总|院总|总住院|医务|护理部|院感|质控|信息|设备|后勤|总务|保卫|财务|人事|药房|血库|手术室|导管室|产房|监护室|ICU)"
)
# 普外田、骨科韦国威到; 二线雷到场; 麻醉冉来看过
_CAME: Final = (
    r"(?:已|均|都|同|先|急|刚)?(?:到[场达齐位]?(?:[,。;、:\n ]|床[旁边]|看|$)|来(?:[看会电了过,。;]|$)|赶到|看过"
    r"|会诊(?![意单记时科医专结前])|在场|接手|在位)"
)
_OF_WARD: Final = led(
    _WARD + r"(?P<name>[\u4e00-\u9fff]{1,2}?)"
    rf"(?={_CAME}|(?:[、/和及与]|, ?){_WARD}[\u4e00-\u9fff]{{1,4}}(?:[、,。;到来在看]|$))"
)
_TITLED: Final = (
    r"(?:护士长?|主任|医[师生]|护师|药师|技师|教授|老师|[科站班组队院所处局校园]长|师傅|警官|书记|会计|经理|大夫)"
)
# 交护士长代处, 送主任雷处保管
_AT: Final = led(r"处(?=[,。;、)\s]|$|保[管存]|代[管存]|存放|领取|登记|备案|签字|盖章|报到)")
_HELD: Final = re.compile(rf"{_TITLED}(?P<name>[\u4e00-\u9fff])$")
_MOBILE: Final = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])")
_RUN: Final = re.compile(r"(?P<run>[\u4e00-\u9fff]{2,7}) ?[:(]? ?(?:电话|手机|☎)? ?[:(]? ?$")
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
        found = self._all(_of_wards(text), "ward", 0.7, "surname of somebody who came from a department")
        if "处" in text:
            found += self._all(_held(text), "with", 0.7, "surname of somebody with whom something lies")
        found += self._all(_called(text), "mobile", 0.65, "name before a mobile number")
        return found

    def _all(self, places: Iterable[tuple[int, int]], rule: str, score: float, why: str) -> list[Finding]:
        return [Finding(start, end, self.entity, f"{self.name}.{rule}", score, why) for start, end in places]


def _surname(name: str) -> bool:
    return name not in _NO_SURNAME and (name in surnames() or name in rare_surnames() or name in compound_surnames())


def _of_wards(text: str) -> Iterable[tuple[int, int]]:
    for match in _OF_WARD.finditer(text):
        start, end = match.span("name")
        if _surname(match["name"]) and text[start : end + 1] not in words():
            yield start, end


def _held(text: str) -> Iterable[tuple[int, int]]:
    for match in _AT.finditer(text):
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
        left = _RUN.search(text, max(0, match.start() - 15), match.start())
        if left is None or left["run"].endswith(("电话", "手机")):
            continue
        start, end = left.span("run")
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
    if is_placeholder(name) or is_role(name) or name in medical_words() or name in _cues():
        return False
    if name[-1] in _ENDS or name[0] in _JOINS or name[1:] in _cues() or not NO_NAME.isdisjoint(name[1:]):
        return False
    return surname_of(name, rare=False) > 0
