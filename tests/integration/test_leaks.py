"""A leak from its report to its end: off the shelf at once for all, mended everywhere, and its words in no file."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from approvals import leaks
from deid.api import Deidentifier
from deid.recognizers.known import KnownValues
from deid.registry import recognizers
from records.entities import Entity
from records.errors import BadInput, LantaiError, Refused
from records.ids import EditionNumber, RecordId
from rooms import leaks as mending
from rooms.cli.main import main
from rooms.granted import record_key
from rooms.marked import Marked
from rooms.pseudonym import pseudonym
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE, Home
from tests.rooms_open import Person, open_grant, release, strong_room, wait

WORDS = "藻酸盐敷料"  # stands for an identifier: medicine stays on the shelf by promise, so no rule will ever mask it
PAGE = """出院记录
姓名：{name}  性别：男  年龄：61岁  科别：内分泌科  住院号：{number}
入院日期：2024-0{month}-03  出院日期：2024-0{month}-11
出院诊断：2型糖尿病，糖尿病足。
诊疗经过：{course}足部换药，血糖平稳后出院。
"""
PAGES = {
    "first": PAGE.format(name="覃怀瑜", number="77430012", month=3, course=f"予{WORDS}一片。"),
    "second": PAGE.format(name="覃怀瑜", number="77430012", month=5, course="再予 藻酸盐 敷料，渗出减少。"),
    "third": PAGE.format(name="覃怀瑜", number="77430012", month=7, course="无特殊。"),
    "other": PAGE.format(name="佟予安", number="77430981", month=4, course=f"予{WORDS}外用。"),
}


@dataclass(frozen=True)
class Scene:
    """A home with the four pages and a grant over them. `ids` are record ids, `names` what the project calls them."""

    home: Path
    request: str
    grant: str
    edition: int
    ids: dict[str, RecordId]
    names: dict[str, str]


@pytest.fixture(scope="module")
def told(ingested: Home, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    home = tmp_path_factory.mktemp("leaks") / "home"
    shutil.copytree(ingested.path, home)
    with strong_room(home) as room:
        archivist = Person(room, "archivist")
        ids = {
            name: RecordId(
                archivist("deposit.add", name="a.txt", data_b64=base64.b64encode(page.encode()).decode())["record"]
            )
            for name, page in PAGES.items()
        }
        assert not wait(archivist, archivist("ingest.run")["job"])["rejected"]
        request, grant = open_grant(room)
        key = record_key(room, request)
        names = {name: pseudonym(key, "r", record) for name, record in ids.items()}
        return Scene(home, request, grant, int(room.shelf.current()), ids, names)


@pytest.fixture
def scene(told: Scene, tmp_path: Path) -> Scene:
    shutil.copytree(told.home, tmp_path / "home")
    return Scene(tmp_path / "home", told.request, told.grant, told.edition, told.ids, told.names)


@pytest.fixture
def room(scene: Scene) -> Iterator[StrongRoom]:
    with strong_room(scene.home) as opened:
        yield opened


def report(room: StrongRoom, scene: Scene, name: str = "first", user: str = "researcher", **other: Any) -> str:
    asked = {"record": scene.names[name], "text": WORDS, "grant": scene.grant, **other}
    return str(Person(room, user)("leak.report", **asked)["leak"])


def confirm(room: StrongRoom, leak: str, **other: Any) -> dict[str, Any]:
    qc = Person(room, "qc")
    answer = qc("leak.confirm", leak=leak, reason="it names him", **other)
    if answer["job"]:
        wait(qc, answer["job"])
    return answer


def text(room: StrongRoom, scene: Scene, name: str) -> str:
    """What the reading room shows of a record; Refused when it does not."""
    opened = Person(room, "researcher")("reading.open", grant=scene.grant, record=scene.names[name])
    return "\n".join(part["text"] for part in opened["sections"])


def shown(room: StrongRoom, scene: Scene) -> set[str]:
    """Which of the four pages the grant opens now."""
    rows = Person(room, "researcher")("reading.list", grant=scene.grant, limit=500)["rows"]
    there = {row["record"] for row in rows}
    return {name for name, record in scene.names.items() if record in there}


def elsewhere(room: StrongRoom, scene: Scene, number: int | None = None) -> set[str]:
    """Which of the four pages another process, with the front desk's key, finds on the shelf."""
    code = (
        "import sys, json; from pathlib import Path; from semantic.edition import Shelf, ShelfKeys\n"
        "from records.ids import EditionNumber\n"
        "asked = json.load(sys.stdin); keys = ShelfKeys(bytes.fromhex(asked['key']), None)\n"
        "shelf = Shelf.open(Path(asked['shelf']), keys)\n"
        "print(json.dumps(sorted(shelf.edition(asked['number'] and EditionNumber(asked['number'])).records)))"
    )
    asked = {"shelf": str(scene.home / "shelf"), "key": room.shelf_keys.index.hex(), "number": number}
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(asked), capture_output=True, text=True)
    there = set(json.loads(done.stdout))
    return {name for name, record in scene.ids.items() if record in there}


def register(room: StrongRoom, leak: str) -> list[dict[str, Any]]:
    rows = Person(room, "auditor")("audit.list", limit=1000)["rows"]
    return [row for row in rows if row["subject"] == leak]


def nowhere(home: Path, *words: str) -> None:
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_socket():
            data = path.read_bytes()
            for form in ("utf-8", "gb18030", "utf-16-le", "utf-32-le"):
                assert not [word for word in words if word.encode(form) in data], path.name
            assert not [word for word in words if word in path.name]


def test_a_reported_record_is_gone_at_the_next_call_for_everybody(
    room: StrongRoom, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    assert WORDS in text(room, scene, "first")
    assert elsewhere(room, scene) == set(PAGES)
    before = Person(room, "analyst")("release.ask", grant=scene.grant)
    Person(room, "releaser")("release.check", release=before["release"], verdict="refuse", reason="only a count")
    rows = Person(room, "releaser")("release.show", release=before["release"])["rows"]

    leak = report(room, scene)

    others = set(PAGES) - {"first"}
    assert shown(room, scene) == elsewhere(room, scene) == elsewhere(room, scene, scene.edition) == others
    with pytest.raises(Refused) as caught:
        text(room, scene, "first")
    assert caught.value.code == "not_granted"
    found = Person(room, "researcher")("search.run", query="糖尿病足", grant=scene.grant, limit=200)["hits"]
    assert scene.names["second"] in {hit["record"] for hit in found}
    assert scene.names["first"] not in {hit["record"] for hit in found}
    asked = Person(room, "analyst")("release.ask", grant=scene.grant)
    assert Person(room, "releaser")("release.show", release=asked["release"])["rows"] == rows - 1
    samples = Person(room, "reviewer")("review.sheet", request=scene.request)["samples"]
    assert scene.names["first"] not in {sample["record"] for sample in samples}

    (entry,) = register(room, leak)
    assert (entry["actor"], entry["action"]) == ("researcher", "leak.report")
    assert entry["detail"]["record"] == scene.ids["first"]
    assert (entry["detail"]["entity"], entry["detail"]["seen"]) == ("PERSON", scene.grant)
    nowhere(scene.home, WORDS)
    assert WORDS not in caplog.text


def test_a_confirmed_leak_is_mended_in_every_record_and_every_edition(room: StrongRoom, scene: Scene) -> None:
    untouched = text(room, scene, "third")
    leak = report(room, scene)
    (row,) = Person(room, "qc")("leak.queue")["rows"]
    assert (row["words"], row["state"], row["reporter"]) == (WORDS, "reported", "researcher")
    assert row["sentence"].endswith(f"{WORDS}一片。")

    answer = confirm(room, leak)
    assert (answer["waiting"], answer["elsewhere"]) == (2, 1)
    assert Person(room, "qc")("leak.queue")["rows"] == []
    assert shown(room, scene) == elsewhere(room, scene) == elsewhere(room, scene, scene.edition) == set(PAGES)
    assert "一片" in text(room, scene, "first")
    for name in ("first", "second"):
        assert not list(Marked(WORDS).places(text(room, scene, name)))
        for number in (None, EditionNumber(scene.edition)):
            assert not Marked(WORDS).stand_in(room.shelf.read(number, scene.ids[name]))
    assert text(room, scene, "third") == untouched
    assert WORDS in text(room, scene, "other"), "another patient's record waits for the hospital's list"

    answer = confirm(room, leak, scope="hospital")
    assert answer["waiting"] == 1
    assert not list(Marked(WORDS).places(text(room, scene, "other")))
    assert room.shelf.seek(Marked(WORDS).stand_in) == frozenset()
    states = [entry["detail"]["state"] for entry in register(room, leak)]
    assert states == ["reported", "confirmed", "fixed", "confirmed", "fixed"]
    nowhere(scene.home, WORDS)
    assert Person(room, "auditor")("audit.verify")["ok"]
    assert room.call("verify", room.local_session()) == {"ok": True, "problems": []}


def test_what_is_listed_is_masked_in_records_that_come_later(room: StrongRoom, scene: Scene) -> None:
    confirm(room, report(room, scene), scope="hospital")
    archivist = Person(room, "archivist")
    page = PAGE.format(name="单其琛", number="77431555", month=6, course=f"予{WORDS}。")
    record = archivist("deposit.add", name="b.txt", data_b64=base64.b64encode(page.encode()).decode())["record"]
    wait(archivist, archivist("ingest.run")["job"])
    assert not Marked(WORDS).stand_in(room.shelf.read(None, RecordId(record)))
    assert WORDS not in room.clean(f"{WORDS}的病历")


def test_a_dismissed_report_brings_the_record_back_as_it_was(room: StrongRoom, scene: Scene) -> None:
    before = text(room, scene, "first")
    leak = report(room, scene)
    with pytest.raises(Refused) as caught:
        Person(room, "qc")("leak.dismiss", leak=leak, reason=" ")
    assert caught.value.code == "reason_missing"
    with pytest.raises(BadInput) as quoted:
        Person(room, "qc")("leak.dismiss", leak=leak, reason=f"{WORDS} is a poem")
    assert quoted.value.code == "leak_in_reason"
    assert shown(room, scene) == set(PAGES) - {"first"}
    Person(room, "qc")("leak.dismiss", leak=leak, reason="a poem, nobody")
    assert text(room, scene, "first") == before
    assert elsewhere(room, scene, scene.edition) == set(PAGES)
    again = report(room, scene)
    assert again != leak
    assert shown(room, scene) == set(PAGES) - {"first"}


def test_a_leak_that_needs_a_rule_waits_for_it(room: StrongRoom, scene: Scene) -> None:
    leak = report(room, scene)
    answer = confirm(room, leak, fix="rule", scope="hospital")
    assert (answer["waiting"], answer["job"]) == (3, None)
    assert shown(room, scene) == {"third"}
    qc = Person(room, "qc")
    wait(qc, qc("leak.recheck", leak=leak)["job"])
    assert shown(room, scene) == {"third"}, "no rule yet: the words would stand there again"
    rule = KnownValues([(Entity.PERSON, WORDS)])
    room.__dict__["deidentifier"] = Deidentifier([*recognizers(), rule])
    wait(qc, qc("leak.recheck", leak=leak)["job"])
    assert shown(room, scene) == set(PAGES)
    assert room.shelf.seek(Marked(WORDS).stand_in) == frozenset()
    assert WORDS not in {item.value.reveal() for item in room.catalogue.patients.everything_known()}
    assert [entry["detail"]["state"] for entry in register(room, leak)] == [
        "reported",
        "confirmed",
        "confirmed",
        "fixed",
    ]


def test_two_reports_on_one_record_keep_it_off_until_both_are_settled(room: StrongRoom, scene: Scene) -> None:
    first, second = report(room, scene), report(room, scene, user="analyst", text="足部换药")
    assert first != second
    same = Person(room, "analyst")
    confirm(room, first)
    assert "first" not in shown(room, scene)
    same("logout")
    Person(room, "qc")("leak.dismiss", leak=second, reason="a treatment")
    assert "first" in shown(room, scene)
    assert WORDS not in text(room, scene, "first")


def test_a_reviewer_reports_what_a_sample_shows_and_the_same_twice_is_one(room: StrongRoom, scene: Scene) -> None:
    reviewer = Person(room, "reviewer")
    (sample, *others) = reviewer("review.sheet", request=scene.request)["samples"]
    asked = {"record": sample["record"], "text": _some_words(sample), "request": scene.request}
    first, again = reviewer("leak.report", **asked), reviewer("leak.report", **asked)
    assert (first["new"], again["new"], again["leak"]) == (True, False, first["leak"])
    left = {item["record"] for item in reviewer("review.sheet", request=scene.request)["samples"]}
    assert sample["record"] not in left
    assert {item["record"] for item in others} <= left
    unseen = next(name for name in scene.names.values() if name not in left)
    with pytest.raises(Refused) as caught:
        reviewer("leak.report", record=unseen, text=WORDS, request=scene.request)
    assert caught.value.code == "not_granted"


def _some_words(sample: dict[str, Any]) -> str:
    longest = max((piece for piece, kind in sample["pieces"] if kind is None), key=len)
    return re.findall(r"[\u4e00-\u9fff]{4,}", longest)[-1]


def test_a_bundle_that_held_it_is_named_to_those_who_let_it_go(room: StrongRoom, scene: Scene) -> None:
    before, _ = release(room, scene.grant)
    leak = report(room, scene)
    for user in ("releaser", "manager", "analyst"):
        rows = Person(room, user)("release.list")["rows"]
        assert [row["leaks"] for row in rows if row["release"] == before] == [[leak]]
    assert Person(room, "releaser")("release.show", release=before)["leaks"] == [leak]
    with pytest.raises(Refused) as caught:
        Person(room, "analyst")("release.fetch", release=before)
    assert caught.value.code == "content_changed"
    assert register(room, leak)[0]["detail"]["releases"] == [before]
    confirm(room, leak, scope="hospital")
    after, zipped = release(room, scene.grant)
    assert WORDS.encode() not in zipped
    rows = {row["release"]: row["leaks"] for row in Person(room, "manager")("release.list")["rows"]}
    assert (rows[before], rows[after]) == ([leak], [])


def test_a_releaser_and_quality_control_report_without_reading(room: StrongRoom, scene: Scene) -> None:
    asked = Person(room, "analyst")("release.ask", grant=scene.grant)["release"]
    releaser = Person(room, "releaser")
    releaser("leak.report", record=scene.names["first"], text="任何字样", release=asked)
    assert "first" not in shown(room, scene)
    (row,) = Person(room, "qc")("leak.queue")["rows"]
    assert row["sentence"] == "", "whether the words stand there is nothing a releaser learns"
    Person(room, "qc")("leak.report", record=row["record"], text=WORDS)
    Person(room, "qc")("leak.report", record=scene.ids["other"], text=WORDS)
    assert shown(room, scene) == {"second", "third"}
    assert [bool(row["sentence"]) for row in Person(room, "qc")("leak.queue")["rows"]] == [False, True, True]


@pytest.mark.parametrize(
    ("user", "asked", "code"),
    [
        ("researcher", {"grant": "G99"}, "not_member"),
        ("researcher", {"record": "r" + "a" * 16}, "not_granted"),
        ("researcher", {"grant": None}, "leak_where"),
        ("researcher", {"grant": None, "request": "Q1"}, "not_granted"),
        ("researcher", {"request": "Q1"}, "leak_where"),
        ("reviewer", {}, "not_member"),
        ("reviewer", {"grant": None, "request": "Q99"}, "request_unknown"),
        ("releaser", {"grant": None, "release": "L99"}, "release_unknown"),
        ("qc", {"grant": None}, "leak_record"),
        ("manager", {}, "not_permitted"),
        ("operator", {}, "not_permitted"),
        ("researcher", {"text": "  "}, "leak_words_missing"),
        ("researcher", {"text": "·-"}, "leak_words_missing"),
        ("researcher", {"text": "藻"}, "leak_words_short"),
        ("researcher", {"text": "Li"}, "leak_words_short"),
        ("researcher", {"text": "藻" * 121}, "leak_words_long"),
        ("researcher", {"text": "这几个字没有"}, "leak_not_there"),
        ("researcher", {"entity": "NAME"}, "leak_entity"),
        ("researcher", {"text": 5}, "call_arguments"),
    ],
)
def test_a_report_that_cannot_be_changes_nothing(
    told: Scene, shared: StrongRoom, user: str, asked: dict[str, Any], code: str
) -> None:
    given = {"record": told.names["first"], "text": WORDS, "grant": told.grant, **asked}
    with pytest.raises(LantaiError) as caught:
        Person(shared, user)("leak.report", **given)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")
    assert WORDS not in caught.value.message
    assert leaks.undecided(shared.ledger) == []
    assert shown(shared, told) == set(PAGES)


def test_a_stand_in_is_no_leak(told: Scene, shared: StrongRoom) -> None:
    reviewer = Person(shared, "reviewer")
    samples = reviewer("review.sheet", request=told.request)["samples"]
    name, word = next(
        (sample["record"], piece) for sample in samples for piece, kind in sample["pieces"] if kind and len(piece) > 3
    )
    with pytest.raises(BadInput) as caught:
        reviewer("leak.report", record=name, text=word, request=told.request)
    assert caught.value.code == "leak_stand_in"


@pytest.fixture(scope="module")
def shared(told: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StrongRoom]:
    copy = tmp_path_factory.mktemp("refused") / "home"
    shutil.copytree(told.home, copy)
    with strong_room(copy) as opened:
        yield opened


def test_after_the_grant_nobody_reports_under_it(room: StrongRoom, scene: Scene) -> None:
    Person(room, "manager")("grant.revoke", grant=scene.grant, reason="over")
    with pytest.raises(Refused) as caught:
        report(room, scene)
    assert caught.value.code == "grant_revoked"


def test_only_quality_control_decides(room: StrongRoom, scene: Scene) -> None:
    leak = report(room, scene)
    for user in ("researcher", "analyst", "reviewer", "releaser", "archivist", "auditor", "manager", "operator"):
        for name in ("leak.queue", "leak.confirm", "leak.dismiss", "leak.recheck"):
            with pytest.raises(Refused) as caught:
                Person(room, user)(name, **({} if name == "leak.queue" else {"leak": leak}))
            assert caught.value.code == "not_permitted"
    with pytest.raises(BadInput) as short:
        confirm(room, report(room, scene, "second", text="足部"), scope="hospital")
    assert short.value.code == "leak_list_short"


def test_the_whole_way_by_command_line(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    monkeypatch.setenv("LANTAI_HOME", str(scene.home))
    monkeypatch.setenv("LANTAI_PASSPHRASE_FILE", str(secret))

    def run(*arguments: str) -> tuple[int, Any]:
        monkeypatch.setattr("sys.argv", ["lantai", "leak", *arguments, "--json"])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{WORDS}\n".encode())))
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    seen = ("--grant", scene.grant, "--record", scene.names["first"])
    assert run("report", *seen, "--text", "-", "--entity", "PERSON") == (
        0,
        {"leak": "X1", "state": "reported", "new": True},
    )
    assert run("report", *seen, "--text", "这几个字没有")[1]["error"]["code"] == "leak_not_there"
    code, answer = run("queue")
    assert [row["words"] for row in answer["rows"]] == [WORDS]
    assert run("recheck", "X1")[1]["error"]["code"] == "leak_undecided"
    code, answer = run("confirm", "X1", "--scope", "hospital", "--reason", "it names him")
    assert (code, answer) == (0, {"leak": "X1", "state": "fixed", "waiting": 0, "elsewhere": 0})
    assert run("dismiss", "X1", "--reason", "no") == (3, {"error": ANY})
    assert run("queue") == (0, {"rows": []})


class Killed(BaseException):
    """The process is gone at this point."""


STEPS: list[tuple[str, Callable[[pytest.MonkeyPatch], None]]] = [
    ("withhold", lambda patch: patch.setattr("semantic.edition.Shelf.withhold", _killed)),
    ("list", lambda patch: patch.setattr("archive.patients.Patients.learn", _killed)),
    ("correct", lambda patch: patch.setattr("semantic.edition.Shelf.correct", _killed)),
    ("pointer", lambda patch: patch.setattr("semantic.edition.write_current", _killed)),
    ("ledger", lambda patch: patch.setattr("approvals.leaks.recheck", _killed)),
]


def _killed(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize("step", range(len(STEPS)), ids=[name for name, _ in STEPS])
def test_a_kill_while_mending_goes_on_at_the_next_start(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with strong_room(scene.home) as room:
        leak = report(room, scene)
        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            STEPS[step][1](patch)
            answer = Person(room, "qc")("leak.confirm", leak=leak, reason="it names him")
            _ended(room, answer["job"])
        assert not shown(room, scene) & {"first", "second"}
    with strong_room(scene.home) as room:
        for job in room.jobs._jobs:
            _ended(room, job)
        assert shown(room, scene) == elsewhere(room, scene) == set(PAGES)
        for name in ("first", "second"):
            assert not list(Marked(WORDS).places(text(room, scene, name)))
        assert leaks.one(room.ledger, leak).state == "fixed"
        assert room.call("verify", room.local_session()) == {"ok": True, "problems": []}


def _ended(room: StrongRoom, job: str) -> None:
    with contextlib.suppress(LantaiError):
        wait(Person(room, "qc"), job)


def test_a_kill_after_the_report_is_written_takes_the_record_off_at_the_next_start(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strong_room(scene.home) as room:
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr("semantic.edition.Shelf.withhold", _killed)
            report(room, scene)
        assert "first" not in shown(room, scene), "the ledger alone keeps it back"
    with strong_room(scene.home) as room:
        assert elsewhere(room, scene) == set(PAGES) - {"first"}


def test_a_kill_before_the_report_is_written_leaves_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with strong_room(scene.home) as room:
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(mending, "_part", _killed)
            report(room, scene)
        assert leaks.undecided(room.ledger) == []
    with strong_room(scene.home) as room:
        assert shown(room, scene) == set(PAGES)
        report(room, scene)
        assert shown(room, scene) == set(PAGES) - {"first"}
