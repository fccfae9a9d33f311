"""Fifty whole records nobody's templates wrote, through the whole line: no identifier of theirs is on the shelf.

Says file, kind and role of what leaks, never the value; LANTAI_GOLD_SHOW=1 prints values, all of them invented.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from records.shelf import ShelfRecord
from rooms.config import Config
from rooms.demo import prepare_logins
from rooms.granted import renderer
from rooms.identifiers import folded
from rooms.strong import StrongRoom
from tests.conftest import PASSPHRASE
from tests.gold.load import RecordIdentifier, record_files, record_identifiers
from tests.rooms_open import ingest_all

OPEN_TO_THE_FRONT = ("front", "shelf")


@dataclass(frozen=True)
class Shelved:
    """One record on the shelf: `kept` is its text without what stands in for identifiers, `shown` all of it."""

    file: str
    kept: str
    shown: str


@dataclass(frozen=True)
class Outcome:
    """What came of the fifty files."""

    home: Path
    shelved: tuple[Shelved, ...]
    rejected: tuple[tuple[str, str | None], ...]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """The records ingested into a home of their own."""
    inbox = tmp_path_factory.mktemp("gold_inbox")
    for path in record_files():
        shutil.copy(path, inbox)
    config = Config(tmp_path_factory.mktemp("gold_home"))
    StrongRoom.create(config, PASSPHRASE, demo=True)
    room = StrongRoom.open(config, PASSPHRASE)
    try:
        prepare_logins(room)
        ingest_all(room, inbox)
        names = {item.record: item.name.reveal() for item in room.catalogue.deposits()}
        on_shelf = room.shelf.edition().table.column("record").to_pylist()
        shelved = tuple(_shelved(room, names[record], room.shelf.read(None, record)) for record in on_shelf)
        rejected = tuple((item.name.reveal(), item.reason) for item in room.catalogue.deposits() if item.reason)
        yield Outcome(config.home, shelved, rejected)
    finally:
        room.close()


def _shelved(room: StrongRoom, file: str, record: ShelfRecord) -> Shelved:
    shown_by = renderer(room, "R-gold", record, {})
    pieces = [piece for section in record.sections for piece in [*shown_by.marked(section.text), ("\0", None)]]
    headings = "\0".join(section.heading for section in record.sections)
    kept = headings + "".join("\0" if kind else text for text, kind in pieces)
    shown = "\0".join(shown_by.render(section.text) for section in record.sections)
    return Shelved(file, folded(kept)[0], folded(shown)[0])


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


def _leaks(outcome: Outcome, values: list[RecordIdentifier]) -> list[str]:
    found = []
    for record in outcome.shelved:
        for item in values:
            key = folded(item.value)[0]
            # A surrogate of two characters may be somebody else's name; what the hospital wrote may not hold any.
            in_shown = key in record.shown and (item.file == record.file or len(key) > 2)
            if key in record.kept or in_shown:
                found.append(f"{record.file} {item.entity.value} {item.role}" + _shown(item, record, key))
    return found


def _shown(item: RecordIdentifier, record: Shelved, key: str) -> str:
    if not os.environ.get("LANTAI_GOLD_SHOW"):
        return ""
    text = record.kept if key in record.kept else record.shown
    at = text.index(key)
    return f" from {item.file}: {item.value} in …{text[max(at - 12, 0) : at + len(key) + 8]!r}"


def test_the_records_are_whole_and_their_identifiers_listed() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in record_files()}
    assert len(files) == 50
    for item in record_identifiers():
        assert item.value in files[item.file], item.file
    assert {item.file for item in record_identifiers()} == set(files)


def test_all_records_reach_the_shelf(outcome: Outcome) -> None:
    assert outcome.rejected == ()
    assert {record.file for record in outcome.shelved} == {path.name for path in record_files()}


def test_no_identifier_is_in_what_a_grant_shows(outcome: Outcome) -> None:
    leaks = _leaks(outcome, record_identifiers())
    _say([f"{len(leaks)} leaks of {len(record_identifiers())} identifiers", *leaks])
    assert leaks == []


def test_no_identifier_is_in_the_bytes_that_the_front_holds(outcome: Outcome) -> None:
    values = [item.value for item in record_identifiers() if len(item.value.encode()) >= 6]
    for folder in OPEN_TO_THE_FRONT:
        for path in sorted((outcome.home / folder).rglob("*")):
            if path.is_file() and not path.is_socket():
                data = path.read_bytes()
                held = sum(value.encode(form) in data for value in values for form in ("utf-8", "gb18030", "utf-16-le"))
                assert held == 0, path.name
