"""Many fixed phrases looked for at once, in time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Phrases:
    """Phrases of two characters or more, found longest first, without overlaps."""

    def __init__(self, phrases: Iterable[str]) -> None:
        heads: dict[str, list[str]] = {}
        for phrase in set(phrases):
            heads.setdefault(phrase[:2], []).append(phrase)
        self._heads = {head: tuple(sorted(group, key=lambda p: (-len(p), p))) for head, group in heads.items()}

    def at(self, text: str, start: int) -> str | None:
        """The longest phrase that stands at `start`."""
        for phrase in self._heads.get(text[start : start + 2], ()):
            if text.startswith(phrase, start):
                return phrase
        return None

    def starts(self, text: str) -> list[int]:
        """Every place where some phrase may start (its first two characters stand there)."""
        heads = self._heads
        return [i for i, pair in enumerate(map("".join, zip(text, text[1:], strict=False))) if pair in heads]

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, phrase), left to right."""
        reached = 0
        for start in self.starts(text):
            if start >= reached:
                phrase = self.at(text, start)
                if phrase is not None:
                    yield start, phrase
                    reached = start + len(phrase)
