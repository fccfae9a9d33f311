"""What the shipped encoder learns from: names of the lexicon, public term lists, and sentences of our own grammar."""

from __future__ import annotations

import csv
import gzip
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from records.ids import ConceptId
from records.paths import data_dir
from semantic.concepts import Concept, Lexicon
from semantic.lexicon_relations import Edge

_CODE_CHARS: Final = 4  # E11.2: where Chinese and English ICD-10 still agree
_MAX_CODED: Final = 6
_DESCRIBED: Final = 60
_NOTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sources:
    """Term lists by path, each optional: `words` ("word<TAB>count" a line), `codes` (csv.gz: code, short, long name),
    `texts` (clean passages of an archive, one a line)."""

    words: Path | None = None
    codes: Path | None = None
    texts: Path | None = None


def word_counts(path: Path | None) -> dict[str, int]:
    """Word -> count of a "word<TAB>count" list."""
    if path is None:
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0].strip(): int(row[1]) for row in rows if len(row) == 2 and row[0].strip()}


def coded_names(path: Path | None) -> dict[str, list[str]]:
    """ICD-10 code without the dot -> English names."""
    names: dict[str, list[str]] = {}
    if path is not None:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for code, _short, long in csv.reader(lines):
                names.setdefault(code[:_CODE_CHARS], []).append(long)
    return names


class Pairs:
    """Seeded pairs of texts that mean the same or nearly so."""

    def __init__(self, lexicon: Lexicon, sources: Sources, seed: int) -> None:
        self._lexicon = lexicon
        self._concepts = sorted(lexicon, key=lambda each: each.id)
        self._codes = coded_names(sources.codes)
        self._draw = np.random.default_rng(seed)
        self._grammar = tomllib.loads((data_dir() / "encoder" / "grammar.toml").read_text(encoding="utf-8"))

    def all(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """Every pair, in a fixed order."""
        pairs = [pair for concept in self._concepts for pair in self._of(concept)]
        pairs += [pair for concept in self._concepts for pair in self._related(concept)]
        pairs += list(self._described())
        pairs += [pair for concept in self._concepts for pair in self._notes(concept)]
        pairs += [(names[0], name) for names in self._codes.values() for name in names[1:3]]
        pairs += [(word, self._sentence(word)) for word in words]
        return pairs

    def _of(self, concept: Concept) -> Iterator[tuple[str, str]]:
        names = list(self._lexicon.names(concept.id))
        coded = [name for code in concept.icd10 for name in self._codes.get(code.replace(".", "")[:_CODE_CHARS], [])]
        exact = [code for code in concept.icd10 if len(code.replace(".", "")) >= _CODE_CHARS]
        if exact:
            names += coded[:_MAX_CODED]
        for first in names:
            others = [name for name in names if name != first] or [first]
            for at in self._draw.integers(0, len(others), size=6):
                yield first, others[at]
            for at in self._draw.integers(0, len(others), size=3):
                yield first, self._sentence(others[at])

    def _related(self, concept: Concept) -> Iterator[tuple[str, str]]:
        for _relation, target in concept.relations:
            here, there = self._lexicon.names(concept.id), self._lexicon.names(target)
            for _ in range(3):
                x, y = self._one(there), self._one(here)
                patterns = self._grammar["pair_en" if (x + y).isascii() else "pair_zh"]
                yield y, self._one(patterns).format(x=x, y=y)
            yield self._one(here), self._one(there)

    def _described(self) -> Iterator[tuple[str, str]]:
        """What shows a concept, or is said of it by lay people, in a sentence; some of the many ways of each."""
        ways: dict[ConceptId, list[tuple[str, ...]]] = {}
        for concept, pieces in self._lexicon.descriptions():
            ways.setdefault(concept, []).append(pieces)
        for concept in sorted(ways):
            found = ways[concept]
            for at in self._draw.permutation(len(found))[:_DESCRIBED]:
                pieces = found[int(at)]
                yield self._one(self._lexicon.names(concept)), (" " if pieces[0].isascii() else "，").join(pieces)

    def _notes(self, concept: Concept) -> Iterator[tuple[str, str]]:
        """A made-up telegraphic note of findings and treatments, for the disease they go with."""
        relations = self._lexicon.relations
        shown = [*relations.next(concept.id, Edge.SIGN), *relations.next(concept.id, Edge.FINDING)]
        given = relations.next(concept.id, Edge.TREATMENT)
        for _ in range(_NOTES if len(shown) + len(given) > 1 else 0):
            chosen = [self._one(shown) for _ in range(2) if shown] + [self._one(given) for _ in range(1) if given]
            words = [self._one(self._lexicon.names(ConceptId(each))) for each in dict.fromkeys(chosen)]
            yield self._one(self._lexicon.names(concept.id)), "，".join(words)

    def _sentence(self, name: str) -> str:
        return self._one(self._grammar["en" if name.isascii() else "zh"]).format(x=name)

    def _one(self, choices: Sequence[str]) -> str:
        return choices[int(self._draw.integers(0, len(choices)))]


def neighbour_pairs(path: Path | None) -> list[tuple[str, str]]:
    """Halves of one passage belong together: what an archive's own text teaches."""
    if path is None:
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [(line[: len(line) // 2], line[len(line) // 2 :]) for line in lines if len(line) >= 20]
