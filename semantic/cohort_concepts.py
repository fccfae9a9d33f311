"""Which concepts of the lexicon a cohort's words stand for, by name, by code, or by a limit such as "eGFR < 60"."""

from __future__ import annotations

from typing import Final

from records.errors import BadInput
from records.ids import ConceptId
from semantic.concepts import Lexicon, Reached, Want
from semantic.labs import load_labs
from semantic.query import itself

_ASIDE: Final = ("sign", "remedy")  # steps that make something likely, which will do to find it but not to count it


def concepts_of(lexicon: Lexicon, name: str, reach: str) -> tuple[ConceptId, ...]:
    """What counts for `name` under a reach of cohort_definition.REACHES. BadInput("unknown_concept" | "unknown_limit")
    when neither the lexicon nor the laboratory rules know it."""
    found = tuple(each.id for each in lexicon.lookup(name)) or load_labs().beyond(name)
    if not found:
        raise BadInput("unknown_concept", f"The lexicon has no concept '{name}'; look it up by name first.")
    wanted: dict[ConceptId, None] = {}
    for each in found:
        if reach == "exact":
            wanted[each] = None
        elif reach == "itself":
            wanted.update(dict.fromkeys(itself(lexicon.expand(each))))
        else:
            reached = lexicon.expand(each, Want(reach))
            wanted.update(dict.fromkeys(one for one, way in reached.items() if reach == Want.ABOUT or _told(way)))
    return tuple(wanted)


def _told(way: Reached) -> bool:
    return not any(step in _ASIDE for step, _ in way.steps)
