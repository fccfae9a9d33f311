"""What a hostile tester tried and found open once: each stays shut."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from records.errors import BadInput
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE, Home
from tests.integration.test_portal_server import ROOT, _serve, free_port
from tests.portal_fake import PASSWORD
from tests.rooms_open import Person


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of a portal over the fake desk."""
    process, port = _serve()
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def entered(base: str) -> Iterator[httpx.Client]:
    """A browser that has logged in."""
    with httpx.Client(base_url=base, timeout=30) as client:
        assert client.post("/login", data={"username": "lin", "password": PASSWORD}).status_code == 303
        yield client


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "http://localhost:3000", "http://evil.example", "null"])
def test_a_page_of_another_port_cannot_open_the_websocket_with_the_readers_cookie(
    entered: httpx.Client, base: str, origin: str
) -> None:
    cookie = {"Cookie": f"lantai_session={entered.cookies['lantai_session']}"}
    address = f"ws{base[4:]}/_stcore/stream"
    with pytest.raises(InvalidStatus), connect(address, additional_headers=cookie, origin=origin):  # type: ignore[arg-type]
        pass
    with connect(address, additional_headers=cookie, origin=base):  # type: ignore[arg-type]
        pass


def test_another_sites_page_cannot_log_a_reader_out(entered: httpx.Client) -> None:
    for headers in (
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1"},
    ):
        assert entered.get("/logout", headers=headers).status_code == 403
    assert entered.get("/").status_code == 200
    assert entered.get("/logout", headers={"sec-fetch-site": "same-origin"}).status_code == 303
    assert entered.get("/").status_code == 303


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "", "http://127.0.0.1:99999999"])
def test_an_origin_that_is_no_address_is_refused_and_not_an_error(base: str, origin: str) -> None:
    form = {"username": "lin", "password": PASSWORD}
    assert httpx.post(f"{base}/login", data=form, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
def test_no_search_hands_out_the_whole_shelf_as_cards(room: StrongRoom, limit: int) -> None:
    researcher = Person(room, "researcher")
    for name in ("search.run", "search.open"):
        with pytest.raises(BadInput, match="cards at a time"):
            researcher(name, query="糖尿病", limit=limit)


def _lantai(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "LANTAI_HOME": str(home), "LANTAI_PASSPHRASE_FILE": str(home / "demo-passphrase")}
    (home / "demo-passphrase").write_text(PASSPHRASE)
    command = [sys.executable, "-c", "from rooms.cli.main import main; main()", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_verification_that_finds_something_ends_with_4(home: Home) -> None:
    key = home.path / "public-key.pem"
    key.write_bytes(key.read_bytes().replace(b"\n", b"\n ", 1))
    process = _lantai(home.path, "verify", "--json")
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 4
    assert "public-key.pem" in out


def test_a_killed_strong_room_leaves_no_portal_on_the_port(home: Home) -> None:
    port = free_port()
    process = _lantai(home.path, "serve", "--port", str(port))
    try:
        deadline = time.monotonic() + 90
        while not _listens(port) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.2)
        assert _listens(port)
    finally:
        process.kill()
        process.communicate(timeout=20)
    deadline = time.monotonic() + 5
    while _listens(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _listens(port)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
