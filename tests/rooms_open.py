"""Opening a home in tests as each of its people."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from records.ids import RecordId
from rooms.config import Config
from rooms.demo import prepare_logins
from rooms.slot import Slot
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE

TODAY = date.today()


@contextmanager
def strong_room(home: Path) -> Iterator[StrongRoom]:
    """An open strong room."""
    room = StrongRoom.open(Config(home), PASSPHRASE)
    try:
        yield room
    finally:
        room.close()


class Person:
    """A logged-in person: `person("search.run", query=…)`."""

    def __init__(self, slot: Slot, user: str) -> None:
        self.slot = slot
        self.token = str(slot.call("login.demo", username=user)["token"])

    def __call__(self, name: str, /, **args: Any) -> dict[str, Any]:
        return self.slot.call(name, self.token, **args)


def ingest_all(room: StrongRoom, inbox: Path) -> dict[str, Any]:
    """Deposit every file of a folder and wait for the line."""
    archivist = Person(room, "archivist")
    for path in sorted(inbox.rglob("*")):
        if path.is_file():
            archivist("deposit.add", name=path.name, data_b64=base64.b64encode(path.read_bytes()).decode())
    return wait(archivist, archivist("ingest.run")["job"])


def granted_home(home: Path, files: Iterable[tuple[str, bytes]]) -> list[RecordId]:
    """Make a demo home of these files alone, with COHORT granted as G1; the record of each file."""
    config = Config(home)
    StrongRoom.create(config, PASSPHRASE, demo=True)
    with strong_room(home) as room:
        prepare_logins(room)
        archivist = Person(room, "archivist")
        added = [
            archivist("deposit.add", name=name, data_b64=base64.b64encode(data).decode())["record"]
            for name, data in files
        ]
        assert not wait(archivist, archivist("ingest.run")["job"])["rejected"]
        assert open_grant(room)[1] == "G1"
    return [RecordId(record) for record in added]


def wait(person: Person, job: str) -> dict[str, Any]:
    """The last progress of a job."""
    while not (state := person("ingest.progress", job=job))["finished"]:
        time.sleep(0.05)
    return state


COHORT = """
name = "diabetes with a complication"

[[include]]
any = ["糖尿病肾病", "糖尿病视网膜病变", "糖尿病周围神经病变", "糖尿病足"]
"""


def request_toml(
    cohort: str, variables: tuple[str, ...] = ("patient", "type", "department", "year", "sex", "age_band", "text")
) -> str:
    """A complete request for a saved cohort, with the analyst as a member."""
    listed = ", ".join(f'"{name}"' for name in variables)
    return f"""
title = "A test study"
purpose = "To see whether the whole road works."
ethics_number = "T-1"
ethics_end = {TODAY + timedelta(days=200)}
variables = [{listed}]
members = ["analyst"]
cohort = "{cohort}"
[period]
start = {TODAY}
end = {TODAY + timedelta(days=100)}
"""


def open_grant(slot: Slot) -> tuple[str, str]:
    """Request and grant: cohort saved, request submitted, two reviewers approve."""
    researcher = Person(slot, "researcher")
    cohort = researcher("cohort.save", toml=COHORT, name="test")["hash"]
    request = researcher("request.submit", toml=request_toml(cohort))["request"]
    decided: dict[str, Any] = {}
    for reviewer in ("reviewer", "reviewer2"):
        decided = Person(slot, reviewer)("review.decide", request=request, verdict="approve", reason="fine")
    return request, str(decided["grant"])


def release(slot: Slot, grant: str) -> tuple[str, bytes]:
    """A release asked for, passed by two, fetched: its id and the zip's bytes."""
    asked = Person(slot, "analyst")("release.ask", grant=grant)
    assert asked["state"] == "in_check", asked["findings"]
    for releaser in ("releaser", "releaser2"):
        Person(slot, releaser)("release.check", release=asked["release"], verdict="pass", reason="fine")
    fetched = Person(slot, "analyst")("release.fetch", release=asked["release"])
    return asked["release"], base64.b64decode(fetched["zip_b64"])
