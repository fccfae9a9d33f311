"""What the lexicon says of a concept, for the command line and the portal's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from records.errors import BadInput
from semantic.concepts import Lexicon


def explain(words: str, overlay: Path | None = None) -> dict[str, Any]:
    """{"concepts": [{"id","zh","en","names","icd10","reaches"}]}. Raises BadInput("concept_unknown")."""
    lexicon = Lexicon.load(overlay)
    found = lexicon.lookup(words) or tuple(lexicon.concept(wish.concept) for wish in lexicon.ask(words))
    if not found:
        raise BadInput(
            "concept_unknown", "The lexicon has no such concept; try another name, or import your own words."
        )
    return {
        "concepts": [
            {
                "id": each.id,
                "zh": each.zh,
                "en": each.en,
                "names": list(lexicon.names(each.id)),
                "icd10": list(each.icd10),
                "reaches": [
                    {"id": other, "weight": round(reached.weight, 3), "path": lexicon.say(other, reached)}
                    for other, reached in sorted(lexicon.expand(each.id).items(), key=lambda item: -item[1].weight)
                    if other != each.id
                ],
            }
            for each in found
        ]
    }
