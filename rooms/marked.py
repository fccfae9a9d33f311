"""Words that somebody marked in a clean record: where they stand, and whether a record still holds them. In memory
only; no error names them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from records.errors import BadInput
from records.shelf import ShelfRecord
from records.slots import SLOT
from rooms.identifiers import folded

LONGEST: Final = 120
_SHORTEST: Final = 2
_SHORTEST_LATIN: Final = 4  # "Li" and "12" stand in half of all records
_AROUND: Final = 60
_ENDS: Final = re.compile(r"[。；;！？\n]")


@dataclass(frozen=True, slots=True)
class Marked:
    """The words as typed. Width, case, white space and joining marks make no other words."""

    words: str = field(repr=False)

    @classmethod
    def typed(cls, text: str) -> Marked:
        """Raises BadInput("leak_words_missing" | "leak_words_long" | "leak_words_short")."""
        words = " ".join(text.encode("utf-8", "ignore").decode().split())  # half a surrogate pair is no word
        key = folded(words)[0]
        if not key:
            raise BadInput("leak_words_missing", "Give the words that point to a person, as they stand in the record.")
        if len(words) > LONGEST:
            raise BadInput("leak_words_long", f"Mark the identifier alone, {LONGEST} characters at most.")
        if len(key) < (_SHORTEST_LATIN if key.isascii() else _SHORTEST):
            raise BadInput(
                "leak_words_short", "That is too short to be told from other words; mark what stands beside it too."
            )
        return cls(words)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Half-open code-point offsets in a text, slots passed over; Latin words and numbers stand alone."""
        key = folded(self.words)[0]
        if not set(key) <= set(unicodedata.normalize("NFKC", text).upper()):  # most records: folding them takes long
            return
        flat, offsets = folded(SLOT.sub(lambda match: "\n" * len(match[0]), text))
        at = flat.find(key)
        while at >= 0:
            start, end = offsets[at], offsets[at + len(key) - 1] + 1
            goes_on = _goes_on(text[start - 1 : start], key[0]) or _goes_on(text[end : end + 1], key[-1])
            if not goes_on and not SLOT.search(text[start:end]):  # folding closes the gap that a slot leaves
                yield start, end
            at = flat.find(key, at + 1)

    def stand_in(self, record: ShelfRecord) -> bool:
        """Whether the record's clean text holds them."""
        return any(True for part in record.sections for _ in self.places(part.text.value))

    def sentence(self, record: ShelfRecord) -> str | None:
        """The sentence they stand in first, with its slots; None when they stand nowhere."""
        for part in record.sections:
            for start, end in self.places(part.text.value):
                return _sentence(part.text.value, start, end)
        return None


def _goes_on(beside: str, edge: str) -> bool:
    return edge.isascii() and edge.isalnum() and beside.isascii() and beside.isalnum()


def _sentence(text: str, start: int, end: int) -> str:
    before = [match.end() for match in _ENDS.finditer(text, max(0, start - _AROUND), start)]
    after = _ENDS.search(text, end, end + _AROUND)
    left = before[-1] if before else max(0, start - _AROUND)
    right = after.end() if after else min(len(text), end + _AROUND)
    return text[left:right].strip()
