"""One concept told in full, for the browser page and `lantai concept show`. It only reads the lexicon."""

from __future__ import annotations

from typing import Any

from records.ids import ConceptId
from semantic.concepts import Concept, Lexicon
from semantic.lexicon_relations import Edge


def card(lexicon: Lexicon, concept: ConceptId) -> dict[str, Any]:
    """JSON-ready: id, kind, names, codes, file, and every relation in both directions as
    {edge: [{"id", "zh", "en"}]}; edges are those of lexicon_relations.Edge. BadInput when there is no such concept."""
    each = lexicon.concept(concept)
    relations = {
        edge.value: [_short(lexicon.concept(target)) for target in dict.fromkeys(lexicon.relations.next(concept, edge))]
        for edge in Edge
        if edge is not Edge.SELF
    }
    return {
        **_short(each),
        "kind": each.kind.value,
        "synonyms": list(dict.fromkeys(each.synonyms)),
        "asked": list(each.asked),
        "icd10": list(each.icd10),
        "specialty": each.specialty,
        "note": each.note,
        "relations": {edge: targets for edge, targets in relations.items() if targets},
        "lexicon": lexicon.version,
    }


def cards(lexicon: Lexicon, words: str) -> list[dict[str, Any]]:
    """Cards of every concept that these words name, have as code or are the id of; empty when there is none."""
    return [card(lexicon, each.id) for each in lexicon.lookup(words)]


def _short(concept: Concept) -> dict[str, Any]:
    return {"id": concept.id, "zh": concept.zh, "en": concept.en}
