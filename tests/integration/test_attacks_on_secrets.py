"""Guessing passphrases and passwords, passing off bundles, and names that are no text."""

from __future__ import annotations

import base64
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from approvals.bundle import verify_bundle
from approvals.database import plain_errors
from archive.disk import sqlite_failure
from records.errors import BadInput, Refused, Unavailable
from rooms.cli.release import unpack
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE, Home
from tests.integration.test_portal_server import ROOT
from tests.rooms_open import COHORT, Person, open_grant, release, request_toml, strong_room

FIRST, SECOND = "the manager knows this", "the manager does not"


def refusal(room: StrongRoom, call: str, session: str | None = None, **args: str) -> str:
    with pytest.raises(Refused) as caught:
        room.call(call, session, **args)
    return caught.value.code


def test_the_passphrase_cannot_be_guessed_through_the_slot(home: Home) -> None:
    with strong_room(home.path) as room:
        codes = [refusal(room, "login.local", passphrase=f"guess number {number}") for number in range(8)]
        assert codes == ["wrong_passphrase"] * 5 + ["login_throttled"] * 3
        assert refusal(room, "login.local", passphrase=PASSPHRASE) == "login_throttled"
        entries = Person(room, "auditor")("audit.list", action="login.failed", newest_first=True)["rows"]
        assert [entry["subject"] for entry in entries[:5]] == ["local"] * 5


def test_failed_logins_as_local_do_not_lock_the_holder_of_the_passphrase_out(home: Home) -> None:
    with strong_room(home.path) as room:
        for _ in range(6):
            refusal(room, "login", username="local", password="a guess")
        assert room.call("login.local", passphrase=PASSPHRASE)["user"] == "local"


def test_a_changed_password_ends_all_sessions_and_the_old_one(home: Home) -> None:
    with strong_room(home.path) as room:
        Person(room, "manager")("user.add", username="newcomer", password=FIRST, roles=["reviewer"])
        mine, other = (room.call("login", username="newcomer", password=FIRST)["token"] for _ in range(2))
        assert refusal(room, "password.change", mine, old="not it at all", new=SECOND) == "wrong_login"
        with pytest.raises(BadInput):
            room.call("password.change", mine, old=FIRST, new="short")
        assert room.call("whoami", mine)["user"] == "newcomer"
        room.call("password.change", mine, old=FIRST, new=SECOND)
        for token in (mine, other):
            assert refusal(room, "whoami", token) == "not_logged_in"
        assert refusal(room, "login", username="newcomer", password=FIRST) == "wrong_login"
        token = room.call("login", username="newcomer", password=SECOND)["token"]
        codes = [refusal(room, "password.change", token, old=f"guess {number} here", new=SECOND) for number in range(7)]
        assert codes[-2:] == ["login_throttled"] * 2


@pytest.fixture(scope="module")
def bundle(room: StrongRoom) -> bytes:
    _, grant = open_grant(room)
    return release(room, grant)[1]


@pytest.mark.parametrize("folder", ["../../etc", "/tmp", "L99", ""])
def test_a_bundle_repacked_for_another_place_is_no_bundle(bundle: bytes, folder: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for item in source.infolist():
            entry = zipfile.ZipInfo("/".join(filter(None, (folder, item.filename.split("/")[-1]))), item.date_time)
            entry.external_attr, entry.create_system = item.external_attr, item.create_system
            target.writestr(entry, source.read(item))
    (tmp_path / "b.zip").write_bytes(out.getvalue())
    assert verify_bundle(tmp_path / "b.zip")
    (tmp_path / "good.zip").write_bytes(bundle)
    assert verify_bundle(tmp_path / "good.zip") == []


def test_what_is_added_to_an_unpacked_bundle_is_named_wherever_it_lies(bundle: bytes, tmp_path: Path) -> None:
    inner = tmp_path / "taken" / "L1"
    unpack(bundle, inner)
    assert verify_bundle(inner.parent) == verify_bundle(inner) == []
    (inner.parent / "data.csv").write_text("record\r\n")
    assert [item["problem"] for item in verify_bundle(inner.parent)] == ["not part of the release"]
    (inner.parent / "data.csv").unlink()
    os.mkfifo(inner / "more.csv")
    assert [item["file"] for item in verify_bundle(inner)] == ["more.csv"]
    (inner / "more.csv").unlink()
    (inner / "data.csv").rename(tmp_path / "kept.csv")
    (inner / "data.csv").symlink_to(tmp_path / "kept.csv")
    assert [item["file"] for item in verify_bundle(inner)] == ["data.csv"]


def test_a_file_whose_name_is_no_utf_8_is_taken_in_with_the_others(home: Home, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / os.fsdecode("张三出院记录.txt".encode("gbk"))).write_bytes(b"no record")
    (inbox / "b.txt").write_bytes(b"none either")
    command = [sys.executable, "-c", "from rooms.cli.main import main; main()", "ingest", str(inbox)]
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    environment = {**os.environ, "LANTAI_HOME": str(home.path), "LANTAI_PASSPHRASE_FILE": str(passphrase)}
    for arguments in ([], ["--json"]):
        done = subprocess.run([*command, *arguments], cwd=ROOT, env=environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout.splitlines()[-1])["rejected"]) == 2
    with strong_room(home.path) as room:
        names = {row["name"] for row in Person(room, "archivist")("deposit.rejects")["rows"]}
        assert "张三出院记录.txt" in names
        with pytest.raises(BadInput):
            Person(room, "archivist")("deposit.add", name="\udcc4", data_b64=base64.b64encode(b"x").decode())


def test_no_other_process_looks_into_the_memory_of_the_rooms() -> None:
    program = (
        "import ctypes, resource; from rooms.separation import keep_to_itself; keep_to_itself(); "
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["0", "0", "0"]


@pytest.mark.parametrize("text", ["[cohort]\n" + ".".join("a" * 15_000) + " = 1", "a = " + "[" * 30_000])
def test_what_is_nested_without_end_is_bad_input(room: StrongRoom, text: str) -> None:
    head = 'title = "t"\npurpose = "p"\nethics_number = "1"\nethics_end = 2099-01-01\nvariables = ["text"]\n'
    researcher = Person(room, "researcher")
    for call in ("request.submit", "request.precheck", "cohort.count"):
        with pytest.raises(BadInput):
            researcher(call, toml=head + text)


def test_no_room_for_the_index_of_a_log_is_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    told = sqlite_failure(error, "catalogue.db")
    assert isinstance(told, Unavailable)
    assert told.code == "disk_full"
    with pytest.raises(Unavailable) as caught, plain_errors():
        raise error
    assert caught.value.code == "disk_full"


def test_no_sentence_that_anybody_typed_stands_in_a_file(home: Home) -> None:
    """A reader may paste a sentence of a record anywhere; the disk must not show it. The auditor reads the question."""
    typed = ["双下肢麻木伴刺痛三年余", "研究其夜间盗汗的原因", "因反复低热不予通过", "交班时口头说明过心悸"]
    with strong_room(home.path) as room:
        researcher, reviewer = Person(room, "researcher"), Person(room, "reviewer")
        researcher("search.run", query=typed[0])
        saved = researcher("cohort.save", toml=COHORT + f"\n# {typed[1]}\n", name="n")["hash"]
        text = request_toml(saved).replace("To see whether", f"{typed[1]} To see whether")
        request = researcher("request.submit", toml=text)["request"]
        reviewer("review.decide", request=request, verdict="reject", reason=typed[2])
        _, grant = open_grant(room)
        Person(room, "manager")("grant.revoke", grant=grant, reason=typed[3])
        assert typed[1] in researcher("request.show", request=request)["purpose"]
        assert typed[2] in researcher("request.show", request=request)["reason"]
        entry = Person(room, "auditor")("audit.list", action="search", newest_first=True)["rows"][0]
        assert "麻木" in entry["detail"]["query"]
        revoked = Person(room, "auditor")("audit.list", action="grant.revoke", newest_first=True)["rows"][0]
        assert "心悸" in revoked["reason"]
    for path in home.path.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for sentence in typed:
            for half in (sentence[:6], sentence[-6:]):
                assert half.encode() not in data, path.name
