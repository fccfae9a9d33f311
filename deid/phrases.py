"""Many fixed phrases looked for at once, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind


class Phrases:
    """Phrases found longest first, without overlaps. `every`: all of them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.every = frozenset(phrases)
        self._phrases = sorted(self.every)
        self._heads: dict[str, tuple[str, ...]] | None = None
        self._automaton = _automaton(self._phrases) if len(self._phrases) > _FEW else None

    def at(self, text: str, start: int) -> str | None:
        """The longest phrase that stands at `start`."""
        if self._heads is None:
            heads: dict[str, list[str]] = {}
            for phrase in self._phrases:
                heads.setdefault(phrase[:2], []).append(phrase)
            self._heads = {head: tuple(sorted(group, key=lambda p: (-len(p), p))) for head, group in heads.items()}
        for phrase in self._heads.get(text[start : start + 2], ()):
            if text.startswith(phrase, start):
                return phrase
        return None

    def find(self, text: str) -> list[tuple[int, str]]:
        """(start, phrase), left to right."""
        if self._automaton is None:
            return self._one_by_one(text)
        try:
            found = self._automaton.find_matches_as_indexes(text)
        except UnicodeEncodeError:
            found = self._automaton.find_matches_as_indexes(_whole(text))
        return [(start, self._phrases[number]) for number, start, _ in found]

    def _one_by_one(self, text: str) -> list[tuple[int, str]]:
        """The same without an automaton: to build one takes longer than to look for a few phrases."""
        places = []
        for phrase in self._phrases:
            at = text.find(phrase)
            while at >= 0:
                places.append((at, -len(phrase), phrase))
                at = text.find(phrase, at + 1)
        places.sort()
        found = []
        reached = 0
        for start, size, phrase in places:
            if start >= reached:
                found.append((start, phrase))
                reached = start - size
        return found


_FEW: Final = 50


def _automaton(phrases: list[str]) -> AhoCorasick:
    # The compact automaton: a full table takes fewer steps, but does not stay in the processor's cache.
    return AhoCorasick(
        map(_whole, phrases),
        matchkind=MatchKind.LeftmostLongest,
        store_patterns=False,
        implementation=Implementation.ContiguousNFA,
    )


def _whole(text: str) -> str:
    """The text with half a surrogate pair replaced, which the automaton cannot read; same length."""
    return text if text.isascii() else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
