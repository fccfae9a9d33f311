"""A record's text cut at its headings, for all forty record types. A heading comes out exactly as the table has it, so
it is clean by construction; anything else that looks like one stays in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from ingest.description import Part
from ingest.vocabulary import headings, squeezed
from records.texts import IdentifiedText

_NUMBERING: Final = r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[0-9]{1,2}[、.．)）]|[■●◆★※▲])?"
_OPENING: Final = r"[【\[〖<《]?"
_CLOSING: Final = r"[】\]〗>》]?"
_SIGNATURE: Final = re.compile(r"^\s*(?:[\u4e00-\u9fff]{0,6}(?:签名|签字|医师|医生|护士|者|人))\s*[:：]")
_FUZZY_FROM: Final = 4  # headings this long may have one character misread


@cache
def _at_start() -> re.Pattern[str]:
    names = "|".join(r"[ \u3000]*".join(map(re.escape, name)) for name in headings())
    return re.compile(
        rf"^[ \u3000]*{_NUMBERING}[ \u3000]*{_OPENING}(?P<name>{names}){_CLOSING}"
        rf"(?:[ \u3000]*[:：﹕]|[ \u3000]*$|(?<=[】\]〗>》]))"
    )


@cache
def _inline() -> re.Pattern[str]:
    """A heading with its colon inside a paragraph, after the end of a sentence or a wide gap."""
    names = "|".join(map(re.escape, (name for name in headings() if len(name) >= 3 or name in _SHORT)))
    return re.compile(rf"(?:(?<=[。；;])|(?<=\s\s)){_OPENING}(?P<name>{names}){_CLOSING}[:：﹕]")


_SHORT: Final = frozenset({"主诉", "印象", "结论", "建议", "所见", "诊断"})


def heading_of(text: str) -> str:
    """The known heading that a title (of a structured section) stands for, or ""."""
    wanted = squeezed(text).strip("【】[]：:")
    if wanted in _names():
        return wanted
    inside = [name for name in headings() if len(name) >= 3 and name in wanted and len(wanted) <= len(name) + 6]
    return inside[0] if inside else ""


@cache
def _names() -> frozenset[str]:
    return frozenset(headings())


def split(lines: Sequence[str]) -> tuple[Part, ...]:
    """The parts in reading order; text before the first heading has "". A new signature line ends a section's claim
    on nothing: it stays where it stands."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        for heading, text in _pieces(line):
            if heading and heading != parts[-1][0]:
                parts.append((heading, []))
            if text.strip():
                parts[-1][1].append(text.strip())
    return tuple(_merged(parts))


def _pieces(line: str) -> Iterable[tuple[str, str]]:
    """(heading or "", text) pieces of one line."""
    heading, rest = _leading(line)
    at = 0
    for match in _inline().finditer(rest):
        yield heading, rest[at : match.start()]
        heading, at = match["name"], match.end()
    yield heading, rest[at:]


def _leading(line: str) -> tuple[str, str]:
    match = _at_start().match(line)
    if match:
        return "".join(match["name"].split()), line[match.end() :]
    colon = re.match(r"^[ \u3000]*(?P<name>[\u4e00-\u9fff（）()]{4,10})[:：﹕]", line)
    if colon:
        near = _misread(colon["name"])
        if near:
            return near, line[colon.end() :]
    return "", line


@cache
def _misread(name: str) -> str:
    """The one known heading that differs from `name` in one character, or ""."""
    if name in _names():
        return name
    near = [
        known
        for known in headings()
        if len(known) == len(name) >= _FUZZY_FROM and sum(a != b for a, b in zip(known, name, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 and not _SIGNATURE.match(f"{name}:") else ""


def opens(line: str) -> bool:
    """Whether the line begins with a heading."""
    return bool(_leading(line)[0])


def _merged(parts: Iterable[tuple[str, list[str]]]) -> Iterable[Part]:
    for heading, texts in parts:
        if heading or texts:
            yield Part(heading, IdentifiedText("\n".join(texts)))
