"""One scanned page to text: gates, engine, orientation, reading order, rules. Holds no file and writes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.ocr import gates, layout, rules
from ingest.ocr.engine import Image, OcrEngine, OcrLine
from ingest.ocr.orientation import OrientationHint

UPRIGHT: Final = 0.85  # mean confidence: upright pages measured .97 and more, turned ones .75 and less
_TALL_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read off one page. `reasons` are codes a person should look at; empty means nothing to review."""

    lines: tuple[rules.Checked, ...]
    turned: int
    skew: float
    width: int
    height: int
    reasons: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """Mean over characters, 0 for an empty page."""
        return mean_confidence([item.line for item in self.lines])


@dataclass(frozen=True, slots=True)
class Upright:
    """A page stood upright: pieces in no order, degrees it was `turned` clockwise, then the `skew` taken out, and the
    cleaned picture that was read."""

    pieces: tuple[OcrLine, ...]
    turned: int
    skew: float
    picture: Image


def read_page(image: Image, engine: OcrEngine, hint: OrientationHint) -> PageReading:
    """The page's lines in reading order."""
    page = upright(image, engine, hint)
    unsure = bool(page.pieces) and not looks_upright(page.pieces)
    checked = rules.check(layout.reading_order(page.pieces))
    reasons = sorted(
        {doubt for item in checked for doubt in item.doubts} | ({"orientation_unsure"} if unsure else set())
    )
    if not checked:
        reasons.append("nothing_read")
    height, width = page.picture.shape[:2]
    return PageReading(checked, page.turned, page.skew, width, height, tuple(reasons))


def upright(image: Image, engine: OcrEngine, hint: OrientationHint) -> Upright:
    """The page cleaned, straightened and, where it reads badly, turned."""
    cleaned = gates.without_pepper(gates.without_seals(image))
    straight, angle = gates.straightened(cleaned)
    found = engine.recognise(straight)
    turn = 0
    if not looks_upright(found) and not gates.is_blank(straight):
        turn = _which_turn(straight, engine, hint, found)
        if turn:
            straight, angle = gates.straightened(gates.turned(cleaned, turn))
            found = engine.recognise(straight)
    return Upright(tuple(found), turn, angle, straight)


def looks_upright(lines: Sequence[OcrLine]) -> bool:
    """Whether confidence and the shape of the boxes say that the page stands the right way up."""
    if not lines:
        return False
    tall = sum(1 for line in lines if line.box[3] - line.box[1] > 1.3 * (line.box[2] - line.box[0]))
    return tall < _TALL_SHARE * len(lines) and mean_confidence(lines) >= UPRIGHT


def mean_confidence(lines: Sequence[OcrLine]) -> float:
    """Weighted by characters."""
    characters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / characters if characters else 0.0


def _which_turn(image: Image, engine: OcrEngine, hint: OrientationHint, upright: Sequence[OcrLine]) -> int:
    """Degrees clockwise that put the page upright: as the hint says, else the turn that reads best."""
    told = hint.turn(image)
    if told is not None:
        return told
    scores = {0: _score(upright)}
    for turn in (180, 90, 270):
        lines = engine.recognise(gates.turned(image, turn))
        if looks_upright(lines):
            return turn
        scores[turn] = _score(lines)
    return max(scores, key=lambda turn: scores[turn])


def _score(lines: Sequence[OcrLine]) -> float:
    wide = [line for line in lines if line.box[2] - line.box[0] > line.box[3] - line.box[1]]
    return mean_confidence(wide) ** 2 * sum(len(line.text) for line in wide)
