"""One strong room per home. The lock must never outlive the process that took it, not even in its children."""

from __future__ import annotations

import contextlib
import fcntl
import os
import weakref
from pathlib import Path
from types import TracebackType

from archive.disk import private_folder, told_in_words
from records.errors import Unavailable

_held: weakref.WeakSet[HomeLock] = weakref.WeakSet()


class HomeLock:
    """The lock of one home, held from construction to `release`. It is flock, which also keeps a second opening in the
    same process out; a forked worker closes its copy, or it would keep the home of a killed strong room."""

    def __init__(self, strong: Path) -> None:
        """`strong` is the strong room's folder. Raises Unavailable("home_in_use")."""
        with told_in_words():
            private_folder(strong)
            self._descriptor = os.open(strong / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            words = "Another strong room has this home open; stop it, or set LANTAI_HOME to another."
            raise Unavailable("home_in_use", words) from None
        _held.add(self)

    def release(self) -> None:
        """Gives the home back; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)  # in a forked child, this lets go of its copy only

    def __enter__(self) -> HomeLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def _let_go_in_child() -> None:
    for lock in list(_held):
        with contextlib.suppress(OSError):
            lock.release()


os.register_at_fork(after_in_child=_let_go_in_child)
