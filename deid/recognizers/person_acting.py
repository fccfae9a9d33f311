"""Names, also those that are words, between a break or title and what only people do, and in brackets after a task."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from deid.document import Document
from deid.held import Held
from deid.leads import behind, led
from deid.likeness import NO_NAME, best_end, name_score, right_edge, surname_of
from deid.lists import common_words, given, given_pairs, lines_of, medical_words, words
from deid.naming import is_placeholder
from deid.recognizers.person_title import is_role
from deid.recognizers.person_value import starts_otherwise
from deid.spans import Finding
from records.entities import Entity

_ACTS: Final = Held(
    r"驾车|开车|骑车|陪[同护送]|送来|来电|致电|签[字名]|代[签诉述]|转述|表示(?:接受|同意|理解|拒绝|知情|不)|汇报病[历情史]"
    r"|核对[,。;、无后一]|护送|录入[,。;、]|口译|翻译[,。;、(]|拉开[,。;、]|搀扶|背[来回进到]|抬[来进到上]|转达|整理[,。;、]|协助[,。;、完翻转]"
)
_ACTOR: Final = re.compile(
    r"(?:(?:^|[,。;:、(\n由经被])|(?P<title>主任|医[师生]|护士长?|教授|院长|丈夫|妻子|母亲|父亲|儿子|女儿))"
    r"(?P<name>[\u4e00-\u9fff]{2,3})$"
)
_BRACKETED: Final = Held(
    r"(?:汇报|报告|记录|主持|发言|整理|签名|签字|主刀|麻醉|翻译|陪同|书写|执行|核对)"
    r"[(\[](?P<name>[\u4e00-\u9fff]{2,3})[)\]](?P<colon>:?)"
)
_GIVEN_ACTS: Final = led(  # after a given name
    r"(?<=[\u4e00-\u9fff]{2})(?:诉|自诉|自述|称|谈到|说|睁眼|复诊|复查|月经|要求|每[天日][抽吸饮喝]|汇报|评估[为患]|取[鼻咽标]"
    r"|清扫|待命|喂[饭奶药]|吐奶|打摆子|[还仍]?听得见|答应|有[饮吸]|[吸抽]烟|饮酒|本人|[之的][父母兄弟姐妹夫妻子女老]|沟通|晨起|近[日期一]"
    r"|[昨今][晚日夜晨]|凌晨|宫口|初潮|拉开|协助|转述|代述|主诉|拒绝|同意|已[签到按遵]|急予|立即|将吗|四手|往我|去[东北南西外打])"
)
_GIVEN_LEFT: Final = re.compile(r"(?:^|[,。;:、(\n“\"说叫让由经故])\s{0,2}$")
_WHOSE: Final = Held(  # 桂枝(女儿), 成功(治疗师): who somebody is, in brackets
    r"\((?:[我其患者]{0,2}(?:女儿|儿子|老伴|妻子|丈夫|配偶|爱人|母亲|父亲|妈妈|爸爸|姐姐|哥哥|弟弟|妹妹|儿媳|女婿|孙子|孙女|侄子|侄女|外甥|婆婆|公公"
    r"|岳父|岳母|姑姑|舅舅|叔叔|阿姨|邻居|同事|工友|同学|室友|护工|保姆|房东|老板|村医|治疗师|营养师|药师|技师|社工|司机|班主任|班长|组长|值班))\)"
)
_SAID: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[与和跟由让叫请对是]|[昨今][晚日夜天晨]|那天|[点时])(?P<name>[\u4e00-\u9fff]{2,3})$"
)
_LEADS: Final = frozenset("与和跟由让叫请对是点时晚日夜天晨")  # what may stand before a name of two characters
_SHORT: Final = 2
_NOT_SAID: Final = re.compile(
    r"陈述|代.|安排|通知|申请|计划|沟通|单[人位]|方[便案式]|成[人员年]|管[床理]|关系|时间|查房|应[诊答]|全[部家]|经[办过]|于.*"
)
_IN_FULL: Final = re.compile(
    r"(?P<surname>[\u4e00-\u9fff])"
    + led(r"(?:副?主任(?:医师|护师)?|主治医师|住院医师|医[师生]|护士长?|教授|院长|老师|科长)").pattern
    + r"\s?\((?P<name>(?P=surname)\s?[\u4e00-\u9fff]{1,2})\)"
)
_IN_FULL_SIGN: Final = led(r"\((?:(?<=[任师生士长授].)|(?<=[任师生士长授]\s.))")  # what that holds
# Somebody of an institution: where a patient goes to see them, and before what they do.
_AT: Final = Held(r"处(?=[随复求配开诊治抄拜]|就[诊医]|看[病诊]|门诊|取药|学)")
_SEEN: Final = re.compile(r"(?:[院科室部心站所诊在往到至于从经找赴]|[^\u4e00-\u9fff]|^)(?P<name>[\u4e00-\u9fff]{2,3})$")
_OF_PLACE: Final = Held(r"的(?:(?<=[科室心站部组台院班楼].)|(?<=药房.)|(?<=病区.))(?=[\u4e00-\u9fff]{2})")
_ALONE: Final = 0.8  # what a name must score after a break, after a title, and in brackets
_TITLED: Final = -0.9
_IN_BRACKETS: Final = 1.0
_SURE: Final = 1.5
_OF_A_PLACE: Final = 0.8  # the cue, for `best_end`
_ACTING: Final = 2.0  # the edge of a name before what people do


class PersonActing:
    """A surname is asked for, and how much of one depends on what stands before."""

    name = "person_acting"
    entity = Entity.PERSON

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        found: list[Finding] = []
        for match in _ACTS.finditer(doc):
            left = _ACTOR.search(text, max(0, match.start() - 8), match.start())
            if left and named(left["name"], _TITLED if left["title"] else _ALONE):
                why = "name before what only people do"
                found.append(Finding(*left.span("name"), self.entity, "person_acting.verb", 0.7, why))
        for match in behind(_SHORT, _GIVEN_ACTS, text):
            start, stop = match.start() - _SHORT, match.start()
            if _given(text[start:stop]) and _GIVEN_LEFT.search(text[max(0, start - 3) : start]):
                why = "given name before what only people do"
                found.append(Finding(start, stop, self.entity, "person_acting.given", 0.6, why))
        for match in _BRACKETED.finditer(doc):
            if named(match["name"], _TITLED if match["colon"] else _IN_BRACKETS):
                why = "name in brackets after a task"
                found.append(Finding(*match.span("name"), self.entity, "person_acting.bracketed", 0.7, why))
        for match in _WHOSE.finditer(doc):
            left = _SAID.search(text, max(0, match.start() - 6), match.start())
            start = left.start("name") if left else match.start()
            start += match.start() - start > _SHORT and text[start] in _LEADS
            if left and _told(text[start : match.start()]):
                why = "name before who it is, in brackets"
                found.append(Finding(start, match.start(), self.entity, "person_acting.whose", 0.7, why))
        for match in _AT.finditer(doc):
            left = _SEEN.search(text, max(0, match.start() - 4), match.start())
            if left and named(left["name"], _SURE):
                why = "name of whom somebody goes to see"
                found.append(Finding(*left.span("name"), self.entity, "person_acting.seen", 0.7, why))
        for match in _OF_PLACE.finditer(doc):
            end = best_end(text, match.end(), _OF_A_PLACE, longest=3)
            if end is not None and right_edge(text, end) == _ACTING and named(text[match.end() : end], _SURE):
                why = "name after a place of work, before what people do"
                found.append(Finding(match.end(), end, self.entity, "person_acting.of_place", 0.7, why))
        found += [
            Finding(*match.span("name"), self.entity, "person_acting.in_full", 0.8, "name in full after its surname")
            for match in (_IN_FULL.finditer(text) if _IN_FULL_SIGN.search(text) else ())
        ]
        return found


@cache
def cue_words() -> frozenset[str]:
    """The words of person_cues.txt, and the letters of their kinds."""
    return frozenset(word for line in lines_of("person_cues.txt") for word in line.split())


def _told(name: str) -> bool:
    """Whether a stretch before a bracketed relation or role is somebody: a surname, or what given names are made of."""
    if _NOT_SAID.fullmatch(name) or is_placeholder(name) or is_role(name) or not NO_NAME.isdisjoint(name[1:]):
        return False
    if name in cue_words():
        return False
    return surname_of(name, rare=False) > 0 or (len(name) == 2 and _given(name))


def named(name: str, least: float) -> bool:
    """Whether a stretch where a person stands is a name; below 0, `least` lets names that are words pass."""
    if (
        is_placeholder(name)
        or is_role(name)
        or name in medical_words()
        or (least > 0 and starts_otherwise(name))
        or not NO_NAME.isdisjoint(name.removeprefix("时"))
    ):
        return False
    if name in cue_words() or (least > 0 and name in words()):
        return False
    return surname_of(name, rare=True) > 0 and name_score(name) >= least


def _given(name: str) -> bool:
    """Whether two characters are what a given name is made of, and no ordinary word."""
    if (
        not _NOBODY.isdisjoint(name)
        or is_placeholder(name)
        or name in medical_words()
        or name in common_words()
        or not NO_NAME.isdisjoint(name)
        or is_role(name)
    ):
        return False
    rows = [given().get(char) for char in name]
    usual = all(row is not None and row[place] >= _USUAL for place, row in enumerate(rows))
    return usual or name in given_pairs()


_NOBODY: Final = frozenset(
    "量色语晨今昨明周之来再又常不时早晚未将仅约曾仍多少共各自由经因现近多久屡间常偶忽突渐继复遂乃并且均即同补"
)
_USUAL: Final = 2  # how often a character stands at its place in given names
