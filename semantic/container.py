"""Named byte parts in one byte string, so that a segment seals as one object. Never reads a file or holds a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from records.errors import IntegrityFailure

MAGIC: Final = b"LTSG4\n"
_ALIGN: Final = 64

Array = npt.NDArray[Any]


def pack(parts: Mapping[str, bytes | Array]) -> bytes:
    """The parts in the order given, each aligned to 64 bytes so that arrays can be viewed without a copy."""
    table: list[list[Any]] = []
    chunks: list[bytes] = []
    offset = 0
    for name, part in parts.items():
        data, dtype, shape = _flat(part)
        table.append([name, offset, len(data), dtype, shape])
        padding = -len(data) % _ALIGN
        chunks += [data, b"\0" * padding]
        offset += len(data) + padding
    header = json.dumps(table, separators=(",", ":")).encode()
    lead = MAGIC + len(header).to_bytes(4, "big") + header
    return b"".join([lead, b"\0" * (-len(lead) % _ALIGN), *chunks])


def unpack(data: bytes) -> dict[str, Any]:
    """Name -> array (a read-only view of `data`) or bytes. Raises IntegrityFailure("segment_shape")."""
    if not data.startswith(MAGIC):
        raise IntegrityFailure("segment_shape", "A shelf segment has an unknown form; restore it from a backup.")
    size = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big")
    start = len(MAGIC) + 4
    table = json.loads(data[start : start + size])
    body = start + size
    body += -body % _ALIGN
    view = memoryview(data)
    parts: dict[str, Any] = {}
    for name, offset, length, dtype, shape in table:
        piece = view[body + offset : body + offset + length]
        parts[name] = bytes(piece) if dtype is None else np.frombuffer(piece, dtype=dtype).reshape(shape)
    return parts


def _flat(part: bytes | Array) -> tuple[bytes, str | None, list[int] | None]:
    if isinstance(part, bytes):
        return part, None, None
    flat = np.ascontiguousarray(part)
    return flat.tobytes(), flat.dtype.str, list(flat.shape)
