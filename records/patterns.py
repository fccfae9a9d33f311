"""What every match of a pattern holds, read from the pattern itself: to look for that first is many times as quick."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final

_PARSER: Final[Any] = import_module("re._parser")  # what Python itself reads patterns with
_MOST: Final = 60  # words that are told apart
_NOTHING: Final = frozenset([""])

Words = frozenset[str]
_Items = Iterable[tuple[Any, Any]]


def needs(pattern: str) -> list[Words]:
    """Sets of words: each match of the pattern, with what it looks at beside it, holds one of each set."""
    return _needs(_PARSER.parse(pattern)) if re.compile(pattern).flags == re.UNICODE else []


def begins_text(pattern: str) -> bool:
    """Whether it begins with ^, without flags: then it stands nowhere but where a text begins."""
    first = [str(what) for _, what in _PARSER.parse(pattern)[:1]]
    return first == ["AT_BEGINNING"] and re.compile(pattern).flags == re.UNICODE


def rarest(needs: Iterable[Words]) -> Words:
    """The one of the sets that the fewest texts will meet: of more than ASCII, long words or signs ("☑"), and few."""

    def rare(need: Words) -> tuple[bool, int, bool, int]:
        signs = not any(map(str.isalnum, need))
        return not any(map(str.isascii, need)), min(map(len, need)), signs, -len(need)

    return max(needs, key=rare)


def _needs(items: _Items, before: Words = _NOTHING) -> list[Words]:
    """The sets that a sequence needs which stands behind one of some words."""
    found: list[Words] = []
    run = before
    for kind, value in _flat(items):
        all_of_it = _all(kind, value)
        longer = _joined(run, all_of_it) if all_of_it else None
        if longer:
            run = longer
            continue
        found += _inner(kind, value, run)
        if kind != "ASSERT":
            found += _kept(run)
            run = all_of_it or _last(kind, value)
    return found + _kept(run)


def _inner(kind: str, value: Any, run: Words) -> list[Words]:
    """What a part needs that may be too many things to name, behind one of some words."""
    match kind:
        case "ASSERT":
            return _needs(value[1], run if value[0] > 0 else _NOTHING)
        case "MAX_REPEAT" | "MIN_REPEAT" if value[0]:
            return _needs(value[-1], run)
        case "BRANCH":
            branches = [_needs(branch, run) for branch in value[1]]
            return _kept(frozenset().union(*map(rarest, branches))) if all(branches) else []
        case _:
            return []


def _last(kind: str, value: Any) -> Words:
    """What stands right before the end of such a part."""
    return (_all_of(value[-1]) if kind in ("MAX_REPEAT", "MIN_REPEAT") and value[0] else None) or _NOTHING


def _kept(words: Words) -> list[Words]:
    """The words as a set that is needed, without those that hold another; nothing where no word is one of them."""
    if "" in words:
        return []
    return [frozenset(word for word in words if not any(other in word for other in words - {word}))]


def _flat(items: _Items) -> Iterator[tuple[str, Any]]:
    """The sequence with what stands in its groups."""
    for kind, value in items:
        if str(kind) == "SUBPATTERN" and not value[1]:  # without flags of its own
            yield from _flat(value[-1])
        else:
            yield str(kind), value


def _all(kind: str, value: Any) -> Words | None:
    """All that a part can take; None where that is too much, or it looks ahead or back for something."""
    match kind:
        case "LITERAL":
            return frozenset([chr(value)])
        case "IN" if all(str(one) == "LITERAL" for one, _ in value):
            return frozenset(chr(what) for _, what in value)
        case "AT" | "ASSERT_NOT":
            return _NOTHING
        case "BRANCH":
            branches = [_all_of(branch) for branch in value[1]]
            return frozenset().union(*filter(None, branches)) if all(branches) else None
        case "MAX_REPEAT" | "MIN_REPEAT" if value[1] <= _MOST:
            least, most, part = value
            return _all_of([*part] * least + [("BRANCH", (None, [part, []]))] * (most - least))
        case _:
            return None


def _all_of(items: _Items) -> Words | None:
    words: Words | None = _NOTHING
    for kind, value in _flat(items):
        more = _all(kind, value)
        words = _joined(words, more) if words and more else None
    return words


def _joined(words: Words, more: Words) -> Words | None:
    return frozenset(word + end for word in words for end in more) if len(words) * len(more) <= _MOST else None
