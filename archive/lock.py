"""One strong room per home. It must never outlive the process that took it, not even in that process's children."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType

from archive.disk import private_folder
from records.errors import Unavailable

_held: set[Path] = set()
_held_guard = threading.Lock()


class HomeLock:
    """The lock of one home, held from construction to `release`. A POSIX lock, since flock would live on in the
    workers that a killed strong room leaves behind; within one process a set of held paths does the same job."""

    def __init__(self, strong: Path) -> None:
        """`strong` is the strong room's folder. Raises Unavailable("home_in_use")."""
        private_folder(strong)
        self._path = (strong / "lock").resolve()
        self._process = os.getpid()
        with _held_guard:
            if self._path in _held:
                raise _in_use()
            self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(self._descriptor)
                raise _in_use() from None
            _held.add(self._path)

    def release(self) -> None:
        """Gives the home back; a second call does nothing, nor does one in a forked child."""
        with _held_guard:
            if self._descriptor >= 0 and os.getpid() == self._process:
                os.close(self._descriptor)
                _held.discard(self._path)
            self._descriptor = -1

    def __enter__(self) -> HomeLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def _in_use() -> Unavailable:
    return Unavailable("home_in_use", "Another strong room has this home open; stop it, or set LANTAI_HOME to another.")
