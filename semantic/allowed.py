"""What an asker may search: the parts of each segment that a mask leaves, and how much they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from semantic.lexical import Part
from semantic.snapshot import Edition

Mask = npt.NDArray[np.bool_]
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Allowed:
    """`mask` bool [places]; `parts` one for each segment; `passages` and `length` (terms) they hold together. A segment
    that holds nothing allowed is not in `numbers`, so that nothing is spent on it."""

    mask: Mask
    parts: tuple[Part, ...]
    numbers: tuple[int, ...]
    passages: int
    length: int


class AllowedParts:
    """Works out what a mask allows, and keeps that for the masks used last."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, bool], Allowed] = OrderedDict()

    def of(self, mask: Mask, whole: bool) -> Allowed:
        """`whole` says that the asker may see everything there is. Only then may a segment be read without looking at
        the mask: for any other asker the way taken, and so the time, must not tell whether something is hidden."""
        key = (id(mask), whole)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.mask is mask:
                self._kept.move_to_end(key)
                return kept
        found = self._worked_out(mask, whole)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _worked_out(self, mask: Mask, whole: bool) -> Allowed:
        edition = self._edition
        parts: list[Part] = []
        for base, segment in zip(edition.bases, edition.segments, strict=False):
            records = mask[base : base + segment.records]
            chosen = None if whole and records.all() else records.take(segment.passage_record)
            parts.append(Part.of(segment.postings, chosen))
        numbers = tuple(number for number, part in enumerate(parts) if part.passages)
        return Allowed(
            mask, tuple(parts), numbers, sum(part.passages for part in parts), sum(part.length for part in parts)
        )
