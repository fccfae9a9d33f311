"""The line from sealed bytes to the shelf, with a real archive and shelf."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import Catalogue
from archive.catalogue_schema import DepositState
from archive.keyring import Keyring
from archive.keys import Keys, Purpose
from archive.vault import Vault
from deid.api import Deidentifier
from ingest import shelving
from ingest.description import Description, Facts, Part
from ingest.line import Line
from ingest.shelving import HeldBack, Placed, shelf_record
from records.ids import PatientToken, PersonToken, RecordId
from records.shelf import ShelfRecord
from records.texts import IdentifiedText
from semantic.concepts import Lexicon
from semantic.edition import Shelf, ShelfKeys
from semantic.encoder import Encoder, open_encoder
from tests.ingest_pages import LINES, bundle

PASSPHRASE = "a passphrase for tests only"
OTHER_CARD = "320102197505054321"


@cache
def tools() -> tuple[Deidentifier, Encoder, Lexicon]:
    return Deidentifier.load(), open_encoder(None), Lexicon.load()


@dataclass
class Rooms:
    """An open archive and shelf."""

    keys: Keys
    vault: Vault
    catalogue: Catalogue
    shelf: Shelf

    @classmethod
    def open(cls, home: Path) -> Rooms:
        strong = home / "strong"
        if strong.exists():
            keys = Keys.open(strong, PASSPHRASE)
        else:
            strong.mkdir(mode=0o700, parents=True)
            keys = Keys.create(strong, PASSPHRASE)
        keyring = Keyring.open(strong / "keyring.db", keys)
        shelf = Shelf.open(
            home / "shelf", ShelfKeys(keys.purpose(Purpose.SHELF_INDEX), keys.purpose(Purpose.SHELF_TEXT))
        )
        return cls(
            keys, Vault.open(strong / "vault", keyring), Catalogue.open(strong / "catalogue.db", keys, keyring), shelf
        )

    def close(self) -> None:
        self.catalogue.close()
        self.vault.close()

    def deposit(self, data: bytes, name: str = "a.json") -> RecordId:
        record = self.catalogue.tokens.record(data)
        self.vault.put(record, "original", data)
        self.catalogue.receive(record, size=len(data), media_type="x/y", name=IdentifiedText(name), batch="b")
        return record

    def line(self, deidentifier: Deidentifier | None = None) -> Line:
        ours, encoder, lexicon = tools()
        return Line(
            vault=self.vault, catalogue=self.catalogue, keys=self.keys, shelf=self.shelf,
            deidentifier=deidentifier or ours, encoder=encoder, lexicon=lexicon, workers=1,
        )  # fmt: skip

    def on_shelf(self, record: RecordId) -> ShelfRecord:
        return self.shelf.read(None, record)

    def problems(self) -> list[Any]:
        return [*self.vault.verify(), *self.catalogue.verify(), *self.shelf.verify()]


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    opened = Rooms.open(tmp_path / "home")
    yield opened
    opened.close()


def shelved_text(record: ShelfRecord) -> str:
    return "\n".join(f"{section.heading}\n{section.text.value}" for section in record.sections)


def test_records_go_through_every_station(rooms: Rooms) -> None:
    told: list[tuple[str, int, int]] = []
    note, first, second = (
        rooms.deposit("\n".join(LINES).encode(), "note.txt"),
        rooms.deposit(bundle(1)),
        rooms.deposit(bundle(9)),
    )
    bad = rooms.deposit(b"PK\x03\x04 something else", "x.docx")
    edition = rooms.line().run(progress=lambda *args: told.append(args))
    assert edition == rooms.shelf.current() == 1
    states = {item.record: (item.state, item.reason, item.edition) for item in rooms.catalogue.deposits()}
    assert states[bad] == (DepositState.REJECTED, "file_unsupported", None)
    assert rooms.vault.get(bad, "original").startswith(b"PK")
    assert {states[record] for record in (note, first, second)} == {(DepositState.SHELVED, "", 1)}
    assert rooms.vault.parts(note) == ("description", "original", "transcript")
    row = rooms.on_shelf(note).row
    assert (row.record_type, row.department, row.year, row.quarter, row.sex, row.age) == (
        "D33",
        "内分泌科",
        2023,
        2,
        "F",
        63,
    )
    one, nine = rooms.on_shelf(first).row, rooms.on_shelf(second).row
    assert one.patient == nine.patient != row.patient
    assert one.day is not None and nine.day is not None and nine.day - one.day == 8
    assert told[0][0] == "read" and told[-1][0] == "publish"
    assert all(done <= total for _, done, total in told)
    assert rooms.problems() == []


def test_nothing_identifying_is_on_the_shelf_and_slots_are_keyed(rooms: Rooms) -> None:
    note, first = rooms.deposit("\n".join(LINES).encode(), "note.txt"), rooms.deposit(bundle(1))
    rooms.line().run()
    clean = shelved_text(rooms.on_shelf(note)) + shelved_text(rooms.on_shelf(first))
    for value in ("诸葛", "欧阳建", "13812345678", "20231187", "溪山县", "2023-05", "320102"):
        assert value not in clean
    assert "空腹血糖13.26mmol/L" in clean and "血肌酐101μmol/L" in clean
    record = rooms.on_shelf(first)
    people = dict(record.people)
    assert people["患者#1"] == PersonToken(record.row.patient)
    assert rooms.on_shelf(note).people and dict(rooms.on_shelf(note).people)["医师#1"] == rooms.catalogue.tokens.staff(
        "欧阳建"
    )


def test_the_same_bytes_twice_are_one_record_and_a_second_run_changes_nothing(rooms: Rooms) -> None:
    assert rooms.deposit(bundle(1), "a.json") == rooms.deposit(bundle(1), "b.json")
    line = rooms.line()
    assert line.run() == line.run() == 1
    assert len(rooms.catalogue.deposits()) == 1


def test_a_visit_without_its_card_is_found_by_its_number_and_shelved_anew_when_linked(rooms: Rooms) -> None:
    def visit(number: str, card: str) -> bytes:
        content = json.loads(bundle(3, card=card or "320102196001011234"))
        if not card:
            content["entry"][1]["resource"].pop("birthDate")
            content["entry"][1]["resource"]["identifier"] = [{"value": number}]
        else:
            content["entry"][2]["resource"]["identifier"] = [{"value": number}]
        return json.dumps(content, ensure_ascii=False).encode()

    alone = rooms.deposit(visit("ZY00112233", ""))
    known = rooms.deposit(bundle(5))
    rooms.line().run()
    assert rooms.on_shelf(alone).row.patient != rooms.on_shelf(known).row.patient
    rooms.deposit(visit("ZY00112233", "320102196001011234"))
    rooms.line().run()
    assert rooms.on_shelf(alone).row.patient == rooms.on_shelf(known).row.patient
    assert rooms.catalogue.relinked() == []
    assert rooms.problems() == []


def test_what_still_shows_an_identifier_is_held_back_with_its_reason(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = rooms.deposit(bundle(1)), rooms.deposit(bundle(2, name="司马青云", card=OTHER_CARD))
    first = tools()[0]
    real = first.deidentify_all

    def leaky(texts: Sequence[IdentifiedText], *args: Any, **options: Any) -> list[Any]:
        return [
            type(done)(type(done.text).certified(done.text.value + "司马 青云"), done.spans, done.slots)
            if "司马青云" in text.reveal()
            else done
            for text, done in zip(texts, real(texts, *args, **options), strict=True)
        ]

    monkeypatch.setattr(first, "deidentify_all", leaky)
    rooms.line(first).run()
    states = {item.record: (item.state, item.reason) for item in rooms.catalogue.deposits()}
    assert states[good] == (DepositState.SHELVED, "")
    assert states[bad] == (DepositState.REJECTED, "needs_review:identifier_person")
    assert rooms.vault.has(bad, "original")


def test_a_heading_that_is_not_in_the_tables_never_reaches_the_shelf() -> None:
    deidentifier = tools()[0]
    described = Description(Facts(), "D06", "骨科", None, None, (Part("张三的病情", IdentifiedText("平稳。")),))
    placed = Placed(RecordId("R1"), PatientToken("P1"), None)
    assert shelf_record(described, placed, (), deidentifier, _NoTokens()).sections[0].heading == ""
    assert issubclass(HeldBack, Exception) and shelving.ROUNDS >= 2


class _NoTokens:
    def staff(self, name: str) -> PersonToken:
        return PersonToken("s")

    def person(self, patient: PatientToken, name: str) -> PersonToken:
        return PersonToken("p")

    def value(self, entity: Any, value: str) -> PersonToken:
        return PersonToken("v")


def test_reasons_that_a_set_up_takes_away_are_tried_again(rooms: Rooms) -> None:
    record = rooms.deposit(bundle(4))
    rooms.catalogue.reject(record, "ocr_missing")
    rooms.line().run()
    deposit = rooms.catalogue.deposit(record)
    assert deposit is not None and deposit.state is DepositState.SHELVED


CHILD = """
import sys
from pathlib import Path
from tests.integration.test_ingest_line import Rooms
rooms = Rooms.open(Path(sys.argv[1]))
rooms.line().run()
rooms.close()
"""


def test_killed_anywhere_and_run_again_every_record_stands_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    rooms = Rooms.open(home)
    records = {rooms.deposit(bundle(number)) for number in range(1, 13)}
    rooms.close()
    dice = random.Random(11)
    root = Path(__file__).parents[2]
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(home)], cwd=root, start_new_session=True)
        try:
            child.wait(timeout=dice.uniform(1.5, 6.0))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    rooms = Rooms.open(home)
    rooms.line().run()
    states = {item.record: item.state for item in rooms.catalogue.deposits()}
    assert states == dict.fromkeys(records, DepositState.SHELVED)
    assert {row.record for row in (rooms.on_shelf(record).row for record in records)} == records
    assert len({rooms.on_shelf(record).row.patient for record in records}) == 1
    assert rooms.problems() == []
    rooms.close()
