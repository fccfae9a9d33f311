"""Blacked-out pages: what a second reading finds, what stays readable, and what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import pdfa
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from deid.api import Known
from ingest.connectors import pdf
from ingest.limits import Limits
from ingest.mask.file import mask_file, masked_page_text, masked_text, pdf_of
from ingest.ocr.read import read_here
from ingest.rejects import Reason, Reject
from records.entities import Entity
from records.errors import BadInput
from records.texts import IdentifiedText
from rooms.cli.main import app
from tests import ingest_pages as pages

HIDDEN = ("诸葛文静", "诸葛明", "欧阳建", "20231187", "13812345678", "2023-05-01", "2023-05-12", "溪山县中心医院")
KEPT = ("空腹血糖13.26", "尿蛋白阳性", "血肌酐168.3", "2型糖尿病肾病", "低盐低脂")

pytestmark = pytest.mark.skipif(pages.font() is None, reason="no Chinese font; run `make setup`")


def _scribbled(paper: Image.Image) -> Image.Image:
    """Strokes that are no writing anybody could read, below the signature's line."""
    pen = ImageDraw.Draw(paper)
    points = [(900 + 14 * step, 1010 + int(34 * np.sin(step * 1.7))) for step in range(22)]
    pen.line(points, fill=(20, 20, 90), width=6)
    return paper


@pytest.fixture(scope="module")
def page() -> bytes:
    return pages.encoded(_scribbled(pages.sealed(pages.drawn(), (1440, 880), 150)))


@pytest.fixture(scope="module")
def masked(page: bytes) -> tuple[bytes, dict[str, Any]]:
    return mask_file(page, ".png")


def _read(document: bytes) -> str:
    return "".join(read_here(document, ".pdf").text().reveal().split())


def _pixels(document: bytes) -> np.ndarray:
    return next(iter(pdf.pictures(document, Limits())))


def test_nothing_hidden_can_be_read_and_the_medicine_stays(masked: tuple[bytes, dict[str, Any]]) -> None:
    said = _read(masked[0])
    assert [value for value in HIDDEN if value in said] == []
    assert [words for words in KEPT if words not in said] == []


def test_seal_and_scribble_are_black(masked: tuple[bytes, dict[str, Any]]) -> None:
    document, told = masked
    kinds = {box["entity"] for box in told["pages"][0]["boxes"]}
    assert {"seal", "PERSON", "MEDICAL_ID", "PHONE", "DATE"} <= kinds
    shown = _pixels(document).astype(int)
    red = shown[:, :, 2] - np.maximum(shown[:, :, 0], shown[:, :, 1])
    assert np.count_nonzero(red > 60) == 0
    blue = shown[:, :, 0] - np.maximum(shown[:, :, 1], shown[:, :, 2])
    assert np.count_nonzero(blue > 40) < 40


def test_the_result_is_pdf_a_without_a_text_layer(masked: tuple[bytes, dict[str, Any]]) -> None:
    assert pdfa.validate_written(io.BytesIO(masked[0]), "2b").passed
    document = pdfium.PdfDocument(masked[0])
    assert document[0].get_textpage().get_text_range() == ""
    with pikepdf.open(io.BytesIO(masked[0])) as opened:
        assert len(opened.pages) == 1


def test_a_born_digital_page_becomes_a_picture() -> None:
    document, told = mask_file(pages.pdf(), ".pdf")
    assert len(told["pages"]) == 1
    said = _read(document)
    assert [value for value in HIDDEN if value in said] == []


def test_a_known_value_that_no_rule_finds_goes_too() -> None:
    lines = ("随访记录", "鹿鸣馆今日复诊，血压平稳。", "继续服用缬沙坦。")
    paper = pages.encoded(pages.drawn(lines))
    known = (Known(Entity.PERSON, IdentifiedText("鹿鸣馆")),)
    said = _read(mask_file(paper, ".png", known)[0])
    assert "鹿鸣馆" not in said
    assert "缬沙坦" in said


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        ("今天天气不错。".encode(), "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n broken", "file_unreadable"),
        (pages.png_bomb(), "image_too_large"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as problem:
        mask_file(data, ".png")
    assert problem.value.code == code
    assert str(problem.value)


def test_a_page_that_cannot_be_cleaned_is_not_handed_out(page: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.mask.page._paint", lambda *_: None)
    with pytest.raises(Reject) as problem:
        masked_text(page, ".png", Limits())
    assert problem.value.reason is Reason.NOT_CLEAN


def test_one_page_is_taken_out_of_many_and_none_that_is_not_there() -> None:
    document = pages.pdf(pages=3)
    assert len(list(pdf.pictures(document, Limits(), 3))) == 1
    for data, suffix, number in ((document, ".pdf", "4"), (pages.encoded(pages.drawn()), ".png", "2")):
        with pytest.raises(Reject) as problem:
            masked_page_text(data, suffix, Limits(), number)
        assert problem.value.reason is Reason.NO_TEXT


def test_a_page_of_any_size_is_written_as_pdf_a() -> None:
    for shape in ((40, 2000, 3), (3000, 60, 3)):
        written = pdf_of([np.full(shape, 255, np.uint8)])
        assert pdfa.validate_written(io.BytesIO(written), "2b").passed


def test_the_command_writes_the_file_once(page: bytes, tmp_path: Path) -> None:
    scan, out = tmp_path / "scan.png", tmp_path / "out.pdf"
    scan.write_bytes(page)
    answer = CliRunner().invoke(app, ["mask", str(scan), "--out", str(out), "--json"])
    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert told["out"] == str(out)
    assert out.read_bytes().startswith(b"%PDF-")
    assert not any(value in answer.output for value in HIDDEN)
    again = CliRunner().invoke(app, ["mask", str(scan), "--out", str(out)])
    assert again.exit_code != 0
