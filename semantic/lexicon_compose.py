"""Composed names (合名): a part and what is wrong with it, written apart ("右上叶…浸润性腺癌"), make one concept. The
rules are data; this only finds the part nearest to the finding, in its sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final, Self

import ahocorasick_rs

from records.errors import BadInput
from records.ids import ConceptId
from semantic.lexicon_concept import Concept, Found
from semantic.lexicon_files import expand_choices, read_toml
from semantic.lexicon_fold import Folded, flatten
from semantic.lexicon_match import longest

_BEFORE: Final = 30  # characters between the part and the finding
_BEHIND: Final = 8
_DENIES: Final = frozenset("未无不非没否,")  # between a finding and what stands behind it: another thing is meant
_ENDS: Final = frozenset("。;!?\n")


class Composer:
    """Parts as one automaton. `makes`: part -> (base concept -> composed concept)."""

    def __init__(self, words: Sequence[str], makes: Sequence[Mapping[ConceptId, ConceptId]]) -> None:
        self._words = list(words)
        self._makes = list(makes)
        self._bases = {base for each in makes for base in each}
        self._automaton = ahocorasick_rs.AhoCorasick(self._words, store_patterns=False)

    @classmethod
    def load(cls, path: Path, concepts: Mapping[ConceptId, Concept]) -> Self:
        """Read compose.toml; BadInput names what no file defines."""
        makes: dict[str, dict[ConceptId, ConceptId]] = {}
        blocks = read_toml(path).get("compose", []) if path.is_file() else []
        for block in blocks:
            pairs = {ConceptId(base): ConceptId(made) for base, made in block["makes"].items()}
            lost = [each for pair in pairs.items() for each in pair if each not in concepts]
            if lost:
                raise BadInput("lexicon_invalid", f"Lexicon file {path.name}: '{lost[0]}' is defined in no file.")
            for word in expand_choices(block["part"]):
                makes.setdefault(flatten(word), {}).update(pairs)
        return cls(tuple(makes), tuple(makes.values()))

    def compose(self, found: Iterable[Found], folded: Folded, *, question: bool) -> tuple[Found, ...]:
        """The finds with each base beside a part of it made into the composed concept; a question's find then begins
        or ends at the part."""
        found = tuple(found)
        if not any(each.concept in self._bases for each in found):
            return found
        matches = self._automaton.find_matches_as_indexes(folded.flat, overlapping=True)
        parts = longest([(start, end, word) for word, start, end in matches if folded.bounded(start, end)])
        return tuple(self._composed(each, found, parts, folded.flat, question) for each in found)

    def _composed(
        self, base: Found, found: Sequence[Found], parts: Sequence[tuple[int, int, int]], flat: str, question: bool
    ) -> Found:
        made: list[tuple[bool, int, int, int, ConceptId]] = []
        nearest = bisect_left(parts, base.start - _BEFORE, key=itemgetter(1))
        furthest = bisect_right(parts, base.end + _BEHIND, key=itemgetter(0))
        for start, end, word in parts[nearest:furthest]:
            concept = self._makes[word].get(base.concept)
            behind = start >= base.end
            left, right = (base.end, start) if behind else (end, base.start)
            if concept is None or not 0 <= right - left <= (_BEHIND if behind else _BEFORE):
                continue
            if _ENDS.isdisjoint(flat[left:right]) and not (behind and _DENIES & set(flat[left:right])):
                made.append((behind, right - left, start, end, concept))
        if not made:
            return base
        _, gap, start, end, concept = min(made)
        first, last = min(start, base.start), max(end, base.end)
        between = found[
            bisect_right(found, first, key=attrgetter("end")) : bisect_left(found, last, key=attrgetter("start"))
        ]
        crossed = any(each is not base for each in between)
        if question and crossed and gap:
            return base  # "X caused by Y" is read as a question about both
        if question and not crossed:
            return replace(base, concept=concept, start=first, end=last)
        return replace(base, concept=concept)
