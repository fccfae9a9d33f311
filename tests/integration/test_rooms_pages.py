"""Blacked-out pages of a granted scan: who sees them, what stands in the register, and what is never shown."""

from __future__ import annotations

import base64
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.guard import Guard
from ingest.ocr.read import read_here
from ingest.rejects import Reason
from records.errors import BadInput, IntegrityFailure, LantaiError, Refused
from records.ids import RecordId
from rooms import pages
from rooms.pages import Pages
from rooms.strong import StrongRoom
from tests import ingest_pages
from tests.rooms_open import COHORT, Person, granted_home, request_toml, strong_room

HIDDEN = ("诸葛文静", "诸葛明", "欧阳建", "20231187", "13812345678", "2023-05-01", "2023-05-12", "溪山县中心医院")
KEPT = ("空腹血糖13.26", "尿蛋白阳性", "2型糖尿病肾病", "低盐低脂")
SCAN = ingest_pages.encoded(ingest_pages.drawn()) if ingest_pages.font() else b""
NOTE = """出院记录
姓名：覃怀瑜  性别：男  年龄：61岁  科别：内分泌科  住院号：77430012
出院诊断：2型糖尿病，糖尿病足。
诊疗经过：足部换药，血糖平稳后出院。
"""

pytestmark = pytest.mark.skipif(ingest_pages.font() is None, reason="no Chinese font; run `make setup`")


@dataclass(frozen=True)
class Scene:
    """A home with one scan and one note under a grant: their names there, and the scan's record id."""

    home: Path
    scan: str
    note: str
    record: RecordId


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home = tmp_path_factory.mktemp("pages") / "home"
    scan, _ = granted_home(home, (("a.png", SCAN), ("b.txt", NOTE.encode())))
    with strong_room(home) as room:
        researcher = Person(room, "researcher")
        rows = researcher("reading.list", grant="G1")["rows"]
        found = [(row["record"], researcher("reading.open", grant="G1", record=row["record"])) for row in rows]
    named = {opened["pages"]: name for name, opened in found}
    assert sorted(named) == [0, 1]
    return Scene(home, named[1], named[0], scan)


@pytest.fixture
def room(scene: Scene) -> Iterator[StrongRoom]:
    with strong_room(scene.home) as opened:
        yield opened


def settled(person: Person, scene: Scene) -> dict[str, Any]:
    """What becomes of the scan's page."""
    until = time.monotonic() + 240
    while (state := person("reading.prepare", grant="G1", record=scene.scan, page=1))["state"] == "making":
        assert time.monotonic() < until
        time.sleep(0.2)
    return state


def entries(room: StrongRoom, action: str) -> list[dict[str, Any]]:
    return list(Person(room, "auditor")("audit.list", action=action, limit=100)["rows"])


def test_a_granted_page_is_shown_without_its_people_and_each_look_is_registered(room: StrongRoom, scene: Scene) -> None:
    files = {path for path in scene.home.rglob("*") if path.is_file()}
    researcher = Person(room, "researcher")
    asked = {"grant": "G1", "record": scene.scan, "page": 1}
    assert researcher("reading.prepare", **asked)["state"] == "making"
    with pytest.raises(BadInput) as early:
        researcher("reading.page", **asked)
    assert early.value.code == "page_not_ready"
    assert settled(researcher, scene) == {"state": "ready", "why": ""}
    assert Person(room, "analyst")("reading.prepare", **asked)["state"] == "ready"
    picture = base64.b64decode(researcher("reading.page", **asked)["jpeg_b64"])
    assert picture.startswith(b"\xff\xd8\xff")
    said = "".join(read_here(picture, ".jpg").text().reveal().split())
    assert [value for value in HIDDEN if value in said] == []
    assert [words for words in KEPT if words not in said] == []
    assert len(entries(room, "reading.prepare")) == 1
    looks = entries(room, "reading.page")
    assert [(one["actor"], one["subject"], one["detail"]) for one in looks] == [
        ("researcher", "G1", {"record": scene.scan, "page": 1})
    ]
    assert {path for path in scene.home.rglob("*") if path.is_file()} == files, "a page was kept on a disk"
    room.learned()  # another identifier of somebody: what was made without it is not shown
    assert room.pages.look(scene.record, 1) is None


def test_nobody_else_and_nothing_else_gets_a_page(room: StrongRoom, scene: Scene) -> None:
    begun = len(entries(room, "reading.prepare"))
    for name in ("reading.prepare", "reading.page"):
        for user in ("reviewer", "releaser", "clinician", "archivist", "qc", "auditor", "manager", "operator"):
            with pytest.raises(Refused) as refused:
                Person(room, user)(name, grant="G1", record=scene.scan, page=1)
            assert refused.value.code == "not_permitted"
        researcher = Person(room, "researcher")
        for grant, record, page, code in (
            ("G9", scene.scan, 1, "not_member"),
            ("G1", "rxxxxxxxxxxxxxxxx", 1, "not_granted"),
            ("G1", scene.record, 1, "not_granted"),
            ("G1", scene.note, 1, "page_unknown"),
            ("G1", scene.scan, 0, "page_unknown"),
            ("G1", scene.scan, 2, "page_unknown"),
        ):
            with pytest.raises(LantaiError) as bad:
                researcher(name, grant=grant, record=record, page=page)
            assert bad.value.code == code
    assert len(entries(room, "reading.prepare")) == begun


def test_a_grant_without_text_opens_no_page(room: StrongRoom, scene: Scene) -> None:
    researcher = Person(room, "researcher")
    cohort = researcher("cohort.save", toml=COHORT, name="again")["hash"]
    request = researcher("request.submit", toml=request_toml(cohort, ("patient", "type")))["request"]
    decided = {}
    for reviewer in ("reviewer", "reviewer2"):
        decided = Person(room, reviewer)("review.decide", request=request, verdict="approve", reason="fine")
    with pytest.raises(BadInput) as refused:
        researcher("reading.prepare", grant=decided["grant"], record=scene.scan, page=1)
    assert refused.value.code == "text_not_granted"


def test_a_record_that_is_kept_back_shows_no_page(room: StrongRoom, scene: Scene) -> None:
    room.shelf.withhold([scene.record])
    try:
        with pytest.raises(Refused) as refused:
            Person(room, "researcher")("reading.prepare", grant="G1", record=scene.scan, page=1)
        assert refused.value.code == "not_granted"
    finally:
        room.shelf.withhold([])


def test_words_that_stand_on_the_picture_alone_can_be_reported(scene: Scene, tmp_path: Path) -> None:
    shutil.copytree(scene.home, tmp_path / "home")
    with strong_room(tmp_path / "home") as room:
        researcher = Person(room, "researcher")
        asked = {"text": "康馨堂药房", "entity": "ORGANISATION", "grant": "G1"}
        for more in ({"record": scene.scan}, {"record": scene.note, "on_page": True}):
            with pytest.raises(BadInput) as refused:
                researcher("leak.report", **asked, **more)
            assert refused.value.code == "leak_not_there"
        assert researcher("leak.report", **asked, record=scene.scan, on_page=True)["new"]
        assert [row["record"] for row in researcher("reading.list", grant="G1")["rows"]] == [scene.note]
        with pytest.raises(Refused):
            researcher("reading.prepare", grant="G1", record=scene.scan, page=1)


def taken_over(answer: Callable[[], str]) -> Callable[..., str | Reason]:
    """A masking child that its file has made say something else; the one that reads the result is real."""
    real = Guard.ask

    def ask(self: Guard, task: str, data: bytes, suffix: str = "", **more: str) -> str | Reason:
        return answer() if task == "page" else real(self, task, data, suffix, **more)

    return ask


def unmasked() -> str:
    jpeg = ingest_pages.encoded(ingest_pages.drawn(), "JPEG", quality=90)
    return json.dumps({"jpeg": base64.b64encode(jpeg).decode(), "boxes": []})


def broken() -> str:
    raise IntegrityFailure("x", "The word 诸葛文静 stands in this error.")


@pytest.mark.parametrize(
    "answer",
    [
        unmasked,
        broken,
        lambda: "",
        lambda: "[]",
        lambda: json.dumps({"jpeg": "!", "boxes": []}),
        lambda: json.dumps({"jpeg": base64.b64encode(b"%PDF-1.7").decode(), "boxes": []}),
        lambda: json.dumps({"jpeg": base64.b64encode(b"\xff\xd8\xff no picture").decode(), "boxes": []}),
    ],
)
def test_a_page_that_cannot_be_verified_is_not_shown(
    room: StrongRoom,
    scene: Scene,
    answer: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(Guard, "ask", taken_over(answer))
    researcher = Person(room, "researcher")
    assert settled(researcher, scene) == {"state": "refused", "why": "page_not_clean"}
    with pytest.raises(BadInput) as refused:
        researcher("reading.page", grant="G1", record=scene.scan, page=1)
    assert refused.value.code == "page_not_ready"
    assert "诸葛" not in caplog.text


def test_so_many_pages_wait_and_no_more(monkeypatch: pytest.MonkeyPatch, room: StrongRoom) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(Pages, "_make", lambda *_: goes_on.wait(20) and b"\xff\xd8\xff")
    made = Pages(room)
    try:
        record = RecordId("R")
        assert [made.begin("ann", record, number) for number in range(pages.WAITING_EACH)] == [True] * 4
        with pytest.raises(BadInput) as refused:
            made.begin("ann", record, 99)
        assert refused.value.code == "pages_busy"
        assert not made.begin("bob", record, 0), "somebody is making it already"
        assert made.begin("bob", record, 50)
        assert made.look(record, 0) is None
        goes_on.set()
        until = time.monotonic() + 10
        while made.look(record, 50) is None:
            assert time.monotonic() < until
            time.sleep(0.01)
        monkeypatch.setattr(pages, "KEPT_BYTES", 10)
        assert made.begin("ann", record, 99), "the oldest make room"
        assert made.look(record, 0) is None
    finally:
        goes_on.set()
        made.close()
