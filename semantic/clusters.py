"""Centroids for inverted lists, made from the lexicon's names alone: borders must never tell what an archive holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import faiss
import numpy as np
import numpy.typing as npt

from semantic.concepts import Lexicon

Floats = npt.NDArray[np.float32]
LISTS: Final = 1024
_SEED: Final = 20260101
_PER_LIST: Final = 8


def fixed_centroids(encode: Callable[[Sequence[str]], Floats]) -> Floats:
    """float32 [lists, dim], unit rows: spherical k-means over names of the lexicon, alone and in pairs."""
    names = sorted({name for concept in Lexicon.load() for name in concept.names})
    draw = np.random.default_rng(_SEED)
    pairs = [f"{names[a]}，{names[b]}" for a, b in draw.integers(0, len(names), size=(4 * len(names), 2))]
    return spherical_means(encode(names + pairs), LISTS)


def spherical_means(rows: Floats, lists: int) -> Floats:
    """Seeded spherical k-means; fewer lists when there are not _PER_LIST rows for each."""
    lists = max(1, min(lists, len(rows) // _PER_LIST))
    clustering = faiss.Kmeans(
        rows.shape[1], lists, niter=10, seed=_SEED % 2**31, spherical=True, min_points_per_centroid=1
    )
    clustering.train(np.ascontiguousarray(rows, dtype=np.float32))
    found: Floats = np.asarray(clustering.centroids, dtype=np.float32)
    return found
