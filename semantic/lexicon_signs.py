"""Signs (征象): words that show a disease without naming it, one derived concept per disease."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final, Self

import ahocorasick_rs

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Concept, ConceptKind, Found, Relation
from semantic.lexicon_files import expand_choices, read_toml
from semantic.lexicon_fold import Folded, flatten, squeeze

_ZH: Final = "{name}（见征象）"
_EN: Final = "{name} (shown by signs)"
APART: Final = "…"  # "肺动脉…充盈缺损": in this order, in one sentence
_GAP: Final = 16  # characters between the pieces of a sign written apart
_ENDS: Final = frozenset("。;!?\n")

Way = tuple[tuple[str, ...], ...]  # one of each group, in this order


@dataclass(frozen=True, slots=True)
class Signs:
    """What signs.toml says: the derived concepts with the signs of one piece, and the signs of several pieces."""

    concepts: tuple[Concept, ...]
    apart: tuple[tuple[ConceptId, Way], ...]

    @classmethod
    def read(cls, path: Path, concepts: Sequence[Concept], taken: Container[str]) -> Self:
        """A word in `taken` (squeezed names) keeps its meaning and is no sign. BadInput when an entry names no
        concept."""
        found: list[Concept] = []
        apart: list[tuple[ConceptId, Way]] = []
        for disease, specialty, words in entries(path, {concept.id: concept for concept in concepts}):
            identity = ConceptId(f"signs-of-{disease.id}")
            ways = [way for word in words for way in _ways(word)]
            whole = [piece for way in ways if len(way) == 1 for piece in way[0]]
            apart += [(identity, tuple(tuple(map(flatten, group)) for group in way)) for way in ways if len(way) > 1]
            names = (_ZH.format(name=disease.zh), _EN.format(name=disease.en))
            found.append(
                Concept(
                    identity,
                    ConceptKind.FINDING,
                    *names,
                    synonyms=tuple(word for word in whole if squeeze(word) not in taken),
                    relations=((Relation.SIGN_OF, disease.id),),
                    specialty=specialty,
                )
            )
        return cls(tuple(found), tuple(apart))


def _ways(word: str) -> list[Way]:
    """The groups that a sign stands for; a group of which one choice is nothing makes two ways, with and without it."""
    ways: list[Way] = [()]
    for piece in word.split(APART):
        choices = expand_choices([piece])
        group = tuple(each for each in choices if each)
        ways = [
            *([(*way, group) for way in ways] if group else []),
            *(ways if len(group) < len(choices) else []),
        ]
    return [way for way in ways if way]


def entries(path: Path, known: Mapping[ConceptId, Concept]) -> Iterator[tuple[Concept, str, list[str]]]:
    """(concept, specialty, words) of a file of word lists, nothing when there is no file. BadInput for an unknown
    concept."""
    table = read_toml(path) if path.is_file() else {}
    for specialty, block in table.items():
        for name, words in block.items():
            disease = known.get(ConceptId(name))
            if disease is None or not isinstance(words, list) or not all(isinstance(each, str) for each in words):
                raise BadInput(
                    "lexicon_invalid", f"Lexicon file {path.name}, '{name}': give a known concept a list of words."
                )
            yield disease, specialty, words


class SignsApart:
    """Finds the signs of several pieces: all pieces in order, in one sentence, not far from each other."""

    def __init__(self, apart: Sequence[tuple[ConceptId, Way]]) -> None:
        self._apart = tuple(apart)
        self._pieces = sorted({piece for _, way in apart for group in way for piece in group})
        number = {piece: at for at, piece in enumerate(self._pieces)}
        self._in_groups: list[list[int]] = [[] for _ in self._pieces]
        # Last piece -> the groups right before it, and for each what both are a sign of, with all groups before.
        ending: dict[int, dict[int, list[tuple[ConceptId, tuple[int, ...]]]]] = defaultdict(dict)
        known: dict[frozenset[int], int] = {}
        for concept, way in apart:
            *first, last = (frozenset(number[piece] for piece in group) for group in way)
            before = tuple(known.setdefault(group, len(known)) for group in first)
            for piece in last:
                ending[piece].setdefault(before[-1], []).append((concept, before))
        self._ending = {piece: (frozenset(ways), ways) for piece, ways in ending.items()}
        self._groups = list(known)
        for at, group in enumerate(self._groups):
            for piece in group:
                self._in_groups[piece].append(at)
        self._automaton = ahocorasick_rs.AhoCorasick(self._pieces, store_patterns=False)

    @property
    def phrases(self) -> Iterator[tuple[ConceptId, tuple[str, ...]]]:
        """(concept, pieces) of every single way."""
        return ((concept, pieces) for concept, way in self._apart for pieces in product(*way))

    def find(self, text: str, folded: Folded, named: Sequence[Found]) -> list[Found]:
        """A find stands where its last piece stands, or the name that holds this piece: there a denial is told. What
        lies within one name is no sign."""
        flat = folded.flat
        there: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for piece, start, end in self._automaton.find_matches_as_indexes(flat, overlapping=True):
            if folded.bounded(start, end):
                there[piece].append((start, end))
        found: dict[tuple[ConceptId, int], Found] = {}
        met = {group for piece in there for group in self._in_groups[piece]}
        for last in there.keys() & self._ending.keys():
            nearest, ways = self._ending[last]
            for concept, before in chain.from_iterable(map(ways.__getitem__, nearest & met)):
                for start, end in there[last] if met.issuperset(before) else ():
                    begin = _begin([self._groups[group] for group in before], start, there, flat)
                    at = bisect_right(named, start, key=attrgetter("end"))
                    holder = named[at] if at < len(named) and named[at].start < end else None
                    if begin is None or (holder is not None and holder.start <= begin):
                        continue
                    if holder is not None:
                        start, end = holder.start, holder.end
                    found.setdefault((concept, start), Found(concept, start, end, text[start:end]))
        return list(found.values())


def _begin(
    first: Sequence[frozenset[int]], start: int, there: Mapping[int, list[tuple[int, int]]], flat: str
) -> int | None:
    """Where the first of the pieces before the last one stands, each near the next; None when one is missing."""
    for group in reversed(first):
        near = [
            left
            for piece in group & there.keys()
            for left, right in _ending_within(there[piece], start - _GAP, start)
            if _ENDS.isdisjoint(flat[right:start])
        ]
        if not near:
            return None
        start = max(near)
    return start


def _ending_within(places: Sequence[tuple[int, int]], low: int, high: int) -> Sequence[tuple[int, int]]:
    """Of the places of one piece, in order, those that end in low..high."""
    end = itemgetter(1)
    return places[bisect_left(places, low, key=end) : bisect_right(places, high, key=end)]
