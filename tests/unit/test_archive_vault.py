"""The vault: what was put comes back, nothing lies in the clear, damage is named, full disks lose nothing."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from archive import vault as vault_module
from archive.disk import told_in_words
from archive.frames import Frame, Gap, encode, scan
from archive.keyring import Keyring
from archive.keys import Keys, Stretch
from archive.stacks import Stacks
from archive.vault import Vault
from records.errors import BadInput, IntegrityFailure, Refused, Unavailable
from records.ids import RecordId

R1, R2 = RecordId("R1"), RecordId("R2")
SMALL = 4096  # bytes a segment


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.create(tmp_path_factory.mktemp("keys"), "passphrase", Stretch(8, 1, 1))


def opened(tmp_path: Path, keys: Keys) -> Stacks:
    return Stacks.open(tmp_path, keys, SMALL)


def segments(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "vault").glob("seg-*.bin"))


def test_what_was_put_comes_back_also_after_reopening(tmp_path: Path, keys: Keys) -> None:
    data = {(RecordId(f"R{n}"), part): os.urandom(n * 100) for n in range(12) for part in ("original", "transcript")}
    with opened(tmp_path, keys) as stacks:
        for (record, part), value in data.items():
            assert stacks.vault.put(record, part, value)
    assert len(segments(tmp_path)) > 2, "full segments are followed by new ones"
    with opened(tmp_path, keys) as stacks:
        assert {place: stacks.vault.get(*place) for place in data} == data
        assert stacks.vault.parts(R1) == ("original", "transcript")
        assert stacks.vault.verify() == []
        assert stacks.vault.size()[0] == len(data)


def test_an_object_larger_than_a_segment_has_one_of_its_own(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"a")
        stacks.vault.put(R1, "scan", bytes(3 * SMALL))
        stacks.vault.put(R2, "original", b"b")
        assert [stacks.vault.get(R1, "scan"), stacks.vault.get(R2, "original")] == [bytes(3 * SMALL), b"b"]
        assert len(segments(tmp_path)) == 3
        assert stacks.vault.verify() == []


def test_nothing_lies_in_the_clear_and_files_are_the_owner_s(tmp_path: Path, keys: Keys) -> None:
    marker = "患者张伟的血糖升高".encode() * 20
    with opened(tmp_path / "home" / "strong", keys) as stacks:
        stacks.vault.put(R1, "original", marker)
        for path in tmp_path.rglob("*"):
            assert path.is_dir() or marker[:27] not in path.read_bytes()
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_the_same_bytes_again_are_not_stored_again_and_others_are_a_new_version(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        assert stacks.vault.put(R1, "original", b"one")
        assert not stacks.vault.put(R1, "original", b"one")
        assert stacks.vault.put(R1, "original", b"two")
        assert stacks.vault.get(R1, "original") == b"two"
        assert stacks.vault.size()[0] == 2
        assert stacks.vault.verify() == []


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x" * 65, "原件", "a b", ".hidden"])
def test_bad_names_are_bad_input(tmp_path: Path, keys: Keys, name: str) -> None:
    with opened(tmp_path, keys) as stacks:
        for record, part in ((RecordId(name), "original"), (R1, name)):
            with pytest.raises(BadInput) as caught:
                stacks.vault.put(record, part, b"x")
            assert caught.value.code == "bad_name"


def test_missing_and_oversized_objects(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path, keys) as stacks:
        with pytest.raises(BadInput) as caught:
            stacks.vault.get(R1, "original")
        assert caught.value.code == "no_such_object"
        monkeypatch.setattr(vault_module, "LARGEST_OBJECT", 10)
        with pytest.raises(BadInput) as caught:
            stacks.vault.put(R1, "original", bytes(11))
        assert caught.value.code == "object_too_large"
        assert not stacks.vault.has(R1, "original")


def test_a_batch_of_the_keyring_around_a_put_is_a_mistake(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        with pytest.raises(RuntimeError), stacks.keyring.batch():
            stacks.vault.put(R1, "original", b"x")
        with stacks.vault.batch(), stacks.vault.batch():
            stacks.vault.put(R1, "original", b"x")
        assert stacks.vault.get(R1, "original") == b"x" and stacks.vault.verify() == []


@pytest.mark.parametrize(
    "change",
    ["offset = -1", "length = 1 << 60", "offset = 'x'", "segment = x'00'", "segment = 77", "offset = 10", "length = 3"],
)
def test_a_place_that_cannot_be_is_an_altered_object(tmp_path: Path, keys: Keys, change: str) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"x")
    with sqlite3.connect(tmp_path / "vault" / "index.db") as connection:
        connection.execute(f"UPDATE objects SET {change}")  # noqa: S608 - the changes above
    connection.close()
    with opened(tmp_path, keys) as stacks:
        with pytest.raises(IntegrityFailure) as caught:
            stacks.vault.get(R1, "original")
        assert caught.value.code == "object_altered"
        assert stacks.vault.verify()


def test_a_batch_that_raises_never_happened(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"kept")
        before = [path.read_bytes() for path in segments(tmp_path)]
        with pytest.raises(ZeroDivisionError), stacks.vault.batch():
            for n in range(5):
                stacks.vault.put(RecordId(f"X{n}"), "original", bytes(2000))
            raise ZeroDivisionError
        assert not stacks.vault.has(RecordId("X0"), "original")
        assert [path.read_bytes() for path in segments(tmp_path) if path.stat().st_size] == before
        assert stacks.keyring.records() == {R1: True}
        stacks.vault.put(R2, "original", b"next")
        assert stacks.vault.verify() == []


def test_other_threads_read_while_a_batch_is_open(tmp_path: Path, keys: Keys) -> None:
    seen: list[object] = []
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"one")
        with stacks.vault.batch():
            stacks.vault.put(R2, "original", b"two")
            assert stacks.vault.get(R2, "original") == b"two", "its own thread sees it"
            reader = threading.Thread(
                target=lambda: seen.extend([stacks.vault.get(R1, "original"), stacks.vault.has(R2, "original")])
            )
            reader.start()
            reader.join(5)
        assert seen == [b"one", False]


def test_threads_may_put_at_once(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:

        def work(name: str) -> None:
            for n in range(15):
                stacks.vault.put(RecordId(f"{name}{n}"), "original", f"{name}{n}".encode() * 50)

        threads = [threading.Thread(target=work, args=(name,)) for name in "ABCD"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stacks.vault.verify() == []
        assert stacks.vault.get(RecordId("C7"), "original") == b"C7" * 50


@pytest.mark.parametrize("where", ["head", "body", "sum"])
def test_damage_is_named_by_segment_and_record_and_the_rest_still_opens(tmp_path: Path, keys: Keys, where: str) -> None:
    with opened(tmp_path, keys) as stacks:
        for n in range(4):
            stacks.vault.put(RecordId(f"R{n}"), "original", f"text {n}".encode())
    path = segments(tmp_path)[0]
    frame = [item for item in scan(path) if isinstance(item, Frame)][1]
    at = frame.offset + {"head": 3, "body": frame.length - 12, "sum": frame.length - 2}[where]
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(bytes(data))
    with opened(tmp_path, keys) as stacks:
        problems = stacks.vault.verify()
        assert [(item["file"], item["id"]) for item in problems] == [("strong/vault/seg-000001.bin", "R1")]
        assert stacks.vault.get(R2, "original") == b"text 2"
        if where != "sum":
            with pytest.raises(IntegrityFailure) as caught:
                stacks.vault.get(R1, "original")
            assert caught.value.code == "object_altered" and "R1" in caught.value.message
            assert stacks.vault.put(R1, "original", b"text 1"), "putting it again heals it"
            assert stacks.vault.get(R1, "original") == b"text 1"


def test_an_object_moved_to_another_name_does_not_open(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"of one")
        stacks.vault.put(R2, "original", b"of two")
    path = segments(tmp_path)[0]
    first, second = (item for item in scan(path) if isinstance(item, Frame))
    path.write_bytes(encode(R1, "original", 1, second.body) + encode(R2, "original", 1, first.body))
    with opened(tmp_path, keys) as stacks:
        assert {item["id"] for item in stacks.vault.verify()} == {"R1", "R2"}
        with pytest.raises(IntegrityFailure):
            stacks.vault.get(R1, "original")


@pytest.mark.parametrize("change", ["cut", "remove", "extend", "swap"])
def test_missing_and_extra_bytes_are_named(tmp_path: Path, keys: Keys, change: str) -> None:
    with opened(tmp_path, keys) as stacks:
        for n in range(5):
            stacks.vault.put(RecordId(f"R{n}"), "original", bytes(1500))
        first, second, *_ = segments(tmp_path)
        if change == "cut":
            os.truncate(first, 1600)
        elif change == "remove":
            second.unlink()
        elif change == "extend":
            first.write_bytes(first.read_bytes() + encode(R1, "extra", 1, bytes(50)))
        else:
            one, two = first.read_bytes(), second.read_bytes()
            first.write_bytes(two), second.write_bytes(one)
        problems = stacks.vault.verify()
        assert problems
        assert {item["file"] for item in problems} <= {"strong/vault/seg-000001.bin", "strong/vault/seg-000002.bin"}


def test_a_torn_tail_is_set_aside_at_opening(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"one")
    path = segments(tmp_path)[0]
    whole = path.read_bytes()
    torn = encode(R2, "original", 1, os.urandom(100))
    for cut in (1, 7, 30, len(torn) - 1, len(torn)):
        path.write_bytes(whole + torn[:cut])
        with opened(tmp_path, keys) as stacks:
            assert path.read_bytes() == whole
            assert (tmp_path / "vault" / "torn" / f"seg-000001-{len(whole)}.bin").read_bytes() == torn[:cut]
            assert stacks.vault.verify() == []
            assert not stacks.vault.has(R2, "original")


def test_an_older_index_takes_acknowledged_frames_back_in(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"one")
    old = (tmp_path / "vault" / "index.db").read_bytes()
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R2, "original", b"two")
        stacks.vault.put(R1, "original", b"one, corrected")
    (tmp_path / "vault" / "index.db").write_bytes(old)
    with opened(tmp_path, keys) as stacks:
        assert stacks.vault.get(R2, "original") == b"two"
        assert stacks.vault.get(R1, "original") == b"one, corrected"
        assert stacks.vault.verify() == []


def test_a_lost_index_is_made_again_around_damage(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        for n in range(6):
            stacks.vault.put(RecordId(f"R{n}"), "original", bytes([n]) * 700)
    path = segments(tmp_path)[0]
    data = bytearray(path.read_bytes())
    data[900] ^= 1
    path.write_bytes(bytes(data))
    with opened(tmp_path, keys) as stacks:
        stacks.vault.close()
        rebuilt = Vault.rebuild_index(tmp_path / "vault", stacks.keyring)
        assert rebuilt.get(RecordId("R5"), "original") == bytes([5]) * 700
        assert [item["id"] for item in rebuilt.verify()] == ["R1"]
        rebuilt.close()


def test_an_index_that_is_no_database_is_said_so(tmp_path: Path, keys: Keys) -> None:
    opened(tmp_path, keys).close()
    (tmp_path / "vault" / "index.db").write_bytes(b"not a database, " * 500)
    with pytest.raises(IntegrityFailure) as caught:
        opened(tmp_path, keys)
    assert caught.value.code == "database_damaged" and "index.db" in caught.value.message


def test_a_full_disk_leaves_the_vault_as_it_was(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) < 500:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[:500])

    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"one")
        before = segments(tmp_path)[0].read_bytes()
        monkeypatch.setattr("archive.disk.os.write", full)
        with pytest.raises(Unavailable) as caught:
            stacks.vault.put(R2, "original", bytes(1200))
        assert caught.value.code == "disk_full"
        monkeypatch.undo()
        assert segments(tmp_path)[0].read_bytes() == before
        assert stacks.vault.verify() == [] and stacks.keyring.records() == {R1: True}
        assert stacks.vault.put(R2, "original", bytes(1200)), "once there is room again, it works"


def test_a_database_that_cannot_grow_is_a_full_disk(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.keyring._database._writer.execute("PRAGMA max_page_count=3")
        with pytest.raises(Unavailable) as caught, stacks.vault.batch():
            for n in range(200):
                stacks.vault.put(RecordId(f"R{n}"), "original", b"x")
        assert caught.value.code == "disk_full"
        assert stacks.vault.inventory() == {} and stacks.keyring.records() == {}
        assert stacks.vault.verify() == []


def test_a_failing_sync_acknowledges_nothing(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"one")
        monkeypatch.setattr("archive.vault.os.fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
        with pytest.raises(Unavailable) as caught:
            stacks.vault.put(R2, "original", b"two")
        assert caught.value.code == "storage_failed"
        monkeypatch.undo()
        assert not stacks.vault.has(R2, "original") and stacks.vault.verify() == []


def test_a_shredded_record_opens_never_again_and_still_verifies(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        stacks.vault.put(R1, "original", b"secret")
        stacks.vault.put(R2, "original", b"stays")
        wrapped = stacks.keyring._wrapped(R1)
        assert wrapped is not None
        stacks.keyring.shred(R1)
        stacks.keyring.shred(R1)
        assert stacks.keyring.shredded(R1) and not stacks.keyring.shredded(R2)
        for again in (lambda: stacks.vault.get(R1, "original"), lambda: stacks.vault.put(R1, "original", b"again")):
            with pytest.raises(Refused) as caught:
                again()
            assert caught.value.code == "record_disposed"
        assert stacks.vault.get(R2, "original") == b"stays"
        assert stacks.vault.verify() == [] and stacks.keyring.verify() == []
        for path in tmp_path.glob("keyring.db*"):
            assert wrapped not in path.read_bytes(), "not even in the write-ahead log or a free page"


def test_a_keyring_row_of_another_record_is_named(tmp_path: Path, keys: Keys) -> None:
    with opened(tmp_path, keys) as stacks:
        for record in (R1, R2):
            stacks.vault.put(record, "original", b"x")
    with sqlite3.connect(tmp_path / "keyring.db") as connection:
        connection.execute("UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE record='R2')")
    connection.close()
    keyring = Keyring.open(tmp_path / "keyring.db", keys)
    assert [item["id"] for item in keyring.verify()] == ["R1"]
    with pytest.raises(IntegrityFailure) as caught:
        keyring.key(R1)
    assert caught.value.code == "key_damaged"
    with pytest.raises(IntegrityFailure) as caught:
        keyring.key(RecordId("R9"))
    assert caught.value.code == "key_missing"
    keyring.close()


def test_scan_finds_the_next_frame_across_its_window(tmp_path: Path) -> None:
    path = tmp_path / "seg"
    junk = os.urandom((1 << 20) + 17)
    path.write_bytes(junk + encode(R1, "original", 1, b"body") + b"LTF1" + bytes(40))
    gap, frame, rest = list(scan(path))
    assert isinstance(gap, Gap) and gap.end == len(junk)
    assert isinstance(frame, Frame) and frame.whole and frame.body == b"body"
    assert isinstance(rest, Gap) and rest.end == path.stat().st_size


def test_errors_of_the_disk_are_told_in_words() -> None:
    for number, code in ((errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "storage_failed")):
        with pytest.raises(Unavailable) as caught, told_in_words():
            raise OSError(number, "/secret/path")
        assert caught.value.code == code and "secret" not in caught.value.message
