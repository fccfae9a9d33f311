"""What a report of a leak does to the archive: the words are sealed beside the record, records that hold them leave the
shelf, are de-identified again and come back clean. Every step may be done twice; a kill between two loses nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from approvals import leaks
from approvals.leaks import Fix, Leak, Scope
from approvals.states import LeakState
from archive.identity import KnownIdentifier
from records.ids import RecordId
from records.texts import IdentifiedText
from rooms.marked import Marked

if TYPE_CHECKING:
    from ingest.line import Line
    from rooms.strong import StrongRoom

BATCH: Final = 5_000  # records that come back together


def keep(room: StrongRoom, record: RecordId, leak: str, marked: Marked, sentence: str) -> None:
    """Seal the words in the vault under the record's own key: they go when the record is disposed of."""
    body = json.dumps({"words": marked.words, "sentence": sentence}, ensure_ascii=False)
    room.vault.put(record, _part(leak), body.encode())


def kept(room: StrongRoom, leak: Leak) -> tuple[Marked, str]:
    """The words and the sentence they were seen in. Raises what the vault raises."""
    body = json.loads(room.vault.get(leak.record, _part(leak.id)))
    return Marked(body["words"]), body["sentence"]


def settle(room: StrongRoom) -> None:
    """The shelf holds back exactly what open reports keep off it; holds from the next call, in every process."""
    with room.withholding:
        room.shelf.withhold(leaks.off_the_shelf(room.ledger))


def reach(room: StrongRoom, leak: Leak, scope: Scope, marked: Marked) -> tuple[frozenset[RecordId], int]:
    """Records on the shelf that hold the words and lie within the scope; and how many hold them outside it."""
    holding = room.shelf.seek(marked.stand_in)
    if scope is Scope.HOSPITAL:
        return holding, 0
    entry = room.catalogue.record(leak.record)
    own = {item.record for item in room.catalogue.records_of(entry.patient)} if entry else {leak.record}
    return holding & own, len(holding - own)


def make_known(room: StrongRoom, leak: Leak, marked: Marked) -> None:
    """The words become an identifier of the patient, or of the hospital; sealed in the catalogue."""
    patients = room.catalogue.patients
    with room.catalogue.batch():
        if leak.scope is Scope.HOSPITAL:
            patients.add_listed(leak.entity, marked.words)
        elif (entry := room.catalogue.record(leak.record)) is not None:
            known = KnownIdentifier(leak.entity, IdentifiedText(marked.words))
            patients.learn(patients.canonical(entry.patient), None, [known])
    room.learned()


def again(
    room: StrongRoom,
    line: Line,
    user: str,
    leak_id: str,
    tell: Callable[[int, int], None],
    stop: threading.Event,
) -> None:
    """De-identify again what waits for a confirmed leak; what no longer holds the words comes back in every edition."""
    leak = leaks.one(room.ledger, leak_id)
    marked, _ = kept(room, leak)
    if leak.fix is Fix.LIST:
        make_known(room, leak, marked)  # a kill after the decision may have come before this
    found, _ = reach(room, leak, leak.scope, marked)  # also what a run of the line shelved meanwhile
    if not found <= leak.waiting:
        leak = leaks.recheck(room.ledger, user, leak_id, more=found)
        settle(room)
    waiting = sorted(leak.waiting)
    for done in range(0, len(waiting), BATCH):
        tell(done, len(waiting))
        clean = [one for one in line.again(waiting[done : done + BATCH], stop) if not marked.stand_in(one)]
        if stop.is_set():
            return
        if clean:
            room.shelf.correct(clean, room.encoder, room.lexicon)
        last = done + BATCH >= len(waiting)
        leaks.recheck(room.ledger, user, leak_id, clean=[one.row.record for one in clean], last=last)
        settle(room)
    tell(len(waiting), len(waiting))


def resume(room: StrongRoom) -> list[str]:
    """After a crash: what is reported is off the shelf. Answers the confirmed leaks whose records still wait."""
    settle(room)
    return [leak.id for leak in leaks.undecided(room.ledger) if leak.state is LeakState.CONFIRMED and not leak.checked]


def _part(leak: str) -> str:
    return f"leak-{leak.lower()}"
