"""BM25 over characters and their pairs: sparse arrays per segment, every statistic taken over the allowed rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from semantic.grams import Numbers, is_single, terms_of

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int32]
_TF_CAP = 255


@dataclass(frozen=True, slots=True)
class Postings:
    """Term -> passages. `terms` ascending uint64 [t]; `starts` int64 [t+1]; `docs` int32 and `counts` uint8 [n]
    in passage order within a term; `lengths` int32 [passages]: terms in each passage."""

    terms: Numbers
    starts: npt.NDArray[np.int64]
    docs: Integers
    counts: npt.NDArray[np.uint8]
    lengths: Integers

    def of(self, term: np.uint64) -> slice:
        """Where the term's postings lie; an empty slice when no passage holds it."""
        at = int(np.searchsorted(self.terms, term))
        if at == len(self.terms) or self.terms[at] != term:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


def build_postings(texts: Sequence[str]) -> Postings:
    """Index passages in the order given."""
    return postings_of(*terms_of(texts), len(texts))


def postings_of(terms: Numbers, owners: Integers, size: int) -> Postings:
    """Index `size` passages from all their terms with repeats, and the passage that each stands in."""
    lengths = np.bincount(owners, minlength=size).astype(np.int32)
    distinct, inverse = np.unique(terms, return_inverse=True)
    key = inverse.astype(np.int64) * max(size, 1) + owners
    pairs, counts = np.unique(key, return_counts=True)
    docs = (pairs % max(size, 1)).astype(np.int32)
    term_of_pair = pairs // max(size, 1)
    starts = np.searchsorted(term_of_pair, np.arange(len(distinct) + 1)).astype(np.int64)
    return Postings(distinct, starts, docs, np.minimum(counts, _TF_CAP).astype(np.uint8), lengths)


@dataclass(frozen=True, slots=True)
class LexicalRules:
    """BM25 parameters (data/search/ranking.toml). `single` multiplies what one character on its own is worth."""

    k1: float
    b: float
    single: float


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Terms ascending, their weights in the query, and their inverse document frequencies over the allowed rows."""

    terms: Numbers
    weights: Floats
    idf: Floats
    mean_length: float

    @property
    def found(self) -> npt.NDArray[np.bool_]:
        """Which terms occur in an allowed row at all."""
        found: npt.NDArray[np.bool_] = self.idf > 0
        return found


def prepare(
    segments: Sequence[Postings],
    masks: Sequence[Mask | None],
    terms: Numbers,
    counts: npt.NDArray[Any],
    rules: LexicalRules,
) -> LexicalQuery:
    """Count each term over the allowed passages only (a mask of None allows all of its segment)."""
    df = np.zeros(len(terms), dtype=np.int64)
    total = length = 0
    for postings, mask in zip(segments, masks, strict=True):
        total += len(postings.lengths) if mask is None else int(np.count_nonzero(mask))
        length += int(postings.lengths.sum() if mask is None else postings.lengths[mask].sum())
        for index, term in enumerate(terms):
            where = postings.of(term)
            size = where.stop - where.start
            if size and mask is not None:
                size = int(np.count_nonzero(mask[postings.docs[where]]))
            df[index] += size
    idf = np.where(df > 0, np.log1p((total - df + 0.5) / (df + 0.5)), 0.0)
    weights = np.asarray(counts, dtype=np.float32) * np.where(is_single(terms), rules.single, 1.0)
    return LexicalQuery(terms, weights.astype(np.float32), idf.astype(np.float32), length / total if total else 1.0)


def score(postings: Postings, query: LexicalQuery, mask: Mask | None, rules: LexicalRules) -> tuple[Floats, Floats]:
    """BM25 of every passage of a segment, and its coverage: the idf share of the query's words and character pairs
    that it holds. Both float32 [passages]; 0 where the mask forbids."""
    scores = np.zeros(len(postings.lengths), dtype=np.float32)
    cover = np.zeros(len(postings.lengths), dtype=np.float32)
    norm = rules.k1 * (1 - rules.b + rules.b * postings.lengths / np.float32(query.mean_length)).astype(np.float32)
    single = is_single(query.terms)
    whole = float(query.idf[~single].sum()) or 1.0
    for index, term in enumerate(query.terms):
        where = postings.of(term)
        if where.stop == where.start:
            continue
        docs, tf = postings.docs[where], postings.counts[where].astype(np.float32)
        gain = query.weights[index] * query.idf[index] * np.float32(rules.k1 + 1)
        scores[docs] += gain * tf / (tf + norm[docs])
        if not single[index]:
            cover[docs] += query.idf[index] / np.float32(whole)
    if mask is not None:
        scores *= mask
        cover *= mask
    return scores, cover
