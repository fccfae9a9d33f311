"""What a file really is, by its content; its name is only compared with that. Reads nothing but the bytes given."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from ingest.rejects import Reason, Reject


class Media(StrEnum):
    """The kinds of file that are read here."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    FHIR = "application/fhir+json"
    CDA = "application/hl7-cda+xml"
    TEXT = "text/plain"


IMAGES: Final = frozenset({Media.PNG, Media.JPEG, Media.TIFF})
_SUFFIXES: Final[dict[str, frozenset[Media]]] = {
    ".pdf": frozenset({Media.PDF}),
    ".png": frozenset({Media.PNG}),
    ".jpg": frozenset({Media.JPEG}),
    ".jpeg": frozenset({Media.JPEG}),
    ".tif": frozenset({Media.TIFF}),
    ".tiff": frozenset({Media.TIFF}),
    ".json": frozenset({Media.FHIR}),
    ".xml": frozenset({Media.CDA}),
    ".txt": frozenset({Media.TEXT}),
}
_MAGIC: Final[tuple[tuple[bytes, Media], ...]] = (
    (b"\x89PNG\r\n\x1a\n", Media.PNG),
    (b"\xff\xd8\xff", Media.JPEG),
    (b"II*\x00", Media.TIFF),
    (b"MM\x00*", Media.TIFF),
)
_FOREIGN: Final = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"GIF8",
    b"BM",
    b"{\\rtf",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def recognise(data: bytes) -> Media:
    """The media type of the content. Raises Reject(EMPTY or UNSUPPORTED)."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Reject(Reason.EMPTY)
    for magic, media in _MAGIC:
        if data.startswith(magic):
            return media
    if b"%PDF-" in data[:1024]:
        return Media.PDF
    if data.startswith(_FOREIGN) or (data[:4] == b"RIFF") or data[128:132] == b"DICM":
        raise Reject(Reason.UNSUPPORTED)
    return _textual(data)


def sniffed(data: bytes) -> str:
    """The media type for showing a file to a person; "application/octet-stream" for what is not read here."""
    try:
        return recognise(data).value
    except Reject:
        return "application/octet-stream"


def _textual(data: bytes) -> Media:
    head = text_of(data).lstrip()[:4096]
    if head.startswith(("{", "[")):
        return Media.FHIR
    if head.startswith("<"):
        if "ClinicalDocument" in head:
            return Media.CDA
        raise Reject(Reason.UNSUPPORTED)
    return Media.TEXT


def text_of(data: bytes) -> str:
    """The bytes as text: UTF-8 (with or without mark), UTF-16 with a mark, else GB18030. Raises Reject(UNSUPPORTED)."""
    encodings = ["utf-8-sig", "gb18030"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise Reject(Reason.UNSUPPORTED)


def mislabelled(suffix: str, media: Media) -> bool:
    """Whether a file name's suffix (".pdf") promises something else than the content is. No suffix promises nothing."""
    expected = _SUFFIXES.get(suffix.lower())
    return bool(suffix) and (expected is None or media not in expected)
