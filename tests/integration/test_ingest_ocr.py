"""Pages drawn here, read by the engines."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from bench.ocr import measure
from ingest.ocr import gates
from ingest.ocr.orientation import NoHint, TesseractOrientation
from ingest.ocr.page import PageReading, read_page
from ingest.ocr.rapid import RapidEngine
from ingest.ocr.read import engine
from ingest.ocr.tesseract import MEMORY_FOLDER, TesseractEngine, tesseract_installed
from ingest.transcript import Transcript, ocr_json, recognised_page
from records.errors import Unavailable
from tests.ingest_pages import LINES, drawn, encoded, error_rate, font, peppered, sealed

pytestmark = [
    pytest.mark.skipif(font() is None, reason="no font with Chinese characters is installed"),
    pytest.mark.skipif(not RapidEngine().available(), reason="RapidOCR is not installed"),
]
PAGES = Path(__file__).parents[3] / "shared" / "testdata" / "ocr"


def bgr(picture: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


@cache
def clean_reading() -> PageReading:
    return read_page(bgr(drawn()), engine(), NoHint())


def said(reading: PageReading) -> str:
    return "\n".join(item.line.text for item in reading.lines)


def test_a_clean_page_is_read_almost_without_error() -> None:
    reading = clean_reading()
    assert error_rate(said(reading), "\n".join(LINES)) <= 0.01
    assert reading.turned == 0
    assert reading.confidence > 0.95


def test_seal_skew_and_pepper_together_stay_under_two_percent() -> None:
    harmed = peppered(sealed(drawn()).rotate(-1.6, Image.Resampling.BICUBIC, fillcolor="white"))
    reading = read_page(bgr(harmed), engine(), NoHint())
    assert error_rate(said(reading), "\n".join(LINES)) <= 0.02
    assert abs(reading.skew) == pytest.approx(1.6, abs=0.3)


@pytest.mark.parametrize("turn", [90, 180])
def test_a_turned_page_is_turned_back_without_tesseract(turn: int) -> None:
    turned = gates.turned(bgr(drawn(LINES[:4], size=(1654, 500))), turn)
    reading = read_page(turned, engine(), NoHint())
    assert reading.turned == 360 - turn
    assert "orientation_unsure" not in reading.reasons
    assert error_rate(said(reading), "\n".join(LINES[:4])) <= 0.02


@pytest.mark.skipif(not tesseract_installed(), reason="tesseract is not installed")
def test_tesseract_tells_the_turn_and_reads_as_the_second_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not MEMORY_FOLDER.is_dir():
        pytest.skip("no folder in memory")
    monkeypatch.setattr(tempfile, "tempdir", str(MEMORY_FOLDER))
    page = bgr(drawn())
    assert TesseractOrientation().turn(gates.turned(page, 180)) == 180
    lines = TesseractEngine().recognise(page)
    assert error_rate("\n".join(line.text for line in lines), "\n".join(LINES)) <= 0.25
    assert "tesseract" in TesseractEngine().version()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert TesseractOrientation().turn(page) is None
    with pytest.raises(Unavailable):
        TesseractEngine().recognise(page)


def test_a_red_letterhead_stays() -> None:
    paper = np.full((500, 1654, 3), 255, np.uint8)
    paper[100:160, 300:1300] = (40, 30, 200)
    assert gates.without_seals(paper) is paper


def test_a_seal_goes_and_the_print_under_it_stays() -> None:
    plain, stamped = bgr(drawn()), bgr(sealed(drawn()))
    lifted = gates.without_seals(stamped)
    assert np.abs(lifted.astype(int) - plain.astype(int)).mean() < 0.6
    assert np.abs(stamped.astype(int) - plain.astype(int)).mean() > 1
    assert gates.without_seals(plain) is plain


def test_gates_leave_a_page_alone_that_does_not_need_them() -> None:
    plain = bgr(drawn())
    assert gates.without_pepper(plain) is plain
    straight, angle = gates.straightened(plain)
    assert straight is plain and angle == 0.0
    assert gates.pepper_share(cv2.cvtColor(bgr(peppered(drawn())), cv2.COLOR_BGR2GRAY)) > gates.PEPPER_SHARE


@pytest.mark.parametrize("angle", [-4.0, -0.7, 1.3, 3.5])
def test_skew_is_measured(angle: float) -> None:
    leaning = drawn().rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    assert gates.skew(bgr(leaning)) == pytest.approx(-angle, abs=0.25)


def test_a_blank_page_is_blank_and_cheap() -> None:
    assert gates.is_blank(np.full((1100, 800, 3), 250, np.uint8))
    assert not gates.is_blank(bgr(drawn()))
    reading = read_page(np.full((1100, 800, 3), 250, np.uint8), engine(), NoHint())
    assert reading.lines == () and reading.reasons == ("nothing_read",)


def test_the_json_of_a_page_has_the_promised_fields() -> None:
    page = recognised_page(1, clean_reading())
    answer = ocr_json(Transcript("image/png", (page,)))
    assert json.loads(json.dumps(answer)) == answer
    (told,) = answer["pages"]
    assert {"page", "text", "confidence", "lines", "needs_review"} <= told.keys()
    assert isinstance(told["needs_review"], bool)
    for line in told["lines"]:
        x0, y0, x1, y1 = line["box"]
        assert 0 <= x0 < x1 and 0 <= y0 < y1 and 0 <= line["confidence"] <= 1


def test_the_bench_reports_rates_and_baselines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if MEMORY_FOLDER.is_dir():
        monkeypatch.setattr(tempfile, "tempdir", str(MEMORY_FOLDER))
    (tmp_path / "one.png").write_bytes(encoded(drawn(LINES[:5], size=(1654, 600))))
    (tmp_path / "one.json").write_text(json.dumps({"text": "\n".join(LINES[:5])}), encoding="utf-8")
    result = measure(tmp_path)
    assert {"cer", "digit_errors", "auto_accepted", "cpu_s_per_page", "baselines"} <= result.keys()
    assert result["cer"] <= 0.02 and result["digit_errors"] == 0
    assert 0 <= result["auto_accepted"]["share"] <= 1 and result["auto_accepted"]["accuracy"] > 0.97
    assert "rapidocr_ungated" in result["baselines"]


@pytest.mark.skipif(not PAGES.is_dir(), reason="the development pages (shared/testdata/ocr) are not here")
@pytest.mark.parametrize("name", ["08_off_song_seal-skew"])
def test_a_development_page_stays_under_two_percent(name: str) -> None:
    image = cv2.imread(str(PAGES / f"{name}.jpg"))
    truth = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))["text"]
    assert error_rate(said(read_page(np.asarray(image), engine(), NoHint())), truth) <= 0.02
