"""PDF pages by pypdfium2: their own text where it is usable, else a picture at 300 dpi to be recognised."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import numpy as np

from ingest.limits import Limits
from ingest.ocr.engine import Image, OcrLine
from ingest.ocr.layout import reading_order
from ingest.rejects import Reason, Reject
from ingest.transcript import Line, Page, Source
from records.texts import IdentifiedText

T = TypeVar("T")
DPI: Final = 300
MIN_CHARACTERS: Final = 20  # fewer is a stamp or a page number on a scan
MAX_STRANGE: Final = 0.1  # share of characters from broken font maps above which a text layer is not believed
SCAN_SHARE: Final = 0.8  # of the page covered by one picture: a scan, whatever layer lies over it
_TAIL: Final = 2048


def pages(data: bytes, limits: Limits) -> Iterator[Image | Page]:
    """Each page as lines of its own text or as a picture. Raises Reject."""
    return _each(data, limits, _page)


def pictures(data: bytes, limits: Limits, first: int = 1) -> Iterator[Image]:
    """Each page from the `first` on as a picture, whatever text it has. Raises Reject."""
    return _each(data, limits, _as_picture, first)


def _as_picture(page: Any, _: int, limits: Limits, __: Any) -> Image:
    width, height = page.get_size()
    return _picture(page, width, height, limits)


def _each(data: bytes, limits: Limits, take: Callable[[Any, int, Limits, Any], T], first: int = 1) -> Iterator[T]:
    import pypdfium2 as pdfium

    document = _opened(data, pdfium)
    try:
        count = len(document)
        if count == 0:
            raise Reject(Reason.NO_TEXT)
        if count > limits.pages:
            raise Reject(Reason.TOO_MANY_PAGES)
        for index in range(first - 1, count):
            try:
                yield take(document[index], index + 1, limits, pdfium)
            except pdfium.PdfiumError:
                raise Reject(Reason.UNREADABLE) from None
    finally:
        document.close()


def _opened(data: bytes, pdfium: Any) -> Any:
    if b"%%EOF" not in data.rstrip(b"\x00\r\n\t ")[-_TAIL:]:
        raise Reject(Reason.TRUNCATED)
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        encrypted = "password" in str(error).lower() or "security" in str(error).lower()
        raise Reject(Reason.ENCRYPTED if encrypted else Reason.UNREADABLE) from None


def _page(page: Any, number: int, limits: Limits, pdfium: Any) -> Image | Page:
    width, height = page.get_size()
    if not _is_scan(page, width * height, pdfium):
        lines = _text_lines(page, height)
        if _usable(lines):
            return Page(number, Source.PDF, lines, round(width), round(height))
    return _picture(page, width, height, limits)


def _is_scan(page: Any, area: float, pdfium: Any) -> bool:
    for item in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
        if (right - left) * (top - bottom) >= SCAN_SHARE * area:
            return True
    return False


def _text_lines(page: Any, height: float) -> tuple[Line, ...]:
    """The text layer in reading order, with boxes in points from the page's top left corner."""
    text = page.get_textpage()
    pieces: list[OcrLine] = []
    try:
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            words = _clean(text.get_text_bounded(left, bottom, right, top))
            if words:
                box = (round(left * 4), round((height - top) * 4), round(right * 4), round((height - bottom) * 4))
                pieces.append(OcrLine(words, 1.0, box))
    finally:
        text.close()
    return tuple(
        Line(IdentifiedText(line.text), 1.0, tuple(round(side / 4) for side in line.box))  # type: ignore[arg-type]
        for line in reading_order(pieces)
    )


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").replace("\ufffe", "").replace("\u00ad", "").split())


def _usable(lines: tuple[Line, ...]) -> bool:
    text = "".join(line.text.reveal() for line in lines)
    strange = sum(
        1 for character in text if unicodedata.category(character) in ("Co", "Cn", "Cc") or character == "\ufffd"
    )
    return len(text) >= MIN_CHARACTERS and strange <= MAX_STRANGE * len(text)


def _picture(page: Any, width: float, height: float, limits: Limits) -> Image:
    scale = DPI / 72
    pixels = width * height * scale * scale
    if pixels > limits.page_pixels:
        scale *= (limits.page_pixels / pixels) ** 0.5
    if min(width, height) * scale < 16 or max(width, height) * scale > limits.side_pixels:
        raise Reject(Reason.IMAGE_TOO_LARGE)
    bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=False)
    try:
        picture = np.asarray(bitmap.to_numpy())
        colour = picture if picture.ndim == 3 else picture[:, :, None]
        bgr = np.repeat(colour[:, :, :1], 3, axis=2) if colour.shape[2] == 1 else colour[:, :, :3]
        return np.array(bgr, dtype=np.uint8, copy=True, order="C")
    finally:
        bitmap.close()
