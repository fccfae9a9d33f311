"""Other ways to say an English name in a question, from data/concepts/variants.toml: word order, number, articles,
eponyms, the adjective of a part of the body, and a name without a last word that says nothing. Never a new meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.ids import ConceptId
from semantic.lexicon_concept import Concept
from semantic.lexicon_files import read_toml
from semantic.lexicon_match import Name
from semantic.lexicon_variants import derived_names

_OF: Final = re.compile(r"(?P<head>[A-Za-z][A-Za-z -]*?) of (?:the )?(?P<part>[A-Za-z][A-Za-z-]*(?: [a-z-]+){0,2})")
_EPONYM: Final = re.compile(r"(?P<name>[A-Z][a-z]{3,})(?P<own>'s|s')? (?P<rest>[a-z].*)")
_ASKED: Final = frozenset({"complication", "complications", "treatment", "cause", "sign"})  # of what is asked for
_MOST: Final = 12
_LONG_ENOUGH: Final = 6


@dataclass(frozen=True, slots=True)
class English:
    """`same`: words that stand for each other ("renal", "kidney"); `generic`: last words that may be missing, behind
    the words `alone`."""

    same: dict[str, tuple[str, ...]]
    generic: frozenset[str]
    alone: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> English:
        """From the keys `same`, `generic` and `alone` of a file."""
        raw = read_toml(path)
        same = {
            str(word): tuple(str(other) for other in row if other != word)
            for row in raw.get("same", [])
            for word in row
        }
        return cls(same, frozenset(map(str, raw.get("generic", []))), frozenset(map(str, raw.get("alone", []))))

    def forms(self, name: str) -> list[str]:
        """Other forms of an ASCII name, the name itself left out; of a single word only its number."""
        if not name.isascii():
            return []
        number = _number(name)
        if " " not in name:
            return number
        found = [name]
        left, _, last = name.rpartition(" ")
        short = [left] if last in self.generic and left.removesuffix("'s") in self.alone else []
        for form in found:
            found += [each for each in self._next(form) if each not in found][: _MOST - len(found)]
        return [*found[1:], *short, *number]

    def _next(self, name: str) -> Iterator[str]:
        of = _OF.fullmatch(name)
        if of is not None and of["head"] not in _ASKED:
            yield f"{of['part']} {of['head']}"
            kind, _, thing = of["head"].rpartition(" ")
            if kind:
                yield f"{kind} {of['part']} {thing}"
            yield f"{of['head']} of the {of['part']}"
            yield f"{of['head']} of {of['part']}"
        eponym = _EPONYM.fullmatch(name)
        if eponym is not None:
            yield eponym["name"] + ("" if eponym["own"] else "'s") + f" {eponym['rest']}"
        words = name.split(" ")
        for at, word in enumerate(words):
            for other in self.same.get(word, ()):
                yield " ".join((*words[:at], other, *words[at + 1 :]))

    def names(
        self, concepts: Mapping[ConceptId, Concept], taken: Mapping[str, Name], pairs: list[tuple[str, str]]
    ) -> dict[str, Name]:
        """Squeezed other form -> concept, in every spelling and number; none that is taken or that two would have."""
        return derived_names(concepts, taken, pairs, self._all, itself=True)

    def _all(self, concept: Concept) -> list[str]:
        return [form for name in (*concept.names, *concept.asked) for form in self.forms(name)]


def _number(name: str) -> list[str]:
    """The singular of a name written in the plural ("varicose veins"), and plurals that `plural` leaves out."""
    if not name[-1:].islower() or len(name) < _LONG_ENOUGH or name.istitle():  # "Graves" is one already
        return []
    if name.endswith(("ss", "us")):
        return [f"{name}es"]
    if name.endswith("ies"):
        return [f"{name[:-3]}y"]
    return [name[:-1]] if name.endswith("s") and not name.endswith(("is", "ces", "ses")) else []
