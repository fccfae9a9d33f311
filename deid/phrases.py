"""Many fixed phrases looked for at once, in time that does not grow with their number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


class Phrases:
    """Phrases of two characters or more, found longest first, without overlaps."""

    def __init__(self, phrases: Iterable[str]) -> None:
        heads: dict[str, list[str]] = {}
        for phrase in set(phrases):
            heads.setdefault(phrase[:2], []).append(phrase)
        self._heads = {head: tuple(sorted(group, key=lambda p: (-len(p), p))) for head, group in heads.items()}
        first, second = ("".join(sorted(re.escape(c) for c in {head[k : k + 1] for head in heads})) for k in (0, 1))
        self._first = re.compile(f"[{first}](?=[{second}])" if heads else r"(?!)")

    def at(self, text: str, start: int) -> str | None:
        """The longest phrase that stands at `start`."""
        for phrase in self._heads.get(text[start : start + 2], ()):
            if text.startswith(phrase, start):
                return phrase
        return None

    def starts(self, text: str) -> list[int]:
        """Every place where some phrase may start (its first two characters stand there)."""
        heads, first = self._heads, self._first
        if not heads:
            return []
        return [m.start() for m in first.finditer(text) if text[m.start() : m.start() + 2] in heads]

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """(start, phrase), left to right."""
        reached = 0
        for start in self.starts(text):
            if start >= reached:
                phrase = self.at(text, start)
                if phrase is not None:
                    yield start, phrase
                    reached = start + len(phrase)
