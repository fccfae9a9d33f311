"""kill -9 of the strong room at random moments of an ingest: afterwards every record stands once and all verifies."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

from rooms.config import Config
from rooms.demo import prepare_logins
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE
from tests.rooms_open import Person, ingest_all, strong_room

KILLS = 20
FILES = 40


def _ingest(home: Path, inbox: Path) -> None:
    os.setsid()
    with strong_room(home) as room:
        ingest_all(room, inbox)


def test_twenty_kills_lose_and_double_nothing(hospital: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    texts = sorted((hospital / "inbox").rglob("*.json"))[:FILES]
    for path in texts:
        (inbox / path.name).write_bytes(path.read_bytes())
    home = tmp_path / "home"
    StrongRoom.create(Config(home), PASSPHRASE, demo=True)
    with strong_room(home) as room:
        prepare_logins(room)
    choose = random.Random(7)
    fork = multiprocessing.get_context("fork")
    killed = 0
    for _ in range(KILLS):
        child = fork.Process(target=_ingest, args=(home, inbox))
        child.start()
        child.join(timeout=choose.uniform(0.2, 2.5))
        if child.is_alive() and child.pid is not None:
            os.killpg(child.pid, signal.SIGKILL)
            killed += 1
        child.join()
        time.sleep(0.05)
    assert killed >= 5, "the ingest was quicker than the killer: nothing was shown"
    with strong_room(home) as room:
        state = ingest_all(room, inbox)
        deposits = room.catalogue.deposits()
        assert len(deposits) == len(texts) == len({item.record for item in deposits})
        assert not state["rejected"]
        assert len(room.shelf.edition().records) == len(texts)
        assert room.call("verify", room.local_session()) == {"ok": True, "problems": []}
        actions = Person(room, "auditor")("audit.list", limit=1000, action="deposit.shelved")
        assert {row["subject"] for row in actions["rows"]} == {item.record for item in deposits}
