"""What a hostile tester tried and found open once: each stays shut."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from portal.api.rim import Rim
from records.errors import BadInput
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE, Home
from tests.integration.test_portal_server import ROOT, _serve, free_port
from tests.portal_fake import PASSWORD
from tests.rooms_open import Person, strong_room


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


@pytest.mark.parametrize("target", ["//[", "//evil.example", "/\\evil", "https://evil.example", "/\t/evil", "%00"])
def test_no_address_to_go_on_to_leads_away_or_fails(base: str, target: str) -> None:
    assert httpx.get(f"{base}/login", params={"next": target}).status_code == 200
    form = {"username": "lin", "password": PASSWORD, "next": target}
    answer = httpx.post(f"{base}/login", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-site"}, {"origin": "http://127.0.0.1:1"}])
def test_a_page_of_another_port_cannot_make_a_reader_take_a_bundle(
    entered: httpx.Client, headers: dict[str, str]
) -> None:
    for link in ("/download/release/L1", f"/download/cohort/{'a' * 64}", "/download/original/x"):
        answer = entered.get(link, headers={**headers, "accept": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")


def test_what_fails_inside_leaves_no_word_of_it_in_the_log_or_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(*_: object) -> None:
        raise ValueError("张三 13800138000")

    client = TestClient(Rim(fails))
    answer = client.get("/")
    assert answer.status_code == 500
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/"):
        pass
    assert "ValueError" in caplog.text
    assert "张三" not in caplog.text + answer.text


@pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
def test_no_search_hands_out_the_whole_shelf_as_cards(room: StrongRoom, limit: int) -> None:
    researcher = Person(room, "researcher")
    for name in ("search.run", "search.open"):
        with pytest.raises(BadInput, match="cards at a time"):
            researcher(name, query="糖尿病", limit=limit)


def _cards(researcher: Person, query: str, limit: int, **filters: object) -> list[dict[str, Any]]:
    return list(researcher("search.run", query=query, limit=limit, **filters)["hits"])


def test_asking_for_one_card_more_does_not_count_the_records(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    departments = researcher("search.run", query="糖尿病")["facets"]["department"]
    for department in [name for name, count in departments.items() if count != "<10"]:
        numbers = [len(_cards(researcher, "糖尿病", limit, department=department)) for limit in range(1, 201)]
        assert numbers == [min(limit, numbers[-1]) for limit in range(1, 201)]
        assert numbers[-1] % 5 == 0
        matching = [card for card in _cards(researcher, "糖尿病", 200, department=department) if card["concepts"]]
        assert len(matching) % 5 == 0


def test_below_the_threshold_no_facet_tells_that_there_is_a_record(room: StrongRoom) -> None:
    researcher = Person(room, "researcher")
    shapes = set()
    for query in ("糖尿病足", "白血病"):
        for year in (2010, 2023, 2024, 2025):
            for sex in "MF":
                answer = researcher("search.run", query=query, since=year, until=year, sex=sex)
                if answer["total"] == "<10":
                    shapes.add(json.dumps(answer["facets"], sort_keys=True))
                    assert not answer["hits"]
    assert len(shapes) == 1, "none and few must look alike"


def test_a_card_has_another_name_under_another_filter(room: StrongRoom) -> None:
    """Else the cards that one filter finds and the next one does not would show each record's sex and age."""
    researcher = Person(room, "researcher")
    seen: set[str] = set()
    for filters in ({}, {"sex": "F"}, {"age_min": 50}, {"age_min": 51}, {"since": 2024}):
        names = {card["record"] for card in _cards(researcher, "糖尿病", 50, **filters)}
        assert names
        assert not names & seen
        seen |= names


@pytest.mark.parametrize(
    "value", [5, True, ["a"], {"a": 1}, "\ud800", "x" * 101, 10**30, 1.5, float("nan"), "2024", -1]
)
def test_a_filter_of_another_kind_is_bad_input(room: StrongRoom, value: object) -> None:
    researcher = Person(room, "researcher")
    for name in ("department", "since", "age_max"):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000 and name != "department":
            continue
        if isinstance(value, str) and value == "2024" and name == "department":
            continue
        with pytest.raises(BadInput):
            researcher("search.run", query="糖尿病", **{name: value})


@pytest.mark.parametrize("value", ["x" * 4001, "\ud800", "\udfff理由"])
def test_what_is_typed_is_text_and_no_book(room: StrongRoom, value: str) -> None:
    """The de-identifier reads a reason before it is kept: a book of it would keep the strong room busy for hours."""
    with pytest.raises(BadInput):
        Person(room, "clinician")("slip.find", query="张三", reason=value)
    with pytest.raises(BadInput):
        Person(room, "manager")("grant.revoke", grant="G1", reason=value)
    with pytest.raises(BadInput):
        Person(room, "reviewer")("review.decide", request="Q1", verdict="condition", conditions=["fine", value])


def test_a_call_slip_leaves_in_the_register_which_records_were_found(home: Home) -> None:
    names = [item["value"] for item in home.identifiers() if item["entity"] == "PERSON" and item["role"] == "patient"]
    with strong_room(home.path) as room:
        clinician = Person(room, "clinician")
        found = (clinician("slip.find", query=name, reason="ward round")["rows"] for name in names)
        rows = next(rows for rows in found if rows)
        entry = Person(room, "auditor")("audit.list", action="slip.find", newest_first=True, limit=1)["rows"][0]
    assert entry["detail"]["records"] == [row["record"] for row in rows]


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
