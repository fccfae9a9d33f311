"""The guarded child: reads files that may be hostile and answers in JSON. It is given no key and no name, its limits
are set before the first byte comes in, and its only temp folder lies in memory. Started by ingest.guard alone."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from ingest.limits import Limits

PARENT: Final = "LANTAI_GUARD_PARENT"
FRAME: Final = struct.Struct(">Q")
_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Answers requests (a JSON header frame, a data frame) on stdin until it closes."""
    limits = Limits(**json.loads(sys.argv[1])) if len(sys.argv) > 1 else Limits()
    _die_with_parent()
    requests, answers = _take_streams()
    _set_limits(limits)
    tempfile.tempdir = os.environ["TMPDIR"]
    while True:
        header = read_frame(requests)
        if header is None:
            return
        data = read_frame(requests)
        if data is None:
            return
        _allow_cpu(limits.cpu_allowance(len(data)))
        write_frame(answers, json.dumps(_answer(json.loads(header), data, limits), ensure_ascii=True).encode())


def _answer(request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, object]:
    """{"reject": code} or {"value": text}. Nothing of the file is in an error."""
    from ingest.mask.file import masked_page_text, masked_text, pieces_text
    from ingest.process import ocr_text, processed_text
    from ingest.rejects import Reason, Reject

    tasks: dict[str, Callable[..., str]] = {
        "process": processed_text, "ocr": ocr_text, "pieces": pieces_text, "mask": masked_text, "page": masked_page_text
    }  # fmt: skip
    try:
        return {"value": tasks[request["task"]](data, request["suffix"], limits, **request["more"])}
    except Reject as reject:
        return {"reject": reject.reason.value}
    except (MemoryError, RecursionError):
        return {"reject": Reason.TOO_HUNGRY.value}
    except Exception:  # noqa: BLE001 (whatever a file does to a library, the others go on)
        return {"reject": Reason.UNREADABLE.value}
    finally:
        _empty(Path(os.environ["TMPDIR"]))


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes for this module alone: whatever a library prints goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return requests, answers


def _set_limits(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the page in the clear
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.temp_file_bytes, limits.temp_file_bytes))
    with contextlib.suppress(OSError):
        os.nice(5)


def _allow_cpu(seconds: int) -> None:
    """That many more CPU seconds for the next file; the kernel ends this process beyond them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def _die_with_parent() -> None:
    """So that a strong room killed outright leaves no reader behind."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if str(os.getppid()) != os.environ.get(PARENT):  # it went before the line above stood
        os._exit(0)


def _empty(folder: Path) -> None:
    for item in folder.iterdir():
        with contextlib.suppress(OSError):
            item.unlink()


def read_frame(stream: BinaryIO) -> bytes | None:
    """One length-prefixed frame; None at the end of the stream."""
    head = stream.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    size = FRAME.unpack(head)[0]
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Writes and flushes one frame."""
    stream.write(FRAME.pack(len(body)))
    stream.write(body)
    stream.flush()


if __name__ == "__main__":
    main()
