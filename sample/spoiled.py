"""Files that no archive should swallow, for tests of what happens then; none of them holds anything real."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from random import Random

import pikepdf

from sample import fhir, people, plan, scan
from sample.clinic import open_hospital
from sample.generator import FIRST_DAY, LAST_DAY, write_patient
from sample.pdf import PdfPrinter
from sample.record import Record
from sample.values import Values

_SEED = 20260102
_BOMB_SIDE = 60_000


def bad(out: Path) -> dict[str, str]:
    """Write the bad files (and the good ones they are made from) into `out`; {file name: what is wrong with it}."""
    out.mkdir(parents=True, exist_ok=True)
    hospital = open_hospital(_SEED)
    record = _record()
    record.file, record.kind = "good.json", "fhir"
    good_json = fhir.bundle(record, hospital)
    jpeg = scan.scan(record, hospital.name, scan.Damage("jpeg", "hei", jpeg=80), Random(_SEED))[1]
    png = scan.scan(record, hospital.name, scan.Damage("clean", "hei"), Random(_SEED))[1]
    printer = PdfPrinter()
    try:
        pdf = printer.print(record, hospital.name, Random(_SEED))
    finally:
        printer.close()
    files = {
        "good.json": (good_json, "good"),
        "good.jpg": (jpeg, "good"),
        "good.pdf": (pdf, "good"),
        "zero-byte.pdf": (b"", "empty"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "truncated JPEG"),
        "truncated.pdf": (pdf[: len(pdf) // 2], "truncated PDF"),
        "png-named.pdf": (png, "PNG under the name of a PDF"),
        "text-named.json": ("这不是一份病历。\n".encode(), "plain text under the name of a JSON"),
        "same-as-good.json": (good_json, "the same bytes as good.json"),
        "pixel-bomb.png": (png_bomb(_BOMB_SIDE), f"PNG of {_BOMB_SIDE}x{_BOMB_SIDE} pixels"),
        "no-bundle.json": (json.dumps({"hello": ["world", 1]}).encode(), "JSON that is no FHIR bundle"),
    }
    for name, (data, _) in files.items():
        (out / name).write_bytes(data)
    with pikepdf.open(out / "good.pdf") as document:
        lock = pikepdf.Encryption(owner="sample-owner", user="sample-user", R=6)
        document.save(out / "encrypted.pdf", encryption=lock)
    return {name: what for name, (_, what) in files.items()} | {"encrypted.pdf": "PDF locked with a password"}


def _record() -> Record:
    """A short record of an invented patient who is in no sample."""
    hospital = open_hospital(_SEED)
    story = plan.story_order(_SEED)[0]
    patient = people.make_patient(0, _SEED, story, FIRST_DAY, LAST_DAY)
    return write_patient(patient, Values(patient, _SEED), hospital, _SEED)[0]


def png_bomb(side: int) -> bytes:
    """A valid grey PNG of side x side pixels in a few bytes a row: small on disk, huge when decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (side + 7) // 8)
    pixels = b"".join(packer.compress(row * 500) for _ in range(side // 500)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
