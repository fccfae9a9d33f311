"""Two kinds of text that must never be mixed up: with people in it, and without.

`deid` alone turns one into the other; `tests/house/test_text_types.py` keeps the list of callers.
"""

from __future__ import annotations

import re
from typing import Final

_ROAD: Final = object()
_HALF: Final = re.compile("[\ud800-\udfff]")


class IdentifiedText:
    """Text that may name people. Its repr and str hide the value, so it cannot slip into a log or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself, for code that works on identified text inside the strong room."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return f"IdentifiedText(<{len(self._value)} characters>)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> tuple[type[IdentifiedText], tuple[str]]:
        return IdentifiedText, (self._value,)


class CleanText:
    """De-identified text: identifiers stand as typed slots. Made by `certified` (deid), `from_shelf` (semantic)
    or `received` (rooms.front) only. Half a character, which nothing can keep or look for, stands as U+FFFD."""

    __slots__ = ("_value",)

    def __init__(self, value: str, road: object) -> None:
        if road is not _ROAD:
            raise TypeError("CleanText comes out of deid.deidentify or off the sealed shelf, never out of a string")
        self._value = _HALF.sub("\ufffd", value)

    @classmethod
    def certified(cls, value: str) -> CleanText:
        """For `deid` only: text whose identifiers have just been replaced and whose residual scan was empty."""
        return cls(value, _ROAD)

    @classmethod
    def from_shelf(cls, value: str) -> CleanText:
        """For `semantic` only: text read back from a sealed, authenticated segment."""
        return cls(value, _ROAD)

    @classmethod
    def received(cls, value: str) -> CleanText:
        """For `rooms.front` only: text the strong room de-identified and sent over the slot (a clean query)."""
        return cls(value, _ROAD)

    @property
    def value(self) -> str:
        """The clean text."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CleanText) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"CleanText(<{len(self._value)} characters>)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return CleanText.from_shelf, (self._value,)
