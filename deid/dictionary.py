"""Which words of the lists begin, end or cross at each place of a text: a Bloom filter over runs of characters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from deid.lists import ethnic_parts, given_pairs, medical_words, place_forms, words

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

_BITS: Final = 22
_SHIFT: Final = np.uint64(64 - _BITS)
_FIRST: Final = np.uint64(0xD6E8FEB86659FD93)
_SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_FIFTH: Final = np.uint64(0x9E3779B97F4A7C15)
_LENGTHS: Final = (2, 3, 4, 5)
_WORD, _MEDICAL, _PLACE, _PAIR, _ETHNIC = 1, 2, 4, 8, 16


class Dictionary:
    """Flags of all words of two to five characters. A run that is no word is taken for one about once in a hundred."""

    def __init__(self) -> None:
        self._flags = np.zeros(1 << _BITS, dtype=np.uint8)
        self._add(words(), _WORD)
        self._add(medical_words(), _MEDICAL)
        self._add(place_forms(), _PLACE)
        self._add(given_pairs(), _PAIR)
        self._add(ethnic_parts(), _ETHNIC)
        self._codes = np.array(
            [_code(row, flags) for row in range(len(_LENGTHS)) for flags in range(32)], dtype=np.uint8
        )

    @classmethod
    @cache
    def load(cls) -> Dictionary:
        """The shipped lists."""
        return cls()

    def _add(self, entries: Iterable[str], flag: int) -> None:
        by_length: dict[int, list[str]] = {}
        for entry in entries:
            by_length.setdefault(len(entry), []).append(entry)
        for row, length in enumerate(_LENGTHS):
            run = "".join(by_length.get(length, ())) + "\0" * 8
            codes = np.frombuffer(run.encode("utf-16-le"), dtype=np.uint16)
            if len(codes) != len(run):  # a character beyond the first plane would shift all that follow
                raise ValueError("a word list holds a character beyond the first plane")
            four = np.ndarray((len(codes) - 4,), np.dtype("<u8"), codes, 0, (2,))
            masks = (0xFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
            runs = (four & np.uint64(masks[row]))[: len(run) - 8 : length]
            if length == 5:
                runs = runs * _FIFTH + codes[4 : len(run) - 8 : length][: len(runs)]
            for place in _places(runs):
                np.bitwise_or.at(self._flags, place, np.uint8(flag))

    def look(self, two: Array, three: Array, four: Array, codes: Array) -> tuple[Bytes, Bytes, Bytes]:
        """Codes of words that begin at each place, that end there, that cross its left edge.

        Given the runs of two, three and four characters that begin at each place, and the characters themselves.
        """
        count = len(codes)
        runs = np.empty((len(_LENGTHS), count), dtype=np.uint64)
        runs[0], runs[1], runs[2] = two, three, four
        runs[3] = four * _FIFTH
        runs[3, :-4] += codes[4:]
        first, second = _places(runs)
        flags = self._flags.take(first) & self._flags.take(second)
        flags += _ROW
        starts = self._codes.take(flags)
        most = starts[2] | starts[3]
        more = most | starts[1]
        begins = more | starts[0]
        ends, crosses = np.zeros(count, dtype=np.uint8), np.zeros(count, dtype=np.uint8)
        for row, part in enumerate((begins, more, most, starts[3])):
            crosses[row + 1 :] |= part[: -row - 1]
            ends[row + 1 :] |= starts[row, : -row - 1]
        return begins, ends, crosses


_ROW: Final = (np.arange(len(_LENGTHS), dtype=np.uint8) * np.uint8(32))[:, None]


def _code(row: int, flags: int) -> int:
    """What is remembered of a word: its length, whether it is of medicine, a place, a given name, an ethnic name."""
    code = (1 << min(row, 2)) if flags & (_WORD | _MEDICAL) else 0
    code |= 8 if flags & _MEDICAL else 0
    code |= 16 if flags & _PLACE else 0
    code |= 32 if flags & _PAIR and row == 0 else 0
    return code | (64 if flags & _ETHNIC else 0)


def _places(runs: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Two places of the filter for each run."""
    return ((runs * _FIRST) >> _SHIFT).view(np.int64), ((runs * _SECOND) >> _SHIFT).view(np.int64)
