"""What a file is, by its content."""

from __future__ import annotations

import pytest

from ingest.media import Media, mislabelled, recognise, sniffed, text_of
from ingest.rejects import SENTENCES, Reason, Reject

KNOWN = [
    (b"\x89PNG\r\n\x1a\n....", Media.PNG),
    (b"\xff\xd8\xff\xe0....", Media.JPEG),
    (b"II*\x00....", Media.TIFF),
    (b"MM\x00*....", Media.TIFF),
    (b"%PDF-1.7 ...", Media.PDF),
    (b"\n\n  %PDF-1.4 after some blank", Media.PDF),
    ('\ufeff {"resourceType": "Bundle"}'.encode(), Media.FHIR),
    (b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>', Media.CDA),
    ("入院记录\n姓名：".encode(), Media.TEXT),
    ("入院记录\n姓名：".encode("gb18030"), Media.TEXT),
    ("入院记录".encode("utf-16"), Media.TEXT),
]


@pytest.mark.parametrize(("data", "media"), KNOWN)
def test_content_decides(data: bytes, media: Media) -> None:
    assert recognise(data) is media
    assert sniffed(data) == media.value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\x00" * 400, Reason.EMPTY),
        (b" \r\n\t ", Reason.EMPTY),
        (b"PK\x03\x04 a document of another kind", Reason.UNSUPPORTED),
        (b"<html><body>a page</body></html>", Reason.UNSUPPORTED),
        (bytes(range(256)) * 4, Reason.UNSUPPORTED),
        (b"\x7fELF\x02\x01\x01", Reason.UNSUPPORTED),
    ],
)
def test_what_is_not_read_says_why(data: bytes, reason: Reason) -> None:
    with pytest.raises(Reject) as caught:
        recognise(data)
    assert caught.value.reason is reason
    assert sniffed(data) == "application/octet-stream"


def test_a_wrong_suffix_is_noted_and_no_suffix_promises_nothing() -> None:
    assert mislabelled(".png", Media.JPEG)
    assert mislabelled(".exe", Media.PDF)
    assert not mislabelled(".JPG", Media.JPEG)
    assert not mislabelled("", Media.PDF)


def test_text_is_read_in_the_encodings_hospitals_write() -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert text_of("血肌酐 168μmol/L".encode(encoding)) == "血肌酐 168μmol/L"


def test_every_reason_has_one_sentence_that_says_what_to_do() -> None:
    assert set(SENTENCES) == set(Reason)
    for sentence in SENTENCES.values():
        assert sentence.endswith(".") and sentence.count(". ") == 0
        assert ";" in sentence
