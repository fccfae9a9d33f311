"""Learns the judge of numbers from lines in which many authors marked what points to somebody."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from deid.document import Document
from deid.marked import Marked, folded, marked_lines
from deid.numbers import JOINS, NUMBERED, WAYS, View, hidden, numbers, steps
from records.entities import Entity
from records.regression import Example, Weights, learn, write

FOLDERS: Final = ("numbers", "documents")


def train_numbers(out: Path) -> Path:
    """Write the weights learnt from data/deid/numbers and data/deid/documents."""
    write(learn_numbers(marked_lines(*FOLDERS)), out)
    return out


def learn_numbers(lines: Iterable[Marked]) -> Weights:
    """What each feature of a number, or of a piece beside one, says for each of WAYS, in hundredths."""
    lines = list(lines)
    judged = learn([example for line in lines for example in examples(line)], len(WAYS))
    joined = learn([example for line in lines for example in joints(line)], JOINS + 1)
    rest = (0,) * (len(WAYS) - JOINS - 1)
    return judged | {name: (*row, *rest) for name, row in joined.items()}


def examples(marked: Marked, weight: float = 1.0) -> Iterator[Example]:
    """Every number of a line that could be judged, as if all others of its identifiers had been found."""
    doc = Document(marked.text)
    spans = folded(doc, marked.spans)
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
    spans = folded(doc, marked.spans)
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
