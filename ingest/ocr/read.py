"""A file to its transcript: decode, recognise, transcribe. `ocr_file` is what `lantai ocr` prints; it leaves the
dangerous part to a guarded child."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ingest.decode import Decoded, decode
from ingest.limits import Limits
from ingest.ocr.engine import OcrEngine
from ingest.ocr.orientation import TesseractOrientation
from ingest.ocr.page import read_page
from ingest.ocr.rapid import RapidEngine
from ingest.ocr.tesseract import TesseractEngine
from ingest.rejects import Reason, Reject
from ingest.transcript import Page, Transcript, recognised_page
from records.errors import BadInput


@cache
def engine() -> OcrEngine:
    """RapidOCR, else Tesseract, loaded once a process. Raises Reject(ENGINE_MISSING) when neither is there."""
    for candidate in (RapidEngine(), TesseractEngine()):
        if candidate.available():
            return candidate
    raise Reject(Reason.ENGINE_MISSING)


def transcribe(decoded: Decoded) -> Transcript:
    """All pages as text. Raises Reject, NO_TEXT if nothing was found on any."""
    pages: list[Page] = []
    used = ""
    for number, page in enumerate(decoded.pages, start=1):
        if isinstance(page, Page):
            pages.append(page)
            continue
        reader = engine()
        used = reader.version()
        pages.append(recognised_page(number, read_page(page, reader, TesseractOrientation())))
    transcript = Transcript(decoded.media.value, tuple(pages), used, decoded.notes)
    if not transcript.characters():
        raise Reject(Reason.NO_TEXT)
    return transcript


def read_here(data: bytes, suffix: str = "", limits: Limits | None = None) -> Transcript:
    """Decode and read in this very process: for the guarded child and for tests."""
    return transcribe(decode(data, suffix, limits or Limits()))


def ocr_file(data: bytes, suffix: str = "") -> dict[str, Any]:
    """{"pages": [{"page", "text", "confidence", "lines": [{"text", "confidence", "box"}], "needs_review"}]}.

    Raises BadInput with the reject's code and sentence.
    """
    from ingest.guard import Guard

    with Guard() as guard:
        answer = guard.ask("ocr", data, suffix)
    if isinstance(answer, Reason):
        raise BadInput(answer.value, Reject(answer).sentence)
    result: dict[str, Any] = json.loads(answer)
    return result
