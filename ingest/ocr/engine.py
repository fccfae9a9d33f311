"""What an OCR engine is: an upright image in, lines with confidence and box out. Never writes the image anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # height x width x 3, BGR
Box = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels of the image, half-open


@dataclass(frozen=True, slots=True)
class OcrLine:
    """One recognised piece of text; `confidence` 0-1. Its repr hides the text: a page names people."""

    text: str
    confidence: float
    box: Box

    def __repr__(self) -> str:
        return f"OcrLine(<{len(self.text)} characters>, {self.confidence:.3f}, {self.box})"


class OcrEngine(Protocol):
    """Two engines keep this: rapid.py and tesseract.py."""

    name: str

    def available(self) -> bool:
        """Whether the engine and its models are installed here."""

    def version(self) -> str:
        """Name and version of engine and models, as kept with each transcript."""

    def recognise(self, image: Image) -> tuple[OcrLine, ...]:
        """The lines of an upright page, in no promised order. Raises Unavailable when the engine is not there."""
