"""What the sequence tagger sees of a text: for each character, rows of a weight table, hashed from its surroundings.

Characters around it, how usual they are in names, which dictionary words begin, end or cross there, and the label
before it. Each is a few bytes side by side in an array, read as one number; all of it is integer arithmetic on whole
arrays, so that it is quick and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from deid.dictionary import Dictionary
from deid.lists import given, surnames

Ints = npt.NDArray[np.int64]
Wide = npt.NDArray[np.uint64]
Array = npt.NDArray[Any]

EDGE: Final = 12  # characters without meaning on both sides of a text
ROWS: Final = 1 << 19
NOTHING: Final = ROWS  # the row of features that are left out
_SHIFT: Final = np.uint64(64 - 19)
_FACTOR: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_OTHER: Final = 0xFFFF
_MARGIN: Final = "\x00" * EDGE
_BEYOND: Final = 8  # more of them at the end, that the widest number may be read anywhere
_END: Final = "\x00" * (EDGE + _BEYOND)
_MARKS: Final = {
    " ": 1, "\n": 2, ":": 3, ",": 4, "、": 4, ";": 5, "。": 6, ".": 7, "·": 8, "-": 9, "/": 10, ")": 11,
    "(": 12, "*": 13, "×": 13, "[": 12, "]": 11, "\x00": 14, "\x1a": 15,
}  # fmt: skip


@cache
def _plain() -> npt.NDArray[np.uint16]:
    """Code point -> what stands for it: digits are alike, what lies beyond the first plane is one thing."""
    table = np.arange(0x10000, dtype=np.uint16)
    table[ord("0") : ord("9") + 1] = ord("0")
    return table


def _level(value: float, *limits: float) -> int:
    return sum(value >= limit for limit in limits)


@cache
def _sorts() -> npt.NDArray[np.uint8]:
    """Code -> sort of character: 0 other, marks, 16 digit, 17 capital, 18 small letter, 20 Chinese, 21 rare Chinese."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for char, sort in _MARKS.items():
        table[ord(char)] = sort
    table[ord("0") : ord("9") + 1] = 16
    table[ord("A") : ord("Z") + 1] = 17
    table[ord("a") : ord("z") + 1] = 18
    table[0x4E00:0xA000] = 20
    table[0x3400:0x4DC0] = 21
    return table


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Code -> what it may be in a name, in bits: Chinese, alone a given name (1 each), second, first, surname (2 each).

    What is not Chinese has its sort there instead, and the lowest bit clear.
    """
    table = _sorts() << np.uint8(1)
    table[0x4E00:0xA000] = 1
    for char, (first, second, alone) in given().items():
        if 0x4E00 <= ord(char) < 0xA000:
            bits = (_level(first, 2, 25, 140) << 4) | (_level(second, 2, 25, 140) << 2) | (_level(alone, 25) << 1)
            table[ord(char)] |= bits
    for name, weight in surnames().items():
        if len(name) == 1 and 0x4E00 <= ord(name) < 0xA000:
            table[ord(name)] |= _level(weight, 0, 60, 500) << 6
    return table


def signals(text: str) -> Iterator[Ints]:
    """For one feature after the other the rows of the weight table that the characters of the text have."""
    raw = np.frombuffer((_MARGIN + text + _END).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = _plain().take(np.minimum(raw, _OTHER))
    bases = _bases(codes)
    size = len(codes) - 2 * EDGE - _BEYOND
    mixed = [np.multiply(base, _FACTOR, dtype=np.uint64) for base in bases]
    for (base, start), salt in zip(_PLACES, _SALTS, strict=True):
        row = mixed[base][start : start + size] + salt
        row >>= _SHIFT
        yield row.view(np.int64)


def _bases(codes: npt.NDArray[np.uint16]) -> list[Array]:
    """Numbers for templates to take from, in the order of `_BASES`; those over several characters begin there."""
    count = len(codes) - _BEYOND
    kinds, sorts = _kinds().take(codes), _sorts().take(codes)
    two, four = _window(codes, np.uint32, count), _window(codes, np.uint64, count)
    three = four & _LOW48
    begins, ends, crosses = Dictionary.load().look(two, three, four, codes[:count])
    to = count - 4  # what is combined from several lists ends a little earlier, within the margin
    kind4, cross4 = _window(kinds, np.uint32, to), _window(crosses, np.uint32, to)
    edge4 = (cross4 & _THIN).astype(np.uint64) << _HALF
    name3, name2 = kind4 & _NAME3, kind4 & _NAME2
    begins, ends, crossed = begins[:to], ends[:to], crosses[:to]
    table = np.zeros((count, 8), dtype=np.uint8)
    table[:to, 0], table[:to, 1], table[:to, 2] = begins, ends, crossed
    words = table.view(np.uint64)[:to, 0]
    place = ((table[:, 0] & _PLACES_BIT) >> 4) | ((table[:, 1] & _PLACES_BIT) >> 3) | ((table[:, 2] & _PLACES_BIT) >> 2)
    wide = codes[:to].astype(np.uint64) << _HALF
    bounds = table[1:to, 0].astype(np.uint64) << _BYTE
    label = _label(codes[:count], two)[:to]
    return [
        codes, two, three, four, four & _SKIP,
        kinds, _window(kinds, np.uint16, to), kind4 & _LOW24,
        _window(sorts, np.uint32, to), _window(sorts, np.uint64, to) & _LOW48,
        name3, name3 | edge4, name2, name2 | edge4,
        (kind4 & _GIVEN) | wide, words, cross4, words | wide,
        _window(crosses, np.uint16, to) | wide,
        ends[:-1] | bounds | ((crossed[:-1] & 7).astype(np.uint64) << _HALF),
        _window(place, np.uint16, to) | (_window(sorts, np.uint16, to).astype(np.uint64) << _BYTES2),
        place | (two.astype(np.uint64) << _BYTE),
        label, label + (kinds[:to].astype(np.uint64) << _TOP),
    ]  # fmt: skip


_LOW24: Final = np.uint32(0xFFFFFF)
_LOW48: Final = np.uint64(0xFFFFFFFFFFFF)
_SKIP: Final = np.uint64(0xFFFF0000FFFF)
_THIN: Final = np.uint32(0x07070707)
_NAME3: Final = np.uint32(0x0D31C1)  # surname, first and second character of a given name
_NAME2: Final = np.uint32(0x03C1)  # surname and a given name of one character
_GIVEN: Final = np.uint32(0x0D3100)
_PLACES_BIT: Final = np.uint8(16)
_BYTE, _BYTES2, _HALF, _TOP = np.uint64(8), np.uint64(16), np.uint64(32), np.uint64(56)


def _window(array: Array, kind: type[np.unsignedinteger[Any]], count: int) -> Array:
    """What begins at each of `count` places, read as one little-endian number of that type."""
    return np.ndarray((count,), np.dtype(kind).newbyteorder("<"), array, 0, array.strides)


def _label(codes: npt.NDArray[np.uint16], pairs: npt.NDArray[np.uint32]) -> Wide:
    """The two characters before the last colon of the last twelve characters, and how far it is; 0 without one."""
    out = np.zeros(len(codes), dtype=np.uint64)
    colons = np.flatnonzero(codes[:-EDGE] == _COLON)
    if len(colons):
        out[(colons + _AHEAD).ravel()] = (pairs[colons - 2] + _FAR).ravel()  # the nearest colon comes last, and stays
    return out


_COLON: Final = np.uint16(ord(":"))
_AHEAD: Final = np.arange(EDGE, 0, -1)[:, None]
_FAR: Final = np.array([6, 6, 6, 6, 5, 5, 5, 4, 4, 3, 2, 1], dtype=np.uint64)[:, None] << _HALF
_BASES: Final = (
    "1", "2", "3", "4", "skip", "kind", "kind2", "kind3", "sort4", "sort6", "name3", "name3edge", "name2", "name2edge",
    "familyname", "words", "edges", "words1", "edge1", "bounds", "place", "placeafter", "label", "labelkind",
)  # fmt: skip
TEMPLATES: Final = (
    *(("1", o) for o in (-3, -2, -1, 0, 1, 2, 3)), *(("2", o) for o in (-3, -2, -1, 0, 1, 2)),
    *(("3", o) for o in (-3, -2, -1, 0, 1)), ("4", -4), ("4", 1), ("skip", -1),
    ("kind", -1), ("kind", 0), ("kind", 1), ("kind2", -1), ("kind2", 0), ("kind3", -2), ("kind3", -1), ("kind3", 0),
    ("sort4", -2), ("sort4", -1), ("sort6", -3),
    ("name3", 0), ("name3", -1), ("name3", -2), ("name3edge", 0), ("name3edge", -1), ("name3edge", -2),
    ("name2", 0), ("name2", -1), ("name2edge", 0), ("name2edge", -1),
    ("familyname", 0), ("familyname", -1), ("familyname", -2),
    ("words", 0), ("words", -1), ("words", 1), ("edges", -1), ("edges", 0), ("edges", -2), ("words1", 0),
    ("edge1", 0), ("edge1", -1), ("bounds", -1), ("bounds", 0),
    ("place", -1), ("place", 0), ("placeafter", -1), ("label", 0), ("labelkind", 0),
)  # fmt: skip
_PLACES: Final = tuple((_BASES.index(base), EDGE + offset) for base, offset in TEMPLATES)
# Features that name the surroundings: they are hidden from a part of the training, so that names stand on their own.
SURROUNDINGS: Final = tuple(
    row
    for row, (base, offset) in enumerate(TEMPLATES)
    if base in ("1", "2", "3", "4") and (offset > 0 or offset + int(base) <= 0)
)
# One for each template, so that the same number means something else there; times the factor, as the numbers are.
_SALTS: Final = (np.arange(len(TEMPLATES), dtype=np.uint64) + np.uint64(1)) * np.uint64(0xA24BAED4963EE407) * _FACTOR
