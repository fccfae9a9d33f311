"""Learns the judge of names from documents in which many authors marked what points to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from deid.document import Document
from deid.marked import Marked, folded, marked_lines
from deid.name_judge import WAYS, doubts
from deid.readings import apply
from deid.registry import first_pass, likely, recognizers
from records.regression import Example, Weights, learn, write

FOLDER: Final = "documents"


def train_names(out: Path) -> Path:
    """Write the weights learnt from data/deid/documents, as a tagger that does not know their authors reads them."""
    write(learn_names(marked_lines(FOLDER)), out)
    return out


def learn_names(documents: Iterable[Marked]) -> Weights:
    """What each feature of a name by the tagger alone says for nobody and for somebody, in hundredths."""
    return learn([example for document in documents for example in examples(document)], WAYS)


def examples(document: Marked) -> Iterator[Example]:
    """Every name of a document that only the tagger finds: whether it stands on an identifier."""
    doc = Document(document.text)
    apply(doc)
    [found] = likely([doc], first_pass([doc], recognizers()))
    spans = folded(doc, document.spans)
    for (start, end, *_), seen in doubts(doc, found):
        yield Example(tuple(seen), int(any(start < span.end and span.start < end for span in spans)))
