"""Rule checks on recognised lines: unit and look-alike repairs, ↑↓ flags recomputed from value and reference range.
A rule never invents a value; what it cannot settle it marks for review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.ocr.engine import OcrLine
from ingest.ocr.layout import CELL_GAP
from records.paths import data_dir

SURE: Final = 0.95  # below it a line is shown to a person
_UP, _DOWN = "↑", "↓"
_RANGE: Final = re.compile(r"^[（(]?(\d+(?:\.\d+)?)\s*[~～\-–—]{1,2}\s*(\d+(?:\.\d+)?)[)）]?$")
_VALUE: Final = re.compile(r"^([<>＜＞]?)(\d+(?:\.\d+)?)\s*([↑↓HL]?)$")
_ODD_NUMBER: Final = re.compile(r"\d[OolI|]\d|\d\.\.\d|\d,\d{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Checked:
    """A line after the rules; `doubts` are codes: low_confidence, flag_recomputed, flag_unexplained, odd_number."""

    line: OcrLine
    doubts: tuple[str, ...] = ()


@cache
def _repairs() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, replacement) from data/ocr/repairs.tsv, in its order."""
    rows = (data_dir() / "ocr" / "repairs.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(
        (re.compile(pattern), replacement)
        for pattern, replacement, *_ in (row.split("\t") for row in rows if row and not row.startswith("#"))
    )


def repaired(text: str) -> str:
    """Misread units and look-alike letters put right (mmo1 -> mmol, Sp02 -> SpO2)."""
    for pattern, replacement in _repairs():
        text = pattern.sub(replacement, text)
    return text


def check(lines: Sequence[OcrLine]) -> tuple[Checked, ...]:
    """Every line of one page repaired, its laboratory flag recomputed, with the doubts that remain."""
    texts = [repaired(line.text) for line in lines]
    flagged = sum(1 for text in texts if _UP in text or _DOWN in text) >= 1
    return tuple(_checked(line, text, flagged) for line, text in zip(lines, texts, strict=True))


def _checked(line: OcrLine, text: str, page_has_flags: bool) -> Checked:
    text, doubt = reflagged(text, page_has_flags)
    doubts = [doubt] if doubt else []
    if line.confidence < SURE:
        doubts.append("low_confidence")
    if _ODD_NUMBER.search(text):
        doubts.append("odd_number")
    return Checked(OcrLine(text, line.confidence, line.box), tuple(doubts))


def reflagged(text: str, page_has_flags: bool) -> tuple[str, str]:
    """A table row with its ↑ or ↓ as value and reference range demand, and a doubt code or "".

    A flag against a value inside the range stays, since either may be the misread one; only the arrow's direction
    is certain enough to change, and an arrow is added only on pages that use arrows.
    """
    cells = text.split(CELL_GAP)
    bounds = [(index, match) for index, cell in enumerate(cells) if (match := _RANGE.match(cell))]
    if len(cells) < 4 or len(bounds) != 1:
        return text, ""
    at, limits = bounds[0]
    low, high = float(limits[1]), float(limits[2])
    found = [(index, match) for index, cell in enumerate(cells[:at]) if index and (match := _VALUE.match(cell))]
    if len(found) != 1 or low > high:
        return text, ""
    index, match = found[0]
    shown = next((cell for cell in cells[:at] if cell in (_UP, _DOWN)), match[3])
    value = float(match[2])
    wanted = _UP if value > high else _DOWN if value < low else ""
    return _settle(cells, index, shown, wanted, page_has_flags and not match[1])


def _settle(cells: list[str], index: int, shown: str, wanted: str, may_add: bool) -> tuple[str, str]:
    text = CELL_GAP.join(cells)
    if shown in ("H", "L") or shown == wanted:
        return text, ""
    if not wanted:
        return text, "flag_unexplained"
    if shown:
        return text.replace(shown, wanted), "flag_recomputed"
    if may_add:
        return CELL_GAP.join([*cells[: index + 1], wanted, *cells[index + 1 :]]), "flag_recomputed"
    return text, ""
