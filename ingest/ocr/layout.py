"""Reading order: pieces of text into rows, cells of a row from left to right, two columns of prose in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ingest.ocr.engine import Box, OcrLine

CELL_GAP: Final = "  "  # between cells of a row, so that fields and table cells stay apart


def reading_order(lines: Sequence[OcrLine]) -> tuple[OcrLine, ...]:
    """Rows from top to bottom; the cells of a row joined, confidence weighted by length, box around all."""
    if not lines:
        return ()
    columns = _columns(lines)
    return tuple(_joined(row) for column in columns for row in rows(column))


def rows(lines: Sequence[OcrLine]) -> list[list[OcrLine]]:
    """Pieces that stand on one line of the page, each row sorted from left to right."""
    found: list[list[OcrLine]] = []
    for line in sorted(lines, key=lambda item: (_middle(item.box), item.box[0])):
        row = next((row for row in reversed(found[-4:]) if _same_row(row, line)), None)
        if row is None:
            found.append([line])
        else:
            row.append(line)
    for row in found:
        row.sort(key=lambda item: item.box[0])
    return sorted(found, key=lambda row: sum(_middle(item.box) for item in row) / len(row))


def _same_row(row: Sequence[OcrLine], line: OcrLine) -> bool:
    """The nearest neighbour in the row decides, so a slightly slanting row still holds together."""
    nearest = min(row, key=lambda item: abs(item.box[0] - line.box[0]))
    height = min(_height(nearest.box), _height(line.box))
    if abs(_middle(nearest.box) - _middle(line.box)) > 0.5 * height:
        return False
    overlap = min(nearest.box[2], line.box[2]) - max(nearest.box[0], line.box[0])
    return overlap < 0.5 * min(nearest.box[2] - nearest.box[0], line.box[2] - line.box[0])


def _columns(lines: Sequence[OcrLine]) -> list[Sequence[OcrLine]]:
    """One group, or head + left + right + foot when prose stands in two columns with an empty gutter between."""
    left = min(line.box[0] for line in lines)
    right = max(line.box[2] for line in lines)
    width = right - left
    middle = (left + right) / 2
    gutter = (middle - 0.04 * width, middle + 0.04 * width)
    crossing = [line for line in lines if line.box[0] < gutter[0] and line.box[2] > gutter[1]]
    body_left = [line for line in lines if line.box[2] <= gutter[1]]
    body_right = [line for line in lines if line.box[0] >= gutter[0]]
    if min(_prose(body_left, width), _prose(body_right, width)) < 8:
        return [lines]
    top = min(line.box[1] for line in (*body_left, *body_right))
    bottom = max(line.box[3] for line in (*body_left, *body_right))
    head = [line for line in crossing if _middle(line.box) < top + 1]
    foot = [line for line in crossing if _middle(line.box) > bottom - 1]
    if len(head) + len(foot) < len(crossing):
        return [lines]
    return [group for group in (head, body_left, body_right, foot) if group]


def _prose(lines: Sequence[OcrLine], page_width: float) -> int:
    return sum(1 for line in lines if line.box[2] - line.box[0] > 0.36 * page_width)


def _joined(row: Sequence[OcrLine]) -> OcrLine:
    if len(row) == 1:
        return row[0]
    weight = sum(len(item.text) for item in row)
    confidence = sum(item.confidence * len(item.text) for item in row) / max(1, weight)
    return OcrLine(CELL_GAP.join(item.text for item in row), confidence, union([item.box for item in row]))


def union(boxes: Sequence[Box]) -> Box:
    """The box around all boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _height(box: Box) -> int:
    return box[3] - box[1]
