"""Tesseract through pytesseract, the second engine and the baseline. Its temp files go to tmpfs or it is not used."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ingest.ocr.engine import Image, OcrLine
from records.errors import Unavailable

MEMORY_FOLDER: Final = Path("/dev/shm")  # noqa: S108 (memory, not a disk: the reason it is named here)
MISSING: Final = "Tesseract is not installed; install tesseract-ocr and tesseract-ocr-chi-sim."


def temp_in_memory() -> bool:
    """Whether temp files of this process lie in memory. pytesseract hands pages over as files."""
    try:
        return Path(tempfile.gettempdir()).resolve().is_relative_to(MEMORY_FOLDER)
    except OSError:
        return False


@cache
def tesseract_installed() -> bool:
    """Whether the program is on PATH."""
    return shutil.which("tesseract") is not None


def tesseract_present() -> bool:
    """Whether it is installed and may be used here without a page touching a disk."""
    return tesseract_installed() and temp_in_memory()


class TesseractEngine:
    """`chi_sim+eng`, LSTM, one thread."""

    name = "tesseract"

    def available(self) -> bool:
        """Program and Chinese model are there."""
        if not tesseract_installed():
            return False
        import pytesseract

        return "chi_sim" in pytesseract.get_languages(config="")

    def version(self) -> str:
        """Tesseract's own version."""
        import pytesseract

        return f"tesseract {pytesseract.get_tesseract_version()} chi_sim+eng"

    def recognise(self, image: Image) -> tuple[OcrLine, ...]:
        """Lines as Tesseract groups words. Raises Unavailable("ocr_missing") without the program or memory folder."""
        if not tesseract_present():
            raise Unavailable("ocr_missing", MISSING)
        import pytesseract

        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        words = pytesseract.image_to_data(
            np.asarray(grey), lang="chi_sim+eng", config="--psm 3", output_type=pytesseract.Output.DICT
        )
        return _lines(words)


def _lines(words: dict[str, list[object]]) -> tuple[OcrLine, ...]:
    """Words grouped into lines by Tesseract's block, paragraph and line numbers; confidence 0-1."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, word in enumerate(words["text"]):
        if str(word).strip():
            key = (words["block_num"][index], words["par_num"][index], words["line_num"][index])
            groups.setdefault(key, []).append(index)
    return tuple(_line(words, members) for members in groups.values())


def _line(words: dict[str, list[object]], members: list[int]) -> OcrLine:
    def column(name: str) -> list[int]:
        return [int(float(str(words[name][index]))) for index in members]

    left, top, width, height = column("left"), column("top"), column("width"), column("height")
    texts = [str(words["text"][index]) for index in members]
    confidence = sum(column("conf")) / len(members) / 100
    box = (
        min(left),
        min(top),
        max(x + w for x, w in zip(left, width, strict=True)),
        max(y + h for y, h in zip(top, height, strict=True)),
    )
    return OcrLine(" ".join(texts), max(0.0, confidence), box)
