"""A name found once with good evidence is a name everywhere in the same document; so is an institution or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from deid.lists import given_pairs, medical_words, words
from deid.naming import surname_size
from deid.phrases import Phrases
from deid.spans import Finding, Tier
from records.entities import Entity

SURE: Final = 0.75  # what the tagger must be this sure of before it may speak for the rest of the document
_HAN: Final = re.compile(r"^[\u4e00-\u9fff]{2,4}$")
_SUBJECT: Final = re.compile(
    r"(?::|副?主任|医师|医生|护士|教授|老师|大夫|接听|陪|来|到|提供|已|仍|诉|说|称|今|昨|术后|仍|因|于"
    r"|表示|同意|拒绝|要求|家属|的|出现|无|病情|入院|出院|患|及|与|和|,|。|、|$)"
)
_OBJECT: Final = re.compile(r"(?:^|[,。、;:\s(]|患者|向|与|和|及|由|对|为|请|嘱|告知|通知|陪|给|随|经|让)$")


def propagate(found: Sequence[Finding], text: str) -> list[Finding]:
    """Further mentions of what was found: the same characters, a given name alone, numbers again."""
    sure: set[str] = set()
    doubtful: set[str] = set()
    others: dict[str, Entity] = {}
    for finding in found:
        value = text[finding.start : finding.end]
        if finding.entity is Entity.PERSON:
            if _HAN.match(value):
                if value not in words() and (finding.tier > Tier.MODEL or finding.score >= SURE):
                    sure.add(value)
                elif finding.tier > Tier.MODEL:
                    doubtful.add(value)
            elif "·" in value or " " in value:
                sure.add(value)
        elif finding.entity in (
            Entity.ORGANISATION,
            Entity.MEDICAL_ID,
            Entity.PHONE,
            Entity.ID_CARD,
            Entity.ACCOUNT,
            Entity.OTHER_ID,
        ) and (len(value) >= 5 or (finding.entity is Entity.ORGANISATION and len(value) >= 4)):
            others.setdefault(value, finding.entity)
    out = _exact(sure, doubtful, text)
    out += _given(sure, text)
    for start, value in Phrases(others).find(text):
        if _bounded(text, start, start + len(value), value):
            out.append(
                Finding(
                    start, start + len(value), others[value], "propagated.value", 0.7, "found elsewhere in the document"
                )
            )
    return out


def _bounded(text: str, start: int, end: int, value: str) -> bool:
    if not value[0].isascii():
        return True
    return not (start and text[start - 1].isascii() and text[start - 1].isalnum()) and not (
        end < len(text) and text[end].isascii() and text[end].isalnum()
    )


def _exact(sure: set[str], doubtful: set[str], text: str) -> list[Finding]:
    out = [
        Finding(at, at + len(name), Entity.PERSON, "propagated.name", 0.8, "name found elsewhere in the document")
        for at, name in Phrases(sure).find(text)
    ]
    known = words()
    for at, name in Phrases(doubtful - sure).find(text):
        end = at + len(name)
        if name in known and not (_OBJECT.search(text[max(0, at - 2) : at]) and _SUBJECT.match(text[end : end + 2])):
            continue
        if name in known and name in medical_words() and not text.startswith(":", end):
            continue
        out.append(
            Finding(at, end, Entity.PERSON, "propagated.name", 0.7, "name found elsewhere in the document", Tier.MODEL)
        )
    return out


def _given(sure: set[str], text: str) -> list[Finding]:
    """A bare given name of two characters, where it stands like a person."""
    shorts = {name[surname_size(name) :] for name in sure if surname_size(name) and len(name) - surname_size(name) == 2}
    shorts = {s for s in shorts if s in given_pairs() or s not in words()}
    out = []
    for at, short in Phrases(shorts).find(text):
        end = at + len(short)
        if _OBJECT.search(text[max(0, at - 2) : at]) and _SUBJECT.match(text[end : end + 2]):
            out.append(
                Finding(
                    at,
                    end,
                    Entity.PERSON,
                    "propagated.given",
                    0.65,
                    "given name of somebody in the document",
                    Tier.MODEL,
                )
            )
    return out
