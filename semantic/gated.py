"""Patterns that first look whether a text holds the words they cannot do without: the same matches, sooner.

A pattern that begins with anything at all ("…已排除") tries every place before it sees that 排除 stands nowhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import ahocorasick_rs

from records.patterns import begins_text, needs

_MOST: Final = 60  # words that are looked for one by one
_FEW: Final = 4  # ... before a pattern that is tried at one place only


@dataclass(frozen=True, slots=True)
class Gated:
    """A pattern, and sets of words of each of which every match holds one."""

    regex: re.Pattern[str]
    needs: tuple[tuple[str, ...], ...]
    first: bool = False  # begins with ^: it can only stand where the text begins

    @classmethod
    def of(cls, pattern: str) -> Gated:
        """Raises re.error for what is no pattern. A pattern with flags of its own is never held back."""
        regex = re.compile(pattern)
        first = begins_text(pattern)
        most = _FEW if first else _MOST  # one try is quicker than many words
        kept = sorted({tuple(sorted(need)) for need in needs(pattern) if len(need) <= most}, key=len)
        return cls(regex, tuple(kept), first)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As of the pattern."""
        for need in self.needs:
            for word in need:  # `any` takes three times as long
                if word in text:
                    break
            else:
                return iter(())
        if self.first:
            match = self.regex.match(text)
            return iter((match,) if match else ())
        return self.regex.finditer(text)


@dataclass(frozen=True, slots=True)
class Gates:
    """Which of many patterns may match a text, from one look at it: `held` says for each word of the automaton which of
    them it opens, as a bit each; `open` are those that need no word."""

    automaton: ahocorasick_rs.AhoCorasick
    held: tuple[int, ...]
    open: int

    @classmethod
    def of(cls, patterns: Sequence[Gated]) -> Gates:
        """Of the words that a pattern cannot do without, the longest are the rarest."""
        held: dict[str, int] = defaultdict(int)
        free = 0
        for at, pattern in enumerate(patterns):
            rarest = max(pattern.needs, key=lambda need: (min(map(len, need)), -len(need)), default=())
            for word in rarest:
                held[word] |= 1 << at
            free |= 0 if rarest else 1 << at
        return cls(ahocorasick_rs.AhoCorasick([*held]), tuple(held.values()), free)

    def may(self, text: str) -> Iterator[int]:
        """The places of those patterns, in their order."""
        left = self.open
        for word in {word for word, _, _ in self.automaton.find_matches_as_indexes(text, overlapping=True)}:
            left |= self.held[word]
        while left:
            low = left & -left
            yield low.bit_length() - 1
            left ^= low
