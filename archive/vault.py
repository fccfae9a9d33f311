"""The closed stacks (闭架): sealed objects in append-only segment files. An object whose `put` has returned must never
be lost or changed; nothing is ever written here in the clear."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from archive.disk import private_folder, sync_folder, told_in_words, write_all
from archive.frames import Frame, checked_name, decode, encode, scan
from archive.keyring import Keyring
from archive.problem import Problem, problem
from archive.vault_index import Place, VaultIndex
from records.errors import BadInput, IntegrityFailure, Refused
from records.ids import RecordId
from records.seal import seal, unseal

SEGMENT_BYTES: Final = 64 * 1024 * 1024
LARGEST_OBJECT: Final = 256 * 1024 * 1024
FOLDER: Final = "strong/vault"


class Vault:
    """Objects by record and part. The segments are the truth; the index is a way to them that can be made again."""

    def __init__(self, folder: Path, keyring: Keyring, index: VaultIndex, segment_bytes: int) -> None:
        self._folder = folder
        self._keyring = keyring
        self._index = index
        self._segment_bytes = segment_bytes
        self._appended: dict[int, int] = {}  # segments written in this batch -> length before it
        self._descriptors: dict[int, int] = {}
        self._batch_open = False  # read and written under the index's write lock only
        self._tail: tuple[int, int] | None = None  # segment appended to in this batch, and its length now

    @classmethod
    def open(cls, folder: Path, keyring: Keyring, segment_bytes: int = SEGMENT_BYTES) -> Vault:
        """Opens or creates; takes in what a crash left whole behind the last commit and sets torn bytes aside.
        Raises Unavailable or IntegrityFailure("database_damaged"): then `rebuild_index`, once verified."""
        with told_in_words():
            private_folder(folder)
            vault = cls(folder, keyring, VaultIndex(folder / "index.db"), segment_bytes)
            vault._recover()
        return vault

    @staticmethod
    def rebuild_index(folder: Path, keyring: Keyring) -> Vault:
        """Makes the index again from the segments alone; the old one is kept beside it."""
        for name in ("index.db", "index.db-wal", "index.db-shm"):
            with contextlib.suppress(FileNotFoundError):
                (folder / name).replace(folder / f"{name}.old")
        return Vault.open(folder, keyring)

    def close(self) -> None:
        """Closes the index; the keyring stays open, it was given."""
        self._index.close()

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Group commit: puts inside become durable together when the block ends, or never happened if it raises."""
        with self._index.write():
            if self._batch_open:  # nested: the outer block commits
                yield
                return
            if self._keyring.in_batch:
                raise RuntimeError("leave keyring.batch() first: its keys would be durable after the objects")
            self._batch_open = True
            try:
                with self._keyring.batch():
                    yield
                    self._sync()
            except BaseException:
                self._undo()
                raise
            finally:
                self._close_segments()
                self._batch_open = False

    def put(self, record: RecordId, part: str, data: bytes) -> bool:
        """Seals `data` (up to 256 MB); on the disk when it returns. False if the same bytes were there already; other
        bytes become the part's next version. Raises BadInput("object_too_large"), Refused("record_disposed")."""
        if len(data) > LARGEST_OBJECT:
            raise BadInput("object_too_large", "The file is larger than 256 MB; split it and deposit the pieces.")
        checked_name(record), checked_name(part)
        with self.batch():
            place = self._index.latest(record, part)
            if place is not None and self._holds(place, data):
                return False
            version = 1 if place is None else place.version + 1
            sealed = seal(self._keyring.obtain(record), data, object_aad(record, part, version))
            self._append(record, part, version, encode(record, part, version, sealed))
            return True

    def get(self, record: RecordId, part: str) -> bytes:
        """The part's latest bytes. Raises BadInput("no_such_object"), IntegrityFailure, Refused("record_disposed")."""
        place = self._index.latest(record, part)
        if place is None:
            raise BadInput("no_such_object", f"The vault holds no {checked_name(part)} of record {record}.")
        return self._unsealed(place)

    def has(self, record: RecordId, part: str) -> bool:
        """Whether the part was ever put."""
        return self._index.latest(record, part) is not None

    def parts(self, record: RecordId) -> tuple[str, ...]:
        """Names of the record's parts, sorted."""
        return self._index.parts(record)

    def inventory(self) -> dict[RecordId, set[str]]:
        """Every record and its parts."""
        return self._index.inventory()

    def size(self) -> tuple[int, int]:
        """Objects (all versions) and bytes of the segments."""
        return self._index.size()

    def verify(self) -> list[Problem]:
        """Walks every frame, authenticates every object, and compares with the index; names segment and record."""
        with told_in_words():
            found = [problem(f"{FOLDER}/index.db", "", f"structure: {words}") for words in self._index.integrity()]
            with self._index.write():  # no batch under way, so lengths and rows belong together
                lengths = self._index.lengths()
                rows = {(row.segment, row.offset): row for row in self._index.places()}
                files = self._segments()
                sizes = {number: path.stat().st_size for number, path in files.items()}
            missing = sorted(lengths.keys() - files.keys())
            found += [
                problem(_name(number), "", "the segment is missing; restore it from a backup") for number in missing
            ]
            for number, path in sorted(files.items()):
                if sizes[number] != lengths.get(number, 0):
                    words = f"{sizes[number]} bytes where the index has {lengths.get(number, 0)}"
                    found.append(problem(_name(number), "", words))
                found += self._verify_segment(number, path, sizes[number], rows)
            for place in rows.values():
                words = f"no frame of {place.part} at byte {place.offset}, where the index has one"
                found.append(problem(_name(place.segment), place.record, words))
        return found

    def _verify_segment(
        self, number: int, path: Path, size: int, rows: dict[tuple[int, int], Place]
    ) -> Iterator[Problem]:
        """Takes the rows that a frame confirms out of `rows`."""
        for item in scan(path, 0, size):
            row = rows.pop((number, item.offset), None)
            if not isinstance(item, Frame):
                yield problem(_name(number), row.record if row else item.record, f"damaged frame at byte {item.offset}")
            elif row is None:
                yield problem(_name(number), item.record, f"a frame of {item.part} that the index does not have")
            elif row != _place(number, item):
                yield problem(_name(number), item.record, f"the index describes the frame of {item.part} otherwise")
            elif words := self._object_problem(item):
                yield problem(_name(number), item.record, f"{item.part}: {words}")

    def _object_problem(self, frame: Frame) -> str:
        if not frame.whole:
            return "the frame's checksum does not match its bytes"
        try:
            unseal(self._keyring.key(frame.record), frame.body, object_aad(frame.record, frame.part, frame.version))
        except Refused:
            return ""  # disposed of: its bytes are noise and meant to be
        except IntegrityFailure as failure:
            return {"seal_broken": "the seal does not open"}.get(failure.code, "its data key is missing or altered")
        return ""

    def _holds(self, place: Place, data: bytes) -> bool:
        """Whether the object is there, sound and equal; a damaged one is not, so that putting it again heals it."""
        try:
            return self._unsealed(place) == data
        except IntegrityFailure as failure:
            if failure.code != "object_altered":
                raise
            return False

    def _unsealed(self, place: Place) -> bytes:
        if min(place.segment, place.offset) < 0 or not 0 < place.length <= LARGEST_OBJECT + 1024:
            raise _altered(place)
        with told_in_words():
            try:
                descriptor = os.open(self._path(place.segment), os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                raise _altered(place) from None
            try:
                data = os.pread(descriptor, place.length, place.offset)
            finally:
                os.close(descriptor)
        frame = decode(data)
        if frame is None or (frame.record, frame.part, frame.version) != (place.record, place.part, place.version):
            raise _altered(place)
        key = self._keyring.key(place.record)
        try:
            return unseal(key, frame.body, object_aad(place.record, place.part, place.version))
        except IntegrityFailure:
            raise _altered(place) from None

    # --- writing ---

    def _append(self, record: RecordId, part: str, version: int, frame: bytes) -> None:
        number, length = self._room_for(len(frame))
        with told_in_words():
            descriptor = self._descriptor(number, length)
            write_all(descriptor, frame)
        self._index.add(Place(record, part, version, number, length, len(frame)), length + len(frame))
        self._tail = number, length + len(frame)

    def _room_for(self, size: int) -> tuple[int, int]:
        """Number and length of the segment to append to; a new one if the last is full or not as the index knows it."""
        if self._tail is not None and self._tail[1] + size <= self._segment_bytes:
            return self._tail
        lengths = self._index.lengths()
        number = max(lengths, default=0)
        length = lengths.get(number, 0)
        path = self._path(number)
        as_known = number > 0 and path.exists() and path.stat().st_size == length
        if as_known and (length == 0 or length + size <= self._segment_bytes):
            return number, length
        return max([number, *self._segments()]) + 1, 0

    def _descriptor(self, number: int, length: int) -> int:
        if number not in self._descriptors:
            path = self._path(number)
            self._appended.setdefault(number, length)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
            if length == 0 and not path.exists():
                self._descriptors[number] = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
                sync_folder(self._folder)
            else:
                self._descriptors[number] = os.open(path, flags)
        return self._descriptors[number]

    def _sync(self) -> None:
        with told_in_words():
            for descriptor in self._descriptors.values():
                os.fsync(descriptor)

    def _undo(self) -> None:
        """Takes this batch's bytes off the segments; what cannot be taken off now is set aside at the next opening."""
        with contextlib.suppress(OSError):
            for number, length in self._appended.items():
                os.truncate(self._path(number), length)

    def _close_segments(self) -> None:
        for descriptor in self._descriptors.values():
            os.close(descriptor)
        self._descriptors.clear()
        self._tail = None
        self._appended.clear()

    # --- opening after a crash ---

    def _recover(self) -> None:
        """Looks behind each segment's committed length. Nothing there was ever acknowledged, unless the index is an
        old one or lost: so frames that open are taken in, and the rest is moved to torn/, not destroyed."""
        lengths = self._index.lengths()
        for number, path in sorted(self._segments().items()):
            known, size = lengths.get(number, 0), path.stat().st_size
            if size <= known and number in lengths:
                continue
            frames, end = self._recoverable(path, known, size, stop_at_first_bad=bool(lengths))
            with self._index.write():
                for frame in frames:
                    self._index.add(_place(number, frame), frame.offset + frame.length)
                self._index.set_length(number, end)
            if end < size:
                self._set_aside(number, end)

    def _recoverable(self, path: Path, start: int, size: int, *, stop_at_first_bad: bool) -> tuple[list[Frame], int]:
        """Whole frames (without their bodies) up to the last that opens, and where that ends. With an index lost as a
        whole, a bad frame between good ones stays in its place for `verify` to name; else the first bad one ends it."""
        kept: list[Frame] = []
        good, end = 0, start
        for item in scan(path, start, size):
            opens = (
                isinstance(item, Frame) and not self._object_problem(item) and not self._index.knows(_place(0, item))
            )
            if isinstance(item, Frame) and item.whole:
                kept.append(replace(item, body=b""))
            if opens:
                good, end = len(kept), kept[-1].offset + kept[-1].length
            elif stop_at_first_bad:
                break
        return kept[:good], end

    def _set_aside(self, number: int, end: int) -> None:
        path = self._path(number)
        private_folder(self._folder / "torn")
        with path.open("rb") as file:
            file.seek(end)
            rest = file.read()
        aside = self._folder / "torn" / f"{path.stem}-{end}.bin"
        descriptor = os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            write_all(descriptor, rest)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(aside.parent)
        os.truncate(path, end)

    def _segments(self) -> dict[int, Path]:
        return {int(path.stem[4:]): path for path in self._folder.glob("seg-[0-9][0-9][0-9][0-9][0-9][0-9].bin")}

    def _path(self, number: int) -> Path:
        return self._folder / f"seg-{number:06d}.bin"


def object_aad(record: RecordId, part: str, version: int) -> bytes:
    """What an object's seal binds: it opens as this version of this part of this record only."""
    return f"lantai/object/1/{record}/{part}/{version}".encode()


def _place(segment: int, frame: Frame) -> Place:
    return Place(frame.record, frame.part, frame.version, segment, frame.offset, frame.length)


def _name(number: int) -> str:
    return f"{FOLDER}/seg-{number:06d}.bin"


def _altered(place: Place) -> IntegrityFailure:
    words = f"{place.part} of record {place.record} in {_name(place.segment)} was altered; restore it from a backup."
    return IntegrityFailure("object_altered", words[0].upper() + words[1:])
