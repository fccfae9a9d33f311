"""Guarded children that read files: one `Guard` is one child, a `GuardPool` keeps as many as there are cores. A child
that hangs, crashes or eats memory costs its own file only. Started by exec, never forked: no key goes with them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from ingest.limits import Limits
from ingest.ocr.tesseract import MEMORY_FOLDER
from ingest.rejects import Reason
from ingest.worker import FRAME, PARENT

_PREFIX: Final = "lantai-read-"
_MAX_ANSWER: Final = 512 * 1024 * 1024
_OUT_OF_MEMORY: Final = -9  # SIGKILL, by the kernel's OOM killer or our own timeout
_OUT_OF_CPU: Final = -24  # SIGXCPU


class Guard:
    """One child, started at the first file and again after each that ended it. Not for several threads at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._temp: Path | None = None

    def ask(self, task: str, data: bytes, suffix: str = "", **more: str) -> str | Reason:
        """The child's answer to "process", "ocr", "pieces", "mask" (which takes `known`) or "page" (`known` and the
        `page`), or why there is none."""
        if len(data) > self.limits.file_bytes:
            return Reason.TOO_LARGE
        child = self._started()
        request = json.dumps({"task": task, "suffix": suffix, "more": more}).encode()
        deadline = time.monotonic() + self.limits.wall_seconds(len(data))
        try:
            body = _exchange(child, (request, data), deadline)
        except TimeoutError:
            self.close()
            return Reason.TOO_SLOW
        except (OSError, EOFError):
            return self._cause_of_death()
        return _read_answer(body)

    def close(self) -> None:
        """Ends the child and removes its temp folder."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        if self._temp is not None:
            shutil.rmtree(self._temp, ignore_errors=True)
        self._child = self._temp = None

    def stop(self) -> None:
        """Ends the child from another thread: the file in hand comes to nothing."""
        if self._child is not None:
            with contextlib.suppress(OSError):
                self._child.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _cause_of_death(self) -> Reason:
        code = None
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._child.wait(timeout=5)
        self.close()
        return {_OUT_OF_MEMORY: Reason.TOO_HUNGRY, _OUT_OF_CPU: Reason.TOO_SLOW}.get(code or 0, Reason.CRASHED)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        self._temp = _memory_folder()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "ingest.worker", json.dumps(asdict(self.limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._temp),
            cwd=Path(__file__).resolve().parents[1],
            close_fds=True,
        )
        return self._child


class GuardPool:
    """`workers` guards side by side (default: one a core). Models load once a child and stay."""

    def __init__(self, workers: int | None = None, limits: Limits | None = None) -> None:
        count = workers or os.cpu_count() or 1
        sweep_temp()
        self._guards = [Guard(limits) for _ in range(count)]
        self._free: queue.SimpleQueue[Guard] = queue.SimpleQueue()
        for guard in self._guards:
            self._free.put(guard)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="read")
        self._closing = threading.Event()

    def map(
        self, task: str, items: Iterable[tuple[str, Callable[[], tuple[bytes, str]]]]
    ) -> Iterator[tuple[str, str | Reason]]:
        """(key, answer) as they come, in any order. Bytes are fetched when a child is free, twice the pool ahead."""
        running: dict[Future[str | Reason], str] = {}
        todo = iter(items)
        more = True
        done: queue.SimpleQueue[Future[str | Reason]] = queue.SimpleQueue()
        while True:
            while more and len(running) < 2 * len(self._guards):
                item = next(todo, None)
                if item is None:
                    more = False
                    break
                future = self._threads.submit(self._one, task, item[1])
                running[future] = item[0]
                future.add_done_callback(done.put)
            if not running:
                return
            finished = done.get()
            yield running.pop(finished), finished.result()

    def close(self) -> None:
        """Ends all children; work under way comes to nothing."""
        self._closing.set()
        for guard in self._guards:
            guard.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for guard in self._guards:
            guard.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _one(self, task: str, fetch: Callable[[], tuple[bytes, str]]) -> str | Reason:
        data, suffix = fetch()
        guard = self._free.get()
        try:
            return Reason.CRASHED if self._closing.is_set() else guard.ask(task, data, suffix)
        finally:
            self._free.put(guard)


def sweep_temp() -> None:
    """Removes temp folders whose process is gone: what a kill left behind in memory."""
    for folder in MEMORY_FOLDER.glob(f"{_PREFIX}*") if MEMORY_FOLDER.is_dir() else ():
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _memory_folder() -> Path:
    """A private folder in memory. Where there is none, one that cannot be written to: nothing may touch a disk."""
    prefix = f"{_PREFIX}{os.getpid()}-"
    if MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK):
        return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY_FOLDER))
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o500)
    return folder


def _environment(temp: Path) -> dict[str, str]:
    """Only what reading needs; no passphrase file, no token of the parent's environment."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "HOME") if name in os.environ
    }
    root = str(Path(__file__).resolve().parents[1])
    return kept | {
        "TMPDIR": str(temp), "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
        PARENT: str(os.getpid()),
    }  # fmt: skip


def _read_answer(body: bytes) -> str | Reason:
    try:
        answer = json.loads(body)
        return Reason(answer["reject"]) if "reject" in answer else str(answer["value"])
    except (ValueError, KeyError, TypeError):
        return Reason.CRASHED


def _exchange(child: subprocess.Popen[bytes], frames: tuple[bytes, ...], deadline: float) -> bytes:
    """Sends the frames and reads one back. Raises TimeoutError at the deadline, OSError or EOFError if it ends."""
    assert child.stdin is not None
    assert child.stdout is not None
    sender = threading.Thread(target=_send, args=(child.stdin, frames), daemon=True)
    sender.start()
    size = FRAME.unpack(_receive(child.stdout, FRAME.size, deadline))[0]
    if size > _MAX_ANSWER:
        raise EOFError
    return _receive(child.stdout, size, deadline)


def _send(stream: IO[bytes], frames: tuple[bytes, ...]) -> None:
    with contextlib.suppress(OSError, ValueError):  # a dead child is noticed by the reader
        for frame in frames:
            stream.write(FRAME.pack(len(frame)))
            stream.write(frame)
        stream.flush()


def _receive(stream: IO[bytes], size: int, deadline: float) -> bytes:
    chunks: list[bytes] = []
    descriptor = stream.fileno()
    while size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError
        chunk = os.read(descriptor, min(size, 1 << 20))
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
