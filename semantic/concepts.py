"""The lexicon: concepts, their names in a text, and what a concept reaches. Knowledge is data, never code."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from records.errors import BadInput
from records.ids import ConceptId
from records.paths import data_dir
from semantic.lexicon_compose import Composer
from semantic.lexicon_concept import Ambiguous, Concept, ConceptKind, Found, Reached, Relation
from semantic.lexicon_english import English
from semantic.lexicon_files import check_concepts, joined_kinds, read_ambiguous, read_concepts, specialty_files
from semantic.lexicon_fold import Folded, fold, squeeze
from semantic.lexicon_lay import LayPhrases, read_words
from semantic.lexicon_match import Name, NameMatcher
from semantic.lexicon_overlay import overlaid
from semantic.lexicon_questions import Questions, Wish
from semantic.lexicon_relations import RelationMap, Want
from semantic.lexicon_short import ShortNames
from semantic.lexicon_signs import Signs, SignsApart
from semantic.lexicon_variants import derived_names, read_variants

__all__ = ["Concept", "ConceptKind", "Found", "Lexicon", "Reached", "Relation", "Want", "Wish"]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads more than names: composed names, signs in several pieces, lay phrases of questions."""

    composer: Composer
    apart: SignsApart
    lay: LayPhrases


class Lexicon:
    """Immutable; safe to share between threads. `version` is the SM3 of every file that made it, cues too."""

    def __init__(
        self,
        concepts: Sequence[Concept],
        ambiguous: list[Ambiguous],
        pairs: list[tuple[str, str]],
        questions: Questions,
        version: str,
        readers: Readers | None = None,
        english: English | None = None,
        short: ShortNames | None = None,
    ) -> None:
        self._concepts = _by_id(concepts)
        check_concepts(self._concepts, ambiguous)
        self.relations = RelationMap(self._concepts, questions.weights, questions.sharing)
        unclear = {squeeze(each.words) for each in ambiguous}
        written = _owners(self._concepts.values(), unclear)
        self._names = {**derived_names(self._concepts, written, pairs), **written}
        asked = {squeeze(name): Name(each.id, name) for each in concepts for name in each.asked}
        clipped = (short.of(self._names, self._concepts, self.relations), short.edges) if short else ()
        self._records = NameMatcher(self._names, ambiguous, *clipped)
        forms = derived_names(self._concepts, {**written, **asked}, pairs, lambda concept: concept.asked)
        said = english.names(self._concepts, {**self._names, **forms, **asked}, pairs) if english else {}
        # In a question a name may mean more than in a record: "renal failure" is any.
        self._questions = NameMatcher({**said, **self._names, **forms, **asked}, ambiguous, *clipped)
        self._asks = questions
        self._readers = readers
        self._unclear = {squeeze(each.words): each for each in ambiguous}
        self._shown = {
            each.id: each.targets(Relation.SIGN_OF)[0] for each in concepts if each.targets(Relation.SIGN_OF)
        }
        self.version = version

    @classmethod
    def load(cls, extra: Path | None = None) -> Lexicon:
        """The shipped lexicon, with a hospital's overlay file when given. BadInput when a file is wrong."""
        if extra is not None and not extra.is_file():
            raise BadInput("lexicon_missing", f"There is no lexicon overlay named {extra.name}; import one first.")
        return _load(extra, extra.stat().st_mtime_ns if extra else 0)

    @classmethod
    def from_folder(cls, folder: Path, overlay: Path | None = None) -> Lexicon:
        """A lexicon from the files of a folder laid out like data/concepts."""
        concepts = [concept for path in specialty_files(folder) for concept in read_concepts(path)]
        ambiguous = read_ambiguous(folder / "ambiguous.toml")
        # Cues and kindred words stand in no concept, but decide what is kept: others make a shelf out of date as well.
        files = [*sorted(folder.glob("*.toml")), *sorted((data_dir() / "assertion").glob("*.toml"))]
        files.append(data_dir() / "search" / "words.toml")
        if overlay is not None:
            files.append(overlay)
            concepts, ambiguous = overlaid(concepts, ambiguous, overlay)
        concepts = joined_kinds(concepts)
        named = {squeeze(name) for concept in concepts for name in (*concept.names, *concept.asked)}
        signs = Signs.read(folder / "signs.toml", concepts, named | {squeeze(each.words) for each in ambiguous})
        concepts = [*concepts, *signs.concepts]
        digest = hashlib.new("sm3")
        for path in files:
            body = path.read_bytes()
            digest.update(f"{path.name}\n{len(body)}\n".encode() + body)
        pairs = read_variants(folder / "variants.toml")
        questions = Questions.load(folder / "questions.toml")
        known = {concept.id: concept for concept in concepts}
        readers = Readers(
            Composer.load(folder / "compose.toml", known),
            SignsApart(signs.apart),
            LayPhrases.load(sorted(folder.glob("lay*.toml")), read_words(folder / "words.toml"), known),
        )
        english = English.read(folder / "variants.toml")
        short = ShortNames.read(folder / "short.toml", known)
        return cls(concepts, ambiguous, pairs, questions, digest.hexdigest(), readers, english, short)

    def __len__(self) -> int:
        return len(self._concepts)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __contains__(self, concept: object) -> bool:
        return concept in self._concepts

    def concept(self, concept: ConceptId) -> Concept:
        """The concept; BadInput when the lexicon has none of that id."""
        try:
            return self._concepts[concept]
        except KeyError:
            raise BadInput("unknown_concept", f"The lexicon has no concept '{concept}'; look it up by name.") from None

    def find(self, text: str, *, question: bool = False, folded: Folded | None = None) -> tuple[Found, ...]:
        """Concept names in a text, sorted; only signs written apart overlap others. `question=True` also knows names
        only used in questions and lay phrases, and takes a sign for what it shows."""
        folded = folded or fold(text)
        found = (self._questions if question else self._records).find(text, question=question, folded=folded)
        if self._readers:
            found = self._readers.composer.compose(found, folded, question=question)
        if question:
            signs = {each.start for each in found if each.concept in self._shown}
            found = tuple(replace(each, concept=self._shown.get(each.concept, each.concept)) for each in found)
            return self._readers.lay.find(text, folded, found, signs) if self._readers else found
        apart = self._readers.apart.find(text, folded, found) if self._readers else ()
        return tuple(sorted((*found, *apart), key=lambda each: (each.start, each.end))) if apart else found

    def named_in(self, text: str) -> tuple[Found, ...]:
        """What stands in a text under one of its names, nothing composed or written apart."""
        return self._records.find(text)

    def lookup(self, words: str) -> tuple[Concept, ...]:
        """Concepts that these words name exactly (any width, case, spacing), or that they are the id or code of."""
        if words in self._concepts:
            return (self._concepts[ConceptId(words)],)
        folded = squeeze(words)
        unclear = self._unclear.get(folded)
        if unclear is not None:
            return tuple(self._concepts[reading.concept] for reading in unclear.readings)
        named = self._questions.find(words, question=True)
        whole = [each for each in named if squeeze(each.words) == folded and each.concept not in self._shown]
        if whole:
            return tuple(self._concepts[each.concept] for each in whole)
        code = words.strip().upper()
        return tuple(each for each in self._concepts.values() if code in each.icd10)

    def names(self, concept: ConceptId) -> tuple[str, ...]:
        """Every authored name of a concept, preferred Chinese first, then English, then the others."""
        each = self.concept(concept)
        return tuple(dict.fromkeys((*each.names, *each.asked)))

    def expand(self, concept: ConceptId, want: Want | None = None) -> Mapping[ConceptId, Reached]:
        """What a question about `concept` reaches: itself, its kinds, complications and findings, each with a weight in
        (0, 1] and its path; `want` narrows it to complications, treatments, ... (the concept itself then stays out)."""
        self.concept(concept)
        return self.relations.reach(concept, want or Want.ABOUT)

    def descriptions(self) -> Iterator[tuple[ConceptId, tuple[str, ...]]]:
        """(concept, pieces) of every sign written apart and every lay phrase: what describes it without naming it."""
        if self._readers:
            yield from ((self._shown[sign], pieces) for sign, pieces in self._readers.apart.phrases)
            yield from self._readers.lay.phrases

    def ask(self, question: str, apart: Container[int] = ()) -> tuple[Wish, ...]:
        """The concepts a question names and what it wants of each ("X的并发症", "drugs for X"). What begins at one of
        the places in `apart` (a denied name) is not read together with its neighbour."""
        return self._asks.read(self.find(question, question=True), fold(question), self, apart)

    def reach(self, wish: Wish) -> Mapping[ConceptId, Reached]:
        """What one wish of a question reaches."""
        if wish.joined is not None:
            return self.relations.joined(wish.concept, wish.joined)
        return self.expand(wish.concept, wish.want)

    def say(self, concept: ConceptId, reached: Reached, language: str = "zh") -> str:
        """A path for people: "糖尿病 → 并发症：糖尿病足"."""
        return self._asks.say(concept, reached, language, self._concepts)


@lru_cache(maxsize=4)
def _load(extra: Path | None, _written: int) -> Lexicon:
    return Lexicon.from_folder(data_dir() / "concepts", extra)


def _by_id(concepts: Sequence[Concept]) -> dict[ConceptId, Concept]:
    by_id: dict[ConceptId, Concept] = {}
    for concept in concepts:
        if concept.id in by_id:
            first = by_id[concept.id].specialty
            raise BadInput(
                "lexicon_invalid",
                f"Lexicon files {first}.toml and {concept.specialty}.toml both define '{concept.id}'; keep one.",
            )
        by_id[concept.id] = concept
    return by_id


def _owners(concepts: Iterable[Concept], unclear: set[str]) -> dict[str, Name]:
    """Written name (squeezed) -> concept; two owners of a name that is not declared ambiguous are refused."""
    owners: dict[str, Name] = {}
    for concept in concepts:
        for name in concept.names:
            folded = squeeze(name)
            if folded in unclear:
                continue
            first = owners.setdefault(folded, Name(concept.id, name))
            if first.concept == concept.id and " " in name:
                owners[folded] = Name(concept.id, name)  # written with a space once, it may stand with one
            if first.concept != concept.id:
                raise BadInput(
                    "lexicon_invalid",
                    f"'{name}' names both '{owners[folded].concept}' and '{concept.id}': "
                    "give it to one of them or declare it in ambiguous.toml.",
                )
    return owners
