"""Patterns that first look which characters stand there: the same matches, found several times as quickly.

Python's search tries every alternative of a pattern at every place. Nearly always the first two characters settle it,
and where Python knows what the first may be, it passes over all the others in one tight loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

# What Python itself reads patterns and compiles them with.
_PARSER: Final[Any] = import_module("re._parser")
_COMPILER: Final[Any] = import_module("re._compiler")
_CLASSES: Final = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}


def led(pattern: str) -> re.Pattern[str]:
    """The pattern behind a look ahead at the one or two characters it can begin with.

    As it is where it can be empty, or may begin with all but a few characters. It is compiled when it is first used: to
    compile them all takes longer than to import everything else.
    """
    return cast("re.Pattern[str]", _Later(pattern))


_METHODS: Final = ("findall", "finditer", "fullmatch", "match", "search", "sub")


class _Later:
    """A pattern compiled once somebody asks it for something; from then on its methods are the compiled one's own."""

    __slots__ = ("_source", *_METHODS)

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        if name == "_source" or name.startswith("__"):
            raise AttributeError(name)
        compiled = _led(self._source)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def _led(pattern: str) -> re.Pattern[str]:
    heads = _heads(_PARSER.parse(pattern))
    if heads.empty or _ANY in heads.first:
        return re.compile(pattern)
    first, alone, second = _class(heads.first), heads.alone, _any_of(heads.first.values())
    if _ANY in second or alone == heads.first.keys():
        return _leaping(first, first, pattern)
    two = first + _class(second)
    return _leaping(first, f"{two}|{_class(alone)}" if alone else two, pattern)


def behind(size: int, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches, left to right, of what stands behind `size` characters that belong to it: these overlap nothing, too."""
    at = 0
    while match := pattern.search(text, at + size):
        yield match
        at = match.end()


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether any of some words stands in the text."""
    for word in words:  # noqa: SIM110  # `any` takes three times as long
        if word in text:
            return True
    return False


def places(text: str, word: str) -> Iterator[int]:
    """Where a word stands in the text: to look for one is many times as quick as to match a pattern."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def matches(pattern: re.Pattern[str], text: str, among: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `finditer` finds, of a pattern that matches nowhere but at these places (sorted), and never nothing."""
    reached = 0
    for place in among:
        if place >= reached and (match := pattern.match(text, place)):
            reached = match.end()
            yield match


def _leaping(leads: str, ahead: str, pattern: str) -> re.Pattern[str]:
    """The pattern behind a look ahead, compiled so that a search leaps from one of the leads to the next.

    Python does so by itself only where a pattern takes such a character first.
    """
    pattern = f"(?={ahead})(?:{pattern})"
    tree = _PARSER.parse(pattern)
    code = _COMPILER._code(tree, 0)  # INFO, its size, flags, least and greatest width; then what is done
    leap = _COMPILER._code(_PARSER.parse(leads), 0)
    if leap[2] != _COMPILER.SRE_INFO_CHARSET:  # one character: a prefix, which is looked at again, and is not all
        leap[2], leap[_SKIPPED] = _COMPILER.SRE_INFO_PREFIX, 0
    leap[3:5] = code[3:5]
    names = tree.state.groupdict
    groups = {number: name for name, number in names.items()}
    count = tree.state.groups
    leaping: re.Pattern[str] = _COMPILER._sre.compile(  # it checks the code
        pattern, tree.state.flags, leap[: 1 + leap[1]] + code[1 + code[1] :], count - 1, names,
        tuple(map(groups.get, range(count))),
    )  # fmt: skip
    return leaping


_SKIPPED: Final = 6  # place of the number of characters that a prefix settles


class Ended:
    """A pattern of what a text ends with ("$"), looked for only where its last character is one the pattern allows.

    Then it is read backwards from the end, which takes one try and not one at each place, and nearly always fails.
    """

    __slots__ = ("_backwards", "_last", "_pattern", "_source", "_tree")

    def __init__(self, source: str) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:  # when it is first used
        if name == "_tree":
            self._tree = _PARSER.parse(self._source)
            return self._tree
        if name not in ("_backwards", "_last", "_pattern"):
            raise AttributeError(name)
        tree = self._tree
        items = list(tree)
        heads = _heads(items, frozenset())
        if heads.empty or _ANY in heads.first or str(items[-1][1]) != "AT_END":
            raise ValueError(f"write a pattern that takes a character and ends with $, not {self._source}")
        self._pattern = led(self._source)
        self._last = _Among(f"[{''.join(sorted(heads.first))}\\n]")
        end = _PARSER.parse("\\n?")  # "$" stands before the last line end, too
        self._backwards = _COMPILER.compile(_PARSER.SubPattern(tree.state, [*end, *_reversed(items[:-1])])).match
        return getattr(self, name)

    def lasts(self, passed: str) -> Lasts:
        """The characters that may stand last in such an end, behind them nothing but some that are passed over; and
        for each whether a character may stand before it."""
        over = frozenset([*map(re.escape, passed), r"\s"])
        heads = _heads(list(self._tree)[:-1], over)
        those = {one: before for one, before in heads.first.items() if one not in over}
        if (
            heads.empty
            or any(len(one.lstrip("\\")) != 1 for one in those)
            or not those.keys().isdisjoint({r"\d", r"\D", r"\w", r"\W"})
        ):
            raise ValueError(f"write a pattern that takes one of a few characters before those, not {self._source}")
        anything = heads.alone | {one for one, before in those.items() if _ANY in before}
        return {one[-1]: _Among(r"[\s\S]|$" if one in anything else _class(those[one])) for one in those}

    def ends(self, text: str) -> bool:
        """Whether the text ends so."""
        return self._last[text[-1:]] and self._backwards(text[::-1]) is not None

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self._pattern.search(text) if self._last[text[-1:]] and self._backwards(text[::-1]) else None

    def may_end(self, text: str, at: int) -> bool:
        """Whether the character before a place is one that the pattern can end with."""
        return at > 0 and self._last[text[at - 1]]

    def before(self, text: str, at: int, reach: int) -> re.Match[str] | None:
        """The first match in the `reach` characters before a place, counted from where they begin."""
        if not at or not self._last[text[at - 1]]:
            return None
        left = text[at - reach if at > reach else 0 : at]
        return self._pattern.search(left) if self._backwards(left[::-1]) else None

    def stands(self, text: str, at: int, reach: int) -> bool:
        """Whether there is such a match."""
        if not at or not self._last[text[at - 1]]:
            return False
        return self._backwards(text[at - 1 : at - reach - 1 if at > reach else None : -1]) is not None


def _reversed(items: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The sequence that matches a text from its end to its beginning where that one matches it the other way round."""
    return [(kind, _reversed_value(str(kind), value)) for kind, value in reversed(list(items))]


def _reversed_value(kind: str, value: Any) -> Any:
    def turned(part: Any) -> Any:
        return _PARSER.SubPattern(part.state, _reversed(part))

    match kind:
        case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY" | "CATEGORY":
            return value
        case "AT" if str(value) == "AT_BEGINNING":
            return _COMPILER.AT_END_STRING
        case "ASSERT" | "ASSERT_NOT":
            return -value[0], turned(value[1])
        case "SUBPATTERN":
            return *value[:-1], turned(value[-1])
        case "BRANCH":
            return None, [turned(part) for part in value[1]]
        case "MAX_REPEAT" | "MIN_REPEAT":
            return *value[:-1], turned(value[-1])
        case _:
            raise ValueError(f"{kind} cannot be read backwards")


class _Among(dict[str, bool]):
    """Whether a character is one of a class: to have seen it once is several times as quick as to match it."""

    def __init__(self, those: str) -> None:
        self._those = re.compile(those)

    def __missing__(self, char: str) -> bool:
        self[char] = among = self._those.match(char) is not None
        return among


Lasts = Mapping[str, _Among]
_Pieces = frozenset[str]


class _Heads(NamedTuple):
    """What something can begin with: for each piece of a class for its first character those for its second.

    Of the first those that may stand alone, and whether it can take no character at all.
    """

    first: Mapping[str, _Pieces] = MappingProxyType({})
    alone: _Pieces = frozenset()
    empty: bool = False


_Over = _Pieces | None
_ANY: Final = "any"  # for a piece of a class: all but a few characters
_NOTHING: Final = _Heads(empty=True)
_NOBODY_KNOWS: Final = _Heads({_ANY: frozenset([_ANY])}, frozenset([_ANY]), empty=True)


def _class(pieces: Iterable[str]) -> str:
    return f"[{''.join(sorted(pieces))}]"


def _heads(items: Iterable[tuple[Any, Any]], over: _Over = None) -> _Heads:
    """What a sequence can begin with; or, passing over some characters, end with, its last character as the first."""
    rest = _NOTHING
    for kind, value in reversed(list(items)) if over is None else list(items):
        this = _heads_of(str(kind), value, over)
        first = _longer(this, rest.first)
        rest = _Heads(
            _together(first, rest.first) if this.empty else first,
            _any_of((this.alone if rest.empty else (), rest.alone if this.empty else ())),
            this.empty and rest.empty,
        )
    return rest


def _one(pieces: Iterable[str], over: _Over) -> _Heads:
    these = frozenset(pieces)
    return _Heads(dict.fromkeys(these, _Pieces()), these, empty=not these.isdisjoint(over or ()))


def _any_of(sets: Iterable[Iterable[str]]) -> _Pieces:
    return _Pieces().union(*sets)


def _longer(heads: _Heads, more: Iterable[str]) -> dict[str, _Pieces]:
    """What it begins with where more may stand behind it."""
    return {one: second.union(more if one in heads.alone else ()) for one, second in heads.first.items()}


def _together(*firsts: Mapping[str, _Pieces]) -> dict[str, _Pieces]:
    return {one: _any_of(first.get(one, ()) for first in firsts) for one in _any_of(firsts)}


def _heads_of(kind: str, value: Any, over: _Over) -> _Heads:
    match kind:
        case "ASSERT" | "ASSERT_NOT" | "AT":  # they take no character
            return _NOTHING
        case "LITERAL":
            return _one([re.escape(chr(value))], over)
        case "RANGE":
            return _one(["-".join(re.escape(chr(code)) for code in value)], over)
        case "CATEGORY":
            return _one([_CLASSES.get(str(value), _ANY)], over)
        case "IN":
            return _one((piece for op, one in value for piece in _heads_of(str(op), one, over).first), over)
        case "SUBPATTERN" if not value[1]:  # without flags of its own
            return _heads(value[-1], over)
        case "BRANCH":
            first, alone, empty = zip(*(_heads(part, over) for part in value[1]), strict=True)
            return _Heads(_together(*first), _any_of(alone), any(empty))
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, repeated = value
            part = _heads(repeated, over)
            by_itself = part.alone if part.empty or least <= 1 else _Pieces()
            return _Heads(_longer(part, part.first if most > 1 else ()), by_itself, part.empty or least == 0)
        case _:
            return _NOBODY_KNOWS
