"""A record's text as it was read: pages of lines with confidence, box and source. It names people: repr hides it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ingest.ocr.engine import Box
from ingest.ocr.page import PageReading
from records.texts import IdentifiedText


class Source(StrEnum):
    """Where a page's text came from."""

    OCR = "ocr"
    PDF = "pdf text"
    FHIR = "fhir"
    CDA = "cda"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """`confidence` 0-1 (1 for text that was never a picture); `box` in pixels or points, None without layout."""

    text: IdentifiedText
    confidence: float = 1.0
    box: Box | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `number` from 1, `turned` degrees clockwise before reading, `reasons` what a person should look at."""

    number: int
    source: Source
    lines: tuple[Line, ...]
    width: int = 0
    height: int = 0
    turned: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """Mean over characters."""
        characters = sum(len(line.text) for line in self.lines)
        return sum(line.confidence * len(line.text) for line in self.lines) / characters if characters else 0.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """All pages, the media type they came from, and the engine that read the pictures ("" if none)."""

    media: str
    pages: tuple[Page, ...]
    engine: str = ""
    notes: tuple[str, ...] = ()

    def text(self) -> IdentifiedText:
        """All lines, joined by newlines."""
        return IdentifiedText("\n".join(line.text.reveal() for page in self.pages for line in page.lines))

    def characters(self) -> int:
        """Non-blank characters on all pages."""
        return len("".join(self.text().reveal().split()))

    def to_json(self) -> dict[str, Any]:
        """For the vault: holds identified text in the clear."""
        return {
            "media": self.media,
            "engine": self.engine,
            "notes": list(self.notes),
            "text": self.text().reveal(),
            "pages": [_page_json(page) for page in self.pages],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Transcript:
        """The inverse of to_json; raises KeyError, TypeError or ValueError on anything else."""
        pages = tuple(
            Page(
                int(page["page"]),
                Source(page["source"]),
                tuple(
                    Line(
                        IdentifiedText(str(line["text"])),
                        float(line["confidence"]),
                        None if line["box"] is None else _box(line["box"]),
                        tuple(str(doubt) for doubt in line["doubts"]),
                    )
                    for line in page["lines"]
                ),
                int(page["width"]),
                int(page["height"]),
                int(page["turned"]),
                tuple(str(reason) for reason in page["reasons"]),
            )
            for page in value["pages"]
        )
        return cls(str(value["media"]), pages, str(value["engine"]), tuple(str(note) for note in value["notes"]))


def _box(value: Any) -> Box:
    x0, y0, x1, y1 = (int(side) for side in value)
    return x0, y0, x1, y1


def _page_json(page: Page) -> dict[str, Any]:
    return {
        "page": page.number,
        "source": page.source.value,
        "width": page.width,
        "height": page.height,
        "turned": page.turned,
        "reasons": list(page.reasons),
        "lines": [
            {
                "text": line.text.reveal(),
                "confidence": round(line.confidence, 4),
                "box": None if line.box is None else list(line.box),
                "doubts": list(line.doubts),
            }
            for line in page.lines
        ],
    }


def plain_page(number: int, lines: Iterable[str], source: Source = Source.TEXT) -> Page:
    """A page of text that has no layout; blank lines are dropped."""
    return Page(number, source, tuple(Line(IdentifiedText(line.rstrip())) for line in lines if line.strip()))


def recognised_page(number: int, reading: PageReading) -> Page:
    """A page read by an OCR engine."""
    lines = tuple(
        Line(IdentifiedText(item.line.text), item.line.confidence, item.line.box, item.doubts) for item in reading.lines
    )
    return Page(number, Source.OCR, lines, reading.width, reading.height, reading.turned, reading.reasons)


def ocr_json(transcript: Transcript) -> dict[str, Any]:
    """What `lantai ocr` prints: pages with text, confidence, lines and whether a person should look."""
    return {
        "pages": [
            {
                "page": page.number,
                "text": "\n".join(line.text.reveal() for line in page.lines),
                "confidence": round(page.confidence, 4),
                "lines": [
                    {
                        "text": line.text.reveal(),
                        "confidence": round(line.confidence, 4),
                        "box": list(line.box or (0, 0, 0, 0)),
                        "needs_review": bool(line.doubts),
                    }
                    for line in page.lines
                ],
                "needs_review": bool(page.reasons),
                "reasons": list(page.reasons),
                "source": page.source.value,
            }
            for page in transcript.pages
        ]
    }
