"""How an object lies in a vault segment, and how to find every one again from the bytes alone. Checksums here tell torn
from whole; they must never be taken for authentication, which is the seal's."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from records.errors import BadInput
from records.ids import RecordId

MAGIC: Final = b"LTF1"
_HEAD: Final = struct.Struct(">4sBBII")  # magic, length of the record id, of the part, version, length of the body
_SUM: Final = struct.Struct(">I")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CHUNK: Final = 1 << 20
_LONGEST_HEAD: Final = _HEAD.size + 64 + 64 + _SUM.size


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose header is sound. `length` bytes from `offset`, checksums included; `whole` if its body is, too."""

    offset: int
    length: int
    record: RecordId
    part: str
    version: int
    body: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes from `offset` to `end` that are no sound frame; `cut_short` if a header announces more than there is."""

    offset: int
    end: int
    record: str = ""
    cut_short: bool = False


def checked_name(name: str) -> str:
    """`name` if it can stand in a frame. Raises BadInput("bad_name")."""
    if not _NAME.fullmatch(name):
        raise BadInput("bad_name", "Name records and parts with up to 64 ASCII letters, digits, dots and dashes.")
    return name


def encode(record: RecordId, part: str, version: int, body: bytes) -> bytes:
    """The bytes of one frame: header, names, header sum, body, frame sum."""
    names = checked_name(record).encode() + checked_name(part).encode()
    head = _HEAD.pack(MAGIC, len(record), len(part), version, len(body)) + names
    head += _SUM.pack(zlib.crc32(head))
    return b"".join((head, body, _SUM.pack(zlib.crc32(body, zlib.crc32(head)))))


def decode(data: bytes) -> Frame | None:
    """The frame that `data` is exactly, or None."""
    header = _header(data)
    if header is None:
        return None
    record, part, version, head_length, body_length = header
    if len(data) != head_length + body_length + _SUM.size:
        return None
    body = data[head_length : -_SUM.size]
    whole = _SUM.unpack(data[-_SUM.size :])[0] == zlib.crc32(body, zlib.crc32(data[:head_length]))
    return Frame(0, len(data), record, part, version, body, whole)


def scan(path: Path, start: int = 0, end: int | None = None) -> Iterator[Frame | Gap]:
    """Every frame and gap of a segment from `start` (a frame's beginning) to `end` (the file's, if None), in order."""
    size = path.stat().st_size
    end = size if end is None else min(end, size)
    with path.open("rb") as file:
        offset = start
        while offset < end:
            found = _at(file, offset, end)
            yield found
            offset = found.end if isinstance(found, Gap) else found.offset + found.length


def _at(file: BinaryIO, offset: int, end: int) -> Frame | Gap:
    file.seek(offset)
    head = file.read(min(_LONGEST_HEAD, end - offset))
    header = _header(head)
    if header is None:
        return Gap(offset, _next_header(file, offset + 1, end))
    record, part, version, head_length, body_length = header
    length = head_length + body_length + _SUM.size
    if offset + length > end:
        return Gap(offset, _next_header(file, offset + 1, end), record, cut_short=True)
    file.seek(offset + head_length)
    body, stored = file.read(body_length), file.read(_SUM.size)
    whole = stored == _SUM.pack(zlib.crc32(body, zlib.crc32(head[:head_length])))
    return Frame(offset, length, record, part, version, body, whole)


def _header(data: bytes) -> tuple[RecordId, str, int, int, int] | None:
    """record, part, version, length of the header, length of the body; None if `data` does not begin with a header."""
    if len(data) < _HEAD.size + _SUM.size:
        return None
    magic, record_length, part_length, version, body_length = _HEAD.unpack_from(data)
    names_end = _HEAD.size + record_length + part_length
    head_length = names_end + _SUM.size
    if magic != MAGIC or len(data) < head_length:
        return None
    if data[names_end:head_length] != _SUM.pack(zlib.crc32(data[:names_end])):
        return None
    try:
        names = data[_HEAD.size : names_end].decode("ascii")
    except UnicodeDecodeError:
        return None
    return RecordId(names[:record_length]), names[record_length:], version, head_length, body_length


def _next_header(file: BinaryIO, offset: int, end: int) -> int:
    """Where the next sound header begins, or `end`."""
    while offset < end:
        file.seek(offset)
        window = file.read(min(_CHUNK + _LONGEST_HEAD, end - offset))
        at = window.find(MAGIC)
        while 0 <= at < _CHUNK:
            if _header(window[at : at + _LONGEST_HEAD]) is not None:
                return offset + at
            at = window.find(MAGIC, at + 1)
        offset += _CHUNK
    return end
