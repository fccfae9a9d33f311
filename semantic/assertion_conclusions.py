"""What a text concludes of what it named before: a denial takes back the signs and the kinds of what it denies, a doubt
leaves its signs open."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from functools import lru_cache
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from semantic.concepts import Lexicon
from semantic.labs import LAB
from semantic.lexicon_concept import Relation
from semantic.lexicon_fold import flatten
from semantic.lexicon_relations import Edge

HOLDS: Final = frozenset({Assertion.PRESENT, Assertion.PROBABLE, Assertion.PAST})
_LETTER: Final = re.compile("[a-z0-9-]")
_REFUTED: Final = "refuted"
_SUMS_UP: Final = re.compile("证据|依据|排除|除外|成立|推翻|撤销|不考虑|不支持")
_SHORTEST: Final = 2  # characters of a name cut short
_CONCLUDES: Final = frozenset(
    {"exclude", "not-enough", "ruled-out-in-short", "negative", "not-in-keeping", "doubted-then-excluded"}
    | {"excluded-behind-the-comma", "dismissed", "dismissing", "contrary"}
)
_FALLS_SHORT: Final = frozenset({"not-enough", "not-met-as-a-name", "not-yet-called"})
_DOUBTS: Final = frozenset(
    {"cannot-exclude", "cannot-exclude-after", "sought", "sought-after", "feared", "waits"}
    | {"two-that-wait", "two-to-be-told-apart"}
    | {"one-or-the-other", "or-the-other", "waits-for-a-test", "to-be-told-apart", "open-behind-the-comma"}
    | {"suspected-only", "prepared-for", "undecided", "worried"}
)


def concluded(mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Mentions of it, or a kind of it, before a conclusion that it is not so ("血钾6.9…非高钾") denied too."""
    last: dict[ConceptId, Mention] = {}
    for mention in mentions:
        rule = mention.rule.partition(":")[0] if mention.assertion is Assertion.NEGATED else ""
        meant: tuple[ConceptId, ...] = ()
        shown = lexicon.concept(mention.concept).targets(Relation.SIGN_OF)
        if not shown and rule in _CONCLUDES:  # a sign that is missing says nothing of others
            meant = (mention.concept,)
        elif rule in _FALLS_SHORT:  # ... but one that is a piece of a name stands for it
            meant = tuple(each for each in shown if _cut_from(mention.words, each, lexicon))
        for each in meant:
            last[each] = max(mention, last.get(each, mention), key=lambda one: one.start)
    if not last:
        return mentions
    judged = []
    for mention in mentions:
        meant = (mention.concept, *lexicon.relations.closure(mention.concept, Edge.PARENT))
        open_ = mention.assertion in (Assertion.PRESENT, Assertion.PROBABLE, Assertion.POSSIBLE)
        after = [last[each] for each in meant if open_ and each in last and mention.start < last[each].start]
        ruled_out = any(_means_it(mention, each, lexicon) for each in after)
        judged.append(replace(mention, assertion=Assertion.NEGATED, rule=_REFUTED) if ruled_out else mention)
    return judged


def _means_it(mention: Mention, denial: Mention, lexicon: Lexicon) -> bool:
    """Whether a denial may mean what a mention names, not another kind of it that is no concept of its own ("乳酸酸中毒
    已除外" behind 酮症酸中毒)."""
    said, denied = flatten(mention.words), flatten(denial.words)
    if _LETTER.search(said) or _LETTER.search(denied) or mention.rule.startswith(LAB):
        return True
    main = flatten(lexicon.concept(denial.concept).zh)
    alike = mention.concept == denial.concept and len(set(said) & set(denied)) >= _SHORTEST
    return alike or denied in main or main in denied or denied in said


def refuted(mentions: list[Mention], lexicon: Lexicon, apes: tuple[str, ...] = ()) -> list[Mention]:
    """Mentions with the signs of what the text denies by name denied too: what looked like it was something else, as
    it was where a name only borrows the other's behind one of the words `apes`. The signs of what it names only as
    something to be ruled out are possible."""
    denied = {each for one in mentions if one.assertion is Assertion.NEGATED for each in _meant(one, lexicon)}
    denied |= {each for one in mentions if one.assertion in HOLDS for each in _aped(one, lexicon, apes)}
    doubted = {each for one in mentions if one.rule.partition(":")[0] in _DOUBTS for each in _meant(one, lexicon)}
    if not denied and not doubted:
        return mentions
    firm = {one.concept for one in mentions if one.assertion in HOLDS and _said_by_name(one, denied | doubted, lexicon)}
    denied -= firm
    doubted -= firm | denied
    judged = []
    for mention in mentions:
        shown = lexicon.concept(mention.concept).targets(Relation.SIGN_OF)
        kinds = {kind for each in shown for kind in (each, *lexicon.relations.closure(each, Edge.PARENT))}
        kinds.add(mention.concept)  # composed of a part and a finding, it only looked like it
        if denied & kinds and mention.assertion not in (Assertion.FAMILY, Assertion.NEGATED):
            mention = replace(mention, assertion=Assertion.NEGATED, rule=_REFUTED)
        elif doubted & kinds and mention.assertion is Assertion.PRESENT:
            mention = replace(mention, assertion=Assertion.POSSIBLE, rule=_REFUTED)
        judged.append(mention)
    return judged


def _aped(mention: Mention, lexicon: Lexicon, apes: tuple[str, ...]) -> list[ConceptId]:
    """The disease whose name is borrowed by another that is no kind of it ("获得性血友病", "假性痛风")."""
    word = next((each for each in apes if mention.words.startswith(each)), None)
    if word is None:
        return []
    kinds = {mention.concept, *lexicon.relations.closure(mention.concept, Edge.PARENT)}
    return [each.id for each in lexicon.lookup(mention.words[len(word) :]) if each.id not in kinds]


def _meant(mention: Mention, lexicon: Lexicon) -> tuple[ConceptId, ...]:
    """What a denial or a doubt is about: also the disease whose name a sign is cut from ("无植入征象"), or which a
    denial of the sign sums up ("羊热病证据不足")."""
    shown = lexicon.concept(mention.concept).targets(Relation.SIGN_OF)
    if mention.assertion is Assertion.NEGATED and _SUMS_UP.search(mention.rule):
        return (mention.concept, *shown)
    return (mention.concept, *(each for each in shown if _cut_from(mention.words, each, lexicon)))


@lru_cache(maxsize=4096)
def _cut_from(words: str, disease: ConceptId, lexicon: Lexicon) -> bool:
    """Whether a disease has a name that holds these words, or that they hold ("PNH克隆")."""
    concept = lexicon.concept(disease)
    piece = flatten(words)
    names = [flatten(name) for name in (concept.zh, *concept.synonyms)]
    return len(piece) >= _SHORTEST and any(piece in name or (len(name) > _SHORTEST and name in piece) for name in names)


def _said_by_name(mention: Mention, unsure: Container[ConceptId], lexicon: Lexicon) -> bool:
    """Whether a mention is a name or a value, not composed of pieces ("膀胱…新生物"); asked where it matters only."""
    if mention.concept not in unsure or mention.rule.startswith(LAB):
        return True
    if lexicon.concept(mention.concept).targets(Relation.SIGN_OF):
        return True
    return any(each.id == mention.concept for each in lexicon.lookup(mention.words))
