"""Any bytes come back; any one flipped byte is named by verification or changes nothing that can be read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue import Accession
from archive.frames import Frame, Gap, decode, encode, scan
from archive.identity import KnownIdentifier, PatientIdentity
from archive.keys import Keys, Stretch
from archive.stacks import Stacks, verify_home
from records.entities import Entity
from records.errors import LantaiError
from records.ids import EditionNumber, RecordId
from records.texts import IdentifiedText

EXAMPLES = int(os.environ.get("LANTAI_FLIPS", "15"))  # by hand, thousands
RELAXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@dataclass(frozen=True)
class Home:
    """A closed home, the keys to it, and everything that can be read from it."""

    strong: Path
    keys: Keys
    content: list[object]


def content(strong: Path, keys: Keys) -> list[object]:
    with Stacks.open(strong, keys) as stacks:
        found: list[object] = []
        for record, parts in sorted(stacks.vault.inventory().items()):
            found += [(record, part, stacks.vault.get(record, part)) for part in sorted(parts)]
        for deposit in stacks.catalogue.deposits():
            entry = stacks.catalogue.record(deposit.record)
            assert entry is not None
            patient = stacks.catalogue.patients.get(entry.patient)
            assert patient is not None
            known = [item.value.reveal() for item in patient.known]
            found += [deposit.name.reveal(), deposit.state, deposit.edition, entry, patient.anchor, known]
        found += [item.value.reveal() for item in stacks.catalogue.patients.staff()]
        found += [len(stacks.catalogue.find(IdentifiedText(f"M100{n}"))) for n in range(3)]
        return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    strong = tmp_path_factory.mktemp("home")
    keys = Keys.create(tmp_path_factory.mktemp("keys"), "passphrase", Stretch(8, 1, 1))
    with Stacks.open(strong, keys, 4096) as stacks:
        for n in range(12):
            record = stacks.catalogue.tokens.record(bytes([n]))
            stacks.vault.put(record, "original", bytes([n]) * (150 * n))
            stacks.vault.put(record, "transcript", f"text {n}".encode())
            name = IdentifiedText(f"{n}.pdf")
            stacks.catalogue.receive(record, size=n, media_type="text/plain", name=name, batch="B")
            known = (KnownIdentifier(Entity.PERSON, IdentifiedText(f"name {n}")),)
            accession = Accession(
                record, PatientIdentity(name=f"name {n % 3}", mrn=f"M100{n % 3}"), "discharge", "眼科",
                date(2024, 1, n + 1),
                {"n": n}, ("original", "transcript"), known, (f"doctor {n % 2}",),
            )  # fmt: skip
            stacks.catalogue.archive(accession)
            stacks.catalogue.shelve([record], EditionNumber(1))
    yield Home(strong, keys, content(strong, keys))


FILES = ["keyring.db", "catalogue.db", "vault/index.db", "vault/seg-000001.bin", "vault/seg-000002.bin"]


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
@RELAXED
def test_a_flipped_byte_is_named_or_changes_nothing(
    home: Home, tmp_path_factory: pytest.TempPathFactory, file: str, data: st.DataObject
) -> None:
    size = (home.strong / file).stat().st_size
    at = data.draw(st.integers(0, size - 1), label="byte")
    mask = data.draw(st.integers(1, 255), label="mask")
    copy = tmp_path_factory.mktemp("flipped", numbered=True) / "strong"
    shutil.copytree(home.strong, copy)
    path = copy / file
    changed = bytearray(path.read_bytes())
    changed[at] ^= mask
    path.write_bytes(bytes(changed))
    problems = verify_home(copy, home.keys)
    if file.endswith(".bin"):
        assert [item["file"] for item in problems] == [f"strong/{file}"], "the segment is named, and nothing else"
        assert problems[0]["id"].startswith("R"), "and so is the record"
    elif not problems:
        assert content(copy, home.keys) == home.content
    shutil.rmtree(copy.parent)


@given(record=NAMES, part=NAMES, version=st.integers(1, 2**32 - 1), body=st.binary(max_size=3000))
@RELAXED
def test_a_frame_comes_back(record: str, part: str, version: int, body: bytes) -> None:
    frame = decode(encode(RecordId(record), part, version, body))
    assert frame is not None and frame.whole
    assert (frame.record, frame.part, frame.version, frame.body) == (record, part, version, body)


@given(data=st.binary(max_size=400))
@RELAXED
def test_junk_is_a_gap_and_ends(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "junk.bin"
    path.write_bytes(data)
    items = list(scan(path))
    assert all(isinstance(item, Gap) for item in items)
    assert [item.offset for item in items] == [0] * bool(data)


@given(bodies=st.lists(st.binary(max_size=200), min_size=1, max_size=6), at=st.integers(0), mask=st.integers(1, 255))
@RELAXED
def test_a_flip_spoils_one_frame_only(tmp_path: Path, bodies: list[bytes], at: int, mask: int) -> None:
    frames = [encode(RecordId(f"R{n}"), "part", 1, body) for n, body in enumerate(bodies)]
    data = bytearray(b"".join(frames))
    data[at % len(data)] ^= mask
    path = tmp_path / "seg.bin"
    path.write_bytes(bytes(data))
    whole = {item.record: item.body for item in scan(path) if isinstance(item, Frame) and item.whole}
    assert len(whole) == len(bodies) - 1
    assert all(bodies[int(record[1:])] == body for record, body in whole.items())


@given(objects=st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xy"), st.binary(max_size=600)), max_size=12))
@RELAXED
def test_the_vault_is_a_mapping_that_remembers(tmp_path_factory: pytest.TempPathFactory, home: Home,
                                               objects: list[tuple[str, str, bytes]]) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("mapping", numbered=True)
    expected: dict[tuple[str, str], bytes] = {}
    for half in (objects[: len(objects) // 2], objects[len(objects) // 2 :]):
        with Stacks.open(folder, home.keys, 1024) as stacks:
            for record, part, body in half:
                new = stacks.vault.put(RecordId(record), part, body)
                assert new == (expected.get((record, part)) != body)
                expected[record, part] = body
            assert {(r, p) for r, parts in stacks.vault.inventory().items() for p in parts} == set(expected)
            assert all(stacks.vault.get(RecordId(r), p) == body for (r, p), body in expected.items())
            assert stacks.vault.verify() == []
    shutil.rmtree(folder)


def test_content_of_a_damaged_home_is_an_error_of_ours(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.strong, tmp_path / "strong")
    path = tmp_path / "strong" / "catalogue.db"
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(4096)
    path.write_bytes(bytes(data))
    with pytest.raises(LantaiError):
        content(tmp_path / "strong", home.keys)
