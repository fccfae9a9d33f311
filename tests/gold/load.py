"""Reads the hand-written gold sets: marked passages, traps, plain sentences, whole records; never changes them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.entities import Entity
from records.paths import data_dir

FOLDER: Final = Path(__file__).resolve().parent
DOCUMENTS: Final = data_dir() / "deid" / "documents"  # what judges learn from; all others are here
_MARK: Final = re.compile(r"⟦([A-Z_0-9]+):([^⟦⟧]+)⟧")
_LINE_BREAK: Final = "⏎"


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """One marked identifier: code-point offsets of the text, half-open."""

    start: int
    end: int
    entity: Entity


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with every identifier marked, what the hospital would know beforehand, and how it is written."""

    id: str
    text: str
    spans: tuple[GoldSpan, ...]
    known: tuple[tuple[Entity, str], ...]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecordIdentifier:
    """An identifier that stands in one of the whole records; `role` is whose it is."""

    file: str
    entity: Entity
    value: str
    role: str


def unmarked(marked: str) -> tuple[str, tuple[GoldSpan, ...]]:
    """The plain text of `前⟦PERSON:张三⟧后` and its spans. Raises ValueError on marks that do not close."""
    parts: list[str] = []
    spans: list[GoldSpan] = []
    length = last = 0
    for mark in _MARK.finditer(marked):
        before = marked[last : mark.start()]
        length += len(before)
        spans.append(GoldSpan(length, length + len(mark[2]), Entity(mark[1])))
        length += len(mark[2])
        parts += [before, mark[2]]
        last = mark.end()
    text = "".join([*parts, marked[last:]])
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"a mark does not close: {text[:20]}")
    return text, tuple(spans)


def passages(name: str = "deid_passages") -> list[Passage]:
    """The marked passages or documents of one set, in file order."""
    found = []
    for line in _lines(f"{name}.txt"):
        ident, kinds, known, marked = line.split("\t")
        text, spans = unmarked(marked.replace(_LINE_BREAK, "\n"))
        pairs = [pair.split("=", 1) for pair in known.split(";")] if known != "-" else []
        found.append(Passage(ident, text, spans, tuple((Entity(a), b) for a, b in pairs), frozenset(kinds.split(","))))
    return found


def traps(name: str = "traps") -> list[str]:
    """Sentences without identifiers that look as if they had some."""
    return _lines(f"{name}.txt")


def ordinary(name: str = "ordinary") -> list[str]:
    """Plain clinical sentences without identifiers."""
    return _lines(f"{name}.txt")


def record_files() -> list[Path]:
    """The whole records."""
    return sorted((FOLDER / "records").glob("*.txt"))


def record_identifiers() -> list[RecordIdentifier]:
    """Every identifier of the whole records, dates aside."""
    with (FOLDER / "records" / "identifiers.tsv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [RecordIdentifier(row["file"], Entity(row["entity"]), row["value"], row["role"]) for row in rows]


def _lines(name: str) -> list[str]:
    learnt = DOCUMENTS / name.removeprefix("documents_")
    path = learnt if name.startswith("documents_") and learnt.is_file() else FOLDER / name
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]
