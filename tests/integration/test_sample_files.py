"""The sample hospital as files: what they hold, that readers of others open them, that a seed fixes them."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fhir.resources.R4B.bundle import Bundle
from PIL import Image

from records.errors import BadInput, Unavailable
from sample import fonts, seeds
from sample.generator import generate
from sample.spoiled import bad

Rows = list[dict[str, Any]]


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default 120 patients, all records as FHIR bundles."""
    out = tmp_path_factory.mktemp("texts")
    generate(out, kinds=("fhir",))
    return out


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few patients with some scans and PDFs."""
    try:
        fonts.installed()
    except Unavailable as problem:
        pytest.skip(problem.message)
    out = tmp_path_factory.mktemp("pages")
    generate(out, patients=8, scans=4, pdfs=9)
    return out


@pytest.fixture(scope="module")
def records(texts: Path) -> Rows:
    return _rows(texts / "truth" / "records.jsonl")


@pytest.fixture(scope="module")
def patients(texts: Path) -> Rows:
    return _rows(texts / "truth" / "patients.jsonl")


def test_same_seed_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    generate(tmp_path / "a", patients=4, seed=5, scans=1, pdfs=2)
    generate(tmp_path / "b", patients=4, seed=5, scans=1, pdfs=2)
    generate(tmp_path / "c", patients=4, seed=6, scans=0, pdfs=0)
    assert _digests(tmp_path / "a" / "inbox") == _digests(tmp_path / "b" / "inbox")
    assert _digests(tmp_path / "a" / "truth") == _digests(tmp_path / "b" / "truth")
    assert _digests(tmp_path / "a" / "inbox") != _digests(tmp_path / "c" / "inbox")


def test_progress_counts_to_the_number_of_records(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = generate(tmp_path, patients=3, scans=0, pdfs=0, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, summary["records"]) for i in range(1, summary["records"] + 1)]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(BadInput, match="empty"):
        generate(tmp_path, patients=1)
    assert (tmp_path / "inbox" / "mine.txt").read_text(encoding="utf-8") == "keep"
    with pytest.raises(BadInput, match="at least one patient"):
        generate(tmp_path / "other", patients=0)


def test_truth_has_a_line_for_every_file(texts: Path, records: Rows) -> None:
    assert sorted(r["file"] for r in records) == sorted(p.name for p in (texts / "inbox").iterdir())
    assert {r["type"] for r in records} == set(seeds.read("hospital.toml")["types"])
    for record in records:
        assert record["title"] in record["text"]
        for section in record["sections"]:
            assert section["heading"] in record["text"]
            assert section["text"] in record["text"]


def test_identifier_spans_hold_identifiers(texts: Path, records: Rows) -> None:
    listed: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    for row in _rows(texts / "truth" / "identifiers.jsonl"):
        listed[row["patient"]].add((row["value"], row["entity"]))
    entities: Counter[str] = Counter()
    for record in records:
        for span in record["spans"]:
            value = record["text"][span["start"] : span["end"]]
            entities[span["entity"]] += 1
            owner = None if span["role"] in ("staff", "place") else record["patient"]
            assert (value, span["entity"]) in listed[owner]
    assert set(entities) >= {
        "PERSON",
        "ID_CARD",
        "MEDICAL_ID",
        "PHONE",
        "ADDRESS",
        "ORGANISATION",
        "DATE",
        "EMAIL",
        "ACCOUNT",
    }


def test_no_identifier_in_a_file_name(texts: Path, pages: Path) -> None:
    for out in (texts, pages):
        names = "\n".join(p.name for p in (out / "inbox").iterdir())
        assert all(re.fullmatch(r"(scan|fhir|pdf)-\d{5}\.(png|jpg|json|pdf)", name) for name in names.splitlines())
        values = {r["value"] for r in _rows(out / "truth" / "identifiers.jsonl")}
        assert not [v for v in values if v in names]


def test_creatinine_rises_in_diabetic_nephropathy(patients: Rows) -> None:
    seen = 0
    for row in patients:
        series = row["series"].get("cr", [])
        if any(c["id"] == "dn" for c in row["conditions"]) and len(series) > 1:
            seen += 1
            values = [point["value"] for point in series]
            assert [p["date"] for p in series] == sorted(p["date"] for p in series)
            assert values == sorted(values)
            assert values[-1] > 1.5 * values[0]
    assert seen >= 18


def test_printed_creatinine_is_the_one_of_the_series(patients: Rows, records: Rows) -> None:
    truth = {row["key"]: {p["value"] for p in row["series"].get("cr", [])} for row in patients}
    seen = 0
    for record in records:
        for line in record["text"].splitlines():
            if record["type"] == "D23" and line.startswith("肌酐  ") and truth[record["patient"]]:
                seen += 1
                # within a visit the value moves by little, between visits by much
                assert min(abs(float(line.split()[1]) / v - 1) for v in truth[record["patient"]]) < 0.05
    assert seen > 30


def test_denial_and_family_history_are_told_apart(patients: Rows, records: Rows) -> None:
    healthy = {p["key"] for p in patients if p["denies_diabetes"]}
    fathers = {p["key"] for p in patients if p["father_diabetic"]}
    assert len(fathers) >= 10
    assert fathers <= healthy
    status: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for concept in record["concepts"]:
            if concept["icd10"].startswith(("E10", "E11", "E14")):
                status[record["patient"]].add(concept["status"])
                assert concept["status"] != "present" or record["patient"] not in healthy, record["file"]
    assert sum("negated" in status[key] for key in healthy) >= 50
    assert sum("family" in status[key] for key in fathers) >= 10


def test_diabetes_is_never_named_unmarked_in_records_of_others(patients: Rows, records: Rows) -> None:
    healthy = {p["key"] for p in patients if p["denies_diabetes"]}
    for record in records:
        if record["patient"] in healthy and "糖尿病" in record["text"]:
            assert any("糖尿病" in form for c in record["concepts"] for form in c["forms"]), record["file"]


def test_authors_write_the_same_thing_differently(records: Rows) -> None:
    forms: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for concept in record["concepts"]:
            forms[concept["id"]].update(concept["forms"])
    for concept in ("t2dm", "dn", "dr", "dpn", "dfoot", "htn"):
        assert len(forms[concept]) >= 4, concept
    assert {"T2DM", "DN", "DR", "DPN"} <= {form for found in forms.values() for form in found}
    named = [
        r
        for r in records
        if any(c["id"] in ("dn", "dr", "dpn", "dfoot") and c["status"] == "present" for c in r["concepts"])
    ]
    assert sum("并发症" not in r["text"] for r in named) >= 0.9 * len(named)
    assert any("metformin" in r["text"] for r in records)


def test_bundles_are_valid_fhir_documents(texts: Path, records: Rows) -> None:
    by_file = {r["file"]: r for r in records}
    first: dict[str, Path] = {}
    for path in sorted((texts / "inbox").iterdir()):
        first.setdefault(by_file[path.name]["type"], path)
    assert len(first) == 12
    for path in first.values():
        bundle = Bundle.model_validate_json(path.read_bytes())
        kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
        assert bundle.type == "document"
        assert kinds[:5] == ["Composition", "Patient", "Encounter", "Practitioner", "Organization"]
        assert [s.title for s in bundle.entry[0].resource.section][:-1] == [
            s["heading"] for s in by_file[path.name]["sections"]
        ]
        urls = {entry.fullUrl for entry in bundle.entry}
        assert set(re.findall(rb'"reference":"([^"]+)"', path.read_bytes())) <= {u.encode() for u in urls}


def test_narrative_of_a_bundle_is_the_text_of_the_truth(texts: Path, records: Rows) -> None:
    for record in records[::25]:
        document = json.loads((texts / "inbox" / record["file"]).read_bytes())
        words = "".join(s["text"]["div"] for s in document["entry"][0]["resource"]["section"])
        plain = re.sub(r"<[^>]+>|\s", "", words).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for section in record["sections"]:
            assert re.sub(r"\s", "", section["text"]) in plain


def test_files_say_that_they_are_invented(texts: Path, pages: Path) -> None:
    assert b"HTEST" in next((texts / "inbox").glob("*.json")).read_bytes()
    assert "INVENTED" in (texts / "truth" / "README.txt").read_text(encoding="utf-8")
    with pypdfium2.PdfDocument(next((pages / "inbox").glob("*.pdf"))) as document:
        assert "INVENTED" in document.get_metadata_value("Subject")
    for path in (pages / "inbox").glob("scan-*"):
        with Image.open(path) as image:
            assert "INVENTED" in str(image.info.get("comment", image.info.get("Comment")))


def _pdf_text(path: Path) -> tuple[int, str]:
    with pypdfium2.PdfDocument(path) as document:
        found = []
        for page in document:
            layer = page.get_textpage()
            found.append(layer.get_text_range())
            layer.close()
            page.close()
        return len(found), "".join(found)


def test_pdfs_hold_every_character_of_the_truth(pages: Path) -> None:
    rows = [r for r in _rows(pages / "truth" / "records.jsonl") if r["kind"] == "pdf"]
    lengths = []
    for row in rows:
        count, text = _pdf_text(pages / "inbox" / row["file"])
        lengths.append(count)
        assert sorted(re.sub(r"\s", "", text)) == sorted(re.sub(r"\s", "", row["text"])), row["file"]
    assert len(rows) == 9
    assert max(lengths) > 1, "no PDF of two pages"


def test_scans_are_a4_at_300_dpi(pages: Path) -> None:
    rows = [r for r in _rows(pages / "truth" / "records.jsonl") if r["kind"] == "scan"]
    sizes = []
    for row in rows:
        with Image.open(pages / "inbox" / row["file"]) as image:
            image.load()
            sizes.append(image.size)
            assert round(image.info["dpi"][0]) == 300
    assert sorted(sizes) == [(2480, 3508)] * 3 + [(3508, 2480)]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    out = tmp_path_factory.mktemp("bad")
    try:
        yield out, bad(out)
    except Unavailable as problem:
        pytest.skip(problem.message)


def test_bad_files_are_bad_in_the_way_they_say(spoiled: tuple[Path, dict[str, str]]) -> None:
    out, what = spoiled
    assert set(what) == {p.name for p in out.iterdir()}
    assert (out / "zero-byte.pdf").stat().st_size == 0
    assert (out / "same-as-good.json").read_bytes() == (out / "good.json").read_bytes()
    assert (out / "png-named.pdf").read_bytes().startswith(b"\x89PNG")
    with Image.open(out / "truncated.jpg") as image, pytest.raises(OSError, match="truncated"):
        image.load()
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(out / "encrypted.pdf")
    with pytest.raises(json.JSONDecodeError):
        json.loads((out / "text-named.json").read_text(encoding="utf-8"))
    assert "resourceType" not in json.loads((out / "no-bundle.json").read_text(encoding="utf-8"))


def test_pixel_bomb_is_small_on_disk_and_huge_in_pixels(
    spoiled: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 89_478_485)  # Pillow's own, which readers in this process may lift
    data = (spoiled[0] / "pixel-bomb.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert len(data) < 1_000_000
    assert width * height > 3_000_000_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(data))
