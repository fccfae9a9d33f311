"""A name found once with good evidence is a name everywhere in the same document; so is an institution or a number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping, Sequence, Set
from operator import itemgetter
from typing import Final

from deid.latin import parts
from deid.leads import places as places_of
from deid.likeness import NO_NAME, rare_surnames, surname_of
from deid.lists import common_words, compound_surnames, given, given_pairs, medical_words, place_forms, surnames, words
from deid.mentions import found as as_people
from deid.mentions import misread, speakers, squeezed, stands_alone, ticked, torn
from deid.naming import is_placeholder
from deid.phrases import Phrases
from deid.recognizers.person_title import TITLE, is_role
from deid.spans import Finding, Tier, place_of
from records.entities import Entity

SURE: Final = 0.15  # what the tagger must be this sure of before it may speak for the rest of the document
_HAN: Final = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_SUBJECT: Final = re.compile(
    r"(?::|副?主任|医师|医生|护士|教授|老师|大夫|接听|陪|来|到|提供|已|仍|诉|说|称|今|昨|术后|仍|因|于"
    r"|表示|同意|拒绝|要求|家属|的|出现|无|病情|入院|出院|患|及|与|和|,|。|、|$)"
)
_ACTS: Final = re.compile(  # what a given name that is a word stands before: somebody is called, or does something
    r"[啊呀呢吧:]|[你您他她也又还已就仍醒正在把被让给叫问答听看说讲去来回到走哭笑睡醒吃喝拿送陪帮找签记写做打接带抱住病]"
    r"|[昨今明前后晚晨夜]|[一两三]个[儿女孩]|一[直早个起]|自[己述诉从]|本人|整理|负责|面谈|谈话|通话|补充|汇报|总结|发言|提醒|解释|安慰|继续|表示|认为|同意|拒绝|要求"
    r"|家里|家属|之[父母夫妻子女兄弟姐妹]|的[血尿痰药床家父母爸妈夫妻丈儿女儿哥姐弟妹]"
    r"|[向骑驾]|要[带去来回拿走求]|交代|开车|续访|配图|酗酒|抽烟|建议|查房|会诊|可[在以于凭]|一过性|意识|突[发然]|自觉|跟踪"
)
_CALLED: Final = re.compile(
    r"(?:^|[,。、;:?!\s(“\"与和向跟找请问叫让给对由替陪帮嘱说讲告诉把随同经称]|[0-2][0-9]:[0-5][0-9]\s?)$"
)
_OBJECT: Final = re.compile(r"(?:^|[,。、;:\s(]|患者|向|与|和|及|由|对|为|请|嘱|陪同|叫|告知|通知|陪|给|随|经|让)$")


_REPEATED: Final = frozenset(
    {Entity.ORGANISATION, Entity.MEDICAL_ID, Entity.PHONE, Entity.ID_CARD, Entity.ACCOUNT, Entity.OTHER_ID}
)


def propagate(
    found: Sequence[Finding], text: str, doubted: Container[tuple[int, int]] = frozenset(), *, damaged: bool = False
) -> list[Finding]:
    """Further mentions of what was found: the same characters, a given name alone, numbers again.

    `doubted` are stretches that the tagger all but took for names; `damaged`: names may be torn or misread.
    """
    sure, doubtful, others = _values(found, text)
    shorts, words_too = _shorts(sure)
    there = set(map(place_of, found))
    people = [one for one in found if one.entity is _PERSON]
    out = _listed(people, text, doubted)
    out += _beside(people, text) + _lone(sure | doubtful, found, text)
    out += as_people(
        (place for place in parts(text, _sure_places(people)) if not _inside(found, *place)),
        "latin",
        "word of a name in Latin letters",
    )
    if damaged:
        out += _misread(sure, found, text)
    out += [
        Finding(one.start - 1, one.end, Entity.PERSON, "propagated.surname", 0.65, _WHOLE)
        for one in people
        if one.end - one.start == 2 and one.tier is _MODEL and _surname_before(text, one.start)
    ]
    for start, value in Phrases({*sure, *doubtful, *shorts, *words_too, *others}).find(text):
        end = start + len(value)
        if len(value) == 2 and value not in others and _surname_before(text, start):
            out.append(Finding(start - 1, end, Entity.PERSON, "propagated.surname", 0.65, _WHOLE))
        if (start, end) in there or _inside(found, start, end):
            continue
        if value in sure:
            out.append(Finding(start, end, Entity.PERSON, "propagated.name", 0.8, _NAME))
        elif value in doubtful:
            if (start, end) in doubted or _stands_as_name(text, start, end, value):
                out.append(Finding(start, end, Entity.PERSON, "propagated.name", 0.7, _NAME, Tier.MODEL))
        elif value in shorts or value in words_too:
            usual = (value in shorts and ((start, end) in doubted or value not in words())) or _rare(text, start, end)
            if usual or _given_here(text, start, end, value in shorts):
                out.append(Finding(start, end, Entity.PERSON, "propagated.given", 0.65, _GIVEN, Tier.MODEL))
        elif _bounded(text, start, end, value):
            why = "found elsewhere in the document"
            out.append(Finding(start, end, others[value], "propagated.value", 0.7, why))
    return out


def _sure_places(people: Iterable[Finding]) -> list[tuple[int, int]]:
    """Where people stand of whom it is sure that they are."""
    return [place_of(one) for one in people if one.tier is not _MODEL or one.score >= SURE]


def _beside(people: Iterable[Finding], text: str) -> list[Finding]:
    """Surnames beside ticks, and speakers among speakers."""
    people = [one for one in people if "\u4e00" <= text[one.start] <= "\u9fff"]
    if not people:
        return []
    out = as_people(ticked(text, people), "ticked", "surname beside a tick or a slash")
    return out + (as_people(speakers(text, people), "speaker", "speaker among speakers") if ":" in text else [])


_LONE_ACTS: Final = re.compile(
    rf"(?![前后时])(?:{_ACTS.pattern}|询问|不[同愿肯想]|周[一二三四五六日末]|交待|拍了|返|诉|称|从[^自源,。;\n])"
)


_LINKS: Final = frozenset("和与同向从让给由为以可会能将被把对及或若如因而且但也又再")  # words of grammar


def _lone(names: Iterable[str], found: Sequence[Finding], text: str) -> list[Finding]:
    """The last character of a name of two, where its bearer acts or is spoken to: 露配图, 燕的丈夫, 与飞交待."""
    known = words()
    places = [
        (at, at + 1)
        for char in {name[1] for name in names if len(name) == _SHORT} - _LINKS
        if char in given()
        for at in places_of(text, char)
        if _CALLED.search(text, max(0, at - 6), at)
        and _LONE_ACTS.match(text, at + 1)
        and text[at : at + 2] not in known
        and text[max(0, at - 1) : at + 1] not in known
        and not _inside(found, at, at + 1)
    ]
    return as_people(places, "lone", "given name of one character")


def _inside(found: Sequence[Finding], start: int, end: int) -> bool:
    """Whether somebody found holds a place: `found` is sorted, without overlaps."""
    at = bisect_right(found, start, key=_start) - 1
    return at >= 0 and found[at].end >= end and found[at].entity is Entity.PERSON


_start: Final = itemgetter(0)
_PERSON, _MODEL = Entity.PERSON, Tier.MODEL  # they take long to look up


def _misread(sure: Set[str], found: Sequence[Finding], text: str) -> list[Finding]:
    """Names of a damaged text with gaps in them, or with one character taken for another."""
    names = [name for name in sure if _HAN.match(name)]
    gaps = {form for name in names for form in torn(name)}
    wrong = {form for name in names for form in misread(name)} - sure
    places = [
        (start, start + len(form))
        for start, form in Phrases(gaps | wrong).find(text)
        if form in gaps or len(form) > _SHORT or stands_alone(text, start, start + len(form))
    ]
    new = (place for place in places if not _inside(found, *place))
    return as_people(new, "misread", "name of the document, damaged")


_SHORT: Final = 2  # characters of a name that must stand alone to be one misread
_NAME: Final = "name found elsewhere in the document"
_GIVEN: Final = "given name of somebody in the document"
_WHOLE: Final = "surname before a given name of the document"
_NO_SURNAME: Final = frozenset("和于向同经从由让对与及将被把给请陪替跟叫问找管安到时来查")


def _surname_before(text: str, start: int) -> bool:
    """Whether a surname between a break and this place makes a name in full of a given name."""
    left = text[start - 1 : start]
    called = text[start : start + 1] == "阿" and left in "查来和"  # 查阿秀 is called so, where nobody is looked at
    if not left or (left in _NO_SURNAME and not called) or not (surnames().get(left) or left in rare_surnames()):
        return False
    before = text[start - 2 : start - 1]
    return not "\u4e00" <= before <= "\u9fff" or (before in _JOINS and text[start - 2 : start] not in words())


_JOINS: Final = frozenset("与和跟及由请让给对叫")
_ITEM: Final = re.compile(r"、\s?(?P<name>[\u4e00-\u9fff]{2,4})(?=[、,。;:(\s]|等|$)")
_ITEM_BEFORE: Final = re.compile(r"(?:^|[^\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,4})、$")
_LEAST_LISTED: Final = 2  # names that make a list one of people
_LONGEST_LIST: Final = 40


def _listed(found: Iterable[Finding], text: str, doubted: Container[tuple[int, int]]) -> list[Finding]:
    """What stands among names in a list of people and could be a name: 代强、海涛、万里."""
    if "、" not in text:
        return []
    people = dict(map(place_of, found))
    out: list[Finding] = []
    reached = 0
    for start, end in sorted(people.items()):
        if start < reached or (text[end : end + 1] != "、" and text[start - 1 : start] != "、"):
            continue
        names, others, reached = _chain(text, start, end, people)
        fit = [place for place in others if place in doubted or _could_be(text[place[0] : place[1]])]
        if names >= _LEAST_LISTED and (len(others) <= names or len(fit) == len(others)):
            why = "in a list of people"
            out += [Finding(*place, Entity.PERSON, "propagated.listed", 0.6, why, Tier.MODEL) for place in fit]
    return out


def _chain(text: str, start: int, end: int, people: Mapping[int, int]) -> tuple[int, list[tuple[int, int]], int]:
    """How many names stand in the list around a name, its other items, and where it ends."""
    names, others = 1, []
    for _ in range(_LONGEST_LIST):
        if text[end : end + 1] != "、" or (item := _ITEM.match(text, end)) is None:
            break
        if item.start("name") in people:
            names += 1
        else:
            others.append(item.span("name"))
        end = item.end()
    for _ in range(_LONGEST_LIST):
        begin = max(0, start - 6)
        if text[start - 1 : start] != "、" or (item := _ITEM_BEFORE.search(text[begin:start])) is None:
            break
        others.append((begin + item.start("name"), begin + item.end("name")))
        start = begin + item.start("name")
    return names, others, end


def _could_be(name: str) -> bool:
    """Whether an item among names could be one: a surname and no role, or what given names are made of."""
    if (
        name in medical_words()
        or is_role(name)
        or TITLE.fullmatch(name)
        or is_placeholder(name)
        or not NO_NAME.isdisjoint(name[1:])
    ):
        return False
    if surname_of(name, rare=True):
        return len(name) < 4 or name[:2] in compound_surnames()
    return len(name) == 2 and (name in given_pairs() or _given_like(name))


def _given_like(name: str) -> bool:
    """Whether both characters are usual in given names."""
    rows = [given().get(char) for char in name]
    return all(row is not None and row[place] >= _USUAL for place, row in enumerate(rows))


_USUAL: Final = 5


def _values(found: Sequence[Finding], text: str) -> tuple[set[str], set[str], dict[str, Entity]]:
    """Names that are surely names, names that are words as well, and institutions and numbers with their kind."""
    sure: set[str] = set()
    doubtful: set[str] = set()
    others: dict[str, Entity] = {}
    ordinary = words()
    for start, end, entity, _, score, _, tier in found:
        if entity is _PERSON:
            value = text[start:end]
            value = squeezed(value, rare=tier is not _MODEL) if " " in value else value
            if _HAN.match(value):
                if value not in ordinary and (tier is not _MODEL or score >= SURE):
                    sure.add(value)
                elif tier is not _MODEL:
                    doubtful.add(value)
            elif "·" in value or " " in value:
                sure.add(value)
        elif (
            entity in _REPEATED
            and (tier is not _MODEL or score >= SURE)
            and end - start >= (4 if entity is Entity.ORGANISATION else 5)
        ):
            others.setdefault(text[start:end], entity)
    return sure, doubtful - sure, others


def _shorts(sure: set[str]) -> tuple[set[str], set[str]]:
    """Given names of two characters: those that are no ordinary words, and those that are."""
    shorts = {name[size:] for name in sure if (size := surname_of(name, rare=True)) and len(name) - size == 2}
    worded = {short for short in shorts if short in words() and short not in given_pairs()}
    return shorts - worded, worded - medical_words()


def _bounded(text: str, start: int, end: int, value: str) -> bool:
    if not value[0].isascii():
        return True
    return not (start and text[start - 1].isascii() and text[start - 1].isalnum()) and not (
        end < len(text) and text[end].isascii() and text[end].isalnum()
    )


def _stands_as_name(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name that may be a word stands like a person; a word of medicine only as the speaker of a line."""
    if name not in words():
        return True
    return _like_a_person(text, start, end) and (name not in medical_words() or text.startswith(":", end))


def _given_here(text: str, start: int, end: int, usual: bool) -> bool:
    """Whether a given name of the document that is a word stands where somebody acts or is spoken to."""
    if usual and _like_a_person(text, start, end):
        return True
    return bool(_CALLED.search(text[max(0, start - 6) : start]) and _ACTS.match(text, end))


def _rare(text: str, start: int, end: int) -> bool:
    """Whether a given name is a word that hardly anybody uses (榴花), at a break, and no word runs over its end."""
    name = text[start:end]
    if name in common_words() or name in medical_words() or name in place_forms():
        return False
    led = not "\u4e00" <= text[start - 1 : start] <= "\u9fff" or _CALLED.search(text[start - 1 : start])
    return bool(led) and text[end - 1 : end + 1] not in words() and not _WHEN.match(text, end)


_WHEN: Final = re.compile("[前后期节假时以]")  # 国庆期间, 立冬后


def _like_a_person(text: str, start: int, end: int) -> bool:
    return bool(_OBJECT.search(text[max(0, start - 2) : start]) and _SUBJECT.match(text[end : end + 2]))
