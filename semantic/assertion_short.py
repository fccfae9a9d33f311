"""Names of diseases cut short where a text rules them out ("排除双相", "不是突发性聋") or leaves them open, and kinds
of what is named before ("糖尿病,是1型而非2型"): in such a place only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from records.ids import ConceptId
from records.mentions import Assertion, Mention
from semantic.assertion_cues import Cues
from semantic.concepts import Lexicon
from semantic.lexicon_concept import ConceptKind, Found
from semantic.lexicon_fold import flatten

_SHORTEST: Final = 2
_PART: Final = 3  # an ending, or a short name behind other words, has at least so many characters
_ENDING: Final = 4  # so many characters at the end of names say what kind of thing they name
_FEW: Final = 4  # diseases that such an ending may stand for
_WHOLE: Final = 5  # a name this long may lack one character
_BEFORE: Final = frozenset("性及和与、或")  # what a shorter one may stand behind
_KINDS: Final = frozenset({ConceptKind.DISEASE, ConceptKind.COMPLICATION})
_RULES: Final = {Assertion.NEGATED: "exclude:short", Assertion.POSSIBLE: "cannot-exclude:short"}
_OF_A_KIND: Final = {Assertion.NEGATED: "exclude:kind", Assertion.PRESENT: "kind"}
_NEAR: Final = 40  # characters between a name and the kind of it that is told behind


def named_in_short(value: str, flat: str, found: Sequence[Found], lexicon: Lexicon, rules: Cues) -> Iterator[Mention]:
    """Denied and possible mentions of shortened names where no name was found; `flat` is as long as `value`."""
    taken: dict[int, list[tuple[int, int]]] = {}  # the mentions that hold a character
    named: dict[ConceptId, str] = {}
    for each in found:
        named[each.concept] = f"{named.get(each.concept, '')} {flatten(each.words)}"
    for says, pattern in rules.short:
        for match in pattern.finditer(flat):
            start, end = match.span("scope")
            known = _shortened(lexicon)
            cut = next((at for at in range(end - start) if _begins(match["scope"], at, known)), None)
            if cut is None:
                continue
            start += cut
            if not taken:
                _take(taken, ((each.start, each.end) for each in found))
            if any(_hides(one, start, end) for at in range(start, end) for one in taken.get(at, ())):
                continue
            _take(taken, [(start, end)])
            meant = known[flat[start:end]]
            tail = flat[end - _SHORTEST : end]  # what is named in full is not meant by the end of its name
            for concept in meant if len(meant) == 1 else (one for one in meant if tail not in named.get(one, "")):
                yield Mention(concept, start, end, value[start:end], says, _RULES[says])


def named_by_kind(value: str, flat: str, found: Sequence[Found], lexicon: Lexicon, rules: Cues) -> Iterator[Mention]:
    """Mentions of a kind of the disease named last before it, by what sets the kind apart alone ("2型", "继发性")."""
    begins = [each.start for each in found]
    for says, pattern in rules.of_a_kind:
        for match in pattern.finditer(flat):
            start, end = match.span("scope")
            near = found[bisect_left(begins, start - _NEAR) : bisect_left(begins, end)]
            named = [each for each in reversed(near) if each.end <= start]
            if all(start <= each.start and each.end < end for each in near[len(named) :]):
                concept = next(filter(None, (_kind(match["scope"], each, lexicon) for each in named)), None)
                if concept:
                    yield Mention(concept, start, end, value[start:end], says, _OF_A_KIND[says])


def _kind(short: str, named: Found, lexicon: Lexicon) -> ConceptId | None:
    """The disease whose name is these words before an ending of another's name, or before all of it."""
    name = flatten(named.words) if lexicon.concept(named.concept).kind in _KINDS else ""
    for at in range(len(name) - 1):
        meant = lexicon.lookup(short + name[at:])
        if len(meant) == 1 and meant[0].kind in _KINDS and meant[0].id != named.concept:
            return meant[0].id
    return None


def _take(taken: dict[int, list[tuple[int, int]]], spans: Iterable[tuple[int, int]]) -> None:
    for span in spans:
        for at in range(*span):
            taken.setdefault(at, []).append(span)


def _hides(taken: tuple[int, int], start: int, end: int) -> bool:
    """Whether a mention leaves no room for a short name: it overlaps it and is no mere part of it."""
    low, high = taken
    part = start <= low and high <= end and high - low < end - start
    return low < end and start < high and not part


def _begins(scope: str, at: int, known: Mapping[str, tuple[ConceptId, ...]]) -> bool:
    """Whether a shortened name begins at a place and takes the rest of the scope."""
    rest = scope[at:]
    return rest in known and (not at or len(rest) >= _PART or scope[at - 1] in _BEFORE)


@lru_cache(maxsize=4)
def _shortened(lexicon: Lexicon) -> Mapping[str, tuple[ConceptId, ...]]:
    """Beginnings and endings of names, and names without one character, that one disease alone, or one alone beside its
    own kinds, has -> that disease. What a few names end with is what they all are ("传导阻滞"): those diseases."""
    owners: dict[str, set[ConceptId]] = {}
    ends: dict[str, set[ConceptId]] = {}
    for concept in lexicon:
        if concept.kind in _KINDS:
            chinese = [each for each in (concept.zh, *concept.synonyms) if not each.isascii()]
            for name in (flatten(each).replace("-", "") for each in chinese):
                for short in _cuts(name):
                    owners.setdefault(short, set()).add(concept.id)
                for at in range(1, len(name) - _ENDING + 1):
                    ends.setdefault(name[at:], set()).add(concept.id)
    known = {short: ids for short, ids in owners.items() if len(ids) == 1}
    known |= {short: ids for short, ids in ends.items() if len(ids) <= _FEW}
    return {short: tuple(sorted(ids)) for short, ids in known.items() if short[0] != "的"}


def _cuts(name: str) -> Iterator[str]:
    yield from (name[:end] for end in range(_SHORTEST, len(name)))
    yield from (name[at:] for at in range(1, len(name) - _PART + 1))
    if len(name) >= _WHOLE:
        yield from (name[:at] + name[at + 1 :] for at in range(1, len(name) - 1))
