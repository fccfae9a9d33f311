"""Width folding with an offset map: recognizers read one plain form, spans still point into the input as it came."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

# Characters that show nothing: they split a number or a name for a machine, not for a reader.
_INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_HIDDEN: Final = re.compile(f"[{_INVISIBLE}]")
_BLOCKS: Final = (
    (0x00A0, 0x0100),
    (0x02B0, 0x0300),
    (0x2000, 0x2070),
    (0x2070, 0x20A0),
    (0x2100, 0x2150),
    (0x2460, 0x2500),
    (0x2E80, 0x2FE0),
    (0x3000, 0x3001),
    (0xF900, 0xFB00),
    (0xFE10, 0xFE70),
    (0xFF01, 0xFFF0),
    (0x1D400, 0x1D800),
    (0x2F800, 0x2FA20),
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc\uff70"
_DOTS: Final = "\u2022\u2027\u30fb\uff65\u2219\u22c5\u0387\u16eb"


@cache
def _table() -> dict[int, str]:
    """One-to-one folds of the blocks that hold compatibility forms of letters, digits and marks."""
    table: dict[int, str] = {}
    for first, last in _BLOCKS:
        for code in range(first, last):
            folded = unicodedata.normalize("NFKC", chr(code))
            if len(folded) == 1 and folded != chr(code):
                table[code] = folded
    table.update({ord(c): "-" for c in _DASHES})
    table.update({ord(c): "·" for c in _DOTS})
    table.update(dict.fromkeys(range(0x2460, 0x2474), " "))  # ① numbers what follows, it is no digit of it
    table.update({ord("○"): "〇", ord("\u3000"): " ", ord("\t"): " ", ord("\u00a0"): " "})
    return table


@cache
def _codes() -> npt.NDArray[np.uint32]:
    """The same for every code point: a look into an array is several times as quick as one into a table."""
    codes = np.arange(sys.maxunicode + 1, dtype="<u4")
    for code, folded in _table().items():
        codes[code] = ord(folded)
    return codes


def _plain(text: str) -> str:
    """The text with its one-to-one folds."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return _codes().take(codes).tobytes().decode("utf-32-le", "surrogatepass")


# Most texts hold none of what those runs are made of: that is seen in a seventh of the time.
_SIGN: Final = re.compile(f"[{_INVISIBLE}\u0300-\u036f\u2100-\u214f\u3300-\u33ff\ufb00-\ufb06\u2474-\u249b]")


@cache
def _special() -> re.Pattern[str]:
    """Runs that do not fold one to one: invisible characters, letters with combining marks, signs like ℡ and №."""
    return re.compile(
        rf"[{_INVISIBLE}]+|[A-Za-z][\u0300-\u036f]{{1,8}}"
        rf"|[\u2100-\u214f\u3300-\u33ff\ufb00-\ufb06\u2474-\u249b]"
    )


class Folded:
    """Folded text and the way back. `text` may be shorter or longer than the input."""

    __slots__ = ("_starts", "length", "text")

    def __init__(self, text: str, length: int, starts: array[int] | None) -> None:
        self.text = text
        self.length = length
        self._starts = starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Input offsets of the folded stretch [start, end), end > start."""
        starts = self._starts
        if starts is None:
            return start, end
        last = starts[end - 1]
        while end < len(starts) and starts[end] == last:
            end += 1
        return starts[start], starts[end] if end < len(starts) else self.length


def fold(text: str) -> Folded:
    """NFKC, invisible characters dropped, tabs and dashes made plain. Linear in the text, any code points allowed."""
    if not _SIGN.search(text) or not _special().search(text):
        return Folded(_plain(text), len(text), None)
    pieces: list[str] = []
    starts = array("L")
    at = 0
    for match in _special().finditer(text):
        pieces.append(_plain(text[at : match.start()]))
        starts.extend(range(at, match.start()))
        run = match.group()
        folded = "" if _HIDDEN.match(run) else unicodedata.normalize("NFKC", run)
        pieces.append(folded)
        starts.extend([match.start()] * len(folded))
        at = match.end()
    pieces.append(_plain(text[at:]))
    starts.extend(range(at, len(text)))
    return Folded("".join(pieces), len(text), starts)
