"""A hospital's own overlay file: it may add concepts, and names and codes to shipped ones; it can take nothing away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Ambiguous, Concept
from semantic.lexicon_files import expand_choices, read_ambiguous, read_concepts, read_toml


def overlaid(
    concepts: list[Concept], ambiguous: list[Ambiguous], overlay: Path
) -> tuple[list[Concept], list[Ambiguous]]:
    """The lexicon's concepts with those of the overlay added and its [[extend]] blocks applied."""
    by_id = {concept.id: concept for concept in concepts}
    for concept in read_concepts(overlay):
        if by_id.setdefault(concept.id, concept) is not concept:
            raise BadInput(
                "lexicon_invalid",
                f"Lexicon file {overlay.name} defines '{concept.id}' again: use [[extend]] to add names to it.",
            )
    for block in read_toml(overlay).get("extend", []):
        identity = ConceptId(str(block.get("id", "")))
        if identity not in by_id:
            raise BadInput(
                "lexicon_invalid", f"Lexicon file {overlay.name} extends '{identity}', which the lexicon does not hold."
            )
        known = by_id[identity]
        names = expand_choices([str(name) for name in block.get("names", [])])
        codes = [str(code) for code in block.get("icd10", [])]
        by_id[identity] = replace(
            known,
            synonyms=tuple(dict.fromkeys((*known.synonyms, *names))),
            icd10=tuple(dict.fromkeys((*known.icd10, *codes))),
        )
    return list(by_id.values()), [*ambiguous, *read_ambiguous(overlay)]
