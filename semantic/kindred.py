"""Kindred words (近义词): what lay people and physicians call the same thing, for questions that tell a story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import ahocorasick_rs

from records.errors import BadInput
from records.paths import data_dir
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import flatten
from semantic.lexicon_match import longest

_LONGEST: Final = 8  # a longer one is a sentence, not a word
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


class Kindred:
    """Groups of words that stand for the same thing, by kind."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """`table` is kind -> lines of words; BadInput when a line is no group or a word stands in two groups."""
        self._kinds: list[str] = []
        self._groups: list[tuple[str, ...]] = []
        owner: dict[str, int] = {}
        for kind, lines in table.items():
            for words in _lines(kind, lines):
                for word in words:
                    if word in owner or not _CJK.search(word) or len(word) > _LONGEST or word != flatten(word):
                        raise _invalid(kind, f"'{word}' stands in two groups, or is no short folded Chinese word")
                    owner[word] = len(self._groups)
                self._kinds.append(kind)
                self._groups.append(words)
        self._owner = list(owner.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(owner), store_patterns=False)

    def __len__(self) -> int:
        return len(self._groups)

    def beside(self, flat: str) -> dict[str, tuple[str, ...]]:
        """For each kind the other words of the groups that a folded question names, in the order of the file."""
        claims = [(at, end, word) for word, at, end in self._automaton.find_matches_as_indexes(flat, overlapping=True)]
        found: dict[str, tuple[str, ...]] = {}
        for group in sorted({self._owner[word] for _, _, word in longest(claims)}):
            others = tuple(word for word in self._groups[group] if word not in flat)
            found[self._kinds[group]] = (*found.get(self._kinds[group], ()), *others)
        return found


def _lines(kind: str, lines: object) -> Sequence[tuple[str, ...]]:
    if not isinstance(lines, list) or not all(isinstance(each, str) for each in lines):
        raise _invalid(kind, "give a list of lines")
    groups = [tuple(each.split()) for each in lines]
    lone = next((group for group in groups if len(group) < len(("one", "other"))), None)
    if lone is not None:
        raise _invalid(kind, f"the line '{' '.join(lone)}' names no second word")
    return groups


def _invalid(kind: str, why: str) -> BadInput:
    return BadInput("words_invalid", f"data/search/words.toml, '{kind}': {why}.")


@lru_cache(maxsize=1)
def kindred() -> Kindred:
    """The shipped groups."""
    return Kindred(read_toml(data_dir() / "search" / "words.toml"))
