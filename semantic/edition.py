"""The open shelf (开架): numbered immutable editions over sealed segments. It never writes a sentence in the clear, and
a crash at any point leaves the last edition open."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from records.errors import BadInput, LantaiError
from records.ids import EditionNumber, RecordId
from records.shelf import ShelfRecord
from records.threads import behind
from semantic.building import build
from semantic.concepts import Lexicon
from semantic.encoder import Encoder
from semantic.manifest import (
    CURRENT,
    EDITIONS,
    Manifest,
    SegmentEntry,
    manifest_key,
    numbers,
    read_current,
    read_manifest,
    write_current,
    write_manifest,
)
from semantic.merge import combine_index, combine_text, due, groups
from semantic.opened import OpenSegments
from semantic.segment import Segment, build_text, parse_record, record_line
from semantic.segment_store import INDEX, SEGMENTS, TEXT, SegmentStore, ShelfKeys
from semantic.snapshot import Edition

__all__ = ["Edition", "Shelf", "ShelfKeys"]

Mask = npt.NDArray[np.bool_]
MERGE_ABOVE: Final = 4  # more segments than this in an edition are worth joining
_EMPTY: Final = EditionNumber(0)


class Shelf:
    """One shelf folder. Searching needs the index key; publishing, merging and reading narrative the text key too."""

    def __init__(self, folder: Path, keys: ShelfKeys) -> None:
        self._folder = folder
        self._store = SegmentStore(folder, keys)
        self._key = manifest_key(keys.index)
        self._lock = threading.RLock()
        self._writer = threading.RLock()
        self._merging: threading.Thread | None = None
        self._joining = threading.RLock()
        self._segments = OpenSegments(self._store)
        self._lines: dict[str, dict[RecordId, bytes]] = {}
        self._open: tuple[Manifest, frozenset[RecordId], Edition] | None = None

    @classmethod
    def open(cls, folder: Path, keys: ShelfKeys) -> Self:
        """Open a shelf; one that is absent is created with an empty edition 0."""
        shelf = cls(folder, keys)
        if not (folder / CURRENT).exists() and not any(numbers(folder)):  # a lost pointer is damage, not a new shelf
            for part in (folder, folder / EDITIONS, folder / SEGMENTS):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_manifest(folder, Manifest(_EMPTY, (), (), "", "", "slots"), shelf._key)
            write_current(folder, _EMPTY, shelf._key)
        return shelf

    def current(self) -> EditionNumber:
        """The newest edition; read from disk, so every process sees a new one at once."""
        return read_current(self._folder, self._key)

    def manifest(self, number: EditionNumber | None = None) -> Manifest:
        """The manifest of an edition. BadInput("unknown_edition") for one that is not kept."""
        newest = self.current()
        wanted = newest if number is None else number
        if wanted > newest or not (self._folder / EDITIONS / f"{wanted}.json").exists():
            raise BadInput("unknown_edition", "That edition is not kept on the shelf; use the current one.")
        return read_manifest(self._folder, wanted, self._key)

    def edition(self, number: EditionNumber | None = None) -> Edition:
        """An edition opened for search, without the records withdrawn since. Unchanged segments are not read again."""
        with self._lock:
            newest = self.manifest()
            manifest = newest if number is None else self.manifest(number)
            withdrawn = newest.off | frozenset(manifest.withdrawn)
            segments = self._segments.standing(manifest.segments)
            if self._open and self._open[:2] == (manifest, withdrawn) and self._open[2].segments == segments:
                return self._open[2]
            if manifest.number == newest.number:
                self._segments.keep({one.name for one in segments} | {entry.id for entry in manifest.segments})
            edition = Edition(manifest, segments, withdrawn)
            self._open = (manifest, withdrawn, edition)
            return edition

    def read(self, number: EditionNumber | None, record: RecordId, *, withheld: bool = False) -> ShelfRecord:
        """One record with its clean text; with `withheld` also one that is kept back, for those who mend it.
        BadInput("unknown_record") when the edition does not hold it (any more)."""
        manifest, newest = self.manifest(number), self.manifest()
        if record not in (newest.withdrawn if withheld else newest.off):
            for entry in reversed(manifest.segments):
                line = self._text(entry).get(record)
                if line is not None:
                    return parse_record(line)
        raise BadInput("unknown_record", "That record is not in this edition; search again for what it holds now.")

    def publish(
        self,
        records: Sequence[ShelfRecord],
        encoder: Encoder,
        lexicon: Lexicon,
        withdrawn: Collection[RecordId] = (),
    ) -> EditionNumber:
        """Put records on the shelf and take others off, as the next edition; the current one when nothing changes.
        A record already there in the same words is left alone; in other words it is replaced. What was withdrawn
        once never comes back under the same id."""
        with self._writing():
            old = self.manifest()
            if old.segments and (old.encoder, old.lexicon) != (encoder.id, lexicon.version):
                old = self._rebuilt(old, encoder, lexicon)
            gone = set(old.withdrawn) | set(withdrawn)
            fresh = self._changed(old, records, gone)
            if not fresh and gone == set(old.withdrawn) and old.number == self.current():
                return old.number
            segments = old.segments
            if fresh:
                segments = (*segments, self._built(fresh, encoder, lexicon))
            number = EditionNumber(self.current() + 1)
            off = tuple(sorted(gone))
            self._commit(Manifest(number, segments, off, encoder.id, lexicon.version, old.profile, old.withheld))
            return number

    def withhold(self, records: Collection[RecordId]) -> EditionNumber:
        """Exactly these records are off the shelf, in every edition, until a next call names others; the next edition,
        or the current one when nothing changes."""
        with self._writing():
            manifest = self.manifest()
            withheld = tuple(sorted(set(records)))
            if withheld == manifest.withheld:
                return manifest.number
            number = EditionNumber(manifest.number + 1)
            self._commit(replace(manifest, number=number, withheld=withheld))
            return number

    def texts(self, number: EditionNumber) -> Iterator[tuple[Segment, Callable[[], dict[RecordId, bytes]]]]:
        """The segments of an edition, the latest first, each with its lines; withheld records too."""
        for entry in reversed(self.manifest(number).segments):
            yield self._segment(entry), lambda entry=entry: self._text(entry)  # type: ignore[misc]

    def seek(self, wanted: Callable[[ShelfRecord], bool]) -> frozenset[RecordId]:
        """Records whose text in any kept edition is wanted, withheld ones too. Reads the whole shelf."""
        entries: dict[str, SegmentEntry] = {}
        for number in self.kept():
            entries |= {entry.id: entry for entry in self.manifest(number).segments}
        found: set[RecordId] = set()
        for entry in entries.values():
            lines = self._text(entry).items()
            found |= {name for name, line in lines if name not in found and wanted(parse_record(line))}
        return frozenset(found)

    def correct(self, records: Sequence[ShelfRecord], encoder: Encoder, lexicon: Lexicon) -> EditionNumber:
        """Put these in the place of their former text in every kept edition, whose bytes are removed: a person could be
        read there. An edition of another encoder or lexicon loses them instead. Withheld records stay so."""
        with self._sweeping(), self._writing():
            current = self.manifest()
            made_by = (encoder.id, lexicon.version)
            if current.segments and (current.encoder, current.lexicon) != made_by:
                self._rebuilt(current, encoder, lexicon)
            built: dict[frozenset[RecordId], SegmentEntry] = {}

            def instead(manifest: Manifest, names: frozenset[RecordId]) -> tuple[SegmentEntry, ...]:
                if not names or (manifest.encoder, manifest.lexicon) != made_by:
                    return ()
                if names not in built:
                    built[names] = self._built([one for one in records if one.row.record in names], encoder, lexicon)
                return (built[names],)

            return self._rewritten({one.row.record for one in records}, instead)

    def merge(self, above: int = MERGE_ABOVE) -> bool:
        """Join small segments of the current edition while there are more than `above`. The edition keeps its number
        and holds the same records; whoever has it open is not disturbed. Returns whether anything was joined."""
        with self._sweeping():
            joined = False
            while self._join(above):
                joined = True
            return joined

    def _join(self, above: int) -> bool:
        """One step of a merge. The work is done beside publishing, which only waits while the manifest is swapped."""
        with self._writing():
            manifest = self.manifest()
            run = due([entry.passages for entry in manifest.segments], above)
            if run is None:
                return False
            segments = [self._segment(entry) for entry in manifest.segments]
            edition = Edition(manifest, segments, frozenset(manifest.withdrawn))  # what is withheld may come back
        joined, segment = self._joined(manifest.segments[run], edition)
        with self._writing():
            now = self.manifest()
            if now.segments[run] == manifest.segments[run]:  # unless all was encoded anew meanwhile
                self._commit(replace(now, segments=(*now.segments[: run.start], joined, *now.segments[run.stop :])))
                self._segments.put(segment)
        return True

    def merge_later(self, above: int = MERGE_ABOVE) -> threading.Thread | None:
        """Start `merge` beside everything else when it is due; None when it is not, or one is under way."""
        busy = self._merging is not None and self._merging.is_alive()
        if busy or due([entry.passages for entry in self.manifest().segments], above) is None:
            return None
        self._merging = behind("shelf-merge", lambda: self.merge(above))
        return self._merging

    def purge(self, records: Collection[RecordId]) -> EditionNumber:
        """Withdraw records and remove their bytes from every kept edition (disposal wins over keeping)."""
        with self._sweeping(), self._writing():
            return self._rewritten(set(records), lambda *_: (), for_good=True)

    def prune(self, keep: Collection[EditionNumber]) -> None:
        """Forget editions that no request or release names; the current one always stays."""
        with self._sweeping(), self._writing():
            newest = self.current()
            for number in list(self.kept()):
                if number != newest and number not in keep:
                    (self._folder / EDITIONS / f"{number}.json").unlink()
            self._sweep()

    def kept(self) -> tuple[EditionNumber, ...]:
        """Every edition on the shelf, ascending."""
        newest = self.current()
        return tuple(number for number in numbers(self._folder) if number <= newest)

    def verify(self) -> list[dict[str, str]]:
        """Authenticate every byte of every manifest and segment: {"file","id","problem"} for each that fails."""
        problems: list[dict[str, str]] = []
        named: dict[str, SegmentEntry] = {}

        def attempt(file: str, name: str, work: Callable[[], object]) -> None:
            try:
                work()
            except LantaiError as error:
                problems.append({"file": file, "id": name, "problem": error.code})

        attempt(CURRENT, CURRENT, self.manifest)
        for number in numbers(self._folder):
            file = f"{EDITIONS}/{number}.json"
            attempt(file, str(number), lambda number=number: named.update(_entries(self._folder, number, self._key)))  # type: ignore[misc]
        for entry in named.values():
            for part in (INDEX, TEXT):
                file = f"{SEGMENTS}/{entry.id}.{part}"
                attempt(file, entry.id, lambda entry=entry, part=part: self._store.check(entry, part))  # type: ignore[misc]
        return problems

    def _rewritten(
        self,
        gone: set[RecordId],
        instead: Callable[[Manifest, frozenset[RecordId]], tuple[SegmentEntry, ...]],
        *,
        for_good: bool = False,
    ) -> EditionNumber:
        """Every kept edition without the bytes of these records, with what stands instead of those it held; the newest
        last, so that a crash before it leaves only what can be done again."""
        swapped: dict[str, SegmentEntry | None] = {}
        newest = self.manifest()
        for number in self.kept():
            manifest = self.manifest(number)
            names: set[RecordId] = set()
            for entry in manifest.segments:
                if entry.id not in swapped:
                    swapped[entry.id] = self._without(entry, gone)
                if swapped[entry.id] != entry:
                    names |= gone & self._text(entry).keys()
            kept = tuple(new for entry in manifest.segments if (new := swapped[entry.id]) is not None)
            fresh = replace(manifest, segments=kept + instead(manifest, frozenset(names - set(newest.withdrawn))))
            write_manifest(self._folder, fresh, self._key)
        off = tuple(sorted({*newest.withdrawn, *(gone if for_good else ())}))
        number = EditionNumber(newest.number + 1)
        self._commit(replace(fresh, number=number, withdrawn=off))
        self._sweep()
        return number

    def _changed(self, old: Manifest, records: Sequence[ShelfRecord], gone: set[RecordId]) -> list[ShelfRecord]:
        latest = {record.row.record: record for record in records if record.row.record not in gone}
        unseen = set(latest)
        for entry in reversed(old.segments):
            names = sorted(unseen)
            for name in (names[at] for at in np.flatnonzero(self._segment(entry).roll.find(names) >= 0)):
                unseen.discard(name)
                if self._text(entry)[name] == record_line(latest[name]):
                    del latest[name]
        return list(latest.values())

    def _built(self, records: Sequence[ShelfRecord], encoder: Encoder, lexicon: Lexicon) -> SegmentEntry:
        index = build(records, encoder, lexicon)
        passages = Segment(index, "").passages
        return self._store.write(index, build_text(records), len(records), passages)

    def _rebuilt(self, old: Manifest, encoder: Encoder, lexicon: Lexicon) -> Manifest:
        """The same records, encoded and annotated anew."""
        entries: list[SegmentEntry] = []
        for group in groups(old.segments):
            lines = self._latest_lines(group, old)
            if lines:
                entries.append(self._built([parse_record(line) for line in lines.values()], encoder, lexicon))
        number = EditionNumber(old.number)
        fresh = Manifest(number, tuple(entries), old.withdrawn, encoder.id, lexicon.version, old.profile, old.withheld)
        self._commit(replace(fresh, number=EditionNumber(old.number + 1)))
        return replace(fresh, number=EditionNumber(old.number + 1))

    def _latest_lines(self, group: Sequence[SegmentEntry], manifest: Manifest) -> dict[RecordId, bytes]:
        segments = [self._segment(entry) for entry in manifest.segments]
        edition = Edition(manifest, segments, frozenset(manifest.withdrawn))
        lines: dict[RecordId, bytes] = {}
        for entry in group:
            lines.update(self._kept(entry, edition.live_of(entry.id)))
        return lines

    def _kept(self, entry: SegmentEntry, live: Mask) -> dict[RecordId, bytes]:
        """The lines of the records of a segment that count, in its order."""
        text = self._store.lines(entry)
        names = self._segment(entry).roll.names(np.flatnonzero(live))
        return {RecordId(name): text[RecordId(name)] for name in names}

    def _joined(self, group: Sequence[SegmentEntry], edition: Edition) -> tuple[SegmentEntry, Segment]:
        keep = [edition.live_of(entry.id) for entry in group]
        lines: dict[RecordId, bytes] = {}
        for entry, mask in zip(group, keep, strict=True):
            lines.update(self._kept(entry, mask))
        index = combine_index([self._segment(entry) for entry in group], keep)
        written = self._store.write(index, combine_text(lines), len(lines), Segment(index, "").passages)
        return replace(written, joined=tuple(entry.id for entry in group)), Segment(index, written.id)

    def _without(self, entry: SegmentEntry, gone: set[RecordId]) -> SegmentEntry | None:
        segment = self._segment(entry)
        found = segment.roll.find(sorted(gone))
        keep = np.ones(segment.records, dtype=bool)
        keep[found[found >= 0]] = False
        if keep.all():
            return entry
        if not keep.any():
            return None
        lines = {name: line for name, line in self._text(entry).items() if name not in gone}
        index = combine_index([segment], [keep])
        return self._store.write(index, combine_text(lines), len(lines), Segment(index, "").passages)

    def _commit(self, manifest: Manifest) -> None:
        write_manifest(self._folder, manifest, self._key)
        write_current(self._folder, manifest.number, self._key)

    def _segment(self, entry: SegmentEntry) -> Segment:
        return self._segments.get(entry)

    def _text(self, entry: SegmentEntry) -> dict[RecordId, bytes]:
        if entry.id not in self._lines:
            while len(self._lines) >= 4:
                self._lines.pop(next(iter(self._lines)))
            self._lines[entry.id] = self._store.lines(entry)
        return self._lines[entry.id]

    def _sweep(self) -> None:
        named: set[str] = set()
        for number in self.kept():
            named |= {entry.id for entry in self.manifest(number).segments}
        self._store.sweep(named)
        self._segments.keep(named)
        self._lines = {name: one for name, one in self._lines.items() if name in named}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, over threads and processes; readers go on meanwhile."""
        self._store.text_key()
        with self._writer, self._locked("LOCK"):
            yield

    @contextmanager
    def _sweeping(self) -> Iterator[None]:
        """One at a time of those who remove files or write some that no manifest names yet. Taken before `_writing`."""
        self._store.text_key()
        with self._joining, self._locked("MERGE"):
            yield

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        handle = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _entries(folder: Path, number: EditionNumber, key: bytes) -> dict[str, SegmentEntry]:
    return {entry.id: entry for entry in read_manifest(folder, number, key).segments}
