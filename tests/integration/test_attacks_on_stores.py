"""Stored data deleted, emptied or rolled back behind the strong room: `lantai verify` names it."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.errors import BadInput, IntegrityFailure
from rooms.config import Config
from rooms.examine import examine
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE, Home
from tests.rooms_open import Person, open_grant, strong_room

NEW = base64.b64encode(b"no record at all").decode()


def verified(home: Path) -> dict[str, Any]:
    """What `lantai verify` answers."""
    try:
        with strong_room(home) as room:
            return room.call("verify", room.local_session())
    except IntegrityFailure:
        return examine(Config(home), PASSPHRASE)


def found(home: Path) -> set[str]:
    answer = verified(home)
    assert answer["ok"] is (not answer["problems"])
    return {f"{item['file']} {item['id']}: {item['problem']}" for item in answer["problems"]}


def test_a_whole_home_has_no_problem(home: Home) -> None:
    assert found(home.path) == set()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda home: (home / "strong" / "catalogue.db").unlink(), "strong/catalogue.db R"),
        (lambda home: (home / "strong" / "keyring.db").unlink(), "strong/keyring.db R"),
        (lambda home: (home / "strong" / "ledger.db").unlink(), "ledger.db register/1"),
        (lambda home: shutil.rmtree(home / "strong" / "vault"), "strong/vault R"),
        (lambda home: shutil.rmtree(home / "shelf"), "CURRENT 0: rolled back"),
        (lambda home: shutil.rmtree(home / "anchors"), "checkpoints.jsonl"),
        (lambda home: (home / "public-key.pem").unlink(), "public-key.pem"),
    ],
)
def test_a_store_that_is_gone_is_named(home: Home, change: Callable[[Path], None], named: str) -> None:
    change(home.path)
    assert any(item.startswith(named) for item in found(home.path))


def test_a_catalogue_put_back_to_yesterday_is_named(home: Home) -> None:
    catalogue = home.path / "strong" / "catalogue.db"
    yesterday = catalogue.read_bytes()
    with strong_room(home.path) as room:
        record = Person(room, "archivist")("deposit.add", name="a.txt", data_b64=NEW)["record"]
    catalogue.write_bytes(yesterday)
    assert any(record in item and "catalogue" in item for item in found(home.path))


def test_an_edition_that_a_grant_rests_on_is_missed(home: Home) -> None:
    with strong_room(home.path) as room:
        open_grant(room)
        bound = int(room.shelf.current())
        anyone = min(room.shelf.edition().records)
        room.shelf.publish([], room.encoder, room.lexicon, withdrawn=[anyone])
        assert int(room.shelf.current()) > bound
    assert found(home.path) == set()
    (home.path / "shelf" / "editions" / f"{bound}.json").unlink()
    assert any(f"editions/{bound}.json" in item for item in found(home.path))


@pytest.mark.parametrize("change", ["SET seq = seq - 1", "SET seq = seq - 40", "SET seq = seq + 5", "SET hash = '00'"])
def test_nothing_is_written_after_a_forged_end_of_the_register(home: Home, change: str) -> None:
    with sqlite3.connect(home.path / "strong" / "ledger.db") as ledger:
        ledger.execute(f"UPDATE register_head {change}")
    ledger.close()
    with strong_room(home.path) as room, pytest.raises(IntegrityFailure):
        Person(room, "researcher")
    assert any("register" in item for item in found(home.path))


def test_an_archive_without_its_key_file_is_not_begun_anew(home: Home) -> None:
    config = Config(home.path)
    (config.strong / "keys.json").rename(home.path / "kept")
    for attempt in (
        lambda: StrongRoom.open(config, PASSPHRASE),
        lambda: StrongRoom.create(config, PASSPHRASE),
        lambda: examine(config, PASSPHRASE),
    ):
        with pytest.raises(IntegrityFailure, match=r"restore it from its own backup"):
            attempt()
    assert not (config.strong / "keys.json").exists()
    (home.path / "kept").rename(config.strong / "keys.json")
    assert found(home.path) == set()
    with pytest.raises(BadInput):
        StrongRoom.create(config, PASSPHRASE)
