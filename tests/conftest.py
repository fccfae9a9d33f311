"""A small invented hospital, ingested once per test session; tests that change it work on a copy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PASSPHRASE = "a passphrase for tests only"
PASSWORD = "a password for tests only"
PATIENTS, SCANS = 48, 3


@dataclass(frozen=True)
class Home:
    """An ingested home (no strong room open on it) and the files it came from."""

    path: Path
    inbox: Path
    truth: Path

    def records(self) -> list[dict[str, Any]]:
        """The truth of each file."""
        return _jsonl(self.truth / "records.jsonl")

    def identifiers(self) -> list[dict[str, Any]]:
        """Every identifier of patients, relatives and staff in the files."""
        return _jsonl(self.truth / "identifiers.jsonl")


def _jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DIR of `lantai sample DIR`, small."""
    from sample.generator import generate

    folder = tmp_path_factory.mktemp("hospital")
    generate(folder, PATIENTS, scans=SCANS)
    return folder


@pytest.fixture(scope="session")
def ingested(hospital: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The hospital in a demo home with the sample logins; do not change it."""
    from rooms.config import Config
    from rooms.demo import prepare_logins
    from rooms.strong import StrongRoom
    from tests.rooms_open import ingest_all

    config = Config(tmp_path_factory.mktemp("home"))
    StrongRoom.create(config, PASSPHRASE, demo=True)
    room = StrongRoom.open(config, PASSPHRASE)
    try:
        prepare_logins(room)
        ingest_all(room, hospital / "inbox")
    finally:
        room.close()
    return Home(config.home, hospital / "inbox", hospital / "truth")


@pytest.fixture
def home(ingested: Home, tmp_path: Path) -> Iterator[Home]:
    """A copy of the ingested home, to be changed at will."""
    shutil.copytree(ingested.path, tmp_path / "home")
    yield Home(tmp_path / "home", ingested.inbox, ingested.truth)


@pytest.fixture(scope="session")
def room(ingested: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An open strong room on a copy, shared by tests that only use it as its people would."""
    from tests.rooms_open import strong_room

    copy = tmp_path_factory.mktemp("shared") / "home"
    shutil.copytree(ingested.path, copy)
    with strong_room(copy) as opened:
        yield opened
