"""Segments that are open in this process. One that was joined from open ones is opened beside the readers, who go on
with those meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from semantic.manifest import SegmentEntry
from semantic.rows import FACETS
from semantic.segment import Segment
from semantic.segment_store import SegmentStore


class OpenSegments:
    """Opened segments by id. Safe to share between threads."""

    def __init__(self, store: SegmentStore) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._open: dict[str, Segment] = {}
        self._awaited: set[str] = set()
        self._unreadable: set[str] = set()

    def get(self, entry: SegmentEntry) -> Segment:
        """The segment itself. Raises IntegrityFailure when its file is not what the manifest names."""
        with self._lock:
            if entry.id not in self._open:
                self._open[entry.id] = self._store.index(entry)
            return self._open[entry.id]

    def put(self, segment: Segment) -> None:
        """Keep a segment that this process has just written."""
        with self._lock:
            self._open[segment.name] = segment

    def standing(self, entries: Sequence[SegmentEntry]) -> tuple[Segment, ...]:
        """What holds the records of these segments at once: a joined segment that is not open yet is stood in for by
        those it was joined from, in their order, and is opened in the background."""
        segments: list[Segment] = []
        awaited: list[SegmentEntry] = []
        with self._lock:
            self._open_now([entry for entry in entries if not self._stood_in(entry)])
            for entry in entries:
                if entry.id in self._open:
                    segments.append(self._open[entry.id])
                else:
                    segments += [self._open[name] for name in entry.joined]
                    awaited.append(entry)
            fresh = [entry for entry in awaited if entry.id not in self._awaited]
            self._awaited |= {entry.id for entry in fresh}
        if fresh:
            others = [
                segment for segment in segments if segment.name not in {old for one in fresh for old in one.joined}
            ]
            threading.Thread(target=self._await, args=(fresh, others), name="shelf-open", daemon=True).start()
        return tuple(segments)

    def keep(self, names: Collection[str]) -> None:
        """Close every other segment, except one that is being opened."""
        with self._lock:
            self._open = {name: one for name, one in self._open.items() if name in names}
            self._unreadable &= set(names)

    def _stood_in(self, entry: SegmentEntry) -> bool:
        """Whether the records of a joined segment are open in another form, and it is not known to be damaged."""
        return bool(entry.joined) and entry.id not in self._unreadable and set(entry.joined) <= self._open.keys()

    def _open_now(self, entries: Sequence[SegmentEntry]) -> None:
        missing = [entry for entry in entries if entry.id not in self._open]
        if missing:
            with ThreadPoolExecutor(max_workers=2) as pool:  # unsealing leaves the interpreter free
                for segment in pool.map(self._store.index, missing):
                    self._open[segment.name] = segment

    def _await(self, entries: Sequence[SegmentEntry], others: Sequence[Segment]) -> None:
        for entry in entries:
            try:
                segment = self._store.index(entry)
                _prepare(segment, others)
            except Exception:  # noqa: BLE001 - the next reader opens it again and is told what is wrong with it
                with self._lock:
                    self._unreadable.add(entry.id)
                    self._awaited.discard(entry.id)
                continue
            with self._lock:
                self._open[entry.id] = segment
                self._awaited.discard(entry.id)


def _prepare(segment: Segment, others: Sequence[Segment]) -> None:
    """Work out beforehand what the first question would have to wait for."""
    segment.warm(FACETS)
    for other in others:
        if other.centroids is not None:
            segment.dense(other.centroids).warm()
        other.replaced_by(segment)
        segment.replaced_by(other)
