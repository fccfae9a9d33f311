"""Reads and checks the lexicon's files. A wrong file is refused with its name, the concept and what to change."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NoReturn

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Ambiguous, Concept, ConceptKind, Reading, Relation

RESERVED: Final = frozenset({"ambiguous", "questions", "variants", "labs", "signs", "compose", "lay", "words", "short"})
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ICD: Final = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,4})?")
_CHOICE: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_WRITTEN: Final = tuple(relation for relation in Relation if relation is not Relation.SIGN_OF)
_LISTS: Final = ("zh", "en", "asked", "icd10", "kinds", *(relation.value for relation in _WRITTEN))
_KEYS: Final = frozenset({"id", "kind", "note", *_LISTS})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the files we are, for the error message."""

    file: str
    what: str

    def refuse(self, why: str) -> NoReturn:
        """Raise BadInput naming the file and the entry."""
        raise BadInput("lexicon_invalid", f"Lexicon file {self.file}, {self.what}: {why}.")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict; BadInput with the parser's own line number when it is malformed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("lexicon_invalid", f"Lexicon file {path.name} is not readable TOML: {error}.") from None


def specialty_files(folder: Path) -> list[Path]:
    """The files that hold concepts, in a fixed order."""
    return sorted(path for path in folder.glob("*.toml") if path.stem.split("_")[0] not in RESERVED)


def read_concepts(path: Path) -> list[Concept]:
    """All concepts of one file."""
    document = read_toml(path)
    blocks = document.get("concept", [])
    if not isinstance(blocks, list):
        _Place(path.name, "top").refuse("write concepts as [[concept]] blocks")
    return [_concept(block, path.stem, _Place(path.name, f"concept {n}")) for n, block in enumerate(blocks, 1)]


def _concept(block: Mapping[str, Any], specialty: str, place: _Place) -> Concept:
    identity = block.get("id")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        place.refuse("id must be lower-case English words joined by hyphens")
    place = _Place(place.file, f"concept '{identity}'")
    unknown = sorted(set(block) - _KEYS)
    if unknown:
        place.refuse(f"unknown key '{unknown[0]}'; known keys are {', '.join(sorted(_KEYS))}")
    lists = {key: _strings(block, key, place) for key in _LISTS}
    zh, en = lists["zh"], lists["en"]
    if not zh or not en:
        place.refuse("zh and en each need at least the preferred name")
    for code in lists["icd10"]:
        if not _ICD.fullmatch(code):
            place.refuse(f"'{code}' is not an ICD-10 code such as E11.2")
    kind = block.get("kind")
    if kind not in set(ConceptKind):
        place.refuse(f"kind must be one of {', '.join(ConceptKind)}")
    zh_names, en_names = expand_choices(zh), expand_choices(en)
    return Concept(
        id=ConceptId(identity),
        kind=ConceptKind(kind),
        zh=zh_names[0],
        en=en_names[0],
        synonyms=(*zh_names[1:], *en_names[1:]),
        asked=tuple(expand_choices(lists["asked"])),
        icd10=tuple(lists["icd10"]),
        relations=tuple((relation, ConceptId(target)) for relation in _WRITTEN for target in lists[relation.value]),
        specialty=specialty,
        note=str(block.get("note", "")),
        kinds=tuple(map(ConceptId, lists["kinds"])),
    )


def joined_kinds(concepts: Iterable[Concept]) -> list[Concept]:
    """The concepts with an is-a to every class that lists them among its kinds: a class may name its kinds in one
    place."""
    concepts = list(concepts)
    known = {concept.id for concept in concepts}
    classes: dict[ConceptId, list[ConceptId]] = defaultdict(list)
    for concept in concepts:
        for kind in concept.kinds:
            if kind not in known:
                _Place(f"{concept.specialty}.toml", f"concept '{concept.id}'").refuse(
                    f"kinds names '{kind}', which no file defines"
                )
            classes[kind].append(concept.id)
    return [_with_parents(concept, classes[concept.id]) for concept in concepts]


def _with_parents(concept: Concept, parents: Iterable[ConceptId]) -> Concept:
    more = tuple((Relation.IS_A, each) for each in parents if each not in concept.is_a)
    return replace(concept, relations=(*concept.relations, *more)) if more else concept


def _strings(block: Mapping[str, Any], key: str, place: _Place) -> list[str]:
    value = block.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        place.refuse(f"{key} must be a list of non-empty strings")
    return list(value)


def expand_choices(names: list[str]) -> list[str]:
    """ "肺(上叶|下叶|)癌" stands for 肺上叶癌, 肺下叶癌 and 肺癌; order kept, repeats dropped."""
    return list(dict.fromkeys(each for name in names for each in _choices(name)))


def _choices(name: str) -> Iterator[str]:
    match = _CHOICE.search(name)
    if match is None:
        yield name.strip()
        return
    for choice in match[1].split("|"):
        yield from _choices(name[: match.start()] + choice + name[match.end() :])


def read_ambiguous(path: Path) -> list[Ambiguous]:
    """The names with more than one meaning, or with one meaning that needs a word nearby."""
    found = []
    for number, block in enumerate(read_toml(path).get("alias", []), 1):
        place = _Place(path.name, f"alias {number}")
        words = block.get("words")
        if not isinstance(words, str) or not words:
            place.refuse("words must be the ambiguous name")
        place = _Place(path.name, f"alias '{words}'")
        readings = tuple(
            Reading(ConceptId(str(each.get("concept", ""))), tuple(_strings(each, "near", place)))
            for each in block.get("reading", [])
        )
        if not readings:
            place.refuse("give at least one [[alias.reading]] with concept and near")
        otherwise = block.get("otherwise")
        found.append(
            Ambiguous(
                words=words,
                readings=readings,
                otherwise=ConceptId(otherwise) if otherwise else None,
                exact_case=bool(block.get("exact-case", False)),
                unless=tuple(_strings(block, "unless", place)),
                short=bool(block.get("short", False)),
            )
        )
    return found


def check_concepts(concepts: Mapping[ConceptId, Concept], ambiguous: list[Ambiguous]) -> None:
    """Refuse relations to nowhere, circles of is-a, and ambiguous names of unknown concepts."""
    for concept in concepts.values():
        place = _Place(f"{concept.specialty}.toml", f"concept '{concept.id}'")
        for relation, target in concept.relations:
            if target not in concepts:
                place.refuse(f"{relation} names '{target}', which no file defines")
            if target == concept.id:
                place.refuse(f"{relation} names the concept itself")
    for each in ambiguous:
        for target in (*(reading.concept for reading in each.readings), *([each.otherwise] if each.otherwise else [])):
            if target not in concepts:
                _Place("ambiguous.toml", f"alias '{each.words}'").refuse(f"'{target}' is defined in no file")
    _refuse_circles(concepts)


def _refuse_circles(concepts: Mapping[ConceptId, Concept]) -> None:
    done: set[ConceptId] = set()
    for start in concepts:
        trail: list[ConceptId] = []
        stack: list[tuple[ConceptId, bool]] = [(start, False)]
        while stack:
            current, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(current)
            elif current in trail:
                place = _Place(f"{concepts[current].specialty}.toml", f"concept '{current}'")
                place.refuse("its is-a relations run in a circle")
            elif current not in done:
                trail.append(current)
                stack.append((current, True))
                stack.extend((parent, False) for parent in concepts[current].is_a)
