"""Finds every name of the lexicon in a text in one pass, longest first. It knows no disease."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import ahocorasick_rs

from records.ids import ConceptId
from semantic.lexicon_concept import Ambiguous, Found, Reading
from semantic.lexicon_fold import Folded, fold, squeeze

_NEAR: Final = 60  # characters each side that may decide between meanings
_CASED: Final = 3  # an all-capitals ASCII name up to this length must stand in capitals in a record ("AS", not "as")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written in the files, and whose it is."""

    concept: ConceptId
    written: str


@dataclass(frozen=True, slots=True)
class Edges:
    """What Chinese may stand right before and right behind a short name, which is no piece of another word."""

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    def apart(self, flat: str, start: int, end: int, begins: Container[int], ends: Container[int]) -> bool:
        """Whether flat[start:end] is a word of its own; other names begin and end at the places given."""
        left = not start or not _chinese(flat[start - 1]) or start in ends or flat.endswith(self.before, 0, start)
        if not left:
            return False
        return end == len(flat) or not _chinese(flat[end]) or end in begins or flat.startswith(self.behind, end)


class NameMatcher:
    """All names as one automaton. Each pattern stands for one concept, or for an ambiguous name; those of `short` are
    found only between such `edges`."""

    def __init__(
        self,
        names: Mapping[str, Name],
        ambiguous: Sequence[Ambiguous],
        short: Mapping[str, Name] = MappingProxyType({}),
        edges: Edges = Edges(),
    ) -> None:
        self._ambiguous: dict[str, Ambiguous] = {squeeze(each.words): each for each in ambiguous}
        self._edges = edges
        self._owner: list[ConceptId] = []
        self._written: list[str] = []
        patterns: list[str] = []
        for folded, name in sorted({**short, **names}.items()):
            if folded and folded not in self._ambiguous:
                patterns.append(folded)
                self._owner.append(name.concept)
                self._written.append(name.written)
        self._short = {at for at, folded in enumerate(patterns) if folded not in names}
        for folded, each in self._ambiguous.items():
            if each.short:
                self._short.add(len(patterns))
            patterns.append(folded)
            self._owner.append(ConceptId(""))
            self._written.append(each.words)
        self._patterns = patterns
        self._automaton = ahocorasick_rs.AhoCorasick(patterns, store_patterns=False)

    def find(self, text: str, *, question: bool = False, folded: Folded | None = None) -> tuple[Found, ...]:
        """Names in `text`, sorted, not overlapping (a longer one wins). A question is read without regard to case."""
        folded = folded or fold(text)
        claims: list[tuple[int, int, int]] = []
        short: list[tuple[int, int, int]] = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded.tight, overlapping=True):
            first, last = folded.span(start, end)
            if self._stands(pattern, text, folded, first, last, question):
                (short if pattern in self._short else claims).append((first, last, pattern))
        claims += self._apart(short, claims, folded.flat) if short else []
        found: list[Found] = []
        for first, last, pattern in longest(claims):
            words = text[first:last]
            concepts = self._meaning(pattern, folded.flat, first, last, question)
            found.extend(Found(concept, first, last, words) for concept in concepts)
        return tuple(found)

    def _stands(self, pattern: int, text: str, folded: Folded, start: int, end: int, question: bool) -> bool:
        """Whether a raw match is a word of its own, in the case and tightness its name asks for."""
        name = self._patterns[pattern]
        if not folded.bounded(start, end):
            return False
        if not name.isascii():
            return True
        written = self._written[pattern]
        piece = text[start:end]
        if " " not in written and any(char.isspace() for char in piece):
            return False
        if not written.isupper() or piece.upper() == piece:
            return True
        each = self._ambiguous.get(name)
        exact = each is not None and each.exact_case
        if question:
            return not exact or folded.tight == name
        return not exact and len(written) > _CASED

    def _apart(
        self, short: Sequence[tuple[int, int, int]], full: Sequence[tuple[int, int, int]], flat: str
    ) -> list[tuple[int, int, int]]:
        """The short names that are words of their own and take no full name apart."""
        begins, ends = {each[0] for each in (*full, *short)}, {each[1] for each in (*full, *short)}
        return [
            (start, end, pattern)
            for start, end, pattern in short
            if self._edges.apart(flat, start, end, begins, ends)
            and not any(left < start < right < end or start < left < end < right for left, right, _ in full)
        ]

    def _meaning(self, pattern: int, flat: str, start: int, end: int, question: bool) -> tuple[ConceptId, ...]:
        """The concept of a match; for an ambiguous name, those that the words nearby speak for."""
        each = self._ambiguous.get(self._patterns[pattern])
        if each is None:
            return (self._owner[pattern],)
        around = flat[max(0, start - _NEAR) : start] + "\n" + flat[end : end + _NEAR]
        if any(word in around for word in each.unless):
            return ()
        votes = {reading.concept: _votes(reading, around) for reading in each.readings}
        best = max(votes.values(), default=0)
        if best:
            return tuple(concept for concept, count in votes.items() if count == best)[:1]
        if each.otherwise is not None:
            return (each.otherwise,)
        return tuple(votes) if question else ()


def _chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _votes(reading: Reading, around: str) -> int:
    """How many of a meaning's words stand nearby."""
    return sum(word in around for word in reading.near)


def longest(claims: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Longest first, then leftmost; whatever overlaps one already kept is dropped. Sorted by place."""
    if len(claims) > 1:
        kept: list[tuple[int, int, int]] = []
        taken: set[int] = set()
        for start, end, pattern in sorted(claims, key=lambda claim: (claim[0] - claim[1], claim[0])):
            if start not in taken and end - 1 not in taken:
                kept.append((start, end, pattern))
                taken.update(range(start, end))
        claims = sorted(kept)
    return claims
