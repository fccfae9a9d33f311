"""Files that cannot be read: each is kept sealed with its reason, and the good ones beside them go on."""

from __future__ import annotations

import base64
from pathlib import Path

from rooms.strong import StrongRoom
from sample.spoiled import bad
from tests.rooms_open import Person, wait

REASONS = {
    "zero-byte": {"file_empty"},
    "truncated": {"file_truncated", "file_unreadable"},
    "encrypted": {"file_encrypted"},
    "bomb": {"image_too_large", "reading_too_hungry"},
    "no-bundle": {"not_a_record", "file_unreadable", "file_unsupported"},
}


def test_spoiled_files_are_kept_sealed_with_a_reason(room: StrongRoom, tmp_path: Path) -> None:
    bad(tmp_path / "bad")
    archivist = Person(room, "archivist")
    names: dict[str, str] = {}
    for path in sorted((tmp_path / "bad").iterdir()):
        data = path.read_bytes()
        names[path.name] = archivist("deposit.add", name=path.name, data_b64=base64.b64encode(data).decode())["deposit"]
    state = wait(archivist, archivist("ingest.run", deposits=list(names.values()))["job"])
    reasons = {row["deposit"]: row["reason"] for row in state["rejected"]}
    taken = {row["deposit"] for row in state["accepted"]}
    assert set(names.values()) == reasons.keys() | taken
    for name, deposit in names.items():
        kind = next((word for word in REASONS if word in name), None)
        if kind is not None:
            assert reasons.get(deposit) in REASONS[kind], name
    assert taken, "the good ones went on"
    kept = {row["deposit"]: row for row in Person(room, "qc")("deposit.rejects")["rows"]}
    assert reasons.keys() <= kept.keys()
    for path in (tmp_path / "bad").iterdir():
        deposit = next(item for item in room.catalogue.deposits() if item.id == names[path.name])
        assert room.vault.get(deposit.record, "original") == path.read_bytes()


def test_a_file_that_did_not_arrive_whole_is_said_and_nothing_is_kept(room: StrongRoom) -> None:
    before = room.catalogue.counts()
    archivist = Person(room, "archivist")
    for data in ("not base64!", "QUJD=A"):
        try:
            archivist("deposit.add", name="a.txt", data_b64=data)
        except Exception as error:  # noqa: BLE001 - its code is what counts
            assert getattr(error, "code", "") == "call_arguments"
        else:
            raise AssertionError("taken")
    assert room.catalogue.counts() == before
