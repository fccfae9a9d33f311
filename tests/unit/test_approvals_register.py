"""The register: paging, checkpoints in the second place, and what they show when the ledger is rolled back."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from approvals import register, schema
from approvals.checkpoints import Checkpoints, read
from approvals.ledger import Entry, Ledger
from records.errors import BadInput
from tests.approvals_world import KEY, World, check, keypair, sign


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, anchored=True)


def _ids(problems: list[dict[str, str]]) -> set[str]:
    return {problem["id"] for problem in problems}


def test_entries_page_forward_and_back_and_filter(world: World) -> None:
    total = register.entries(world.ledger, limit=1)["total"]
    first = register.entries(world.ledger, limit=3)["rows"]
    second = register.entries(world.ledger, limit=3, after=first[-1]["seq"])["rows"]
    assert [row["seq"] for row in first + second] == [1, 2, 3, 4, 5, 6]
    newest = register.entries(world.ledger, limit=2, newest_first=True)["rows"]
    older = register.entries(world.ledger, limit=2, newest_first=True, after=newest[-1]["seq"])["rows"]
    assert [row["seq"] for row in newest + older] == [total, total - 1, total - 2, total - 3]
    added = register.entries(world.ledger, action="user.add")
    assert added["total"] == total - 1
    assert register.entries(world.ledger, action="user.*")["total"] == added["total"]
    about = register.entries(world.ledger, subject="ann")["rows"][0]
    assert about["detail"] == {"department": None, "roles": ["researcher"]}
    assert register.entries(world.ledger, actor="nobody")["rows"] == []
    for bad in ({"limit": 0}, {"limit": 5000}, {"after": -1}):
        with pytest.raises(BadInput):
            register.entries(world.ledger, **bad)  # type: ignore[arg-type]


def test_a_percent_sign_in_an_action_filter_is_not_a_wildcard(world: World) -> None:
    assert register.entries(world.ledger, action="%*")["total"] == 0


def test_every_commit_leaves_a_line_and_every_eighth_a_signature(world: World) -> None:
    lines = [point for _, point in read(world.place)]
    assert [point.seq for point in lines] == list(range(1, len(lines) + 1))
    assert [point.seq for point in lines if point.signature] == [1, 8]
    assert register.verify(world.ledger, world.place, check) == []


def test_a_checkpoint_on_demand_is_signed_and_verifies_with_openssl(world: World, tmp_path: Path) -> None:
    assert world.anchor
    answer = register.checkpoint(world.ledger, world.anchor)
    points = [point for _, point in read(world.place)]
    assert (points[-1].seq, points[-1].head) == (answer["seq"], answer["hash"])
    (tmp_path / "key.pem").write_bytes(keypair()[1])
    (tmp_path / "message").write_bytes(points[-1].message())
    (tmp_path / "signature").write_bytes(bytes.fromhex(points[-1].signature))
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -digest sm3 -in message -sigfile signature"
    done = subprocess.run([*command.split(), "-pkeyopt", "distid:1234567812345678"], cwd=tmp_path, capture_output=True)
    assert b"Signature Verified Successfully" in done.stdout
    assert register.verify(world.ledger, world.place, check) == []


def test_a_ledger_put_back_from_yesterday_is_found_by_the_second_place(world: World, tmp_path: Path) -> None:
    world.ledger.close()
    shutil.copy(world.path, tmp_path / "yesterday.db")
    world.ledger = world.opened()
    for _ in range(3):
        world.ledger.record(Entry("mia", "test.more"))
    last = register.entries(world.ledger, limit=1)["total"]
    world.ledger.close()
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday.db", world.path)
    back = Ledger.open(world.path, key=KEY)
    assert register.verify(back) == []  # by itself it is a whole and genuine ledger
    assert _ids(register.verify(back, world.place, check)) == {f"register/{last - n}" for n in range(3)}


def test_a_register_written_anew_with_the_key_differs_from_the_second_place(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other", hour=5)
    other.ledger.record(Entry("mia", "something.else"))
    assert register.verify(other.ledger) == []
    other.path.parent.joinpath("copy").write_bytes(world.place.read_bytes())
    found = register.verify(other.ledger, tmp_path / "other" / "copy", check)
    assert {"rewritten: the register differs from its checkpoint"} <= {problem["problem"] for problem in found}


def test_a_flipped_byte_anywhere_in_the_checkpoint_file_is_named(world: World) -> None:
    data = world.place.read_bytes()
    for offset in range(0, len(data) - 1, 43):
        world.place.write_bytes(data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :])
        assert register.verify(world.ledger, world.place, check), f"byte {offset}"
    world.place.write_bytes(data)
    assert register.verify(world.ledger, world.place, check) == []


def test_a_signed_line_taken_out_or_forged_is_named(world: World) -> None:
    for _ in range(8):
        world.ledger.record(Entry("mia", "test.more"))
    lines = world.place.read_bytes().splitlines(keepends=True)
    assert len([line for line in lines if b"sig" in line]) == 3
    without = [line for line in lines if json.loads(line)["seq"] != 8]
    world.place.write_bytes(b"".join(without))
    assert any("removed or reordered" in item["problem"] for item in register.verify(world.ledger, world.place, check))
    forged = Checkpoints(world.place, lambda _: sign(b"another message"))
    world.place.write_bytes(b"".join(lines))
    register.checkpoint(world.ledger, forged)
    assert any("not genuine" in item["problem"] for item in register.verify(world.ledger, world.place, check))


def test_a_second_place_that_is_gone_is_named(world: World) -> None:
    world.place.unlink()
    assert _ids(register.verify(world.ledger, world.place, check)) == {"checkpoints"}


def test_half_a_line_after_a_crash_is_no_problem_and_is_mended(world: World) -> None:
    with world.place.open("ab") as file:
        file.write(b'{"hash":"12')
    assert register.verify(world.ledger, world.place, check) == []
    world.ledger.record(Entry("mia", "test.after"))
    assert register.verify(world.ledger, world.place, check) == []
    assert all(json.loads(line) for line in world.place.read_bytes().splitlines())


def test_a_second_place_that_cannot_be_written_does_not_undo_what_was_committed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("x")
    own = Ledger.open(tmp_path / "l.db", key=KEY, anchor=Checkpoints(tmp_path / "file" / "c", sign))
    own.record(Entry("mia", "test.on"))
    assert "checkpoint_not_written" in caplog.text
    assert register.entries(own)["total"] == 2


def test_a_long_checkpoint_file_still_links_its_signed_lines(tmp_path: Path) -> None:
    place = Checkpoints(tmp_path / "c", sign, every=400)
    for seq in range(1, 802):
        place.note(seq, f"{seq:064x}", "t")
    signed = [point for _, point in read(place.path) if point.signature]
    assert [point.seq for point in signed] == [1, 400, 800]
    assert len({point.prev for point in signed}) == 3


def test_a_ledger_too_damaged_to_open_is_named_all_the_same(world: World) -> None:
    world.ledger.close()
    world.path.write_bytes(b"x" * 4096)
    assert _ids(register.verify_at(world.path, KEY)) == {"database"}
    assert _ids(register.verify_at(world.path.with_name("gone.db"), KEY)) == {"database"}


def test_verify_at_opens_and_closes_by_itself(world: World) -> None:
    with world.ledger.write(Entry("mia", "x")) as tx:
        tx.insert(schema.meta, "k", value="v")
    assert register.verify_at(world.path, KEY, world.place, check) == []


def test_a_second_place_removed_and_begun_anew_is_named(world: World) -> None:
    world.place.unlink()
    world.ledger.record(Entry("mia", "test.after"))
    found = register.verify(world.ledger, world.place, check)
    assert [problem["id"] for problem in found] == ["checkpoint line 1"]
    assert "removed" in found[0]["problem"]
