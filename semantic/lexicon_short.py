"""Short names (简称) of notes ("胆结", "急胰"), from data/concepts/short.toml: found only as words of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Concept, ConceptKind, Relation
from semantic.lexicon_files import expand_choices, read_toml
from semantic.lexicon_fold import squeeze
from semantic.lexicon_match import Edges, Name
from semantic.lexicon_relations import Edge, RelationMap

_SHORTEST: Final = 2
_MOST: Final = 48  # cuts of one name; more would mean a table that feeds itself
_KINDS: Final = frozenset(ConceptKind) - {ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.LAB, ConceptKind.TCM}


@dataclass(frozen=True, slots=True)
class ShortNames:
    """`names`: written out in the file. `cuts` shorten a name anywhere, `endings` what is cut already at its end; they
    make none of the words `never`."""

    names: Mapping[str, Name]
    cuts: tuple[tuple[str, tuple[str, ...]], ...]
    endings: tuple[tuple[str, tuple[str, ...]], ...]
    never: frozenset[str]
    edges: Edges

    @classmethod
    def read(cls, path: Path, concepts: Mapping[ConceptId, Concept]) -> Self:
        """From a file, which may be missing. BadInput for an unknown concept and for a name of two."""
        table = read_toml(path) if path.is_file() else {}
        names: dict[str, Name] = {}
        for identity, words in table.get("names", {}).items():
            for word in expand_choices(list(words)):
                name = names.setdefault(squeeze(word), Name(ConceptId(identity), word))
                if identity not in concepts or name.concept != identity:
                    raise BadInput(
                        "lexicon_invalid",
                        f"Lexicon file {path.name}, '{word}': give it to one concept that a file defines.",
                    )
        return cls(
            names,
            _pairs(table.get("cuts", {})),
            _pairs(table.get("endings", {})),
            frozenset(table.get("never", ())),
            Edges(tuple(table.get("before", ())), tuple(table.get("behind", ()))),
        )

    def of(
        self, names: Mapping[str, Name], concepts: Mapping[ConceptId, Concept], relations: RelationMap
    ) -> dict[str, Name]:
        """Squeezed short name -> concept, for those that are no name; what two concepts are cut to is neither's, unless
        one is the other's kind."""
        made: dict[str, dict[ConceptId, str]] = {}
        for name, owner in names.items():
            concept = concepts[owner.concept]
            if concept.kind in _KINDS and not name.isascii() and not concept.targets(Relation.SIGN_OF):
                for form in self._cut(name):
                    made.setdefault(form, {}).setdefault(owner.concept, owner.written)
        found = dict(self.names)
        for form, owners in made.items():
            widest = _widest(owners, relations)
            if widest is not None and form not in self.never and form not in found:
                found[form] = Name(widest, owners[widest])
        return {form: owner for form, owner in found.items() if form not in names}

    def _cut(self, name: str) -> Iterator[str]:
        forms = [name]
        for old, new in self.cuts:
            if old in name:
                known = [form for form in forms if old in form and (any(new) or not form.startswith(old))]
                forms += [form.replace(old, each, 1) for form in known for each in new][: _MOST - len(forms)]
        for old, new in self.endings:
            forms += [form.removesuffix(old) + each for form in forms[1:] if form.endswith(old) for each in new]
        return (form for form in dict.fromkeys(forms[1:]) if len(form) >= _SHORTEST)


def _pairs(table: Mapping[str, Iterable[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The longest first, so that it is cut before its parts."""
    return tuple((old, tuple(table[old])) for old in sorted(table, key=len, reverse=True))


def _widest(owners: Iterable[ConceptId], relations: RelationMap) -> ConceptId | None:
    """The one of which all others are kinds."""
    above = [{each, *relations.closure(each, Edge.PARENT)} for each in owners]
    return next((one for one in owners if all(one in wider for wider in above)), None)
