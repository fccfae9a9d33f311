"""Rule checks on recognised lines: unit and look-alike repairs, ↑↓ flags recomputed from value and reference range.
A rule never invents a value; what it cannot settle it marks for review."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from ingest.ocr.engine import OcrLine
from ingest.ocr.layout import CELL_GAP
from records.paths import data_dir

Arrows = Literal["", "value", "end"]
SURE: Final = 0.95  # below it a line is shown to a person
MOST_STRAYS: Final = 0.05
_UP, _DOWN = "↑", "↓"
_RANGE: Final = re.compile(r"^[（(]?(\d+(?:\.\d+)?)\s*[~～\-–—]{1,2}\s*(\d+(?:\.\d+)?)[)）]?$")
_ONE_SIDED: Final = re.compile(r"^[（(]?([≥>＞≤<＜])=?\s*(\d+(?:\.\d+)?)[)）]?$")
_VALUE: Final = re.compile(r"^([<>＜＞]?)(\d+(?:\.\d+)?)\s*([↑↓HL]?)$")
_ODD_NUMBER: Final = re.compile(r"\d[OolI|][/.]?\d|\d\.\.\d|\d,\d{1,2}(?!\d)")


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


@cache
def _variants() -> dict[int, str]:
    """Variant and traditional characters to the simplified ones, from data/ocr/variants.tsv."""
    rows = (data_dir() / "ocr" / "variants.tsv").read_text(encoding="utf-8").splitlines()
    return {ord(variant): plain for variant, plain in (row.split("\t") for row in rows if not row.startswith("#"))}


def simplified(texts: Sequence[str]) -> list[str]:
    """Stray variant characters of a simplified page put right; a page that is written in them is left as it is."""
    whole = "".join(texts)
    strays = sum(1 for character in whole if ord(character) in _variants())
    if not strays or strays > MOST_STRAYS * len(whole):
        return list(texts)
    return [text.translate(_variants()) for text in texts]


def repaired(text: str) -> str:
    """Misread units and look-alike letters put right (mmo1 -> mmol, Sp02 -> SpO2)."""
    for pattern, replacement in _repairs():
        text = pattern.sub(replacement, text)
    return text


def check(lines: Sequence[OcrLine]) -> tuple[Checked, ...]:
    """Every line of one page repaired, its laboratory flag recomputed, with the doubts that remain."""
    texts = [repaired(text) for text in simplified([line.text for line in lines])]
    arrows = _arrows(texts)
    return tuple(_checked(line, text, arrows) for line, text in zip(lines, texts, strict=True))


def _arrows(texts: Sequence[str]) -> Arrows:
    """Where this page's table rows carry their arrows: nowhere, behind the value, or at the row's end."""
    ends = sum(1 for text in texts if text.endswith((_UP, _DOWN)) and CELL_GAP in text)
    inside = sum(1 for text in texts if CELL_GAP in text and (_UP in text or _DOWN in text)) - ends
    return "end" if ends > inside else "value" if inside else ""


def _checked(line: OcrLine, text: str, arrows: Arrows) -> Checked:
    text, doubt = reflagged(text, arrows)
    doubts = [doubt] if doubt else []
    if line.confidence < SURE:
        doubts.append("low_confidence")
    if _ODD_NUMBER.search(text):
        doubts.append("odd_number")
    return Checked(OcrLine(text, line.confidence, line.box), tuple(doubts))


def reflagged(text: str, arrows: Arrows) -> tuple[str, str]:
    """A table row with its ↑ or ↓ as value and reference range demand, and a doubt code or "".

    A flag against a value inside the range stays, since either may be the misread one; only the arrow's direction
    is certain enough to change, and an arrow is added only where this page's rows carry theirs.
    """
    cells = text.split(CELL_GAP)
    bounds = [(index, limits) for index, cell in enumerate(cells) if (limits := _limits(cell)) is not None]
    if len(cells) < 3 or len(bounds) != 1:
        return text, ""
    at, (low, high) = bounds[0]
    found = [(index, match) for index, cell in enumerate(cells[:at]) if index and (match := _VALUE.match(cell))]
    if len(found) != 1 or low > high:
        return text, ""
    index, match = found[0]
    shown = next((cell for cell in cells if cell in (_UP, _DOWN)), match[3])
    value = float(match[2])
    wanted = _UP if value > high else _DOWN if value < low else ""
    return _settle(cells, index, shown, wanted, "" if match[1] else arrows)


def _limits(cell: str) -> tuple[float, float] | None:
    """Lower and upper bound of a reference range, open ends as infinity."""
    two = _RANGE.match(cell)
    if two:
        return float(two[1]), float(two[2])
    one = _ONE_SIDED.match(cell)
    if one:
        bound = float(one[2])
        return (bound, math.inf) if one[1] in "≥>＞" else (-math.inf, bound)
    return None


def _settle(cells: list[str], index: int, shown: str, wanted: str, arrows: Arrows) -> tuple[str, str]:
    text = CELL_GAP.join(cells)
    if shown in ("H", "L") or shown == wanted:
        return text, ""
    if not wanted:
        return text, "flag_unexplained"
    if shown:
        return text.replace(shown, wanted), "flag_recomputed"
    if arrows == "end":
        return CELL_GAP.join([*cells, wanted]), "flag_recomputed"
    if arrows == "value":
        return CELL_GAP.join([*cells[: index + 1], wanted, *cells[index + 1 :]]), "flag_recomputed"
    return text, ""
