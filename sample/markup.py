"""Invisible marks inside text under way: what is an identifier, what names a concept. No mark may reach a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTITIES = (
    "PERSON", "ID_CARD", "MEDICAL_ID", "PHONE", "ADDRESS", "ORGANISATION", "DATE", "AGE_OVER_89", "EMAIL", "ACCOUNT",
)  # fmt: skip
ROLES = ("patient", "relative", "staff", "place")
STATUSES = ("present", "negated", "family", "possible", "implied")

_IDENTIFIER, _STATUS, _CONCEPT = 0xE000, 0xE100, 0xE200
_END = "\uf000"
_MARKS = re.compile("([\ue000-\ue0ff]|[\ue100-\ue1ff][\ue200-\ue7ff]|\uf000)")
_STARTS = {
    (entity, role): chr(_IDENTIFIER + i * len(ROLES) + j)
    for i, entity in enumerate(ENTITIES)
    for j, role in enumerate(ROLES)
}
_MEANING = {start: key for key, start in _STARTS.items()}


@dataclass(frozen=True, slots=True)
class Identifier:
    """Characters [start, end) of the plain text are an identifier."""

    start: int
    end: int
    entity: str
    role: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters [start, end) name concept number `concept`; an implied one is named nowhere (start == end)."""

    start: int
    end: int
    concept: int
    status: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Marked text taken apart."""

    text: str
    identifiers: tuple[Identifier, ...]
    mentions: tuple[Mention, ...]


def identifier(entity: str, role: str, value: str) -> str:
    """`value` marked as an identifier."""
    return f"{_STARTS[entity, role]}{value}{_END}"


def mention(concept: int, status: str, surface: str) -> str:
    """`surface` marked as naming a concept."""
    return f"{chr(_STATUS + STATUSES.index(status))}{chr(_CONCEPT + concept)}{surface}{_END}"


def read(marked: str) -> Reading:
    """Plain text with its spans, in order of their ends."""
    pieces: list[str] = []
    at = 0
    open_marks: list[tuple[str, int]] = []
    identifiers: list[Identifier] = []
    mentions: list[Mention] = []
    for piece in _MARKS.split(marked):
        if piece == _END:
            mark, start = open_marks.pop()
            if len(mark) == 1:
                entity, role = _MEANING[mark]
                identifiers.append(Identifier(start, at, entity, role))
            else:
                status = STATUSES[ord(mark[0]) - _STATUS]
                mentions.append(Mention(start, at, ord(mark[1]) - _CONCEPT, status))
        elif piece and _IDENTIFIER <= ord(piece[0]) < 0xE800:
            open_marks.append((piece, at))
        else:
            pieces.append(piece)
            at += len(piece)
    return Reading("".join(pieces), tuple(identifiers), tuple(mentions))


def plain(marked: str) -> str:
    """The text without its marks."""
    return _MARKS.sub("", marked) if _END in marked else marked
