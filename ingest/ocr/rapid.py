"""RapidOCR on onnxruntime with the models in its wheel: text found on a small copy, read from the full page.
Never downloads anything."""

from __future__ import annotations

import importlib.util
from importlib.metadata import version as installed_version
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Box, Image, OcrLine
from records.errors import Unavailable

DETECT_SIDE: Final = 1280  # finding needs no more; 2000 costs three times as much and finds the same lines
MIN_CONFIDENCE: Final = 0.30
_PARAMS: Final[dict[str, Any]] = {
    "Global.use_cls": False,  # the direction model flips short cells: "U/L" -> "T/n", 9 -> 6
    "Global.log_level": "critical",
    "Global.text_score": 0.0,
    "Global.max_side_len": DETECT_SIDE,
    "Rec.rec_batch_num": 1,  # no padding to the widest of a batch: half the time on a page of prose
    "Rec.rec_img_shape": [3, 48, 96],  # nor to 320 columns: half the time on a table of short cells
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class RapidEngine:
    """PP-OCRv6 small, both models. About 4 CPU seconds a page and 0.7 GB."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._engine: Any = None

    def available(self) -> bool:
        """Whether the package is installed; its models are part of it."""
        return importlib.util.find_spec("rapidocr") is not None and importlib.util.find_spec("onnxruntime") is not None

    def version(self) -> str:
        """Package version and model family."""
        return f"rapidocr {installed_version('rapidocr')} PP-OCRv6-small"

    def find(self, image: Image) -> list[NDArray[np.float32]]:
        """Quadrilaterals (4 x 2: left top, right top, right bottom, left bottom) of text, in pixels of `image`."""
        found = self._loaded()(image, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return [] if boxes is None else [np.asarray(box, dtype=np.float32) for box in boxes]

    def read(self, crops: list[Image]) -> list[tuple[str, float]]:
        """Text and confidence of each crop, which holds one upright line."""
        if not crops:
            return []
        result = self._loaded().recognize_txt(crops)
        return [(str(text), float(score)) for text, score in zip(result.txts, result.scores, strict=True)]

    def recognise(self, image: Image) -> tuple[OcrLine, ...]:
        """Lines of an upright page."""
        quads = [quad for quad in self.find(image) if min(_size(quad)) >= 4]
        texts = self.read([crop(image, quad) for quad in quads])
        return tuple(
            OcrLine(text.strip(), score, bounding(quad))
            for quad, (text, score) in zip(quads, texts, strict=True)
            if text.strip() and score >= MIN_CONFIDENCE
        )

    def _loaded(self) -> Any:
        if self._engine is None:
            if not self.available():
                raise Unavailable("ocr_missing", "RapidOCR is not installed; run `make setup`.")
            from rapidocr import RapidOCR

            self._engine = RapidOCR(params=dict(_PARAMS))
        return self._engine


def _size(quad: NDArray[np.float32]) -> tuple[int, int]:
    width = max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))
    height = max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))
    return int(width), int(height)


def crop(image: Image, quad: NDArray[np.float32]) -> Image:
    """The line inside `quad`, straightened. Unlike RapidOCR's own it never turns narrow cells ("1") by 90 degrees."""
    width, height = _size(quad)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    straight = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, dtype=np.uint8)


def bounding(quad: NDArray[np.float32]) -> Box:
    """The upright box around a quadrilateral."""
    (x0, y0), (x1, y1) = quad.min(axis=0), quad.max(axis=0)
    return int(x0), int(y0), int(x1), int(y1)
