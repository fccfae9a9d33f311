"""Walks the relations: what a question about one concept reaches, with weights from data. It never adds knowledge."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from records.ids import ConceptId
from semantic.lexicon_concept import Concept, ConceptKind, Reached, Relation


class Want(StrEnum):
    """What a question wants of a concept."""

    ABOUT = "about"
    COMPLICATIONS = "complications"
    TREATMENTS = "treatments"
    DRUGS = "drugs"
    PROCEDURES = "procedures"
    FINDINGS = "findings"
    LABS = "labs"
    CAUSES = "causes"
    KINDS = "kinds"


class Edge(StrEnum):
    """A step from one concept to another; the names stand in questions.toml."""

    CHILD = "child"
    PARENT = "parent"
    COMPLICATION = "complication"
    IMPLIED = "implied"
    FINDING = "finding"
    TREATMENT = "treatment"
    TREATS = "treats"
    REMEDY = "remedy"  # a treatment that so few diseases share that it speaks for the disease
    CAUSE = "cause"
    SIGN = "sign"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Walk:
    """How far one want reaches: weights per edge before, at and after the step that answers it."""

    approach: Mapping[Edge, float] = field(default_factory=dict)
    cross: Mapping[Edge, float] = field(default_factory=dict)
    beyond: Mapping[Edge, float] = field(default_factory=dict)
    least: float = 0.3
    kinds: frozenset[ConceptKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Sharing:
    """A finding or a remedy that n diseases share (kinds of one disease count once) says n ** -power of each; a
    treatment that more than `most` share is no remedy."""

    power: float = 0.0
    most: int = 2


_SHARED: Final = frozenset({Edge.FINDING, Edge.REMEDY})
_CONSEQUENCES: Final = frozenset({Edge.COMPLICATION, Edge.IMPLIED})
_EDGES: Mapping[Relation, tuple[tuple[Edge, ...], tuple[Edge, ...]]] = {
    Relation.IS_A: ((Edge.PARENT,), (Edge.CHILD,)),  # (forward, backward)
    Relation.COMPLICATION_OF: ((Edge.CAUSE,), (Edge.COMPLICATION,)),
    Relation.DUE_TO: ((Edge.CAUSE,), (Edge.IMPLIED,)),
    Relation.FINDING_OF: ((), (Edge.FINDING,)),
    Relation.TREATED_WITH: ((Edge.TREATMENT,), (Edge.TREATS,)),
    Relation.SIGN_OF: ((), (Edge.SIGN,)),
}


_KEPT: Final = 1000  # concepts asked for lately, whose answers are kept


class RelationMap:
    """Every relation in both directions, and the walks over it."""

    def __init__(
        self, concepts: Mapping[ConceptId, Concept], walks: Mapping[Want, Walk], sharing: Sharing | None = None
    ) -> None:
        self._sharing = sharing or Sharing()
        self._worth: dict[tuple[ConceptId, Edge], float] = {}
        self._concepts = concepts
        self._walks = walks
        self._edges: dict[tuple[ConceptId, Edge], list[ConceptId]] = defaultdict(list)
        for concept in concepts.values():
            for relation, target in concept.relations:
                forward, backward = _EDGES[relation]
                for edge in forward:
                    self._edges[concept.id, edge].append(target)
                for edge in backward:
                    self._edges[target, edge].append(concept.id)
        self._add_remedies()
        self._weigh_findings()
        self._kept = lru_cache(_KEPT)(self._worked_out)

    def _add_remedies(self) -> None:
        for concept in self._concepts:
            users = set(self.next(concept, Edge.TREATS))
            shared = self._roots(users)
            if 0 < shared <= self._sharing.most:
                self._worth[concept, Edge.REMEDY] = shared**-self._sharing.power
                for user in sorted(users):
                    self._edges[user, Edge.REMEDY].append(concept)

    def _weigh_findings(self) -> None:
        for concept in self._concepts.values():
            targets = set(concept.targets(Relation.FINDING_OF))
            if targets:
                self._worth[concept.id, Edge.FINDING] = self._roots(targets) ** -self._sharing.power

    def _roots(self, diseases: set[ConceptId]) -> int:
        """How many of them are no kind of another one of them."""
        return sum(not self.closure(each, Edge.PARENT) & diseases for each in diseases)

    def next(self, concept: ConceptId, edge: Edge) -> tuple[ConceptId, ...]:
        """Direct neighbours over one edge, in the order of the files."""
        return tuple(self._edges.get((concept, edge), ()))

    def closure(self, concept: ConceptId, edge: Edge) -> frozenset[ConceptId]:
        """Everything reached over one edge, the concept itself left out unless it lies on a circle."""
        seen: set[ConceptId] = set()
        stack = list(self.next(concept, edge))
        while stack:
            current = stack.pop()
            if current not in seen:
                seen.add(current)
                stack.extend(self.next(current, edge))
        return frozenset(seen)

    def reach(self, start: ConceptId, want: Want) -> Mapping[ConceptId, Reached]:
        """Concepts that answer `want` for `start`, best first. What was asked for lately is kept: it hangs on the
        lexicon alone."""
        return self._kept(start, want)

    def _worked_out(self, start: ConceptId, want: Want) -> Mapping[ConceptId, Reached]:
        walk = self._walks[want]
        near = {start: Reached(1.0)}
        for edge, weight in walk.approach.items():
            near.update(self._spread({start: Reached(1.0)}, {edge: weight}, walk.least))
        crossed: dict[ConceptId, Reached] = {}
        for here, reached in near.items():
            for edge, weight in walk.cross.items():
                for target in (start,) if edge is Edge.SELF else self.next(here, edge):
                    if edge is not Edge.SELF and target == start:
                        continue
                    step = _step(reached, edge, target, weight)
                    if target not in crossed or crossed[target].weight < step.weight:
                        crossed[target] = step
        found = self._spread(crossed, walk.beyond, walk.least, self._of(start))
        if walk.kinds:
            found = {each: way for each, way in found.items() if self._concepts[each].kind in walk.kinds}
        return dict(sorted(found.items(), key=lambda item: (-item[1].weight, item[0])))

    def _of(self, start: ConceptId) -> frozenset[ConceptId]:
        """The concept, its kinds, and what is due to one of them."""
        seen, stack = {start}, [start]
        while stack:
            here = stack.pop()
            for target in (*self.next(here, Edge.CHILD), *self.next(here, Edge.IMPLIED)):
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
        return frozenset(seen)

    def joined(self, kind: ConceptId, cause: ConceptId) -> Mapping[ConceptId, Reached]:
        """Kinds of `kind` that come of `cause` ("kidney disease due to diabetes"), else just the kinds."""
        kinds = self.closure(kind, Edge.CHILD) | {kind}
        answers = {
            each: Reached(way.weight / 2, way.steps) if kind in {step for _, step in way.steps} else way
            for each, way in self.reach(cause, Want.COMPLICATIONS).items()
            if each in kinds
        }  # what is reached through the kind itself says nothing of the cause
        answers = dict(sorted(answers.items(), key=lambda item: (-item[1].weight, item[0])))
        return answers or {each: way for each, way in self.reach(kind, Want.ABOUT).items() if each in kinds}

    def _spread(
        self,
        starts: Mapping[ConceptId, Reached],
        edges: Mapping[Edge, float],
        least: float,
        of_the_start: frozenset[ConceptId] | None = None,
    ) -> dict[ConceptId, Reached]:
        """Best path to everything that `edges` lead to with a weight of at least `least`. Consequences are followed
        from `of_the_start` only, if given: what follows a stroke of any cause does not follow from diabetes."""
        heap = [(-reached.weight, each, reached) for each, reached in starts.items() if reached.weight >= least]
        heap.sort(key=lambda item: item[:2])
        best: dict[ConceptId, Reached] = {}
        while heap:
            _, here, reached = heapq.heappop(heap)
            if here in best:
                continue
            best[here] = reached
            for edge, weight in edges.items():
                if edge in _CONSEQUENCES and of_the_start is not None and here not in of_the_start:
                    continue
                for target in self.next(here, edge):
                    worth = weight * self._worth[target, edge] if edge in _SHARED else weight
                    if target not in best and reached.weight * worth >= least:
                        way = _step(reached, edge, target, worth)
                        heapq.heappush(heap, (-way.weight, target, way))
        return best


def _step(reached: Reached, edge: Edge, target: ConceptId, weight: float) -> Reached:
    if edge is Edge.SELF:
        return reached
    return Reached(round(reached.weight * weight, 4), (*reached.steps, (edge.value, target)))
