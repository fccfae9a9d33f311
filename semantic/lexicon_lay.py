"""Lay phrases (白话): how people who are no physicians describe what they ask for. Read in questions only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final, Self

import ahocorasick_rs

from records.ids import ConceptId
from semantic.lexicon_concept import Concept, ConceptKind, Found
from semantic.lexicon_files import expand_choices
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_signs import APART, entries

Pieces = tuple[int, ...]
Place = tuple[int, int]
_TELLING: Final = 4  # letters that a phrase must have; a Chinese character counts as two
_FIRM: Final = frozenset(
    {ConceptKind.DISEASE, ConceptKind.COMPLICATION, ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE}
)


class LayPhrases:
    """Each phrase is a set of pieces that must all stand in the question, in any order; a Latin piece is the beginning
    of a word ("wash" in "washing")."""

    def __init__(self, phrases: Sequence[tuple[ConceptId, frozenset[str]]], firm: Container[ConceptId]) -> None:
        """`firm` are concepts whose names are not taken apart."""
        self._firm = firm
        self.phrases = tuple((concept, tuple(sorted(pieces))) for concept, pieces in phrases)
        self._pieces = sorted({piece for _, pieces in phrases for piece in pieces})
        number = {piece: at for at, piece in enumerate(self._pieces)}
        self._phrases: dict[int, list[tuple[ConceptId, Pieces]]] = defaultdict(list)
        for concept, pieces in phrases:
            numbers = tuple(sorted(number[piece] for piece in pieces))
            self._phrases[numbers[0]].append((concept, numbers))
        self._automaton = ahocorasick_rs.AhoCorasick(self._pieces, store_patterns=False)

    @classmethod
    def load(cls, path: Path, concepts: Mapping[ConceptId, Concept]) -> Self:
        """Read lay.toml; BadInput when an entry names no concept."""
        return cls(
            [
                (concept.id, frozenset(flatten(piece) for piece in way if piece))
                for concept, _, phrases in entries(path, concepts)
                for phrase in phrases
                for way in product(*(expand_choices([piece]) for piece in phrase.split(APART)))
                if _letters(way) >= _TELLING
            ],
            frozenset(concept.id for concept in concepts.values() if concept.kind in _FIRM),
        )

    def find(self, text: str, folded: Folded, named: Sequence[Found]) -> tuple[Found, ...]:
        """The names in a question, with the most telling phrases in place of the names that are parts of them."""
        there = self._there(folded.flat, [each for each in named if each.concept in self._firm])
        known = {each.concept for each in named}
        told: dict[ConceptId, tuple[int, list[Place]]] = {}  # letters that tell, and where they stand
        for first in there:
            for concept, pieces in self._phrases.get(first, ()):
                if concept not in known and all(piece in there for piece in pieces):
                    letters = _letters([self._pieces[piece] for piece in pieces])
                    places = [there[piece] for piece in pieces]
                    if letters > told.get(concept, (0, []))[0] and not _within_one(places, named):
                        told[concept] = (letters, places)
        best = max((letters for letters, _ in told.values()), default=0)
        chosen = {concept: places for concept, (letters, places) in told.items() if letters == best}
        used = [place for places in chosen.values() for place in places]
        kept = [each for each in named if not any(left < each.end and each.start < right for left, right in used)]
        for concept, places in chosen.items():
            left, right = min(places)[0], max(right for _, right in places)
            while right < len(text) and text[right - 1].isascii() and text[right].isascii() and text[right].isalpha():
                right += 1  # to the end of a word of which the phrase has the beginning
            kept.append(Found(concept, left, right, text[left:right]))
        return tuple(sorted(kept, key=lambda each: (each.start, each.end)))

    def _there(self, flat: str, firm: Sequence[Found]) -> dict[int, Place]:
        """The first place of each piece that stands in the question and is no part of a firm name."""
        there: dict[int, Place] = {}
        for piece, start, end in self._automaton.find_matches_as_indexes(flat, overlapping=True):
            inside = flat[start].isascii() and flat[start].isalnum() and start and flat[start - 1].isalnum()
            taken = any(one.start <= start and end <= one.end and end - start < one.end - one.start for one in firm)
            if not taken and not (inside and flat[start - 1].isascii()):
                there.setdefault(piece, (start, end))
        return there


def _within_one(places: Sequence[Place], named: Sequence[Found]) -> bool:
    """Whether one name holds all the pieces, so that they tell no more than it does."""
    left, right = min(places)[0], max(right for _, right in places)
    return any(each.start <= left and right <= each.end for each in named)


def _letters(pieces: Iterable[str]) -> int:
    return sum(1 if char.isascii() else 2 for piece in pieces for char in piece)
