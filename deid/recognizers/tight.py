"""The same rules once more over lines whose words a scanner tore apart: 医 院, 欧阳铁 柱, an address on two lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from deid.document import Document, Recognizer
from deid.lists import words
from deid.spans import Finding
from records.entities import Entity

_HAN: Final = "\u4e00-\u9fff"
_TORN: Final = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])|(?<=[{_HAN}·0-9])\n {{0,4}}(?=[{_HAN}])")
_WIDE: Final = re.compile(r"\S {2,}\S")
_LABEL_AHEAD: Final = re.compile(r"[^\n]{0,7}:|[一二三四五六七八九十]、")
_WRAPPED: Final = 14  # a line at least so long may have been broken where the paper ended
_NEAR: Final = 8
_MOST: Final = 4000  # tears looked at in one text: a text of nothing else is no record


class Tight:
    """Runs other recognizers on the lines with tears, blanks taken out, and keeps what they find beside a tear."""

    name = "tight"
    entity = Entity.PERSON
    entities = (Entity.PERSON, Entity.ADDRESS, Entity.ORGANISATION)

    def __init__(self, using: Sequence[Recognizer]) -> None:
        self._using = tuple(using)

    def find(self, doc: Document) -> list[Finding]:
        text = doc.text
        tears = _tears(text)
        if not tears:
            return []
        plain, places = _mended(text, tears)
        starts = [start for start, _ in tears]
        mended = Document(plain)
        found: list[Finding] = []
        for recognizer in self._using:
            for finding in recognizer.find(mended):
                start, end = places[finding.start], places[finding.end - 1] + 1
                near = bisect_left(starts, start - _NEAR)
                if near < len(starts) and starts[near] < end + 2:
                    found.append(finding._replace(start=start, end=end, score=finding.score - 0.05))
        return found


def _tears(text: str) -> list[tuple[int, int]]:
    """Blanks and line ends that stand inside a word or a value."""
    wide = sum(1 for _ in zip(_WIDE.finditer(text), range(3), strict=False)) >= 2
    known = words()
    out = []
    for match in _TORN.finditer(text):
        start, end = match.span()
        if end - start == 1 and text[start] == " ":
            whole = text[start - 2 : start] in known and text[end : end + 2] in known
            torn = wide or (text[start - 1] + text[end] in known and not whole)
        else:
            line = start - text.rfind("\n", 0, start) - 1
            torn = line >= _WRAPPED and not _LABEL_AHEAD.match(text, end)
        if torn:
            out.append((start, end))
            if len(out) >= _MOST:
                break
    return out


def _mended(text: str, tears: list[tuple[int, int]]) -> tuple[str, list[int]]:
    """The lines with tears, without these, and where each character of them stands in the text."""
    keep: list[tuple[int, int]] = []
    for start, end in tears:
        first = text.rfind("\n", max(0, start - 400), start) + 1 or max(0, start - 400)
        last = text.find("\n", end, end + 400)
        last = last if last >= 0 else min(len(text), end + 400)
        if keep and first <= keep[-1][1]:
            keep[-1] = keep[-1][0], max(last, keep[-1][1])
        else:
            keep.append((first, last))
    torn = {at for start, end in tears for at in range(start, end)}
    places: list[int] = []
    for first, last in keep:
        places += [at for at in range(first, last) if at not in torn]
        places.append(min(last, len(text) - 1))
    chars = [text[at] for at in places]
    at = -1
    for first, last in keep:
        at += sum(1 for k in range(first, last) if k not in torn) + 1
        chars[at] = "\n"
    return "".join(chars), places
