"""What must be blacked out of a page besides found identifiers: seals, signatures, and all ink that nobody read. Pure
over pixels; what cannot be read cannot be judged, so it is not shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Box, Image, OcrLine

UNSURE: Final = 0.80  # print is read at .95 and more; below this it may be a name in handwriting
ROOM: Final = 0.40  # text that fills less of its box than this is not what stands there
_SIGNED: Final = re.compile(
    r"(?:签名|签字|签章|盖章|手印|指印|指纹|画押|捺印|签署|亲笔|Signature)[者人处]?[^\u4e00-\u9fff]{0,3}$"
)
_STAMP_SIDE: Final = (0.02, 0.45)  # of the page's shorter side: a name chop to an office seal
_STAMP_LONG: Final = 4.0
_RULE: Final = 12  # a stroke longer than a twelfth of the page is a ruling, not writing
_GRAIN: Final = 0.12  # a spot smaller than that share of a line's height, squared, is the scanner's
_SPECK: Final = 0.12  # of a line's height squared: less ink than that is dust

Mask = NDArray[np.uint8]


def text_width(text: str) -> int:
    """In half characters: wide ones count two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def line_height(pieces: Sequence[OcrLine]) -> int:
    """The usual height of a line in pixels."""
    heights = [piece.box[3] - piece.box[1] for piece in pieces]
    return max(12, int(np.median(heights))) if heights else 40


def stamps(image: Image, height: int) -> Iterator[Box]:
    """Red seals and chops of any shape: red ink that holds together and is no line of print."""
    blue, green, red = cv2.split(image)
    reddish = (red.astype(np.int16) - cv2.max(blue, green).astype(np.int16) > 40).astype(np.uint8)
    if cv2.countNonZero(reddish) < 0.0001 * reddish.size:
        return
    gap = max(3, height // 2)
    closed = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    least, most = (share * min(reddish.shape) for share in _STAMP_SIDE)
    for x, y, width, tall, _ in _components(closed):
        short, long = sorted((width, tall))
        if short >= max(least, 1.3 * height) and long <= most and long <= _STAMP_LONG * short:
            yield _grown((x, y, x + width, y + tall), height // 4)


def signatures(pieces: Sequence[OcrLine], width: int) -> Iterator[Box]:
    """From a label that asks for a signature to the next piece on its line, or to the edge of the page."""
    for piece in pieces:
        if _SIGNED.search(piece.text.strip()):
            _, y0, x1, y1 = piece.box
            tall = y1 - y0
            beside = [
                other.box[0]
                for other in pieces
                if other.box[0] >= x1 and min(y1, other.box[3]) - max(y0, other.box[1]) > 0.4 * tall
            ]
            reach = min((left for left in beside if left - x1 > tall), default=width)
            yield x1, y0 - tall // 2, reach, y1 + tall // 2


def unsure(pieces: Sequence[OcrLine]) -> Iterator[Box]:
    """Pieces read with little confidence, or as fewer characters than their ink has room for."""
    for piece in pieces:
        x0, y0, x1, y1 = piece.box
        if piece.confidence < UNSURE or text_width(piece.text) * (y1 - y0) < 2 * ROOM * (x1 - x0):
            yield _grown(piece.box, (y1 - y0) // 8)


def unread(image: Image, pieces: Sequence[OcrLine], height: int) -> Iterator[Box]:
    """Ink outside every piece that was read, rulings and dust aside: handwriting, stamps, pictures. Cell by cell, a
    line high, so that a frame is hidden without what it frames."""
    ink = _ink(image, height)
    margin = max(3, int(0.35 * height))
    for piece in pieces:
        x0, y0, x1, y1 = piece.box
        ink[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin] = 0
    reach = max(3, int(0.8 * height))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    for x, y, width, tall, _ in _components(joined):
        part = ink[y : y + tall, x : x + width]
        enough = int(np.count_nonzero(part)) >= _SPECK * height * height
        if enough and min(width, tall) >= 0.2 * height and max(width, tall) >= 0.5 * height:
            for x0, y0, x1, y1 in _cells(part, height):
                yield _grown((x + x0, y + y0, x + x1, y + y1), height // 5)


def _cells(ink: Mask, side: int) -> Iterator[Box]:
    """Runs of neighbouring cells with ink in them, row by row."""
    rows, columns = ink.shape
    for y in range(0, rows, side):
        held = [bool(ink[y : y + side, x : x + side].any()) for x in range(0, columns, side)]
        start = None
        for at, holds in enumerate([*held, False]):
            if holds and start is None:
                start = at
            elif not holds and start is not None:
                yield start * side, y, min(columns, at * side), min(rows, y + side)
                start = None


def _ink(image: Image, height: int) -> Mask:
    """1 where there is ink; grain, long straight rulings and the edge of the scan taken out."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (0, 0), max(0.8, height / 20))
    dark = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 2 * height + 1, 18)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    small = np.flatnonzero(stats[:count, cv2.CC_STAT_AREA] < (_GRAIN * height) ** 2)
    dark[np.isin(labels, small)] = 0
    rows, columns = dark.shape
    for shape in ((1, max(3 * height, columns // _RULE)), (max(3 * height, rows // _RULE), 1)):
        rulings = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        dark[cv2.dilate(rulings, np.ones((5, 5), np.uint8)) > 0] = 0
    edge = max(2, min(rows, columns) // 100)
    dark[:edge], dark[-edge:], dark[:, :edge], dark[:, -edge:] = 0, 0, 0, 0
    return np.asarray(dark, dtype=np.uint8)


def _components(mask: Mask) -> Iterator[tuple[int, int, int, int, int]]:
    count, _, boxes, _ = cv2.connectedComponentsWithStats(mask)
    for box in boxes[1:count]:
        x, y, width, tall, area = (int(value) for value in box)
        yield x, y, width, tall, area


def _grown(box: Box, by: int) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
