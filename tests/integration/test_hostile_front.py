"""A client in the front desk's place: over the real socket it forges actors, sessions, tickets, grants, and replays."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from records.errors import LantaiError, Refused
from rooms import slot_server
from rooms.calls.registry import CALLS
from rooms.slot_client import SlotClient
from rooms.strong import StrongRoom
from tests.rooms_open import Person, open_grant


@pytest.fixture
def served(room: StrongRoom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StrongRoom, Path]]:
    path = tmp_path_factory.mktemp("s") / "slot" / "s.sock"
    server = slot_server.server(room.call)
    listener = slot_server.listen(path)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield room, path
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def test_a_client_in_the_fronts_place_gets_nothing(served: tuple[StrongRoom, Path]) -> None:
    room, path = served
    client = SlotClient(path)
    _, grant = open_grant(room)
    record = Person(room, "researcher")("reading.list", grant=grant)["rows"][0]["record"]
    stranger = Person(client, "releaser")
    attempts: list[dict[str, Any]] = [
        {"call": "reading.open", "session": None, "args": {"grant": grant, "record": record}},
        {"call": "reading.open", "session": stranger.token, "args": {"grant": grant, "record": record}},
        {
            "call": "reading.open",
            "session": stranger.token,
            "args": {"grant": grant, "record": record, "who": "researcher"},
        },
        {"call": "reading.open", "session": stranger.token, "args": {"grant": grant, "record": record, "room": {}}},
        {
            "call": "reading.open",
            "session": stranger.token,
            "actor": "researcher",
            "args": {"grant": grant, "record": record},
        },
        {"call": "reading.open", "session": "researcher", "args": {"grant": grant, "record": record}},
        {"call": "reading.list", "session": stranger.token, "args": {"grant": "G1' OR '1'='1"}},
        {"call": "front.attach", "session": stranger.token, "args": {"ticket": ""}},
        {"call": "front.attach", "session": None, "args": {"ticket": "0" * 64}},
        {"call": "login", "session": None, "args": {"username": "researcher", "password": "researcher"}},
        {"call": "login.local", "session": None, "args": {"passphrase": "lantai-demo"}},
        {"call": "__init__", "session": stranger.token, "args": {}},
        {"call": "shelf.read", "session": stranger.token, "args": {}},
    ]
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://slot") as http:
        for attempt in attempts:
            answer = http.post("/call", json=attempt).json()
            assert set(answer) == {"error"}, attempt["call"]
    client.close()


def test_a_ticket_is_good_once(served: tuple[StrongRoom, Path]) -> None:
    room, path = served
    client = SlotClient(path)
    ticket = room.new_ticket()
    assert set(client.call("front.attach", ticket=ticket)) == {"index_key", "edition"}
    with pytest.raises(Refused):
        client.call("front.attach", ticket=ticket)
    client.close()


def test_an_ended_session_replayed_is_nobody(served: tuple[StrongRoom, Path]) -> None:
    _, path = served
    client = SlotClient(path)
    person = Person(client, "researcher")
    body = {"call": "grant.list", "session": person.token, "args": {}}
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://slot") as http:
        assert "rows" in http.post("/call", json=body).json()
        person("logout")
        assert http.post("/call", json=body).json()["error"]["code"] == "not_logged_in"
    client.close()


def test_revocation_holds_at_the_next_call_from_another_process(served: tuple[StrongRoom, Path]) -> None:
    room, path = served
    mine, other = SlotClient(path), SlotClient(path)
    _, grant = open_grant(room)
    researcher = Person(mine, "researcher")
    assert researcher("reading.list", grant=grant)["total"] > 0
    Person(other, "manager")("grant.revoke", grant=grant, reason="stopped")
    with pytest.raises(Refused) as caught:
        researcher("reading.list", grant=grant)
    assert caught.value.code == "grant_revoked"
    mine.close()
    other.close()


def test_the_index_key_opens_no_narrative(room: StrongRoom) -> None:
    """What a replaced front holds: it may open index files, and no text file."""
    from records.ids import EditionNumber
    from semantic.edition import Shelf, ShelfKeys

    index, number = room.shelf_keys.index, room.shelf.current()
    record = next(iter(room.shelf.edition(number).records))
    front = Shelf.open(room.config.home / "shelf", ShelfKeys(index=index, text=None))
    assert front.edition(EditionNumber(number)).records
    forged = Shelf.open(room.config.home / "shelf", ShelfKeys(index=index, text=index))
    for shelf in (front, forged):
        with pytest.raises(LantaiError):
            shelf.read(EditionNumber(number), record)


def test_no_call_returns_a_key(room: StrongRoom) -> None:
    secrets = [room.shelf_keys.text or b"", room.keys.purpose("vault"), room.keys.purpose("identity")]
    people = [Person(room, user) for user in ("researcher", "reviewer", "auditor", "manager", "operator", "archivist")]
    answered = 0
    for name in CALLS.keys() - {"logout"}:
        for person in people:
            try:
                answer = json.dumps(person(name))
            except LantaiError:
                continue
            answered += 1
            assert not [
                secret for secret in secrets if secret.hex() in answer or base64.b64encode(secret).decode() in answer
            ]
    assert answered > 20
