"""From physical lines to paragraphs: page furniture dropped, lines that were wrapped at the margin joined again, so
that words, names and numbers broken by the paper's edge are whole for the readers that follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from ingest import vocabulary
from ingest.transcript import Line, Page, Source, Transcript
from ingest.vocabulary import squeezed

_PAGE_NUMBER: Final = re.compile(
    r"^[-—\s]*第?\s*\d{1,3}\s*(?:页|/)\s*(?:共?\s*\d{1,3}\s*页?)?[-—\s]*$|^[-—]\s*\d{1,3}\s*[-—]$"
)
_EDGE: Final = 0.12  # share of the page's height where running heads and feet stand
_FULL_LINE: Final = 0.93  # of the text block's width: a line this long was wrapped
_NEW_START: Final = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|\d{1,2}[、.．)）](?!\d)|[【\[■●◆★※]|(?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2})"
)
_LABEL_END: Final = re.compile(r"[\u4e00-\u9fff）)][:：]\s*$")  # the value stands on the next line
_LISTED: Final = re.compile(r"^\s*\d{1,2}[、.．)）](?!\d)")
_WORD_EDGE: Final = re.compile(r"[A-Za-z]$")


def paragraphs(transcript: Transcript) -> list[str]:
    """Text lines in reading order, wrapped ones joined."""
    running = _running_lines(transcript.pages)
    found: list[str] = []
    open_end = False  # whether the last paragraph was cut by the margin or the page's end
    for page in transcript.pages:
        lines = [line for line in page.lines if not _is_furniture(line, page, running)]
        block = _block(lines) if page.source in (Source.OCR, Source.PDF) else None
        for line in lines:
            text = line.text.reveal()
            if found and _goes_on(found[-1], text, open_end):
                found[-1] = _joined(found[-1], text)
            else:
                found.append(text)
            open_end = _was_wrapped(line, block)
    return found


def _goes_on(before: str, text: str, open_end: bool) -> bool:
    """Whether a line continues the paragraph before it: cut by the margin, or the value of the label that ended it."""
    if _labelled(text) or _LISTED.match(text):
        return False
    return bool(_LABEL_END.search(before)) or (open_end and not _NEW_START.match(text))


def _block(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Left and right edge of the text block, None for pages with too little text to tell."""
    boxes = [line.box for line in lines if line.box is not None]
    if len(boxes) < 3:
        return None
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def _was_wrapped(line: Line, block: tuple[int, int] | None) -> bool:
    """Whether the line goes on in the next: it ends at the margin. A row of cells has to be one of labelled fields."""
    if block is None or line.box is None or len(line.text) < 12:
        return False
    left, right = block
    text = line.text.reveal().strip()
    if "  " in text and not re.search(r"[:：][^:：]{6,}$", text):
        return False
    return line.box[2] - left >= _FULL_LINE * (right - left)


def _labelled(text: str) -> bool:
    """Whether a line opens with a known label or heading of its own."""
    return _opening().match(text) is not None


@cache
def _opening() -> re.Pattern[str]:
    names = sorted({*vocabulary.headings(), *(label for label, _ in vocabulary.labels())}, key=len, reverse=True)
    spaced = "|".join(r"[ \u3000]*".join(map(re.escape, name)) for name in names)
    return re.compile(rf"^\s*(?:{spaced})(?:\s*[:：﹕]|\s{{2,}}|\s*$)")


def _joined(first: str, second: str) -> str:
    second = second.lstrip()
    between = " " if _WORD_EDGE.search(first) and re.match(r"[A-Za-z]{2}", second) else ""
    return first.rstrip() + between + second


def _running_lines(pages: Sequence[Page]) -> frozenset[str]:
    """Squeezed texts that stand at the top or foot of at least two pages."""
    if len(pages) < 2:
        return frozenset()
    counts = Counter(
        text for page in pages for text in {squeezed(line.text.reveal()) for line in page.lines if _at_edge(line, page)}
    )
    return frozenset(text for text, count in counts.items() if count >= 2 and text)


def _at_edge(line: Line, page: Page) -> bool:
    if line.box is None or not page.height:
        return False
    return line.box[3] < _EDGE * page.height or line.box[1] > (1 - _EDGE / 2) * page.height


def _is_furniture(line: Line, page: Page, running: frozenset[str]) -> bool:
    """Page numbers anywhere; running heads and feet from the second page on (the first has title and fields)."""
    text = line.text.reveal()
    if _PAGE_NUMBER.match(text):
        return True
    return page.number > 1 and _at_edge(line, page) and squeezed(text) in running
