"""The second place: a file, kept apart from the ledger, that remembers how far the register had come.

Each commit appends a short line; every so often, and on demand, a line signed with SM2 that names the signed line
before it. It must never lie in the same backup or on the same disk as the ledger if it is to show that both were
rolled back.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from approvals.chain import GENESIS
from records.canonical import canonical
from records.errors import IntegrityFailure
from records.seal import sm3

Sign = Callable[[bytes], bytes]  # message -> SM2 signature (DER)
Check = Callable[[bytes, bytes], bool]  # message, signature -> genuine?

SIGN_EVERY: Final = 64
BLOCK: Final = 16_384


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line: the register's head at that time; `signature` is hex and empty for a plain line."""

    seq: int
    head: str
    at: str = ""
    prev: str = ""
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        return b"lantai/checkpoint/1" + canonical(
            {"seq": self.seq, "hash": self.head, "at": self.at, "prev": self.prev}
        )

    def line(self) -> bytes:
        """The line as it stands in the file, without its end."""
        fields: dict[str, Any] = {"seq": self.seq, "hash": self.head}
        if self.signature:
            fields |= {"at": self.at, "prev": self.prev, "sig": self.signature}
        return canonical(fields)


class Checkpoints:
    """The file at `path` and the callable that signs. Safe for several processes."""

    def __init__(self, path: Path, sign: Sign, every: int = SIGN_EVERY) -> None:
        self.path = path
        self._sign = sign
        self._every = every

    def note(self, seq: int, head: str, at: str) -> None:
        """After a commit: a plain line, or a signed one when its turn has come. Raises OSError."""
        if seq == 1 or seq % self._every == 0:
            self.sign(seq, head, at)
            return
        with self._open() as file:
            file.write(Checkpoint(seq, head).line() + b"\n")

    def sign(self, seq: int, head: str, at: str) -> Checkpoint:
        """A signed line, on the disk when this returns. Raises OSError."""
        with self._open() as file:
            last = _last_signed(file)
            prev = sm3(last).hex() if last else GENESIS
            point = Checkpoint(seq, head, at, prev)
            point = Checkpoint(seq, head, at, prev, self._sign(point.message()).hex())
            file.seek(0, os.SEEK_END)
            file.write(point.line() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return point

    @contextmanager
    def _open(self) -> Iterator[Any]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _drop_torn_line(file)
            file.seek(0, os.SEEK_END)
            yield file


def _drop_torn_line(file: Any) -> None:
    """A crash can leave half a line; it says nothing that the register does not say."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return
    file.seek(max(0, size - 4096))
    tail = file.read()
    if not tail.endswith(b"\n"):
        file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)


def _last_signed(file: Any) -> bytes:
    """The last signed line, read from the end: the file grows with every commit."""
    start = file.seek(0, os.SEEK_END)
    tail = b""
    while start > 0:
        size = min(BLOCK, start)
        start = file.seek(start - size)
        tail = file.read(size) + tail
        signed = [line for line in tail.splitlines()[1 if start else 0 :] if b'"sig"' in line]
        if signed:
            return bytes(signed[-1])
    return b""


def read(path: Path) -> Iterator[tuple[int, Checkpoint]]:
    """(line number, checkpoint). Raises IntegrityFailure("checkpoint_unreadable") naming the line."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            yield number, _parse(line, number)


def _parse(line: bytes, number: int) -> Checkpoint:
    try:
        fields = json.loads(line)
        point = Checkpoint(
            int(fields["seq"]),
            str(fields["hash"]),
            str(fields.get("at", "")),
            str(fields.get("prev", "")),
            str(fields.get("sig", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        point = Checkpoint(0, "")
    if point.line() + b"\n" != line:
        raise IntegrityFailure(
            "checkpoint_unreadable", f"Line {number} of the checkpoint file was altered; compare it with a copy."
        )
    return point


def problems(
    path: Path, heads: Callable[[int], str | None], last: int, check: Check | None
) -> Iterator[tuple[str, str]]:
    """(id, problem) for every line that the register contradicts. `heads(seq)` is the stored hash of an entry,
    `last` the last seq.
    """
    prev, number = GENESIS, 0
    try:
        for number, point in read(path):
            if number == 1 and point.seq != 1:
                yield "checkpoint line 1", f"begins at entry {point.seq}: the file before it was removed"
            if point.signature:
                if check is not None and not _genuine(point, check):
                    yield f"checkpoint line {number}", "its SM2 signature is not genuine"
                if point.prev != prev:
                    yield f"checkpoint line {number}", "a signed checkpoint before it was removed or reordered"
                prev = sm3(point.line()).hex()
            if point.seq > last:
                yield f"register/{point.seq}", "removed: the register was truncated before this checkpoint"
            elif heads(point.seq) != point.head:
                yield f"register/{point.seq}", "rewritten: the register differs from its checkpoint"
    except IntegrityFailure:
        yield f"checkpoint line {number + 1}", "altered"
    if number == 0 and last > 0:
        yield "checkpoints", "missing: the file in the second place is empty or gone"


def _genuine(point: Checkpoint, check: Check) -> bool:
    try:
        return check(point.message(), bytes.fromhex(point.signature))
    except ValueError:
        return False
