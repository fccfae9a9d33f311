"""The second scan: does clean text still hold one of the record's own identifiers, in any width or spacing? It knows
the values and no rules, so what a rule missed is not missed twice. Says what kind is left, never which."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from records.entities import Entity
from records.slots import SLOT

_SHORTEST: Final = {Entity.PERSON: 2, Entity.ADDRESS: 6, Entity.ORGANISATION: 5}
_SHORTEST_NUMBER: Final = 5
_SEPARATOR: Final = "\x1a"
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad·•・‧∙")
_BETWEEN_DIGITS: Final = frozenset("-－—–_./ ")


def left_over(clean: str, identifiers: Iterable[tuple[Entity, str]]) -> frozenset[Entity]:
    """Kinds of identifier that the text still holds."""
    words = _without_slots(clean)
    text, digits = folded(words), folded(words, numbers=True)
    found: set[Entity] = set()
    for entity, value in identifiers:
        if entity in (Entity.DATE, Entity.AGE_OVER_89):
            continue
        if entity in _SHORTEST:
            key = folded(value)
            present = len(key) >= _SHORTEST[entity] and key in text
        else:
            key = folded(value, numbers=True)
            present = len(key) >= _SHORTEST_NUMBER and _stands_alone(digits, key)
        if present:
            found.add(entity)
    return frozenset(found)


def folded(text: str, *, numbers: bool = False) -> str:
    """NFKC, one case, no white space, nothing invisible; for numbers no separators either."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        character
        for character in flat
        if not (character.isspace() or character in _INVISIBLE or (numbers and character in _BETWEEN_DIGITS))
    )


def _without_slots(text: str) -> str:
    return SLOT.sub(_SEPARATOR, text)


def _stands_alone(text: str, key: str) -> bool:
    """Whether the number is there and is not a piece of a longer one."""
    at = text.find(key)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(key) : at + len(key) + 1]
        if not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum()):
            return True
        at = text.find(key, at + 1)
    return False
