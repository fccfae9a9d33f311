"""Reading of scanned pages: `python -m bench.ocr DIR` on NAME.png|jpg with NAME.json {"text"}; JSON last on stdout.

Texts are compared after NFKC with white space removed. It runs the code that ingest runs, in this process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ingest.ocr.engine import OcrEngine
from ingest.ocr.layout import reading_order
from ingest.ocr.orientation import TesseractOrientation
from ingest.ocr.page import read_page
from ingest.ocr.rapid import RapidEngine
from ingest.ocr.rules import Checked
from ingest.ocr.tesseract import MEMORY_FOLDER, TesseractEngine


def normal(text: str) -> str:
    """NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass
class Tally:
    """Characters and errors over all pages."""

    truth: int = 0
    errors: int = 0
    digits: int = 0
    digit_errors: int = 0
    read: int = 0
    accepted: int = 0
    accepted_errors: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, truth: str, lines: Sequence[tuple[str, bool]], seconds: float) -> None:
        """One page: its truth, its lines (text, accepted without a person), and CPU seconds."""
        pieces = [(normal(text), accepted) for text, accepted in lines]
        said = "".join(text for text, _ in pieces)
        wrong_read, wrong_truth = aligned_errors(said, truth)
        self.truth += len(truth)
        self.errors += max(int(wrong_read.sum()), 0) + int(wrong_truth.sum())
        digit = np.array([character.isdigit() for character in truth], dtype=bool)
        self.digits += int(digit.sum())
        self.digit_errors += int((_missed(said, truth) & digit).sum()) if len(truth) else 0
        self.read += len(said)
        at = 0
        for text, accepted in pieces:
            if accepted:
                self.accepted += len(text)
                self.accepted_errors += int(wrong_read[at : at + len(text)].sum())
            at += len(text)
        self.seconds.append(seconds)

    def result(self) -> dict[str, Any]:
        """Rates."""
        share = self.accepted / self.read if self.read else 0.0
        accuracy = 1 - self.accepted_errors / self.accepted if self.accepted else 0.0
        return {
            "cer": round(self.errors / max(1, self.truth), 5),
            "digit_errors": round(self.digit_errors / max(1, self.digits), 5),
            "auto_accepted": {"share": round(share, 4), "accuracy": round(accuracy, 5)},
            "cpu_s_per_page": round(sum(self.seconds) / max(1, len(self.seconds)), 2),
        }


def alignment(said: str, truth: str) -> list[tuple[int, int]]:
    """A cheapest alignment as (index in said or -1, index in truth or -1) pairs of the edits, matches left out."""
    a = np.frombuffer(said.encode("utf-32-le"), np.uint32)
    b = np.frombuffer(truth.encode("utf-32-le"), np.uint32)
    columns = np.arange(len(b) + 1)
    table = np.empty((len(a) + 1, len(b) + 1), np.int32)
    table[0] = columns
    for row in range(1, len(a) + 1):
        best = np.empty(len(b) + 1, np.int32)
        best[0] = row
        best[1:] = np.minimum(table[row - 1, :-1] + (b != a[row - 1]), table[row - 1, 1:] + 1)
        table[row] = np.minimum.accumulate(best - columns) + columns
    edits: list[tuple[int, int]] = []
    i, j = len(a), len(b)
    while i or j:
        here = table[i, j]
        if i and j and here == table[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            if a[i - 1] != b[j - 1]:
                edits.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif i and here == table[i - 1, j] + 1:
            edits.append((i - 1, -1))
            i -= 1
        else:
            edits.append((-1, j - 1))
            j -= 1
    return edits


def aligned_errors(said: str, truth: str) -> tuple[np.ndarray, np.ndarray]:
    """Errors at each read character (wrong or extra), and at each truth character that is missing altogether."""
    wrong, missing = np.zeros(len(said), np.int32), np.zeros(len(truth), np.int32)
    for i, j in alignment(said, truth):
        if i >= 0:
            wrong[i] += 1
        else:
            missing[j] += 1
    return wrong, missing


def _missed(said: str, truth: str) -> np.ndarray:
    """Truth characters that were read wrongly or not at all."""
    missed = np.zeros(len(truth), dtype=bool)
    for _, j in alignment(said, truth):
        if j >= 0:
            missed[j] = True
    return missed


def _ours(image: np.ndarray, engine: OcrEngine) -> list[tuple[str, bool]]:
    reading = read_page(image, engine, TesseractOrientation())
    return [(item.line.text, _accepted(item)) for item in reading.lines]


def _accepted(item: Checked) -> bool:
    return not item.doubts


def _plain(image: np.ndarray, engine: OcrEngine) -> list[tuple[str, bool]]:
    """An engine by itself, no gate and no rule; accepted at the same confidence."""
    found = engine.recognise(image)
    lines = found if engine.name == "tesseract" else reading_order(found)
    return [(line.text, line.confidence >= 0.95) for line in lines]


def _pages(folder: Path) -> list[tuple[Path, str]]:
    images = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    pairs = [(path, path.with_suffix(".json")) for path in images]
    return [(image, normal(json.loads(truth.read_text("utf-8"))["text"])) for image, truth in pairs if truth.exists()]


def measure(folder: Path, limit: int | None = None) -> dict[str, Any]:
    """The figures of all pages (or the first `limit`), ours and the baselines in the same run."""
    import cv2

    rapid, tesseract = RapidEngine(), TesseractEngine()
    rapid.recognise(np.full((64, 256, 3), 255, np.uint8))  # models load before the clock runs
    runs: dict[str, tuple[Any, OcrEngine]] = {"ours": (_ours, rapid), "rapidocr_ungated": (_plain, rapid)}
    if tesseract.available():
        runs["pytesseract"] = (_plain, tesseract)
    tallies = {name: Tally() for name in runs}
    pages = _pages(folder)[:limit]
    for path, truth in pages:
        image = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), dtype=np.uint8)
        for name, (read, engine) in runs.items():
            before = _cpu()
            lines = read(image, engine)
            tallies[name].add(truth, lines, _cpu() - before)
    found = tallies["ours"].result()
    found["pages"] = len(pages)
    found["baselines"] = {name: tally.result() for name, tally in tallies.items() if name != "ours"}
    return found


def _cpu() -> float:
    """CPU seconds of this process and the programs it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main(arguments: Sequence[str]) -> int:
    """Prints the JSON last."""
    if not arguments or not Path(arguments[0]).is_dir():
        print(
            json.dumps({"error": {"code": "bench_folder", "message": "Give a folder of NAME.png|jpg with NAME.json."}})
        )
        return 2
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    if MEMORY_FOLDER.is_dir():
        tempfile.tempdir = str(MEMORY_FOLDER)
    started = time.monotonic()
    result = measure(Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else None)
    result["wall_s"] = round(time.monotonic() - started, 1)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
