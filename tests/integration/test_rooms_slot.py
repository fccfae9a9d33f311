"""The slot over a real socket: who may come in, and what comes back when something goes wrong."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from records.errors import BadInput, IntegrityFailure, Refused, Unavailable
from rooms import slot_server
from rooms.slot_client import SlotClient, is_up


def _answer(name: str, session: str | None, **args: Any) -> dict[str, Any]:
    match name:
        case "ping":
            return {"ok": True, "demo": False}
        case "echo":
            return {"session": session, **args}
        case "bad":
            raise BadInput("a_code", "Do this instead.")
        case "no":
            raise Refused("not_permitted", "No.")
        case "broken":
            raise IntegrityFailure("seal_broken", "Restore it.")
        case _:
            raise RuntimeError("张三 13800138000 in a traceback")


def _serve(path: Path, allowed: frozenset[int] | None) -> Iterator[Path]:
    server = slot_server.server(_answer, allowed)
    listener = slot_server.listen(path)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield path
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Path]:
    yield from _serve(tmp_path / "slot" / "s.sock", None)


@pytest.fixture
def client(slot: Path) -> Iterator[SlotClient]:
    own = SlotClient(slot)
    yield own
    own.close()


def test_a_call_carries_session_and_arguments(client: SlotClient) -> None:
    assert client.call("echo", "token", query="糖尿病") == {"session": "token", "query": "糖尿病"}


@pytest.mark.parametrize(("name", "kind"), [("bad", BadInput), ("no", Refused), ("broken", IntegrityFailure)])
def test_errors_cross_as_what_they_are(client: SlotClient, name: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        client.call(name)


def test_an_exception_inside_means_no_and_says_nothing_of_its_cause(client: SlotClient) -> None:
    with pytest.raises(Refused) as caught:
        client.call("explode")
    assert caught.value.code == "internal"
    assert "张三" not in caught.value.message


def test_socket_and_folder_are_for_their_owner_alone(slot: Path) -> None:
    assert stat.S_IMODE(slot.stat().st_mode) == 0o600
    assert stat.S_IMODE(slot.parent.stat().st_mode) == 0o700


def test_a_stranger_by_user_id_gets_no_answer(tmp_path: Path) -> None:
    for path in _serve(tmp_path / "slot" / "s.sock", frozenset({os.geteuid() + 1})):
        client = SlotClient(path)
        with pytest.raises(Unavailable):
            client.call("ping")
        client.close()


def test_rubble_on_the_socket_is_answered_and_the_next_call_works(slot: Path, client: SlotClient) -> None:
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(slot))
        raw.sendall(b"\x00\xff" * 500 + b"\r\n\r\n")
        raw.settimeout(5)
        assert b"400" in raw.recv(4096)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(slot)), base_url="http://slot") as http:
        for body in (b"", b"[]", b"{}", b'{"call": 3}', b'{"call": "echo", "args": []}', b"\xff"):
            assert http.post("/call", content=body).json()["error"]["kind"] == "BadInput"
        assert http.get("/call").status_code == 405
    assert client.call("ping")["ok"]


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert not is_up(tmp_path / "none.sock")
    client = SlotClient(tmp_path / "none.sock")
    with pytest.raises(Unavailable) as caught:
        client.call("ping")
    client.close()
    assert "lantai serve" in caught.value.message


def test_a_path_too_long_for_a_socket_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="shorter path"):
        slot_server.listen(tmp_path / ("x" * 120) / "s.sock")
