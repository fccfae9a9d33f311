"""Patterns that first look whether a text holds the words they cannot do without: the same matches, sooner.

A pattern that begins with anything at all ("…已排除") tries every place before it sees that 排除 stands nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

_PARSER: Final[Any] = import_module("re._parser")  # what Python itself reads patterns with
_MOST: Final = 60  # words that are looked for one by one
_FEW: Final = 4  # ... before a pattern that is tried at one place only

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Gated:
    """A pattern, and sets of words of each of which every match holds one."""

    regex: re.Pattern[str]
    needs: tuple[tuple[str, ...], ...]
    first: bool = False  # begins with ^: it can only stand where the text begins

    @classmethod
    def of(cls, pattern: str) -> Gated:
        """Raises re.error for what is no pattern. A pattern with flags of its own is never held back."""
        regex = re.compile(pattern)
        parts = _PARSER.parse(pattern) if regex.flags == re.UNICODE else ()
        first = [str(what) for _, what in parts[:1]] == ["AT_BEGINNING"]
        most = _FEW if first else _MOST  # one try is quicker than many words
        kept = sorted({tuple(sorted(need)) for need in _needs(parts) if len(need) <= most}, key=len)
        return cls(regex, tuple(kept), first)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As of the pattern."""
        for need in self.needs:
            for word in need:  # `any` takes three times as long
                if word in text:
                    break
            else:
                return iter(())
        if self.first:
            match = self.regex.match(text)
            return iter((match,) if match else ())
        return self.regex.finditer(text)


def _needs(items: Iterable[tuple[Any, Any]]) -> list[Words]:
    """The sets that a sequence of parts needs."""
    needs: list[Words] = []
    run = ""
    for kind, value in [*items, ("END", None)]:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        needs += [frozenset([run])] if run else []
        needs += _needs_of(str(kind), value)
        run = ""
    return needs


def _needs_of(kind: str, value: Any) -> list[Words]:
    match kind:
        case "IN" if all(str(one) == "LITERAL" for one, _ in value):
            return [frozenset(chr(what) for _, what in value)]
        case "SUBPATTERN" if not value[1]:
            return _needs(value[-1])
        case "MAX_REPEAT" | "MIN_REPEAT" if value[0]:
            return _needs(value[-1])
        case "BRANCH":
            branches = [_needs(branch) for branch in value[1]]
            return [frozenset().union(*map(_rarest, branches))] if all(branches) else []
        case _:
            return []


def _rarest(needs: Iterable[Words]) -> Words:
    """The one of the sets that the fewest texts will meet: of signs ("☑"), or of long words, and few of them."""
    return max(needs, key=lambda need: (not any(map(str.isalnum, need)), min(map(len, need)), -len(need)))
