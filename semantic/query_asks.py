"""What one concept of a question asks for, and wishes of which one will do ("起搏器或除颤器")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from records.ids import ConceptId
from records.mentions import Assertion
from semantic.concepts import Reached, Want, Wish
from semantic.lab_values import Bounds
from semantic.labs_asked import LISTED, OR


@dataclass(frozen=True, slots=True)
class Ask:
    """One concept of a question. `sign` is PRESENT (wished for), NEGATED (not wished for) or FAMILY (of a relative);
    `reached` is what answers it; `kind_of` puts answers into kinds when the question asks for kinds of answers,
    `root` is the disease itself in all its kinds, by name, and `shown` the same by name or by its signs; who denies one
    of `broader` denies this too, and so, where it does not hold it, who denies one of `treats`, which a drug is for.
    `both` are two joined concepts ("X due to Y"): a record that holds the two answers as well. `accept` is what counts
    in full, instead of the rules' weights, where a relative's disease or a treatment that has ended is asked for; one
    that is `told` stands in a clause of a story that asks nothing; with `bounds` a measured value or a time within them
    answers, and who has only others does not; `others` are the concepts of further wishes of which one will do."""

    wish: Wish
    sign: Assertion
    reached: Mapping[ConceptId, Reached]
    kind_of: Mapping[ConceptId, ConceptId] = field(default_factory=dict)
    root: Mapping[ConceptId, Reached] = field(default_factory=dict)
    shown: Mapping[ConceptId, Reached] = field(default_factory=dict)
    broader: frozenset[ConceptId] = frozenset()
    both: tuple[Mapping[ConceptId, Reached], ...] = ()
    treats: tuple[ConceptId, ...] = ()
    accept: tuple[Assertion, ...] | None = None
    told: bool = False
    bounds: Bounds | None = None
    others: tuple[ConceptId, ...] = ()

    @property
    def concepts(self) -> tuple[ConceptId, ...]:
        """Every concept that it looks at."""
        known = (self.reached, self.root, self.shown, self.broader, self.treats, (self.wish.concept,), *self.both)
        return tuple(chain.from_iterable(known))


def either(flat: str, asks: Sequence[Ask]) -> tuple[Ask, ...]:
    """The asks with those that 或 or "or" joins made one: who has one of them answers, and only who denies all of them
    denies it."""
    found: list[Ask] = []
    for ask in asks:
        if found and _together(flat, found[-1], ask, OR):
            found[-1] = _joined(flat, found[-1], ask)
            while len(found) > 1 and _together(flat, found[-2], found[-1], LISTED):  # "A、B或C"
                last = found.pop()
                found[-1] = _joined(flat, found[-1], last)
        else:
            found.append(ask)
    return tuple(found)


def _together(flat: str, one: Ask, other: Ask, joint: re.Pattern[str]) -> bool:
    between = joint.fullmatch(flat, one.wish.end, other.wish.start)
    return between is not None and _plain(one) and _plain(other)


def _plain(ask: Ask) -> bool:
    about = ask.wish.want is Want.ABOUT and ask.sign is Assertion.PRESENT
    return about and not ask.both and ask.bounds is None and ask.accept is None


def _joined(flat: str, one: Ask, other: Ask) -> Ask:
    start, end = one.wish.start, other.wish.end
    asked = one.wish.asked_start, other.wish.asked_end
    wish = replace(one.wish, end=end, words=flat[start:end], asked_start=asked[0], asked_end=asked[1])
    reached, root, shown = (
        _stronger(one_of, other_of)
        for one_of, other_of in ((one.reached, other.reached), (one.root, other.root), (one.shown, other.shown))
    )
    return replace(
        one,
        wish=wish,
        reached=reached,
        root=root,
        shown=shown,
        broader=one.broader & other.broader,
        treats=tuple(each for each in one.treats if each in other.treats),
        others=(*one.others, other.wish.concept, *other.others),
    )


def _stronger(one: Mapping[ConceptId, Reached], other: Mapping[ConceptId, Reached]) -> dict[ConceptId, Reached]:
    both = dict(one)
    for concept, way in other.items():
        if concept not in both or both[concept].weight < way.weight:
            both[concept] = way
    return both
