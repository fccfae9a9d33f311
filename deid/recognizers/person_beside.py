"""Names by what stands beside them: the sex, an age, a bracket with a relation or number, the colon of a speaker."""

from __future__ import annotations

import re
from typing import Final

from deid.document import Document
from deid.likeness import NO_NAME, name_score, surname_of
from deid.lists import words
from deid.naming import is_placeholder
from deid.recognizers.person_title import name_before
from deid.spans import Finding
from records.entities import Entity

_SEX: Final = re.compile(r"[ ,|(/;]{1,6}(?:男|女|妇)(?:性|孩|婴|童)?(?=[\s,/、。)|;]|[0-9]|$)")
_AGE: Final = re.compile(r"\s?[,(]\s?\d{1,3}\s?(?:岁|周岁|月龄|天龄|y)")
_BRACKET: Final = re.compile(
    r"\s?\((?:\d{6,}|工号|警号|身份证|电话|手机|微信|关系|中文名|患者|男|女|妻|夫|父|母|兄|弟|姐|妹|儿|子|配偶"
    r"|爱人|家属|丈夫|妻子|女婿|媳|孙|侄|外甥|岳|公公|婆婆|祖|外[公婆]"
    r"|邻居|同事|朋友|老乡|护工|保姆|监护人|代理人|联系人|进修|实习|规培|研究生|主任|副主任|主治|住院|护士|医师"
    r"|教授|药师|技师|麻醉|外科|内科|[PST]T|OT|CRC|PI|l?\d[\dOlI -]{6,})"
)
_LEFT: Final = re.compile(r"[\u4e00-\u9fff](?:[\u4e00-\u9fff ]{0,5}[\u4e00-\u9fff])?$")
_SPEAKER: Final = re.compile(
    r"(?:^|[\n。;\"”」]\s{0,4}|[\u4e00-\u9fff]{0,4}(?:科|影像|介入|病理|放疗|放射|护理|麻醉|药学|药剂|营养|检验"
    r"|超声|医务|外|内|妇|儿|康复|心理|肿瘤|重症|急诊|感染|输血)\s?)"
    r"(?P<name>[\u4e00-\u9fff]{2,4})$"
)
_NO_SPEAKER: Final = re.compile(
    r"[诉史查断案法果见名别龄室科号位期间意见明论评估议程书单]$|(?:情况|目的|要点|计划|措施|方案|问题|建议|医嘱"
    r"|结论|分析|讨论|总结|体会|依据|项目|部位|方式|类型|范围)"
)


_SIGNATURE: Final = re.compile(
    r"(?:科|室|组|院|部|病区|站|签|[—-]{1,4}|[。;]\s{0,3}|\s{2,12})\s{0,3}(?P<name>[\u4e00-\u9fff]{2,4})\s{0,4}"
    r"(?=$|\n|\s?(?:19|20)\d\d\s?[年.\-/])"
)


_PAIR: Final = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<one>[\u4e00-\u9fff]{2,3})\s?/\s?(?P<two>[\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])"
)
_INSIDE: Final = re.compile(
    r"\((?P<name>[\u4e00-\u9fff]{2,4})(?=[,、/ :]{1,3}(?:丈夫|妻|配偶|爱人|儿|女|父|母|夫|子|兄|弟|姐|妹|家属"
    r"|电话|手机|1[3-9]\d|系|男|\d{2}岁"
    r"|[A-Z]?\d{4,}|主任|副主任|主治|医|护|教授|身份证|工号|联系))"
)
_STAMPED: Final = re.compile(r"\d:[0-5]\d(?::[0-5]\d)?[ |]{1,6}(?P<name>[\u4e00-\u9fff]{2,4})(?=[\s,。:;/|(]|$)")
_BEFORE_DATE: Final = re.compile(
    r"(?:^|[\s,。;:|)])(?P<name>[\u4e00-\u9fff]{2,4})[ |]{1,6}(?=(?:19|20)\d\d\s?[\-/.年]|\d{1,2}月\d|\d{1,2}:\d\d)"
)


class PersonBeside:
    """The neighbour is the evidence; what it stands beside must have the length of a name and be no label."""

    name = "person_beside"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for pattern, rule, why in (
            (_SEX, "person_beside.sex", "name before the sex"),
            (_BRACKET, "person_beside.bracket", "name before a bracket with a relation, task or number"),
            (_AGE, "person_beside.age", "name before an age"),
        ):
            for match in pattern.finditer(text):
                start = _name_before(text, match.start(), strict=rule != "person_beside.sex")
                if start is None and rule == "person_beside.bracket":
                    start = name_before(text, match.start(), full=True)
                if start is not None:
                    found.append(Finding(start, match.start(), self.entity, rule, 0.75, why))
        for label, value in doc.fields:
            said = _SPEAKER.search(label)
            if said and _speaks(said["name"]) and len(label) < 20:
                end = self._colon(text, value)
                found.append(
                    Finding(end - len(said["name"]), end, self.entity, "person_beside.speaker", 0.7, "somebody speaks")
                )
        for match in [*_SIGNATURE.finditer(text), *_STAMPED.finditer(text), *_BEFORE_DATE.finditer(text)]:
            name = match["name"]
            if surname_of(name, rare=False) and name_score(name, rare=False) >= 1.9 and name not in words():
                found.append(
                    Finding(*match.span("name"), self.entity, "person_beside.signature", 0.65, "name that ends a line")
                )
        for match in _INSIDE.finditer(text):
            if name_score(match["name"]) >= 1.0 and not is_placeholder(match["name"]):
                rule, why = "person_beside.inside", "name in brackets with a relation, task or number"
                found.append(Finding(*match.span("name"), self.entity, rule, 0.7, why))
        found += self._pairs(text)
        return found

    @staticmethod
    def _pairs(text: str) -> list[Finding]:
        """Two names with a stroke between, as two people sign."""
        out = []
        for match in _PAIR.finditer(text):
            names = match["one"], match["two"]
            if all(n not in words() and surname_of(n, rare=False) and name_score(n, rare=False) >= 2.0 for n in names):
                out += [
                    Finding(*match.span(part), Entity.PERSON, "person_beside.pair", 0.65, "two names with a stroke")
                    for part in ("one", "two")
                ]
        return out

    @staticmethod
    def _colon(text: str, value: int) -> int:
        """Where the label before a field's value ends."""
        end = text.rindex(":", 0, value)
        while text[end - 1] in " :":
            end -= 1
        return end


def _speaks(name: str) -> bool:
    return (
        name not in words()
        and not is_placeholder(name)
        and not _NO_SPEAKER.search(name)
        and name_score(name, rare=False) >= 1.9
    )


def _name_before(text: str, stop: int, *, strict: bool) -> int | None:
    """Where the name that ends at `stop` begins: a whole run of two to four characters, blanks inside allowed."""
    while stop and text[stop - 1] == " ":
        stop -= 1
    left = _LEFT.search(text, max(0, stop - 7), stop)
    if left is None:
        return None
    pieces = re.split(r" +", left.group())
    for count in range(len(pieces), 0, -1):
        part = pieces[-count:]
        name = "".join(part)
        start = (
            stop - len(left.group()) + left.group().rindex(" ".join(part))
            if count == 1
            else _start_of(left.group(), stop, count)
        )
        before = text[start - 1 : start]
        if not 2 <= len(name) <= 4 or ("\u4e00" <= before <= "\u9fff" and before != "床"):
            continue
        if is_placeholder(name) or not NO_NAME.isdisjoint(name):
            continue
        if count > 1 and not (surname_of(name, rare=True) and all(len(p) <= 2 for p in part) and len(part[-1]) <= 2):
            continue
        limit = 2.0 if strict else (0.4 if count > 1 else -1.2)
        if name_score(name) >= limit:
            return start
    return None


def _start_of(run: str, stop: int, count: int) -> int:
    """Where the last `count` pieces of a run begin."""
    at = len(run)
    for _ in range(count):
        at = len(run[:at].rstrip(" "))
        at = run.rfind(" ", 0, at) + 1
    return stop - len(run) + at
