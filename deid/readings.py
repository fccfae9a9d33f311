"""How documents of data/deid read to a tagger that has not learnt from their authors: data/deid/readings.tsv.

A line for each text: a digest of it as recognizers see it, and the spans found, each as what lies before it, its
length, the number of its kind and its score.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from deid.document import Document
from deid.sequence import Reading, TaggedSpan
from deid.tags import Kind
from records.errors import BadInput
from records.files import read_text
from records.paths import data_dir

FILE: Final = "readings.tsv"
_AGAIN: Final = f"Run `lantai deid train` again (some fifteen minutes); {FILE} is damaged or of other documents."


def write(readings: Iterable[tuple[Document, Reading]], out: Path) -> Path:
    """Write what was found in each document; what was only nearly found is left out."""
    rows = [f"{_digest(doc)}\t{' '.join(_columns(reading.found))}" for doc, reading in readings]
    out.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    return out


def _columns(spans: Iterable[TaggedSpan]) -> Iterable[str]:
    last = 0
    for start, end, kind, score in spans:
        yield f"{start - last},{end - start},{kind:d},{score}"
        last = end


@cache
def _rows(path: Path) -> Mapping[str, str]:
    return dict(line.split("\t", 1) for line in read_text(path).split("\n") if "\t" in line)


def apply(doc: Document) -> None:
    """Let a document read as it does to a stranger. Raises BadInput for one that is not in the file."""
    doc.reading = Reading(_spans(doc), {})


def _spans(doc: Document) -> list[TaggedSpan]:
    spans: list[TaggedSpan] = []
    last = 0
    try:
        for column in _rows(data_dir() / "deid" / FILE)[_digest(doc)].split():
            before, length, kind, score = map(int, column.split(","))
            spans.append(TaggedSpan(last + before, last + before + length, Kind(kind), score))
            last = spans[-1].end
    except (KeyError, ValueError):
        raise BadInput("readings_invalid", _AGAIN) from None
    return spans


def _digest(doc: Document) -> str:
    return hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
