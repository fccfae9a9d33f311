"""Patterns looked for only in texts that hold a word without which they match nowhere; it is read from the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from deid.document import Document
from deid.leads import led
from deid.phrases import Phrases, shared
from records.patterns import needs, rarest

_NOWHERE: Final = iter(())


class Held:
    """A pattern, and the list of words one of which each match holds or looks at: all lists are looked for at once."""

    __slots__ = ("pattern", "words")

    def __init__(self, source: str) -> None:
        self.pattern = led(source)
        self.words = shared(lambda: Phrases(rarest(needs(source))))

    def finditer(self, doc: Document) -> Iterator[re.Match[str]]:
        """The matches in the text of a document, left to right."""
        return self.pattern.finditer(doc.text) if self.likely(doc) else _NOWHERE

    def likely(self, doc: Document) -> bool:
        """Whether one of its words stands in the text of a document."""
        return bool(doc.listed(self.words))
