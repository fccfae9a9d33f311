"""Editions that a request names stay on the shelf; others go once they are no longer among the latest."""

from __future__ import annotations

import os
import threading
import time

import pytest

from approvals import editions
from records.ids import EditionNumber
from rooms.jobs import RECENT
from tests.conftest import Home
from tests.rooms_open import COHORT, Person, request_toml, strong_room
from tests.semantic_shelf import record


def test_what_a_request_names_is_kept(home: Home) -> None:
    with strong_room(home.path) as room:
        researcher = Person(room, "researcher")
        cohort = researcher("cohort.save", toml=COHORT, name="kept")["hash"]
        researcher("request.submit", toml=request_toml(cohort))
        asked = room.shelf.current()
        assert editions.named(room.ledger) == {asked}
        before = room.shelf.edition(asked).records
        for number in range(RECENT + 3):
            fresh = [record(number, ("诊断", f"肺炎{number}"))]
            room.shelf.publish(fresh, room.encoder, room.lexicon)
        room.shelf.merge(above=1)
        room.jobs.forget()
        newest = room.shelf.current()
        assert room.shelf.kept() == (asked, *(EditionNumber(newest - RECENT + 1 + at) for at in range(RECENT)))
        assert room.shelf.edition(asked).records == before
        assert not room.shelf.verify()


def test_a_job_gives_way_to_those_who_wait_for_an_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    with strong_room(home.path) as room:
        monkeypatch.setattr(room.jobs, "_ingest", lambda _: seen.append(own_priority()))
        job = room.jobs.start("archivist", None)
        end = time.monotonic() + 10
        while not room.jobs.progress(job)["finished"] and time.monotonic() < end:
            time.sleep(0.01)
        assert seen == [max(5, own_priority())]


def own_priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
