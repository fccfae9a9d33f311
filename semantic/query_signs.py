"""What of a question is wished for and what is not (所求与所排): words of denial, the lists they hold for, and heads
that only stand behind them ("无吸烟史的肺癌", "never smoked lung cancer")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from semantic.concepts import Found, Lexicon, Reached, Want, Wish
from semantic.cues import AHEAD, cues
from semantic.labs import LAB
from semantic.lexicon_concept import ConceptKind
from semantic.lexicon_relations import Edge

_ILL: Final = frozenset({ConceptKind.DISEASE, ConceptKind.COMPLICATION})
_NEGATED, _FAMILY, _PRESENT = Assertion.NEGATED, Assertion.FAMILY, Assertion.PRESENT

Span = tuple[int, int]


def denied_starts(flat: str, found: Sequence[Found], mentions: Sequence[Mention]) -> frozenset[int]:
    """Where the denied names of a question begin."""
    said = {mention.start for mention in mentions if mention.assertion is _NEGATED}
    return frozenset(each.start for each in found if each.start in said or denial(flat, each.start, each.end))


def denial(flat: str, start: int, end: int) -> Span | None:
    """What stands around a name with the words that turn it into something not wished for, or None."""
    after, known = flat[end:], cues().unwished
    ahead, behind = known.ahead(flat, start), known.after.search(after)
    if ahead is None and behind is None:  # 除 … 外: neither without the other
        before = flat[max(0, start - AHEAD) : start]
        left, behind = known.left_out_before.search(before), known.left_out_after.search(after)
        if left is None or behind is None:
            return None
        ahead = start - len(before) + left.start()
    return start if ahead is None else ahead, end + (behind.end() if behind else 0)


def signs(flat: str, wishes: Sequence[Wish], mentions: Sequence[Mention], lexicon: Lexicon) -> list[Assertion]:
    """For each wish PRESENT, NEGATED or FAMILY. Records' grammar is asked first; a question's own words come before it,
    and its head is never denied by what only describes it."""
    found: list[Assertion] = []
    for at, wish in enumerate(wishes):
        inside = (  # a value in a question is no denial
            each.assertion
            for each in mentions
            if wish.start <= each.start and each.end <= wish.end and not each.rule.startswith(LAB)
        )
        said = next(inside, _PRESENT)
        last = wishes[at - 1] if at and found[-1] is _NEGATED else None
        if denial(flat, wish.start, wish.end) or (last and _listed(flat, last, wish)):
            found.append(_NEGATED)
        elif said in (_NEGATED, _FAMILY) and not _head(flat, wish, last, wishes, lexicon):
            found.append(said)
        else:
            found.append(_PRESENT)
    for at in range(len(wishes) - 2, -1, -1):  # "ER、PR阴性"
        left, right = wishes[at], wishes[at + 1]
        around = denial(flat, right.start, right.end) if found[at + 1] is _NEGATED else None
        if around and around[1] > right.end and cues().unwished.listed.fullmatch(flat[left.end : right.start]):
            found[at] = _NEGATED
    return found


def _listed(flat: str, last: Wish, wish: Wish) -> bool:
    """Whether a wish goes on with the list that a word before `last` denies."""
    around = denial(flat, last.start, last.end)
    ahead = around is None or around[0] < last.start
    return ahead and cues().unwished.listed.fullmatch(flat[last.end : wish.start]) is not None


def _head(flat: str, wish: Wish, last: Wish | None, wishes: Sequence[Wish], lexicon: Lexicon) -> bool:
    """Whether a name is what is asked about, and the words of denial only describe it."""
    known = cues().unwished
    ill = lexicon.concept(wish.concept).kind in _ILL
    attribute = known.attribute.search(flat[max(0, wish.start - AHEAD) : wish.start])
    if attribute and not known.adjective.fullmatch(attribute["attribute"]):
        left = wish.start - len(attribute.group()) + attribute.start("attribute") - attribute.start()
        if ill or any(left <= other.start and other.end < wish.start for other in wishes):
            return True
    if known.negative_for.match(flat[wish.end :]):
        return True
    if last is None:
        return False
    between = flat[last.end : wish.start]
    modifies = lexicon.concept(last.concept).kind not in _ILL
    touching = ill and modifies and known.touching.fullmatch(between) is not None
    return touching or known.head_again.search(between) is not None


def parted(flat: str, wishes: Sequence[Wish], lexicon: Lexicon) -> tuple[Wish, ...]:
    """Wishes with each compound name behind "non" (非糖尿病肾病) cut in two: the compound, which is not wished for, and
    the wider disease that its last word names, which is."""
    found: list[Wish] = []
    for wish in wishes:
        tail = _wider(wish, lexicon) if cues().unwished.non.search(flat[: wish.start]) else None
        if tail is None:
            found.append(wish)
            continue
        concept, start = tail
        found.append(replace(wish, end=start, asked_end=start))
        found.append(replace(wish, concept=concept, start=start, asked_start=start, words=flat[start : wish.end]))
    return tuple(found)


def _wider(wish: Wish, lexicon: Lexicon) -> tuple[ConceptId, int] | None:
    broader = lexicon.relations.closure(wish.concept, Edge.PARENT)
    for at in range(1, len(wish.words) - 1):
        for each in lexicon.find(wish.words[at:], question=True):
            if each.concept in broader and each.start == 0 and each.end == len(wish.words) - at:
                return each.concept, wish.start + at
    return None


def untreated(flat: str, wishes: Sequence[Wish], said: Sequence[Assertion], lexicon: Lexicon) -> list[Wish]:
    """Wishes for the treatments, drugs or operations of the disease asked about that the question does not wish for
    ("没做手术的胆囊结石", "untreated hypertension")."""
    ill = [
        wish
        for wish, sign in zip(wishes, said, strict=True)
        if sign is _PRESENT and wish.want is Want.ABOUT and lexicon.concept(wish.concept).kind in _ILL
    ]
    found: list[Wish] = []
    for pattern, want in cues().untreated:
        for match in pattern.finditer(flat):
            start, end = match.span()
            free = all(wish.end <= start or end <= wish.start for wish in (*wishes, *found))
            near = min(ill, key=lambda wish: max(start - wish.end, wish.start - end), default=None)
            if near is not None and free and lexicon.expand(near.concept, Want(want)):
                found.append(Wish(near.concept, Want(want), start, end, match.group(), None, start, end))
    return found


def sensible(
    wishes: Sequence[Wish], said: Sequence[Assertion], roots: Sequence[Mapping[ConceptId, Reached]], flat: str
) -> list[bool]:
    """Which wishes are kept: nothing is left out that would leave out what is wished for, and a family history that is
    denied beside a wish is no disease of the patient's."""
    wished = {wish.concept for wish, sign in zip(wishes, said, strict=True) if sign is _PRESENT}
    return [
        sign is not _NEGATED
        or not wished
        or (wished.isdisjoint(root) and not cues().unwished.family.match(flat[wish.end :]))
        for wish, sign, root in zip(wishes, said, roots, strict=True)
    ]


def denied_words(flat: str, wishes: Sequence[Wish], said: Sequence[Assertion]) -> list[Span]:
    """Where words stand that only deny, with the names they deny when something else is wished for: they say nothing
    about the matter. A thing without a name that is denied goes as well ("无复发的胃癌")."""
    unwished = [wish for wish, sign in zip(wishes, said, strict=True) if sign is _NEGATED]
    others = len(unwished) < len(wishes)
    known, spans = cues().unwished, list[Span]()
    for wish in unwished:
        start, end = denial(flat, wish.asked_start, wish.asked_end) or (wish.asked_start, wish.asked_end)
        tail = known.denied_tail.match(flat, end)
        end = tail.end() if tail and others else end
        spans += [(start, end)] if others else [(start, wish.asked_start), (wish.asked_end, end)]
    if others:
        spans += [match.span() for match in known.unnamed.finditer(flat)]
    taken = [(wish.start, wish.end) for wish, sign in zip(wishes, said, strict=True) if sign is not _NEGATED]
    return [span for span in spans if span[0] < span[1] and not any(a < span[1] and span[0] < b for a, b in taken)]
