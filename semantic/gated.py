"""Patterns that first look whether a text holds the words they cannot do without: the same matches, sooner.

A pattern that begins with anything at all ("…已排除") tries every place before it sees that 排除 stands nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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
