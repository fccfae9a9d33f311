"""A record cut into passages (片段): headed sections, long ones at sentence ends, each with its section's code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from records.paths import data_dir
from records.shelf import ShelfRecord
from records.texts import CleanText

_SENTENCE: Final = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]?")
MAX_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A kind of section: its code, how much a mention or a word in it weighs, and what its headings hold."""

    code: str
    weight: float
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of a section: `start` is its code-point offset there, `section` the index of the section."""

    section: int
    heading: str
    kind: int
    start: int
    text: CleanText


@lru_cache(maxsize=1)
def section_kinds() -> tuple[SectionKind, ...]:
    """The kinds of data/search/sections.toml; the last one takes every other heading."""
    table = tomllib.loads((data_dir() / "search" / "sections.toml").read_text(encoding="utf-8"))
    return tuple(SectionKind(one["code"], float(one["weight"]), tuple(one["headings"])) for one in table["section"])


@lru_cache(maxsize=4096)
def kind_of(heading: str) -> int:
    """Index into section_kinds() of the kind whose heading words this heading holds first."""
    kinds = section_kinds()
    plain = heading.lower()
    for index, kind in enumerate(kinds):
        if any(word in plain for word in kind.headings):
            return index
    return len(kinds) - 1


def passages_of(record: ShelfRecord) -> Iterator[Passage]:
    """The passages of a record in reading order, none empty, none longer than MAX_CHARS unless one sentence is."""
    for index, section in enumerate(record.sections):
        kind = kind_of(section.heading)
        for start, text in _cut(section.text.value):
            yield Passage(index, section.heading, kind, start, CleanText.from_shelf(text))


def _cut(text: str) -> Iterator[tuple[int, str]]:
    if len(text) <= MAX_CHARS:
        if text.strip():
            yield 0, text
        return
    start = end = 0
    for match in _SENTENCE.finditer(text):
        if match.end() - start > MAX_CHARS and end > start:
            if text[start:end].strip():
                yield start, text[start:end]
            start = end
        end = match.end()
    if text[start:].strip():
        yield start, text[start:]
