"""A record as a born-digital PDF with its Chinese font embedded as a subset."""

from __future__ import annotations

import io
import logging
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import Random

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF

from sample import fonts, layout, scan, seeds
from sample.record import Record

# it warns of tables that it drops, which is what we want
logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_NOTICE = "INVENTED SAMPLE DATA, no real person. 虚构样本，仅供测试。"
# glyf outlines first: they subset several times faster than CFF ones
_FACES = ("ming", "wqy", "kai", "zenhei", "hei", "song")


class PdfPrinter:
    """Prints records; keeps one small font in a temporary folder until closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lantai-sample-")
        self._faces = [f for f in _FACES if f in fonts.installed()][:2] or list(fonts.installed())[:1]
        self._small = {name: Path(self._folder.name) / f"{name}.ttf" for name in self._faces}
        for name, path in self._small.items():
            path.write_bytes(_shrunk(fonts.face(name)))

    def close(self) -> None:
        """Remove the temporary fonts."""
        self._folder.cleanup()

    def print(self, record: Record, hospital: str, rng: Random) -> bytes:
        """PDF bytes; long records take several pages."""
        name = rng.choice(self._faces)
        form, size = rng.choice(layout.FORMS), rng.choice((12.0, 13.0, 14.0))
        pages = layout.Setter(form, size, scan.measurer(name)).set(record, hospital)
        pdf = FPDF(unit="pt", format=(layout.WIDTH, layout.HEIGHT))
        pdf.set_auto_page_break(False)
        pdf.set_creation_date(_MADE)
        pdf.set_title(f"{record.title}（虚构样本）")
        pdf.set_subject(_NOTICE)
        pdf.set_author("Lantai sample generator")
        pdf.set_producer("Lantai sample generator")
        pdf.add_font("body", fname=self._small[name])
        for page in pages:
            _draw(pdf, page)
        return bytes(pdf.output())


def _draw(pdf: FPDF, page: layout.Page) -> None:
    pdf.add_page()
    for rule in page.rules:
        pdf.set_line_width(rule.width)
        pdf.line(rule.x0, rule.y0, rule.x1, rule.y1)
    size = 0.0
    for ink in page.inks:
        if ink.size != size:
            size = ink.size
            pdf.set_font("body", size=size)
        pdf.text(ink.x, ink.y, ink.text)


@lru_cache(maxsize=4)
def _shrunk(face: fonts.Face) -> bytes:
    """The face with the characters that a record can need; this takes seconds, so a process does it once."""
    options = subset.Options()
    options.layout_features = []
    # hints stay: to drop them, every outline would have to be compiled again
    options.hinting = True
    options.notdef_outline = True
    options.name_IDs = [1, 2, 4, 6]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG"]
    options.drop_tables += ["BDF ", "FFTM", "bdat", "bloc", "EBDT", "EBLC", "EBSC"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=_wanted())
    out = io.BytesIO()
    number = face.index if face.path.suffix.lower() in (".ttc", ".otc") else -1
    with TTFont(str(face.path), fontNumber=number, recalcTimestamp=False, recalcBBoxes=False, lazy=True) as font:
        worker.subset(font)
        font.flavor = None
        font.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _wanted() -> list[int]:
    # symbols and the first level of GB 2312, then whatever else the seeds use
    rows = "".join(
        bytes((high, low)).decode("gb2312", errors="ignore")
        for high in (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
        for low in range(0xA1, 0xFF)
    )
    return sorted({*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, rows), *map(ord, seeds.characters() + "—～")})
