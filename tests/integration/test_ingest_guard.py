"""Hostile and damaged files in the guarded child: each ends as a reason, and the next file is read."""

from __future__ import annotations

import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from ingest.guard import Guard, GuardPool, sweep_temp
from ingest.limits import Limits
from ingest.ocr.read import ocr_file
from ingest.ocr.tesseract import MEMORY_FOLDER
from ingest.process import Processed
from ingest.rejects import Reason
from records.errors import BadInput
from tests.ingest_pages import LINES, bundle, drawn, encoded, font, pdf, png_bomb, scanned_pdf

pytestmark = pytest.mark.skipif(font() is None, reason="no font with Chinese characters is installed")
NOTE = "\n".join(LINES).encode()


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard() as shared:
        yield shared


def name_in(answer: str | Reason) -> str:
    assert not isinstance(answer, Reason), answer
    name = Processed.from_text(answer).description.facts.name
    assert name is not None
    return name.reveal()


def locked_pdf(tmp_path: Path, user: str) -> bytes:
    (tmp_path / "plain.pdf").write_bytes(pdf())
    with pikepdf.open(tmp_path / "plain.pdf") as plain:
        plain.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user=user, owner="owner"))
    return (tmp_path / "locked.pdf").read_bytes()


def stream_bomb(tmp_path: Path) -> bytes:
    """A page whose content unpacks to 200 MB of nested graphics states."""
    with pikepdf.new() as bomb:
        bomb.add_blank_page(page_size=(595, 842))
        stream = pikepdf.Stream(bomb, b"")
        stream.write(zlib.compress(b"q\n" * (100 * 1024 * 1024), 9), filter=pikepdf.Name.FlateDecode)
        bomb.pages[0].Contents = stream
        bomb.save(tmp_path / "bomb.pdf", compress_streams=False, recompress_flate=False)
    return (tmp_path / "bomb.pdf").read_bytes()


def many_pages(tmp_path: Path) -> bytes:
    with pikepdf.new() as long:
        for _ in range(Limits().pages + 1):
            long.add_blank_page()
        long.save(tmp_path / "long.pdf")
    return (tmp_path / "long.pdf").read_bytes()


def test_damaged_files_say_why_and_the_child_lives_on(guard: Guard, tmp_path: Path) -> None:
    jpeg, png = encoded(drawn(), "JPEG", quality=80), encoded(drawn())
    cases = {
        b"": Reason.EMPTY,
        jpeg[: len(jpeg) * 2 // 3]: Reason.TRUNCATED,
        jpeg[:-2]: Reason.TRUNCATED,
        png[: len(png) // 2]: Reason.TRUNCATED,
        pdf()[:9000]: Reason.TRUNCATED,
        locked_pdf(tmp_path, "secret"): Reason.ENCRYPTED,
        many_pages(tmp_path): Reason.TOO_MANY_PAGES,
        png_bomb(): Reason.IMAGE_TOO_LARGE,
        b"PK\x03\x04 a word document": Reason.UNSUPPORTED,
        "今天天气不错。".encode(): Reason.NOT_A_RECORD,
        b"%PDF-1.7\nnothing at all\n%%EOF": Reason.UNREADABLE,
    }
    for data, reason in cases.items():
        assert guard.ask("process", data) is reason, reason
    assert name_in(guard.ask("process", NOTE)) == "诸葛文静"


def test_a_thumbnail_inside_does_not_hide_a_truncated_photograph(guard: Guard) -> None:
    thumbnail = encoded(drawn(LINES[:1], size=(160, 120), points=20), "JPEG")
    exif = b"Exif\x00\x00" + thumbnail
    jpeg = encoded(drawn(), "JPEG", quality=80)
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    assert guard.ask("process", jpeg[:2] + segment + jpeg[2 : len(jpeg) // 2]) is Reason.TRUNCATED


def test_content_decides_and_a_wrong_name_is_noted(guard: Guard, tmp_path: Path) -> None:
    for data in (pdf(), locked_pdf(tmp_path, ""), NOTE, "\n".join(LINES).encode("gb18030"), bundle(1)):
        answer = guard.ask("process", data, ".png")
        assert name_in(answer) == "诸葛文静"
        assert isinstance(answer, str)
        assert "mislabelled" in Processed.from_text(answer).description.reasons


def test_a_pdf_text_layer_is_used_and_a_scan_is_recognised(guard: Guard) -> None:
    born = guard.ask("process", pdf(pages=2), ".pdf")
    scan = guard.ask("process", scanned_pdf(drawn()), ".pdf")
    assert isinstance(born, str) and isinstance(scan, str)
    assert [page.source for page in Processed.from_text(born).transcript.pages] == ["pdf text", "pdf text"]
    (page,) = Processed.from_text(scan).transcript.pages
    assert page.source == "ocr" and page.confidence > 0.9
    assert name_in(scan) == name_in(born) == "诸葛文静"
    assert Processed.from_text(scan).description.record_type == "D33"


def test_a_stream_bomb_ends_its_child_and_nothing_else(tmp_path: Path) -> None:
    limits = Limits(cpu_seconds=6, cpu_seconds_per_megabyte=0, memory_bytes=2 * 1024**3)
    with Guard(limits) as guard:
        assert guard.ask("process", stream_bomb(tmp_path)) in {
            Reason.CRASHED, Reason.TOO_SLOW, Reason.TOO_HUNGRY, Reason.UNREADABLE,
        }  # fmt: skip
        assert name_in(guard.ask("process", NOTE)) == "诸葛文静"


def test_a_killed_child_costs_its_own_file_only() -> None:
    with Guard() as guard:
        name_in(guard.ask("process", NOTE))
        child = guard._child
        assert child is not None
        threading.Timer(0.3, lambda: os.kill(child.pid, signal.SIGSEGV)).start()
        assert guard.ask("ocr", encoded(drawn(), "TIFF")) is Reason.CRASHED
        assert name_in(guard.ask("process", NOTE)) == "诸葛文静"


def test_a_child_that_hangs_is_ended_in_time() -> None:
    with Guard(replace(Limits(), wall_factor=0.02)) as guard:  # 2.4 s
        started = guard._started()
        os.kill(started.pid, signal.SIGSTOP)
        begun = time.monotonic()
        assert guard.ask("process", NOTE) is Reason.TOO_SLOW
        assert time.monotonic() - begun < 20


def test_the_child_is_given_no_secret_and_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTAI_PASSPHRASE_FILE", "/somewhere/passphrase")
    monkeypatch.setenv("LANTAI_PASSWORD_FILE", "/somewhere/password")
    with Guard() as guard:
        name_in(guard.ask("process", NOTE))
        assert guard._child is not None and guard._temp is not None
        environment = Path(f"/proc/{guard._child.pid}/environ").read_bytes()
        assert b"LANTAI_PASS" not in environment
        if MEMORY_FOLDER.is_dir():
            assert guard._temp.is_relative_to(MEMORY_FOLDER)
        folder = guard._temp
    assert not folder.exists()


def test_temp_folders_of_the_dead_are_swept() -> None:
    if not MEMORY_FOLDER.is_dir():
        pytest.skip("no folder in memory")
    left = MEMORY_FOLDER / "lantai-read-999999999-x"
    left.mkdir(exist_ok=True)
    (left / "page.png").write_bytes(b"x")
    sweep_temp()
    assert not left.exists()


def test_a_pool_answers_every_file_whatever_happens_to_one() -> None:
    files = {"a": NOTE, "b": b"", "c": bundle(2), "d": b"PK\x03\x04"}
    with GuardPool(2) as pool:
        answers = dict(pool.map("process", ((key, lambda data=data: (data, "")) for key, data in files.items())))
    assert answers["b"] is Reason.EMPTY and answers["d"] is Reason.UNSUPPORTED
    assert name_in(answers["a"]) == name_in(answers["c"]) == "诸葛文静"


def test_a_child_that_was_taken_over_can_only_answer_text() -> None:
    for answer in ("not json", "[]", '{"transcript": 1, "description": 2}', '{"transcript": {"pages": [1]}}'):
        with pytest.raises(Exception, match="file_unreadable"):
            Processed.from_text(answer)


def test_ocr_file_says_why_it_cannot_read() -> None:
    with pytest.raises(BadInput) as caught:
        ocr_file(b"")
    assert caught.value.code == "file_empty" and caught.value.message.endswith(".")
