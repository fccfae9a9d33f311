"""One strong room per home, within a process, between processes, and after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.lock import HomeLock
from records.errors import Unavailable

HOLDER = """
import os, sys, time
from pathlib import Path
from archive.lock import HomeLock
lock = HomeLock(Path(sys.argv[1]))
if sys.argv[2] == "worker" and os.fork() == 0:
    os.close(1)
    time.sleep(60)
print(os.getpid(), flush=True)
time.sleep(60)
"""


def holder(strong: Path, kind: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(strong), kind],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    assert process.stdout is not None and process.stdout.readline()
    return process


def test_a_second_strong_room_is_told_what_to_do(tmp_path: Path) -> None:
    with HomeLock(tmp_path):
        with pytest.raises(Unavailable, match="LANTAI_HOME") as caught:
            HomeLock(tmp_path / "." / "")
        assert caught.value.code == "home_in_use"
    lock = HomeLock(tmp_path)
    (tmp_path / "lock").read_bytes()  # a POSIX lock would be gone now
    with pytest.raises(Unavailable):
        HomeLock(tmp_path)
    lock.release()
    lock.release()
    HomeLock(tmp_path).release()


@pytest.mark.parametrize("kind", ["alone", "worker"])
def test_another_process_is_refused_until_the_first_is_killed_even_if_its_worker_lives(
    tmp_path: Path, kind: str
) -> None:
    process = holder(tmp_path, kind)
    try:
        with pytest.raises(Unavailable):
            HomeLock(tmp_path)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        HomeLock(tmp_path).release()
    finally:
        os.killpg(process.pid, signal.SIGKILL) if kind == "worker" else process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
