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
        self._joined: dict[str, tuple[str, ...]] = {}
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
        those it was joined from, in their order, even where one of those was joined itself and never opened, and is
        opened in the background."""
        segments: list[Segment] = []
        awaited: list[SegmentEntry] = []
        with self._lock:
            self._joined |= {entry.id: entry.joined for entry in entries if entry.joined}
            self._open_now([one for one in entries if one.id in self._unreadable or not self._in_place_of(one.id)])
            for entry in entries:
                segments += [self._open[name] for name in self._in_place_of(entry.id)]
                if entry.id not in self._open:
                    awaited.append(entry)
            fresh = [entry for entry in awaited if entry.id not in self._awaited]
            self._awaited |= {entry.id for entry in fresh}
            gone = {old for one in fresh for old in self._in_place_of(one.id)}
        if fresh:
            others = [segment for segment in segments if segment.name not in gone]
            threading.Thread(target=self._await, args=(fresh, others), name="shelf-open", daemon=True).start()
        return tuple(segments)

    def keep(self, names: Collection[str]) -> None:
        """Close every other segment, except one that is being opened."""
        with self._lock:
            self._open = {name: one for name, one in self._open.items() if name in names}
            self._unreadable &= set(names)
            named = {part for parts in self._joined.values() for part in parts}
            self._joined = {name: parts for name, parts in self._joined.items() if name in names or name in named}

    def _in_place_of(self, name: str) -> tuple[str, ...]:
        """The open segments that hold the records of one: itself, or those it was joined from; none where it has to be
        opened."""
        if name in self._open:
            return (name,)
        parts = [self._in_place_of(part) for part in self._joined.get(name, ())]
        return tuple(one for part in parts for one in part) if all(parts) else ()

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
