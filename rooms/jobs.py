"""Long work of the strong room, one job at a time: deposits go through the line, reported leaks through it again. A
kill loses none of them."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from approvals import editions
from approvals.ledger import Entry
from archive.catalogue import Deposit
from archive.catalogue_schema import DepositState
from ingest.line import Line
from records.errors import BadInput, IntegrityFailure, LantaiError
from records.ids import EditionNumber
from records.threads import give_way
from rooms.leaks import again, resume

if TYPE_CHECKING:
    from rooms.strong import StrongRoom

log = logging.getLogger(__name__)
RECENT: Final = 20


@dataclass
class Job:
    """What one job has done so far; read by progress calls while it runs."""

    id: str
    actor: str
    wanted: list[str] | None
    stage: str = "waiting"
    done: int = 0
    total: int = 0
    edition: int = 0
    finished: bool = False
    error: LantaiError | None = None
    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)


class Jobs:
    """The queue of jobs. One worker thread, behind those that answer people: the line itself spreads over processes."""

    def __init__(self, room: StrongRoom) -> None:
        self._room = room
        self._jobs: dict[str, Job] = {}
        self._numbers = itertools.count(1)
        self._worker = ThreadPoolExecutor(1, "line", give_way)
        self._stop = threading.Event()
        self._registering = threading.Lock()

    def start(self, actor: str, deposits: list[str] | None) -> str:
        """Queue a run over all that waits; `deposits` are those whose outcome it reports (None: all it touches)."""
        return self._queue(Job("", actor, deposits), self._ingest)

    def again(self, actor: str, leak: str) -> str:
        """Queue the records that wait for a reported leak, to be de-identified again."""
        return self._queue(Job("", actor, []), lambda job: self._again(job, leak))

    def _queue(self, job: Job, work: Callable[[Job], None]) -> str:
        job.id = f"J{next(self._numbers)}"
        self._jobs[job.id] = job
        running: Future[None] = self._worker.submit(self._run, job, work)
        running.add_done_callback(lambda _: setattr(job, "finished", True))
        return job.id

    def progress(self, job_id: str) -> dict[str, Any]:
        """Where a job stands. Raises its error once, as the caller's own."""
        job = self._jobs.get(job_id)
        if job is None:
            raise BadInput(
                "job_unknown",
                "There is no such job here; the strong room may have been restarted. Ingest again: it goes on.",
            )
        if job.error is not None:
            raise job.error
        shown = ("stage", "done", "total", "accepted", "rejected", "edition", "finished")
        return {name: getattr(job, name) for name in shown}

    def states(self) -> dict[str, str]:
        """Unfinished jobs and their stage."""
        return {job.id: job.stage for job in self._jobs.values() if not job.finished}

    def recover(self) -> None:
        """After a crash: put into the register what the catalogue knows and it does not; take up reported leaks."""
        self.register_states("system")
        try:
            waiting = resume(self._room)
        except IntegrityFailure as damage:  # nothing is served from such a shelf; `verify` must open to name it
            log.error("shelf damaged: %s", damage.code)
            return
        for leak in waiting:
            self.again("system", leak)

    def register_states(self, actor: str) -> None:
        """One register entry for each deposit's state that the register has not seen."""
        with self._registering:
            for deposit in self._room.catalogue.unregistered():
                detail = {"deposit": deposit.id, "reason": deposit.reason, "edition": deposit.edition}
                action = f"deposit.{deposit.state.value.lower()}"
                self._room.ledger.record(Entry(actor, action, deposit.record, detail=detail))
                self._room.catalogue.mark_registered([deposit])

    def close(self) -> None:
        """Stop after the record in hand; the rest goes on at the next run."""
        self._stop.set()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: Job, work: Callable[[Job], None]) -> None:
        try:
            work(job)
            job.stage = "finished"
        except LantaiError as error:
            job.error = error
        except Exception as error:  # noqa: BLE001 - a job must end with an answer; the kind is enough, its text may quote a record
            log.error("job failed: %s", type(error).__name__)
            job.error = BadInput(
                "job_failed", "The run stopped on an unexpected error; nothing acknowledged is lost, run it again."
            )

    def _again(self, job: Job, leak: str) -> None:
        def progressed(done: int, total: int) -> None:
            job.stage, job.done, job.total = "deidentify", done, total

        again(self._room, self.line(), job.actor, leak, progressed, self._stop)
        job.edition = int(self._room.shelf.current())

    def _ingest(self, job: Job) -> None:
        waiting = {item.id for item in self._room.catalogue.pending()}
        self._take_through(job)
        self._report(job, waiting)

    def line(self) -> Line:
        """The line over this home's stores."""
        room = self._room
        return Line(
            vault=room.vault, catalogue=room.catalogue, keys=room.keys, shelf=room.shelf,
            deidentifier=room.deidentifier, encoder=room.encoder, lexicon=room.lexicon, workers=room.config.workers,
        )  # fmt: skip

    def _take_through(self, job: Job) -> None:
        room = self._room

        def progressed(stage: str, done: int, total: int) -> None:
            job.stage, job.done, job.total = stage, done, total
            self.register_states(job.actor)

        self.line().run(room.catalogue.pending(), progress=progressed, stop=self._stop)
        self.register_states(job.actor)
        if self.outdated():
            progressed("rebuild", 0, 1)
            room.shelf.publish([], room.encoder, room.lexicon)
            room.ledger.record(Entry(job.actor, "shelf.rebuilt", detail={"edition": int(room.shelf.current())}))
        if room.shelf.merge_later() is None:
            self.forget()
        job.edition = int(room.shelf.current())

    def forget(self) -> None:
        """Take editions off the shelf that nobody names, but for the latest, which a reader may just be asking for."""
        shelf = self._room.shelf
        shelf.prune([*map(EditionNumber, editions.named(self._room.ledger)), *shelf.kept()[-RECENT:]])

    def outdated(self) -> bool:
        """Whether the current edition was made by another encoder or lexicon than this home now uses."""
        manifest = self._room.shelf.manifest()
        mine = (self._room.encoder.id, self._room.lexicon.version)
        return bool(manifest.segments) and (manifest.encoder, manifest.lexicon) != mine

    def _report(self, job: Job, waiting: set[str]) -> None:
        wanted = waiting if job.wanted is None else set(job.wanted)
        for item in self._room.catalogue.deposits():
            if item.id in wanted:
                self._outcome(job, item, item.id in waiting)

    def _outcome(self, job: Job, item: Deposit, fresh: bool) -> None:
        if item.state is DepositState.REJECTED:
            job.rejected.append({"deposit": item.id, "reason": item.reason})
        else:
            job.accepted.append({"deposit": item.id, "record": item.record, "new": fresh})
