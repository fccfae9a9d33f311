"""Blacked-out page pictures (遮盖页) of granted records: made one after another in guarded children, judged here once
more by what another child reads off them, and kept for a while in the strong room's memory only. Fails closed."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from deid.api import Known
from deid.residual import scan
from deid.spans import Span
from ingest.guard import Guard
from ingest.line import Line
from ingest.mask.file import known_text
from ingest.mask.page import Area, still_read
from ingest.ocr.engine import OcrLine
from ingest.rejects import Reason
from records.errors import BadInput, LantaiError
from records.ids import RecordId
from records.texts import IdentifiedText

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

log = logging.getLogger(__name__)
TRIES: Final = 2  # what the second look finds is made known once, and the page blacked out again
KEPT_SECONDS: Final = 1800.0
KEPT_BYTES: Final = 96 * 1024 * 1024
WAITING: Final = 24
WAITING_EACH: Final = 4
_JPEG: Final = b"\xff\xd8\xff"

Key = tuple[RecordId, int]


@dataclass(slots=True)
class _Made:
    """One page: for whom it was begun, when, and its picture or why there is none, once that is known."""

    user: str
    work: Future[bytes | Reason]
    since: float = field(default_factory=time.monotonic)


class Pages:
    """The pages in hand and those made lately. Safe to share between threads; nothing of it touches a disk."""

    def __init__(self, room: StrongRoom) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._made: OrderedDict[Key, _Made] = OrderedDict()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")
        self._guards: list[Guard] = []
        self._closing = threading.Event()

    def of(self, record: RecordId) -> int:
        """How many pages a record has that was a scan; 0 for any other."""
        transcript = json.loads(self._room.vault.get(record, "transcript"))
        pages = transcript["pages"]
        return len(pages) if any(page["source"] == "ocr" for page in pages) else 0

    def begin(self, user: str, record: RecordId, page: int) -> bool:
        """Start to make a page, unless it is made or being made; whether it was started now. Who may see the record is
        the caller's to decide. Raises BadInput("pages_busy")."""
        with self._lock:
            self._drop_old()
            if (record, page) in self._made:
                return False
            self._room_for_one_more(user)
            self._made[record, page] = _Made(user, self._worker.submit(self._make, record, page))
            return True

    def look(self, record: RecordId, page: int) -> bytes | Reason | None:
        """The picture (JPEG), why there is none, or None while it is not made."""
        with self._lock:
            made = self._made.get((record, page))
            return made.work.result() if made and made.work.done() else None

    def forget(self) -> None:
        """Drop every page: something has become known that they were made without."""
        with self._lock:
            self._made.clear()

    def close(self) -> None:
        """End the work in hand; nothing is lost by it."""
        self._closing.set()
        for guard in list(self._guards):
            guard.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _drop_old(self) -> None:
        """What was made long ago, and the oldest while all of it is too much."""
        done = [(key, one) for key, one in self._made.items() if one.work.done()]
        sizes = {key: _size(one) for key, one in done}
        held = sum(sizes.values())
        for key, one in done:
            if held > KEPT_BYTES or time.monotonic() - one.since > KEPT_SECONDS:
                held -= sizes[key]
                del self._made[key]

    def _room_for_one_more(self, user: str) -> None:
        waiting = [one.user for one in self._made.values() if not one.work.done()]
        if len(waiting) >= WAITING or waiting.count(user) >= WAITING_EACH:
            raise BadInput("pages_busy", "Several pages are being blacked out already; look at those first.")

    def _make(self, record: RecordId, page: int) -> bytes | Reason:
        """Any failure is a reason and no picture; what went wrong is logged by its kind, since its text may quote."""
        try:
            known = list(self._line().known_of(record))
            for _ in range(TRIES):
                picture, left = self._attempt(record, page, known)
                if not left:
                    return picture
                known += left
        except LantaiError as error:
            log.error("page of %s was not made: %s", record, error.code)
        except Exception as error:  # noqa: BLE001
            log.error("page of %s was not made: %s", record, type(error).__name__)
        return Reason.NOT_CLEAN

    def _attempt(self, record: RecordId, page: int, known: Sequence[Known]) -> tuple[bytes | Reason, list[Known]]:
        """The picture, and what can still be read on it."""
        original = self._room.vault.get(record, "original")
        answer = self._asked("page", original, page=str(page), known=known_text(known))
        if isinstance(answer, Reason):
            return answer, []
        picture, areas = _picture(json.loads(answer))
        read = self._asked("pieces", picture)  # another child: this one has never seen the original
        if isinstance(read, Reason):
            return Reason.NOT_CLEAN, []
        return picture, self._still_read(_pieces(read), areas, known)

    def _asked(self, task: str, data: bytes, **more: str) -> str | Reason:
        with Guard() as guard:
            self._guards.append(guard)
            try:
                return Reason.CRASHED if self._closing.is_set() else guard.ask(task, data, **more)
            finally:
                self._guards.remove(guard)

    def _still_read(self, pieces: Sequence[OcrLine], areas: Sequence[Area], known: Sequence[Known]) -> list[Known]:
        """By the first pass, by the second look and by every identifier of the archive."""
        rules, identifiers = self._room.deidentifier, self._room.identifiers()

        def judge(text: str) -> Sequence[Span]:
            found = [Span(left.start, left.end, left.entity, "known", 1.0, "") for left in identifiers.find(text)]
            return [*rules.spans(IdentifiedText(text), known), *scan(text), *found]

        return [Known(span.entity, IdentifiedText(words)) for span, words in still_read(pieces, areas, judge)]

    def _line(self) -> Line:
        return self._room.jobs.line()


def _picture(answer: dict[str, Any]) -> tuple[bytes, list[Area]]:
    """Raises ValueError on anything but a JPEG with its boxes: the child may have been taken over by its file."""
    try:
        picture = base64.b64decode(answer["jpeg"], validate=True)
        areas = [Area(_box(one["box"]), str(one["entity"]), "") for one in answer["boxes"]]
    except (binascii.Error, KeyError, TypeError):
        raise ValueError("no picture") from None
    if not picture.startswith(_JPEG):
        raise ValueError("no picture")
    return picture, areas


def _pieces(answer: str) -> list[OcrLine]:
    return [OcrLine(str(one["text"]), float(one["confidence"]), _box(one["box"])) for one in json.loads(answer)]


def _box(value: Sequence[Any]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (int(side) for side in value)
    return x0, y0, x1, y1


def _size(made: _Made) -> int:
    outcome = made.work.result()
    return len(outcome) if isinstance(outcome, bytes) else 0
