"""Writes a release bundle: data as CSV, JSON Lines and Parquet, a data dictionary, a manifest of SM3 hashes and
its SM2 signature.

The same content gives the same bytes (the signature aside). It writes what it is given: the egress check comes before.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from approvals.bundle_archive import FORMAT, MANIFEST, PUBLIC_KEY, SIGNATURE, archive
from approvals.bundle_check import verify_bundle
from approvals.bundle_texts import dictionary_csv, dictionary_md, readme
from approvals.egress import Row, is_formula
from approvals.variables import ordered, variables
from records.canonical import canonical, fingerprint
from records.seal import sm3

__all__ = ["Facts", "archive", "build", "content_hash", "verify_bundle"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the manifest says of a release. `created` is a stamp; `edition` the shelf's number; all ids are this
    archive's.
    """

    release: str
    grant: str
    request: str
    cohort: str
    edition: int
    created: str
    withdrawn: int = 0  # records of the edition that are gone since (disposal)


def content_hash(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """SM3 over columns and rows, in order: what the releasers pass and the door compares."""
    names = ordered(set(columns))
    return fingerprint([names, [[row.get(name) for name in names] for row in rows]])


def build(
    rows: Sequence[Row], columns: Sequence[str], facts: Facts, *, public_key: bytes, sign: Callable[[bytes], bytes]
) -> dict[str, bytes]:
    """The files of the bundle by name. `columns` are granted variables; `sign` makes an SM2 signature (DER) of a
    message.
    """
    names = ordered(set(columns))
    files: dict[str, bytes] = {
        "README.md": readme(facts.release, len(rows), names),
        "data.csv": _csv(rows, names),
        "data.jsonl": _jsonl(rows, names),
        "data.parquet": _parquet(rows, names),
        "dictionary.csv": dictionary_csv(names),
        "dictionary.md": dictionary_md(names),
        PUBLIC_KEY: public_key,
    }
    manifest = _manifest(files, rows, names, facts)
    return {**files, MANIFEST: manifest, SIGNATURE: sign(manifest)}


def _manifest(files: Mapping[str, bytes], rows: Sequence[Row], names: Sequence[str], facts: Facts) -> bytes:
    listed = [{"name": name, "bytes": len(data), "sm3": sm3(data).hex()} for name, data in sorted(files.items())]
    body: dict[str, Any] = {
        "format": FORMAT,
        **{name: getattr(facts, name) for name in Facts.__slots__},
        "rows": len(rows),
        "columns": list(names),
        "content": content_hash(rows, names),
        "files": listed,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _csv(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_csv_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> object:
    """Neutralised for spreadsheets: a quotation mark before whatever could be a formula."""
    if isinstance(value, str) and is_formula(value):
        return "'" + value
    return "" if value is None else value


def _jsonl(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    return b"".join(canonical({name: row.get(name) for name in names}) + b"\n" for row in rows)


def _parquet(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    integers = {name for name in names if variables()[name].type == "integer"}
    fields = [pa.field(name, pa.int64() if name in integers else pa.string()) for name in names]
    arrays = [
        pa.array([_typed(row.get(field.name), field.name in integers) for row in rows], type=field.type)
        for field in fields
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), out, compression="zstd")
    return out.getvalue()


def _typed(value: object, integer: bool) -> object:
    if value is None or (integer and value == ""):
        return None
    return value if integer else str(value)
