"""Names by the marks, figures and sex beside them, and by each other: A^B, 陈某 F/24, lines of signers, 刘佳之女."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import holds, led, places
from deid.likeness import NO_NAME, name_score, surname_of
from deid.lists import compound_surnames, given, given_pairs, medical_words, single_surnames, words
from deid.naming import is_placeholder
from deid.recognizers.person_latin import is_name, is_pinyin
from deid.recognizers.person_nickname import prefixed
from deid.recognizers.person_title import TITLE, is_role
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
# Family and given name as messages between systems part them: LIN^XIUFANG, 乐^毅.
_CARET: Final = re.compile(
    rf"(?<![A-Za-z{_HAN}])(?P<one>[A-Z][A-Za-z]{{1,9}}|[{_HAN}]{{1,2}})\^(?P<two>[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)?"
    rf"|[{_HAN}]{{1,3}})(?![A-Za-z0-9{_HAN}])"
)
# Sex and age as charts shorten them.
_SEX: Final = led(
    r"(?:(?<=[ ,(])[FM](?: ?/ ?\d{1,3}| ?\d\d)(?![0-9.A-Za-z\-])|(?<=[0-9 ])[FM](?![A-Za-z0-9])|(?<=[ ,(])[♀♂])"
)
_AGE_LEFT: Final = re.compile(r"(?<=[ ,(])\d{1,3} ?(?:y/?o? ?/?)?$")
_BEFORE_SEX: Final = re.compile(
    rf"(?:^|[^{_HAN}A-Za-z.^])(?P<name>[{_HAN}]{{2,4}}|[A-Z][a-z]{{1,12}} [A-Z][a-z.]{{1,12}}"
    r"|[A-Z][a-z]{1,12} (?:[A-Z]\.){1,3}|[A-Z]{2,9} [A-Z]{1,9})$"
)
_NO_PERSON: Final = re.compile(
    rf"(?:Grade|Stage|Type|Size|Plate|Group|Sample|Control|Total|Ratio|Level|Line|Sex|Age|Gender|HR|BP|MIC|OD|OS)\b"
    rf"|[{_HAN}]*[性型号率值组例比段]"
)
# A name that stands alone after a number, a bed or a break: 06-1127 翁春梅 孕3产2.
_SURNAMES: Final = "".join(sorted(single_surnames() | {name[0] for name in compound_surnames()}))
_ALONE: Final = re.compile(
    rf"(?P<name>[{_SURNAMES}](?<=[0-9A-Za-z#)床|\n \t].)(?<![{_HAN}] .)(?<![{_HAN}]  .)[{_HAN}]{{1,2}})"
    r"(?= |$|\n|[|/(,;]|[0-9])"
)
_SHARE: Final = re.compile(r"[0-9.]{1,5} ?[%‰]")  # 周内约20%
_NTH: Final = re.compile(r"第\d{1,3}$")  # 第1程定7月
_LIKELY: Final = 2.3
_BEFORE_AGE: Final = re.compile(rf"(?:^|[^{_HAN}])(?P<name>[{_HAN}]{{2,4}}) {{1,2}}\d{{1,3}} ?$")
_FAIR: Final = 1.5
_MOTHER: Final = 1.2
_CHILD: Final = re.compile("之[子女婴儿][大小]?")
_MOTHER_LEFT: Final = re.compile(rf"(?:^|[^{_HAN}]|[床号])(?P<mother>(?!床)[{_HAN}]{{2,4}})$")
_ITSELF: Final = re.compile(rf"(?:$|\n|[,(] ?[男女]| {{1,3}}(?P<next>[{_HAN}]{{2,3}})?)")  # and no relative
_SECOND: Final = re.compile(rf"/ ?(?P<two>[{_HAN}]{{2,3}})(?=\(| |\n|$|[,。;])")
_FIRST: Final = re.compile(rf"(?:^|[\n。;]|  ) {{0,40}}(?P<one>[{_HAN}]{{2,3}}) ?$")
# A line of roles, and a line of names under it.
_ROLE: Final = (
    r"(?:检验|检查|审核|复核|报告|核对|记录|操作|采样|送检|接收|签发|打印|录入|配药|发药|调配|审方|主刀"
    r"|麻醉|巡回|洗手|器械|制表|诊断|书写)(?:者|人|员|医师|医生|护士|技师|药师)"
)
_ROLES: Final = led(
    rf"(?P<roles>{_ROLE}(?: {{1,20}}{_ROLE}){{1,15}}) *\n *(?P<names>[{_HAN}]{{2,4}}(?: +[{_HAN}]{{2,4}})+) *(?=\n|$)"
)


# Who speaks in a chat, after the time: 22:09 白雪:收到; who signs with a dash or as the one who wrote: (冉冉记).
_SPEAKER: Final = re.compile(
    rf"\n {{0,4}}[(\[]?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)? {{0,3}}(?P<name>[{_HAN}]{{2,3}}) ?:(?![0-9])"
)
_NO_SPEAKER: Final = frozenset(["温度", "车牌", "方式", "方法", "常规", "查体", "费用", "时间", "宫口", "宫缩", "常温"])
_SIGNED: Final = re.compile(rf"(?:^|\n) {{0,40}}(?:——|--|—) ?(?P<name>[{_HAN}]{{2,3}})(?=\n|$| \d)")
_WROTE: Final = Held(rf"\((?:[{_HAN}]{{2,4}}[,、])?(?P<name>[{_HAN}]{{2,3}}?)(?:记|整理|代笔|口述|誊写|录)\)")
# A relative or somebody near by a given name that is a word, before what only people do: 邻居国庆报警.
_NEAR: Final = Held(
    r"(?:其[夫妻父母子女兄弟姐妹]|邻居|同事|工友|老伴|丈夫|妻子|儿子|女儿|女婿|儿媳|母亲|父亲|弟弟|哥哥|姐姐|妹妹|同学|室友|同乡|老乡|[表堂][兄弟姐妹哥])"
    rf"(?P<name>[{_HAN}]{{2}})(?=签字|代签|送|陪[同伴护着]|报警|来电|说|诉|称|讲|代诉|转述|接走|在场|到场|搀扶|发现|拨打|呼救|背|抬|赶[来到])"
)
_ROLES_SIGN: Final = Held("\n(?:(?<=[者人员师生士]\n)|(?<= \n))")  # what a line of roles may end like


class PersonBeside:
    """A mark leaves no choice; a bare stretch must look like a name by its surname and its characters."""

    name = "person_beside"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        if "^" in text:
            found += self._all(_carets(text), "caret", 0.8, "family and given name parted by a caret")
        found += self._all(_sexed(text), "sex", 0.75, "name before sex and age in short")
        found += self._all(_alone(text), "alone", 0.6, "name alone after a number or a break")
        if "之" in text:
            found += self._all(_children(text), "child", 0.75, "child by the name of its mother")
        if "/" in text:
            found += self._all(_pairs(text), "pair", 0.65, "two names that sign together")
        if ":" in text:
            found += self._all(_speakers(text), "speaker", 0.65, "who speaks after the time")
        found += self._all(_signers(doc), "signer", 0.65, "who signs or wrote")
        found += self._all(_near(doc), "near", 0.65, "given name after a relative, before what only people do")
        found += self._all(_under(doc), "under", 0.75, "name under its role")
        return found

    def _all(self, places: Iterable[tuple[int, int]], rule: str, score: float, why: str) -> list[Finding]:
        return [Finding(start, end, self.entity, f"{self.name}.{rule}", score, why) for start, end in places]


def _carets(text: str) -> Iterable[tuple[int, int]]:
    for match in _CARET.finditer(text):
        one, two = match["one"], match["two"]
        if one[0].isascii():
            if two[0].isascii() and is_pinyin([one.lower(), *two.lower().split()]):
                yield match.span()
        elif not two[0].isascii() and surname_of(one + "某某", rare=True) == len(one) and two not in words():
            yield match.span()


def _sexed(text: str) -> Iterable[tuple[int, int]]:
    for match in _SEX.finditer(text) if holds(text, "FM♀♂") else ():
        at = match.start()
        if match.end() == at + 1 and match.group() in "FM":  # 34F
            age = _AGE_LEFT.search(text, max(0, at - 8), at)
            if age is None:
                continue
            at = age.start()
        while at and text[at - 1] in " ,(":
            at -= 1
        left = _BEFORE_SEX.search(text, max(0, at - 26), at)
        if left is None or _NO_PERSON.match(left["name"]):
            continue
        name = left["name"]
        if _latin(name) if name[0].isascii() else name not in medical_words() and _fits(name, anything=True):
            yield left.span("name")


def _alone(text: str) -> Iterable[tuple[int, int]]:
    for match in _ALONE.finditer(text):
        name = match["name"]
        likely = surname_of(name, rare=False) and name not in words() and name_score(name, rare=False) >= _LIKELY
        if (
            likely
            and not _NTH.search(text, max(0, match.start() - 4), match.start())
            and not _SHARE.match(text, match.end())
            and not is_placeholder(name)
            and not is_role(name)
            and not TITLE.match(text, match.end() - 2)
        ):
            yield match.span("name")
    for at in chain(places(text, "岁"), places(text, "月龄")):  # after a name that is hardly anything else
        left = _BEFORE_AGE.search(text, max(0, at - 11), at)
        if left is None:
            continue
        name = left["name"]
        likely = surname_of(name, rare=False) > 0 and name not in words() and name_score(name) >= _FAIR
        called = len(name) == 2 and (prefixed(name) if name[0] == "小" else name[0] == "阿" and name[1] in given())
        if called or (likely and _fits(name)):
            yield left.span("name")


def _children(text: str) -> Iterable[tuple[int, int]]:
    for match in _CHILD.finditer(text):
        left = _MOTHER_LEFT.search(text, max(0, match.start() - 5), match.start())
        mother = left["mother"] if left else ""
        if left and surname_of(mother, rare=False) and _fits(mother) and name_score(mother) >= _MOTHER:
            start, end = left.span("mother")
            itself = _ITSELF.match(text, match.end())
            named = itself and itself["next"] and name_score(itself["next"]) >= _FAIR
            yield start, match.end() if itself and not named else end


def _pairs(text: str) -> Iterable[tuple[int, int]]:
    """Two names with a slash between them, one of which is hardly anything else."""
    for match in _SECOND.finditer(text):
        left = _FIRST.search(text, max(0, match.start() - 46), match.start())
        if left is None:
            continue
        one, two = left["one"], match["two"]
        if not all(surname_of(name, rare=True) and _fits(name, anything=True) for name in (one, two)):
            continue
        if any(name not in words() and name_score(name) >= _FAIR for name in (one, two)):
            yield left.span("one")
            yield match.span("two")


def _speakers(text: str) -> Iterable[tuple[int, int]]:
    """Where one speaker after the time has a name that is no word, others may be words."""
    spoken = [match for match in _SPEAKER.finditer("\n" + text) if _surnamed(match["name"])]
    if any(match["name"] not in words() and name_score(match["name"]) >= _MOTHER for match in spoken):
        for match in spoken:
            if match["name"] not in _NO_SPEAKER:
                yield match.start("name") - 1, match.end("name") - 1


def _signers(doc: Document) -> Iterable[tuple[int, int]]:
    text = doc.text
    if "—" in text or "--" in text:
        yield from (match.span("name") for match in _SIGNED.finditer(text) if _surnamed(match["name"]))
    for match in _WROTE.finditer(doc):
        name = match["name"]
        if name in given_pairs() or (_surnamed(name) and (name not in words() or surname_of(name, rare=False))):
            if name[:2] in words() and len(name) > 2 and name_score(name) < _LIKELY:
                continue  # 原文照录
            yield match.span("name")


def _near(doc: Document) -> Iterable[tuple[int, int]]:
    return (match.span("name") for match in _NEAR.finditer(doc) if match["name"] in given_pairs())


def _surnamed(name: str) -> bool:
    """Whether it begins with a surname and is no heading, role or word of medicine."""
    return surname_of(name, rare=True) > 0 and name not in medical_words() and _fits(name, anything=True)


def _under(doc: Document) -> Iterable[tuple[int, int]]:
    for match in _ROLES.finditer(doc.text) if _ROLES_SIGN.likely(doc) else ():
        names = list(re.finditer(r"[^ ]+", match["names"]))
        if len(names) == len(match["roles"].split()):
            at = match.start("names")
            yield from ((at + name.start(), at + name.end()) for name in names if not is_placeholder(name.group()))


def _latin(name: str) -> bool:
    """Whether two words are a name: pinyin, a surname with initials, or written as names are."""
    one, _, two = name.partition(" ")
    initials = two.isupper() and len(two) <= _INITIALS and is_pinyin([one.lower(), "an"])
    return initials or is_pinyin([one.lower(), two.lower()]) or is_name(name)


_INITIALS: Final = 3


def _fits(name: str, *, anything: bool = False) -> bool:
    """Whether a stretch may be a name at all: no heading, no role, no word of medicine."""
    if is_placeholder(name) or not NO_NAME.isdisjoint(name[1:]):
        return False
    return anything or (name[-1] in given() and not is_role(name) and name not in medical_words())
