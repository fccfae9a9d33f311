"""Threads whose work can wait: they leave the processors to whoever waits for an answer."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Final

_NICE: Final = 5


def give_way() -> None:
    """From now on the calling thread runs behind those of usual priority; that cannot be undone."""
    here = threading.get_native_id()  # Linux counts it for the thread alone
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, here, max(_NICE, os.getpriority(os.PRIO_PROCESS, here)))


def behind(name: str, work: Callable[[], object]) -> threading.Thread:
    """A started daemon thread of that name, which gives way and does the work."""

    def run() -> None:
        give_way()
        work()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
