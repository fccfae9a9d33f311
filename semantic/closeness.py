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

    def of(self, text: str, allowed: Allowed, total: Floats) -> tuple[Integers, Floats]:
        """Seats, ascending, and the cosine of the closest passage of each: for the records that are best so far and
        those of the nearest passages. It is added as it is: a rank would move with every other record that an
        approximate index finds or misses."""
        edition, rules = self._edition, self._rules
        nowhere = np.zeros(0, dtype=np.int64)
        if edition.manifest.encoder != self._encoder.id or not allowed.numbers:
            return nowhere, nowhere.astype(
                np.float32
            )  # vectors of another encoder say nothing until they are made anew
        vector = self._encoder.encode([text])
        if not vector.any():
            return nowhere, nowhere.astype(np.float32)
        codes, unit = query_codes(vector[0].tobytes())
        seats = np.unique(np.concatenate([best(total, rules.pool, allowed.order), self._nearest(codes, allowed)]))
        close = np.zeros(len(seats), dtype=np.float32)
        for number in allowed.numbers:
            segment, span = edition.segments[number], allowed.seats[number].span
            low, high = seats.searchsorted([span.start, span.stop])
            here = allowed.places.take(seats[low:high]) - edition.bases[number]
            first = segment.record_first.take(here)
            sizes = segment.record_first.take(here + 1) - first
            ends = np.cumsum(sizes)
            if not len(ends) or not ends[-1]:
                continue
            passages = np.repeat(first - ends + sizes, sizes) + np.arange(ends[-1])
            scores = segment.dense(self._encoder.centroids).closeness(codes, passages)
            scores *= np.float32(unit)
            np.maximum.at(close, np.repeat(np.arange(low, high), sizes), scores)
        return seats, close

    def _nearest(self, codes: Codes, allowed: Allowed) -> Integers:
        """Seats of the nearest allowed passages over all segments, ties with the last included. All allowed passages
        are compared when they are few; else the nearest lists are looked through."""
        limit, probe = self._rules.candidates, min(self._rules.probe, len(self._encoder.centroids))
        few = allowed.passages <= self._rules.exact_below
        seats: list[Integers] = []
        scores: list[Floats] = []
        for number in allowed.numbers:
            segment, part = self._edition.segments[number], allowed.parts[number]
            index = segment.dense(self._encoder.centroids)
            if few:
                passages, closeness = self._flat(allowed, number).nearest(codes, limit)
            else:
                passages, closeness = index.nearest(codes, limit, probe, part.mask)
            places = segment.passage_record.take(passages) + self._edition.bases[number]
            seats.append(allowed.seat.take(places).astype(np.int64))
            scores.append(closeness)
        every, close = np.concatenate(seats), np.concatenate(scores)
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
