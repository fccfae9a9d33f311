"""A damaged text with its gaps closed: what a scanner tore apart by blanks or line ends can be read as one again."""

from __future__ import annotations

import re
from array import array
from typing import Final

from deid.leads import led
from deid.lists import words

_HAN: Final = "\u4e00-\u9fff"
# Where a gap may be closed: inside Chinese, or inside a number with letters that scanners take for digits.
_GAP: Final = led(rf"(?<=[{_HAN}]) (?=[{_HAN}])|(?<=[0-9OolI:.\-]) (?=[0-9OolI])|(?<=[0-9OolI]) (?=[:.\-][0-9OolI])")
_LINE: Final = led(rf"(?<=[^\n]{{12}})(?<=[{_HAN}])\n(?=[{_HAN}])|(?<=[^\n]{{12}})(?<=[0-9OolI:.\-])\n(?=[0-9OolI])")
_MIXED: Final = re.compile(r"[OolI](?:(?<=[0-9].)(?![A-Za-z/])|(?<![A-Za-z].)(?=[0-9]))")
# Patterns that begin with the blank itself are found as quickly as it is.
_APART: Final = re.compile(rf" (?=[{_HAN}])(?<=[{_HAN}] )")
_SPACED: Final = re.compile(rf" (?<=[{_HAN}] )[{_HAN}](?: [{_HAN}]){{4}}")  # a line with a blank after each character
_SIGNS: Final = 3  # of damage that a text must show


class Closed:
    """`text` without the gaps, and for each of its characters the place it had."""

    __slots__ = ("_places", "text")

    def __init__(self, text: str, places: array[int]) -> None:
        self.text = text
        self._places = places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the closed text stands in the text as it was."""
        return self._places[start], self._places[end - 1] + 1


def damaged(text: str) -> bool:
    """Whether a text looks scanned: letters among digits, words torn in two by blanks, lines set wide."""
    signs = 0
    for _ in _MIXED.finditer(text):
        signs += 1
        if signs >= _SIGNS:
            return True
    at = 0
    while signs < _SIGNS and (wide := _SPACED.search(text, at)):
        signs, at = signs + 1, wide.end() + 1
    reached = 0
    for gap in _APART.finditer(text) if signs < _SIGNS else ():
        at = gap.start()
        before = at - _BESIDE >= reached and "\u4e00" <= text[at - _BESIDE] <= "\u9fff"
        if before or (at > reached and "\u4e00" <= text[at + _BESIDE : at + _BESIDE + 1] <= "\u9fff"):
            reached = at + (2 if before else 3)  # what two characters and a third were torn from
            signs += text[at - 1] + text[at + 1] in words()
    return signs >= _SIGNS


_BESIDE: Final = 2  # how far from a gap the character beside the one at its edge stands


def _one_word(text: str, at: int) -> bool:
    """Whether what stands around a line end is one word, or one number."""
    before, after = text[max(0, at - 2) : at], text[at + 1 : at + 3]
    return not "\u4e00" <= after[:1] <= "\u9fff" or any(
        before[-size:] + after[:more] in words() for size in (1, 2) for more in (1, 2)
    )


def close(text: str) -> Closed | None:
    """The text without the gaps that damage left, or None where it looks whole."""
    if not damaged(text):
        return None
    gaps = [match.start() for match in _GAP.finditer(text)]
    gaps += [at for at in (match.start() for match in _LINE.finditer(text)) if _one_word(text, at)]
    gaps.sort()
    if not gaps:
        return None
    pieces: list[str] = []
    places = array("L")
    at = 0
    for gap in [*gaps, len(text)]:
        pieces.append(text[at:gap])
        places.extend(range(at, gap))
        at = gap + 1
    return Closed("".join(pieces), places)
