"""Pages and files drawn for the tests of ingest: invented text on paper, with the harm that scanners and clerks do."""

from __future__ import annotations

import io
import json
import struct
import unicodedata
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/truetype/arphic/uming.ttc"),
)
LINES = (
    "溪山县中心医院",
    "出院记录",
    "姓名：诸葛文静  性别：女  年龄：63岁  科室：内分泌科",
    "住院号：20231187  入院日期：2023-05-01  出院日期：2023-05-12",
    "联系人：诸葛明  关系：儿子  联系电话：13812345678",
    "入院情况：口渴多饮十年，空腹血糖13.26mmol/L，尿蛋白阳性。",
    "诊疗经过：予胰岛素降糖，血肌酐168.3μmol/L，血红蛋白98g/L。",
    "出院诊断：2型糖尿病肾病",
    "出院医嘱：低盐低脂糖尿病饮食，两周后复诊。",
    "医师签名：欧阳建",
)


@cache
def font() -> Path | None:
    """A font with Chinese characters, None where there is none."""
    return next((path for path in FONTS if path.exists()), None)


def drawn(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (1654, 1100), points: int = 44) -> Image.Image:
    """Lines on white paper, about 200 dpi."""
    paper = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(paper), ImageFont.truetype(str(font()), points, index=0)
    for number, line in enumerate(lines):
        pen.text((100, 60 + number * 96), line, font=face, fill=(20, 20, 20))
    return paper


def sealed(paper: Image.Image, centre: tuple[int, int] = (420, 620), radius: int = 190) -> Image.Image:
    """A red ring with a star-like blot and words, over the print."""
    stamped = np.asarray(paper).astype(np.float32)
    layer = Image.new("L", paper.size, 0)
    pen = ImageDraw.Draw(layer)
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=210, width=12)
    pen.regular_polygon((x, y, 60), 5, fill=210)
    pen.text((x - 120, y + 70), "病历专用章", font=ImageFont.truetype(str(font()), 46, index=0), fill=210)
    share = np.asarray(layer, dtype=np.float32)[:, :, None] / 255.0
    red = np.array([200.0, 30.0, 40.0])
    mixed = stamped * (1 - share) + np.minimum(stamped, red) * share
    return Image.fromarray(mixed.astype(np.uint8))


def peppered(paper: Image.Image, share: float = 0.004) -> Image.Image:
    """Isolated dark dots."""
    dotted = np.asarray(paper).copy()
    dots = np.random.default_rng(7).random(dotted.shape[:2]) < share
    dotted[dots] = 0
    return Image.fromarray(dotted)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def pdf(lines: tuple[str, ...] = LINES, pages: int = 1) -> bytes:
    """A born-digital PDF."""
    from fpdf import FPDF

    paper = FPDF()
    paper.add_font("body", "", str(font()))
    paper.set_font("body", size=12)
    for _ in range(pages):
        paper.add_page()
        for line in lines:
            paper.multi_cell(0, 9, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def scanned_pdf(picture: Image.Image) -> bytes:
    """A PDF that is one picture a page."""
    return encoded(picture, "PDF", resolution=200)


def png_bomb(side: int = 30_000) -> bytes:
    """A small file that decodes to side x side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (side + 1) * 64, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bundle(number: int, name: str = "诸葛文静", card: str = "320102196001011234", text: str = "") -> bytes:
    """A small FHIR document of a patient."""
    narrative = text or f"患者{name}入院后第{number}天血糖平稳，血肌酐{100 + number}μmol/L。"
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "document",
            "entry": [
                {
                    "resource": {
                        "resourceType": "Composition",
                        "title": "病程记录",
                        "date": f"2023-05-{number % 27 + 1:02d}",
                        "section": [{"title": "病情变化", "text": {"div": f"<div><p>{narrative}</p></div>"}}],
                    }
                },
                {
                    "resource": {
                        "resourceType": "Patient",
                        "name": [{"text": name}],
                        "gender": "female",
                        "birthDate": "1960-01-01",
                        "identifier": [{"value": card}],
                    }
                },
                {
                    "resource": {
                        "resourceType": "Encounter",
                        "serviceType": {"text": "内分泌科"},
                        "class": {"code": "IMP"},
                    }
                },
            ],
        },
        ensure_ascii=False,
    ).encode()


def error_rate(said: str, truth: str) -> float:
    """Character error rate after NFKC, white space removed."""
    a, b = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (said, truth))
    row = list(range(len(b) + 1))
    for i, character in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (character != other))
    return row[-1] / max(1, len(b))
