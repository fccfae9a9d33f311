"""Lay phrases (白话): how people who are no physicians describe what they ask for. Read in questions only."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final, Self

import ahocorasick_rs

from records.errors import BadInput
from records.ids import ConceptId
from semantic.cues import cues
from semantic.lexicon_concept import Concept, ConceptKind, Found
from semantic.lexicon_files import expand_choices, read_toml
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_signs import APART, entries

Way = tuple[tuple[str, ...], ...]  # one piece of each group, in any order
Place = tuple[int, int]
_TELLING: Final = 4  # letters that a phrase must have; a Chinese character counts as two
_FIRM: Final = frozenset(
    {ConceptKind.DISEASE, ConceptKind.COMPLICATION, ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE}
)
_WHOLE: Final = 4  # a longer name of whatever kind is no heap of characters
_PATIENT: Final = re.compile("[的有]病[人例友房区史]")
_SHORT: Final = (
    3  # a Latin piece of so few letters begins too many words ("pus" push, "pee" people): it is inflected only
)
_INFLECTED: Final = re.compile(r"(?:s|es|ed|d|ing|[a-z](?:ed|ing))?(?![a-z0-9])")
_ALONE: Final = re.compile(r"\(([^()|]*)\)")  # a choice of one
_SET: Final = re.compile(r"<([^<>]+)>")
_SAME: Final = str.maketrans({"’": "'", "‘": "'", "‐": " ", "-": " ", "–": " "})


class LayPhrases:
    """Each phrase is a set of pieces that must all stand in the question, in any order; a Latin piece is the beginning
    of a word ("wash" in "washing")."""

    def __init__(self, phrases: Iterable[tuple[ConceptId, Way]], firm: Container[ConceptId]) -> None:
        """`firm` are concepts whose names are not taken apart."""
        self._firm = firm
        self._ways = tuple((concept, way) for concept, way in phrases if way)
        used = Counter(piece for _, way in self._ways for group in way for piece in group)
        self._pieces = sorted(used)
        number = {piece: at for at, piece in enumerate(self._pieces)}
        self._worth = [_letters(piece) for piece in self._pieces]
        self._beside: dict[int, list[tuple[ConceptId, tuple[frozenset[int], ...]]]] = defaultdict(list)
        for concept, way in self._ways:
            rarest = min(way, key=lambda group: sum(used[piece] for piece in group))
            groups = tuple(frozenset(number[piece] for piece in group) for group in way)
            for piece in rarest:
                self._beside[number[piece]].append((concept, groups))
        self._automaton = ahocorasick_rs.AhoCorasick(self._pieces, store_patterns=False)

    @classmethod
    def load(cls, paths: Iterable[Path], words: Mapping[str, str], concepts: Mapping[ConceptId, Concept]) -> Self:
        """Read the files of lay phrases, <name> standing for a set of `words`; BadInput when an entry names no concept
        or no set."""
        return cls(
            [
                (concept.id, way)
                for path in paths
                for concept, _, phrases in entries(path, concepts)
                for phrase in phrases
                for way in _ways(_written_out(phrase, words, path.name))
            ],
            frozenset(concept.id for concept in concepts.values() if concept.kind in _FIRM),
        )

    @property
    def phrases(self) -> Iterator[tuple[ConceptId, tuple[str, ...]]]:
        """(concept, pieces) of every single way."""
        return ((concept, tuple(sorted(set(pieces)))) for concept, way in self._ways for pieces in product(*way))

    def find(self, text: str, folded: Folded, named: Sequence[Found], signs: Container[int] = ()) -> tuple[Found, ...]:
        """The names in a question, with the most telling phrases in place of the names that are parts of them. What
        begins at one of the places in `signs` is no name but shows one, and may be taken apart."""
        firm = [each for each in named if each.concept in self._firm and each.start not in signs]
        whole = [*firm, *(each for each in named if len(each.words) > _WHOLE)]
        there = self._there(folded.flat.translate(_SAME), firm, whole)
        known = {each.concept for each in named}
        told: dict[ConceptId, tuple[int, list[Place]]] = {}  # letters that tell, and where they stand
        for first in there:
            for concept, groups in self._beside.get(first, ()):
                if concept in known or any(group.isdisjoint(there) for group in groups):
                    continue
                pieces = {max(group & there.keys(), key=lambda piece: (self._worth[piece], piece)) for group in groups}
                letters = sum(self._worth[piece] for piece in pieces)
                places = [there[piece] for piece in pieces]
                if letters >= _TELLING and letters > told.get(concept, (0, []))[0] and not _within_one(places, named):
                    told[concept] = (letters, places)
        best = max((letters for letters, _ in told.values()), default=0)
        chosen = {concept: places for concept, (letters, places) in told.items() if letters == best}
        half = {concept: _half_denied(places, named, folded.flat) for concept, places in chosen.items()}
        used = [place for concept, places in chosen.items() if not half[concept] for place in places]
        kept = [each for each in named if not any(left < each.end and each.start < right for left, right in used)]
        for concept, places in chosen.items():
            left, right = min(places)[0], max(right for _, right in places)
            if half[concept]:
                kept += [replace(each, concept=concept) for each in half[concept]]
                continue
            while right < len(text) and text[right - 1].isascii() and text[right].isascii() and text[right].isalpha():
                right += 1  # to the end of a word of which the phrase has the beginning
            kept.append(Found(concept, left, right, text[left:right]))
        return tuple(sorted(kept, key=lambda each: (each.start, each.end)))

    def _there(self, flat: str, firm: Sequence[Found], whole: Sequence[Found]) -> dict[int, Place]:
        """The first place of each piece that stands in the question and takes no firm name apart; a mere character
        ("血" of "低白蛋白血症") takes no long name apart."""
        there: dict[int, Place] = {}
        for piece, start, end in self._automaton.find_matches_as_indexes(flat, overlapping=True):
            names = whole if end - start == 1 else firm
            if not any(_takes_apart(start, end, one) for one in names) and _begins(flat, start, end):
                there.setdefault(piece, (start, end))
        return there


def read_words(path: Path) -> dict[str, str]:
    """Named sets of words that many phrases share, each written as a choice; BadInput when one is no list."""
    sets = read_toml(path) if path.is_file() else {}
    for name, words in sets.items():
        if not isinstance(words, list) or not all(isinstance(each, str) and each for each in words):
            raise BadInput("lexicon_invalid", f"Lexicon file {path.name}, '{name}': give a list of words.")
    return {name: f"({'|'.join(words)})" for name, words in sets.items()}


def _written_out(phrase: str, words: Mapping[str, str], file: str) -> str:
    def written(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise BadInput("lexicon_invalid", f"Lexicon file {file}: words.toml holds no set named '{match[1]}'.")
        return words[match[1]]

    return _SET.sub(written, phrase)


def _begins(flat: str, start: int, end: int) -> bool:
    """Whether a Latin piece begins a word here; a short one must be the word, or a form of it. A Chinese one ends none
    ("青霉素过敏的病" in 青霉素过敏的病人)."""
    if _PATIENT.match(flat, end - 2):
        return False
    if not (flat[start].isascii() and flat[start].isalnum()):
        return True
    if start and flat[start - 1].isascii() and flat[start - 1].isalnum():
        return False
    return end - start > _SHORT or _INFLECTED.match(flat, end) is not None


def _takes_apart(start: int, end: int, name: Found) -> bool:
    """Whether a piece is only a part of a name, its plural ending left aside."""
    ending = len("s") if name.words.isascii() else 0
    return start < name.end and name.start < end and not (start <= name.start and name.end - ending <= end)


def _ways(phrase: str) -> list[Way]:
    """The groups of pieces that a phrase stands for, with and without a group of which one choice is nothing."""
    ways: list[Way] = [()]
    for piece in _ALONE.sub(r"\1", phrase).split(APART):
        choices = [flatten(each).translate(_SAME) for each in expand_choices([piece])]
        group = tuple(each for each in choices if each)
        with_it = [(*way, group) for way in ways] if group else []
        ways = with_it + (ways if len(group) < len(choices) else [])
    return [way for way in ways if way]


def _within_one(places: Sequence[Place], named: Sequence[Found]) -> bool:
    """Whether one name holds all the pieces, so that they tell no more than it does."""
    left, right = min(places)[0], max(right for _, right in places)
    return any(each.start <= left and right <= each.end for each in named)


def _half_denied(places: Sequence[Place], named: Sequence[Found], flat: str) -> list[Found]:
    """The names that the question denies, where the pieces join them with one that it does not ("无足部溃疡的糖尿病"):
    what they make together is denied with them, and the other is asked for."""
    joined = [each for each in named if any(left < each.end and each.start < right for left, right in places)]
    denied = [each for each in joined if cues().unwished.ahead(flat, each.start) is not None]
    return denied if len(denied) < len(joined) else []


def _letters(piece: str) -> int:
    return sum(1 if char.isascii() else 2 for char in piece)
