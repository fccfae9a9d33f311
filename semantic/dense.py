"""Dense vectors of a segment: int8 codes in inverted lists under fixed centroids. No number depends on a forbidden row:
the centroids come with the encoder, not from the archive, and products of int8 codes are exact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

SCALE: Final = (
    300.0  # unit vectors of 256 dimensions have coordinates near 1/16; ±127/300 = ±.42 is never exceeded much
)
_TIED: Final = 64  # passages that may tie with the last of the nearest before all are looked at again
_CODES: Final = faiss.ScalarQuantizer.QT_8bit_direct_signed
Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

faiss.omp_set_num_threads(1)


def quantise(vectors: Floats) -> Codes:
    """Unit rows float32 [n, dim] as int8 [n, dim] on a fixed scale."""
    codes: Codes = np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)
    return codes


def assign(codes: Codes, centroids: Floats) -> npt.NDArray[np.int32]:
    """The nearest centroid of each row, int32 [n]."""
    out = np.zeros(len(codes), dtype=np.int32)
    for start in range(0, len(codes), 65536):
        block = codes[start : start + 65536].astype(np.float32)
        out[start : start + 65536] = np.argmax(block @ centroids.T, axis=1)
    return out


@dataclass(frozen=True, slots=True)
class Vectors:
    """`codes` int8 [n, dim] in list order; `passage` int32 [n]: the passage of each row; `starts` int64 [lists+1]."""

    codes: Codes
    passage: npt.NDArray[np.int32]
    starts: Integers

    def __len__(self) -> int:
        return len(self.codes)


def build_vectors(vectors: Floats, centroids: Floats) -> Vectors:
    """Sort rows into the lists of the centroids (float32 [lists, dim], unit rows); passage order within a list."""
    codes = quantise(vectors)
    lists = assign(codes, centroids)
    order = np.argsort(lists, kind="stable")
    starts = np.searchsorted(lists[order], np.arange(len(centroids) + 1)).astype(np.int64)
    return Vectors(np.ascontiguousarray(codes[order]), order.astype(np.int32), starts)


class Flat:
    """A few passages in the order of their codes, every one of which is compared."""

    def __init__(self, codes: Codes, passages: npt.NDArray[np.int32]) -> None:
        self._passages = passages
        self._index = faiss.IndexScalarQuantizer(codes.shape[1], _CODES, faiss.METRIC_INNER_PRODUCT)
        self._index.is_trained = True
        faiss.copy_array_to_vector(_biased(codes).ravel(), self._index.codes)
        self._index.ntotal = len(codes)

    def __len__(self) -> int:
        return len(self._passages)

    def nearest(self, query: Codes, limit: int) -> tuple[Integers, Floats]:
        """The `limit` nearest with their scores (whole numbers, exact), ties with the last included."""
        at, scores = _first(self._index, query, limit)
        return self._passages.take(at).astype(np.int64), scores


class DenseSegment:
    """Nearest passages of one segment, by FAISS over authenticated arrays."""

    def __init__(self, vectors: Vectors, centroids: Floats) -> None:
        self._vectors = vectors
        self.centroids = centroids
        self._row = np.empty(len(vectors), dtype=np.int32)
        self._row[vectors.passage] = np.arange(len(vectors), dtype=np.int32)

    def closeness(self, query: Codes, passages: Integers) -> Floats:
        """Scores of these passages, exact: products of codes stay whole numbers below 2^24 in float32."""
        rows = self._vectors.codes.take(self._row.take(passages), axis=0)
        found: Floats = rows.astype(np.float32) @ query.astype(np.float32)
        return found

    def flat(self, passages: npt.NDArray[np.int32] | None) -> Flat:
        """These passages (None: all) to be compared one by one."""
        if passages is None:
            return self._whole
        return Flat(self._vectors.codes.take(self._row.take(passages), axis=0), passages)

    @cached_property
    def _index(self) -> Any:
        return _ivf(self._vectors, self._quantizer, self.centroids.shape)

    @cached_property
    def _quantizer(self) -> Any:
        found = faiss.IndexFlatIP(self.centroids.shape[1])
        found.add(np.ascontiguousarray(self.centroids, dtype=np.float32))
        return found

    @cached_property
    def _whole(self) -> Flat:
        return Flat(self._vectors.codes, self._vectors.passage)

    def warm(self) -> None:
        """Build the lists now."""
        _ = self._index

    def nearest(
        self, query: Codes, limit: int, probe: int, mask: npt.NDArray[np.bool_] | None
    ) -> tuple[Integers, Floats]:
        """Passages and scores (whole numbers, exact) of the `limit` nearest allowed rows in the `probe` nearest lists,
        and every further row that ties with the last of them, so that a tie never depends on a neighbour."""
        parameters: dict[str, Any] = {"nprobe": probe}
        keep = None
        if mask is not None:
            packed = np.packbits(mask, bitorder="little")
            keep = faiss.IDSelectorBitmap(len(mask), faiss.swig_ptr(packed))
            parameters["sel"] = keep
        return _first(self._index, query, limit, params=faiss.SearchParametersIVF(**parameters))


def _first(index: Any, query: Codes, limit: int, **how: Any) -> tuple[Integers, Floats]:
    """The `limit` nearest and all that tie with the last of them. A few more are asked for, so that only a tie longer
    than those takes a second look at everything."""
    row = query.astype(np.float32)[None, :]
    scores, ids = (found[0] for found in index.search(row, limit + _TIED, **how))
    if ids[-1] >= 0 and scores[-1] == scores[limit - 1]:
        _, scores, ids = index.range_search(row, float(scores[-1]) - 0.5, **how)
        return ids.astype(np.int64), scores
    found = (ids >= 0) & (scores >= scores[limit - 1])
    return ids[found], scores[found]


def _ivf(vectors: Vectors, quantizer: Any, shape: tuple[int, ...]) -> Any:
    lists, dim = shape
    index = faiss.IndexIVFScalarQuantizer(quantizer, dim, lists, _CODES, faiss.METRIC_INNER_PRODUCT, False)
    index.is_trained = True
    lists_of: Any = index.invlists
    unsigned = _biased(vectors.codes)
    ids = vectors.passage.astype(np.int64)
    for number in range(lists):
        start, stop = int(vectors.starts[number]), int(vectors.starts[number + 1])
        if stop > start:
            lists_of.add_entries(
                number, stop - start, faiss.swig_ptr(ids[start:stop]), faiss.swig_ptr(unsigned[start:stop])
            )
    index.ntotal = len(vectors)
    return index


def _biased(codes: Codes) -> npt.NDArray[np.uint8]:
    """Codes as FAISS keeps them: 128 added."""
    return codes.view(np.uint8) ^ np.uint8(128)


@lru_cache(maxsize=8)
def query_codes(vector: bytes) -> tuple[Codes, float]:
    """The int8 codes of one unit query vector given as float32 bytes, on its own widest scale; and what turns a score
    into a cosine."""
    floats = np.frombuffer(vector, dtype=np.float32)
    top = float(np.abs(floats).max()) or 1.0
    codes: Codes = np.rint(floats * (127.0 / top)).astype(np.int8)
    return codes, top / (127.0 * SCALE)
