"""What the lexicon says of a concept, for the command line and the portal's page; with an edition, also how many
records hold it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from records.disclosure import published
from records.errors import BadInput
from records.ids import ConceptId
from semantic.cohort import Criterion, holding
from semantic.concepts import Concept, Lexicon
from semantic.lexicon_browse import browse
from semantic.lexicon_card import card
from semantic.lexicon_relations import Edge
from semantic.rows import Scope
from semantic.snapshot import Edition

Count = Callable[[ConceptId], tuple[str, str]]  # (patients, records) that hold a concept, as published
_HIDDEN: Final = (Edge.SIGN, Edge.REMEDY)  # patterns of words, and treatments told once more
_NARROWER: Final = (Edge.CHILD, Edge.IMPLIED, Edge.COMPLICATION)
_MOST_KEPT: Final = 5000
_MOST_NARROWER: Final = 24


class Holders:
    """How many patients and records hold a concept, by itself or its kinds; remembered for one edition and scope."""

    def __init__(self, edition: Edition, lexicon: Lexicon) -> None:
        self.edition = edition
        self._lexicon = lexicon
        self._known: dict[tuple[Scope, ConceptId], tuple[str, str]] = {}

    def counter(self, scope: Scope) -> Count:
        """A count inside this scope."""

        def count(concept: ConceptId) -> tuple[str, str]:
            key = (scope, concept)
            if key not in self._known:
                if len(self._known) >= _MOST_KEPT:
                    self._known.clear()
                patients, records = holding(self.edition, self._lexicon, scope, Criterion(concept))
                self._known[key] = published(patients), published(records)
            return self._known[key]

        return count


def explain(words: str, overlay: Path | None = None) -> dict[str, Any]:
    """The answer of `looked_up` without counts. Raises BadInput("concept_unknown") when nothing comes near."""
    answer = looked_up(Lexicon.load(overlay), words)
    if not answer["concepts"] and not answer["near"]:
        raise BadInput(
            "concept_unknown", "The lexicon has no such concept; try another name, or import your own words."
        )
    return answer


def looked_up(lexicon: Lexicon, words: str, count: Count | None = None) -> dict[str, Any]:
    """{"concepts": [{"id","zh","en","names","icd10","kind","relations",…,"reaches","patients"?,"records"?}],
    "near": [{"id","zh","en","kind","records"?}]}; a concept in `relations` has "records" too, where counted."""
    named, near = browse(lexicon, words)
    return {
        "concepts": [_told(lexicon, each, count) for each in named],
        "near": [_short(each, count) for each in near],
    }


def narrower(lexicon: Lexicon, concept: ConceptId) -> list[Concept]:
    """What a question for this concept could be narrowed to: its kinds and complications, a few."""
    found = (one for edge in _NARROWER for one in lexicon.relations.next(concept, edge))
    return [lexicon.concept(one) for one in dict.fromkeys(found)][:_MOST_NARROWER]


def _told(lexicon: Lexicon, each: Concept, count: Count | None) -> dict[str, Any]:
    told = card(lexicon, each.id)
    for edge in _HIDDEN:
        told["relations"].pop(edge.value, None)
    if count is not None:
        told["patients"], told["records"] = count(each.id)
        for targets in told["relations"].values():
            for target in targets:
                target["records"] = count(target["id"])[1]
    return {
        **told,
        "names": list(lexicon.names(each.id)),
        "reaches": [
            {"id": other, "weight": round(reached.weight, 3), "path": lexicon.say(other, reached)}
            for other, reached in sorted(lexicon.expand(each.id).items(), key=lambda item: -item[1].weight)
            if other != each.id
        ],
    }


def _short(each: Concept, count: Count | None) -> dict[str, Any]:
    short: dict[str, Any] = {"id": each.id, "zh": each.zh, "en": each.en, "kind": each.kind.value}
    return short if count is None else {**short, "records": count(each.id)[1]}
