"""Learns the judge of numbers from lines in which many authors marked what points to somebody."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from deid.document import Document
from deid.numbers import JOINS, NUMBERED, WAYS, Beside, View, hidden, numbers, steps
from records.entities import Entity
from records.errors import BadInput
from records.paths import data_dir
from records.regression import Example, Weights, learn, write

_MARK: Final = re.compile(r"⟦([A-Z_0-9]+):([^⟦⟧]+)⟧")


def train_numbers(out: Path) -> Path:
    """Write the weights learnt from data/deid/numbers."""
    write(learn_numbers(marked_lines(data_dir() / "deid" / "numbers")), out)
    return out


def learn_numbers(lines: Iterable[Marked]) -> Weights:
    """What each feature of a number, or of a piece beside one, says for each of WAYS, in hundredths."""
    lines = list(lines)
    judged = learn([example for line in lines for example in examples(line)], len(WAYS))
    joined = learn([example for line in lines for example in joints(line)], JOINS + 1)
    rest = (0,) * (len(WAYS) - JOINS - 1)
    return judged | {name: (*row, *rest) for name, row in joined.items()}


def marked_lines(folder: Path, but: Container[str] = ()) -> Iterator[Marked]:
    """The lines of a folder's files (`id<TAB>text with marks`, # for a remark), without some files (names, no ending).

    BadInput names the line that cannot be read.
    """
    for path in sorted(folder.glob("*.txt")):
        if path.stem in but:
            continue
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            raise BadInput("file_unreadable", f"{path.name} cannot be read as UTF-8; save it so.") from None
        for number, line in enumerate(lines, 1):
            if line and line[0] != "#":
                try:
                    yield read_marked(line.split("\t", 1)[1])
                except (ValueError, IndexError):
                    raise BadInput(
                        "line_invalid", f"{path.name}, line {number}: give an id, a tab, and text whose marks close."
                    ) from None


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


def examples(marked: Marked, weight: float = 1.0) -> Iterator[Example]:
    """Every number of a line that could be judged, as if all others of its identifiers had been found."""
    doc = Document(marked.text)
    spans = _folded(doc, marked.spans)
    starts = [span.start for span in spans]
    people = {span.start for span in spans if span.entity is Entity.PERSON}
    candidates = list(numbers(doc, [], people))
    for start, end in candidates:
        at = max(0, bisect_left(starts, start + 1) - 1)
        own = [span for span in spans[at : at + 3] if span.start < end and start < span.end]
        if own and own[0].entity not in WAYS:
            continue
        view = View(doc.text, [span for span in spans if span not in own], candidates)
        way = WAYS.index(own[0].entity) if own else 0
        yield Example(tuple(view.features(start, end)), way, weight)


def joints(marked: Marked) -> Iterator[Example]:
    """Every piece beside a number, or beside a part of it: whether it belongs to it."""
    doc = Document(marked.text)
    spans = _folded(doc, marked.spans)
    for span in spans:
        if span.entity not in NUMBERED:
            continue
        text = hidden(doc.text, (other for other in spans if other is not span))
        for core in _CORE.finditer(text, span.start, span.end):
            start, end = core.span()
            while True:
                grown = start, end
                for step in steps(text, start, end):
                    inside = span.start <= step.start and step.end <= span.end
                    yield Example(tuple(step.seen), JOINS if inside else 0)
                    if inside:
                        grown = min(grown[0], step.start), max(grown[1], step.end)
                if grown == (start, end):
                    break
                start, end = grown


_CORE: Final = re.compile(r"(?=[A-Za-z]{0,12}[0-9])[0-9A-Za-z]+(?:[\-_/.:+*#][0-9A-Za-z]+)*")


def _folded(doc: Document, spans: Sequence[Beside]) -> list[Beside]:
    """The same spans in the folded text."""
    places = [doc.folded.span(at, at + 1)[0] for at in range(len(doc.text))]
    return [Beside(bisect_left(places, one.start), bisect_left(places, one.end), one.entity) for one in spans]
