"""Folding of text so that width, case, spaces and hyphens do not hide a name; offsets always lead back to the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from records.slots import SLOT

_DROPPED: Final = frozenset("-‐‑‒·‧・'’‘`\u200b\u200c\u200d\ufeff\u00ad")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_BLANK: Final = "\x00"
_SHORT: Final = 3


def _plain(char: str) -> str:
    """NFKC and lower case; a Latin letter loses its marks, so that "Sjögren" is found as "Sjogren"."""
    apart = unicodedata.normalize("NFKD", char)
    letter, marks = apart[:1], apart[1:]
    if letter.isascii() and letter.isalpha() and marks and all(map(unicodedata.combining, marks)):
        return letter.lower()
    return "" if unicodedata.combining(char) else unicodedata.normalize("NFKC", char).lower()


class _Squeeze(dict[int, str]):
    """Code point -> its folded form ("" when dropped); fills itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _plain(char)
        if char in _DROPPED or char.isspace():
            folded = ""
        else:
            folded = "".join(c for c in folded if not c.isspace() and c not in _DROPPED)
        self[code] = folded
        return folded


class _Flat(dict[int, str]):
    """Code point -> exactly one folded code point, so that offsets stay; fills itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _plain(char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_SQUEEZE: Final = _Squeeze()
_FLAT: Final = _Flat()


def squeeze(words: str) -> str:
    """NFKC, lower case, no white space, hyphens or apostrophes: the form in which names are compared."""
    return words.translate(_SQUEEZE)


def flatten(text: str) -> str:
    """Width and case folded character by character; the length never changes."""
    return text.translate(_FLAT)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with slots blanked: `flat` has its length; `tight` is squeezed and tight[i] came from origin[i]."""

    flat: str
    tight: str
    origin: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text of a half-open, non-empty range of `tight`."""
        return self.origin[start], self.origin[end - 1] + 1

    def bounded(self, start: int, end: int) -> bool:
        """Whether flat[start:end] is no fragment of a longer ASCII word ("mid" is, "HbA1c" before 8.9 is not)."""
        flat = self.flat
        if flat[start] not in _WORD and flat[end - 1] not in _WORD:
            return True
        short = end - start <= _SHORT
        if start and _joined(flat[start - 1], flat[start], short):
            return False
        return end >= len(flat) or not _joined(flat[end - 1], flat[end], short)


def _joined(left: str, right: str, short: bool) -> bool:
    """Two letters or two digits belong together; a letter and a digit only beside a short name ("CA" in "CA125")."""
    if left not in _WORD or right not in _WORD:
        return False
    return short or left.isdigit() == right.isdigit()


def fold(text: str) -> Folded:
    """Fold a text; slots 〔…〕 become blanks that match nothing."""
    if "〔" in text:
        text = SLOT.sub(lambda slot: _BLANK * (slot.end() - slot.start()), text)
    flat = text.translate(_FLAT)
    pieces = [_SQUEEZE[ord(char)] for char in text]
    tight = "".join(pieces)
    if len(tight) == len(text) and "" not in pieces:
        return Folded(flat, tight, range(len(text)))
    origin = tuple(at for at, piece in enumerate(pieces) for _ in piece)
    return Folded(flat, tight, origin)
