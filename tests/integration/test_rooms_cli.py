"""The `lantai` command: exit codes, one JSON document, and one clear sentence for every kind of bad input."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.disclosure import size
from rooms.cli.main import main
from tests.conftest import PASSPHRASE, Home
from tests.rooms_open import COHORT, strong_room

Answer = tuple[int, Any, str]
Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("search", "糖尿病")` -> (exit code, JSON or None, stderr); always with --json."""
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    monkeypatch.setenv("LANTAI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANTAI_PASSPHRASE_FILE", str(secret))
    monkeypatch.delenv("LANTAI_TOKEN", raising=False)

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr("sys.argv", ["lantai", *arguments, "--json"])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        streams = capsys.readouterr()
        lines = streams.out.strip().splitlines()
        return code, json.loads(lines[-1]) if lines else None, streams.err

    return call


def _refused(answer: Answer, exit_code: int, code: str) -> None:
    assert answer[0] == exit_code
    assert set(answer[1]) == {"error"}
    assert answer[1]["error"]["code"] == code
    message = answer[1]["error"]["message"]
    assert message.endswith(".")
    assert "Traceback" not in answer[2]


def test_a_real_home_from_nothing_to_its_first_record(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused(run("search", "糖尿病"), 5, "not_initialised")
    assert run("init")[0] == 0
    _refused(run("init"), 2, "home_exists")
    _refused(run("search", "糖尿病"), 2, "who")
    _refused(run("search", "糖尿病", "--as", "nobody"), 2, "password_needed")
    password = tmp_path / "password"
    password.write_text("a long enough password\n", encoding="utf-8")
    monkeypatch.setenv("LANTAI_NEW_PASSWORD_FILE", str(password))
    assert run("user", "add", "wang", "--role", "researcher")[1] == {"user": "wang", "roles": ["researcher"]}
    monkeypatch.setenv("LANTAI_PASSWORD_FILE", str(password))
    code, answer, _ = run("search", "糖尿病", "--as", "wang")
    assert code == 0
    assert (answer["total"], answer["hits"]) == ("<10", [])
    _refused(run("audit", "list", "--as", "wang"), 3, "not_permitted")
    _refused(run("search", "糖尿病", "--as", "li"), 3, "wrong_login")
    (tmp_path / "a.txt").write_text(
        "出院记录\n姓名：测试人 性别：男 年龄：60岁\n出院诊断：2型糖尿病。", encoding="utf-8"
    )
    (tmp_path / "b.txt").write_bytes(b"")
    shutil.copy(tmp_path / "a.txt", tmp_path / "c.txt")
    code, answer, _ = run("ingest", *(str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")))
    assert code == 0
    assert [row["new"] for row in answer["accepted"]] == [True, False]
    assert len({row["record"] for row in answer["accepted"]}) == 1
    assert [row["reason"] for row in answer["rejected"]] == ["file_empty"]
    again = run("ingest", str(tmp_path / "a.txt"))[1]
    assert [row["new"] for row in again["accepted"]] == [False]
    assert run("verify")[1] == {"ok": True, "problems": []}
    assert run("audit", "verify")[1] == {"ok": True, "problems": []}
    assert run("status")[1]["deposits"]["SHELVED"] == 1


def test_a_wrong_passphrase_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("init")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "home").rglob("*") if path.is_file()}
    (tmp_path / "secret").write_text("another passphrase", encoding="utf-8")
    _refused(run("status"), 3, "wrong_passphrase")
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert {path: time for path, time in after.items() if path.name != "lock"} == {
        path: time for path, time in before.items() if path.name != "lock"
    }


def test_a_second_strong_room_is_refused(run: Run, home: Home) -> None:
    with strong_room(home.path):
        _refused(run("status"), 5, "home_in_use")


def test_failed_logins_are_throttled(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init")
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password", encoding="utf-8")
    monkeypatch.setenv("LANTAI_PASSWORD_FILE", str(wrong))
    codes = [run("login", "wang")[1]["error"]["code"] for _ in range(7)]
    assert codes[0] == "wrong_login"
    assert codes[-1] == "login_throttled"


def test_a_demo_home_and_a_real_home_never_mix(run: Run) -> None:
    run("init")
    _refused(run("demo", "--no-serve"), 2, "home_is_real")
    _refused(run("search", "糖尿病", "--as", "researcher"), 2, "password_needed")


def test_a_port_in_use_is_said_before_anything_starts(run: Run) -> None:
    run("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        _refused(run("serve", "--port", str(taken.getsockname()[1])), 5, "port_in_use")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("broken.toml", b"[[include]]\nconcept = ", "bad_toml"),
        ("binary.toml", b"\xff\xfe\x00", "file_unreadable"),
        ("unknown.toml", '[[include]]\nconcept = "没有这个病"'.encode(), "unknown_concept"),
    ],
)
def test_a_cohort_that_cannot_be_read(
    run: Run, home: Home, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = run("cohort", "count", str(tmp_path / name))
    _refused(answer, 2, answer[1]["error"]["code"])
    assert answer[1]["error"]["code"].endswith(code) or code in ("bad_toml", "unknown_concept")


def test_the_thread_by_command_line(run: Run, home: Home, tmp_path: Path) -> None:
    (tmp_path / "cohort.toml").write_text(COHORT, encoding="utf-8")
    code, counted, _ = run("cohort", "count", str(tmp_path / "cohort.toml"))
    assert code == 0
    assert counted["records"].startswith("~")
    saved = run("cohort", "save", str(tmp_path / "cohort.toml"))[1]
    from tests.rooms_open import request_toml

    (tmp_path / "request.toml").write_text(request_toml(saved["hash"]), encoding="utf-8")
    request = run("request", "submit", str(tmp_path / "request.toml"))[1]["request"]
    for reviewer in ("reviewer", "reviewer2"):
        decided = run("review", "decide", request, "approve", "--reason", "fine", "--as", reviewer)[1]
    release = run("release", "ask", decided["grant"])[1]
    assert release["state"] == "in_check", release["findings"]
    for releaser in ("releaser", "releaser2"):
        run("release", "check", release["release"], "pass", "--reason", "fine", "--as", releaser)
    out = tmp_path / "out"
    assert run("release", "fetch", release["release"], "--out", str(out))[0] == 0
    assert run("release", "verify", str(out))[1] == {"ok": True, "problems": []}
    _refused(run("release", "fetch", release["release"], "--out", str(out)), 2, "out_not_empty")
    _refused(
        run("release", "fetch", release["release"], "--out", str(tmp_path / "x"), "--as", "releaser"),
        3,
        "not_permitted",
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["search", "--help"], ["ingest", "--help"], ["release", "check", "--help"]]
)
def test_help_teaches(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["lantai", *arguments])
    try:
        main()
    except SystemExit as stop:
        assert not stop.code
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["serch"], ["search"], ["search", "x", "--limit", "many"], ["review", "decide", "Q1", "maybe"]]
)
def test_a_mistyped_command_is_bad_input(run: Run, arguments: list[str]) -> None:
    _refused(run(*arguments), 2, "usage")


def test_a_question_becomes_a_cohort_that_is_saved_shown_and_counted_by_its_hash(
    run: Run, home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "asked.toml"
    code, found, _ = run("search", "糖尿病并发症", "--since", "2020", "--cohort", str(file))
    assert code == 0
    _refused(run("search", "糖尿病并发症", "--cohort", str(file)), 2, "file_exists")
    _refused(run("search", "的", "--cohort", str(tmp_path / "none.toml")), 2, "search_no_cohort")
    saved = run("cohort", "save", str(file))[1]
    assert run("cohort", "show", saved["hash"])[1]["toml"] == file.read_text(encoding="utf-8")
    counted = run("cohort", "count", saved["hash"])[1]
    assert size(counted["records"]) <= size(found["total"])
    assert counted == run("cohort", "count", str(file), "--edition", str(counted["edition"]))[1]
    _refused(run("cohort", "count", saved["hash"], "--edition", "999"), 2, "unknown_edition")
    _refused(run("cohort", "show", "0" * 64), 2, "cohort_unknown")
    _refused(run("cohort", "count", "0" * 63), 2, "file_unreadable")


def test_a_concept_is_explained_without_an_archive_and_counted_with_one(run: Run, home: Home) -> None:
    (bare,) = run("concept", "show", "糖足")[1]["concepts"]
    assert bare["id"] == "diabetic-foot"
    assert "records" not in bare
    (counted,) = run("concept", "show", "糖尿病", "--count")[1]["concepts"]
    assert counted["records"].startswith("~")
    assert {"diabetic-foot"} <= {one["id"] for one in counted["relations"]["implied"]}
    assert run("concept", "show", "肺炎支")[1]["near"]
    _refused(run("concept", "show", "没有这样的词语"), 2, "concept_unknown")
