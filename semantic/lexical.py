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
        at = int(self.terms.searchsorted(term))
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
    """BM25 parameters (data/search/ranking.toml). `single` multiplies what one character on its own is worth; one that
    stands in more than the share `common` of the allowed passages is left out when pairs or words remain."""

    k1: float
    b: float
    single: float
    common: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One segment as far as it is allowed: `mask` bool [passages], None when all of it is."""

    postings: Postings
    mask: Mask | None

    @property
    def passages(self) -> int:
        """How many passages are allowed."""
        return len(self.postings.lengths) if self.mask is None else int(np.count_nonzero(self.mask))

    @property
    def length(self) -> int:
        """How many terms they hold together."""
        lengths = self.postings.lengths
        return int(lengths.sum() if self.mask is None else lengths[self.mask].sum(dtype=np.int64))

    def of(self, term: np.uint64) -> tuple[Integers, npt.NDArray[np.uint8]]:
        """Allowed passages that hold the term, and how often."""
        where = self.postings.of(term)
        docs, counts = self.postings.docs[where], self.postings.counts[where]
        if self.mask is None or not len(docs):
            return docs, counts
        keep = self.mask[docs]
        return docs[keep], counts[keep]


@dataclass(frozen=True, slots=True)
class Scored:
    """Float32 [passages] of one segment: BM25, and the idf share of the question's pairs and words that is there."""

    scores: Floats
    cover: Floats


class Bm25:
    """One question over the allowed passages of all segments; counts nothing else."""

    def __init__(
        self,
        parts: Sequence[Part],
        terms: Numbers,
        counts: npt.NDArray[Any],
        rules: LexicalRules,
        size: tuple[int, int] | None = None,
    ) -> None:
        """`terms` ascending and `counts` of the question; `size` is (passages, terms in them) when already known."""
        passages, length = size or (sum(part.passages for part in parts), sum(part.length for part in parts))
        self._parts, self._rules = parts, rules
        self._found = [[part.of(term) for term in terms] for part in parts]
        df = np.zeros(len(terms), dtype=np.int64)
        for found in self._found:
            df += np.array([len(docs) for docs, _ in found], dtype=np.int64)
        single = is_single(terms)
        common = single & (df > rules.common * passages)
        used = (df > 0) & ~(common if (df[~single] > 0).any() else np.zeros(len(terms), dtype=bool))
        idf = np.where(used, np.log1p((passages - df + 0.5) / (df + 0.5)), 0.0)
        weights = np.asarray(counts, dtype=np.float64) * np.where(single, rules.single, 1.0)
        self._gain = (weights * idf * (rules.k1 + 1)).astype(np.float32)
        whole = float(idf[~single].sum())
        self._share = (np.where(single, 0.0, idf) / (whole or 1.0)).astype(np.float32)
        self._mean = np.float32(length / passages if passages else 1.0)

    def score(self, segment: int, *, cover: bool = True) -> Scored:
        """Scores of one segment; 0 where nothing is found or allowed."""
        rules, lengths = self._rules, self._parts[segment].postings.lengths
        scores = np.zeros(len(lengths), dtype=np.float32)
        covers = np.zeros(len(lengths) if cover else 0, dtype=np.float32)
        slope, base = np.float32(rules.k1 * rules.b) / self._mean, np.float32(rules.k1 * (1 - rules.b))
        for (docs, counts), gain, share in zip(self._found[segment], self._gain, self._share, strict=True):
            if gain > 0 and len(docs):
                norm = lengths[docs] * slope
                norm += base + counts
                scores[docs] += gain * counts / norm
                if cover and share > 0:
                    covers[docs] += share
        return Scored(scores, covers)
