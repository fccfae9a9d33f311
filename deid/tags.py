"""The tags of the sequence tagger: what a character is in a name, an address or an institution; what may follow it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from records.entities import Entity


class Kind(IntEnum):
    """What the tagger finds."""

    PERSON = 0
    ADDRESS = 1
    ORGANISATION = 2


ENTITIES: Final = (Entity.PERSON, Entity.ADDRESS, Entity.ORGANISATION)
OUTSIDE: Final = 0
WHOLE: Final = 1  # a name of one character
_BEGIN: Final = (2, 5, 8)
SPANS: Final = tuple((begin, begin + 1, begin + 2) for begin in _BEGIN)  # first, middle, last tag of each kind
TAGS: Final = 11
WIDTH: Final = 12  # columns of the weight table, the last one unused


def tags_of(size: int, kind: Kind) -> list[int]:
    """The tags of a span of `size` characters."""
    begin = _BEGIN[kind]
    if size == 1:
        return [WHOLE if kind is Kind.PERSON else begin]
    return [begin, *[begin + 1] * (size - 2), begin + 2]


def kind_of(tag: int) -> Kind | None:
    """What a tag is part of."""
    return None if tag == OUTSIDE else Kind.PERSON if tag == WHOLE else Kind((tag - 2) // 3)


def opens(tag: int) -> bool:
    """Whether a span begins with this tag."""
    return tag == WHOLE or tag in _BEGIN


def closes(tag: int) -> bool:
    """Whether a span ends with this tag."""
    return tag == WHOLE or (tag > WHOLE and (tag - 2) % 3 == 2)


def may_follow(before: int, after: int) -> bool:
    """Whether `after` may stand right after `before`."""
    if before == OUTSIDE or closes(before):
        return after == OUTSIDE or opens(after)
    return after in ((before + 1, before + 2) if opens(before) else (before, before + 1))
