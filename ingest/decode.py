"""From a file's bytes to pages: pictures to be recognised or lines of text. Runs in a guarded child, never elsewhere:
the libraries below have been made to crash by hostile files."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from ingest import media
from ingest.connectors import cda, fhir, pdf
from ingest.description import Facts
from ingest.limits import Limits
from ingest.media import Media
from ingest.ocr.engine import Image
from ingest.rejects import Reason, Reject
from ingest.transcript import Page, plain_page

MIN_SIDE: Final = 16
NOTE_MISLABELLED: Final = "mislabelled"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`pages` yields pictures (to recognise) and finished Pages (to keep), in order, one picture at a time."""

    media: Media
    pages: Iterator[Image | Page]
    notes: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)


def decode(data: bytes, suffix: str, limits: Limits) -> Decoded:
    """What the file holds. Raises Reject, also later while `pages` is walked."""
    if len(data) > limits.file_bytes:
        raise Reject(Reason.TOO_LARGE)
    kind = media.recognise(data)
    notes = (NOTE_MISLABELLED,) if media.mislabelled(suffix, kind) else ()
    if kind in (Media.FHIR, Media.CDA):
        reader: Callable[[bytes], tuple[Page, Facts]] = fhir.read if kind is Media.FHIR else cda.read
        page, facts = reader(data)
        return Decoded(kind, iter([page]), notes, facts)
    if kind is Media.TEXT:
        return Decoded(kind, iter([_text_page(data, limits)]), notes)
    if kind is Media.PDF:
        return Decoded(kind, pdf.pages(data, limits), notes)
    return Decoded(kind, _pictures(data, kind, limits), notes)


def _text_page(data: bytes, limits: Limits) -> Page:
    text = media.text_of(data)
    if len(text) > limits.text_characters:
        raise Reject(Reason.TOO_LARGE)
    return plain_page(1, text.splitlines())


def _pictures(data: bytes, kind: Media, limits: Limits) -> Iterator[Image]:
    if kind is Media.JPEG and not _jpeg_ends(data):
        raise Reject(Reason.TRUNCATED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of bombs; the limits below decide before a pixel is decoded
        picture = _opened(data)
        frames = int(getattr(picture, "n_frames", 1))
        if frames > limits.pages:
            raise Reject(Reason.TOO_MANY_PAGES)
        for index in range(frames):
            yield _frame(picture, index, limits)


def _opened(data: bytes) -> Any:
    Pillow.MAX_IMAGE_PIXELS = None
    try:
        return Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Reject(Reason.UNREADABLE) from None


def _frame(picture: Any, index: int, limits: Limits) -> Image:
    """One frame as BGR on white paper."""
    try:
        picture.seek(index)
        width, height = picture.size
        if width * height > limits.page_pixels or max(width, height) > limits.side_pixels:
            raise Reject(Reason.IMAGE_TOO_LARGE)
        if min(width, height) < MIN_SIDE:
            raise Reject(Reason.NO_TEXT)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return np.ascontiguousarray(np.asarray(on_white(upright), dtype=np.uint8)[:, :, ::-1])
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        cut = "truncated" in str(error).lower() or isinstance(error, EOFError)
        raise Reject(Reason.TRUNCATED if cut else Reason.UNREADABLE) from None


def on_white(picture: Any) -> Any:
    """RGB, transparent parts white, 16-bit grey scaled down."""
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float64)
        top = max(1.0, float(values.max()))
        return Pillow.fromarray((values * (255.0 / top)).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Pillow.new("RGBA", layer.size, (255, 255, 255, 255))
        return Pillow.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _jpeg_ends(data: bytes) -> bool:
    """Whether an end marker follows the picture's own data; one inside an embedded thumbnail does not count."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) >= 0
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False
