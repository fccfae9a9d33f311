"""Concept evidence: which records hold what a question asks for, how strongly, and which only deny it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from records.ids import ConceptId
from records.mentions import Assertion
from semantic.allowed import Allowed
from semantic.concepts import Reached
from semantic.passages import section_kinds
from semantic.ranking import ConceptRules
from semantic.segment import ASSERTIONS
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer]
Accepted = tuple[Assertion, ...] | None
_DENIES = (Assertion.NEGATED, Assertion.FAMILY)
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value for each of the seats that hold a mention, which stand in `mentions`: `strength` float32 in [0, ~1.3];
    `held` where the record holds an answer; `denied` where mentions only deny, or speak of a relative; `rooted` where
    the disease itself stands; `doubted` where it is named, but only as possible or planned;
    `absent` how strongly the patient is said not to have it, worked out for what is not wished for only."""

    mentions: Mentions
    strength: Floats
    held: Mask
    denied: Mask
    rooted: Mask
    doubted: Mask
    absent: Floats | None = None

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
        seats, self._which, self._codes = (
            np.concatenate(column).astype(np.int64) for column in (zip(*found, strict=True) if found else [[[]]] * 3)
        )
        marked = np.zeros(len(allowed), dtype=bool)
        marked[seats] = True
        self.seats: Integers = np.flatnonzero(marked)
        self._size = len(self.seats)
        place = np.zeros(len(allowed), dtype=np.int64)
        place[self.seats] = np.arange(self._size)
        self._at: Integers = place.take(seats)

    def _read(self, edition: Edition, allowed: Allowed, number: int) -> tuple[Numbers, Numbers, Numbers]:
        """The allowed mentions of one segment: seat, number of the concept, code."""
        segment, base = edition.segments[number], edition.bases[number]
        table, (records, coded) = segment.mention_slices, segment.mention_places
        places = [(at, table[concept]) for concept, at in self._number.items() if concept in table]
        if not places:
            return _NONE, _NONE, _NONE
        seat = allowed.seat[base:].take(np.concatenate([records[where] for _, where in places]))
        kept = np.flatnonzero(seat >= 0)
        which = np.repeat([at for at, _ in places], [where.stop - where.start for _, where in places])
        codes = np.concatenate([coded[where] for _, where in places])
        return seat.take(kept), which.take(kept), codes.take(kept)

    def evidence(self, reached: Mapping[ConceptId, Reached], accept: Accepted = None) -> Evidence:
        """Strength of every record for a set of reached concepts. `accept` names the assertions that count in full
        instead of the rules' (a question about family history accepts FAMILY)."""
        rules = self._rules
        worth, against = _coded(rules, accept)
        best, total = np.zeros(self._size, dtype=np.float32), np.zeros(self._size, dtype=np.float32)
        doubt = np.ones(self._size, dtype=np.float32)  # what the weaker signs together leave open
        denied = np.zeros(self._size, dtype=bool)
        ways = np.array([way.weight for way in reached.values()], dtype=np.float32)
        at, which, codes = self._of(reached)
        if len(at):
            weighed = worth.take(codes) * ways.take(which)
            np.maximum.at(best, at, weighed)
            np.add.at(total, at, weighed)
            one, peak = _peaks(at, which, weighed)
            np.multiply.at(doubt, one, 1 - np.minimum(np.float32(rules.joint) * peak, np.float32(0.95)))
            denied[at[against.take(codes)]] = True
        held = best > 0
        holding = np.flatnonzero(held)
        best, total, doubt = best.take(holding), total.take(holding), doubt.take(holding)
        joint = 1 - (1 - best) * doubt / np.maximum(1 - np.float32(rules.joint) * best, np.float32(0.05))
        extra = np.float32(rules.repeat) * np.log1p(np.maximum(total - best, 0))
        strength = np.zeros(self._size, dtype=np.float32)
        strength[holding] = np.maximum(best, joint) + extra
        denied[holding] = False
        return Evidence(self, strength, held, denied, held, np.zeros_like(held))

    def absence(self, concepts: Mapping[ConceptId, float]) -> Floats:
        """How strongly each record says that the patient has none of the concepts: weight × section weight of a
        denial."""
        worth, _ = _coded(self._rules, (Assertion.NEGATED,))
        weights = np.array(list(concepts.values()), dtype=np.float32)
        absent = np.zeros(self._size, dtype=np.float32)
        at, which, codes = self._of(concepts)
        np.maximum.at(absent, at, worth.take(codes) * weights.take(which))
        return absent

    def holds(self, concepts: Iterable[ConceptId], accept: Accepted = None) -> Mask:
        """Where a mention of one of the concepts is worth something: `held` of `evidence`, without its strength."""
        worth, _ = _coded(self._rules, accept)
        held = np.zeros(self._size, dtype=bool)
        at, _, codes = self._of(concepts)
        held[at[(worth > 0).take(codes)]] = True
        return held

    def denials(self, concepts: Iterable[ConceptId], accept: Accepted = None) -> Mask:
        """Where a mention of one of the concepts denies it, or speaks of a relative."""
        _, against = _coded(self._rules, accept)
        denied = np.zeros(self._size, dtype=bool)
        at, _, codes = self._of(concepts)
        denied[at[against.take(codes)]] = True
        return denied

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
        held = np.repeat(_worth(self._rules, accept) > 0, len(section_kinds()))
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
        """As `_of`, but for the mentions at some seats only, where `there` holds: number of the concept, code, and
        which of those seats."""
        at, which, codes = self._of(concepts)
        column = np.full(self._size, -1, dtype=np.int64)
        place = self.seats.searchsorted(seats)
        if self._size:
            known = np.flatnonzero(self.seats.take(place, mode="clip") == seats)
            column[place.take(known)] = known
        column[~there] = -1
        kept = np.flatnonzero(column.take(at) >= 0)
        return which.take(kept), codes.take(kept), column.take(at.take(kept))

    def _of(self, concepts: Iterable[ConceptId]) -> tuple[Integers, Integers, Integers]:
        """Mentions of some of the concepts: place in `seats`, number of the concept, code; those of one record ordered
        by concept."""
        numbers = np.array([self._number[concept] for concept in concepts], dtype=np.int64)
        order = np.full(len(self._number), -1, dtype=np.int64)
        order[numbers] = np.arange(len(numbers))
        which = order.take(self._which)
        kept = np.flatnonzero(which >= 0)
        if (np.diff(numbers) < 0).any():
            kept = kept.take(np.argsort(which.take(kept), kind="stable"))
        elif len(kept) == len(which):
            return self._at, which, self._codes
        return self._at.take(kept), which.take(kept), self._codes.take(kept)


def _peaks(at: Integers, which: Integers, weight: Floats) -> tuple[Integers, Floats]:
    """Each place once for each concept, with the highest weight there; places ascend within a concept."""
    first = np.flatnonzero((np.diff(at, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0))
    return at[first], np.maximum.reduceat(weight, first)


def _worth(rules: ConceptRules, accept: Accepted) -> Floats:
    if accept is not None:
        return np.array([1.0 if one in accept else 0.0 for one in ASSERTIONS], dtype=np.float32)
    return np.array([rules.worth(one) for one in ASSERTIONS], dtype=np.float32)


@lru_cache(maxsize=64)
def _coded(rules: ConceptRules, accept: Accepted) -> tuple[Floats, Mask]:
    """What each code of a mention is worth, its section's weight included, and whether it denies."""
    worth = _worth(rules, accept)
    sections = np.array([kind.weight for kind in section_kinds()], dtype=np.float32)
    denies = np.array([one in _DENIES and one not in (accept or ()) for one in ASSERTIONS])
    return np.outer(worth, sections).ravel(), np.repeat(denies & (worth == 0), len(sections))
