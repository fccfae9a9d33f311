"""The one road in: row and register entry together or not at all, and no row believed that the register denies."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from approvals import register, schema
from approvals.chain import WITHHELD, safe
from approvals.database import _plain
from approvals.ledger import Entry, Ledger
from records.errors import BadInput, IntegrityFailure, Unavailable
from tests.approvals_world import KEY, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _last(ledger: Ledger) -> dict[str, object]:
    row: dict[str, object] = register.entries(ledger, limit=1, newest_first=True)["rows"][0]
    return row


def test_a_write_leaves_row_and_entry(world: World) -> None:
    with world.ledger.write(Entry("mia", "test.write", "k", "because")) as tx:
        tx.insert(schema.meta, "k", value="v")
        tx.note(state="new")
    with world.ledger.read() as reader:
        row = reader.one(schema.meta, "k")
    last = _last(world.ledger)
    assert row is not None
    assert row["entry"] == last["seq"]
    assert (last["actor"], last["action"], last["subject"], last["reason"]) == ("mia", "test.write", "k", "because")
    assert last["detail"] == {"state": "new"}


def test_an_exception_leaves_neither(world: World) -> None:
    before = _last(world.ledger)
    with pytest.raises(RuntimeError), world.ledger.write(Entry("mia", "test.write")) as tx:
        tx.insert(schema.meta, "k", value="v")
        raise RuntimeError
    with world.ledger.read() as reader:
        assert reader.one(schema.meta, "k") is None
    assert _last(world.ledger) == before


def test_a_row_cannot_be_written_past_the_road(world: World) -> None:
    with world.ledger.write(Entry("mia", "x")) as tx:
        for table in (schema.register, schema.register_head, schema.row_entries, schema.session_activity):
            with pytest.raises(ValueError, match="not written by hand"):
                tx.insert(table, "k")
        assert not hasattr(tx, "delete")


def test_a_row_changed_behind_our_back_is_not_believed(world: World) -> None:
    with sqlite3.connect(world.path) as raw:
        raw.execute("UPDATE accounts SET roles = 'manager' WHERE id = 'ann'")
    with world.ledger.read() as reader:
        with pytest.raises(IntegrityFailure, match="accounts/ann"):
            reader.one(schema.accounts, "ann")
        with pytest.raises(IntegrityFailure, match="accounts/ann"):
            reader.rows(select(schema.accounts), schema.accounts)
        assert reader.one(schema.accounts, "bob")


def test_a_row_put_in_or_taken_out_is_not_believed(world: World) -> None:
    with sqlite3.connect(world.path) as raw:
        columns = "entry, display, roles, department, password, state, created"
        raw.execute(f"INSERT INTO accounts SELECT 'eve', {columns} FROM accounts WHERE id = 'mia'")  # noqa: S608
        raw.execute("DELETE FROM accounts WHERE id = 'bob'")
    with world.ledger.read() as reader:
        for user in ("eve", "bob"):
            with pytest.raises(IntegrityFailure):
                reader.one(schema.accounts, user)


def test_an_old_version_of_a_row_is_not_believed(world: World) -> None:
    """Putting back what once was true (an active grant after its revocation) must not work either."""
    with sqlite3.connect(world.path) as raw:
        old = raw.execute("SELECT * FROM accounts WHERE id = 'ann'").fetchone()
    with world.ledger.write(Entry("mia", "x")) as tx:
        tx.update(schema.accounts, "ann", state="disabled")
    with sqlite3.connect(world.path) as raw:
        raw.execute("DELETE FROM accounts WHERE id = 'ann'")
        raw.execute(f"INSERT INTO accounts VALUES ({','.join('?' * len(old))})", old)  # noqa: S608
    with world.ledger.read() as reader, pytest.raises(IntegrityFailure):
        reader.one(schema.accounts, "ann")


def test_an_entry_forged_without_the_key_vouches_for_nothing(world: World, tmp_path: Path) -> None:
    """Somebody who holds the file but not the key rewrites a row, its entry and the chain by the rules."""
    forger = Ledger.open(world.path, lambda: world.now, key=KEY)
    forger._key = b"another key here"
    with forger.write(Entry("mia", "user.add", "eve")) as tx:
        fields = {"display": "e", "roles": "manager", "department": None, "password": None, "created": tx.at}
        tx.insert(schema.accounts, "eve", state="active", **fields)
    with world.ledger.read() as reader, pytest.raises(IntegrityFailure):
        reader.one(schema.accounts, "eve")


def test_the_wrong_key_is_refused_at_the_door(world: World) -> None:
    with pytest.raises(IntegrityFailure) as caught:
        Ledger.open(world.path, key=b"a wrong key here")
    assert caught.value.code == "ledger_key"


def test_many_writers_take_turns_and_none_is_lost(world: World) -> None:
    def work(name: str) -> None:
        own = world.opened()
        for number in range(10):
            with own.write(Entry("mia", "test.many", f"{name}{number}")) as tx:
                tx.insert(schema.meta, f"{name}{number}", value="v")
        own.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert register.entries(world.ledger, action="test.many")["total"] == 40
    assert register.verify(world.ledger) == []


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    own = Ledger.open(tmp_path / "l.db", key=KEY)
    own.record(Entry("mia", "a"))
    files = list(tmp_path.glob("l.db*"))
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    own = Ledger.open(tmp_path / "l.db", key=KEY)
    with own.read() as reader:
        settings = {
            name: reader._connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "journal_mode")
        }
    assert settings == {"synchronous": 2, "journal_mode": "wal"}


def test_a_ledger_that_should_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        Ledger.open(tmp_path / "none.db", key=KEY, create=False)
    assert caught.value.code == "ledger_missing"
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable) as caught:
        Ledger.open(tmp_path / "file" / "ledger.db", key=KEY)
    assert caught.value.code == "ledger_unavailable"


def test_database_failures_become_one_sentence_without_values() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    assert (_plain(full).code, type(_plain(full))) == ("disk_full", Unavailable)
    assert _plain(sqlite3.OperationalError("database is locked")).code == "ledger_busy"
    assert _plain(sqlite3.DatabaseError("database disk image is malformed")).code == "ledger_unreadable"
    assert _plain(sqlite3.OperationalError("disk I/O error: 张三")).message.isascii()


def test_a_full_disk_changes_nothing_and_the_next_write_goes_on(world: World) -> None:
    before = _last(world.ledger)["seq"]
    with world.ledger._engine.connect() as connection:  # the pool hands the same connection out again
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite takes it for "not one page more than now"
    with pytest.raises(Unavailable) as caught, world.ledger.write(Entry("mia", "test.full")) as tx:
        tx.insert(schema.meta, "k", value="v" * 2_000_000)
    assert caught.value.code == "disk_full"
    with world.ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert _last(world.ledger)["seq"] == before
    world.ledger.record(Entry("mia", "goes.on"))
    assert register.verify(world.ledger) == []


def test_a_duplicate_id_is_bad_input(world: World) -> None:
    with pytest.raises(BadInput) as caught, world.ledger.write(Entry("mia", "x")) as tx:
        tx.insert(schema.meta, "demo", value="again")
    assert caught.value.code == "already_exists"


def test_the_tables_are_valid_for_postgresql_too() -> None:
    for table in schema.metadata.tables.values():
        sql = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "AUTOINCREMENT" not in sql
        assert "SERIAL" not in sql


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Q12", "Q12"),
        ("R00a1b2c3d4e5f6071829", "R00a1b2c3d4e5f6071829"),
        ("R12345678901234567890", "R12345678901234567890"),
        ("0" * 64, "0" * 64),
        ("2026-11-23", "2026-11-23"),
        ("<10", "<10"),
        ("张三", WITHHELD),
        ("110101199003078515", WITHHELD),
        ("138 0013 8000", WITHHELD),
        ("call 13800138000 now", WITHHELD),
        ("a\nb", WITHHELD),
        (3, 3),
        (True, True),
        (None, None),
        (float("nan"), None),
        (("a", "张三"), ["a", WITHHELD]),
        ({"b", "a"}, ["a", "b"]),
        ({"x": "张三", "query": "糖尿病"}, {"x": WITHHELD, "query": "糖尿病"}),
    ],
)
def test_the_register_takes_ids_hashes_and_clean_queries_only(given: object, kept: object) -> None:
    assert safe(given) == kept


def test_a_reason_is_cleaned_and_withheld_when_it_cannot_be(tmp_path: Path) -> None:
    def cleaner(text: str) -> str:
        if "boom" in text:
            raise RuntimeError(text)
        return text.replace("张三", "〔患者#1〕")

    own = Ledger.open(tmp_path / "l.db", key=KEY, clean=cleaner)
    own.record(Entry("mia", "a", reason="张三不符合"))
    assert _last(own)["reason"] == "〔患者#1〕不符合"
    own.record(Entry("mia", "a", reason="boom 张三"))
    assert _last(own)["reason"] == WITHHELD
    plain = Ledger.open(tmp_path / "m.db", key=KEY)
    plain.record(Entry("mia", "a", reason="张三"))
    assert _last(plain)["reason"] == WITHHELD
