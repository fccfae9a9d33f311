"""Learns the judge of days from lines in which many authors marked what points to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from deid.day_judge import WAYS
from deid.days import Calendar, days
from deid.document import Document
from deid.marked import Marked, folded, marked_lines
from deid.numbers import Found
from deid.registry import first_pass, numbered, recognizers
from records.entities import Entity
from records.regression import Example, Weights, learn, write

FOLDERS: Final = ("days", "numbers", "documents")
_SLACK: Final = 0.5


def train_days(out: Path) -> Path:
    """Write the weights learnt from data/deid/days, data/deid/numbers and data/deid/documents."""
    write(learn_days(marked_lines(*FOLDERS)), out)
    return out


def learn_days(lines: Iterable[Marked]) -> Weights:
    """What each feature of a day, month or year says for no date and for a date, in hundredths."""
    return learn([example for line in lines for example in examples(line)], WAYS, slack=_SLACK)


def examples(marked: Marked) -> Iterator[Example]:
    """All of a line that may be a date, each beside what rules find of the rest, and nobody's name in sight."""
    doc = Document(marked.text)
    [found] = numbered([doc], first_pass([doc], recognizers()))
    spans = folded(doc, marked.spans)
    missed = [span for span in spans if span.entity is not Entity.DATE and not _touches(found, span.start, span.end)]
    candidates = days(doc, [])
    for day in candidates:
        own = [span for span in spans if span.start < day.end and day.start < span.end]
        if own[0].entity is Entity.DATE if own else not _touches(found, day.start, day.end, but=Entity.DATE):
            rest = [one for one in found if one.end <= day.start or one.start >= day.end]
            seen = Calendar(doc.text, sorted([*rest, *missed]), candidates).features(day)
            yield Example(tuple(seen), int(bool(own)))


def _touches(found: Iterable[Found], start: int, end: int, but: Entity | None = None) -> bool:
    """Whether something found stands there that is no `but`."""
    return any(one.start < end and start < one.end and one.entity is not but for one in found)
