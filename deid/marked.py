"""Texts in which an author marked every identifier, as the judges learn from them: `前⟦PERSON:张三⟧后`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from typing import Final, NamedTuple

from deid.document import Document
from deid.numbers import Beside
from records.entities import Entity
from records.errors import BadInput
from records.files import read_text
from records.paths import data_dir

_MARK: Final = re.compile(r"⟦([A-Z_0-9]+):([^⟦⟧]+)⟧")


def marked_lines(*folders: str, but: Container[str] = ()) -> Iterator[Marked]:
    """The lines of the files in some folders of data/deid (an id, what else is said of it, and text with marks, by
    tabs; # for a remark), without the files of some authors (folder/name, no ending).

    BadInput names the line that cannot be read.
    """
    for author in authors(*folders):
        if author in but:
            continue
        path = data_dir() / "deid" / f"{author}.txt"
        for number, line in enumerate(read_text(path).split("\n"), 1):
            if line and line[0] != "#":
                before, tab, text = line.rpartition("\t")
                try:
                    if not tab or _MARK.search(before):
                        raise ValueError("no text behind the last tab, or a mark before it")
                    yield read_marked(text)
                except ValueError:
                    raise BadInput(
                        "line_invalid", f"{path.name}, line {number}: give an id, a tab, and text whose marks close."
                    ) from None


def authors(*folders: str) -> list[str]:
    """The files in some folders of data/deid (folder/name, no ending), in order."""
    root = data_dir() / "deid"
    return [f"{folder}/{path.stem}" for folder in folders for path in sorted((root / folder).glob("*.txt"))]


class Marked(NamedTuple):
    """A line, and its identifiers in code points of it."""

    text: str
    spans: tuple[Beside, ...]


def read_marked(line: str) -> Marked:
    """`前⟦PERSON:张三⟧后`, line breaks as ⏎. ValueError on marks that do not close or name no entity."""
    text = ""
    spans: list[Beside] = []
    last = 0
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        spans.append(Beside(len(text), len(text) + len(mark[2]), Entity(mark[1])))
        text += mark[2]
        last = mark.end()
    text += line[last:]
    if "⟦" in text or "⟧" in text:
        raise ValueError("a mark does not close")
    return Marked(text.replace("⏎", "\n"), tuple(spans))


def folded(doc: Document, spans: Sequence[Beside]) -> list[Beside]:
    """The same spans in the folded text."""
    places = [doc.folded.span(at, at + 1)[0] for at in range(len(doc.text))]
    return [Beside(bisect_left(places, one.start), bisect_left(places, one.end), one.entity) for one in spans]
