"""Where on the page found spans stand: the text of all pieces with a way back to their boxes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.mask.areas import text_width
from ingest.ocr.engine import Box, OcrLine
from ingest.ocr.layout import CELL_GAP, rows


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and where its text begins in the page's text. repr hides the text."""

    piece: OcrLine
    start: int


def page_text(pieces: Sequence[OcrLine]) -> tuple[str, tuple[Placed, ...]]:
    """The page row by row, cells two spaces apart, and where each piece went."""
    parts: list[str] = []
    placed: list[Placed] = []
    length = 0
    for row in rows(pieces) if pieces else []:
        for number, piece in enumerate(row):
            if number:
                parts.append(CELL_GAP)
                length += len(CELL_GAP)
            placed.append(Placed(piece, length))
            parts.append(piece.text)
            length += len(piece.text)
        parts.append("\n")
        length += 1
    return "".join(parts), tuple(placed)


def boxes_of(start: int, end: int, placed: Sequence[Placed]) -> Iterator[Box]:
    """The part of each piece that a span [start, end) of the page's text covers, a character wider on either side."""
    for item in placed:
        text = item.piece.text
        first, last = max(start - item.start, 0), min(end - item.start, len(text))
        if first < last:
            yield _part(item.piece.box, text, first, last)


def _part(box: Box, text: str, first: int, last: int) -> Box:
    """By the share of widths: wide characters count two, narrow ones one."""
    x0, y0, x1, y1 = box
    unit = (x1 - x0) / max(1, text_width(text))
    left = x0 if first == 0 else x0 + (text_width(text[:first]) - 1.2) * unit
    right = x1 if last == len(text) else x0 + (text_width(text[:last]) + 1.2) * unit
    tall = y1 - y0
    pad = max(2, tall // 8)
    return (
        int(left) - (pad if first == 0 else 0),
        y0 - pad,
        int(right + 0.5) + (pad if last == len(text) else 0),
        y1 + pad,
    )
