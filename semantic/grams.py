"""Text to lexical terms: CJK characters and their pairs, Latin words and numbers, each as one 64-bit number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from records.slots import SLOT

WORD_BIT: Final = 1 << 62  # Latin words and numbers
PAIR_BIT: Final = 1 << 61  # two CJK characters in a row
UNSAID: Final = np.uint64(1 << 60)  # a term of words that deny, or tell of a relative: kept apart from the rest
SENSE: Final = 1 << 63  # a concept or a group of kindred words, whatever it is written with
_WORD: Final = re.compile(r"[0-9]+\.[0-9]+|[a-zα-ω0-9]+")
_CJK_RANGES: Final = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_PLURAL_MIN: Final = 4

Numbers = npt.NDArray[np.uint64]


def normalise(text: str) -> str:
    """NFKC, lower case, slots and line ends removed; the only text form that terms and vectors are made from."""
    return unicodedata.normalize("NFKC", SLOT.sub(" ", text)).lower().replace("\n", " ")


@lru_cache(maxsize=200_000)
def word_term(word: str) -> int:
    """The number of one Latin word; plural and singular share it."""
    if len(word) > _PLURAL_MIN and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        word = word[:-1]
    return int.from_bytes(blake2b(word.encode(), digest_size=7).digest(), "big") | WORD_BIT


@lru_cache(maxsize=200_000)
def sense(name: str) -> int:
    """The term of a concept or of a group of kindred words."""
    return int.from_bytes(blake2b(name.encode(), digest_size=7).digest(), "big") | SENSE


def is_sense(terms: Numbers) -> npt.NDArray[np.bool_]:
    """Which terms are senses, no letters."""
    return terms >= np.uint64(SENSE)


def is_single(terms: Numbers) -> npt.NDArray[np.bool_]:
    """Which terms are single CJK characters."""
    return terms < np.uint64(PAIR_BIT)


def terms_of(texts: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """All terms of all texts with repeats, and the index of the text each stands in (same length)."""
    joined = "\n".join(normalise(text) for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype="<u4")
    owner = np.cumsum(codes == ord("\n"), dtype=np.int32)
    cjk = np.zeros(len(codes), dtype=bool)
    for low, high in _CJK_RANGES:
        cjk |= (codes >= low) & (codes <= high)
    single = np.flatnonzero(cjk)
    pair = np.flatnonzero(cjk[:-1] & cjk[1:]) if len(codes) > 1 else np.zeros(0, dtype=np.int64)
    wide = codes.astype(np.uint64)
    pairs = (wide[pair] << np.uint64(21)) | wide[pair + 1] | np.uint64(PAIR_BIT)
    words = [(match.start(), word_term(match.group())) for match in _WORD.finditer(joined)]
    word_at = np.array([at for at, _ in words], dtype=np.int64)
    word_terms = np.array([term for _, term in words], dtype=np.uint64)
    terms = np.concatenate([wide[single], pairs, word_terms])
    owners = np.concatenate([owner[single], owner[pair], owner[word_at] if len(words) else owner[:0]])
    return terms, owners.astype(np.int32)


def query_terms(text: str) -> tuple[Numbers, npt.NDArray[Any]]:
    """Distinct terms of a query, ascending, and how often each occurs in it."""
    terms, _ = terms_of([text])
    found: tuple[Numbers, npt.NDArray[Any]] = np.unique(terms, return_counts=True)
    return found


def weighed(text: str, others: Sequence[tuple[str, float]]) -> tuple[Numbers, npt.NDArray[Any]]:
    """The terms of a query, ascending, each weighing as often as it occurs; and those of other words beside it, which
    weigh what is said of them, once: a term that several name has the first one's weight."""
    terms, counts = query_terms(text)
    weights = counts.astype(np.float64)
    for words, worth in others:
        more = np.setdiff1d(query_terms(words)[0], terms)
        terms, weights = np.concatenate([terms, more]), np.concatenate([weights, np.full(len(more), worth)])
    order = np.argsort(terms)
    return terms[order], weights[order]
