"""The baselines of the same run: BM25 over characters, BM25 over jieba's words, and dense alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from semantic.encoder import Encoder
from semantic.grams import Numbers, normalise, terms_of
from semantic.lexical import Bm25, LexicalRules, Part, Postings, postings_of

PLAIN = LexicalRules(k1=1.2, b=0.75, single=1.0)
Terms = Callable[[Sequence[str]], tuple[Numbers, npt.NDArray[np.int32]]]


class Peer(Protocol):
    """Ranks documents for a question."""

    def rank(self, query: str, limit: int) -> list[int]: ...


class PlainBm25:
    """BM25 over whole documents with the given terms."""

    def __init__(self, texts: Sequence[str], terms: Terms) -> None:
        self._terms = terms
        self._postings: Postings = postings_of(*terms(texts), len(texts))

    def rank(self, query: str, limit: int) -> list[int]:
        """Document numbers, best first; ties by number; documents without a term are left out."""
        distinct, counts = np.unique(self._terms([query])[0], return_counts=True)
        return best(Bm25([Part.of(self._postings, None)], distinct, counts, PLAIN).score(0).scores, limit)


class PlainDense:
    """Exhaustive cosine over whole documents."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows = encoder.encode(texts)

    def rank(self, query: str, limit: int) -> list[int]:
        """Document numbers, best first."""
        return best(np.maximum(self._rows @ self._encoder.encode([query])[0], 0), limit)


def best(scores: npt.NDArray[Any], limit: int) -> list[int]:
    """Places of the highest positive scores, ties by place."""
    found = np.flatnonzero(scores > 0)
    order = np.lexsort((found, -scores[found]))[:limit]
    return [int(at) for at in found[order]]


def characters(texts: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """Characters and their pairs, words of other scripts."""
    return terms_of(texts)


def jieba_words(texts: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """Words as jieba cuts them."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    terms: list[int] = []
    owners: list[int] = []
    for at, text in enumerate(texts):
        words = [word for word in jieba.lcut(normalise(text)) if not word.isspace()]
        terms += [int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") for word in words]
        owners += [at] * len(words)
    return np.array(terms, dtype=np.uint64), np.array(owners, dtype=np.int32)
