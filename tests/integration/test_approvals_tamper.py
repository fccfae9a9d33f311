"""Whoever changes the ledger's file, verify names what was changed: each column of each row, each entry, end, order."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from approvals import accounts, cohorts, grants, leaks, register, release, schema
from approvals.chain import GENESIS, mac
from approvals.ledger import Entry, Ledger
from approvals.transactions import link_of
from records.entities import Entity
from records.errors import LantaiError
from records.ids import RecordId
from tests.approvals_world import COHORT, KEY, World, check, hash_of

COLUMNS = [(table.name, column.name) for table in schema.LEDGER_TABLES for column in table.columns]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A ledger in which everything has happened at least once; every table has rows."""
    world = World(tmp_path_factory.mktemp("lived"), anchored=True)
    cohorts.save(world.ledger, world["ann"], COHORT, "mine", hash_of)
    grant = world.grant()
    asked = world.released(grant)
    world.fetch(asked)
    release.recall(world.ledger, world["mia"], asked, "test")
    leaks.report(world.ledger, world["ann"], RecordId("r001"), Entity.PERSON, grant, lambda _: None)
    grants.revoke(world.ledger, world["mia"], grant, "test")
    token = accounts.login(world.ledger, "ann", None)["token"]
    accounts.actor_of(world.ledger, token)
    with pytest.raises(LantaiError):
        accounts.login(world.ledger, "nobody1", None)
    world.ledger.close()
    with sqlite3.connect(world.path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for table in schema.metadata.tables.values():
            assert raw.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0], table.name  # noqa: S608
    return world


@pytest.fixture
def copy(lived: World, tmp_path: Path) -> Path:
    shutil.copy(lived.path, tmp_path / "ledger.db")
    return tmp_path / "ledger.db"


def _verify(path: Path, lived: World, *, anchored: bool = False) -> dict[str, str]:
    """id -> problem."""
    ledger = Ledger.open(path, key=KEY, create=False)
    try:
        place = (lived.place, check) if anchored else ()
        return {problem["id"]: problem["problem"] for problem in register.verify(ledger, *place)}
    finally:
        ledger.close()


def _sql(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as raw:
        for statement in statements:
            raw.execute(statement)


def test_an_untouched_ledger_has_no_problems(copy: Path, lived: World) -> None:
    assert _verify(copy, lived, anchored=True) == {}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda name: str(name))
def test_one_changed_value_in_any_column_is_named(copy: Path, lived: World, table: str, column: str) -> None:
    with sqlite3.connect(copy) as raw:
        row_id, value = raw.execute(f'SELECT id, "{column}" FROM {table} ORDER BY id LIMIT 1').fetchone()  # noqa: S608
        changed = value + 1 if isinstance(value, int) else "x" if value is None else _flip(str(value))
        raw.execute(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (changed, row_id))  # noqa: S608
    found = _verify(copy, lived)
    assert f"{table}/{row_id}" in found
    if column != "id":
        assert found == {f"{table}/{row_id}": "altered"}
    else:
        assert found[f"{table}/{row_id}"] == "removed"
        assert len(found) == 2


def _flip(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1 :] if text else "x"


@pytest.mark.parametrize("table", [table.name for table in schema.LEDGER_TABLES])
def test_a_removed_and_an_added_row_are_named(copy: Path, lived: World, table: str) -> None:
    with sqlite3.connect(copy) as raw:
        row_id = raw.execute(f"SELECT id FROM {table} ORDER BY id LIMIT 1").fetchone()[0]  # noqa: S608
        raw.execute(f"CREATE TEMP TABLE stolen AS SELECT * FROM {table} WHERE id = ?", (row_id,))  # noqa: S608
        raw.execute("UPDATE stolen SET id = 'planted'")
        raw.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))  # noqa: S608
        raw.execute(f"INSERT INTO {table} SELECT * FROM stolen")  # noqa: S608
    found = _verify(copy, lived)
    assert found[f"{table}/{row_id}"] == "removed"
    assert "not in the register" in found[f"{table}/planted"]


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "reason", "detail", "prev", "hash", "mac"])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_changed_value_in_any_entry_is_named(copy: Path, lived: World, column: str, place: str) -> None:
    with sqlite3.connect(copy) as raw:
        top = raw.execute("SELECT max(seq) FROM register").fetchone()[0]
        seq = {"first": 1, "middle": top // 2, "last": top}[place]
        value = raw.execute(f"SELECT {column} FROM register WHERE seq = ?", (seq,)).fetchone()[0]  # noqa: S608
        raw.execute(f"UPDATE register SET {column} = ? WHERE seq = ?", (_flip(value), seq))  # noqa: S608
    assert _verify(copy, lived)[f"register/{seq}"] == "altered"


def test_entries_removed_from_the_middle_are_named_one_by_one(copy: Path, lived: World) -> None:
    _sql(copy, "DELETE FROM register WHERE seq IN (5, 6)")
    found = _verify(copy, lived)
    assert (found["register/5"], found["register/6"]) == ("removed", "removed")
    assert "register/7" not in found


def test_entries_that_changed_places_are_named(copy: Path, lived: World) -> None:
    _sql(
        copy,
        "UPDATE register SET seq = 0 WHERE seq = 5",
        "UPDATE register SET seq = 5 WHERE seq = 6",
        "UPDATE register SET seq = 6 WHERE seq = 0",
    )
    found = _verify(copy, lived)
    assert {"register/5", "register/6"} <= found.keys()


def test_the_end_cut_off_is_named_by_the_head_and_when_that_is_mended_by_the_second_place(
    copy: Path, lived: World
) -> None:
    with sqlite3.connect(copy) as raw:
        top = raw.execute("SELECT max(seq) FROM register").fetchone()[0]
        raw.execute("DELETE FROM register WHERE seq > ?", (top - 2,))
    found = _verify(copy, lived)
    assert {f"register/{top}", f"register/{top - 1}"} <= found.keys()
    with sqlite3.connect(copy) as raw:
        head = raw.execute("SELECT hash FROM register WHERE seq = ?", (top - 2,)).fetchone()[0]
        raw.execute("UPDATE register_head SET seq = ?, hash = ?", (top - 2, head))
        raw.execute("DELETE FROM row_entries WHERE seq > ?", (top - 2,))
    found = _verify(copy, lived, anchored=True)
    assert "truncated" in found[f"register/{top}"]


def test_a_chain_written_anew_without_the_key_is_named_entry_by_entry(copy: Path, lived: World) -> None:
    """Somebody knows the rules and rewrites history from entry 9 on, hashes and all, but has no key."""
    with sqlite3.connect(copy) as raw:
        raw.row_factory = sqlite3.Row
        raw.execute("UPDATE register SET actor = 'carl' WHERE seq = 9")
        prev = raw.execute("SELECT hash FROM register WHERE seq = 8").fetchone()[0]
        rewritten = 0
        for row in raw.execute("SELECT * FROM register WHERE seq >= 9 ORDER BY seq").fetchall():
            link = link_of({**dict(row), "prev": prev})
            raw.execute(
                "UPDATE register SET prev = ?, hash = ?, mac = ? WHERE seq = ?",
                (prev, link.hash, mac(b"not the real key", link.hash), row["seq"]),
            )
            prev, rewritten = link.hash, rewritten + 1
        raw.execute("UPDATE register_head SET hash = ?", (prev,))
    found = _verify(copy, lived)
    assert len([name for name in found if name.startswith("register/")]) == rewritten
    with_key = _verify(copy, lived, anchored=True)
    assert "rewritten" in with_key["register/9"] or with_key["register/9"] == "altered"


def test_a_chain_written_anew_with_the_key_is_still_named_by_the_second_place(copy: Path, lived: World) -> None:
    with sqlite3.connect(copy) as raw:
        raw.row_factory = sqlite3.Row
        prev = GENESIS
        for row in raw.execute("SELECT * FROM register ORDER BY seq").fetchall():
            actor = "carl" if row["actor"] == "mia" else row["actor"]
            link = link_of({**dict(row), "prev": prev, "actor": actor})
            fields = (actor, prev, link.hash, mac(KEY, link.hash), row["seq"])
            raw.execute("UPDATE register SET actor = ?, prev = ?, hash = ?, mac = ? WHERE seq = ?", fields)
            prev = link.hash
        raw.execute("UPDATE register_head SET hash = ?", (prev,))
    assert _verify(copy, lived) == {}
    assert "rewritten: the register differs from its checkpoint" in _verify(copy, lived, anchored=True).values()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE register_head SET seq = seq - 1", "register_head"),
        ("UPDATE register_head SET hash = 'x'", "register_head"),
        ("DELETE FROM register_head", "register_head"),
        ("UPDATE session_activity SET seen = '2030-01-01T00:00:00.000000Z'", "session_activity/"),
        ("DELETE FROM row_entries WHERE seq = 4", "row_entries/"),
        ("INSERT INTO row_entries VALUES ('grants/G9', 3)", "row_entries/grants/G9/3"),
    ],
)
def test_what_stands_beside_the_register_is_watched_too(copy: Path, lived: World, statement: str, named: str) -> None:
    _sql(copy, statement)
    assert any(name.startswith(named) for name in _verify(copy, lived))


@pytest.mark.parametrize(
    ("marker", "named"),
    [
        (b"sm4:", "requests/Q1"),
        (b"sm4:", "reviews/"),
        (b"approved", "requests/Q1"),
        (b"2027-03-03", "grants/G1"),
        (b"researcher", "accounts/"),
        (b"sm4:", "cohorts/C1"),
        (b"recalled", "releases/L1"),
        (b'"verdict":"approve"', "register/"),
        (b"user.add", "register/"),
    ],
)
def test_one_flipped_byte_in_the_file_is_named(copy: Path, lived: World, marker: bytes, named: str) -> None:
    """Each place in the raw file where the value stands; SQLite itself does not notice."""
    data = copy.read_bytes()
    offset, tried = data.find(marker), 0
    hit = False
    while offset >= 0:
        place = offset + len(marker) // 2
        copy.write_bytes(data[:place] + bytes([data[place] ^ 0x81]) + data[place + 1 :])  # no UTF-8 any more, either
        found = _verify(copy, lived)
        hit |= any(name.startswith(named) for name in found)
        tried += 1
        offset = data.find(marker, offset + 1)
    assert tried
    assert hit


def test_what_people_typed_stands_sealed_in_the_file(copy: Path, lived: World) -> None:
    """And is read again by whoever may: the purpose by a reviewer, the reason by the auditor."""
    written = b"".join(path.read_bytes() for path in copy.parent.glob(f"{copy.name}*"))
    for typed in (b"Course of diabetic nephropathy", b"reason given", b"diabetes-mellitus"):
        assert typed not in written
    ledger = Ledger.open(copy, lambda: lived.now, key=KEY, create=False)
    try:
        with ledger.read() as reader:
            row = reader.one(schema.requests, "Q1")
        assert row is not None
        assert "Course of diabetic nephropathy" in row["snapshot"]
    finally:
        ledger.close()


def test_random_flips_crash_nothing_open_nothing_and_pass_in_silence_only_where_nothing_changed(
    copy: Path, lived: World
) -> None:
    """Any byte at all: verify answers, the revoked grant stays shut, and what goes unnamed changed no value."""
    data = copy.read_bytes()
    before = _dump(copy)
    for offset in range(100, len(data), 4999):
        copy.write_bytes(data[:offset] + bytes([data[offset] ^ 0x90]) + data[offset + 1 :])
        if not register.verify_at(copy, KEY):
            assert _dump(copy) == before, f"byte {offset}"
        assert not _opens(copy, lived)


def _dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as raw:
        return list(raw.iterdump())


def _opens(path: Path, lived: World) -> bool:
    try:
        ledger = Ledger.open(path, lambda: lived.now, key=KEY, create=False)
        grants.active_grant(ledger, lived["ann"], "G1")
    except LantaiError:
        return False
    return True


def test_work_goes_on_beside_an_altered_row(copy: Path, lived: World) -> None:
    _sql(copy, "UPDATE accounts SET display = 'x' WHERE id = 'carl'")
    ledger = Ledger.open(copy, lambda: lived.now, key=KEY, create=False)
    ledger.record(Entry("mia", "test.on"))
    assert accounts.login(ledger, "bob", None)["user"] == "bob"
    assert {problem["id"] for problem in register.verify(ledger)} == {"accounts/carl"}
    ledger.close()
