"""A record as a scanned page, A4 at 300 dpi: set in a Chinese font, then skewed, stamped, folded and dirtied."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from sample import fonts, layout
from sample.record import Record

DPI = 300
_SCALE = DPI / 72
_PIXELS = (2480, 3508)
_SIZES = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_NOTICE = "INVENTED SAMPLE DATA, no real person"
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Damage:
    """What a scanner and the years did to a page."""

    name: str
    face: str
    skew: float = 0.0  # largest angle in degrees
    seal: bool = False
    salt: float = 0.0  # share of pixels
    grey: int = 255  # paper
    shade: int = 0  # how much darker one corner is
    fold: bool = False
    blur: float = 0.0
    jpeg: int = 0  # quality; 0 = PNG
    turn: int = 0  # quarter turns


# handed out in this order, again and again
DAMAGES = (
    Damage("clean", "hei"),
    Damage("upside-down", "song", grey=246, turn=2, jpeg=85),
    Damage("skew-seal", "ming", skew=2.0, seal=True, jpeg=80),
    Damage("sideways", "wqy", skew=0.6, turn=1),
    Damage("grey-noise", "kai", skew=1.0, salt=0.0006, grey=232, shade=18, jpeg=75),
    Damage("fold", "song", skew=0.8, fold=True, grey=244, jpeg=80),
    Damage("seal", "zenhei", seal=True, grey=250, jpeg=85),
    Damage("salt", "hei", skew=1.5, salt=0.0012),
    Damage("jpeg", "song", blur=0.6, grey=248, jpeg=45),
    Damage("skew", "kai", skew=2.0, grey=252, jpeg=85),
    Damage("fold-seal-grey", "wqy", skew=1.2, fold=True, seal=True, grey=236, shade=14, jpeg=70),
    Damage("plain-seal", "ming", skew=0.7, seal=True),
)
_EVERYDAY = tuple(d for d in DAMAGES if not d.turn)


def damage_for(number: int) -> Damage:
    """The damage of scan `number`: of the first dozen one stands on its head and one on its side, later none does."""
    return DAMAGES[number] if number < len(DAMAGES) else _EVERYDAY[number % len(_EVERYDAY)]


def scan(record: Record, hospital: str, damage: Damage, rng: Random) -> tuple[str, bytes]:
    """(`png` or `jpg`, file bytes)."""
    page = _set(record, hospital, damage.face, rng)
    grey = np.asarray(_draw(page, damage.face, rng), dtype=np.uint8)
    noise = np.random.Generator(np.random.PCG64(rng.getrandbits(64)))
    if damage.fold:
        grey = _fold(grey, rng)
    if damage.grey < 255 or damage.shade:
        grey = _paper(grey, damage)
    image: Pixels = grey
    if damage.seal:
        image = _stamp(grey, hospital, damage.face, page.foot * _SCALE, rng)
    if damage.skew:
        image = _skew(image, rng.uniform(damage.skew * 0.4, damage.skew) * rng.choice((-1, 1)), damage.grey)
    if damage.salt:
        image = _salt(image, damage.salt, noise)
    if damage.blur:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), damage.blur), dtype=np.uint8)
    if damage.turn:
        image = np.ascontiguousarray(np.rot90(image, damage.turn))
    return _encode(image, damage.jpeg)


def _set(record: Record, hospital: str, face: str, rng: Random) -> layout.Page:
    """The page in the largest letters that fit on it."""
    form = rng.choice(layout.FORMS)
    measure = measurer(face)
    for size in _SIZES:
        pages = layout.Setter(form, size, measure).set(record, hospital)
        if len(pages) == 1:
            return pages[0]
    raise ValueError(f"a record of type {record.type_code} is too long for one page")


@lru_cache(maxsize=64)
def _font(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    found = fonts.face(face)
    return ImageFont.truetype(str(found.path), pixels, index=found.index)


@lru_cache(maxsize=8)
def measurer(face: str) -> layout.Measure:
    """Widths in this face; Chinese fonts do not kern, so widths add up."""
    font = _font(face, 100)
    known: dict[str, float] = {}

    def measure(text: str, size: float) -> float:
        total = 0.0
        for sign in text:
            width = known.get(sign)
            if width is None:
                width = known[sign] = font.getlength(sign) / 100
            total += width
        return total * size

    return measure


def _draw(page: layout.Page, face: str, rng: Random) -> Image.Image:
    image = Image.new("L", _PIXELS, 255)
    pen = ImageDraw.Draw(image)
    black = rng.randrange(10, 55)
    for rule in page.rules:
        pen.line(
            [v * _SCALE for v in (rule.x0, rule.y0, rule.x1, rule.y1)],
            fill=black,
            width=max(1, round(rule.width * _SCALE)),
        )
    for ink in page.inks:
        font = _font(face, round(ink.size * _SCALE))
        pen.text(
            (ink.x * _SCALE, ink.y * _SCALE),
            ink.text,
            font=font,
            fill=black,
            anchor="ls",
            stroke_width=1 if ink.bold else 0,
        )
    return image


def _fold(grey: Pixels, rng: Random) -> Pixels:
    """One horizontal crease: a thin darker line with a soft shadow."""
    out = grey.astype(np.int16)
    y = int(out.shape[0] * rng.uniform(0.3, 0.62))
    reach = 42
    rows = np.arange(-reach, reach)
    shadow = (26 * np.exp(-((rows / 14.0) ** 2))).astype(np.int16)
    out[y - reach : y + reach] -= shadow[:, None]
    out[y - 1 : y + 1] -= 34
    return np.clip(out, 0, 255).astype(np.uint8)


def _paper(grey: Pixels, damage: Damage) -> Pixels:
    """Paper darker than white, and darker towards one corner."""
    height, width = grey.shape[:2]
    small = np.full((8, 8), float(damage.grey), dtype=np.float32)
    small -= (
        (np.linspace(0, 1, 8, dtype=np.float32)[:, None] + np.linspace(0, 1, 8, dtype=np.float32)[None, :])
        * damage.shade
        / 2
    )
    light = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    return np.asarray(cv2.multiply(grey, light, scale=1 / 255), dtype=np.uint8)


def _skew(image: Pixels, degrees: float, paper: int) -> Pixels:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    border = (paper, paper, paper)
    return np.asarray(
        cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=border), dtype=np.uint8
    )


def _salt(image: Pixels, share: float, noise: np.random.Generator) -> Pixels:
    """Isolated dark and light dots."""
    out = image.copy()
    count = int(out.shape[0] * out.shape[1] * share)
    for value in (30, 235):
        ys, xs = noise.integers(0, out.shape[0], count), noise.integers(0, out.shape[1], count)
        out[ys, xs] = value
    return out


def _stamp(grey: Pixels, hospital: str, face: str, foot: float, rng: Random) -> Pixels:
    """The round red seal over the last lines, as ink that lets the black through."""
    radius = 225
    seal = _seal(hospital, face, radius, rng.uniform(-25, 25))
    x = rng.randrange(1350, 1900)
    y = int(min(max(foot - rng.randrange(60, 260), radius + 10), grey.shape[0] - radius - 10))
    image = np.repeat(grey[:, :, None], 3, axis=2)
    part = image[y - radius : y + radius, x - radius : x + radius]
    red = np.array([205, 38, 44], dtype=np.float32)
    strength = (seal.astype(np.float32) / 255 * rng.uniform(0.62, 0.85))[:, :, None]
    inked = part * (1 - strength) + strength * np.minimum(part, red)
    image[y - radius : y + radius, x - radius : x + radius] = inked.astype(np.uint8)
    return image


def _seal(hospital: str, face: str, radius: int, tilt: float) -> Pixels:
    """Ink of the seal, 255 = full: ring, name along the arc, star, `病历专用章`."""
    side = radius * 2
    image = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(image)
    pen.ellipse((6, 6, side - 6, side - 6), outline=255, width=11)
    points = []
    for i in range(10):
        reach = radius * (0.30 if i % 2 == 0 else 0.12)
        angle = math.pi * (i / 5 - 0.5)
        points.append((radius + reach * math.cos(angle), radius + reach * math.sin(angle)))
    pen.polygon(points, fill=255)
    font = _font(face, 50)
    spread = 230 / len(hospital)
    for i, sign in enumerate(hospital):
        angle = -115 + spread * (i + 0.5)
        tile = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(tile).text((32, 32), sign, font=font, fill=255, anchor="mm")
        tile = tile.rotate(-angle, resample=Image.Resampling.BILINEAR)
        at = math.radians(angle - 90)
        x, y = radius + radius * 0.76 * math.cos(at), radius + radius * 0.76 * math.sin(at)
        image.paste(255, (int(x) - 32, int(y) - 32), tile)
    pen.text((radius, radius * 1.58), "病历专用章", font=_font(face, 38), fill=255, anchor="mm")
    return np.asarray(image.rotate(tilt, resample=Image.Resampling.BILINEAR), dtype=np.uint8)


def _encode(image: Pixels, quality: int) -> tuple[str, bytes]:
    picture = Image.fromarray(image)
    out = io.BytesIO()
    if quality:
        picture.save(out, "JPEG", quality=quality, dpi=(DPI, DPI), comment=_NOTICE.encode())
        return "jpg", out.getvalue()
    note = PngInfo()
    note.add_text("Comment", _NOTICE)
    picture.save(out, "PNG", compress_level=2, dpi=(DPI, DPI), pnginfo=note)
    return "png", out.getvalue()
