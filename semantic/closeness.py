"""How close records are in meaning: exact for every record that matters, found by nearest passages and by what other
evidence ranks first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

import numpy as np
import numpy.typing as npt

from semantic.allowed import Allowed
from semantic.best import best
from semantic.dense import Codes, Flat, query_codes
from semantic.encoder import Encoder
from semantic.ranking import DenseRules
from semantic.snapshot import Edition

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
_KEPT: Final = 240_000  # passages of filtered shelves whose vectors are kept apart, 256 bytes each


class Closeness:
    """Cosines of questions with the records of one edition."""

    def __init__(self, edition: Edition, encoder: Encoder, rules: DenseRules) -> None:
        self._edition = edition
        self._encoder = encoder
        self._rules = rules
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], tuple[Allowed, Flat]] = OrderedDict()

    def of(self, text: str, allowed: Allowed, total: Floats) -> Floats:
        """Cosine of the closest passage, for the records that are best so far and those of the nearest passages. It is
        added as it is: a rank would move with every other record that an approximate index finds or misses."""
        edition, rules = self._edition, self._rules
        close = np.zeros(len(total), dtype=np.float32)
        if edition.manifest.encoder != self._encoder.id or not allowed.numbers:
            return close  # vectors of another encoder say nothing; the next publish makes them anew
        vector = self._encoder.encode([text])
        if not vector.any():
            return close
        codes, unit = query_codes(vector[0].tobytes())
        leading = best(np.where(allowed.mask, total, np.float32(0)), rules.pool, edition.order)
        places = np.unique(np.concatenate([leading, self._nearest(codes, allowed)]))
        for number in allowed.numbers:
            segment, base = edition.segments[number], edition.bases[number]
            low, high = places.searchsorted([base, edition.bases[number + 1]])
            here = places[low:high] - base
            first, last = segment.record_first[here], segment.record_first[here + 1]
            sizes = last - first
            if not sizes.sum():
                continue
            passages = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
            scores = segment.dense(self._encoder.centroids).closeness(codes, passages)
            scores *= np.float32(unit)
            np.maximum.at(close, np.repeat(here, sizes) + base, np.maximum(scores, 0))
        return close

    def _nearest(self, codes: Codes, allowed: Allowed) -> Integers:
        """Records of the nearest allowed passages over all segments, ties with the last included. All allowed passages
        are compared when they are few; else the nearest lists are looked through."""
        limit, probe = self._rules.candidates, min(self._rules.probe, len(self._encoder.centroids))
        few = allowed.passages <= self._rules.exact_below
        places: list[Integers] = []
        scores: list[Floats] = []
        for number in allowed.numbers:
            segment, part = self._edition.segments[number], allowed.parts[number]
            index = segment.dense(self._encoder.centroids)
            if few:
                passages, closeness = self._flat(allowed, number).nearest(codes, limit)
            else:
                passages, closeness = index.nearest(codes, limit, probe, part.mask)
            places.append(segment.passage_record[passages].astype(np.int64) + self._edition.bases[number])
            scores.append(closeness)
        every, close = np.concatenate(places), np.concatenate(scores)
        if len(close) <= limit:
            return every
        near: Integers = every[close >= np.partition(close, len(close) - limit)[len(close) - limit]]
        return near

    def _flat(self, allowed: Allowed, number: int) -> Flat:
        """The allowed passages of a segment; kept for the scopes and filters used last."""
        key = (id(allowed), number)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] is allowed:
                self._kept.move_to_end(key)
                return kept[1]
        flat = self._edition.segments[number].dense(self._encoder.centroids).flat(allowed.parts[number].rows)
        with self._lock:
            self._kept[key] = allowed, flat
            while sum(len(one) for _, one in self._kept.values()) > _KEPT and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return flat
