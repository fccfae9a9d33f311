"""Which cities a project's text may show (来源地): those that enough patients of what was approved come from. Counted
over all of it, so that every rendering of a project agrees; in the strong room's memory only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from itertools import compress
from typing import Final

from deid.places import shared
from records.ids import EditionNumber, PatientToken, RecordId
from semantic.edition import Shelf
from semantic.segment import Segment, home_of

KEPT: Final = 64  # segments whose homes are remembered

Home = tuple[PatientToken, frozenset[str]]
Lines = Callable[[], dict[RecordId, bytes]]


class Homes:
    """The cities of patients, read once from each segment of the shelf. Safe to share between threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._known: dict[str, dict[RecordId, Home]] = {}

    def shown(self, edition: EditionNumber, records: Collection[RecordId], least: int) -> dict[str, str]:
        """City or province -> the name it is shown by when `least` patients must share it (deid.places.shared). Records
        that are kept back meanwhile count: else a name that vanishes would tell where their patients live."""
        return shared(self._of(edition, records), least)

    def _of(self, edition: EditionNumber, records: Collection[RecordId]) -> Iterator[Home]:
        wanted = sorted(records)
        for segment, lines in self._shelf.texts(edition):
            if not wanted:
                return
            here = (segment.roll.find(wanted) >= 0).tolist()
            if any(here):
                homes = self._segment(segment, lines)
                yield from (homes[record] for record in compress(wanted, here) if record in homes)
                wanted = [record for record, stands in zip(wanted, here, strict=True) if not stands]

    def _segment(self, segment: Segment, lines: Lines) -> dict[RecordId, Home]:
        with self._lock:
            if segment.name not in self._known:
                while len(self._known) >= KEPT:
                    self._known.pop(next(iter(self._known)))
                found = {record: home_of(line) for record, line in lines().items()}
                self._known[segment.name] = {record: home for record, home in found.items() if home is not None}
            return self._known[segment.name]
