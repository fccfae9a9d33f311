"""Work that can wait runs behind, and only it."""

from __future__ import annotations

import os
import threading

from records.threads import behind, give_way


def _priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_only_the_thread_that_gives_way_runs_behind() -> None:
    before, seen = _priority(), list[int]()
    thread = behind("waits", lambda: seen.append(_priority()))
    thread.join(10)
    assert thread.name == "waits"
    assert thread.daemon
    assert seen == [max(5, before)]
    assert _priority() == before


def test_giving_way_twice_or_from_further_behind_changes_nothing() -> None:
    seen: list[int] = []

    def work() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
        give_way()
        give_way()
        seen.append(_priority())

    behind("far-behind", work).join(10)
    assert seen == [15]
