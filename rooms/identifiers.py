"""Every identifier the archive knows, for the second look: does a text still hold one, in any width or spacing?

Lives in the strong room's memory only; it says where and what kind, never whose or which.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from deid.places import without_shown
from records.entities import Entity
from records.slots import SLOT

_SKIPPED: Final = frozenset(" \t\r\n\u3000\u00a0\u200b-－—.．·・•")
# Shorter values (a two-character name such as 高峰) are also words; the record's own are checked exactly at ingest.
_SHORTEST: Final = {Entity.PERSON: 3, Entity.ADDRESS: 6, Entity.ORGANISATION: 5}
_SHORTEST_NUMBER: Final = 6


def folded(text: str) -> tuple[str, list[int]]:
    """NFKC, upper case, without white space and joining marks; and for each character its offset in `text`."""
    out: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).upper():
            if part not in _SKIPPED:
                out.append(part)
                offsets.append(position)
    return "".join(out), offsets


@dataclass(frozen=True, slots=True)
class Leftover:
    """An identifier of the archive found in a text: code-point offsets, half-open, and its kind."""

    start: int
    end: int
    entity: Entity


@dataclass(slots=True)
class ArchiveIdentifiers:
    """A set of folded values by length; scanning a text of n characters costs n look-ups per length."""

    _by_length: dict[int, dict[str, Entity]] = field(default_factory=dict)

    def add(self, values: Iterable[tuple[Entity, str]]) -> None:
        """Take values in; those too short to tell from words are left out."""
        for entity, value in values:
            if entity in (Entity.DATE, Entity.AGE_OVER_89):
                continue
            key = folded(value)[0]
            if len(key) >= _SHORTEST.get(entity, _SHORTEST_NUMBER):
                self._by_length.setdefault(len(key), {})[key] = entity

    def __len__(self) -> int:
        return sum(len(values) for values in self._by_length.values())

    def find(self, text: str) -> Iterator[Leftover]:
        """Each place where a known value stands; slots and shown cities are passed over."""
        key, offsets = folded(without_shown(SLOT.sub(lambda match: "\n" * len(match[0]), text), "\n"))
        for length, values in self._by_length.items():
            for start in range(len(key) - length + 1):
                entity = values.get(key[start : start + length])
                if entity is not None and not _inside_number(key, start, length, entity):
                    yield Leftover(offsets[start], offsets[start + length - 1] + 1, entity)


def _inside_number(key: str, start: int, length: int, entity: Entity) -> bool:
    """A number inside a longer number is another number."""
    if entity in (Entity.PERSON, Entity.ADDRESS, Entity.ORGANISATION):
        return False
    before, after = key[start - 1 : start], key[start + length : start + length + 1]
    return any(edge.isascii() and edge.isalnum() for edge in (before, after))
