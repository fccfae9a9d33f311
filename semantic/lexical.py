"""BM25 over characters and their pairs: sparse arrays per segment, every statistic taken over the allowed rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

from semantic.grams import UNSAID, Numbers, is_sense, is_single, terms_of
from semantic.kindred import kindred

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint16]
Weights = npt.NDArray[np.float32]
_LENGTHS: Final = 1 << 11  # a code is a count (5 bits) above a length (11 bits)
_COUNTS: Final = 1 << 5
_STEP: Final = 8
_FEW: Final = 32  # looking up one passage costs about as much as reading this many postings


@dataclass(frozen=True, slots=True)
class Postings:
    """Term -> passages. `terms` ascending uint64 [t]; `starts` int64 [t+1]; `docs` int32 [n] in passage order within a
    term and `codes` uint16 [n]: how often the term stands there and how long the passage is, as `coded` writes it, so
    that a score is one look into a small table; `lengths` int32 [passages]: terms in each passage."""

    terms: Numbers
    starts: npt.NDArray[np.int64]
    docs: Integers
    codes: Codes
    lengths: Integers

    def of(self, terms: Numbers) -> list[slice]:
        """Where the postings of each term lie; an empty slice when no passage holds it."""
        if not len(self.terms):
            return [slice(0, 0)] * len(terms)
        at = self.terms.searchsorted(terms)
        known = self.terms.take(at, mode="clip") == terms
        first = self.starts.take(at)
        last = np.where(known, self.starts.take(at + 1, mode="clip"), first)
        return [slice(*where) for where in zip(first.tolist(), last.tolist(), strict=True)]


def coded(counts: npt.NDArray[Any], lengths: npt.NDArray[Any]) -> Codes:
    """Counts to 15 and lengths to 1023 as they are, larger ones in steps of eight, the largest alike."""
    high = _squeezed(counts.astype(np.int64), _COUNTS)
    found: Codes = (high * _LENGTHS + _squeezed(lengths.astype(np.int64), _LENGTHS)).astype(np.uint16)
    return found


def counts_of(codes: Codes) -> Integers:
    """The counts of postings; from 16 on the least of their step."""
    return _widened(_COUNTS)[codes.astype(np.int64) // _LENGTHS].astype(np.int32)


def _squeezed(values: npt.NDArray[np.int64], levels: int) -> npt.NDArray[np.int64]:
    half = levels // 2
    found: npt.NDArray[np.int64] = np.minimum(
        np.where(values < half, values, half + (values - half) // _STEP), levels - 1
    )
    return found


def _widened(levels: int) -> npt.NDArray[np.int64]:
    half, codes = levels // 2, np.arange(levels)
    found: npt.NDArray[np.int64] = np.where(codes < half, codes, half + (codes - half) * _STEP)
    return found


@lru_cache(maxsize=16)
def _saturation(k1: float, b: float, mean: float, share: float = 1.0) -> Weights:
    """float32 [codes]: what a count in a passage of a length is worth, up to k1 + 1, each counting `share`."""
    counts, lengths = _decoded(np.arange(_COUNTS * _LENGTHS))
    return _bm25(share * counts, lengths, k1, b, mean)


def _bm25(counts: npt.NDArray[Any], lengths: npt.NDArray[Any], k1: float, b: float, mean: float) -> Weights:
    worth = counts * (k1 + 1) / (counts + k1 * (1 - b + b * lengths / mean))
    return worth.astype(np.float32)


def _decoded(codes: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Counts and lengths, as they are or the least of their step."""
    high, low = np.divmod(codes.astype(np.int64), _LENGTHS)
    return _widened(_COUNTS)[high].astype(np.float64), _widened(_LENGTHS)[low]


def build_postings(
    texts: Sequence[str],
    spoken: Sequence[str] | None = None,
    mentioned: tuple[Numbers, Integers] | None = None,
) -> Postings:
    """Index passages in the order given. With `spoken`, what is left of each text without the words that deny or tell
    of a relative, the terms that those words take away are indexed too, marked as unsaid. `mentioned` are further terms
    and the passage each stands in."""
    terms, owners = _read(texts if spoken is None else spoken)
    more, whose = _taken(texts, spoken) if spoken is not None else (terms[:0], owners[:0])
    parts = [(terms, owners), (more | UNSAID, whose), *([mentioned] if mentioned else [])]
    return postings_of(np.concatenate([one for one, _ in parts]), np.concatenate([at for _, at in parts]), len(texts))


def _read(texts: Sequence[str]) -> tuple[Numbers, Integers]:
    """Characters, pairs and words of texts, and the groups of kindred words that they name."""
    letters, kin = terms_of(texts), kindred().senses(texts)
    return np.concatenate([letters[0], kin[0]]), np.concatenate([letters[1], kin[1]])


def _taken(texts: Sequence[str], spoken: Sequence[str]) -> tuple[Numbers, Integers]:
    """The terms that texts have more often than what is spoken of them, with repeats, and whose they are."""
    cut = np.array(
        [at for at, pair in enumerate(zip(texts, spoken, strict=True)) if pair[0] != pair[1]], dtype=np.int32
    )
    terms, owners = _read([texts[at] for at in cut])
    left, whose = _read([spoken[at] for at in cut])
    distinct, inverse = np.unique(np.concatenate([terms, left]), return_inverse=True)  # a cut word is a word of its own
    pairs = inverse * len(cut) + np.concatenate([owners, whose])
    keys, at = np.unique(pairs, return_inverse=True)
    counts = np.bincount(at[: len(terms)], minlength=len(keys)) - np.bincount(at[len(terms) :], minlength=len(keys))
    more = np.repeat(keys, np.maximum(counts, 0))
    return distinct.take(more // max(len(cut), 1)), cut.take(more % max(len(cut), 1))


def postings_of(terms: Numbers, owners: Integers, size: int) -> Postings:
    """Index `size` passages from all their terms with repeats, and the passage that each stands in. Senses make no
    passage longer."""
    lengths = np.bincount(owners[~is_sense(terms)], minlength=size).astype(np.int32)
    distinct, inverse = np.unique(terms, return_inverse=True)
    key = inverse.astype(np.int64) * max(size, 1) + owners
    pairs, counts = np.unique(key, return_counts=True)
    docs = (pairs % max(size, 1)).astype(np.int32)
    term_of_pair = pairs // max(size, 1)
    starts = np.searchsorted(term_of_pair, np.arange(len(distinct) + 1)).astype(np.int64)
    return Postings(distinct, starts, docs, coded(counts, lengths[docs]), lengths)


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
    """One segment as far as it is allowed: `mask` bool [passages] and `rows`, the allowed ones ascending, both None
    when all of it is; `passages` how many those are, `length` how many terms they hold together."""

    postings: Postings
    mask: Mask | None
    rows: Integers | None
    passages: int
    length: int

    @classmethod
    def of(cls, postings: Postings, mask: Mask | None) -> Part:
        """The part that a mask leaves."""
        if mask is None:
            return cls(postings, None, None, len(postings.lengths), int(postings.lengths.sum(dtype=np.int64)))
        rows = np.flatnonzero(mask).astype(np.int32)
        return cls(postings, mask, rows, len(rows), int(postings.lengths[rows].sum(dtype=np.int64)))

    def holding(self, terms: Numbers) -> list[Holding]:
        """For each term the allowed passages that hold it."""
        if not self.passages:
            return [Holding(self.postings.docs[:0], self.postings.codes[:0], None, 0)] * len(terms)
        return [self._holding(where) for where in self.postings.of(terms)]

    def _holding(self, where: slice) -> Holding:
        docs, codes = self.postings.docs[where], self.postings.codes[where]
        if self.mask is None or self.rows is None or not len(docs):
            return Holding(docs, codes, None, len(docs))
        if len(self.rows) * _FEW < len(docs):
            at = docs.searchsorted(self.rows)
            at = at.compress(docs.take(at, mode="clip") == self.rows)
            return Holding(docs.take(at), codes.take(at), None, len(at))
        kept = self.mask.take(docs)
        return Holding(docs, codes, kept, int(np.count_nonzero(kept)))


@dataclass(frozen=True, slots=True)
class Holding:
    """Postings of a term in one segment, of which `kept` (None: all) are allowed, `count` in number. A term that is
    left out in the end is only counted."""

    docs: Integers
    codes: Codes
    kept: Mask | None
    count: int

    def read(self) -> tuple[Integers, Codes]:
        """The allowed ones."""
        if self.kept is None:
            return self.docs, self.codes
        at = np.flatnonzero(self.kept)
        return self.docs.take(at), self.codes.take(at)


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
        unsaid: float = 0,
    ) -> None:
        """`terms` ascending and `counts` of the question; `size` is (passages, terms in them) when already known. A
        term in words that deny counts the share `unsaid` of one that is said."""
        passages, length = size or (sum(part.passages for part in parts), sum(part.length for part in parts))
        self._parts, self._rules, self._unsaid = parts, rules, unsaid
        self._found = [part.holding(terms) for part in parts]
        self._denied = [part.holding(terms | UNSAID) if unsaid else () for part in parts]
        df: npt.NDArray[Any] = np.zeros(len(terms), dtype=np.int64)
        for found in (*self._found, *filter(None, self._denied)):
            df += np.array([one.count for one in found], dtype=np.int64)
        df = np.minimum(df, passages)  # one that says a term and denies it is counted twice
        single = is_single(terms)
        common = single & (df > rules.common * passages)
        used = (df > 0) & ~(common if (df[~single] > 0).any() else np.zeros(len(terms), dtype=bool))
        idf = np.where(used, np.log1p((passages - df + 0.5) / (df + 0.5)), 0.0)
        weights = np.asarray(counts, dtype=np.float64) * np.where(single, rules.single, 1.0)
        self._gain = (weights * idf).astype(np.float32)
        share = np.where(single | is_sense(terms), 0.0, idf)
        self._share = (share / (float(share.sum()) or 1.0)).astype(np.float32)
        self._mean = length / passages if length else 1.0
        self._worth = _saturation(rules.k1, rules.b, self._mean)

    def score(self, segment: int, *, cover: bool = True) -> Scored:
        """Scores of one segment; 0 where nothing is found or allowed."""
        size = len(self._parts[segment].postings.lengths)
        found, denied = self._found[segment], self._denied[segment]
        terms = [at for at, one in enumerate(found) if (denied or one.count) and self._gain[at] > 0]
        read = [found[at].read() for at in terms]
        if denied:
            held = [self._both(*read[number], *denied[at].read()) for number, at in enumerate(terms)]
        else:
            held = [(docs, self._worth.take(codes)) for docs, codes in read]
        scores = _summed([docs for docs, _ in held], [worth for _, worth in held], self._gain[terms], size)
        shared = [number for number, at in enumerate(terms) if cover and self._share[at] > 0]
        docs = [read[number][0] for number in shared]
        ones = [np.ones(len(each), dtype=np.float32) for each in docs]
        shares = self._share[[terms[number] for number in shared]]
        return Scored(scores, _summed(docs, ones, shares, size if cover else 0))

    def _both(self, docs: Integers, codes: Codes, denied: Integers, marked: Codes) -> tuple[Integers, Floats]:
        """The passages that say a term or deny it, and what that is worth in each."""
        rules = self._rules
        at = docs.searchsorted(denied)
        also = docs.take(at, mode="clip") == denied if len(docs) else np.zeros(len(denied), dtype=bool)
        worth = self._worth.take(codes)
        at, alone = at.compress(also), ~also
        count, lengths = _decoded(codes.take(at))
        count = count + self._unsaid * _decoded(marked.compress(also))[0]
        worth[at] = _bm25(count, lengths, rules.k1, rules.b, self._mean)
        table = _saturation(rules.k1, rules.b, self._mean, self._unsaid)
        more = table.take(marked.compress(alone))
        return np.concatenate([docs, denied.compress(alone)]), np.concatenate([worth, more])


def _summed(docs: Sequence[Integers], worth: Sequence[Floats], weights: Floats, size: int) -> Floats:
    """float32 [size]: for each passage the weighted worth of the terms it holds, added in the order of the terms."""
    if not docs:
        return np.zeros(size, dtype=np.float32)
    starts = np.zeros(len(docs) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in docs], out=starts[1:])
    table = csc_array((np.concatenate(worth), np.concatenate(docs), starts), shape=(size, len(docs)))
    found: Floats = table @ weights
    return found
