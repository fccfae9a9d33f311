"""A file of scanned pages to a PDF/A-2b of blacked-out pages, or to the picture of one: no text layer, nothing of the
original file. The dangerous part runs in the guarded child."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
from pikepdf import pdfa

from deid.api import Known
from ingest import media
from ingest.connectors import pdf
from ingest.decode import decode
from ingest.limits import Limits
from ingest.mask.page import MaskedPage, mask_page
from ingest.media import Media
from ingest.ocr import gates
from ingest.ocr.engine import Image
from ingest.ocr.orientation import TesseractOrientation
from ingest.ocr.read import engine
from ingest.rejects import Reason, Reject
from records.entities import Entity
from records.errors import BadInput
from records.texts import IdentifiedText

QUALITY: Final = 88
_POINTS: Final = 72 / pdf.DPI


def mask_file(data: bytes, suffix: str = "", known: Sequence[Known] = ()) -> tuple[bytes, dict[str, Any]]:
    """The PDF and {"pages": [{"page", "readings", "boxes": [{"box", "entity", "rule"}]}]}; box in pixels at 300 dpi
    of the upright page. Raises BadInput with the reject's code and sentence."""
    from ingest.guard import Guard

    with Guard() as guard:
        answer = guard.ask("mask", data, suffix, known=known_text(known))
    if isinstance(answer, Reason):
        raise BadInput(answer.value, Reject(answer).sentence)
    result: dict[str, Any] = json.loads(answer)
    return base64.b64decode(result.pop("pdf")), result


def masked_text(data: bytes, suffix: str, limits: Limits, known: str = "[]") -> str:
    """`mask_file` in this very process, as text. Raises Reject."""
    pages = list(_masked(_images(data, suffix, limits), known))
    if not pages:
        raise Reject(Reason.NO_TEXT)
    return json.dumps({"pdf": base64.b64encode(pdf_of([page.image for page in pages])).decode(), "pages": _told(pages)})


def masked_page_text(data: bytes, suffix: str, limits: Limits, page: str, known: str = "[]") -> str:
    """One page, counted from 1: {"jpeg" (base64), "boxes"}; its boxes as `mask_file` tells them. Raises Reject."""
    for masked in _masked(islice(_images(data, suffix, limits, int(page)), 1), known):
        return json.dumps({"jpeg": base64.b64encode(_packed(masked.image)).decode(), **_told([masked])[0]})
    raise Reject(Reason.NO_TEXT)


def pieces_text(data: bytes, suffix: str, limits: Limits) -> str:
    """What can be read on a picture as it stands: [{"text", "confidence", "box"}]. Raises Reject."""
    picture = next(_images(data, suffix, limits))
    pieces = engine().recognise(gates.without_pepper(picture))
    return json.dumps([{"text": one.text, "confidence": one.confidence, "box": list(one.box)} for one in pieces])


def known_text(known: Sequence[Known]) -> str:
    """Known identifiers as a guarded child takes them."""
    return json.dumps([{"entity": item.entity.value, "value": item.value.reveal()} for item in known])


def _masked(images: Iterator[Image], known: str) -> Iterator[MaskedPage]:
    people = tuple(Known(Entity(item["entity"]), IdentifiedText(item["value"])) for item in json.loads(known))
    for image in images:
        yield mask_page(image, engine(), TesseractOrientation(), people)


def pdf_of(images: Sequence[Image]) -> bytes:
    """PDF/A-2b, a picture a page. Raises RuntimeError if what was written does not validate."""
    document = pikepdf.new()
    for image in images:
        _add_page(document, image)
    document.docinfo["/Title"] = "Lantai blacked-out pages"
    out = io.BytesIO()
    report = pdfa.save(document, out, "2b")
    if not report.passed:
        raise RuntimeError("the page could not be written as PDF/A-2b")
    return out.getvalue()


def _images(data: bytes, suffix: str, limits: Limits, first: int = 1) -> Iterator[Image]:
    kind = media.recognise(data)
    if kind is Media.PDF:
        yield from pdf.pictures(data, limits, first)
        return
    if kind not in media.IMAGES:
        raise Reject(Reason.NOT_A_PICTURE)
    for page in islice(decode(data, suffix, limits).pages, first - 1, None):
        assert isinstance(page, np.ndarray)
        yield page


def _packed(image: Image) -> bytes:
    done, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise RuntimeError("the page could not be packed")
    return packed.tobytes()


def _add_page(document: pikepdf.Pdf, image: Image) -> None:
    rows, columns = image.shape[:2]
    width, height = columns * _POINTS, rows * _POINTS
    page = document.add_blank_page(page_size=(width, height))
    picture = pikepdf.Stream(document, _packed(image))
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=columns,
        Height=rows,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    name = page.add_resource(picture, pikepdf.Name.XObject)
    page.contents_add(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm {name} Do Q".encode())


def _told(pages: Sequence[MaskedPage]) -> list[dict[str, Any]]:
    return [
        {
            "page": number,
            "readings": page.readings,
            "boxes": [{"box": list(area.box), "entity": area.entity, "rule": area.rule} for area in page.areas],
        }
        for number, page in enumerate(pages, start=1)
    ]
