"""Names of concepts, record types and departments in the reader's language."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from approvals.variables import variables
from portal.ui.texts import Texts
from records.errors import LantaiError
from records.ids import ConceptId
from semantic.concepts import Lexicon

_UNNAMED = re.compile(r"(?P<side>include|exclude|start)(?: [0-9]+)?: (?P<concept>.+)")


_overlay: list[Path] = []


def names_from(overlay: Path | None) -> None:
    """Use a hospital's own terms besides the shipped ones."""
    _overlay[:] = [overlay] if overlay else []
    _lexicon.cache_clear()


@cache
def _lexicon() -> Lexicon | None:
    """The names; a screen without them still works, with ids."""
    try:
        return Lexicon.load(*_overlay)
    except (LantaiError, OSError):
        return None


def all_concepts() -> list[str]:
    """Every concept id of the lexicon; none where it cannot be read."""
    return [str(concept.id) for concept in _lexicon() or ()]


def concept_name(words: Texts, concept: object) -> str:
    """The concept's name, or its id where the lexicon does not know it."""
    lexicon = _lexicon()
    if lexicon is None:
        return str(concept)
    try:
        found = lexicon.concept(ConceptId(str(concept)))
    except (KeyError, LantaiError):
        return str(concept)
    return str(found.zh if words.language == "zh" else found.en) or str(concept)


def understood_name(words: Texts, concept: object, said: object) -> str:
    """The concept's name in the reader's language, or what was asked of it where that says more ("eGFR < 45")."""
    lexicon = _lexicon()
    known = lexicon is not None and str(concept) in lexicon and str(said) in lexicon.names(ConceptId(str(concept)))
    return concept_name(words, concept) if known or not said else str(said)


def named_concept(words: Texts, name: object) -> str:
    """A concept as a definition names it, in the reader's language; the words themselves where they name none or more
    than one."""
    lexicon = _lexicon()
    found = lexicon.lookup(str(name)) if lexicon else ()
    return concept_name(words, found[0].id) if len(found) == 1 else str(name)


def concept_kinds() -> dict[str, int]:
    """How many concepts of each kind the lexicon holds."""
    return dict(Counter(each.kind.value for each in _lexicon() or ()))


def type_name(words: Texts, code: object) -> str:
    """A record type's name for its code."""
    return words.word("type", code)


def department_name(words: Texts, name: object) -> str:
    """A department's name."""
    return words.word("department", name)


def variable_name(words: Texts, name: object) -> str:
    """A variable's name, as the data dictionary of a release gives it."""
    found = variables().get(str(name))
    return str(name) if found is None else found.zh if words.language == "zh" else found.en


def step_name(words: Texts, step: object) -> str:
    """A step of the attrition: its label, or the concept it is about in the reader's language."""
    unnamed = _UNNAMED.fullmatch(str(step))
    if unnamed is None:
        return words.word("step", step)
    return f"{words('step.' + unnamed['side'])} {named_concept(words, unnamed['concept'])}"


def departments(words: Texts, *found: str) -> list[str]:
    """Names of departments to choose from: those found in this archive first, then the usual ones."""
    return list(dict.fromkeys((*sorted(found), *words.listed("department"))))
