"""Patterns that first look which character stands there: the same matches, found several times as quickly.

Python's search tries every alternative of a pattern at every place. Nearly always the first character settles it, and
where Python knows what that may be, it passes over all the others in one tight loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final

# What Python itself reads patterns and compiles them with.
_PARSER: Final[Any] = import_module("re._parser")
_COMPILER: Final[Any] = import_module("re._compiler")
_CLASSES: Final = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}


def led(pattern: str) -> re.Pattern[str]:
    """The pattern behind a look ahead at the characters it can begin with; as it is, where it can be empty."""
    try:
        leads, empty = _leads(_PARSER.parse(pattern))
    except LookupError:  # it may begin with all but a few characters
        return re.compile(pattern)
    return re.compile(pattern) if empty else _leaping(f"[{''.join(sorted(leads))}]", pattern)


def _leaping(leads: str, pattern: str) -> re.Pattern[str]:
    """The pattern behind a look ahead, compiled so that a search leaps from one of these characters to the next.

    Python does so by itself only where a pattern takes such a character first.
    """
    pattern = f"(?={leads})(?:{pattern})"
    tree = _PARSER.parse(pattern)
    code = _COMPILER._code(tree, 0)  # INFO, its size, flags, least and greatest width; then what is done
    leap = _COMPILER._code(_PARSER.parse(leads), 0)
    if leap[2] != _COMPILER.SRE_INFO_CHARSET:  # one character
        return re.compile(pattern)
    leap[3:5] = code[3:5]
    names = tree.state.groupdict
    groups = {number: name for name, number in names.items()}
    count = tree.state.groups
    leaping: re.Pattern[str] = _COMPILER._sre.compile(  # it checks the code
        pattern, tree.state.flags, leap[: 1 + leap[1]] + code[1 + code[1] :], count - 1, names,
        tuple(map(groups.get, range(count))),
    )  # fmt: skip
    return leaping


class Ended:
    """A pattern of what a text ends with ("$"), looked for only where its last character is one the pattern allows."""

    __slots__ = ("_last", "_pattern")

    def __init__(self, pattern: str) -> None:
        self._pattern = led(pattern)
        items = list(_PARSER.parse(pattern))
        lasts, empty = _leads(items, from_end=True)
        if empty or str(items[-1][1]) != "AT_END":
            raise ValueError(f"write a pattern that takes a character and ends with $, not {pattern}")
        self._last = _Among(f"[{''.join(sorted(lasts))}\\n]")

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self._pattern.search(text) if self._last[text[-1:]] else None


class _Among(dict[str, bool]):
    """Whether a character is one of a class: to have seen it once is several times as quick as to match it."""

    def __init__(self, those: str) -> None:
        self._those = re.compile(those)

    def __missing__(self, char: str) -> bool:
        self[char] = among = self._those.match(char) is not None
        return among


def _leads(items: Iterable[tuple[Any, Any]], *, from_end: bool = False) -> tuple[set[str], bool]:
    """What a sequence can begin with, or end with, as pieces of a class, and whether it can be empty."""
    leads: set[str] = set()
    for kind, value in reversed(list(items)) if from_end else items:
        more, empty = _leads_of(str(kind), value, from_end)
        leads |= more
        if not empty:
            return leads, False
    return leads, True


def _leads_of(kind: str, value: Any, from_end: bool) -> tuple[set[str], bool]:
    match kind:
        case "ASSERT" | "ASSERT_NOT" | "AT":  # they take no character
            return set(), True
        case "LITERAL":
            return {re.escape(chr(value))}, False
        case "RANGE":
            return {"-".join(re.escape(chr(code)) for code in value)}, False
        case "CATEGORY":
            return {_CLASSES[str(value)]}, False
        case "IN":
            return set().union(*(_leads_of(str(op), one, from_end)[0] for op, one in value)), False
        case "SUBPATTERN" if not value[1]:  # without flags of its own
            return _leads(value[-1], from_end=from_end)
        case "BRANCH":
            parts = [_leads(part, from_end=from_end) for part in value[1]]
            return set().union(*(leads for leads, _ in parts)), any(empty for _, empty in parts)
        case "MAX_REPEAT" | "MIN_REPEAT":
            leads, empty = _leads(value[-1], from_end=from_end)
            return leads, empty or value[0] == 0
        case _:
            raise LookupError(kind)
