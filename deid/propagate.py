"""A name found once with good evidence is a name everywhere in the same document; so is an institution or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from deid.lists import given_pairs, medical_words, words
from deid.naming import surname_size
from deid.phrases import Phrases
from deid.spans import Finding, Tier
from records.entities import Entity

SURE: Final = 0.25  # what the tagger must be this sure of before it may speak for the rest of the document
_HAN: Final = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_SUBJECT: Final = re.compile(
    r"(?::|副?主任|医师|医生|护士|教授|老师|大夫|接听|陪|来|到|提供|已|仍|诉|说|称|今|昨|术后|仍|因|于"
    r"|表示|同意|拒绝|要求|家属|的|出现|无|病情|入院|出院|患|及|与|和|,|。|、|$)"
)
_OBJECT: Final = re.compile(r"(?:^|[,。、;:\s(]|患者|向|与|和|及|由|对|为|请|嘱|陪同|叫|告知|通知|陪|给|随|经|让)$")


_REPEATED: Final = frozenset(
    {Entity.ORGANISATION, Entity.MEDICAL_ID, Entity.PHONE, Entity.ID_CARD, Entity.ACCOUNT, Entity.OTHER_ID}
)


def propagate(found: Sequence[Finding], text: str, doubted: Set[tuple[int, int]] = frozenset()) -> list[Finding]:
    """Further mentions of what was found: the same characters, a given name alone, numbers again.

    `doubted` are stretches that the tagger all but took for names.
    """
    sure, doubtful, others = _values(found, text)
    shorts = _shorts(sure)
    there = {(finding.start, finding.end) for finding in found}
    out = []
    for start, value in Phrases({*sure, *doubtful, *shorts, *others}).find(text):
        end = start + len(value)
        if (start, end) in there:
            continue
        if value in sure:
            out.append(Finding(start, end, Entity.PERSON, "propagated.name", 0.8, _NAME))
        elif value in doubtful:
            if (start, end) in doubted or _stands_as_name(text, start, end, value):
                out.append(Finding(start, end, Entity.PERSON, "propagated.name", 0.7, _NAME, Tier.MODEL))
        elif value in shorts:
            if (start, end) in doubted or value not in words() or _like_a_person(text, start, end):
                why = "given name of somebody in the document"
                out.append(Finding(start, end, Entity.PERSON, "propagated.given", 0.65, why, Tier.MODEL))
        elif _bounded(text, start, end, value):
            why = "found elsewhere in the document"
            out.append(Finding(start, end, others[value], "propagated.value", 0.7, why))
    return out


_NAME: Final = "name found elsewhere in the document"


def _values(found: Sequence[Finding], text: str) -> tuple[set[str], set[str], dict[str, Entity]]:
    """Names that are surely names, names that are words as well, and institutions and numbers with their kind."""
    sure: set[str] = set()
    doubtful: set[str] = set()
    others: dict[str, Entity] = {}
    for start, end, entity, _, score, _, tier in found:
        value = text[start:end]
        if entity is Entity.PERSON:
            if _HAN.match(value):
                if value not in words() and (tier > Tier.MODEL or score >= SURE):
                    sure.add(value)
                elif tier > Tier.MODEL:
                    doubtful.add(value)
            elif "·" in value or " " in value:
                sure.add(value)
        elif (
            entity in _REPEATED
            and (tier > Tier.MODEL or score >= SURE)
            and len(value) >= (4 if entity is Entity.ORGANISATION else 5)
        ):
            others.setdefault(value, entity)
    return sure, doubtful - sure, others


def _shorts(sure: set[str]) -> set[str]:
    """Given names of two characters that are no ordinary words."""
    shorts = {name[surname_size(name) :] for name in sure if surname_size(name) and len(name) - surname_size(name) == 2}
    return {short for short in shorts if short in given_pairs() or short not in words()}


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


def _like_a_person(text: str, start: int, end: int) -> bool:
    return bool(_OBJECT.search(text[max(0, start - 2) : start]) and _SUBJECT.match(text[end : end + 2]))
