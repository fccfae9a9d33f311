"""Kindred words (近义词): what lay people and physicians call the same thing is one term of the index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from records.errors import BadInput
from records.paths import data_dir
from semantic.grams import Numbers, normalise, sense
from semantic.lexicon_files import read_toml
from semantic.lexicon_fold import flatten
from semantic.lexicon_match import longest

_LONGEST: Final = 8  # a longer one is a sentence, not a word
_CJK: Final = re.compile(r"[\u3400-\u9fff]")


class Kindred:
    """Groups of words that stand for the same thing, by kind."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """`table` is kind -> lines of words; BadInput when a line is no group or a word stands in two groups."""
        self._terms: list[int] = []
        owner: dict[str, int] = {}
        for kind, lines in table.items():
            for words in _lines(kind, lines):
                for word in words:
                    if word in owner or not _CJK.search(word) or len(word) > _LONGEST or word != flatten(word):
                        raise _invalid(kind, f"'{word}' stands in two groups, or is no short folded Chinese word")
                    owner[word] = len(self._terms)
                self._terms.append(sense(words[0]))
        self._owner = list(owner.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(owner), store_patterns=False)

    def __len__(self) -> int:
        return len(self._terms)

    def senses(self, texts: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
        """The groups that texts name, as terms, with repeats, and the index of the text each stands in."""
        found = [(group, at) for at, text in enumerate(texts) for group in self._named(normalise(text))]
        terms = np.array([self._terms[group] for group, _ in found], dtype=np.uint64)
        return terms, np.array([at for _, at in found], dtype=np.int32)

    def _named(self, flat: str) -> list[int]:
        """The group of each word; the longest one at a place decides."""
        claims = [(at, end, word) for word, at, end in self._automaton.find_matches_as_indexes(flat, overlapping=True)]
        return [self._owner[word] for _, _, word in longest(claims)]


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
