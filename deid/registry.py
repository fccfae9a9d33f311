"""The first pass in its order: which recognizers run, how their findings become spans. Knows no engine."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from functools import cache, lru_cache
from typing import Final
from zlib import crc32

from deid.day_judge import DayJudge
from deid.document import Document, Recognizer
from deid.name_judge import NameJudge
from deid.number_judge import NumberJudge
from deid.propagate import propagate
from deid.recognizers.account import Account
from deid.recognizers.address import Address
from deid.recognizers.address_english import AddressEnglish
from deid.recognizers.address_field import AddressField
from deid.recognizers.address_free import AddressFree
from deid.recognizers.age import AgeOver89
from deid.recognizers.bed import Bed
from deid.recognizers.closed import CLOSED, AcrossGaps
from deid.recognizers.code import Code
from deid.recognizers.date import CalendarDate
from deid.recognizers.date_anchored import AnchoredDate
from deid.recognizers.date_loose import LooseDate
from deid.recognizers.date_worded import WordedDate
from deid.recognizers.email import Email
from deid.recognizers.employer import Employer
from deid.recognizers.id_card import IdCard
from deid.recognizers.medical_id import MedicalId
from deid.recognizers.organisation import Organisation
from deid.recognizers.organisation_english import OrganisationEnglish
from deid.recognizers.other_id import OtherId
from deid.recognizers.person_acting import PersonActing
from deid.recognizers.person_beside import PersonBeside
from deid.recognizers.person_brief import PersonBrief
from deid.recognizers.person_cue import PersonCue
from deid.recognizers.person_english import PersonEnglish
from deid.recognizers.person_foreign import PersonForeign
from deid.recognizers.person_latin import PersonLatin
from deid.recognizers.person_nickname import PersonNickname
from deid.recognizers.person_title import PersonTitle
from deid.recognizers.phone import Phone
from deid.recognizers.table import Table, charged
from deid.recognizers.tagged import Tagged
from deid.resolve import distinct, resolve
from deid.spans import Finding, Span, Tier, made
from deid.tags import ENTITIES, Kind
from records.entities import Entity


@cache
def recognizers() -> tuple[Recognizer, ...]:
    """All recognizers, in the order in which they are asked (the result does not depend on it)."""
    return (
        IdCard(),
        MedicalId(),
        Bed(),
        Phone(),
        Address(),
        AddressField(),
        AddressFree(),
        AddressEnglish(),
        Organisation(),
        OrganisationEnglish(),
        Employer(),
        CalendarDate(),
        LooseDate(),
        AnchoredDate(),
        WordedDate(),
        AgeOver89(),
        Email(),
        Account(),
        OtherId(),
        Code(),
        PersonCue(),
        PersonNickname(),
        PersonTitle(),
        PersonActing(),
        PersonForeign(),
        PersonLatin(),
        PersonEnglish(),
        PersonBeside(),
        PersonBrief(),
        Table(),
        *(Tagged(kind) for kind in Kind),
        *(AcrossGaps(one) for one in _ACROSS),
    )


# Their finds across the gaps of a damaged text are worth a second reading; others allow gaps, or gain next to nothing.
_ACROSS: Final[tuple[Recognizer, ...]] = (Organisation(), Phone())


def first_pass(docs: Sequence[Document], using: Iterable[Recognizer]) -> list[list[Finding]]:
    """Everything the recognizers find in each text, unresolved.

    Each recognizer reads all texts before the next one does: its tables stay in the processor's cache.
    """
    found: list[list[Finding]] = [[] for _ in docs]
    for recognizer in using:
        find = recognizer.find
        for doc, here in zip(docs, found, strict=True):
            here += find(doc)
    return [nudged(here) for here in found]


class _Nudges(dict[str, float]):
    """By the name of a rule, of which there are few."""

    def __missing__(self, rule: str) -> float:
        self[rule] = nudge = crc32(rule.encode()) % 997 * 1e-8
        return nudge


_NUDGES: Final = _Nudges()


def nudged(found: Iterable[Finding]) -> list[Finding]:
    """Findings with a score no other rule has: ties are settled the same way everywhere, in any engine."""
    nudges = _NUDGES
    return [
        made(Finding, (start, end, entity, rule, score + nudges[rule], why, tier))
        for start, end, entity, rule, score, why, tier in found
    ]


def _plausible(found: list[Finding], doc: Document, codes: Set[int]) -> list[Finding]:
    """Without codes of charges, and what goes across a gap only to join a heading to an institution whole beside it."""
    text = doc.text
    if codes:
        found = [finding for finding in found if finding.start not in codes or finding.tier is Tier.KNOWN]
    if doc.closed is None:
        return found
    closed = [f for f in found if f.entity is Entity.ORGANISATION and f.rule.startswith(CLOSED)]
    if not closed:
        return found
    whole = [finding for finding in found if not finding.rule.startswith(CLOSED) and finding.tier > Tier.MODEL]
    vain = {
        finding
        for finding in closed
        for other in whole
        if other.entity is finding.entity
        and finding.start <= other.start
        and other.end == finding.end
        and other.end - other.start >= _WHOLE
        and _HEADED.search(text, finding.start, other.start)
    }
    return [finding for finding in found if finding not in vain] if vain else found


_WHOLE: Final = 5  # characters that an institution standing whole has
_HEADED: Final = re.compile(
    r"(?:[单表书卡本册证号]|记录|报告|小结|首页|证明|地点|单位|名称|机构|处方|病历|通知|登记|手术|治疗)\s{1,3}$"
)


def credible(found: Sequence[Finding]) -> list[Finding]:
    """Without the tagger's finds that are not worth enough: more is asked where no rule finds anybody or anything.

    Where a rule and the tagger find one thing and differ in where it begins or ends, both are right: the whole is it.
    """
    rules = [finding for finding in found if finding.tier is not _MODEL]
    if len(rules) == len(found):
        return rules
    least = LEAST if rules else LEAST_ALONE
    by_place = sorted((f.start, f.end, f.entity) for f in rules if f.entity in ENTITIES and f.tier is _RULE)
    believed = [one for one in found if one.tier is _MODEL and one.score >= least.get(one.entity, 0)]
    return rules + [_whole(one, by_place) for one in believed]


def _whole(finding: Finding, by_place: Sequence[tuple[int, int, Entity]]) -> Finding:
    """What the tagger found, with all that findings of rules (sorted) which it touches hold beyond it."""
    start, end, entity, rule, score, why, _ = finding
    touched = False
    for place in range(bisect_left(by_place, (start - _LONGEST,)), bisect_left(by_place, (end,))):
        first, last, kind = by_place[place]
        if last > start and kind is entity:
            start, end, touched = min(start, first), max(end, last), True
    return made(Finding, (start, end, entity, rule, score, why, _RULE)) if touched else finding


_MODEL, _RULE = Tier.MODEL, Tier.RULE  # a tier takes long to look up
_LONGEST: Final = 60  # characters of a rule's finding that is looked at from behind
# Scores of the tagger's findings (`deid.recognizers.tagged`) below which they are not believed: beside what rules found
# in the same text, and where they found nothing.
LEAST: Final = {Entity.PERSON: 0.02, Entity.ADDRESS: 0.09, Entity.ORGANISATION: 0.08}
LEAST_ALONE: Final = {Entity.PERSON: 0.16, Entity.ADDRESS: 0.19, Entity.ORGANISATION: 0.18}


def settle(docs: Sequence[Document], found: Sequence[Sequence[Finding]]) -> list[tuple[Span, ...]]:
    """Resolve what is credible, propagate inside each document, resolve again, and point back into the input.

    Each step takes all documents before the next one does, as recognizers do.
    """
    judge = NameJudge.load()
    once = [judge.kept(doc, here) for doc, here in zip(docs, likely(docs, found), strict=True)]
    more = [
        propagate(here, doc.text, doc.reading.doubted, damaged=doc.closed is not None)
        for doc, here in zip(docs, once, strict=True)
    ]
    final = [
        resolve([*here, *further], doc.text) if further else here
        for doc, here, further in zip(docs, once, more, strict=True)
    ]
    return list(map(_spans, docs, final))


def likely(docs: Sequence[Document], found: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """What is credible of what recognizers found, resolved, and the numbers and days that no rule speaks of."""
    judge = DayJudge.load()
    return [judge.find(doc, here) for doc, here in zip(docs, numbered(docs, found), strict=True)]


def numbered(docs: Sequence[Document], found: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """`likely` without the days."""
    codes = [charged(doc.text) for doc in docs]
    resolved = [
        resolve(credible(_plausible(distinct(here), doc, those)), doc.text)
        for doc, here, those in zip(docs, found, codes, strict=True)
    ]
    judge = NumberJudge.load()
    return [judge.find(doc, here, those) for doc, here, those in zip(docs, resolved, codes, strict=True)]


def _spans(doc: Document, found: Sequence[Finding]) -> tuple[Span, ...]:
    """Findings (sorted, not overlapping) as spans of the input."""
    place = doc.folded.span
    spans = []
    reached = 0
    for first, last, entity, rule, score, why, _ in found:
        start, end = place(first, last)
        if start < reached:
            start = reached
        if end > start:
            spans.append(made(Span, (start, end, entity, rule, _rounded(score), why)))
            reached = end
    return tuple(spans)


@lru_cache(maxsize=4096)
def _rounded(score: float) -> float:
    """To three places: rules give few scores, and to round one takes long."""
    return round(score, 3)
