"""Concept evidence: which records hold what a question asks for, how strongly, and which only deny it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from records.ids import ConceptId
from records.mentions import Assertion
from semantic.concepts import Reached
from semantic.passages import section_kinds
from semantic.ranking import ConceptRules
from semantic.segment import ASSERTIONS, Segment
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_DENIES = (Assertion.NEGATED, Assertion.FAMILY)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Over all places of an edition: `strength` float32 in [0, ~1.3]; `held` where the record holds an answer;
    `denied` where mentions only deny, or speak of a relative; `rooted` where the disease itself stands;
    `doubted` where it is named, but only as possible or planned;
    `absent` how strongly the patient is said not to have it, worked out for what is not wished for only."""

    strength: Floats
    held: Mask
    denied: Mask
    rooted: Mask
    doubted: Mask
    absent: Floats | None = None


class Matches:
    """Reads the mentions of an edition's segments with these numbers."""

    def __init__(self, edition: Edition, rules: ConceptRules, numbers: Iterable[int]) -> None:
        self._size = edition.bases[-1]
        self._segments = [(edition.bases[number], edition.segments[number]) for number in numbers]
        self._rules = rules

    def among(self, concepts: Iterable[ConceptId], mask: Mask) -> Mentions:
        """The mentions of the concepts where `mask` allows, gathered once for all that is asked of them."""
        return Mentions(self._segments, dict.fromkeys(concepts), mask, self._rules)

    def kinds(self, kind_of: Mapping[ConceptId, ConceptId], places: Integers, rooted: Mask) -> Floats:
        """float32 [kinds, places]: how strongly each kind of answer stands at each place, 0 where the disease itself
        does not."""
        worth, _ = _coded(_worth(self._rules, None), None)
        kinds = {kind: number for number, kind in enumerate(dict.fromkeys(kind_of.values()))}
        kind = np.array([kinds[each] for each in kind_of.values()], dtype=np.int64)
        column = np.full(self._size, -1, dtype=np.int32)
        column[places] = np.where(rooted[places], np.arange(len(places)), -1)
        found = np.zeros(len(kinds) * len(places), dtype=np.float32)
        for base, segment in self._segments:
            at, which, codes = _mentions(segment, tuple(kind_of), base)
            mine = np.flatnonzero(column.take(at) >= 0)
            cell = kind.take(which.take(mine)) * len(places) + column.take(at.take(mine))
            np.maximum.at(found, cell, worth.take(codes.take(mine)))
        return found.reshape(len(kinds), len(places))


class Mentions:
    """Mentions of some concepts. Arrays here have one value for each of `places` (int64, ascending), the only ones that
    hold a mention; `spread` puts them where they belong in the edition."""

    def __init__(
        self, segments: Sequence[tuple[int, Segment]], concepts: Iterable[ConceptId], mask: Mask, rules: ConceptRules
    ) -> None:
        self._rules = rules
        self._whole = len(mask)
        at: list[Integers] = []
        codes: list[Integers] = []
        ends: list[int] = [0]
        tables = [(base, segment.mentions, *segment.mention_places) for base, segment in segments]
        names = tuple(concepts)
        for concept in names:
            size = 0
            for base, table, records, coded in tables:
                where = table.of(concept)
                if where.start < where.stop:
                    here = records[where].astype(np.int64) + base
                    kept = np.flatnonzero(mask.take(here))
                    at.append(here.take(kept))
                    codes.append(coded[where].take(kept).astype(np.int64))
                    size += len(kept)
            ends.append(ends[-1] + size)
        self._slices = {concept: slice(*ends[number : number + 2]) for number, concept in enumerate(names)}
        every = np.concatenate(at) if at else np.zeros(0, dtype=np.int64)
        self._codes = np.concatenate(codes) if codes else every
        marked = np.zeros(self._whole, dtype=bool)
        marked[every] = True
        self.places: Integers = np.flatnonzero(marked)
        number = np.zeros(self._whole, dtype=np.int32)
        number[self.places] = np.arange(len(self.places), dtype=np.int32)
        self._at = number.take(every).astype(np.int64)
        self._size = len(self.places)

    def spread(self, one: Evidence) -> Evidence:
        """The same over all places of the edition."""
        fields = (one.strength, one.held, one.denied, one.rooted, one.doubted, one.absent)
        whole: list[Any] = []
        for field in fields:
            found = None if field is None else np.zeros(self._whole, dtype=field.dtype)
            if found is not None and field is not None:
                found[self.places] = field
            whole.append(found)
        return Evidence(*whole)

    def evidence(self, reached: Mapping[ConceptId, Reached], accept: Sequence[Assertion] | None = None) -> Evidence:
        """Strength of every record for a set of reached concepts. `accept` names the assertions that count in full
        instead of the rules' (a question about family history accepts FAMILY)."""
        rules = self._rules
        worth, against = _coded(_worth(rules, accept), accept)
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
        return Evidence(strength, held, denied, held, np.zeros_like(held))

    def absence(self, concepts: Mapping[ConceptId, float]) -> Floats:
        """How strongly each record says that the patient has none of the concepts: weight × section weight of a
        denial."""
        worth, _ = _coded(np.array([float(one is Assertion.NEGATED) for one in ASSERTIONS], dtype=np.float32), None)
        weights = np.array(list(concepts.values()), dtype=np.float32)
        absent = np.zeros(self._size, dtype=np.float32)
        at, which, codes = self._of(concepts)
        np.maximum.at(absent, at, worth.take(codes) * weights.take(which))
        return absent

    def denials(self, concepts: Iterable[ConceptId], accept: Sequence[Assertion] | None = None) -> Mask:
        """Where a mention of one of the concepts denies it, or speaks of a relative."""
        _, against = _coded(np.zeros(len(ASSERTIONS), dtype=np.float32), accept)
        denied = np.zeros(self._size, dtype=bool)
        at, _, codes = self._of(concepts)
        denied[at[against.take(codes)]] = True
        return denied

    def _of(self, concepts: Iterable[ConceptId]) -> tuple[Integers, Integers, Integers]:
        """Mentions of some of the concepts, one concept after another: place here, number of the concept, code."""
        slices = [self._slices[concept] for concept in concepts]
        which = np.repeat(np.arange(len(slices)), [where.stop - where.start for where in slices])
        if not len(which):
            return which, which, which
        at = np.concatenate([self._at[where] for where in slices])
        return at, which, np.concatenate([self._codes[where] for where in slices])


def _peaks(at: Integers, which: Integers, weight: Floats) -> tuple[Integers, Floats]:
    """Each place once for each concept, with the highest weight there; places ascend within a concept."""
    first = np.flatnonzero((np.diff(at, prepend=-1) != 0) | (np.diff(which, prepend=-1) != 0))
    return at[first], np.maximum.reduceat(weight, first)


def _worth(rules: ConceptRules, accept: Sequence[Assertion] | None) -> Floats:
    if accept is not None:
        return np.array([1.0 if one in accept else 0.0 for one in ASSERTIONS], dtype=np.float32)
    return np.array([rules.worth(one) for one in ASSERTIONS], dtype=np.float32)


def _coded(worth: Floats, accept: Sequence[Assertion] | None) -> tuple[Floats, Mask]:
    """What each code of a mention is worth, its section's weight included, and whether it denies."""
    sections = np.array([kind.weight for kind in section_kinds()], dtype=np.float32)
    denies = np.array([one in _DENIES and one not in (accept or ()) for one in ASSERTIONS])
    deny = denies & (worth == 0)
    return np.outer(worth, sections).ravel(), np.repeat(deny, len(sections))


def _mentions(segment: Segment, concepts: Sequence[ConceptId], base: int) -> tuple[Integers, Integers, Integers]:
    """All mentions of the concepts, one concept after another: place, number of the concept, code; int64."""
    slices = [segment.mentions.of(concept) for concept in concepts]
    sizes = np.array([where.stop - where.start for where in slices], dtype=np.int64)
    which = np.repeat(np.arange(len(slices)), sizes)
    records, codes = segment.mention_places
    at = [records[where] for where in slices if where.stop > where.start]
    code = [codes[where] for where in slices if where.stop > where.start]
    if not at:
        return which, which, which
    return np.concatenate(at).astype(np.int64) + base, which, np.concatenate(code).astype(np.int64)


def held_concepts(
    edition: Edition,
    reached: Mapping[ConceptId, Reached],
    places: Sequence[int],
    rules: ConceptRules,
    accept: Sequence[Assertion] | None = None,
) -> dict[int, tuple[ConceptId, ...]]:
    """Which of the reached concepts each of these records holds, strongest path first."""
    worth = _worth(rules, accept) > 0
    held: dict[int, list[ConceptId]] = {place: [] for place in places}
    numbers = np.searchsorted(edition.bases, np.array(places, dtype=np.int64), side="right") - 1
    for number in np.unique(numbers):
        segment, base = edition.segments[number], edition.bases[number]
        here = np.array(places, dtype=np.int64)[numbers == number]
        first, last = segment.record_first[here - base], segment.record_first[here - base + 1]
        for concept in reached:
            where = segment.mentions.of(concept)
            if where.start == where.stop:
                continue
            passages = segment.mentions.passage[where]
            good = np.append(0, np.cumsum(worth[segment.mentions.assertion[where]]))
            low, high = passages.searchsorted(first), passages.searchsorted(last)
            for place in here[good[high] > good[low]]:
                held[int(place)].append(concept)
    return {place: tuple(concepts) for place, concepts in held.items()}
