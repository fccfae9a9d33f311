"""Which way up a page is, by Tesseract's orientation detection where it is installed. Temp files in tmpfs only."""

from __future__ import annotations

from typing import Final, Protocol

import cv2
import numpy as np

from ingest.ocr.engine import Image
from ingest.ocr.tesseract import tesseract_present

_SIDE: Final = 1754  # A4 at 150 dpi: 1.1 s instead of 2 at 300, with confidence to spare
_SURE: Final = 2.0


class OrientationHint(Protocol):
    """Tells the turn of a page, or None when it cannot."""

    def turn(self, image: Image) -> int | None:
        """Degrees clockwise (0, 90, 180, 270) that put the page upright; None for no opinion."""


class TesseractOrientation:
    """`tesseract --psm 0` on a copy of half the size."""

    def turn(self, image: Image) -> int | None:
        """None when Tesseract is missing, unsure or fails on the page."""
        if not tesseract_present():
            return None
        import pytesseract

        scale = min(1.0, _SIDE / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        try:
            told = pytesseract.image_to_osd(
                np.asarray(small), config="--dpi 150", output_type=pytesseract.Output.DICT, timeout=30
            )
        except (pytesseract.TesseractError, RuntimeError, OSError):
            return None
        return int(told["rotate"]) if float(told["orientation_conf"]) >= _SURE else None


class NoHint:
    """For tests and machines without Tesseract."""

    def turn(self, image: Image) -> int | None:  # noqa: ARG002
        """Never has an opinion."""
        return None
