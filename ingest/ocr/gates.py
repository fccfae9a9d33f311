"""What is done to a scanned page before it is read: turn it upright, take seals and pepper away, straighten it.
Each gate leaves a page alone that does not need it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ingest.ocr.engine import Image

PEPPER_SHARE: Final = 0.0012  # isolated dark dots, as a share of all pixels, above which a median helps
MAX_SKEW: Final = 6.0  # degrees
MIN_SKEW: Final = 0.15
_SKEW_SIDE: Final = 1000
_SEAL_SIDE: Final = (0.05, 0.40)  # a seal is 2 to 5 cm, of a page 21 cm wide
_RING_SHARE: Final = 0.7


def turned(image: Image, degrees: int) -> Image:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return image if degrees == 0 else np.asarray(cv2.rotate(image, codes[degrees]), dtype=np.uint8)


def without_seals(image: Image) -> Image:
    """Round red seals lifted off. Other red ink, a letterhead or a flag, is content and stays.

    In the red channel a seal is nearly as light as the paper, so dark print under it survives.
    """
    blue, green, red = cv2.split(image)
    reddish = (red.astype(np.int16) - cv2.max(blue, green).astype(np.int16) > 25).astype(np.uint8)
    if cv2.countNonZero(reddish) < reddish.size * 0.0002:
        return image
    within = _seals(reddish)
    if not within.any():
        return image
    inside = (cv2.dilate(reddish, np.ones((7, 7), np.uint8)) & within).astype(bool)
    paper = _paper(red)
    # Lighter than three quarters of the paper: a seal, becomes paper. Darker than half of it: print, stays.
    share = red.astype(np.float32) / np.maximum(paper, 1.0)
    ramp = np.clip((share - 0.5) / 0.25, 0.0, 1.0)
    lifted = (red * (1.0 - ramp) + paper * ramp).astype(np.uint8)
    result = image.copy()
    for channel in range(3):
        result[:, :, channel][inside] = lifted[inside]
    return result


def _seals(reddish: np.ndarray) -> np.ndarray:
    """A mask of the ellipses that red rings enclose, a little widened."""
    within = np.zeros_like(reddish)
    least, most = _SEAL_SIDE[0] * min(reddish.shape), _SEAL_SIDE[1] * min(reddish.shape)
    gap = max(3, min(reddish.shape) // 160)  # print that crosses the ring cuts it
    closed = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(closed)
    for x, y, width, height, _ in boxes[1:count]:
        short, long = min(width, height), max(width, height)
        fits = least <= short and long <= min(most, 1.6 * short)
        if fits and _ring_share(closed[y : y + height, x : x + width]) >= _RING_SHARE:
            centre = (int(x + width / 2), int(y + height / 2))
            axes = (int(width * 0.54), int(height * 0.54))
            cv2.ellipse(within, centre, axes, 0, 0, 360, 1, thickness=-1)
    return within


def _ring_share(patch: np.ndarray) -> float:
    """In how many of 72 directions from its middle the patch has ink near the ellipse that its box encloses."""
    height, width = patch.shape
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    reach = np.linspace(0.88, 1.0, 13)
    xs = np.clip((width - 1) / 2 * (1 + np.outer(np.cos(angles), reach)), 0, width - 1).astype(int)
    ys = np.clip((height - 1) / 2 * (1 + np.outer(np.sin(angles), reach)), 0, height - 1).astype(int)
    return float(patch[ys, xs].any(axis=1).mean())


def _paper(channel: np.ndarray) -> np.ndarray:
    """The paper's brightness around each pixel: what is left when print is closed over, on a sixteenth of the page."""
    height, width = channel.shape
    small = cv2.resize(channel, (max(1, width // 16), max(1, height // 16)), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    smooth = cv2.blur(closed, (9, 9))
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def without_pepper(image: Image) -> Image:
    """A 3 x 3 median, only on pages strewn with isolated dark dots: it would thin the strokes of a clean one."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.medianBlur(image, 3), dtype=np.uint8) if pepper_share(grey) > PEPPER_SHARE else image


def pepper_share(grey: np.ndarray) -> float:
    """Share of pixels that are dark while all around them is light."""
    neighbours = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)
    lightest_dark = cv2.erode(grey, neighbours)  # the darkest neighbour
    return float(np.count_nonzero((grey < 110) & (lightest_dark > 150))) / grey.size


def is_blank(image: Image) -> bool:
    """Whether there is next to no ink on the page."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    inner = small[height // 25 : height - height // 25, width // 25 : width - width // 25]
    return bool(np.count_nonzero(inner < np.median(inner) - 40) < 0.0003 * inner.size)


def skew(image: Image) -> float:
    """Degrees the page leans (positive: turn clockwise by it to straighten), by the sharpest row profile."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = _SKEW_SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    light = cv2.medianBlur(small, 31) if min(small.shape) > 62 else small
    ink = ((light.astype(np.int16) - small.astype(np.int16)) > 30).astype(np.float32)
    margin_y, margin_x = (size // 25 for size in ink.shape)  # scanner edges lie there
    ink = ink[margin_y : ink.shape[0] - margin_y, margin_x : ink.shape[1] - margin_x]
    if ink.sum() < 200:
        return 0.0
    coarse = max(np.arange(-MAX_SKEW, MAX_SKEW + 0.01, 0.5), key=lambda angle: _sharpness(ink, float(angle)))
    fine = np.arange(coarse - 0.5, coarse + 0.51, 0.1)
    return float(max(fine, key=lambda angle: _sharpness(ink, float(angle))))


def straightened(image: Image) -> tuple[Image, float]:
    """The page turned by its skew (the angle comes back too); untouched below a sixth of a degree."""
    angle = skew(image)
    return (image, 0.0) if abs(angle) < MIN_SKEW else (tilted(image, angle), angle)


def tilted(image: Image, angle: float) -> Image:
    """The image turned clockwise about its middle by a few degrees; its edges are stretched into the corners."""
    if angle == 0.0:
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    flat = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, dtype=np.uint8)


def _sharpness(ink: np.ndarray, angle: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    profile = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(profile)).sum())
