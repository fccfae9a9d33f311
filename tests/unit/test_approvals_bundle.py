"""The bundle: the same content gives the same bytes, every format says the same, and one flipped byte is named."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from approvals import bundle
from approvals.bundle_archive import BadArchiveError, archive, unpacked
from records import sm2
from records.errors import BadInput
from records.seal import sm3
from tests.approvals_world import keypair, sample_rows, sign

COLUMNS = ("record", "type", "department", "year", "sex", "age", "text")
FACTS = bundle.Facts("L1", "G1", "Q1", "c" * 64, 3, "2026-11-23T04:00:00.000000Z")
FILES = {
    "README.md", "data.csv", "data.jsonl", "data.parquet", "dictionary.csv", "dictionary.md", "manifest.json",
    "manifest.sig", "public_key.pem",
}  # fmt: skip


def _rows() -> list[dict[str, object]]:
    rows = sample_rows(12)
    rows[1] |= {"text": '=HYPERLINK("x")', "year": None, "sex": ""}
    rows[2] |= {"text": '第一行\n第二行, “引号” "q"'}
    return rows


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return bundle.build(_rows(), COLUMNS, FACTS, public_key=keypair()[1], sign=sign)


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    place = tmp_path / "L1"
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


def _named(place: Path, key: bytes | None = None) -> set[str]:
    return {problem["file"] for problem in bundle.verify_bundle(place, key or keypair()[1])}


def test_it_holds_these_files_and_the_same_content_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    assert files.keys() == FILES
    again = bundle.build(_rows(), reversed(COLUMNS), FACTS, public_key=keypair()[1], sign=sign)  # type: ignore[arg-type]
    assert {name for name in FILES if again[name] != files[name]} <= {"manifest.sig"}
    fixed = {**files, "manifest.sig": b"s"}
    assert archive(fixed, "L1") == archive(dict(reversed(list(fixed.items()))), "L1")


def test_csv_jsonl_and_parquet_say_the_same(files: dict[str, bytes]) -> None:
    table = list(csv.DictReader(io.StringIO(files["data.csv"].decode("utf-8-sig"), newline="")))
    lines = [json.loads(line) for line in files["data.jsonl"].splitlines()]
    columnar = pq.read_table(io.BytesIO(files["data.parquet"])).to_pylist()
    assert lines == columnar == [{name: row[name] for name in COLUMNS} for row in _rows()]
    assert files["data.csv"].startswith(b"\xef\xbb\xbf")
    for line, row in zip(lines, table, strict=True):
        for name in COLUMNS:
            assert row[name].removeprefix("'") == ("" if line[name] is None else str(line[name]))
    assert table[1]["text"] == '\'=HYPERLINK("x")'
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row.values())


def test_the_manifest_tells_what_and_from_where(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    assert manifest["rows"] == 12
    assert manifest["columns"] == list(COLUMNS)
    assert manifest["content"] == bundle.content_hash(_rows(), COLUMNS)
    assert {key: manifest[key] for key in ("release", "grant", "request", "edition", "withdrawn")} == {
        "release": "L1", "grant": "G1", "request": "Q1", "edition": 3, "withdrawn": 0,
    }  # fmt: skip
    assert {item["name"]: item["sm3"] for item in manifest["files"]} == {
        name: sm3(data).hex() for name, data in files.items() if not name.startswith("manifest")
    }


def test_the_dictionary_explains_every_column_in_two_languages(files: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["dictionary.csv"].decode("utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == list(COLUMNS)
    assert all(all(row.values()) for row in rows)
    assert all(f"| {name} |" in files["dictionary.md"].decode() for name in COLUMNS)


def test_content_hash_sees_every_cell_and_the_order_of_rows() -> None:
    base = bundle.content_hash(_rows(), COLUMNS)
    for index in range(3):
        for name in COLUMNS:
            rows = _rows()
            rows[index][name] = "x"
            assert bundle.content_hash(rows, COLUMNS) != base
    assert bundle.content_hash(_rows()[::-1], COLUMNS) != base
    assert bundle.content_hash(_rows(), COLUMNS[:-1]) != base
    assert bundle.content_hash(_rows(), COLUMNS[::-1]) == base


def test_a_whole_bundle_has_no_problems_as_folder_and_as_zip(
    folder: Path, files: dict[str, bytes], tmp_path: Path
) -> None:
    packed = tmp_path / "L1.zip"
    packed.write_bytes(archive(files, "L1"))
    zipfile.ZipFile(packed).extractall(tmp_path / "out")
    for place in (folder, packed, tmp_path / "out", tmp_path / "out" / "L1"):
        for key in (keypair()[1], None):
            assert bundle.verify_bundle(place, key) == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_flipped_byte_in_a_file_is_named(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    for offset in {0, 1, len(data) // 3, len(data) // 2, len(data) - 2}:
        (folder / name).write_bytes(data[:offset] + bytes([data[offset] ^ 4]) + data[offset + 1 :])
        assert name in _named(folder)
        assert name in {problem["file"] for problem in bundle.verify_bundle(folder)}


def test_a_flipped_byte_anywhere_in_the_zip_is_named(files: dict[str, bytes], tmp_path: Path) -> None:
    data = archive(files, "L1")
    packed = tmp_path / "L1.zip"
    for offset in range(0, len(data), 97):
        packed.write_bytes(data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :])
        assert bundle.verify_bundle(packed, keypair()[1]), f"byte {offset}"
    for cut in (0, 10, len(data) // 2, len(data) - 1):
        packed.write_bytes(data[:cut])
        assert _named(packed)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in _named(folder)


def test_what_was_added_is_named_and_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "macro.xlsm").write_bytes(b"x")
    (folder / "sub").mkdir()
    (folder / "sub" / "data.csv").write_bytes(b"x")
    secret = tmp_path / "secret"
    secret.write_bytes((folder / "data.csv").read_bytes())
    (folder / "data.csv").unlink()
    (folder / "data.csv").symlink_to(secret)
    assert _named(folder) == {"macro.xlsm", "sub/data.csv", "data.csv"}


def test_a_bundle_signed_by_somebody_else_is_not_ours(tmp_path: Path) -> None:
    private, public = sm2.new_keypair()
    files = bundle.build(_rows(), COLUMNS, FACTS, public_key=public, sign=lambda message: sm2.sign(private, message))
    packed = tmp_path / "L1.zip"
    packed.write_bytes(archive(files, "L1"))
    assert bundle.verify_bundle(packed) == []  # its parts belong together, which is all that can be said
    assert {"public_key.pem", "manifest.json"} <= _named(packed)


def test_things_that_are_no_bundle_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        bundle.verify_bundle(tmp_path / "nothing")
    for number in range(200):
        (tmp_path / f"{number}").write_text("x")
    with pytest.raises(BadInput):
        bundle.verify_bundle(tmp_path)
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    assert _named(tmp_path / "x.zip") == {"x.zip"}
    (tmp_path / "empty").mkdir()
    assert _named(tmp_path / "empty") == {"manifest.json", "manifest.sig", "public_key.pem"}


def test_a_hostile_zip_is_refused() -> None:
    def zipped(names: list[str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in names:
                target.writestr(name, b"x")
        return out.getvalue()

    for data in (zipped([f"L1/{number}" for number in range(200)]), zipped(["L1/a", "L2/a"]), zipped(["L1/"])):
        with pytest.raises(BadArchiveError):
            unpacked(data)


def test_the_manifest_of_another_format_or_no_json_at_all_is_named(folder: Path) -> None:
    for text in (b"", b"[]", b"{}", b'{"format": "other/1", "files": []}', b"[" * 100_000):
        (folder / "manifest.json").write_bytes(text)
        assert "manifest.json" in _named(folder)


def test_the_recipe_in_the_readme_works_with_openssl_alone(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    commands = [shlex.split(line) for line in text.splitlines() if line.strip().startswith("openssl")]
    assert len(commands) == 2
    verified = subprocess.run(commands[0], cwd=folder, capture_output=True, check=True)
    assert b"Signature Verified Successfully" in verified.stdout
    digests = subprocess.run(commands[1], cwd=folder, capture_output=True, check=True).stdout.decode()
    for item in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]:
        assert item["sm3"] in digests
    data = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(data.replace(b'"rows": 12', b'"rows": 13'))
    assert subprocess.run(commands[0], cwd=folder, capture_output=True).returncode != 0


def test_an_empty_release_is_still_well_formed() -> None:
    files = bundle.build([], ("type",), FACTS, public_key=keypair()[1], sign=sign)
    assert files["data.csv"].decode("utf-8-sig") == "record,type\r\n"
    assert pq.read_table(io.BytesIO(files["data.parquet"])).num_rows == 0
