"""One page blacked out (遮盖): read, judge, paint, and read again until nothing is found. Raises rather than return a
page on which something is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from deid.api import Deidentifier, Known
from deid.spans import Span
from ingest.mask import areas
from ingest.mask.boxes import boxes_of, page_text
from ingest.ocr import gates
from ingest.ocr.engine import Box, Image, OcrEngine, OcrLine
from ingest.ocr.orientation import OrientationHint
from ingest.ocr.page import upright
from ingest.rejects import Reason, Reject
from records.entities import Entity
from records.slots import Slot, SlotKind
from records.texts import IdentifiedText

ROUNDS: Final = 5
_MIN_VALUE: Final = 2
_ENTITIES: Final = frozenset(entity.value for entity in Entity)
_SLOT: Final = str(Slot(SlotKind.PATIENT, 1))

Judge = Callable[[str], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Area:
    """One black box, in pixels of the upright page; `entity` is an identifier's kind, or seal, signature, unsure,
    unread."""

    box: Box
    entity: str
    rule: str


@dataclass(frozen=True, slots=True)
class MaskedPage:
    """The upright page with its boxes painted, what they hide, and after how many readings nothing was left."""

    image: Image
    areas: tuple[Area, ...]
    readings: int


def mask_page(image: Image, engine: OcrEngine, hint: OrientationHint, known: Sequence[Known] = ()) -> MaskedPage:
    """Raises Reject(NOT_CLEAN) when identifiers can still be read after ROUNDS."""
    rules = Deidentifier.load()

    def judge(text: str) -> Sequence[Span]:
        return rules.spans(IdentifiedText(text), known)

    stood = upright(image, engine, hint)
    page = gates.tilted(gates.turned(image, stood.turned), stood.skew).copy()
    pieces: Sequence[OcrLine] = stood.pieces
    height = areas.line_height(pieces)
    found = [*_around(page, pieces, height), *_identifiers(pieces, judge)]
    hidden = _values(pieces, judge)
    done: list[Area] = []
    for reading in range(1, ROUNDS + 1):
        _paint(page, found)
        done += found
        pieces = engine.recognise(gates.without_pepper(page))
        found = [*_identifiers([*pieces, *_stand_ins(done)], judge), *_again(pieces, hidden)]
        if not found:
            return MaskedPage(page, tuple(done), reading)
    raise Reject(Reason.NOT_CLEAN)


def still_read(pieces: Sequence[OcrLine], done: Sequence[Area], judge: Judge) -> tuple[tuple[Span, str], ...]:
    """What a judge finds in a blacked-out page that was read again, and its words; a slot stands in for what is
    hidden."""
    text, _ = page_text([*pieces, *_stand_ins(done)])
    return tuple((span, text[span.start : span.end]) for span in judge(text))


def _around(page: Image, pieces: Sequence[OcrLine], height: int) -> Iterator[Area]:
    """What is hidden whatever it says."""
    yield from (Area(box, "seal", "red ink") for box in areas.stamps(page, height))
    yield from (Area(box, "signature", "beside its label") for box in areas.signatures(pieces, page.shape[1]))
    yield from (Area(box, "unsure", "read with little confidence") for box in areas.unsure(pieces))
    yield from (Area(box, "unread", "ink that was not read") for box in areas.unread(page, pieces, height))


def _identifiers(pieces: Sequence[OcrLine], judge: Judge) -> Iterator[Area]:
    text, placed = page_text(pieces)
    placed = tuple(item for item in placed if item.piece.text != _SLOT)  # what is hidden stays so
    for span in judge(text):
        for box in boxes_of(span.start, span.end, placed):
            yield Area(box, span.entity.value, span.rule)


def _stand_ins(done: Sequence[Area]) -> Iterator[OcrLine]:
    """A slot where an identifier was hidden, so that a label does not take the next cell for its value."""
    for area in done:
        if area.entity in _ENTITIES:
            yield OcrLine(_SLOT, 1.0, area.box)


def _values(pieces: Sequence[OcrLine], judge: Judge) -> frozenset[str]:
    """What was hidden in the first reading, without white space."""
    text, _ = page_text(pieces)
    return frozenset(
        value for span in judge(text) if len(value := "".join(text[span.start : span.end].split())) >= _MIN_VALUE
    )


def _again(pieces: Sequence[OcrLine], hidden: frozenset[str]) -> Iterator[Area]:
    """Pieces in which a hidden value can be read once more, wherever: the whole piece goes."""
    for piece in pieces:
        squeezed = "".join(piece.text.split())
        if any(value in squeezed for value in hidden if len(value) > _MIN_VALUE or value == squeezed):
            yield Area(piece.box, "again", "a hidden value read again")


def _paint(page: Image, found: Sequence[Area]) -> None:
    rows, columns = page.shape[:2]
    for area in found:
        x0, y0, x1, y1 = area.box
        page[max(0, y0) : min(rows, max(0, y1)), max(0, x0) : min(columns, max(0, x1))] = np.uint8(0)
