"""What an asker may search: the records that a mask leaves, the parts of each segment, and how much they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from semantic.lexical import Part
from semantic.snapshot import Edition
from semantic.turns import Turns

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Seats:
    """The allowed records of one segment, `span` of all seats: where the allowed passages of each lie among those, and
    `weights` float32 [allowed passages], what words in each weigh."""

    span: slice
    turns: Turns
    weights: Floats


@dataclass(frozen=True, slots=True)
class Allowed:
    """Allowed records have seats, numbered from 0 in the order of their places: arrays over seats are as long as what
    the asker may see. `places` int64 [seats]; `seat` int32 [places], -1 for what has none; `order` int64 [seats], the
    tie-break; `parts` and `seats` one for each segment; `passages` and `length` (terms) they hold together. A segment
    that holds nothing allowed is not in `numbers`, so that nothing is spent on it."""

    places: Integers
    seat: npt.NDArray[np.int32]
    order: Integers
    parts: tuple[Part, ...]
    seats: tuple[Seats, ...]
    numbers: tuple[int, ...]
    passages: int
    length: int

    def __len__(self) -> int:
        return len(self.places)

    def best(self, number: int, scores: Floats, *, weighed: bool = False) -> Floats:
        """float32 [seats of a segment]: the highest of each record's passages, which have `scores` float32 [passages of
        the segment]; `weighed` multiplies by what words in a passage weigh."""
        seats, rows = self.seats[number], self.parts[number].rows
        scores = scores if rows is None else scores.take(rows)
        return seats.turns.best(scores * seats.weights if weighed else scores)


class AllowedParts:
    """Works out what a mask allows, and keeps that for the masks used last."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, bool], tuple[Mask, Allowed]] = OrderedDict()

    def of(self, mask: Mask, whole: bool) -> Allowed:
        """`whole` says that the asker may see everything there is. Only then may a segment be read without looking at
        the mask: for any other asker the way taken, and so the time, must not tell whether something is hidden."""
        key = (id(mask), whole)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] is mask:
                self._kept.move_to_end(key)
                return kept[1]
        found = self._worked_out(mask, whole)
        with self._lock:
            self._kept[key] = mask, found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _worked_out(self, mask: Mask, whole: bool) -> Allowed:
        edition = self._edition
        places = np.flatnonzero(mask)
        seat = np.full(len(mask), -1, dtype=np.int32)
        seat[places] = np.arange(len(places), dtype=np.int32)
        bounds = places.searchsorted(edition.bases).tolist()
        parts: list[Part] = []
        seats: list[Seats] = []
        for at, (base, segment) in enumerate(zip(edition.bases, edition.segments, strict=False)):
            records = mask[base : base + segment.records]
            chosen = None if whole and records.all() else records.take(segment.passage_record)
            part = Part.of(segment.postings, chosen)
            turns, weights = segment.turns, segment.passage_weight
            if part.rows is not None:
                owners = seat[base:].take(segment.passage_record.take(part.rows)) - bounds[at]
                turns = Turns.of(np.bincount(owners, minlength=bounds[at + 1] - bounds[at]))
                weights = weights.take(part.rows)
            parts.append(part)
            seats.append(Seats(slice(bounds[at], bounds[at + 1]), turns, weights))
        return Allowed(
            places,
            seat,
            edition.order.take(places),
            tuple(parts),
            tuple(seats),
            tuple(number for number, part in enumerate(parts) if part.passages),
            sum(part.passages for part in parts),
            sum(part.length for part in parts),
        )
