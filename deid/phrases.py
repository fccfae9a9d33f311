"""Many fixed phrases looked for at once, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind


class Phrases:
    """Phrases found longest first, without overlaps."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = sorted(set(map(_whole, phrases)))
        self._heads: dict[str, tuple[str, ...]] | None = None
        # The plain automaton is quicker to build, and most sets are used for one document.
        kind = Implementation.NoncontiguousNFA if len(self._phrases) < 100 else Implementation.ContiguousNFA
        self._automaton = (
            AhoCorasick(self._phrases, matchkind=MatchKind.LeftmostLongest, store_patterns=False, implementation=kind)
            if self._phrases
            else None
        )

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

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, phrase), left to right."""
        if self._automaton is None:
            return
        try:
            found = self._automaton.find_matches_as_indexes(text)
        except UnicodeEncodeError:
            found = self._automaton.find_matches_as_indexes(_whole(text))
        for number, start, _ in found:
            yield start, self._phrases[number]


def _whole(text: str) -> str:
    """The text with half a surrogate pair replaced, which the automaton cannot read; same length."""
    return text if text.isascii() else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
