"""Concept evidence: which records hold what a question asks for, how strongly, and which only deny it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from records.ids import ConceptId
from records.mentions import Assertion
from semantic.allowed import Allowed
from semantic.assertion_words import OTHERS
from semantic.concepts import Reached
from semantic.passages import section_kinds
from semantic.ranking import ConceptRules
from semantic.segment import ASSERTIONS, CODES, SURE
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer]
Accepted = tuple[Assertion, ...] | None
_NONE = np.zeros(0, dtype=np.int64)
_SIZE = math.prod(CODES)
_PER_ASSERTION = _SIZE // len(ASSERTIONS)  # codes of one assertion
_NEGATED = np.repeat([one is Assertion.NEGATED for one in ASSERTIONS], _PER_ASSERTION)
_VAGUE = np.repeat([one in (Assertion.FAMILY, Assertion.POSSIBLE) for one in ASSERTIONS], _PER_ASSERTION)
_ENDED = np.array([one is Assertion.PAST and not sure for one in ASSERTIONS for sure in range(SURE)]).repeat(CODES[2])


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value for each of the seats that hold a mention, which stand in `mentions`: `strength` float32 in [0, ~1.3];
    `held` where the record holds an answer; `denied` where mentions only deny, or speak of a relative; `rooted` where
    the disease itself stands; `doubted` where it is named, but only as possible or planned;
    `absent` how strongly the patient is said not to have it, worked out for what is not wished for only;
    `measured` where a measured value answers, worked out for a limit only."""

    mentions: Mentions
    strength: Floats
    held: Mask
    denied: Mask
    rooted: Mask
    doubted: Mask
    absent: Floats | None = None
    measured: Mask | None = None

    @property
    def seats(self) -> Integers:
        """Where the values belong, ascending."""
        return self.mentions.seats

    def where(self, mask: Mask) -> Integers:
        """The seats that one of the masks marks."""
        return self.seats.compress(mask)

    def at(self, mask: Mask, seats: Integers) -> Mask:
        """What a mask says of any seats; False where nothing is mentioned."""
        if not len(mask):
            return np.zeros(len(seats), dtype=bool)
        place = self.seats.searchsorted(seats)
        found: Mask = (self.seats.take(place, mode="clip") == seats) & mask.take(place, mode="clip")
        return found


class Mentions:
    """The mentions of some concepts in allowed records, gathered once for all that is asked of them. Arrays here have
    one value for each of `seats` (int64, ascending), the only ones that hold a mention."""

    def __init__(self, edition: Edition, allowed: Allowed, concepts: Iterable[ConceptId], rules: ConceptRules) -> None:
        self._rules = rules
        self._number = {concept: at for at, concept in enumerate(dict.fromkeys(concepts))}
        # One segment after another, in each one concept after another: a record's mentions are ordered by concept.
        found = [self._read(edition, allowed, number) for number in allowed.numbers]
        seats, self._said = (
            np.concatenate(column).astype(np.int64) for column in (zip(*found, strict=True) if found else [[_NONE]] * 2)
        )
        marked = np.zeros(len(allowed), dtype=bool)
        marked[seats] = True
        self.seats: Integers = np.flatnonzero(marked)
        self._size = len(self.seats)
        place = np.empty(len(allowed), dtype=np.int64)
        place[self.seats] = np.arange(self._size)
        self._at: Integers = place.take(seats)

    def _read(self, edition: Edition, allowed: Allowed, number: int) -> tuple[Numbers, Numbers]:
        """The allowed mentions of one segment: seat, and number of the concept × number of codes + code."""
        segment, base = edition.segments[number], edition.bases[number]
        table, (records, coded) = segment.mention_slices, segment.mention_places
        places = [(at, table[concept]) for concept, at in self._number.items() if concept in table]
        if not places:
            return _NONE, _NONE
        seat = allowed.seat[base:].take(np.concatenate([records[where] for _, where in places]))
        said = np.repeat([at * _SIZE for at, _ in places], [where.stop - where.start for _, where in places])
        said += np.concatenate([coded[where] for _, where in places])
        if allowed.parts[number].mask is None:
            return seat, said
        kept = np.flatnonzero(seat >= 0)
        return seat.take(kept), said.take(kept)

    def evidence(self, reached: Mapping[ConceptId, Reached], accept: Accepted = None) -> Evidence:
        """Strength of every record for a set of reached concepts. `accept` names the assertions that count in full
        instead of the rules' (a question about family history accepts FAMILY)."""
        rules = self._rules
        best, total = np.zeros(self._size, dtype=np.float32), np.zeros(self._size, dtype=np.float32)
        doubt = np.ones(self._size, dtype=np.float32)  # what the weaker signs together leave open
        worth = self._weighed({concept: way.weight for concept, way in reached.items()}, accept)
        if accept is None:
            worth[self._torn] *= np.float32(rules.torn)
        kept = self._in_order(np.flatnonzero(worth > 0), reached)
        at, weighed = self._at.take(kept), worth.take(kept)
        np.maximum.at(best, at, weighed)
        np.add.at(total, at, weighed)
        one, peak = _peaks(at, self._said.take(kept) // _SIZE, weighed)
        np.multiply.at(doubt, one, 1 - np.minimum(np.float32(rules.joint) * peak, np.float32(0.95)))
        held = best > 0
        holding = np.flatnonzero(held)
        best, total, doubt = best.take(holding), total.take(holding), doubt.take(holding)
        joint = 1 - (1 - best) * doubt / np.maximum(1 - np.float32(rules.joint) * best, np.float32(0.05))
        extra = np.float32(rules.repeat) * np.log1p(np.maximum(total - best, 0))
        strength = np.zeros(self._size, dtype=np.float32)
        strength[holding] = np.maximum(best, joint) + extra
        (denied,) = self.marks((reached, self.denying(accept)))
        return Evidence(self, strength, held, denied & ~held, held, np.zeros_like(held))

    def absence(self, concepts: Mapping[ConceptId, float]) -> Floats:
        """How strongly each record says that the patient has none of the concepts: weight × section weight of a
        denial."""
        absent = np.zeros(self._size, dtype=np.float32)
        np.maximum.at(absent, self._at, self._weighed(concepts, (Assertion.NEGATED,)))
        return absent

    def marks(self, *asked: tuple[Iterable[ConceptId], Mask]) -> list[Mask]:
        """For each set of concepts, where one of them is mentioned with one of the codes that a mask marks."""
        table = np.zeros((len(self._number), _SIZE), dtype=np.uint16)
        for bit, (concepts, wanted) in enumerate(asked):
            table[[self._number[concept] for concept in concepts]] |= wanted * np.uint16(1 << bit)
        found, marked = [np.zeros(self._size, dtype=bool) for _ in asked], table.ravel().take(self._said)
        for bit, mask in enumerate(found):
            mask[self._at.compress(marked & np.uint16(1 << bit) != 0)] = True
        return found

    def affirming(self, accept: Accepted = None, *, ended: bool = True) -> Mask:
        """The codes of mentions that are worth something, treatments that have `ended` among them or not."""
        worth: Mask = _coded(self._rules, accept)[0] > 0
        return worth if ended else worth & ~_ENDED

    def denying(self, accept: Accepted = None) -> Mask:
        """The codes of mentions that deny, or speak of a relative."""
        return _coded(self._rules, accept)[1]

    def vague(self) -> Mask:
        """The codes of mentions that tell of a relative, or only of something to be ruled out."""
        return _VAGUE

    def kinds(self, kind_of: Mapping[ConceptId, ConceptId], seats: Integers, rooted: Mask) -> Floats:
        """float32 [kinds, len(seats)]: how strongly each kind of answer stands at each of some seats, 0 where the
        disease itself does not."""
        worth, _ = _coded(self._rules, None)
        kinds = {kind: number for number, kind in enumerate(dict.fromkeys(kind_of.values()))}
        kind = np.array([kinds[each] for each in kind_of.values()], dtype=np.int64)
        found = np.zeros(len(kinds) * len(seats), dtype=np.float32)
        which, codes, column = self._among(kind_of, seats, rooted)
        np.maximum.at(found, kind.take(which) * len(seats) + column, worth.take(codes))
        return found.reshape(len(kinds), len(seats))

    def holders(
        self, reached: Mapping[ConceptId, Reached], seats: Integers, accept: Accepted = None
    ) -> list[tuple[ConceptId, ...]]:
        """Which of the reached concepts each of these records holds, strongest path first."""
        held = np.repeat(_worth(self._rules, accept) > 0, _PER_ASSERTION)
        which, codes, column = self._among(reached, seats, np.ones(self._size, dtype=bool))
        good = held.take(codes)
        pairs = sorted(set(zip(column.compress(good).tolist(), which.compress(good).tolist(), strict=True)))
        names = list(reached)
        found: list[list[ConceptId]] = [[] for _ in seats]
        for number, concept in pairs:
            found[number].append(names[concept])
        return [tuple(concepts) for concepts in found]

    def _among(
        self, concepts: Iterable[ConceptId], seats: Integers, there: Mask
    ) -> tuple[Integers, Integers, Integers]:
        """The mentions of some concepts at some seats, where `there` holds: number of the concept among these, code,
        and which of those seats."""
        column = np.full(self._size, -1, dtype=np.int64)
        place = self.seats.searchsorted(seats)
        if self._size:
            known = np.flatnonzero(self.seats.take(place, mode="clip") == seats)
            column[place.take(known)] = known
        column[~there] = -1
        here = np.flatnonzero(column.take(self._at) >= 0)
        which = self._ranks(concepts).take(self._said.take(here) // _SIZE)
        here, which = here.compress(which >= 0), which.compress(which >= 0)
        return which, self._said.take(here) % _SIZE, column.take(self._at.take(here))

    @cached_property
    def _torn(self) -> Integers:
        """The mentions of a concept in a record that also denies it; those of one record stand together."""
        denied = np.flatnonzero(np.tile(_NEGATED, len(self._number)).take(self._said))
        found = [_NONE]
        for step in (-1, 1):
            near = denied
            while len(near):
                near = near + step
                near = near.compress((near >= 0) & (near < len(self._said)))
                beside, which = near - step, self._said.take(near) // _SIZE
                same = (self._at.take(near) == self._at.take(beside)) & (which == self._said.take(beside) // _SIZE)
                near = near.compress(same)
                found.append(near)
        return np.concatenate(found)

    def _weighed(self, weights: Mapping[ConceptId, float], accept: Accepted) -> Floats:
        """What each mention is worth: the weight of its concept, 0 for any other, × what its code is worth."""
        ways = np.zeros(len(self._number), dtype=np.float32)
        ways[[self._number[concept] for concept in weights]] = list(weights.values())
        return np.outer(ways, _coded(self._rules, accept)[0]).ravel().take(self._said)

    def _in_order(self, mentions: Integers, concepts: Iterable[ConceptId]) -> Integers:
        """These mentions with those of one record in the order of the concepts."""
        ranks = self._ranks(concepts)
        if (np.diff(ranks.compress(ranks >= 0)) > 0).all():
            return mentions
        return mentions.take(np.argsort(ranks.take(self._said.take(mentions) // _SIZE), kind="stable"))

    def _ranks(self, concepts: Iterable[ConceptId]) -> Integers:
        """For each concept gathered its number among these, -1 for any other."""
        numbers = [self._number[concept] for concept in concepts]
        ranks = np.full(len(self._number), -1, dtype=np.int64)
        ranks[numbers] = np.arange(len(numbers))
        return ranks


def _peaks(at: Integers, which: Integers, weight: Floats) -> tuple[Integers, Floats]:
    """Each place once for each concept, with the highest weight there; places ascend within a concept."""
    new = np.ones(len(at), dtype=bool)
    new[1:] = (at[1:] != at[:-1]) | (which[1:] != which[:-1])
    first, again = np.flatnonzero(new), np.flatnonzero(~new)
    peak = weight.take(first)
    np.maximum.at(peak, first.searchsorted(again) - 1, weight.take(again))
    return at.take(first), peak


def _worth(rules: ConceptRules, accept: Accepted) -> Floats:
    if accept is not None:
        return np.array([1.0 if one in accept else 0.0 for one in ASSERTIONS], dtype=np.float32)
    return np.array([rules.worth(one) for one in ASSERTIONS], dtype=np.float32)


@lru_cache(maxsize=64)
def _coded(rules: ConceptRules, accept: Accepted) -> tuple[Floats, Mask]:
    """What each code of a mention is worth, its section's weight included, and whether it denies."""
    worth = _worth(rules, accept)
    sections = np.array([kind.weight for kind in section_kinds()], dtype=np.float32)
    denies = np.array([one in OTHERS and one not in (accept or ()) for one in ASSERTIONS])
    sure = np.array(rules.sureness if accept is None else [1] * SURE, dtype=np.float32)
    weighed = np.multiply.outer(np.outer(worth, sure), sections)
    return weighed.ravel(), np.repeat(denies & (worth == 0), _PER_ASSERTION)
