"""Why a file is not taken in: one code each, with the sentence a person sees. Never holds a file name or its text."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Codes of the rejects list."""

    EMPTY = "file_empty"
    TRUNCATED = "file_truncated"
    ENCRYPTED = "file_encrypted"
    TOO_LARGE = "file_too_large"
    TOO_MANY_PAGES = "too_many_pages"
    IMAGE_TOO_LARGE = "image_too_large"
    UNREADABLE = "file_unreadable"
    UNSUPPORTED = "file_unsupported"
    NOT_A_RECORD = "not_a_record"
    NO_TEXT = "no_text"
    TOO_SLOW = "reading_too_slow"
    TOO_HUNGRY = "reading_too_hungry"
    CRASHED = "reader_crashed"
    ENGINE_MISSING = "ocr_missing"
    NOT_A_PICTURE = "not_a_picture"
    NOT_CLEAN = "page_not_clean"


SENTENCES: Final[dict[Reason, str]] = {
    Reason.EMPTY: "The file is empty; export or scan it again.",
    Reason.TRUNCATED: "The file stops in the middle; copy or export it again.",
    Reason.ENCRYPTED: "The file is protected by a password; remove it and hand the file in again.",
    Reason.TOO_LARGE: "The file is larger than the limit; split it and hand the parts in.",
    Reason.TOO_MANY_PAGES: "The file has more pages than the limit; split it and hand the parts in.",
    Reason.IMAGE_TOO_LARGE: "A page has more pixels than the limit; scan it again at 300 dpi.",
    Reason.UNREADABLE: "The file is damaged or not what it seems; export or scan it again.",
    Reason.UNSUPPORTED: "This kind of file is not read here; hand it in as PDF, PNG, JPEG, TIFF, FHIR, CDA or text.",
    Reason.NOT_A_RECORD: "The file holds no medical record; check that the right file was handed in.",
    Reason.NO_TEXT: "No text was found on any page; check the scan and hand it in again.",
    Reason.TOO_SLOW: "Reading the file took longer than the limit; split it or scan it again.",
    Reason.TOO_HUNGRY: "Reading the file needed more memory than the limit; split it or scan it again at 300 dpi.",
    Reason.CRASHED: "The file made its reader stop; export or scan it again.",
    Reason.ENGINE_MISSING: "Text recognition is not installed; run `make setup` and ingest again.",
    Reason.NOT_A_PICTURE: "The file holds text and no page to black out; use `lantai deid` for it.",
    Reason.NOT_CLEAN: "Identifiers can still be read after five passes; black the page out by hand.",
}


class Reject(Exception):
    """Raised while a file is read. `reason` is all it says."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def sentence(self) -> str:
        """What a person is told."""
        return SENTENCES[self.reason]
