"""Sealed segment files on disk: written durably, opened only after their seal is proved. Never holds an archive key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.errors import IntegrityFailure, Unavailable
from records.ids import RecordId
from records.seal import seal, sm3, unseal
from semantic.manifest import SegmentEntry, write_durably
from semantic.segment import Segment, read_text

SEGMENTS: Final = "segments"
INDEX: Final = "index"
TEXT: Final = "text"


@dataclass(frozen=True, slots=True, repr=False)
class ShelfKeys:
    """The shelf's two 16-byte keys. The front desk holds the index key only, so it can open no narrative."""

    index: bytes
    text: bytes | None


class SegmentStore:
    """segments/<id>.index and <id>.text."""

    def __init__(self, folder: Path, keys: ShelfKeys) -> None:
        self._folder = folder / SEGMENTS
        self._keys = keys

    def write(self, index: bytes, text: bytes, records: int, passages: int) -> SegmentEntry:
        """Seal and write both parts, durable on return; nothing names them yet."""
        name = "S" + os.urandom(10).hex()
        sealed_index = seal(self._keys.index, index, aad(name, INDEX))
        sealed_text = seal(self.text_key(), text, aad(name, TEXT))
        write_durably(self.path(name, INDEX), sealed_index)
        write_durably(self.path(name, TEXT), sealed_text)
        return SegmentEntry(
            name,
            records,
            passages,
            sm3(sealed_index).hex(),
            len(sealed_index),
            sm3(sealed_text).hex(),
            len(sealed_text),
        )

    def index(self, entry: SegmentEntry) -> Segment:
        """The index part. Raises IntegrityFailure when one bit of the file differs."""
        return Segment(self._open(entry, INDEX, self._keys.index), entry.id)

    def lines(self, entry: SegmentEntry) -> dict[RecordId, bytes]:
        """The text part: record id -> its line."""
        return read_text(self._open(entry, TEXT, self.text_key()))

    def check(self, entry: SegmentEntry, part: str) -> None:
        """Authenticate every byte of one file; the seal too where this room holds its key."""
        key = self._keys.index if part == INDEX else self._keys.text
        if key is None:
            self._sealed(entry, part)
        else:
            self._open(entry, part, key)

    def text_key(self) -> bytes:
        """The narrative key; Unavailable in a room that has none."""
        if self._keys.text is None:
            raise Unavailable("no_text_key", "This room holds no narrative key: ask the strong room.")
        return self._keys.text

    def path(self, name: str, part: str) -> Path:
        """Where a part lies."""
        return self._folder / f"{name}.{part}"

    def sweep(self, named: set[str]) -> None:
        """Remove what a crash left: unfinished files, and segments that no manifest names."""
        for path in self._folder.iterdir():
            if path.suffix == ".new" or path.stem not in named:
                path.unlink(missing_ok=True)

    def _open(self, entry: SegmentEntry, part: str, key: bytes) -> bytes:
        return unseal(key, self._sealed(entry, part), aad(entry.id, part))

    def _sealed(self, entry: SegmentEntry, part: str) -> bytes:
        path = self.path(entry.id, part)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise IntegrityFailure("segment_missing", f"Shelf file {path.name} is missing; restore it.") from None
        if sm3(data).hex() != (entry.index_sm3 if part == INDEX else entry.text_sm3):
            raise IntegrityFailure("segment_altered", f"Shelf file {path.name} was altered; restore it from a backup.")
        return data


def aad(name: str, part: str) -> bytes:
    """What a segment's seal is bound to: its own name and part, so that files cannot be swapped."""
    return f"lantai/shelf/{name}/{part}".encode()
