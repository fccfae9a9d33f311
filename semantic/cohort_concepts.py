"""Which concepts of the lexicon a cohort's words stand for, by name, by code, or by a limit such as "eGFR < 60"."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from records.errors import BadInput
from records.ids import ConceptId
from semantic.concepts import Lexicon, Reached, Want
from semantic.labs import load_labs
from semantic.labs_asked import Asked, criterion
from semantic.query import itself

_ASIDE: Final = ("sign", "remedy")  # steps that make something likely, which will do to find it but not to count it


def concepts_of(lexicon: Lexicon, name: str, reach: str) -> tuple[ConceptId, ...]:
    """What counts for `name` under a reach of cohort_definition.REACHES; of a limit, the findings that imply it.
    BadInput("unknown_concept") when neither the lexicon nor the laboratory rules know it."""
    found = tuple(each.id for each in lexicon.lookup(name))
    limit = None if found else limit_of(name)
    if not found and limit is None:
        raise BadInput("unknown_concept", f"The lexicon has no concept '{name}'; look it up by name first.")
    wanted: dict[ConceptId, None] = {}
    for each in found or (limit.implying if limit else ()):
        if reach == "exact":
            wanted[each] = None
        elif reach == "itself":
            wanted.update(dict.fromkeys(itself(lexicon.expand(each))))
        else:
            reached = lexicon.expand(each, Want(reach))
            wanted.update(dict.fromkeys(one for one, way in reached.items() if reach == Want.ABOUT or _told(way)))
    return tuple(wanted)


@lru_cache(maxsize=256)
def limit_of(name: str) -> Asked | None:
    """What `name` asks where it is a test with a limit ("eGFR < 45"): the values that count, and what implies them."""
    return criterion(load_labs(), name)


def _told(way: Reached) -> bool:
    return not any(step in _ASIDE for step, _ in way.steps)
