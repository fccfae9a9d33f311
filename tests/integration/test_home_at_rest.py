"""What lies on the disk: nothing that names anybody, no sentence in the clear; and every flipped byte is named."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from rooms.identifiers import folded
from tests.conftest import Home
from tests.rooms_open import Person, open_grant, release, strong_room

OPEN_TO_THE_FRONT = ("front", "shelf")


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_socket()]


def _forms(text: str) -> list[bytes]:
    return [text.encode(name) for name in ("utf-8", "gb18030", "utf-16-le", "utf-32-le")]


def test_no_identifier_and_no_sentence_lies_in_the_clear(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    with strong_room(home.path) as room:
        _, grant = open_grant(room)
        release(room, grant)
        Person(room, "researcher")("search.run", query="糖尿病足溃疡换药")
    sentences = [
        row["text"][at : at + 12] for row in home.records() for at in range(0, max(len(row["text"]) - 12, 1), 60)
    ]
    identifiers = [
        row["value"] for row in home.identifiers() if len(folded(row["value"])[0]) >= 4 and row["entity"] != "DATE"
    ]
    assert len(sentences) > 500
    assert len(identifiers) > 300
    for path in _files(home.path):
        data = path.read_bytes()
        for marker in (*sentences, *identifiers):
            for form in _forms(marker):
                assert form not in data, f"{path.relative_to(home.path)} holds something in the clear"
        assert not [name for name in identifiers if name in path.name]
    assert not [name for name in identifiers if name in caplog.text]


def test_short_names_are_nowhere_readable_by_the_front(home: Home) -> None:
    names = {row["value"] for row in home.identifiers() if row["entity"] == "PERSON"}
    for folder in OPEN_TO_THE_FRONT:
        for path in _files(home.path / folder):
            data = path.read_bytes()
            # Three characters are nine bytes: a match in sealed bytes by chance does not happen.
            assert not [name for name in names if len(name) >= 3 and name.encode() in data], path.name


def test_an_untouched_home_verifies(home: Home) -> None:
    with strong_room(home.path) as room:
        assert room.call("verify", room.local_session()) == {"ok": True, "problems": []}


@pytest.mark.parametrize(
    "pattern", ["strong/vault/seg-*.bin", "shelf/segments/*.index", "shelf/segments/*.text", "shelf/editions/*"]
)
def test_a_flipped_byte_is_named_by_its_file(home: Home, pattern: str) -> None:
    path = max(home.path.glob(pattern), key=lambda item: item.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.write_bytes(data)
    problems = _problems(home)
    assert any(path.name in problem["file"] for problem in problems), problems[:3]


def test_an_altered_ledger_row_is_named(home: Home) -> None:
    with strong_room(home.path) as room:
        _, grant = open_grant(room)
    with sqlite3.connect(home.path / "strong" / "ledger.db") as database:
        database.execute("UPDATE grants SET ends = '2999-12-31' WHERE id = ?", (grant,))
    database.close()
    assert any(problem["id"] == f"grants/{grant}" for problem in _problems(home))


def test_a_removed_register_entry_is_named(home: Home) -> None:
    with sqlite3.connect(home.path / "strong" / "ledger.db") as database:
        database.execute("DELETE FROM register WHERE seq = 7")
    database.close()
    assert any(problem["id"] == "register/7" for problem in _problems(home))


def _problems(home: Home) -> list[dict[str, str]]:
    with strong_room(home.path) as room:
        answer = room.call("verify", room.local_session())
    assert not answer["ok"]
    return list(json.loads(json.dumps(answer["problems"])))
